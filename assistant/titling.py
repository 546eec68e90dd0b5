"""Breaking a long title into centred lines.

GB/T 9704-2012, 7.3.1: lines broken at the end of a word, in the shape of a trapezoid or a diamond.
A pure function of the title; knows nothing about Word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from assistant.numbering import width as text_width

TITLE_WIDTH = 20
_MOST_SEARCHED = 4
_NEVER = 1000.0
_OPENING = "《“‘（(〔「【"
_CLOSING = "》”’）)〕」】、，：；。！？—·的"
# A break inside one of these would be read twice: years, ordinals with what they count, and names.
_WHOLE = re.compile(
    r"\d{4}\s*[—–\-~至]+\s*\d{4}\s*(?:学年度?|年度?)?|[\d.]+\s*(?:年度|年|月|届|次|周年)?(?:上半年|下半年)?"
    r"|第[一二三四五六七八九十百\d]+(?:人民|中心|实验|附属|高级|初级)*"
    r"(?:季度|学期|医院|中学|小学|幼儿园|届|次|期|分公司|分局)?|工会(?:委员会|联合会|工作)"
    r"|[院厂校村政司所]务公开|民主管理|职工之家|.之.|(?:有限)?责任公司|(?:股份)?有限公司|工作(?:计划|要点|方案|安排|总结|报告)|《[^》]*》|“[^”]*”|【[^】]*】"
)
_GOOD_BEFORE = re.compile(r"\d{4}\s*[年—–\-~至]|关于")
_GOOD_AFTER = re.compile(r"(?:工会委员会|工会联合会|工会|总工会|委员会|关于[^，]*的)$")
_FAIR_AFTER = re.compile(r"(?:公司|医院|学校|中学|小学|大学|学院)$")


def break_title(title: str) -> list[str]:
    """Break a title into as few lines of at most `TITLE_WIDTH` full-width characters as it needs.

    Words, years and names stay whole, a break falls best between the union and the year, and lines
    of like but not equal length are preferred. Breaks the person typed are kept. Empty gives an empty list.
    """
    rows = [row.strip() for row in title.splitlines()]
    return [line for row in rows if row for line in _break_row(row, TITLE_WIDTH)]


def _break_row(row: str, limit: int) -> list[str]:
    fewest = math.ceil(text_width(row) / limit)
    if fewest <= 1:
        return [row]
    costs = {spot: cost for spot, cost in _costs(row).items() if cost < _NEVER}
    for count in range(fewest, _MOST_SEARCHED + 1):
        tried = (
            (sum(costs[spot] for spot in chosen), _cut(row, chosen)) for chosen in _choices(costs, count)
        )
        fitting = [(cost + _shape(parts, limit), parts) for cost, parts in tried if _fits(parts, limit)]
        if fitting:
            return [part.strip() for part in min(fitting)[1]]
    return _fill(row, limit)


def _choices(costs: dict[int, float], count: int) -> Iterator[tuple[int, ...]]:
    return combinations(costs, count - 1)


def _fits(parts: list[str], limit: int) -> bool:
    return all(text_width(part) <= limit for part in parts)


def _costs(row: str) -> dict[int, float]:
    """Return what a break before each character costs: 0 at the best places, _NEVER inside a word."""
    words = _word_starts(row)
    whole = {spot for found in _WHOLE.finditer(row) for spot in range(found.start() + 1, found.end())}
    costs: dict[int, float] = {}
    for spot in range(1, len(row)):
        if spot in whole or row[spot] in _CLOSING or row[spot - 1] in _OPENING or spot not in words:
            costs[spot] = _NEVER
        elif _GOOD_BEFORE.match(row, spot):
            costs[spot] = 0.0
        elif _GOOD_AFTER.search(row, 0, spot):
            costs[spot] = 2.0
        elif _FAIR_AFTER.search(row, 0, spot):
            costs[spot] = 5.0
        else:
            costs[spot] = 8.0
    return costs


def _word_starts(row: str) -> set[int]:
    import rjieba

    starts, spot = set(), 0
    for word in rjieba.cut(row):
        starts.add(spot)
        spot += len(word)
    return starts


def _shape(parts: list[str], limit: int) -> float:
    """Cost of the outline: short lines, very uneven lines and plain rectangles look worse."""
    sizes = [text_width(part) for part in parts]
    short = sum(max(0.0, limit * 0.4 - size) for size in sizes)
    uneven = (max(sizes) - min(sizes)) * 0.2
    rectangle = sum(0.5 for a, b in pairwise(sizes) if a == b)
    return short + uneven + rectangle


def _cut(row: str, spots: tuple[int, ...]) -> list[str]:
    return [row[start:end] for start, end in pairwise((0, *spots, len(row)))]


def _fill(row: str, limit: int) -> list[str]:
    """Cut by width alone: for a title too long or too solid for anything better."""
    parts = [""]
    for sign in row:
        if text_width(parts[-1] + sign) > limit:
            parts.append("")
        parts[-1] += sign
    return parts
