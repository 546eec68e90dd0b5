"""What a proposal changes, sentence by sentence, and the text that taking only some of it makes.

A section's text is lines, a line is an item number (or none) and sentences. Numbers are no part of what is
compared: a new item does not make all later ones look changed. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.numbering import renumber, split_number

_SENTENCE = re.compile(r"[^。！？；]*[。！？；]+[”’」』）]*|[^。！？；]+$")
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `head` is the number it begins a line with ("1." for every number with a dot, "" for a
    line without one), None inside a line; `line` the line it stands in.
    """

    text: str
    head: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence replaced, put in (`before` is "") or taken out (`after` is ""), numbered from 0."""

    number: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """One place of the comparison: a sentence of the old text, of the new one, or of both.

    `change` is the number of the change it belongs to, None where both say the same.
    """

    old: Sentence | None
    new: Sentence | None
    change: int | None


def sentences_of(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a section's text in order; empty lines hold none."""
    found = []
    for number, row in enumerate(text.split("\n")):
        mark, rest = split_number(row)
        head = mark if not mark or mark[0] in "（(" else "1."
        for place, sentence in enumerate(_SENTENCE.findall(rest)):
            found.append(Sentence(sentence.strip(), head if not place else None, number))
    return tuple(found)


def steps(before: str, after: str) -> tuple[Step, ...]:
    """Return the comparison of two texts, in reading order."""
    old, new = sentences_of(before), sentences_of(after)
    rows: list[tuple[Sentence | None, Sentence | None, bool]] = []
    matcher = SequenceMatcher(None, [_key(s) for s in old], [_key(s) for s in new], autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            rows += [(left, right, False) for left, right in zip(old[i1:i2], new[j1:j2], strict=True)]
        else:
            rows += [(left, right, True) for left, right in _paired(old[i1:i2], new[j1:j2])]
    number, found = 0, []
    for left, right, changed in rows:
        found.append(Step(left, right, number if changed else None))
        number += changed
    return tuple(found)


def changes(before: str, after: str) -> tuple[Change, ...]:
    """Return the changes between two texts, each to be taken or left by itself."""
    return tuple(
        Change(step.change, step.old.text if step.old else "", step.new.text if step.new else "")
        for step in steps(before, after)
        if step.change is not None
    )


def merged(before: str, after: str, taken: Collection[int]) -> str:
    """Return `before` with the changes numbered in `taken`. None taken is `before` itself, all is `after`."""
    rows = steps(before, after)
    every = {step.change for step in rows if step.change is not None}
    if not every & set(taken):
        return before
    if every <= set(taken):
        return after
    return renumber("\n".join(_lines(rows, set(taken))))


def _key(sentence: Sentence) -> tuple[str | None, str]:
    return sentence.head, sentence.text


def _lines(rows: Sequence[Step], taken: set[int]) -> Iterator[str]:
    """Yield the lines of the chosen sentences: where a line's first sentence is left out, the next one
    that is kept begins the line.
    """
    begun: set[tuple[bool, int]] = set()
    heads = {(is_new, s.line): s.head for row in rows for is_new, s in _sides(row) if s.head is not None}
    line = ""
    for row in rows:
        chosen = row.new if row.change is not None and row.change in taken else row.old
        if chosen is None:
            continue
        places = {(is_new, s.line) for is_new, s in _sides(row)}
        own = (chosen is row.new, chosen.line)
        if own not in begun and (chosen.head is not None or not places & begun):
            if line:
                yield line
            line = (chosen.head if chosen.head is not None else heads.get(own)) or ""
        line += chosen.text
        begun |= places
    if line:
        yield line


def _sides(row: Step) -> Iterator[tuple[bool, Sentence]]:
    if row.old:
        yield False, row.old
    if row.new:
        yield True, row.new


def _paired(
    old: Sequence[Sentence], new: Sequence[Sentence]
) -> Iterator[tuple[Sentence | None, Sentence | None]]:
    """Yield the sentences of a changed stretch, those that are most alike together, in reading order."""
    best = _alignment(old, new)
    i = j = 0
    for left, right in [*best, (len(old), len(new))]:
        yield from ((sentence, None) for sentence in old[i:left])
        yield from ((None, sentence) for sentence in new[j:right])
        if left < len(old):
            yield old[left], new[right]
        i, j = left + 1, right + 1


def _alignment(old: Sequence[Sentence], new: Sequence[Sentence]) -> list[tuple[int, int]]:
    """Return the pairs (place in old, place in new), none crossing, whose likeness adds up to most."""
    score = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_likeness(left.text, right.text) for right in new] for left in old]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            together = alike[i][j] + score[i + 1][j + 1] if alike[i][j] >= _ALIKE else 0.0
            score[i][j] = max(score[i + 1][j], score[i][j + 1], together)
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if alike[i][j] >= _ALIKE and score[i][j] == alike[i][j] + score[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif score[i][j] == score[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(left: str, right: str) -> float:
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0
