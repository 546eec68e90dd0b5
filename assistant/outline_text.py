"""`Outline` <-> the plain "#" text a person edits, and an outline <-> the draft that follows it.

`# 标题` is a section or, where `## 标题` lines follow, a wrapper around them. Headings without `#` marks and
unknown headings are kept as the person wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from assistant.frame import signed_by
from assistant.outline import UNTITLED
from assistant.rules import claimed_by
from assistant.text import han_count, overlap, shingles
from assistant.types import Draft, Outline, OutlineItem, Profile, Request, Section
from assistant.when import chinese_date
from index.errors import UserError
from index.labels import load_labels, name_of
from index.types import SectionCode


def to_text(outline: Outline) -> str:
    """Return the outline as "#" lines, the title first."""
    lines, group = [outline.title, ""], ""
    for item in outline.items:
        if item.group and item.group != group:
            lines.append(f"# {item.group}")
        group = item.group
        mark = "##" if item.group else "#"
        lines.append(f"{mark} {item.heading or name_of(item.code)}")
        lines.extend(f"- {point}" for point in item.points)
    return "\n".join(lines) + "\n"


def from_text(text: str, known: Outline | None, code_of: Callable[[str], SectionCode | None]) -> Outline:
    """Return the outline a person's text describes; sections of `known` keep their id, code and points.

    `code_of` names the section code of a heading. One it cannot place goes by the topic its words name, else
    as 自身建设, and its words are its points, so that the section speaks of what it promises.

    :raises UserError: when there is no heading at all.
    """
    rows = list(_rows(text))
    if not any(level for level, _, _ in rows):
        raise UserError("提纲里没有标题，请每行写一个标题，用“# ”开头，下一级用“## ”开头。")
    old = {item.heading or name_of(item.code): item for item in (known.items if known else ())}
    title = next((heading for level, heading, _ in rows if level == 0), known.title if known else "")
    items: list[OutlineItem] = []
    group = ""
    used: set[str] = set()
    for place, (level, heading, points) in enumerate(rows):
        following = rows[place + 1][0] if place + 1 < len(rows) else 0
        if level == 0:
            continue
        if level == 1:
            group = heading if following == 2 else ""
            if group:
                continue
        item = old.get(heading)
        told = item.code if item else code_of(heading)
        code = told or claimed_by(heading) or SectionCode.SELF
        if told is None and not points:
            points = [word for word in re.split("[、和与及]", heading) if han_count(word) > 1]
        identity = item.id if item and item.id not in used else _new_id(used | {i.id for i in old.values()})
        used.add(identity)
        bare = "" if code in UNTITLED and heading in load_labels().sections[code].aliases else heading
        items.append(
            OutlineItem(identity, code, bare, group, tuple(points), 0, item.support if item else (0, 0))
        )
    return Outline(title, tuple(items))


def _rows(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield (level, heading, points); level 0 is the title."""
    pending: tuple[int, str, list[str]] | None = None
    for line in text.splitlines():
        bare = line.strip()
        marks = re.match(r"(#{1,6})\s*(.+)", bare)
        if marks:
            if pending:
                yield pending
            heading = re.sub(
                r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)", "", marks[2]
            ).strip()
            pending = (min(2, len(marks[1])), heading, [])
        elif bare.startswith(("-", "·", "•")) and pending:
            pending[2].append(bare.lstrip("-·• "))
        elif bare and pending is None:
            yield (0, bare, [])
        elif bare and pending:
            pending[2].append(bare)
    if pending:
        yield pending


def _new_id(taken: set[str]) -> str:
    number = 1
    while f"s{number}" in taken:
        number += 1
    return f"s{number}"


def of_draft(plan: Draft) -> Outline:
    """Return the outline a draft follows, lengths as its sections have them now."""
    items = tuple(
        OutlineItem(s.id, s.code, s.heading, s.group, target=han_count(s.text)) for s in plan.sections
    )
    return Outline(plan.title, items)


def blank_draft(request: Request, outline: Outline, profile: Profile) -> Draft:
    """Return the draft before anything is written: every section of the outline, empty."""
    sections = tuple(Section(i.id, i.code, i.heading, "", i.group) for i in outline.items)
    return Draft(
        id="",
        request=request,
        profile=profile,
        title=outline.title,
        writer="",
        sections=sections,
        signature=signed_by(outline.title, request, profile),
        signed_on=chinese_date(request.today),
        outline=outline,
    )


def closest(heading: str, items: Iterable[OutlineItem]) -> OutlineItem | None:
    """Return the item whose heading is most like `heading`, None when none is alike."""
    grams = shingles(heading)
    best = max(items, key=lambda item: overlap(grams, shingles(item.heading)), default=None)
    return best if best and overlap(grams, shingles(best.heading)) >= 0.5 else None
