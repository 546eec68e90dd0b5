"""The shared vocabulary of codes: what each code is called and by which words a text names it.

The words live in `index/labels.toml`; this module loads them once and reads short texts (a request, a
title) with them. Judging a whole document is the work of `index.classify`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from index.types import FactKind, Flag, Genre, OrgType, PassageKind, Period, SectionCode

OrgMatch = tuple[OrgType, int, int, float]
PeopleMatch = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class OrgRow:
    """A unit type: its Chinese name, its family, and the words that point to it with their weights.

    `cues` name such a unit (in a request, a title), `patterns` do so as regular expressions, and
    `role_cues` are words of its congress, openness and people that count over a whole document.
    """

    code: OrgType
    name: str
    family: str
    cues: Mapping[str, float]
    patterns: Mapping[str, float]
    role_cues: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family of unit types: the type to assume when nothing more is known, and shared words."""

    name: str
    default: OrgType
    role_cues: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A span of time: its name, words for it, and the months it covers (empty if it depends)."""

    code: Period
    name: str
    cues: tuple[str, ...]
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GenreRow:
    """A kind of document: its name and words for it."""

    code: Genre
    name: str
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionWords:
    """A section code: its name, `aliases` that settle a heading, `cues` that only hint at it."""

    code: SectionCode
    name: str
    aliases: tuple[str, ...]
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Rules for judging a document: season words, marks of tense, era phrases, traces of damage.

    `leaks` is keyed by unit type where a type has a list of its own, else by family.
    """

    seasons: Mapping[str, tuple[str, ...]]
    past: re.Pattern[str]
    future: re.Pattern[str]
    split: re.Pattern[str]
    report: re.Pattern[str]
    stale: re.Pattern[str]
    stale_unless: re.Pattern[str]
    spun_sure: re.Pattern[str]
    spun: re.Pattern[str]
    leak_allowed: re.Pattern[str]
    leaks: Mapping[str, re.Pattern[str]]
    wrappers: frozenset[str]
    soft_wrappers: frozenset[str]
    catch_alls: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class LabelTable:
    """Everything in `labels.toml`, loaded once. `people` are words for a trade's own people and its types."""

    orgs: Mapping[OrgType, OrgRow]
    people: Mapping[str, tuple[OrgType, ...]]
    families: Mapping[str, FamilyRow]
    periods: Mapping[Period, PeriodRow]
    genres: Mapping[Genre, GenreRow]
    sections: Mapping[SectionCode, SectionWords]
    names: Mapping[tuple[type[StrEnum], str], str]
    wording: Wording


@lru_cache(maxsize=1)
def load_labels() -> LabelTable:
    """Read `index/labels.toml`. A missing row for a code is a KeyError: the table must be complete."""
    raw = tomllib.loads(files("index").joinpath("labels.toml").read_text(encoding="utf-8"))
    return LabelTable(
        orgs={code: _org_row(code, raw["org"][code.value]) for code in OrgType},
        people={word: tuple(map(OrgType, row["orgs"])) for row in raw["people"] for word in row["words"]},
        families={name: _family_row(name, row) for name, row in raw["family"].items()},
        periods={code: _period_row(code, raw["period"][code.value]) for code in Period},
        genres={
            code: GenreRow(code, raw["genre"][code.value]["name"], tuple(raw["genre"][code.value]["cues"]))
            for code in Genre
        },
        sections={code: _section_words(code, raw["section"][code.value]) for code in SectionCode},
        names=_names(raw),
        wording=_wording(raw),
    )


def _org_row(code: OrgType, row: Mapping[str, Any]) -> OrgRow:
    cues = dict(sorted(row["cues"].items(), key=lambda pair: -len(pair[0])))
    return OrgRow(code, row["name"], row["family"], cues, row.get("patterns", {}), row["role_cues"])


def _family_row(name: str, row: Mapping[str, Any]) -> FamilyRow:
    return FamilyRow(name, OrgType(row["default"]), row["role_cues"])


def _period_row(code: Period, row: Mapping[str, Any]) -> PeriodRow:
    return PeriodRow(code, row["name"], tuple(row["cues"]), tuple(row.get("months", ())))


def _section_words(code: SectionCode, row: Mapping[str, Any]) -> SectionWords:
    return SectionWords(code, row["name"], tuple(row["aliases"]), tuple(row["cues"]))


def _names(raw: Mapping[str, Any]) -> dict[tuple[type[StrEnum], str], str]:
    tables: tuple[tuple[type[StrEnum], str], ...] = (
        (OrgType, "org"),
        (Period, "period"),
        (Genre, "genre"),
        (SectionCode, "section"),
        (Flag, "flag"),
        (FactKind, "fact"),
        (PassageKind, "passage"),
    )
    names: dict[tuple[type[StrEnum], str], str] = {}
    for kind, table in tables:
        for code in kind:
            row = raw[table][code.value]
            names[kind, code.value] = row if isinstance(row, str) else row["name"]
    return names


