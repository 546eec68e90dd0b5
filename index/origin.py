"""Where every character of a cleaned text came from.

Cleaning is many small steps, each of which deletes, replaces and moves on. `Origin` follows the characters
that none of them touched: runs of `(original start, present start, length)`. So a repair can be shown at
its place in the file as it was, and a person sees old and new side by side.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.types import Repair

Run = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Origin:
    """Runs of untouched characters, ascending on both sides, and the length of the original."""

    runs: tuple[Run, ...]
    length: int

    @classmethod
    def same(cls, length: int, shift: int = 0) -> Origin:
        """Return the origin of a text nothing happened to; it stood `shift` characters into the original."""
        return cls(((shift, 0, length),) if length else (), shift + length)

    def after(self, repairs: Iterable[Repair]) -> Origin:
        """Return the origin once these repairs of the present text are made; they ascend, no two overlap."""
        cuts = [cut for repair in repairs for cut in _changes(repair)]
        return Origin(tuple(_cut(self.runs, cuts)), self.length)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the original behind `start:end` of the present text.

        What was put in is given the gap of the original between its untouched neighbours.
        """
        return self._before(start), max(self._before(start), self._behind(end))

    def traced(self, repairs: Iterable[Repair]) -> Iterator[Repair]:
        """Yield the repairs with spans of the original in place of spans of the present text."""
        for repair in repairs:
            start, end = self.span(repair.raw_start, repair.raw_end)
            yield replace(repair, raw_start=start, raw_end=end)

    def within(self, start: int, end: int) -> Iterator[Run]:
        """Yield the runs that lie in `start:end` of the present text, cut to it."""
        for index in range(max(0, self._index(start)), len(self.runs)):
            raw, present, length = self.runs[index]
            if present >= end:
                return
            left, right = max(start, present), min(end, present + length)
            if left < right:
                yield raw + left - present, left, right - left

    def _index(self, position: int) -> int:
        """Return the last run that begins at or before a position, -1 if none does."""
        return bisect_right(self.runs, position, key=lambda run: run[1]) - 1

    def _before(self, position: int) -> int:
        index = self._index(position)
        if index < 0:
            return 0
        raw, present, length = self.runs[index]
        return raw + min(position - present, length)

    def _behind(self, position: int) -> int:
        index = self._index(position - 1)
        if index >= 0:
            raw, present, length = self.runs[index]
            if position <= present + length:
                return raw + position - present
        return self.runs[index + 1][0] if index + 1 < len(self.runs) else self.length


@dataclass(frozen=True, slots=True)
class _Cut:
    """A stretch of the present text that is gone, and by how much the text grew there."""

    start: int
    end: int
    growth: int


def _changes(repair: Repair) -> Iterator[_Cut]:
    """Yield what a repair really changed: single characters, or all between its first and last change."""
    before, after = repair.before, repair.after
    if len(before) == len(after):
        for place, (old, new) in enumerate(zip(before, after, strict=True), repair.raw_start):
            if old != new:
                yield _Cut(place, place + 1, 0)
        return
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    room = shorter - head
    tail = next((i for i in range(room) if before[-1 - i] != after[-1 - i]), room)
    yield _Cut(repair.raw_start + head, repair.raw_end - tail, len(after) - len(before))


def _cut(runs: Sequence[Run], cuts: Sequence[_Cut]) -> Iterator[Run]:
    """Yield the runs with the cuts taken out and what follows moved."""
    shift = number = 0
    for raw, present, length in runs:
        done, end = present, present + length
        while number < len(cuts) and cuts[number].end <= done:
            shift += cuts[number].growth
            number += 1
        while number < len(cuts) and cuts[number].start < end:
            cut = cuts[number]
            if cut.start > done:
                yield raw + done - present, done + shift, cut.start - done
            if cut.end > end:
                done = end
                break
            done = max(done, cut.end)
            shift += cut.growth
            number += 1
        if done < end:
            yield raw + done - present, done + shift, end - done
