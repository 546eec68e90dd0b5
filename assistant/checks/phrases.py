"""Phrases that are out of date or were never right, and the order of the paragraph on guiding thought."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from assistant.checks.base import CheckContext, Place, found, hide, places, texts
from assistant.checks.mending import swapped, without_clause
from assistant.tables import PhraseRow, Tables, slogans_on
from assistant.text import fill
from assistant.types import Draft, Finding, Severity
from index.types import SectionCode

CHECK = "phrase"
ORDER_CHECK = "guide_order"
_ORDER = (
    ("理论指导", r"习近平新时代中国特色社会主义思想"),
    ("党的会议精神", r"党的二十大|二十届"),
    ("总书记重要论述", r"关于工人阶级和工会工作的重要论述|重要论述"),
    ("中国工会代表大会精神", r"工会十[八九]大"),
    ("上级工会部署", r"上级[^，。；]{0,10}工会|总工会|系统工会|教育工会"),
    ("本单位中心工作", r"中心工作"),
)


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each stale or wrong phrase, and one for a misordered guide."""
    slogans = slogans_on(context.tables, context.day)
    for place in places(draft):
        for row, start, end in stale(place.text, context.tables, context.day):
            new = fill(row.replace, slogans) if row.replace else ""
            mend = f"改为“{new}”。" if new else "删去，或按上级最新文件改写。"
            mends = swapped(start, end, new) if new else without_clause(place, start)
            yield found(CHECK, Severity(row.severity), place, start, end, row.message, mend, mends)
    for place in texts(draft):
        if place.code is SectionCode.GUIDE:
            yield from _order(place)


def stale(text: str, tables: Tables, day: date) -> Iterator[tuple[PhraseRow, int, int]]:
    """Yield each phrase that is not right on `day`, with its span; an earlier row wins where two overlap."""
    taken: list[tuple[int, int]] = []
    for row in tables.phrases:
        if _current(row, day):
            continue
        for match in re.finditer(row.match, hide(text, row.allow)):
            if not match[0] or any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            yield row, match.start(), match.end()


def _current(row: PhraseRow, day: date) -> bool:
    if row.valid_from is None and row.valid_to is None:
        return False
    return (row.valid_from or date.min) <= day <= (row.valid_to or date.max)


def _order(place: Place) -> Iterator[Finding]:
    """Theory, Party congress, general secretary's exposition, union congress, upper union, own unit."""
    last, last_name = -1, ""
    for name, pattern in _ORDER:
        match = re.search(pattern, place.text)
        if match is None:
            continue
        if match.start() < last:
            message = f"“{name}”写在了“{last_name}”前面。"
            mend = "按理论指导、党的会议、总书记重要论述、中国工会代表大会、上级工会、本单位的次序调整。"
            yield found(ORDER_CHECK, Severity.LOW, place, *match.span(), message, mend)
            return
        last, last_name = match.start(), name
