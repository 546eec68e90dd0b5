"""Last year's papers and the upper union's points, brought into an outline and held against a plan.

Pure: reads what it is given and stores nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.citations import cite
from assistant.compose import measures_for_points
from assistant.evidence import Pool, rank
from assistant.outline import THEMES, org_words, with_targets
from assistant.outline_text import of_draft
from assistant.points import Row, complete, uncovered
from assistant.tables import Tables, headings_for
from assistant.text import fill, overlap, shingles
from assistant.types import FRAME, Draft, Outline, OutlineItem, Profile, Request, Section, SectionTask
from index.labels import name_of
from index.types import SectionCode

_HOSTS = {
    SectionCode.FINANCE: SectionCode.SELF,
    SectionCode.PUBLICITY: SectionCode.POLITICS,
    SectionCode.RETIREE: SectionCode.CARE,
    SectionCode.SAFETY: SectionCode.RIGHTS,
    SectionCode.RIGHTS: SectionCode.DEMOCRACY,
    SectionCode.WOMEN: SectionCode.CARE,
}
_ALWAYS_HOSTED = frozenset({SectionCode.FINANCE, SectionCode.PUBLICITY, SectionCode.RETIREE})
_SHORT_PLAN = 900
_SAME = 0.85


@dataclass(frozen=True, slots=True)
class Offer:
    """A ready measure for a point no section covers, and the section it would go to ("" for a new one).

    `source` is the title of the precedent it leans on, "" for a plain measure of our own.
    """

    number: int
    topic: str
    section_id: str
    heading: str
    text: str
    source: str
    code: SectionCode = SectionCode.SELF


def with_points(
    outline: Outline,
    points: Sequence[tuple[SectionCode, str]],
    request: Request,
    profile: Profile,
    tables: Tables,
) -> Outline:
    """Return `outline` with each point in the section it belongs to, lengths shared out again.

    A section that is missing is added, unless the plan is short or its number of sections was asked for:
    then the nearest takes the point. A section the person refused takes none.
    """
    for code, point in points:
        if code.value in request.avoid or _is_there(outline, point):
            continue
        place = _place(outline, code, request)
        if place is None:
            outline, place = _with_section(outline, code, request, profile, tables)
        item = outline.items[place]
        items = list(outline.items)
        items[place] = replace(item, points=(*item.points, point))
        outline = replace(outline, items=tuple(items))
    return with_targets(outline, request.length, tables, org_words(request, profile, tables))


def _is_there(outline: Outline, point: str) -> bool:
    pairs = shingles(point)
    known = (other for item in outline.items for other in item.points)
    return any(
        point == other or (len(pairs) > 2 and overlap(pairs, shingles(other)) >= _SAME) for other in known
    )


def _place(outline: Outline, code: SectionCode, request: Request) -> int | None:
    """Return which item takes a point of a section code, None where a section must be added for it."""
    codes = [item.code for item in outline.items]
    if code in codes:
        return codes.index(code)
    host = _HOSTS.get(code)
    cramped = request.sections is not None or request.length < _SHORT_PLAN
    while host is not None and (cramped or code in _ALWAYS_HOSTED):
        if host in codes:
            return codes.index(host)
        host = _HOSTS.get(host)
    body = [place for place, found in enumerate(codes) if found not in FRAME]
    return body[-1] if cramped and body else None


def _with_section(
    outline: Outline, code: SectionCode, request: Request, profile: Profile, tables: Tables
) -> tuple[Outline, int]:
    """Return the outline with a section for `code` in its usual place, and that place."""
    org = org_words(request, profile, tables)
    headings = headings_for(tables.sections[code], org)
    heading = fill(headings[0], org.roles) if headings else name_of(code)
    order = {theme: rank for rank, theme in enumerate(THEMES)}
    body = [place for place, item in enumerate(outline.items) if item.code not in FRAME]
    later = [place for place in body if order.get(outline.items[place].code, 99) > order.get(code, 98)]
    place = later[0] if later else (body[-1] + 1 if body else len(outline.items))
    group = outline.items[body[0]].group if body else ""
    taken = {item.id for item in outline.items}
    identity = next(f"s{number}" for number in range(1, len(taken) + 2) if f"s{number}" not in taken)
    items = (*outline.items[:place], OutlineItem(identity, code, heading, group), *outline.items[place:])
    return replace(outline, items=items), place


def offers_for(rows: Sequence[Row], plan: Draft, pool: Pool, tables: Tables) -> tuple[Offer, ...]:
    """Return a ready measure for each point of `rows` that `plan` does not carry out."""
    outline, offers, earlier = of_draft(plan), [], plan.sections
    for point in uncovered(rows):
        place = _place(outline, point.code, plan.request)
        found = (
            outline.items[place] if place is not None else OutlineItem("", point.code, name_of(point.code))
        )
        item = replace(found, code=point.code, points=(point.duty,))
        evidence = rank(pool, item, plan.request, tables)
        task = SectionTask(plan.request, plan.profile, outline, item, evidence, earlier)
        for measure in measures_for_points(task, tables):
            text = complete(measure, point)
            cited = cite(text, evidence)
            offers.append(
                Offer(
                    point.number,
                    point.topic,
                    found.id,
                    found.heading,
                    text,
                    cited[0].title if cited else "",
                    point.code,
                )
            )
            earlier = (*earlier, Section("", point.code, "", text))
    return tuple(offers)
