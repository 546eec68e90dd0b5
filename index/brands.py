"""Names that no dictionary accounts for: 贝士达公司, 福达轴承, 环驰、慈兴等7家企业, 凤鸣湖校区.

By the dictionary alone such a name falls into single characters. Names of a list prove each other, and a
name proven once is one wherever the text says it again. Lists are in `index/facts.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from index.types import FactKind
from index.words import Span, is_generic, is_known, is_proper_word, plain_edges, word_lists

_HAN = re.compile(r"[\u4e00-\u9fff]+")


def brands_in(text: str) -> Iterator[Span]:
    """Spans of such names, overlaps included."""
    edges = sorted(plain_edges(text))
    words = [(left, right) for left, right in pairwise(edges) if text[left:right].strip()]
    found = {*_ending(text, words, _endings()), *_listed(text, words)}
    bare = {name for start, end in found if len(name := _bare(text[start:end])) >= 2 and _is_odd(name)}
    for name in bare:
        found |= {(m.start(), _with_trade(text, m.end(), words)) for m in re.finditer(re.escape(name), text)}
    for start, end in found:
        yield FactKind.UNIT, start, end
    for start, end in _ending(text, words, _place_endings()):
        yield FactKind.PLACE, start, end


def _is_odd(name: str) -> bool:
    """Whether a bare name is safe to look for everywhere: two characters and more that are no word."""
    return not is_known(name) and not any(char in _function() for char in name[1:])


@lru_cache(maxsize=1)
def _function() -> frozenset[str]:
    lists = word_lists()["unit"]
    return frozenset(lists["cut_inside"] + lists["cut_front"] + lists["bad_end"] + lists["no_brand"])


@lru_cache(maxsize=1)
def _endings() -> re.Pattern[str]:
    lists = word_lists()["unit"]
    return re.compile("|".join(sorted(lists["brand_ends"], key=len, reverse=True)))


@lru_cache(maxsize=1)
def _place_endings() -> re.Pattern[str]:
    return re.compile("|".join(sorted(word_lists()["place"]["odd_ends"], key=len, reverse=True)))


def _bare(name: str) -> str:
    """A name without the kind of firm behind it."""
    lists = word_lists()["unit"]
    return re.sub(rf"(?:{'|'.join(sorted(lists['brand_ends'], key=len, reverse=True))})$", "", name)


def _ending(text: str, words: list[tuple[int, int]], endings: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Names before 公司, 集团 or 工会主席 that hold a run of single characters or a proper noun."""
    last_of = {right: place for place, (_, right) in enumerate(words)}
    for match in endings.finditer(text):
        place = last_of.get(match.start())
        if place is None:
            continue
        start = _start(text, words, place)
        if start is not None:
            union = match.group().startswith("工会")
            yield start, match.start() if union else match.end()


def _start(text: str, words: list[tuple[int, int]], place: int) -> int | None:
    """Walk left from the word at `place` over nouns to the run of single characters that opens the name."""
    singles = 0
    start: int | None = None
    stop = words[place][1]
    while place >= 0:
        left, right = words[place]
        word = text[left:right]
        if (right != stop and right != start_of(words, place + 1)) or not _HAN.fullmatch(word):
            break
        if len(word) == 1:
            joins = word == "和" and _opens_clause(text, left - 1)
            if word in _function() and not joins:
                break
            singles += 1
        elif singles >= 2 or not _is_trade(word):
            return left if _is_name(word) and singles != 1 else (start if singles >= 2 else None)
        start = left
        place -= 1
    return start if singles >= 2 else None


def _opens_clause(text: str, place: int) -> bool:
    """Whether a character stands first in a clause, so that 和 behind it joins nothing (安和银行)."""
    first = place >= 0 and _HAN.match(text, place) is not None
    return first and text[max(place - 1, 0) : place] in ("", "\n", "，", "。", "：")


def _is_name(word: str) -> bool:
    """Whether a word is somebody's name and no kind of unit (the segmenter takes 幼儿园 for a name)."""
    return is_proper_word(word) and not is_generic(word) and word not in word_lists()["unit"]["suffixes"]


def start_of(words: list[tuple[int, int]], place: int) -> int:
    """Where a word begins."""
    return words[place][0]


def _is_trade(word: str) -> bool:
    """Whether a word says what a firm makes or does (轴承, 物流)."""
    return word in word_lists()["unit"]["trades"] or word in word_lists()["unit"]["goods"]


def _with_trade(text: str, end: int, words: list[tuple[int, int]]) -> int:
    """Where a name ends together with what it makes: 和森 → 和森钢管."""
    following = next((text[left:right] for left, right in words if left == end), "")
    if following and _is_trade(following):
        return end + len(following)
    return end


@lru_cache(maxsize=1)
def _list_pattern() -> re.Pattern[str]:
    kinds = "|".join(word_lists()["unit"]["listed_kinds"])
    return re.compile(
        rf"(?P<names>(?:[\u4e00-\u9fff]{{2,10}}、){{1,12}}[\u4e00-\u9fff]{{2,10}}?)等(?=(?:[\d一二三四五六七八九十两几多余]+家)?"
        rf"[\u4e00-\u9fff]{{0,10}}?(?:{kinds}))"
    )


def _listed(text: str, words: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Members of a list of firms: half of them must be no words, then all of them are names."""
    for match in _list_pattern().finditer(text):
        spans = []
        position = match.start("names")
        for name in match["names"].split("、"):
            spans.append((position, position + len(name)))
            position += len(name) + 1
        spans[0] = (_opening(text, spans[0], words), spans[0][1])
        odd = [span for span in spans if _falls_apart(span, words) or _is_firm(text[slice(*span)])]
        if 2 * len(odd) >= len(spans) and spans[0][0] < spans[0][1]:
            yield from spans


@lru_cache(maxsize=1)
def _firm_ends() -> tuple[str, ...]:
    lists = word_lists()["unit"]
    return (*lists["brand_ends"], *lists["suffixes"], *lists["goods"])


def _opening(text: str, span: tuple[int, int], words: list[tuple[int, int]]) -> int:
    """Where the first name of a list begins: at its first single characters, else at its last noun."""
    inside = [(left, right) for left, right in words if span[0] <= left and right <= span[1]]
    stops = [place for place, (a, b) in enumerate(inside) if text[a:b] in word_lists()["unit"]["stops"]]
    inside = inside[stops[-1] + 1 :] if stops else inside
    if stops and inside:
        return inside[0][0]
    singles = [a[0] for a, b in pairwise(inside) if a[1] - a[0] == b[1] - b[0] == 1]
    plain = [left for left in singles if text[left] not in _function()]
    if plain:
        return plain[0]
    return next((left for left, right in inside if is_proper_word(text[left:right])), span[0])


def _is_firm(name: str) -> bool:
    """Whether a member of a list ends as firms do and is no word (鸿运汽修)."""
    return not is_known(name) and len(name) >= 4 and name.endswith(_firm_ends())


def _falls_apart(span: tuple[int, int], words: list[tuple[int, int]]) -> bool:
    """Whether two single characters in a row open a span."""
    inside = [right - left for left, right in words if span[0] <= left and right <= span[1]]
    return inside[:2] == [1, 1]
