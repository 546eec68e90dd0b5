"""Request -> `Outline`. Which themes a plan has comes from the unit type's weights, the request, the length
asked for, and what precedents of the type do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from assistant.asked import in_own_words
from assistant.frame import union_name
from assistant.review import LOOKS_BACK, review_heading
from assistant.revise import Reviser
from assistant.rules import called
from assistant.tables import OrgWords, Tables, headings_for
from assistant.text import fill, stable_number
from assistant.types import FRAME, Outline, OutlineItem, Profile, Request
from assistant.when import label_of, months_of
from index.labels import name_of
from index.types import Genre, OrgType, Period, SectionCode

THEMES = (
    SectionCode.POLITICS,
    SectionCode.DEMOCRACY,
    SectionCode.RIGHTS,
    SectionCode.SKILL,
    SectionCode.SAFETY,
    SectionCode.CARE,
    SectionCode.WOMEN,
    SectionCode.CULTURE,
    SectionCode.RETIREE,
    SectionCode.PUBLICITY,
    SectionCode.FINANCE,
    SectionCode.SELF,
)
_FOLDED = {
    SectionCode.FINANCE: SectionCode.SELF,
    SectionCode.PUBLICITY: SectionCode.POLITICS,
    SectionCode.RETIREE: SectionCode.CARE,
}
UNTITLED = (SectionCode.LEAD, SectionCode.CLOSE)
_SUFFIX = {
    Genre.PLAN: "工作计划",
    Genre.KEYPOINTS: "工作要点",
    Genre.SCHEDULE: "工作安排",
    Genre.SUMMARY: "工作总结",
    Genre.REPORT: "工作汇报",
    Genre.HYBRID: "工作计划",
}
_OWN = 4  # a unit type writes at least four headings of its own before its family's and the general ones
Support = Mapping[SectionCode, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Shape:
    """How many themes, under a wrapper or not, and which frame sections stand before and after."""

    before: tuple[SectionCode, ...]
    themes: int
    wrapped: bool
    after: tuple[SectionCode, ...]


def make_outline(
    request: Request, profile: Profile, tables: Tables, support: Support, variant: int = 0
) -> Outline:
    """Return the outline of a plan: title, sections in order, a target length for each."""
    org = org_words(request, profile, tables)
    seed = stable_number((profile.unit, request.org_type, request.period, request.year, variant))
    shape = _shape(request, seed)
    points = _points(request, profile, tables, org)
    themes = _themes(request, org, support, points, shape.themes, seed)
    group = _wrapper(seed) if shape.wrapped else ""
    own = (request, profile, tables)
    items: list[OutlineItem] = []
    for code in (*shape.before, *themes, *shape.after):
        headings = headings_for(tables.sections[code], org)
        heading = fill(headings[seed % min(len(headings), _OWN)], org.roles) if headings else name_of(code)
        items.append(
            OutlineItem(
                id=f"s{len(items) + 1}",
                code=code,
                heading=_untitled(code, request) if code in UNTITLED else in_own_words(heading, *own),
                group=group if code in themes else "",
                points=tuple(points.get(code, ())),
                support=support.get(code, (0, 0)),
            )
        )
    outline = Outline(make_title(request, profile), tuple(items))
    return with_targets(outline, request.length, tables, org, frozenset(request.emphasis))


def org_words(request: Request, profile: Profile, tables: Tables) -> OrgWords:
    """Return the vocabulary to write with: the request's unit type, the profile's, else a public body's."""
    org = tables.orgs[request.org_type or profile.org_type or OrgType.INSTITUTION]
    org = called(org, " ".join((profile.unit, request.org_name, request.text)))
    body = next((name for name in profile.bodies if name.startswith("女")), "")
    return replace(org, roles={**org.roles, "women_body": body}) if body else org


def make_title(request: Request, profile: Profile) -> str:
    """Return the plan's title; the unit stands as a visible blank when nobody has named it."""
    name = union_name(request, profile).removesuffix("委员会")
    return f"{name}{label_of(request.period, request.year, request.part)}{_SUFFIX[request.genre]}"


