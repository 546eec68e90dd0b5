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
from typing import TypeVar

from index import labels
from index.fulltext import Query, parse
from index.types import Genre, OrgType, Period, SectionCode

Item = TypeVar("Item")

YEAR = re.compile(r"(?<!\d)(20[0-4]\d)\s*年?")
HAN = re.compile("[\u4e00-\u9fff]")
NAMES_A_UNIT = 3
NOT_A_WORD = re.compile(r"[0-9a-z]*|.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a query asks for: its parts, what it names, and `words`, what is left to look for.

    `text` is the same as running text, for the encoder.
    """

    query: Query
    text: str
    words: tuple[str, ...] = ()
    orgs: tuple[OrgType, ...] = ()
    periods: tuple[Period, ...] = ()
    genres: tuple[Genre, ...] = ()
    sections: tuple[SectionCode, ...] = ()
    year: int | None = None


def read(text: str) -> Wish:
    """Take a query apart. Words that only name a unit type, period or year are wishes, not words to
    look for, unless nothing else is left.
    """
    stop, common = word_lists()
    query = parse(text, stop)
    plain = _without(query.plain, _named(query.plain))
    words = tuple(filter(_telling(stop | common), parse(plain).words))
    year = YEAR.search(text)
    query = replace(query, words=words, plain=plain) if words else query
    return Wish(
        query=query,
        text=_without(query.plain, _spans(stop, query.plain)) if words else query.plain,
        words=words,
        orgs=_best_orgs(text),
        periods=_unique(code for code, _, _ in labels.periods_in(text)),
        genres=_unique(code for code, _, _ in labels.genres_in(text)),
        sections=sections_in(text),
        year=int(year.group(1)) if year else None,
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
def word_lists() -> tuple[frozenset[str], frozenset[str]]:
    """Return the stop words and the words common to all plans, from search.toml."""
    table = tomllib.loads(Path(__file__).with_name("search.toml").read_text("utf-8"))
    return frozenset(table["stop"]), frozenset(table["common"])


def sections_in(text: str) -> tuple[SectionCode, ...]:
    """Return the sections whose aliases a query names, in the order of a plan."""
    rows = labels.load_labels().sections.values()
    return tuple(row.code for row in rows if any(alias in text for alias in row.aliases))


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
