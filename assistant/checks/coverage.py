"""The outline against the text: sections that are not there, points that no sentence covers."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.base import CheckContext, sentences, whole
from assistant.text import overlap, shingles
from assistant.types import Draft, Finding, Severity

CHECK = "outline"
ENOUGH = 0.6  # of a point's pairs of Hanzi in one line
SHORTEST = 3  # pairs; fewer are looked for as they stand


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each section of the outline without text and each point nobody speaks of.

    What the request stresses is judged by `wishes`, once.
    """
    if draft.outline is None:
        return
    written = {section.id: section for section in draft.sections if section.text.strip()}
    for item in draft.outline.items:
        if item.id not in written:
            name = item.heading or context.tables.sections[item.code].name
            message = f"提纲里有“{name}”，正文里没有写。"
            yield whole(CHECK, Severity.MEDIUM, message, "写上这一节，或从提纲里去掉。")
            continue
        for point in item.points:
            if point not in context.request.emphasis and not covered(point, draft):
                message = f"提纲要求“{item.heading or '这一节'}”写到“{point}”，正文里没有。"
                yield whole(CHECK, Severity.MEDIUM, message, f"补一条关于“{point}”的措施，或换一版。")


def covered(point: str, draft: Draft) -> bool:
    """Tell whether some line speaks of a point, in its own words or nearly so."""
    bare = point.strip("“”。 ")
    wanted = shingles(bare)
    for section in draft.sections:
        if bare in section.text or bare in section.heading:
            return True
        for line in section.text.split("\n"):
            spans = ((0, len(line)), *sentences(line))
            if len(wanted) >= SHORTEST and any(
                overlap(wanted, shingles(line[a:b])) >= ENOUGH for a, b in spans
            ):
                return True
    return False
