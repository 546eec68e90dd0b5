"""Which precedent a sentence leans on: the longest run they share, or a sentence much like it, or nothing.

Citations are computed from text; no writer ever produces one. A run shows where words were taken over,
likeness where they were said anew; what reaches neither leans on nothing, and is shown so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from assistant.text import han_count, shingles
from assistant.types import Citation, Evidence

SHORTEST_RUN = 8
LIKE = 0.45  # share of the pairs of Hanzi of both sentences that they have in common (Dice)
SHORTEST_SENTENCE = 10
_GRAM, _SMALL_GRAM = 6, 3
_FINALISTS = 3
_FEWEST_SHARED = 4
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_NUMBER = re.compile(r"\s*(?:\d{1,2}[.．]|（\d{1,2}）)?\s*")


def cite(text: str, evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """Return at most one citation a line of `text`, spans exact on both sides.

    A line cites the passage with the longest run of at least `SHORTEST_RUN` Hanzi in common; failing that,
    the sentence that is at least `LIKE` like one of its own. Lines with neither get none.
    """
    runs, likes = _index(evidence, _GRAM), _index(evidence, _SMALL_GRAM)
    found, start = [], 0
    for line in text.split("\n"):
        citation = _by_run(line, start, evidence, runs) or _by_likeness(line, start, evidence, likes)
        if citation:
            found.append(citation)
        start += len(line) + 1
    return tuple(found)


def kept(citations: Sequence[Citation], before: str, after: str) -> tuple[Citation, ...]:
    """Return the citations of `before` whose words still stand in `after`, at their new places."""
    moved = []
    for citation in citations:
        words = before[citation.start : citation.end]
        start = after.find(words) if words else -1
        if start >= 0:
            moved.append(replace(citation, start=start, end=start + len(words)))
    return tuple(moved)


def recited(
    citations: Sequence[Citation], before: str, after: str, evidence: Callable[[], Sequence[Evidence]]
) -> tuple[Citation, ...]:
    """Return the citations of a text that a person changed: those whose words still stand, and new ones for
    the lines that are new and have none; `evidence` is asked only where there is such a line.
    """
    held = kept(citations, before, after)
    old = {_bare(line) for line in before.split("\n")}
    fresh, start = [], 0
    for line in after.split("\n"):
        end = start + len(line)
        if _bare(line) not in old and not any(start <= citation.start < end for citation in held):
            fresh.append((start, end))
        start = end + 1
    if not fresh:
        return held
    anew = [c for c in cite(after, evidence()) if any(left <= c.start < right for left, right in fresh)]
    return tuple(sorted((*held, *anew), key=lambda citation: citation.start))


def _bare(line: str) -> str:
    """Return a line without its number."""
    return _NUMBER.sub("", line, count=1).strip()


def _index(evidence: Sequence[Evidence], size: int) -> dict[str, list[int]]:
    holders: dict[str, list[int]] = {}
    for number, one in enumerate(evidence):
        for gram in shingles(one.passage.text, size):
            holders.setdefault(gram, []).append(number)
    return holders


def _finalists(line: str, size: int, holders: Mapping[str, list[int]], fewest: int) -> Iterator[int]:
    """Yield the passages that share most runs of `size` Hanzi with a line, ties in order."""
    shared = Counter(number for gram in sorted(shingles(line, size)) for number in holders.get(gram, ()))
    best = sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))[:_FINALISTS]
    yield from (number for number, count in best if count >= fewest)


def _by_run(
    line: str, start: int, evidence: Sequence[Evidence], holders: Mapping[str, list[int]]
) -> Citation | None:
    best: Citation | None = None
    longest = SHORTEST_RUN - 1
    told = _NUMBER.match(line)
    skip = told.end() if told else 0
    line, start = line[skip:], start + skip
    for number in _finalists(line, _GRAM, holders, 1):
        passage = evidence[number].passage
        match = SequenceMatcher(None, line, passage.text, autojunk=False).find_longest_match()
        length = han_count(line[match.a : match.a + match.size])
        if length > longest:
            longest = length
            quote = passage.text[match.b : match.b + match.size]
            place = (start + match.a, start + match.a + match.size)
            best = Citation(*place, passage.id, passage.document_id, passage.title, quote)
    return best


def _by_likeness(
    line: str, start: int, evidence: Sequence[Evidence], holders: Mapping[str, list[int]]
) -> Citation | None:
    best: Citation | None = None
    highest = LIKE
    for number in _finalists(line, _SMALL_GRAM, holders, _FEWEST_SHARED):
        passage = evidence[number].passage
        for left, right, grams in _sentences(line):
            for from_, to, theirs in _sentences(passage.text):
                score = 2 * len(grams & theirs) / (len(grams) + len(theirs))
                if score > highest or (score == highest and best is None):
                    highest = score
                    quote = passage.text[from_:to]
                    source = (passage.id, passage.document_id, passage.title, quote)
                    best = Citation(start + left, start + right, *source, "similar", round(score, 3))
    return best


def _sentences(text: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Yield the span of each sentence long enough to be known again, and its pairs of Hanzi."""
    for match in _SENTENCE.finditer(text):
        number = _NUMBER.match(match[0])
        skip = number.end() if number else 0
        if han_count(match[0][skip:]) >= SHORTEST_SENTENCE:
            yield match.start() + skip, match.end(), shingles(match[0][skip:])
