"""Names in a text: units, upper unions, Party organisations, places and persons.

A name is found from its last word (医院, 总工会, 党支部, 镇) and walked to the left word by word until a word
that cannot belong to it. The segmenter is rjieba; lists are in `index/facts.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.brands import brands_in
from index.persons import persons_in
from index.places import places_in
from index.types import FactKind
from index.words import PROPER_TAGS, Span, Token, generic_words, is_generic, is_known, tokens_of, word_lists

_HAN = re.compile(r"[\u4e00-\u9fff]")
_STOP_TAGS = frozenset({"p", "c", "uj", "ul", "uv", "ud", "uz", "u", "r", "d", "k", "y", "e", "x", "f", "t"})
_VERB_TAGS = frozenset({"v", "vn", "vg", "vd", "vi"})
_REACH = 16  # characters a name may have before its last word
_TRADE_SUFFIX = re.compile(r"(?:公司|集团|厂|局|站|中心|学院)$")
_COUNTY = re.compile(r"[\u4e00-\u9fff][省市县区镇乡村](?![区县])")
_NUMERAL_TAGS = frozenset({"m", "q", "t", "mq"})


def named_spans(text: str) -> list[Span]:
    """All names of a text, overlaps included."""
    tokens = tokens_of(text)
    finder = _Finder(text, tokens)
    places = [*finder.ending_with(FactKind.PLACE, word_lists()["place"]["suffixes"]), *_places(tokens)]
    places += places_in(text)
    return [
        *finder.ending_with(FactKind.UNIT, word_lists()["unit"]["suffixes"]),
        *finder.ending_with(FactKind.UPPER, word_lists()["upper"]["suffixes"]),
        *finder.ending_with(FactKind.PARTY, word_lists()["party"]["suffixes"]),
        *places,
        *_belonging(text, places),
        *brands_in(text),
        *persons_in(text, tokens),
    ]


def _belonging(text: str, places: Iterable[Span]) -> Iterator[Span]:
    """What a place owns and is named after it: 苇河市 + 总工会, 澄江县 + 第二小学."""
    for _, start, end in places:
        if match := _owned().match(text, end):
            yield (FactKind.UPPER if match.lastgroup == "upper" else FactKind.UNIT), start, match.end()


@lru_cache(maxsize=1)
def _owned() -> re.Pattern[str]:
    upper, unit = (
        "|".join(sorted(map(re.escape, word_lists()[name]["suffixes"]), key=len, reverse=True))
        for name in ("upper", "unit")
    )
    return re.compile(
        rf"(?P<upper>{upper})|(?P<unit>(?:第[一二三四五六七八九十]{{1,2}})(?:人民)?(?:{unit}))(?![生务])"
    )


@lru_cache(maxsize=1)
def _stops() -> frozenset[str]:
    return frozenset(word_lists()["unit"]["stops"])


@dataclass(frozen=True, slots=True)
class _Finder:
    """Walks names to the left from their last word."""

    text: str
    tokens: Sequence[Token]

    def ending_with(self, kind: FactKind, suffixes: Iterable[str]) -> Iterator[Span]:
        """Spans of names of one kind."""
        pattern = re.compile("|".join(map(re.escape, sorted(suffixes, key=len, reverse=True))))
        for match in pattern.finditer(self.text):
            if kind is FactKind.UNIT and self._goes_on(match):
                continue
            start = self._walk(match.start(), _REACH if kind is not FactKind.PLACE else 5, match.group())
            start = self._whole_county(self._trim(start, match.start()))
            core = self.text[start : match.start()]
            if len(core) >= 2 and self._is_name(kind, core, start, match):
                yield kind, start, match.end()

    def _goes_on(self, match: re.Match[str]) -> bool:
        """Whether the last word is part of another (小学生, 厂务, 格局) or ends a quoted brand (“加油站”)."""
        token = self.tokens[self._token_ending_by(match.end())]
        inside = len(match.group()) == 1 and len(token.word) == 2 and is_known(token.word)
        shut = word_lists()["unit"]["not_before"].get(match.group(), "")
        inside = inside or self.text[match.start() - 1 : match.start()] in tuple(shut)
        if inside or self.text[match.end() : match.end() + 1] in ("”", '"', "」"):
            return True
        after = word_lists()["unit"]["not_after"]
        following = self.text[match.end() : match.end() + 1]
        return any(match.group().endswith(word) and following in after[word] for word in after if following)

    def _walk(self, position: int, reach: int, suffix: str) -> int:
        """Start of the name that ends at `position`: leftwards until a word that cannot be part of it."""
        start, index = position, self._token_ending_by(position)
        while index >= 0:
            token = self.tokens[index]
            begin, end = token.start, min(token.end, position)
            if (
                end < start
                or position - begin > reach
                or not _HAN.match(token.word)
                or self._stops_at(index, start, suffix)
            ):
                break
            start, index = begin, index - 1
        return start

    def _token_ending_by(self, position: int) -> int:
        """The last token that begins before a position."""
        return bisect_left(self.tokens, position, key=lambda token: token.start) - 1

    def _stops_at(self, index: int, start: int, suffix: str) -> bool:
        token = self.tokens[index]
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if token.word in word_lists()["unit"]["trades"] and _TRADE_SUFFIX.search(suffix):
            return False
        if (
            token.word in _stops()
            or token.word[-2:] in _stops()
            or (token.tag in _STOP_TAGS and token.word not in generic_words())
        ):
            return True
        if token.tag not in _VERB_TAGS or not is_known(token.word):
            return False
        splinter = following is not None and following.start == start and len(following.word) == 1
        earlier = self.tokens[index - 1] if index and len(token.word) == 1 else None
        joined = earlier is not None and earlier.tag in PROPER_TAGS and earlier.end == token.start
        return not splinter and not joined

    def _trim(self, start: int, end: int) -> int:
        """Cut off what was walked into by mistake: 全县的…, …报, …和, 在…, 年…."""
        lists = word_lists()["unit"]
        core = self.text[start:end]
        cut = max((core.rfind(char) for char in lists["cut_inside"]), default=-1)
        cut = max(cut, core.rfind("工会") + 1 if "工会" in core else -1)
        least = 1 if end - start <= 5 else 3
        conjunction = max(core.rfind(char, least) for char in "和与及")
        start += max(cut, conjunction) + 1
        while start < end - 1 and self.text[start] in lists["cut_front"]:
            start += 1
        shared = re.match(r"(?:我|本|全|该|某|其他|所有)[省市县区镇乡村院校园]?", self.text[start:end])
        return start + shared.end() if shared else start

    def _whole_county(self, start: int) -> int:
        """Give 松岚县 its first character back when the segmenter split it as 松 + 岚县."""
        if not _COUNTY.match(self.text, start) or self.text[start] in generic_words() or start == 0:
            return start
        before = self.text[start - 1]
        lists = word_lists()["unit"]
        function = lists["cut_inside"] + lists["cut_front"] + lists["bad_end"]
        return (
            start - 1 if _HAN.match(before) and before not in function and before not in _stops() else start
        )

    def _is_name(self, kind: FactKind, core: str, start: int, match: re.Match[str]) -> bool:
        whole = core + match.group()
        if is_generic(core) or core[-1] in word_lists()["unit"]["bad_end"]:
            return False
        if kind is FactKind.PLACE:
            return (
                len(core) <= 4
                and match.group() not in core
                and not self._is_generic_place(whole, match.group())
                and self._has_proper(start, match.start())
            )
        if kind is FactKind.UPPER and core in word_lists()["upper"]["public"]:
            return False
        if kind is FactKind.PARTY:
            return self._is_party(core, start, match)
        if kind is FactKind.UNIT and re.search(r"(?:医院|[小中大]学|园)$", whole) and len(core) <= 6:
            return self._has_proper(start, match.start()) or self._is_nouns(start, match.start())
        return self._has_proper(start, match.start())

    def _is_party(self, core: str, start: int, match: re.Match[str]) -> bool:
        if core.startswith("中共") and not is_generic(core[2:]):
            return len(core) > 3
        return match.group() != "委员会" and "工会" not in core and self._has_proper(start, match.start())

    def _inside(self, start: int, end: int) -> Sequence[Token]:
        """The tokens that touch a span."""
        last = self._token_ending_by(end)
        first = max(0, self._token_ending_by(start + 1))
        return [token for token in self.tokens[first : last + 1] if token.end > start]

    def _is_nouns(self, start: int, end: int) -> bool:
        """Whether a span is two to four characters of plain nouns (阳光小学)."""
        inside = self._inside(start, end)
        return end - start <= 4 and all(token.tag[0] in "nsjbz" for token in inside)

    def _is_generic_place(self, whole: str, suffix: str) -> bool:
        """Whether a place ends in a word in general use (老旧小区); its own last word does not count."""
        return any(whole.endswith(word) for word in word_lists()["place"]["generic"] if word != suffix)

    def _has_proper(self, start: int, end: int) -> bool:
        """Whether a span holds a proper noun or a word no dictionary has."""
        inside = self._inside(start, end)
        return any(
            token.tag not in _NUMERAL_TAGS
            and not is_generic(token.word)
            and (token.tag in PROPER_TAGS or (len(token.word) > 1 and not is_known(token.word)))
            for token in inside
        )


def _places(tokens: Sequence[Token]) -> Iterator[Span]:
    """Names the dictionary has with their last word (临汾市)."""
    generic = word_lists()["place"]["generic"]
    for token in tokens:
        full = token.tag == "ns" and len(token.word) > 2 and token.word[-1] in "省市县区州旗镇乡"
        if full and is_known(token.word) and token.word not in generic:
            yield FactKind.PLACE, token.start, token.end
