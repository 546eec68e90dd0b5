"""Punctuation (GB/T 15834-2011): half-width or doubled marks, brackets and quotes without a mate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.base import CheckContext, Place, found, texts
from assistant.checks.mending import swapped
from assistant.types import Draft, Finding, Severity
from index.types import SectionCode

CHECK = "punctuation"
_HAN = r"[\u4e00-\u9fff”’》）】]"
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）", ".": "。"}
_HALF = re.compile(
    rf"(?<={_HAN})[,;:?!](?!//)|[,;:?!](?=[\u4e00-\u9fff“《（])|(?<={_HAN})\.(?=[\u4e00-\u9fff]|$)|\((?=[\u4e00-\u9fff])|(?<={_HAN})\)"
)
_DOUBLE = re.compile(r"[，。；：、！？]{2,}")
_SPACE = re.compile(r"(?<=[\u4e00-\u9fff，。；：、！？”》）])[ \t]+(?=[\u4e00-\u9fff，。；：、！？“《（])")
_STRAIGHT = re.compile(r'"([^"\n]{1,30})"')
_OPEN_END = re.compile(r"[，、](?=\s*$)", re.MULTILINE)
_PAIRS = {"“": "”", "《": "》", "（": "）", "【": "】"}
_ORDER = "。！？；：，、"


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each wrong mark, with the right one."""
    for place in texts(draft):
        yield from _wrong(place)
        yield from _lonely(place)


def _wrong(place: Place) -> Iterator[Finding]:
    for pattern, message in (
        (_DOUBLE, "标点重复。"),
        (_HALF, "中文里要用全角标点。"),
        (_SPACE, "汉字之间不留空格。"),
        (_STRAIGHT, "引号要用“”。"),
        (_OPEN_END, "一段话不能以逗号或顿号结束。"),
    ):
        for match in pattern.finditer(place.text):
            right = _right(pattern, match, place)
            yield found(
                CHECK,
                Severity.LOW,
                place,
                *match.span(),
                message,
                f"改为“{right}”。" if right else "删去。",
                swapped(*match.span(), right, "" if right else "删去空格"),
            )


def _right(pattern: re.Pattern[str], match: re.Match[str], place: Place) -> str:
    if pattern is _DOUBLE:
        return min(match[0], key=_ORDER.index)
    if pattern is _HALF:
        return _FULL[match[0]]
    if pattern is _STRAIGHT:
        return f"“{match[1]}”"
    if pattern is _OPEN_END:
        return "；" if place.code is SectionCode.SCHEDULE else "。"
    return ""


def _lonely(place: Place) -> Iterator[Finding]:
    """A bracket or quotation mark whose mate is not in its line."""
    start = 0
    for line in place.text.split("\n"):
        yield from _lonely_in(place, line, start)
        start += len(line) + 1


def _lonely_in(place: Place, line: str, start: int) -> Iterator[Finding]:
    waiting: list[tuple[str, int]] = []
    for at, sign in enumerate(line):
        if sign in _PAIRS:
            waiting.append((sign, at))
        elif sign in _PAIRS.values():
            if waiting and _PAIRS[waiting[-1][0]] == sign:
                waiting.pop()
            else:
                waiting.append((sign, at))
    for sign, at in waiting:
        message = f"“{sign}”没有配对。" if sign not in "“”" else "引号没有配对。"
        yield found(CHECK, Severity.LOW, place, start + at, start + at + 1, message, "补上另一半，或删去。")
