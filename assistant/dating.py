"""The months of a measure: whether they lie in the plan's period, moved into it, or told by a feast.

Pure functions over a sentence and the (year, month) pairs a plan covers; what is bound to which month comes
from the calendar and from `compose.toml`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from assistant.rules import compose_rules, holds
from assistant.tables import Tables
from assistant.when import months_in
from index.types import Period

_SHIFTS = (6, 8, 7)
"""Months a measure may be moved by, the likeliest first."""
_NEW_YEAR = {1, 2}
_AHEAD = timedelta(days=7)
"""So long before a feast is 节前."""


def moved(text: str, covered: tuple[tuple[int, int], ...], tables: Tables) -> str:
    """Return a measure that is bound to no season moved by about half a year, where that brings it into the
    period; not into the weeks around the Spring Festival if there is another way, as little begins in them.
    """
    inside = {month for _, month in covered}
    months = months_in(text)
    bound = any(_named(text, row.words, row.not_words) for row in tables.calendar)
    if (
        not months
        or set(months) <= inside
        or bound
        or re.search(r"月\d{1,2}日", text)
        or holds(text, compose_rules()["seasonal"])
    ):
        return text
    shifts = [shift for shift in _SHIFTS if {_later(month, shift) for month in months} <= inside]
    if not shifts:
        return text
    calm = (shift for shift in shifts if not _NEW_YEAR & {_later(month, shift) for month in months})
    by = next(calm, shifts[0])
    return re.sub(r"(?<!\d)(1[0-2]|[1-9])(?=月(?!度|份))", lambda found: str(_later(int(found[1]), by)), text)


def _later(month: int, by: int) -> int:
    return (month - 1 + by) % 12 + 1


def at_its_feast(text: str, covered: tuple[tuple[int, int], ...], tables: Tables) -> str:
    """Name the month of a measure that begins with a feast alone: 中秋前，…… -> 9月中秋前，……, so that it
    stands in its place and in the month table.
    """
    if months_in(text):
        return text
    for year in dict.fromkeys(year for year, _ in covered):
        for name, day in _feasts(year, tables).items():
            if not (
                found := re.match(
                    re.escape(name) + "节?(前(?!后)(?![一两半][个天周月]))?(?!前[一两半])", text
                )
            ):
                continue
            meant = day - _AHEAD if found[1] else day
            if (meant.year, meant.month) in covered:
                return f"{meant.month}月{text}"
    return text


def _feasts(year: int, tables: Tables) -> dict[str, date]:
    """Return the days of a year that have a name, the longest name first."""
    days = {word: date(year, *row.day) for row in tables.calendar if row.day for word in row.words}
    days |= tables.feasts.get(year, {})
    return dict(sorted(days.items(), key=lambda pair: -len(pair[0])))


def outside(text: str, period: Period, covered: tuple[tuple[int, int], ...], tables: Tables) -> bool:
    """Tell whether a sentence names a month, a year or a feast that a plan over `covered` does not cover."""
    months = {month for _, month in covered}
    if not set(months_in(text)) <= months:
        return True
    years = {int(year) for year in re.findall(r"(20\d\d)(?=年|[—-])", text)}
    if not years <= {year for year, _ in covered}:
        return True
    if any(period in row["not_in"] and holds(text, row["words"]) for row in compose_rules()["period_words"]):
        return True
    return any(
        not months & set(row.months) and _named(text, row.words, row.not_words)
        for row in tables.calendar
        if row.must_not
    )


def _named(text: str, words: tuple[str, ...], not_words: tuple[str, ...]) -> bool:
    return holds(without(text, not_words), words)


def without(text: str, patterns: tuple[str, ...]) -> str:
    """Return a text without what any of `patterns` matches."""
    for pattern in patterns:
        text = re.sub(pattern, "", text)
    return text
