"""The month table against the body: every line has its measure somewhere before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.base import FRAME, CheckContext, Place, found, texts
from assistant.text import han_count, shingles
from assistant.types import Draft, Finding, Severity
from assistant.when import months_in
from index.types import SectionCode

CHECK = "schedule"
SHORTEST = 3
ENOUGH = 0.5
_ENTRY = re.compile(r"[^；。\n]+")
_MONTH_HEAD = re.compile(
    r"^\s*(?:\d{1,2}[.．])?\s*(?:(?:[一二三四五六七八九十]{1,3}|\d{1,2})月(?:份|[至到—-]\d{1,2}月)?)[：:，\s]*"
)
_EMPTY = shingles("开展工作组织活动完成任务做好落实召开会议举办推进加强") | {
    "工作",
    "活动",
    "组织",
    "开展",
    "完成",
    "做好",
    "职工",
}


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each entry of the month table without a measure in the body."""
    body = [
        row
        for section in draft.sections
        if section.code not in FRAME
        for row in section.text.splitlines()
        if row
    ]
    rows = [(set(months_in(row)), shingles(row)) for row in body]
    for place in texts(draft):
        if place.code is not SectionCode.SCHEDULE:
            continue
        for start, end, month in _entries(place):
            text = place.text[start:end]
            if han_count(text) >= SHORTEST and not _backed(text, month, rows):
                message = f"时间安排里的“{text}”在正文里找不到对应的措施。"
                yield found(
                    CHECK,
                    Severity.MEDIUM,
                    place,
                    start,
                    end,
                    message,
                    "在正文补上这项措施，或从时间安排里删去。",
                )


def _entries(place: Place) -> Iterator[tuple[int, int, int]]:
    """Yield the span of each entry and its month, 0 where the line names none."""
    offset = 0
    for line in place.text.split("\n"):
        head = _MONTH_HEAD.match(line)
        months = months_in(line[: head.end()]) if head else ()
        skip = head.end() if head else 0
        for match in _ENTRY.finditer(line, skip):
            left = len(match[0]) - len(match[0].lstrip())
            yield offset + match.start() + left, offset + match.end(), months[0] if months else 0
        offset += len(line) + 1


def _backed(entry: str, month: int, rows: list[tuple[set[int], frozenset[str]]]) -> bool:
    grams = shingles(entry)
    telling = grams - _EMPTY
    for months, theirs in rows:
        if len(grams & theirs) >= ENOUGH * len(grams):
            return True
        if month in months and telling & theirs:
            return True
    return False
