"""What a query asks for: the words to look for and what it names (unit type, period, section, year).

What is named is a wish that lifts a hit, never a limit. Knows nothing about passages or ranking.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from index import labels
from index.fulltext import EXCLUDED, Query, parse
from index.types import Genre, Named, NamedKind, OrgType, Period, SectionCode

Item = TypeVar("Item")

YEAR = re.compile(r"(?<!\d)(20[0-4]\d)\s*年?")
HAN = re.compile("[\u4e00-\u9fff]")
MONTHLY = "月度|每月|按月|逐月|行事历|几月"
NAMES_A_UNIT = 3
WORDS_TOO = (NamedKind.SECTION, NamedKind.PEOPLE)
NOT_A_WORD = re.compile(r"[0-9a-z]*|.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a query asks for: its parts, what it names, and `words`, what is left to look for.

    `text` is the same as running text, for the encoder; `core` is that without words that only ask.
    `alike` are other names of what the query names; `half` is the half of the year its feasts lie in;
    `kinds` are words of which a document's title holds one if it is of the very kind of unit asked for;
    `staffed` are the unit types whose own people (护士) it speaks of, if it names none itself.
    """

    query: Query
    text: str
    words: tuple[str, ...] = ()
    orgs: tuple[OrgType, ...] = ()
    periods: tuple[Period, ...] = ()
    genres: tuple[Genre, ...] = ()
    sections: tuple[SectionCode, ...] = ()
    year: int | None = None
    core: str = ""
    alike: tuple[str, ...] = ()
    half: Period | None = None
    named: tuple[Named, ...] = ()
    kinds: tuple[str, ...] = ()
    staffed: tuple[OrgType, ...] = ()


def read(text: str, without: Collection[str] = ()) -> Wish:
    """Take a query apart. Words that only name a unit type, period or year are wishes, not words to
    look for, unless nothing else is left. A name whose key is in `without` is a word like any other.
    """
    stop, common = word_lists()
    query = parse(text, stop)
    plain = _without(query.plain, _only_names(query.plain, without))
    words = tuple(filter(_telling(stop | common), parse(plain).words))
    alike = other_names(plain)
    query = replace(query, words=(*words, *alike), plain=plain) if words else query
    named = names_in(text, without)
    years = _codes(named, NamedKind.YEAR)
    return Wish(
        query=query,
        text=query.plain,
        words=words,
        orgs=tuple(map(OrgType, _codes(named, NamedKind.ORG))),
        periods=tuple(map(Period, _codes(named, NamedKind.PERIOD))),
        genres=tuple(map(Genre, _codes(named, NamedKind.GENRE))),
        sections=tuple(map(SectionCode, _codes(named, NamedKind.SECTION))),
        year=int(years[0]) if years else None,
        core="".join(_without(query.plain, _spans(stop, query.plain)).split()),
        alike=alike,
        half=half_of(text),
        named=named,
        kinds=_kinds_of(" ".join([query.plain, *(i.text for i in named if i.kind is NamedKind.ORG)])),
        staffed=_shared([labels.trades_of(word) for word in _codes(named, NamedKind.PEOPLE)]),
    )


def names_in(text: str, without: Collection[str] = ()) -> tuple[Named, ...]:
    """Return what a query names, each once, in reading order; what it excludes names nothing."""
    said = EXCLUDED.sub(lambda match: " " * len(match.group()), text)
    found = sorted(
        (start, -end, kind, str(code))
        for kind, code, start, end in _names(said)
        if f"{kind}:{code}" not in without
    )
    named = {(kind, code): (start, -end) for start, end, kind, code in reversed(found)}
    return tuple(
        Named(kind, code, text[start:end], start, end)
        for (kind, code), (start, end) in sorted(named.items(), key=lambda item: item[1])
    )


def _names(text: str) -> Iterator[tuple[NamedKind, str, int, int]]:
    staff = list(_members(text))
    spans, best = {(start, end) for _, start, end in staff}, _best_orgs(text)
    units = [found for found in labels.org_types_in(text) if found[1:3] not in spans]
    for org, start, end, _ in units:
        if org in best:
            yield NamedKind.ORG, _guide(text, start, end) or org, start, end
    for word, start, end in () if units else staff:
        yield NamedKind.PEOPLE, word, start, end
    for period, start, end in labels.periods_in(text):
        yield NamedKind.PERIOD, period, start, end
    for genre, start, end in labels.genres_in(text):
        yield NamedKind.GENRE, genre, start, end
    for section, start, end in sections_in(text):
        yield NamedKind.SECTION, section, start, end
    for match in YEAR.finditer(text):
        yield NamedKind.YEAR, match.group(1), match.start(), match.end()


