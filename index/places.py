"""Places in a text beyond those that end in 市, 县, 区 or 镇 (`index.names`).

Counties and cities by their bare names, streets, hills and parks people go to, and towns known only by what
stands behind them.

The gazetteer is `index/places.toml` (GB/T 2260); other lists are in `index/facts.toml`.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from index.types import FactKind
from index.words import Span, is_known, is_noun_or_odd, plain_edges, word_lists

_LONGEST = 5
_COUNTED = frozenset("这那哪每几条一两各")
_NO_WAY = "管线电油气网通跑走识赶带引开修铺让问上下以"
_SHARED = frozenset(
    "去这那哪每几条站一两三四五六七八九十所各全我本该级省市县区镇乡村和及与向在由对为到了的地报请会等"
)
_HAN = "\u4e00-\u9fff"
_STREET = re.compile(
    r"[东西南北中]?(?P<kind>大道|大街|路|街|巷|胡同(?=[里口内社，、。\d]))"
    r"(?![径途线标灯边面上桥过由子演况障基道舞坊段区])(?P<number>\d{1,4}号)?"
)


@lru_cache(maxsize=1)
def gazetteer() -> frozenset[str]:
    """Names of prefectures and counties without 市, 县 or 区 behind them."""
    table = tomllib.loads(files("index").joinpath("places.toml").read_text("utf-8"))
    return frozenset(table["names"].split()) | frozenset(word_lists()["place"]["known"])


def places_in(text: str) -> Iterator[Span]:
    """Spans of places, overlaps included."""
    edges = plain_edges(text)
    for start, end in (*_listed(text, edges), *_streets(text, edges), *_sights(text), *_cities(text)):
        yield FactKind.PLACE, start, end


def _listed(text: str, edges: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Names of the gazetteer that stand apart from the words around them, with 市 or 县 behind them."""
    names, ends = gazetteer(), tuple("省市县区州旗盟")
    for start in sorted(edges):
        for size in range(_LONGEST, 1, -1):
            end = start + size
            if text[start:end] in names and (end in edges or text[end : end + 1] in ends):
                yield start, end + (text[end : end + 1] in ends)
                break


def _streets(text: str, edges: frozenset[int]) -> Iterator[tuple[int, int]]:
    """柳荫路, 建设北路18号: a word or single characters before 路 that are no word with it (思路, 公路)."""
    common = frozenset(word_lists()["place"]["no_street"])
    ordered = sorted(edges)
    for match in _STREET.finditer(text):
        begin = _street_start(text, match.start(), ordered)
        core, name = text[begin : match.start()], text[begin : match.end("kind")]
        apart = match.start() in edges
        if len(core) < 2 or core[-1] in _NO_WAY or _COUNTED & set(core) or core in common or name in common:
            continue
        if apart and (match["number"] or not is_known(name)):
            yield begin, match.end()


def _street_start(text: str, stop: int, ordered: list[int]) -> int:
    """Where the name before 路 begins: at the word there, or at up to three single characters in a row."""
    begin, place = stop, bisect_left(ordered, stop)
    while place > 0 and stop - begin < 3:
        place -= 1
        word = text[ordered[place] : begin]
        if not re.fullmatch(rf"[{_HAN}]{{1,4}}", word) or word in word_lists()["place"]["before"]:
            break
        if len(word) > 1:
            return ordered[place] if begin == stop else begin
        begin = ordered[place]
    return begin


@lru_cache(maxsize=1)
def _sight_pattern() -> re.Pattern[str]:
    lists = word_lists()["place"]
    going = "|".join(sorted(lists["going"], key=len, reverse=True))
    ends = "|".join(sorted(lists["sights"], key=len, reverse=True))
    return re.compile(rf"(?:{going}|(?<=[路街巷站园山湖])、)(?P<name>(?P<core>[{_HAN}]{{2,5}}?)(?:{ends})+)")


def _sights(text: str) -> Iterator[tuple[int, int]]:
    """Where people go: 到青龙峪, 在长途汽车站."""
    general = tuple(word_lists()["place"]["no_sight"])
    for match in _sight_pattern().finditer(text):
        if not match["name"].startswith(general) and not _SHARED & set(match["core"]):
            yield match.span("name")


@lru_cache(maxsize=1)
def _city_pattern() -> re.Pattern[str]:
    behind = "|".join(word_lists()["place"]["behind"])
    return re.compile(
        rf"[{_HAN}]{{2}}[市县村](?=(?:{behind}))|(?<=[到赴去往])[{_HAN}]{{2,3}}[镇乡县村]"
        rf"|(?<=[在和与及，、由从])[{_HAN}]{{2}}镇(?!长)"
        rf"|(?<=[在和与及，、由从到市区县])[{_HAN}]{{2,3}}(?:小区|社区|街道)"
    )


def _cities(text: str) -> Iterator[tuple[int, int]]:
    """A city that only what it owns gives away: 梧桐市分行."""
    generic = frozenset(word_lists()["place"]["generic"])
    for match in _city_pattern().finditer(text):
        name = match.group()
        core = name[:-2] if name.endswith(("小区", "社区", "街道")) else name[:-1]
        if (
            not _SHARED & set(core)
            and is_noun_or_odd(core)
            and name not in generic
            and name[1:] not in generic
        ):
            yield match.span()
