"""Numbering and stray marks: 一、 → （一） → 1. → （1）, contiguous at each level (GB/T 9704-2012, 7.3.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.checks.base import CheckContext, Place, found, texts
from assistant.checks.mending import swapped
from assistant.numbering import numeral, renumber
from assistant.types import Draft, Finding, Mend, Severity
from index.types import SectionCode

CHECK = "numbering"
_HAN = "一二三四五六七八九十"
_ITEM = re.compile(
    r"\s*(\d{1,2})[.．](?!\d)|\s*(\d{1,2})[.．](?=\d{1,2}月|20\d\d|\d{1,4}(?:余|多)?[家名个人户项次所支])"
)
_SUB = re.compile(r"\s*（(\d{1,2})）")
_HEADING = re.compile(rf"\s*（([{_HAN}]{{1,3}})）")
_CHAPTER = re.compile(rf"\s*([{_HAN}]{{1,3}})、")
_DECIMAL = re.compile(r"\s*(\d{1,2})[.．](\d{1,2})(?![\d月日岁年人名个%％.．])")
_WRONG = (
    (
        re.compile(rf"\s*[（(][{_HAN}]{{1,3}}[)）][、，.．]"),
        "带括号的序号后面不加顿号。",
        "改为“（一）”后直接写文字。",
    ),
    (re.compile(r"\s*[（(]\d{1,2}[)）][、，.．]"), "带括号的序号后面不加标点。", "改为“（1）”后直接写文字。"),
    (re.compile(r"\s*\d{1,2}、(?!\d)"), "阿拉伯数字序号后用圆点，不用顿号。", "改为“1.”。"),
    (re.compile(r"\s*\d{1,2}[。，：](?!\d)"), "阿拉伯数字序号后用圆点。", "改为“1.”。"),
    (re.compile(r"\s*\d{1,2}[)）]"), "序号只有半边括号。", "改为“1.”或“（1）”。"),
    (re.compile(rf"\s*[{_HAN}]{{1,3}}[.．，]"), "汉字序号后用顿号。", "改为“一、”。"),
    (re.compile(rf"\s*\([{_HAN}\d]{{1,3}}\)"), "序号的括号应是全角。", "改为“（一）”或“（1）”。"),
    (re.compile(r"\s*[①-⑳⑴-⒇]"), "正文不用带圈数字作序号。", "改为“（1）”。"),
    (re.compile(r"\s*(?:#{1,6}\s|[-*+]\s|[•·●■◆▪]|>\s)"), "公文里不用这类符号。", "删去符号，用规定的序号。"),
)


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each wrong mark and each gap in the numbers of a section."""
    for place in texts(draft):
        yield from _wrong_marks(place)
        yield from _decimals(place)
        if place.code is not SectionCode.SCHEDULE:
            yield from _gaps(place)


def _decimals(place: Place) -> Iterator[Finding]:
    """1.1, 1.2: numbers of a technical paper; 1.35岁 is item 1 and a figure, so two in a row are needed."""
    rows = [(start, match) for start, row in _rows(place.text) if (match := _DECIMAL.match(row))]
    for (_, before), (start, match) in pairwise(rows):
        if before[1] == match[1] and int(match[2]) == int(before[2]) + 1:
            message, mend = "公文的序号不用“1.1”这样的写法。", "改为“（1）”或“1.”。"
            span = start + match.start(), start + match.end()
            mends = swapped(*span, f"（{match[2]}）")
            yield found(CHECK, Severity.MEDIUM, place, *span, message, mend, mends)


def _rows(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for row in text.split("\n"):
        yield start, row
        start += len(row) + 1


def _wrong_marks(place: Place) -> Iterator[Finding]:
    for start, row in _rows(place.text):
        for pattern, message, mend in _WRONG:
            match = pattern.match(row)
            if match:
                mends = _right_mark(place, start, start + match.end())
                yield found(CHECK, Severity.MEDIUM, place, start, start + match.end(), message, mend, mends)
                break
        for match in re.finditer(r"\*\*|`", row):
            yield found(
                CHECK,
                Severity.MEDIUM,
                place,
                start + match.start(),
                start + match.end(),
                "公文里不用这类符号。",
                "删去符号。",
                swapped(start, start + len(row), re.sub(r"\*\*|`", "", row), "删去符号"),
            )
            break


def _gaps(place: Place) -> Iterator[Finding]:
    chapter = heading = item = sub = 0
    for start, row in _rows(place.text):
        if match := _HEADING.match(row):
            expected, number = heading + 1, _value(match[1])
            heading, item, sub = number, 0, 0
        elif match := _CHAPTER.match(row):
            expected, number = chapter + 1, _value(match[1])
            chapter, heading, item, sub = number, 0, 0, 0
        elif match := _ITEM.match(row):
            expected, number = item + 1, int(match[1] or match[2])
            item, sub = number, 0
        elif match := _SUB.match(row):
            expected, number = sub + 1, int(match[1])
            sub = number
        else:
            continue
        if number != expected:
            message = f"序号不连续，这里应是第{expected}项。"
            mend = "重新编号即可。"
            span = start + match.start(), start + match.end()
            mends = _in_order(place, match, span, expected)
            yield found(CHECK, Severity.MEDIUM, place, *span, message, mend, mends)


def _right_mark(place: Place, start: int, end: int) -> tuple[Mend, ...]:
    """The mark of the standard for a wrong one, the number kept."""
    wrong = place.text[start:end]
    number = re.search(rf"\d+|[{_HAN}]+|[①-⑳]", wrong)
    if number is None:
        return swapped(start, end, "", "删去符号")
    if number[0] in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
        return swapped(start, end, f"（{ord(number[0]) - ord('①') + 1}）")
    bracketed = re.match(r"\s*[（(]", wrong)
    if number[0].isdigit():
        return swapped(start, end, f"（{number[0]}）" if bracketed else f"{number[0]}.")
    return swapped(start, end, f"（{number[0]}）" if bracketed else f"{number[0]}、")


def _in_order(place: Place, match: re.Match[str], span: tuple[int, int], expected: int) -> tuple[Mend, ...]:
    """All items of the section numbered anew, or the one number in Hanzi that should stand here."""
    own = next(group for group in match.groups() if group)
    if own.isdigit():
        return swapped(0, len(place.text), renumber(place.text), "重新编号")
    return swapped(*span, match[0].replace(own, numeral(expected), 1), "重新编号")


def _value(numeral: str) -> int:
    """Return 1 to 99 for 一 to 九十九."""
    if "十" not in numeral:
        return _HAN.index(numeral) + 1
    tens, ones = numeral.split("十", 1)
    return (_HAN.index(tens) + 1 if tens else 1) * 10 + (_HAN.index(ones) + 1 if ones else 0)
