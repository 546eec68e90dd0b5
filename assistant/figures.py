"""Numbers, dates and amounts in a text, each with its span. Knows nothing about who wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_UNIT = (
    "个工作日|人次|分钟|小时|课时|平方米|公里|名|人|次|个|场|期|篇|项|件|天|日|本|家|户|条|支|组|"
    "处|份|对|台|周(?!年)|届|所|米|册|套|箱|幅|盒|轮|批"
)
_HAN = "一二两三四五六七八九十百千"
_AMOUNT = re.compile(
    r"(?:\d[\d,，]*(?:\.\d+)?\s*(?:百万|十万|万|千|百|亿)?元)|[一二三四五六七八九十百千万两]{0,7}[十百千万]元(?!旦|宵)"
)
_FIGURE = re.compile(
    rf"(?<![\d第.．])\d+(?:\.\d+)?\s*(?:[%％‰]|(?:{_UNIT})(?!月))"
    r"|百分之[一二三四五六七八九十百]+"
    r"|(?<![第前一二三四五六七八九十几])[二两三四五六七八九十]{1,3}个?(?:工作日|小时)"
)
_SAID = re.compile(
    rf"(?<![第前{_HAN}几])[二两三四五六七八九十百]{{1,4}}(?:余|多)?(?:名|人次|场|篇|户|课时|分钟)(?!学|著)"
)
_DAY = re.compile(
    r"(?:20\d\d年)?(?<!\d)(?:1[0-2]|[1-9])月(?:[1-3]?\d日|[上中下]旬|[初中底末])?(?![饼龄嫂报历])"
)
_YEAR = re.compile(r"20\d\d(?:[—－-]20\d\d学)?年")


class FigureKind(StrEnum):
    """What a figure is."""

    NUMBER = "number"
    DATE = "date"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at `start:end` of a text."""

    start: int
    end: int
    text: str
    kind: FigureKind


def figures_in(text: str) -> Iterator[Figure]:
    """Yield the figures of a text in reading order; item numbers, titles and blanks are none."""
    found: list[Figure] = []
    shown = re.sub(r"《[^》]*》|【[^】]*】|“[^”]{0,12}”|(?m:^\s*\d{1,2}[.．](?!\d+[%％元]))", _blank, text)
    for pattern, kind in (
        (_AMOUNT, FigureKind.AMOUNT),
        (_DAY, FigureKind.DATE),
        (_YEAR, FigureKind.DATE),
        (_FIGURE, FigureKind.NUMBER),
        (_SAID, FigureKind.NUMBER),
    ):
        for match in pattern.finditer(shown):
            if not any(f.start < match.end() and match.start() < f.end for f in found):
                found.append(Figure(*match.span(), text[match.start() : match.end()], kind))
    yield from sorted(found, key=lambda figure: figure.start)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def key_of(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what a person confirms: the figure and the sentence it stands in, without its item number.

    A sentence that is written anew makes its figures unconfirmed again.
    """
    left = max(text.rfind(sign, 0, start) for sign in "。！？；\n") + 1
    stops = [at for sign in "。！？；\n" if (at := text.find(sign, end)) >= 0]
    sentence = text[left : min(stops, default=len(text))]
    return text[start:end].strip(), re.sub(r"^\s*(?:\d{1,2}[.．]|（\d{1,2}）)\s*", "", sentence).strip()
