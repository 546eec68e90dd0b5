"""Headings and items of one document, from the numbering families it uses.

Families in the order of GB/T 9704-2012: 第一部分, 一、, （一）, 1., （1）, then ①, 第一，, 一是; a document
may nest two of them the other way round. A numbered line that runs on is an item, unless its family only
ever stands above text. Months and a few unnumbered standalone lines (工作安排如下：) are headings as well.
Offsets are into the document's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from itertools import combinations, pairwise

from index.clean_rules import lines_of, load_rules
from index.types import Heading

_NUMERAL = "[一二三四五六七八九十]"
_LONGEST_HEADING, _LONGEST_ALONE = 40, 64
_LONGEST_PLAIN = 30
_LONG_PARAGRAPH = 160
_DEEPEST = 4


class Family(IntEnum):
    """How a line is numbered, outermost first; months and plain lines have no place in the order."""

    PART = 0
    ONE = 1
    BRACKET = 2
    ARABIC = 3
    BRACKET_ARABIC = 4
    CIRCLE = 5
    ORDINAL = 6
    SAYING = 7
    MONTH = 8
    PLAIN = 9
    PROSE = 10


# 2.9月底前 is item 2; 3.5公里 and 5.12护士节 are no items.
_DECIMAL = r"\d+\s*(?:[%％倍米元万亿分折]|公里|千米|小时|个百分点|国际|妇女|护士|节)"
_FAMILIES = (
    (Family.MONTH, re.compile(
        rf"(?:次年|明年|20\d\d年|\{{YEAR\}}年)?\s*(?:\d{{1,2}}|{_NUMERAL}{{1,2}}|元)"
        rf"(?:月?\s*[、，,—–~～至到-]+\s*(?:\d{{1,2}}|{_NUMERAL}{{1,2}}))*\s*月份?(?=\s*(?:[:：]|$))|"
        r"第[一二三四]季度(?=\s*(?:[:：]|$))")),
    (Family.PART, re.compile(rf"第{_NUMERAL}{{1,2}}(?:部分|章)[、：:]?\s*")),
    (Family.ONE, re.compile(rf"{_NUMERAL}{{1,3}}\s*[、.．]\s*(?!\d)")),
    (Family.BRACKET, re.compile(rf"[（(]{_NUMERAL}{{1,3}}[)）]\s*[、.．]?\s*")),
    (Family.ARABIC, re.compile(rf"\d{{1,2}}\s*(?:、|[.．](?!{_DECIMAL}))\s*|\d{{1,2}}[)）]\s*")),
    (Family.BRACKET_ARABIC, re.compile(r"[（(]\d{1,2}[)）]\s*[、.．]?\s*")),
    (Family.CIRCLE, re.compile(r"[①-⑳]\s*[、.．]?\s*")),
    (Family.ORDINAL, re.compile(rf"[第其]{_NUMERAL}{{1,2}}[，,、]")),
    (Family.SAYING, re.compile(rf"{_NUMERAL}(?:是|要)(?!否|不是)")),
)  # fmt: skip
_HASHES = re.compile(r"(#{1,6})\s*")
_HEAD = re.compile(rf"([^。！？：:]{{1,{_LONGEST_HEADING}}}?)[。：:]\s*(?=\S)")
_INLINE = re.compile(rf"(?<=[。；;])(?={_NUMERAL}是|{_NUMERAL}要|第{_NUMERAL}，|（\d{{1,2}}）|[②-⑳])")
_INLINE_FIRST = re.compile("一是|一要|第一，|（1）|①")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its family, number as written, the rest, and where the rest is."""

    start: int
    end: int
    family: Family
    number: str
    rest: str
    rest_start: int
    hashes: int = 0


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line found to be a heading; `body` is where its own text begins."""

    line: int
    text: str
    body: int


def headings(text: str) -> tuple[Heading, ...]:
    """Return every heading in reading order; a body runs to the next heading of its level or above."""
    lines = _nested(tuple(read_lines(text)))
    marks = sorted(_marks(lines), key=lambda mark: mark.line)
    levels = _levels(lines, marks)
    found = []
    for place, mark in enumerate(marks):
        later = (i for i in range(place + 1, len(marks)) if levels[i] <= levels[place])
        nearest = next(later, None)
        end = len(text) if nearest is None else lines[marks[nearest].line].start
        number = lines[mark.line].number if lines[mark.line].family < Family.MONTH else ""
        start = min(mark.body, end)
        found.append(
            Heading(levels[place], number.strip(), mark.text, start, start + len(text[start:end].rstrip()))
        )
    return tuple(found)


def _nested(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Swap two families a document nests the other way round: 1. above （一）, where （一） starts over."""
    for outer, inner in combinations([family for family in Family if family < Family.MONTH], 2):
        if not _is_inverted(lines, outer, inner):
            continue
        swapped = {outer: inner, inner: outer}
        lines = tuple(replace(line, family=swapped.get(line.family, line.family)) for line in lines)
    return lines


