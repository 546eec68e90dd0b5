"""Which precedent a sentence leans on: the longest run it shares with one, or nothing at all.

Citations are computed from text; no writer ever produces one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from assistant.text import han_count, shingles
from assistant.types import Citation, Evidence

SHORTEST_RUN = 8
_GRAM = 6
_FINALISTS = 3


def cite(text: str, evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """Return at most one citation a line of `text`: the passage with the longest run of at least
    `SHORTEST_RUN` Hanzi in common. Lines that share no such run get none.
    """
    holders = _index(evidence)
    found, start = [], 0
    for line in text.split("\n"):
        citation = _of_line(line, start, evidence, holders)
        if citation:
            found.append(citation)
        start += len(line) + 1
    return tuple(found)


def _index(evidence: Sequence[Evidence]) -> dict[str, list[int]]:
    holders: dict[str, list[int]] = {}
    for number, one in enumerate(evidence):
        for gram in shingles(one.passage.text, _GRAM):
            holders.setdefault(gram, []).append(number)
    return holders


def _of_line(
    line: str, start: int, evidence: Sequence[Evidence], holders: dict[str, list[int]]
) -> Citation | None:
    shared = Counter(number for gram in shingles(line, _GRAM) for number in holders.get(gram, ()))
    best: Citation | None = None
    longest = SHORTEST_RUN - 1
    for number, _ in shared.most_common(_FINALISTS):
        passage = evidence[number].passage
        match = SequenceMatcher(None, line, passage.text, autojunk=False).find_longest_match()
        length = han_count(line[match.a : match.a + match.size])
        if length > longest:
            longest = length
            quote = passage.text[match.b : match.b + match.size]
            best = Citation(
                start + match.a,
                start + match.a + match.size,
                passage.id,
                passage.document_id,
                passage.title,
                quote,
            )
    return best
