"""The month table against the body: every line has its measure somewhere before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.base import CheckContext, Place, found, texts
from assistant.checks.mending import without_entry
from assistant.text import han_count, han_only, shingles
from assistant.types import FRAME, Draft, Finding, Severity
from assistant.when import months_in
from index.types import Genre, SectionCode

CHECK = "schedule"
SHORTEST = 3
ENOUGH = 0.5
SPELT_OUT = 0.8  # of the Hanzi of an entry that one line of the body has
HALF = 0.5
NEARLY = 0.6  # the same, where the line also has a telling word of it
_ENTRY = re.compile(r"[^；。\n]+")
_MONTH_HEAD = re.compile(
    r"^\s*(?:\d{1,2}[.．])?\s*(?:(?:[一二三四五六七八九十]{1,3}|\d{1,2})月(?:份|[至到—-]\d{1,2}月)?)[：:，\s]*"
)
_EMPTY = shingles("开展工作组织活动完成任务做好落实召开会议举办推进加强") | {
    "比赛",
    "竞赛",
    "座谈",
    "谈会",
    "讲座",
    "培训",
    "慰问",
    "检查",
    "工作",
    "活动",
    "组织",
    "开展",
    "完成",
    "做好",
    "职工",
    "工会",
    "会员",
}
_TAIL = re.compile(r"(?:启动|开始|结束|完成|准备|总结|活动|申报|开班|收官|推进|落实)+$")
_HEAD = re.compile(r"^(?:上半年|下半年|本学期|年度|年终|季度|第[一二三四]季度|全年)")
_Row = tuple[set[int], frozenset[str], frozenset[str]]


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each entry of the month table without a measure in the body."""
    if draft.request.genre is Genre.SCHEDULE:
        return
    body = _body(draft)
    rows = [(set(months_in(row)), shingles(row), frozenset(row)) for row in body]
    named = _named_in(body, context)
    for place in texts(draft):
        if place.code is not SectionCode.SCHEDULE:
            continue
        for start, end, month in _entries(place):
            text = place.text[start:end]
            if (
                han_count(text) < SHORTEST
                or any(word in text for word in named)
                or _backed(text, month, rows)
            ):
                continue
            message = f"时间安排里的“{text}”在正文里找不到对应的措施。"
            mend = "在正文补上这项措施，或从时间安排里删去。"
            mends = without_entry(place, start, end)
            severity = Severity.LOW if _hinted(text, rows) else Severity.MEDIUM
            yield found(CHECK, severity, place, start, end, message, mend, mends)


def _body(draft: Draft) -> list[str]:
    """Return the lines of the sections that hold measures."""
    kept = (section.text.splitlines() for section in draft.sections if section.code not in FRAME)
    return [row for rows in kept for row in rows if row]


def _named_in(body: list[str], context: CheckContext) -> list[str]:
    """Return the names of every occasion the body speaks of, under whatever name."""
    text = "\n".join(body)
    rows = [row.words for row in context.tables.calendar if any(word in text for word in row.words)]
    return [word for words in rows for word in words]


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


def _hinted(entry: str, rows: list[_Row]) -> bool:
    """Tell whether some line has half an entry's Hanzi or a telling word of it: it may mean the same."""
    signs, telling = frozenset(han_only(entry)), shingles(entry) - _EMPTY
    return any(len(signs & text) > HALF * len(signs) or telling & theirs for _, theirs, text in rows)


def _backed(entry: str, month: int, rows: list[_Row]) -> bool:
    """Tell whether one line of the body says what an entry says, in its words or in a fuller form of them."""
    bare = _HEAD.sub("", _TAIL.sub("", entry))
    core = bare if han_count(bare) > 1 else entry
    grams = shingles(core)
    signs = frozenset(han_only(core))
    telling = grams - _EMPTY
    for months, theirs, text in rows:
        if len(grams & theirs) >= ENOUGH * len(grams):
            return True
        spelt = len(signs & text)
        if len(signs) >= SHORTEST and spelt >= SPELT_OUT * len(signs):
            return True
        if telling & theirs and (month in months or spelt >= NEARLY * len(signs)):
            return True
    return False
