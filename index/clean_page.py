"""Repairs of the page around a text: site chrome, link lists, advertisements, preambles (N13-N16).

Lists and patterns: `index/repairs.toml`. A line goes only when all of it matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.clean_rules import lines_of, load_rules
from index.segment import is_document, marker
from index.types import Repair

_MARKER = re.compile(r"篇\s*[\d一二三四五六七八九十]{1,3}\s*[】:：]?\s*$|^第[一二三四五六七八九十\d]{1,3}篇")
_NUMBERED = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、]|\d{1,2}\s*[.、．])")
_TRAILING_DATE = re.compile(r"(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01])$")


def chrome(text: str) -> Iterator[Repair]:
    """N13: lines of the site: crumbs, share and download buttons, notices, sources."""
    pattern = load_rules().chrome
    for start, line in lines_of(text):
        if line.strip() and pattern.fullmatch(line.strip()):
            yield Repair(
                "N13", start, min(start + len(line) + 1, len(text)), text[start : start + len(line) + 1], ""
            )


def related(text: str) -> Iterator[Repair]:
    """N16: a list of links from its heading to its last line: the next sentence, marker or numbered line."""
    rows = list(lines_of(text))
    number = 0
    while number < len(rows):
        start, line = rows[number]
        number += 1
        if not load_rules().related.fullmatch(line.strip()):
            continue
        while number < len(rows) and _is_link(rows[number][1]):
            number += 1
        end = rows[number][0] if number < len(rows) else len(text)
        yield Repair("N16", start, end, text[start:end], "")


def dated_links(text: str) -> Iterator[Repair]:
    """N16: three and more titles in a row that end in a month and day, without a heading above them."""
    rows = list(lines_of(text))
    number = 0
    while number < len(rows):
        first = number
        while (
            number < len(rows)
            and _TRAILING_DATE.search(rows[number][1].strip())
            and _is_link(rows[number][1])
        ):
            number += 1
        if number - first >= 3:
            start = rows[first][0]
            end = rows[number][0] if number < len(rows) else len(text)
            yield Repair("N16", start, end, text[start:end], "")
        number = max(number, first + 1)


def preamble(text: str) -> Iterator[Repair]:
    """N15: what a site says before the first of several documents, unless it is a document itself."""
    above: list[str] = []
    for start, line in lines_of(text):
        number = marker(line.strip())[1]
        if number:
            if above and not is_document(above, number):
                yield Repair("N15", 0, start, text[:start], "")
            return
        above += [line.strip()] if line.strip() else []


def advertisements(text: str) -> Iterator[Repair]:
    """N14: an advertisement in brackets or a site's name inside a sentence; the sentence stays."""
    found = [match for pattern in load_rules().inline for match in pattern.finditer(text)]
    for match in sorted(found, key=lambda m: (m.start(), -m.end())):
        yield Repair("N14", match.start(), match.end(), match.group(), "")


def _is_link(line: str) -> bool:
    stripped = line.strip()
    if not stripped:
        return True
    if _MARKER.search(stripped) or _NUMBERED.match(stripped):
        return False
    return bool(load_rules().link.fullmatch(stripped))
