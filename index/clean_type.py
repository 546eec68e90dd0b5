"""Repairs of letters and marks: traditional characters (N37), white space (N26), punctuation (N27) and the
顿号 after a bracketed numeral (N2). Marks follow GB/T 15834-2011, numbering GB/T 9704-2012.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from index.clean_rules import HAN, Step, converter, lines_of, substitute
from index.types import Repair

_TEXT = rf"{HAN}“”‘’《》（）〔〕}}％%"
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f]")
_EDGES = re.compile(r"(?m)^[ \t\xa0\u3000\u2000-\u200a\r]+|[ \t\xa0\u3000\u2000-\u200a\r]+$")
_BLANK = re.compile(r"\n{3,}|\A\n+|(?<=\n)\n+\Z")
_WIDE_SPACE = re.compile(
    r"[\t\xa0\u3000\u2000-\u200a ]*[\t\xa0\u3000\u2000-\u200a][\t\xa0\u3000\u2000-\u200a ]*| {2,}"
)
_INNER_SPACE = re.compile(rf"(?<=[{HAN}，。、；：“”]) (?=[{HAN}，。、；：“”])|(?<=[，。、；：]) (?=\S)")
_AFTER_MARK = re.compile(
    rf"(?<=[，。、；：]) (?=[{HAN}“《])|(?:(?<=^\d\.)|(?<=^\d\d\.)) (?=[{HAN}“《])", re.M
)
_BROKEN = re.compile(
    rf"(?m)(?<=[{HAN}”》][，、])\n{{1,2}}(?=[{HAN}“《])"
    rf"(?![一二三四五六七八九十]{{1,3}}(?:[、是要]|月)|[第次附]|其[一二三四五六]|[{HAN}]{{1,12}}[:：]?$|[{HAN}]{{2,12}}：)"
)
_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_HALF = re.compile(
    rf"(?<=[{_TEXT}])[,;:?!]|(?<=\d)[,;:](?=[{HAN}“《（])|(?<=[A-Za-z])[,;](?=[{HAN}“《])|^[,;:](?=[{HAN}])",
    re.M,
)
_BRACKETS = re.compile(r"\(([^()\n]{0,60})\)")
_OPEN = re.compile(rf"(?<=[{HAN}“”《》])\((?=[^()\n]*$)|\((?=[^()\n]*[{HAN}][^()\n]*$)", re.M)
_CLOSE = re.compile(rf"(?m)^([^()（）\n]*)\)(?=[{HAN}])")
_MIXED = re.compile(r"（([^()（）\n]{0,60})\)|\(([^()（）\n]{0,60})）")
_DOT = re.compile(rf"(?<=[{HAN}”》）])(?<![一二三四五六七八九十])\.(?=[{HAN}“《]|$|\d{{1,2}}[日月])", re.M)
_QUOTES = re.compile(r'"([^"\n]{1,60})"')
_CLOSING = re.compile(r"“([^“”\n]{1,40})“(?=[^“\n”]*(?:$|“))", re.M)
_REPEATED = re.compile(r"，(?=[，。；])|(?<=[。；])[，、；](?=\S|$)|。(?=。)|、(?=[、，。])|(?<=：)：", re.M)
_ENUMERATION = re.compile(r"(?m)^(\s*（[一二三四五六七八九十]{1,3}）)[、.．，]")
_ENCLOSED = re.compile("(?m)^([㈠-㈩⑴-⒇⒈-⒛])[、.．]?")
_TRADITIONAL_SHARE, _TRADITIONAL_LEAST, _TRADITIONAL_TEXT = 0.06, 2, 0.04
_CORNERS = re.compile(r"「([^「」\n]*)」|『(?!\s*\d+\s*』)([^『』\n]*)』")


def simplified(text: str) -> Iterator[Repair]:
    """N37: lines in traditional characters, and corner quotes. A rare form in a simplified line stays."""
    whole = converter().convert(text)
    aligned = len(whole) == len(text)
    everywhere = sum(a != b for a, b in zip(text, whole, strict=False)) > _TRADITIONAL_TEXT * len(
        text.strip()
    )
    for start, line in lines_of(text):
        new = whole[start : start + len(line)] if aligned else converter().convert(line)
        changed = sum(a != b for a, b in zip(line, new, strict=False))
        if everywhere or (
            changed >= _TRADITIONAL_LEAST and changed >= _TRADITIONAL_SHARE * len(line.strip())
        ):
            yield Repair("N37", start, start + len(line), line, new)


def corner_quotes(text: str) -> Iterator[Repair]:
    """N37: 「」 and 『』 become “” and ‘’. Page numbers in 『』 stay: they part documents."""
    for match in _CORNERS.finditer(text):
        inner = match.group(1)
        after = f"‘{match.group(2)}’" if inner is None else f"“{inner}”"
        yield Repair("N37", match.start(), match.end(), match.group(), after)


def spaces(text: str) -> Iterator[Repair]:
    """N26: invisible characters, indents, trailing blanks, runs of blank lines, blanks between characters."""
    yield from substitute("N26", _INVISIBLE, "")(text)


def space_steps() -> tuple[Step, ...]:
    """N26, one step after the other."""
    return (
        _line_ends,
        spaces,
        substitute("N26", _EDGES, ""),
        substitute("N26", _WIDE_SPACE, " "),
        substitute("N26", _AFTER_MARK, ""),
        _inner_spaces,
        substitute("N26", _BROKEN, ""),
        substitute(
            "N26",
            _BLANK,
            lambda match: "\n\n" if match.start() > 0 and match.end() < len(match.string) else "",
        ),
    )


def mark_steps() -> tuple[Step, ...]:
    """N27 and the numbering marks of N2, one step after the other."""
    return (
        substitute("N27", _HALF, lambda match: _MARKS[match.group()]),
        _brackets,
        substitute("N27", _MIXED, lambda match: f"（{match.group(1) or match.group(2) or ''}）"),
        substitute("N27", _OPEN, "（"),
        substitute("N27", _CLOSE, lambda match: f"{match.group(1)}）"),
        substitute("N27", _DOT, "。"),
        _quotes,
        substitute("N27", _CLOSING, lambda match: f"“{match.group(1)}”"),
        substitute("N27", _REPEATED, ""),
        substitute("N27", _ENCLOSED, _spelled_out),
        substitute("N2", _ENUMERATION, lambda match: match.group(1)),
    )


def _spelled_out(match: re.Match[str]) -> str:
    """㈠ and ⑴ are （一） and （1） in one character, ⒈ is 1. in one."""
    plain = unicodedata.normalize("NFKC", match.group(1))
    return plain.replace("(", "（").replace(")", "）")


def _line_ends(text: str) -> Iterator[Repair]:
    yield from substitute("N26", re.compile(r"\r\n?|[\u2028\u2029\x85]"), "\n")(text)


def _inner_spaces(text: str) -> Iterator[Repair]:
    for start, line in lines_of(text):
        if " " not in line or (len(line) < 30 and not line.endswith(tuple("。；，、："))):
            continue
        for match in _INNER_SPACE.finditer(text, start, start + len(line)):
            yield Repair("N26", match.start(), match.end(), match.group(), "")


def _brackets(text: str) -> Iterator[Repair]:
    for match in _BRACKETS.finditer(text):
        around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        if re.search(rf"[{HAN}]", match.group(1) + around):
            yield Repair("N27", match.start(), match.end(), match.group(), f"（{match.group(1)}）")


def _quotes(text: str) -> Iterator[Repair]:
    for start, line in lines_of(text):
        if line.count('"') % 2:
            continue
        for match in _QUOTES.finditer(text, start, start + len(line)):
            if re.search(rf"[{HAN}]", line):
                yield Repair("N27", match.start(), match.end(), match.group(), f"“{match.group(1)}”")
