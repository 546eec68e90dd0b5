"""Counts of a precedent too small to be known by themselves: 38名 could stand in any plan.

Knows when such a count still came from that precedent; the finding is made in leaks.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.checks.base import CheckContext, Place
from assistant.checks.numbers import known, own_count
from assistant.figures import figures_in, key_of
from assistant.types import Draft
from index.types import FactKind

TELLING = 3  # characters of a fact that names somebody
EVERYDAY = 20  # counts below this stand in any plan: 12人一组, 8次


def small(count: str) -> bool:
    """Tell whether a count says too little to be recognised: below a hundred, or a percentage."""
    return bool(re.match(r"\d{1,2}\D|[一二三四五六七八九十]", count)) or "%" in count


def small_counts(place: Place, draft: Draft, context: CheckContext) -> Iterator[tuple[int, int, str]]:
    """Yield the span of each small count that a precedent has too, nobody has told and nobody confirmed,
    with the precedent's title.

    The number alone is enough for what the person imported, unless it is an everyday one; else the line must
    lean on that very precedent.
    """
    sources = _sources(context)
    if not sources:
        return
    told = "\n".join(row for row in context.told.splitlines() if not row.isdigit())
    for figure in figures_in(place.text):
        titles = sources.get(figure.text, ())
        if not titles or known(figure.text, told) or own_count(figure.text, context):
            continue
        if key_of(place.text, figure.start, figure.end) in draft.confirmed:
            continue
        near = _near(titles, draft, place, figure.start, context)
        source = next((title for title in titles if _comes(title, figure.text, near, context)), "")
        if source:
            yield figure.start, figure.end, source


def _comes(title: str, figure: str, near: set[str], context: CheckContext) -> bool:
    """Tell whether a count likely comes from a precedent; our own library's percentages are proposals, and
    one that our goals propose comes from a precedent only where its line does.
    """
    if figure.endswith(("%", "％")):
        if title in context.shipped:
            return False
        if any(figure in goal.text for row in context.tables.sections.values() for goal in row.goals):
            return title in near
    digits = re.match(r"\d+", figure)
    return title in near or bool(digits and int(digits[0]) >= EVERYDAY)


def _sources(context: CheckContext) -> dict[str, list[str]]:
    """Return the small counts of the precedents with the titles that have them."""
    sources: dict[str, list[str]] = {}
    for title, facts in context.private.items():
        for kind, text in facts:
            if kind == FactKind.COUNT and small(text.strip()):
                sources.setdefault(text.strip(), []).append(title)
    return sources


def _near(titles: Iterable[str], draft: Draft, place: Place, start: int, context: CheckContext) -> set[str]:
    """Return the titles of the precedents that the line at `start` leans on, or has another fact of."""
    left = place.text.rfind("\n", 0, start) + 1
    right = place.text.find("\n", start)
    right = len(place.text) if right < 0 else right
    section = next((s for s in draft.sections if s.id == place.section_id), None)
    cited = {c.title for c in section.citations if left <= c.start < right} if section else set()
    line = place.text[left:right]
    told = {title for title in titles if any(_known_by(text, line) for _, text in context.private[title])}
    return cited | told


def _known_by(fact: str, line: str) -> bool:
    return len(fact) >= TELLING and not small(fact) and fact in line