def _wording(raw: Mapping[str, Any]) -> Wording:
    tense, leak = raw["tense"], raw["leak"]
    return Wording(
        seasons={name: tuple(words) for name, words in raw["seasons"].items()},
        past=_any_of(tense["past"]),
        future=_any_of(tense["future"]),
        split=_any_of(tense["split"]),
        report=_any_of(tense["report"]),
        stale=_any_of(raw["stale"]["phrases"]),
        stale_unless=_any_of(raw["stale"]["unless"]),
        spun_sure=_any_of(raw["spun"]["sure"]),
        spun=_any_of(raw["spun"]["phrases"]),
        leak_allowed=_any_of(leak["allowed"]),
        leaks={name: _any_of(words) for name, words in (leak["families"] | leak["types"]).items()},
        wrappers=frozenset(raw["wrapper"]["headings"]),
        soft_wrappers=frozenset(raw["wrapper"]["soft"]),
        catch_alls=_any_of(raw["wrapper"]["catch_alls"]),
    )


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def word_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """One pattern for many literal words, longest first; Latin words match whole, in any case."""
    return re.compile("|".join(map(_literal, sorted(words, key=len, reverse=True))), re.IGNORECASE)


def _literal(word: str) -> str:
    escaped = re.escape(word)
    return rf"(?<![A-Za-z0-9]){escaped}s?(?![A-Za-z0-9])" if word.isascii() else escaped


def name_of(code: StrEnum | str) -> str:
    """The Chinese name of a code. A plain string is looked up as unit type, period, genre, section, …

    Raises KeyError for a word that is no code. A typed code is never mistaken for another table's
    ("summary" is a genre and a flag); a plain string takes the first table that has it.
    """
    names = load_labels().names
    if isinstance(code, StrEnum):
        return names[type(code), code.value]
    for (_, value), name in names.items():
        if value == code:
            return name
    raise KeyError(code)


@lru_cache(maxsize=1)
def _org_cues() -> tuple[re.Pattern[str], Mapping[str, tuple[OrgType, float]]]:
    """All unit-type words as one pattern, and what each stands for."""
    known = {
        cue.lower(): (row.code, float(weight))
        for row in load_labels().orgs.values()
        for cue, weight in row.cues.items()
    }
    return word_pattern(known), known


@lru_cache(maxsize=1)
def _org_patterns() -> tuple[tuple[re.Pattern[str], OrgType, float], ...]:
    return tuple(
        (re.compile(pattern, re.IGNORECASE), row.code, float(weight))
        for row in load_labels().orgs.values()
        for pattern, weight in row.patterns.items()
    )


def org_types_in(text: str) -> list[OrgMatch]:
    """Every mention of a kind of unit in a short text: (type, start, end, weight), in reading order.

    The longest word at a place wins (高职院校 is not also a 学校); patterns only count where no word does.
    """
    pattern, known = _org_cues()
    found: list[OrgMatch] = []
    for match in pattern.finditer(text):
        word = match.group().lower()
        code, weight = known[word] if word in known else known[word.removesuffix("s")]
        found.append((code, match.start(), match.end(), weight))
    for rule, code, weight in _org_patterns():
        for match in rule.finditer(text):
            if not any(start < match.end() and match.start() < end for _, start, end, _ in found):
                found.append((code, match.start(), match.end(), weight))
    return sorted(found, key=lambda item: (item[1], item[2]))


def org_scores(text: str) -> dict[OrgType, float]:
    """Weight of each unit type in a short text; a word said twice counts once."""
    best: dict[tuple[OrgType, str], float] = {}
    for code, start, end, weight in org_types_in(text):
        best[code, text[start:end].lower()] = weight
    scores: dict[OrgType, float] = {}
    for (code, _), weight in best.items():
        scores[code] = scores.get(code, 0.0) + weight
    return scores


def org_type_of(text: str) -> OrgType | None:
    """The unit type a short text is about, or None. On equal weight the one named first wins."""
    scores = org_scores(text)
    if not scores:
        return None
    first = {code: start for code, start, _, _ in reversed(org_types_in(text))}
    return min(scores, key=lambda code: (-scores[code], first[code]))


@lru_cache(maxsize=1)
def _people_words() -> re.Pattern[str]:
    return word_pattern(load_labels().people)


def people_in(text: str) -> list[PeopleMatch]:
    """Every word for a trade's own people in a short text (word, start, end), in order; the longest wins."""
    return [
        (match.group().lower().removesuffix("s"), match.start(), match.end())
        for match in _people_words().finditer(text)
    ]


def trades_of(word: str) -> tuple[OrgType, ...]:
    """The unit types whose own people a word names (护士), none for any other word."""
    return load_labels().people.get(word, ())


def periods_in(text: str) -> list[tuple[Period, int, int]]:
    """Every mention of a span of time in a short text, in reading order; the longest word wins."""
    pattern, known = _period_cues()
    return [(known[word], start, end) for word, start, end in _mentions(pattern, known, text)]


@lru_cache(maxsize=1)
def _period_cues() -> tuple[re.Pattern[str], Mapping[str, Period]]:
    known = {cue.lower(): row.code for row in load_labels().periods.values() for cue in row.cues}
    return word_pattern(known), known


def genres_in(text: str) -> list[tuple[Genre, int, int]]:
    """Every mention of a kind of document in a short text, in reading order; the longest word wins."""
    pattern, known = _genre_cues()
    return [(known[word], start, end) for word, start, end in _mentions(pattern, known, text)]


@lru_cache(maxsize=1)
def _genre_cues() -> tuple[re.Pattern[str], Mapping[str, Genre]]:
    known = {cue.lower(): row.code for row in load_labels().genres.values() for cue in row.cues}
    return word_pattern(known), known


def _mentions(pattern: re.Pattern[str], known: Mapping[str, object], text: str) -> list[tuple[str, int, int]]:
    mentions = []
    for match in pattern.finditer(text):
        word = match.group().lower()
        mentions.append((word if word in known else word.removesuffix("s"), match.start(), match.end()))
    return mentions
