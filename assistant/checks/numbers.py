"""Figures nobody has told: targets the program proposed, and crowds larger than the unit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.base import CheckContext, Place, found, places
from assistant.checks.mending import swapped, without_sentence
from assistant.figures import FigureKind, figures_in, key_of
from assistant.types import Draft, Finding, Mend, Severity

CHECK = "number"
SCALE_CHECK = "scale"
_PEOPLE = re.compile(
    r"(?<![\d第])(\d{2,6})\s*(?:余|多)?(?:名|人)(?!次|民)|([百千万])人(?=规模|大?型?(?:运动会|健步走|合唱|广场舞|长跑|方阵))"
)
_CROWD = {"百": 100, "千": 1000, "万": 10_000}


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield one finding that lists the figures to confirm, and one for each crowd larger than the unit."""
    told = "\n".join(row for row in context.told.splitlines() if not row.isdigit())
    spots: list[tuple[Place, int, int]] = []
    for place in places(draft):
        for figure in figures_in(place.text):
            if figure.kind is not FigureKind.NUMBER:
                continue
            if key_of(place.text, figure.start, figure.end) in draft.confirmed:
                continue
            if not known(figure.text, told) and not own_count(figure.text, context):
                spots.append((place, figure.start, figure.end))
        yield from _crowds(place, context)
    if spots:
        figures = "、".join(dict.fromkeys(place.text[start:end] for place, start, end in spots))
        message = f"这些数字是拟定指标，不是来自单位档案或你的要求，请逐一确认：{figures}。"
        yield found(CHECK, Severity.LOW, *spots[0], message, "符合实际的保留，做不到的改小或删去。")


def known(figure: str, told: str) -> bool:
    """Tell whether the person has said a figure: as it stands, or its number of two digits and more."""
    number = re.match(r"\d+(?:\.\d+)?", figure)
    if figure in told:
        return True
    return bool(
        number and len(number[0]) > 1 and re.search(rf"(?<!\d){re.escape(number[0])}(?![\d%％])", told)
    ) and not (figure.endswith(("%", "％")))


def own_count(figure: str, context: CheckContext) -> bool:
    """Tell whether a figure is one of the unit's own: its people or its union groups, not so many issues."""
    own = context.profile
    number = re.match(r"\d+", figure)
    people = {own.people, own.women} if figure.endswith(("名", "人")) else set()
    groups = {own.groups} if figure.endswith(("个", "组", "支")) else set()
    return number is not None and int(number[0]) in people | groups


def _smaller(place: Place, match: re.Match[str], context: CheckContext) -> tuple[Mend, ...]:
    """A crowd larger than the unit: everybody who wants to come, or no figure at all."""
    member = context.org.roles["member"] if context.org else "职工"
    before = re.search(r"(?:约|近|不少于|不低于|超过|达到?|共)$", place.text[: match.start()])
    start = before.start() if before else match.start()
    after = place.text[match.end() :]
    if match[2]:
        return swapped(*match.span(), "", "删去规模")
    text = "全体" if after.startswith((member, "职工", "员工", "教职工", "会员")) else f"全体{member}"
    return swapped(start, match.end(), text) + without_sentence(place, match.start())


def _crowds(place: Place, context: CheckContext) -> Iterator[Finding]:
    people = context.profile.people
    if not people:
        return
    for match in _PEOPLE.finditer(place.text):
        crowd = int(match[1]) if match[1] else _CROWD[match[2]]
        if crowd > people:
            message = f"本单位共{people}人，这里写了{match[0]}，规模多半是从别处带来的。"
            yield found(
                SCALE_CHECK,
                Severity.MEDIUM,
                place,
                *match.span(),
                message,
                "改为与本单位人数相称的规模。",
                _smaller(place, match, context),
            )