def _is_inverted(lines: Sequence[Line], outer: Family, inner: Family) -> bool:
    """Whether `inner` counts through the document while `outer` starts over below each of its lines."""
    two = [line for line in lines if line.family in (outer, inner)]
    through = [value_of(line.number) for line in two if line.family is inner]
    if not two or two[0].family is not inner or through != list(range(1, len(through) + 1)):
        return False
    below = [
        value_of(after.number)
        for before, after in pairwise(two)
        if before.family is inner and after.family is outer
    ]
    return len(below) >= 2 and set(below) == {1}


def items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the numbered items between `start` and `end`, number included, or of the
    paragraphs where nothing is numbered. Long paragraphs of 一是…二是… are parted at their ordinals.
    """
    lines = [_moved(line, start) for line in read_lines(text[start:end])]
    outer = min((line.family for line in lines if line.family < Family.MONTH), default=Family.PROSE)
    spans: list[tuple[int, int]] = []
    inside = False
    for place, line in enumerate(lines):
        continues = (
            inside
            and line.family != outer
            and (line.family < Family.MONTH or _is_open(text, lines[place - 1]))
        )
        if continues and spans:
            spans[-1] = (spans[-1][0], line.end)
        else:
            spans.append((line.start, line.end))
            inside = line.family == outer
    return [part for span in spans for part in _parted(text, *span)]


def read_lines(text: str) -> Iterator[Line]:
    """Yield every line that is not blank."""
    for offset, line in lines_of(text):
        stripped = line.strip()
        if stripped:
            yield _read(stripped, offset + len(line) - len(line.lstrip()))


def _read(line: str, start: int) -> Line:
    end = start + len(line)
    hashes = 0
    if match := _HASHES.match(line):
        hashes, line, start = len(match.group(1)), line[match.end() :], start + match.end()
    for family, pattern in _FAMILIES:
        if match := pattern.match(line):
            rest = line[match.end() :]
            if family is Family.MONTH:
                colon = re.match(r"\s*[:：]\s*", rest)
                skip = colon.end() if colon else 0
                return Line(
                    start, end, family, match.group(), rest[skip:], start + match.end() + skip, hashes
                )
            return Line(start, end, family, match.group(), rest, start + match.end(), hashes)
    family = Family.PLAIN if hashes or _plain_heading(line) else Family.PROSE
    return Line(start, end, family, "", line, start, hashes)


def _plain_heading(line: str) -> str:
    """Return the heading an unnumbered line is or opens with, "" for prose."""
    pattern = _plain_pattern()
    if len(line) <= _LONGEST_PLAIN and pattern.fullmatch(line.rstrip("：:")):
        return line.rstrip("：:")
    head, colon, rest = line.partition("：")
    return head if colon and rest and len(head) <= 16 and pattern.fullmatch(head) else ""


def _is_title(line: str) -> bool:
    """Whether a first line is the document's title, which is nobody's heading."""
    return bool(re.search(rf"{load_rules().segment['title']}$", line))


@lru_cache(maxsize=1)
def _plain_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?![现特拟为将结制][^：]*如下)(?:{load_rules().segment['headings']})")


def is_misnumbered(text: str) -> bool:
    """Whether siblings skip a number or have one twice; a list may start over at one."""
    lines = tuple(line for line in read_lines(text) if line.family is not Family.PLAIN)
    for group in _groups(lines):
        values = [value_of(lines[i].number) for i in group]
        if any(after not in (before + 1, 1) for before, after in pairwise(values) if before and after):
            return True
    return False


def value_of(number: str | None) -> int:
    """Return the value of a numeral below one hundred, in digits or Chinese, 0 for none."""
    if number and "①" <= number[0] <= "⑳":
        return ord(number[0]) - ord("①") + 1
    digits = re.sub(rf"[^{'一二三四五六七八九十'}\d]", "", number or "")
    if not digits or digits.isdigit():
        return int(digits or 0)
    tens, ten, ones = digits.rpartition("十")
    return (
        ("一二三四五六七八九".find(tens) + 1 or 1) * 10 * bool(ten)
        + "一二三四五六七八九".find(ones[:1] or "x")
        + 1
    )


def _marks(lines: Sequence[Line]) -> Iterator[_Mark]:
    for i, line in enumerate(lines):
        if line.family is Family.MONTH:
            yield _Mark(i, line.number.strip(), line.rest_start)
        elif line.family is Family.PLAIN and i + 1 < len(lines) and not (i == 0 and _is_title(line.rest)):
            head = _plain_heading(line.rest) or line.rest.rstrip("：:")
            inline = len(head) + 1 < len(line.rest)
            yield _Mark(i, head, line.rest_start + len(head) + 1 if inline else line.end)
        elif line.hashes:
            yield _Mark(i, line.rest.rstrip("：:。"), line.end)
    for group in _groups(lines):
        yield from _group_marks(lines, group)


def _groups(lines: Sequence[Line]) -> Iterator[list[int]]:
    """Yield the numbers of lines that are siblings: one family, with nothing above it in between."""
    open_groups: dict[Family, list[int]] = {}
    for i, line in enumerate(lines):
        if line.family in (Family.PROSE,):
            continue
        for family in [f for f in open_groups if f > line.family or line.family >= Family.MONTH]:
            if family is not Family.ONE or line.family is Family.PART:
                yield open_groups.pop(family)
        if line.family < Family.MONTH and not line.hashes:
            open_groups.setdefault(line.family, []).append(i)
    yield from open_groups.values()


def _group_marks(lines: Sequence[Line], group: list[int]) -> Iterator[_Mark]:
    """Yield the headings of a group of siblings, all or none."""
    family = lines[group[0]].family
    heads = {i: _head(lines[i]) for i in group}
    above = [i for i in group if _stands_above(lines, i)]
    if family > Family.BRACKET:
        good = [i for i in above if len(lines[i].rest) <= _LONGEST_HEADING]
        lone_measure = len(group) == 1 and lines[group[0]].rest.endswith("。")
        if 2 * len(good) < len(group) or not good or lone_measure:
            return
        yield from (_Mark(i, lines[i].rest.rstrip("。：:"), lines[i].end) for i in good)
        return
    good = [i for i in group if heads[i][0] and (heads[i][1] or i in above)]
    enough = len(good) > 0 if family < Family.BRACKET else 2 * len(good) >= len(group)
    if not enough:
        return
    for i in group:
        head, inline = heads[i]
        line = lines[i]
        if head and inline:
            yield _Mark(i, head, line.rest_start + inline)
        elif head and i in above:
            yield _Mark(i, head, line.end)
        else:
            yield _Mark(i, head or _first_clause(line.rest), line.rest_start)


def _head(line: Line) -> tuple[str, int]:
    """Return the heading in a numbered line and where text runs on in its rest, 0 if none does."""
    rest = line.rest
    if len(rest) <= _LONGEST_ALONE and not re.search(r"[。！？；：:](?=\S)", rest):
        return rest.rstrip("。：:；;"), 0
    match = _HEAD.match(rest)
    return (match.group(1), match.end()) if match else ("", 0)


def _first_clause(text: str) -> str:
    return re.split("[，。；：:、]", text, maxsplit=1)[0][:_LONGEST_HEADING]


def _stands_above(lines: Sequence[Line], i: int) -> bool:
    """Whether the line after line `i` is text or numbering below it."""
    if i + 1 >= len(lines):
        return False
    following = lines[i + 1].family
    if lines[i + 1].hashes:
        return False
    if following is Family.PROSE:
        return True
    if following in (Family.MONTH, Family.PLAIN):
        return lines[i].family <= Family.BRACKET
    return following > lines[i].family


def _levels(lines: Sequence[Line], marks: Sequence[_Mark]) -> list[int]:
    """Return each heading's level: the place of its family among those used; months go below."""
    used = sorted({lines[mark.line].family for mark in marks if lines[mark.line].family < Family.MONTH})
    levels: list[int] = []
    parent = 0
    for place, mark in enumerate(marks):
        family = lines[mark.line].family
        if family < Family.MONTH:
            level = parent = used.index(family) + 1
        elif family is Family.MONTH:
            level = parent + 1
        else:
            follows = place > 0 and marks[place - 1].line == mark.line - 1 and levels[-1] < _DEEPEST
            bare = follows and lines[mark.line - 1].end == marks[place - 1].body
            level = parent = levels[-1] + 1 if bare else 1
        levels.append(min(level, _DEEPEST))
    return levels


def _is_open(text: str, line: Line) -> bool:
    """Whether a line was broken off and goes on in the next."""
    return text[line.end - 1 : line.end] not in tuple("。！？；：:;.”）)") or (
        line.family < Family.MONTH and not line.rest
    )


def _parted(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    whole = text[start:end]
    cuts = (
        [m.start() for m in _INLINE.finditer(whole)]
        if len(whole) > _LONG_PARAGRAPH and _INLINE_FIRST.search(whole)
        else []
    )
    edges = [0, *cuts, len(whole)]
    for left, right in pairwise(edges):
        piece = whole[left:right]
        if piece.strip():
            yield start + left + len(piece) - len(piece.lstrip()), start + left + len(piece.rstrip())


def _moved(line: Line, offset: int) -> Line:
    return Line(
        line.start + offset,
        line.end + offset,
        line.family,
        line.number,
        line.rest,
        line.rest_start + offset,
        line.hashes,
    )
