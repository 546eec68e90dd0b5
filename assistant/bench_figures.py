"""What a draft measures: concrete items, words shared with a precedent, sentences shared with another draft.

Pure functions over text. Official terms (slogans, statutes, roles of the trade) may stand anywhere and count
as nobody's words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.checks.base import HIDDEN, hide, hide_words
from assistant.concreteness import concrete
from assistant.tables import Tables
from assistant.text import han_count, han_only, overlap, shingles
from assistant.types import FRAME, Draft, Profile
from assistant.when import arabic_months, months_in
from index.types import Passage, SectionCode

GRAM = 8  # Hanzi; a run as long as this is taken from somewhere
SHORTEST_TERM = 4
SHORTEST_SENTENCE = 8
_BACKED = 0.25  # an entry of the month table may call a measure by its usual name
_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.．]|（\d{1,2}）|（[一二三四五六七八九十]+）)\s*")


@dataclass(frozen=True, slots=True)
class Copies:
    """Every run of `GRAM` Hanzi of a library, with its documents; `imported` are the person's."""

    grams: Mapping[str, tuple[str, ...]]
    imported: frozenset[str]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """`share`: Hanzi in common with the one document that has most, 0 to 1; `run`: the longest run in common
    with an imported document, in Hanzi, and that run itself.
    """

    share: float
    run: int
    words: str = ""


def index_copies(passages: Iterable[Passage], tables: Tables) -> Copies:
    """Return the runs of every passage, official terms apart."""
    terms = official_terms(tables)
    grams: dict[str, set[str]] = defaultdict(set)
    imported = set()
    for passage in passages:
        if passage.origin != "starter":
            imported.add(passage.document_id)
        text = han_only(passage.text)
        for at in range(len(text) - GRAM + 1):
            grams[text[at : at + GRAM]].add(passage.document_id)
    return Copies({gram: tuple(sorted(ids)) for gram, ids in grams.items()}, frozenset(imported), terms)


def official_terms(tables: Tables) -> tuple[str, ...]:
    """Return names and fixed wording that belong to everybody."""
    laws = (name for row in tables.statutes for name in (row.full_name, row.name))
    slogans = (row.text for row in tables.slogan_rows)
    roles = (word for org in tables.orgs.values() for word in org.roles.values())
    feasts = (word for row in tables.calendar for word in row.words)
    found = dict.fromkeys((*laws, *slogans, *roles, *feasts))
    return tuple(sorted((word for word in found if len(word) >= SHORTEST_TERM), key=len, reverse=True))


def copied(plan: Draft, copies: Copies) -> Copied:
    """Return how much of a plan stands in one document, and the longest run out of an imported one."""
    own = _own_words(plan.profile)
    total = sum(han_count(section.text) for section in plan.sections)
    covered: Counter[str] = Counter()
    longest, words = 0, ""
    for line in (line for section in plan.sections for line in section.text.splitlines()):
        signs = _signs(line, (*copies.terms, *own))
        for document, marks in _runs(signs, copies).items():
            covered[document] += sum(marks)
            if document in copies.imported:
                length, end = _longest(marks)
                if length > longest:
                    longest, words = length, signs[end - length : end]
    return Copied(max(covered.values(), default=0) / max(1, total), longest, words)


def concrete_share(plan: Draft) -> float:
    """Return the share of a plan's measures that are concrete, 0 to 1."""
    rows = (
        line for section in plan.sections if section.code not in FRAME for line in section.text.splitlines()
    )
    items = [line for line in rows if line.strip()]
    return sum(map(concrete, items)) / max(1, len(items))


def same_sentences(one: Draft, other: Draft) -> float:
    """Return the share of sentences two plans have in common, own names put aside, 0 to 1."""
    ours, theirs = _sentences(one), _sentences(other)
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _sentences(plan: Draft) -> set[str]:
    own = sorted(_own_words(plan.profile), key=len, reverse=True)
    found = set()
    for section in plan.sections:
        for sentence in re.split(r"[。！？；\n]", section.text):
            bare = han_only(hide_words(_NUMBER.sub("", sentence), own))
            if len(bare) >= SHORTEST_SENTENCE:
                found.add(bare)
    return found


def unlisted(plan: Draft) -> int:
    """Return how many dated measures of a plan with a month table have no entry of theirs in it."""
    table = "\n".join(s.text for s in plan.sections if s.code is SectionCode.SCHEDULE)
    listed = [(months_in(line)[:1], shingles(part)) for line in table.splitlines() for part in _parts(line)]
    rows = [
        (months_in(arabic_months(line)), shingles(line))
        for section in plan.sections
        if section.code not in FRAME
        for line in section.text.splitlines()
    ]
    return sum(
        not any(month and month[0] in months and overlap(entry, grams) >= _BACKED for month, entry in listed)
        for months, grams in rows
        if months and table
    )


def _parts(line: str) -> list[str]:
    return [part for part in re.split(r"[：；。]", line)[1:] if part]


def _own_words(profile: Profile) -> tuple[str, ...]:
    names = (profile.unit, profile.union, profile.short, profile.party, *profile.upper)
    said = (*profile.bodies, *profile.programs, *profile.key_tasks, *profile.fixed_events)
    return tuple(word for word in (*names, *said) if word)


def _signs(line: str, terms: Iterable[str]) -> str:
    """Return the Hanzi of a line, what is nobody's words replaced by a mark that matches nothing."""
    text = hide_words(hide(line, [r"《[^》]*》", r"【[^】]*】"]), terms)
    return "".join(sign for sign in text if sign == HIDDEN or han_count(sign))


def _runs(signs: str, copies: Copies) -> dict[str, list[bool]]:
    """Return, for each document, which signs of a line stand in one of its runs."""
    marks: dict[str, list[bool]] = {}
    for at in range(len(signs) - GRAM + 1):
        for document in copies.grams.get(signs[at : at + GRAM], ()):
            row = marks.setdefault(document, [False] * len(signs))
            row[at : at + GRAM] = [True] * GRAM
    return marks


def _longest(marks: list[bool]) -> tuple[int, int]:
    """Return the length of the longest stretch of true marks and where it ends."""
    best, end, length = 0, 0, 0
    for at, mark in enumerate(marks):
        length = length + 1 if mark else 0
        if length > best:
            best, end = length, at + 1
    return best, end
