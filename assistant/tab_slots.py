"""The slots of a request as a form has them, and back. Pure: no gradio, no storage.

What the form shows and the person left alone keeps exactly the value that was read from the sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.types import Request
from assistant.views import name_of_section
from index.errors import UserError
from index.labels import name_of
from index.types import Genre, OrgType, Period, SectionCode

SHORTEST, LONGEST = 200, 6000
_SEPARATORS = re.compile(r"[、，,；;\s]+")


@dataclass(frozen=True, slots=True)
class Slots:
    """Plain values of the form, in the order of its fields."""

    org_type: str
    org_name: str
    period: str
    year: float | None
    part: float | None
    genre: str
    length: float | None
    emphasis: str
    avoid: str


def slots_of(request: Request) -> Slots:
    """Return what the form shows for a request."""
    return Slots(
        request.org_type.value if request.org_type else "",
        request.org_name,
        request.period.value,
        request.year,
        request.part,
        request.genre.value,
        request.length,
        _shown(request.emphasis),
        _shown(request.avoid),
    )


def with_slots(request: Request, slots: Slots) -> Request:
    """Return `request` (read from the sentence) as the person corrected it.

    :raises UserError: for a year, length or number nobody can mean.
    """
    year = _number(slots.year, "年份", 1990, 2100)
    part = _number(slots.part or 0, "季度或月份", 0, 12)
    if slots.period == Period.QUARTER.value and part > 4:
        raise UserError("季度只有一到四，请改正。")
    return replace(
        request,
        org_type=OrgType(slots.org_type) if slots.org_type else None,
        org_name=slots.org_name.strip(),
        period=Period(slots.period),
        year=year,
        part=part,
        genre=Genre(slots.genre),
        length=_number(slots.length, "篇幅", SHORTEST, LONGEST),
        emphasis=_codes(slots.emphasis, request.emphasis),
        avoid=_codes(slots.avoid, request.avoid),
    )


def _shown(words: tuple[str, ...]) -> str:
    return "、".join(dict.fromkeys(name_of_section(word) for word in words))


def _codes(text: str, read: tuple[str, ...]) -> tuple[str, ...]:
    """Return section codes for words that name a section, the words themselves otherwise."""
    if text.strip() == _shown(read):
        return read
    names = {name_of(code): code.value for code in SectionCode}
    return tuple(dict.fromkeys(names.get(word, word) for word in _SEPARATORS.split(text) if word))


def _number(value: float | None, name: str, low: int, high: int) -> int:
    if value is None or not low <= value <= high:
        raise UserError(f"“{name}”请填 {low} 到 {high} 之间的数。")
    return int(value)