def _members(text: str) -> Iterator[labels.PeopleMatch]:
    """Yield a trade's own people, but not those who are asked to come (请医生来讲课) or seen (看大夫)."""
    guests = re.compile(_table()["guests"])
    yield from (found for found in labels.people_in(text) if not guests.search(text, 0, found[1]))


def _guide(text: str, start: int, end: int) -> OrgType | None:
    """Return the type of the union above, where a text speaks of many units at this place (各学校)."""
    table = _table()["guides"]
    above = (org for org in OrgType if text[start:end] in table.get(org, ()))
    return next(above, None) if re.search(table["many"], text[:start]) else None


def _only_names(text: str, without: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield the places that only name something. Weak words for a unit type (企业), kinds of document
    inside a longer word (计划生育), people and headings stay words to look for.
    """
    strong = {(start, end) for _, start, end, weight in labels.org_types_in(text) if weight >= NAMES_A_UNIT}
    for kind, code, start, end in _names(text):
        weak = kind is NamedKind.ORG and (start, end) not in strong
        inside = kind is NamedKind.GENRE and HAN.match(text, end)
        if f"{kind}:{code}" not in without and not (weak or inside or kind in WORDS_TOO):
            yield start, end


def _codes(named: Iterable[Named], kind: NamedKind) -> tuple[str, ...]:
    return tuple(item.code for item in named if item.kind is kind)


def _shared(trades: Sequence[tuple[OrgType, ...]]) -> tuple[OrgType, ...]:
    """Return the unit types that all of the people may belong to, of any of them where there is none."""
    every = _unique(org for orgs in trades for org in orgs)
    return tuple(org for org in every if all(org in orgs for orgs in trades)) or every


def _kinds_of(text: str) -> tuple[str, ...]:
    """Return the names of the kinds of unit within a type that a text speaks of: 卫生院, not any hospital."""
    found: list[str] = []
    for group in _table()["kinds"]:
        said = [name for name in group if name in text]
        found += group if said else ()
        for name in said:
            text = text.replace(name, " ")
    return tuple(found)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("search.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def word_lists() -> tuple[frozenset[str], frozenset[str]]:
    """Return the stop words and the words common to all plans, from search.toml."""
    return frozenset(_table()["stop"]), frozenset(_table()["common"])


@lru_cache(maxsize=1)
def small_words() -> frozenset[str]:
    """Return the words of talk that need not be missed, from search.toml."""
    return frozenset(_table()["small"])


def fit_weights() -> Mapping[str, Any]:
    """Return the weights that judge whether anything fits, from search.toml."""
    weights: Mapping[str, Any] = _table()["fit"]
    return weights


def other_names(text: str) -> tuple[str, ...]:
    """Return the trade's other names of what a text names: 职工代表大会 for 职代会."""
    groups = [group for group in _table()["alike"] if any(name in text for name in group)]
    return _unique(name for group in groups for name in group if name not in text)


def is_word(text: str) -> bool:
    """Return whether the dictionary holds it; what the segmenter only guessed (少上) is not worth naming."""
    import rjieba

    return len(rjieba.cut(text, False)) == 1


def half_of(text: str) -> Period | None:
    """Return the half of the year that the feasts and customs a query names lie in, None if in neither."""
    seasons = labels.load_labels().wording.seasons
    first, second = (any(word in text for word in seasons[name]) for name in ("first", "second"))
    return None if first == second else Period.H1 if first else Period.H2


def sections_in(text: str) -> tuple[tuple[SectionCode, int, int], ...]:
    """Return the sections whose aliases a query names with the longest such place, in the order of a plan.

    A query for what a month holds asks for the month table too.
    """
    found = []
    for row in labels.load_labels().sections.values():
        words = sorted((alias for alias in row.aliases if alias in text), key=len, reverse=True)
        monthly = re.search(MONTHLY, text) if row.code is SectionCode.SCHEDULE else None
        if words:
            found.append((row.code, text.index(words[0]), text.index(words[0]) + len(words[0])))
        elif monthly:
            found.append((row.code, *monthly.span()))
    return tuple(found)


def _best_orgs(text: str) -> tuple[OrgType, ...]:
    scores = labels.org_scores(text)
    top = max(scores.values(), default=0.0)
    return tuple(code for code, score in scores.items() if score >= top / 2)


def _spans(words: frozenset[str], text: str) -> Iterator[tuple[int, int]]:
    import rjieba

    position = 0
    for word in rjieba.cut(text):
        if word in words:
            yield position, position + len(word)
        position += len(word)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in spans:
        characters[start:end] = " " * (end - start)
    return "".join(characters)


def _telling(common: frozenset[str]) -> Callable[[str], bool]:
    return lambda word: word not in common and not NOT_A_WORD.fullmatch(word)


def _unique(codes: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(codes))
