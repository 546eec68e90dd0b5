"""Blanks still to fill, and marks a person must never see: slots, masked letters, gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.base import CheckContext, Place, found, places
from assistant.checks.mending import blanked, swapped
from assistant.mask import known_slots
from assistant.types import Draft, Finding, Severity

CHECK = "blank"
MARK_CHECK = "leftover"
_BLANK = re.compile(r"【待填[：:]([^】]+)】")
_SLOT = re.compile(r"｛[^｛｝\n]{0,20}｝|\{[^{}\n]{0,20}\}|\$\{?[A-Za-z0-9_]*\}?")
_MASK = re.compile(
    r"〔[缺略]〕|[XxＸ×](?=届|[万千百]?元)|[（(][ 　]{2,}[）)]|某某某?"
    r"|(?<=[\u4e00-\u9fff])[XxＸ×](?=[名人户次年月日项个元])"
    r"|(?:请)?在?此处(?:填写|补充|插入)[\u4e00-\u9fff]{0,6}"
    r"|[×Xx✕ＸｘX○〇]{2,}(?![A-Za-z0-9])|20(?:[_＿]{1,}|[xX×]{2})|[_＿]{2,}|(?<=[\u4e00-\u9fff])\*{2,}(?=[\u4e00-\u9fff])"
)


def _own(slot: str, context: CheckContext) -> str:
    """Return what a slot such as ｛单位｝ stands for in this unit, "" where nobody knows."""
    if context.org is None:
        return ""
    return known_slots(context.profile, context.org.roles).get(slot.strip("｛｝{}$ "), "")


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield one finding a blank field with its count, and one for each leftover mark."""
    fields: dict[str, list[tuple[Place, int, int]]] = {}
    for place in places(draft):
        for match in _BLANK.finditer(place.text):
            fields.setdefault(match[1], []).append((place, match.start(), match.end()))
        text = _BLANK.sub(lambda match: " " * len(match[0]), place.text)
        for pattern, what in ((_SLOT, "程序的占位符号"), (_MASK, "被遮掉的字")):
            for match in pattern.finditer(text):
                message = f"这里留有{what}“{match[0]}”，不能交出去。"
                own = _own(match[0], context)
                mends = swapped(*match.span(), own) if own else blanked(*match.span(), "内容")
                yield found(
                    MARK_CHECK,
                    Severity.HIGH,
                    place,
                    *match.span(),
                    message,
                    "换成实际内容，或改为【待填：字段】。",
                    mends,
                )
    for field, spots in fields.items():
        times = f"，共{len(spots)}处" if len(spots) > 1 else ""
        yield found(
            CHECK,
            Severity.MEDIUM,
            *spots[0],
            f"“{field}”还没有填{times}。",
            "填上实际内容，同名的空会一起填好。",
        )
