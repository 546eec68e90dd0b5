"""What a query asks for: the words to look for and what it names (unit type, period, section, year).

What is named is a wish that lifts a hit, never a limit. Knows nothing about passages or ranking.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from index import labels
from index.fulltext import Query, parse
from index.types import Genre, OrgType, Period, SectionCode

Item = TypeVar("Item")

YEAR = re.compile(r"(?<!\d)(20[0-4]\d)\s*年?")
HAN = re.compile("[\u4e00-\u9fff]")
MONTHLY = "月度|每月|按月|逐月|行事历|几月"
NAMES_A_UNIT = 3
NOT_A_WORD = re.compile(r"[0-9a-z]*|.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a query asks for: its parts, what it names, and `words`, what is left to look for.

    `text` is the same as running text, for the encoder; `core` is that without words that only ask.
    `alike` are other names of what the query names; `half` is the half of the year its feasts lie in.
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


def read(text: str) -> Wish:
    """Take a query apart. Words that only name a unit type, period or year are wishes, not words to
    look for, unless nothing else is left.
    """
    stop, common = word_lists()
    query = parse(text, stop)
    plain = _without(query.plain, _named(query.plain))
    words = tuple(filter(_telling(stop | common), parse(plain).words))
    year = YEAR.search(text)
    alike = other_names(plain)
    query = replace(query, words=(*words, *alike), plain=plain) if words else query
    return Wish(
        query=query,
        text=query.plain,
        words=words,
        orgs=_best_orgs(text),
        periods=_unique(code for code, _, _ in labels.periods_in(text)),
        genres=_unique(code for code, _, _ in labels.genres_in(text)),
        sections=sections_in(text),
        year=int(year.group(1)) if year else None,
        core="".join(_without(query.plain, _spans(stop, query.plain)).split()),
        alike=alike,
        half=half_of(text),
    )


def _named(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places that only name something. Weak words for a unit type (企业) and kinds of document
    inside a longer word (计划生育) stay words to look for.
    """
    yield from ((start, end) for _, start, end, weight in labels.org_types_in(text) if weight >= NAMES_A_UNIT)
    yield from ((start, end) for _, start, end in labels.periods_in(text))
    yield from ((start, end) for _, start, end in labels.genres_in(text) if not HAN.match(text, end))
    yield from (match.span() for match in YEAR.finditer(text))


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("search.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def word_lists() -> tuple[frozenset[str], frozenset[str]]:
    """Return the stop words and the words common to all plans, from search.toml."""
    return frozenset(_table()["stop"]), frozenset(_table()["common"])


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


def sections_in(text: str) -> tuple[SectionCode, ...]:
    """Return the sections whose aliases a query names, in the order of a plan.

    A query for what a month holds asks for the month table too.
    """
    rows = labels.load_labels().sections.values()
    monthly = {SectionCode.SCHEDULE} if re.search(MONTHLY, text) else set()
    return tuple(
        row.code for row in rows if row.code in monthly or any(alias in text for alias in row.aliases)
    )


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