def with_targets(
    outline: Outline, length: int, tables: Tables, org: OrgWords, stressed: frozenset[str] = frozenset()
) -> Outline:
    """Return `outline` with `length` Hanzi shared out by section share, weight, points and stress."""

    def weigh(item: OutlineItem) -> float:
        if item.code in FRAME:
            return float(tables.sections[item.code].share)
        return (
            7.0 + 2.5 * org.weights.get(item.code, 1) + 2.0 * len(item.points) + 5.0 * (item.code in stressed)
        )

    weights = [weigh(item) for item in outline.items]
    headings = sum(len(item.heading) + 2 for item in outline.items) + len(outline.title) + 20
    room, total = max(120, length - headings), sum(weights) or 1.0
    fixed = {
        SectionCode.LEAD: (60, 90),
        SectionCode.GUIDE: (80, 190),
        SectionCode.GOAL: (80, 170),
        SectionCode.SAFEGUARD: (60, 130),
        SectionCode.CLOSE: (40, 90),
        SectionCode.SCHEDULE: (90, 330),
    }
    targets = []
    for item, weight in zip(outline.items, weights, strict=True):
        low, high = fixed.get(item.code, (45, 5000))
        targets.append(min(high, max(low, round(room * weight / total))))
    spare = room - sum(targets)
    body = [i for i, item in enumerate(outline.items) if item.code not in FRAME]
    for i in body:
        targets[i] = max(45, targets[i] + spare // len(body))
    return replace(
        outline, items=tuple(replace(i, target=t) for i, t in zip(outline.items, targets, strict=True))
    )


def _shape(request: Request, seed: int) -> _Shape:
    before: tuple[SectionCode, ...] = (SectionCode.LEAD, SectionCode.GUIDE, SectionCode.GOAL)
    after: tuple[SectionCode, ...] = (SectionCode.SCHEDULE, SectionCode.SAFEGUARD)
    if request.genre in LOOKS_BACK:
        return _Shape((SectionCode.LEAD,), 7 if request.length < 2000 else 9, False, (SectionCode.CLOSE,))
    if request.genre is Genre.SCHEDULE:
        return _Shape((SectionCode.LEAD,), 5, False, (SectionCode.SCHEDULE,))
    if request.genre is Genre.KEYPOINTS or request.length < 700:
        return _Shape((SectionCode.LEAD,), 5 if request.length < 900 else 7, False, ())
    if request.length < 1200:
        before = (SectionCode.LEAD, SectionCode.GUIDE)
        after = (SectionCode.SCHEDULE,) if "schedule" in request.style else ()
    elif request.length < 1400 and "schedule" not in request.style:
        after = (SectionCode.SAFEGUARD,)
    if "data" in request.style and SectionCode.GOAL not in before:
        before = (*before, SectionCode.GOAL)
    themes = 5 if request.length < 1200 else 6 if request.length < 1700 else 7 if request.length < 2300 else 8
    wrapped = request.length >= 1200 and seed % 3 != 0
    if request.sections:
        return _counted(request.sections, themes)
    return _Shape(before, themes, wrapped, after)


def _counted(count: int, themes: int) -> _Shape:
    """Return a shape with exactly `count` level-1 headings (the lead has none)."""
    if count > 5:
        kept_flat = (SectionCode.GUIDE, *((SectionCode.GOAL,) if count > 7 else ()))
        return _Shape(
            (SectionCode.LEAD, *kept_flat), count - len(kept_flat) - 1, False, (SectionCode.SAFEGUARD,)
        )
    order = [SectionCode.GUIDE, SectionCode.SAFEGUARD, SectionCode.GOAL, SectionCode.SCHEDULE]
    kept = set(order[: max(0, count - 1)])
    return _Shape(
        (SectionCode.LEAD, *(c for c in (SectionCode.GUIDE, SectionCode.GOAL) if c in kept)),
        themes,
        True,
        tuple(c for c in (SectionCode.SCHEDULE, SectionCode.SAFEGUARD) if c in kept),
    )


def _untitled(code: SectionCode, request: Request) -> str:
    """Return the heading of a lead or a close: none, but a hybrid's lead is its look back."""
    return review_heading(request) if code is SectionCode.LEAD and request.genre is Genre.HYBRID else ""


def _wrapper(seed: int) -> str:
    return ("主要工作", "重点工作", "主要任务", "工作任务与措施")[seed % 4]


def _themes(
    request: Request,
    org: OrgWords,
    support: Support,
    points: Mapping[SectionCode, list[str]],
    count: int,
    seed: int,
) -> tuple[SectionCode, ...]:
    """Return `count` theme codes in their usual order, the ones asked for always among them."""
    months = {month for _, month in months_of(request.period, request.year, request.part)}
    season = {SectionCode.SAFETY} if org.family == "enterprise" and months & {6, 7, 8} else set()

    def weight(code: SectionCode) -> float:
        having, total = support.get(code, (0, 0))
        asked = 6.0 if code in request.emphasis else 3.0 if code in points else 0.0
        year_end = (
            0.7
            if code is SectionCode.SELF and request.period in (Period.H2, Period.YEAR, Period.TERM1)
            else 0.0
        )
        taste = stable_number((seed, code)) % 100 / 250 + (0.5 if code in season else 0.0)
        practice = year_end + taste + having / total - (3.0 if not having else 0.0) if total else 0.0
        return org.weights.get(code, 0) + asked + practice

    allowed = [
        code for code in THEMES if code not in request.avoid and (code not in _FOLDED or weight(code) > 2.5)
    ]
    chosen = sorted(allowed, key=lambda code: (-weight(code), THEMES.index(code)))[:count]
    return tuple(code for code in THEMES if code in chosen)


def _points(
    request: Request, profile: Profile, tables: Tables, org: OrgWords
) -> dict[SectionCode, list[str]]:
    """Return what must be said and in which section: the request's own words, key tasks, fixed events."""
    from assistant.ready import home_of, ready_lines

    found: dict[SectionCode, list[str]] = {}
    months = [month for _, month in months_of(request.period, request.year, request.part)]
    wishes = [word for word in request.emphasis if not word.isascii() or not word.isupper()]
    reviser = Reviser(request, profile, tables, org)
    own = (word for word in (*profile.key_tasks, *profile.fixed_events) if not reviser.out_of_period(word))
    brands = [f"“{name}”" for name in profile.programs[:2]]
    for word in (*wishes, *own, *brands):
        code = home_of(word) or (SectionCode.CARE if word in brands else SectionCode.SELF)
        said = any(word in name for name in _names(tables, code))
        if code in _FOLDED and code.value not in request.emphasis and not org.weights.get(code):
            code = _FOLDED[code]  # a fixed event alone makes no section that this trade's plans do not have
        if word in request.emphasis and said and not ready_lines(word, org, months)[0]:
            continue
        found.setdefault(code, []).append(word)
    every = [word for words in found.values() for word in words]
    return {
        code: [w for w in words if not any(w != o and w in o for o in every)] for code, words in found.items()
    }


def _names(tables: Tables, code: SectionCode) -> Iterable[str]:
    return (tables.sections[code].name, name_of(code))
