"""A document beside the file it was made of: rows of old and new, with what was changed marked on both.

Pure functions over `Document`; `html_shelf` shows the rows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.library import repair_name
from index.types import Document, Repair

Run = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text; `change` says what was done there, "" where nothing was."""

    text: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the document with what it was made of; a line that was dropped has no new side."""

    old: tuple[Part, ...]
    new: tuple[Part, ...]
    start: int

    @property
    def changed(self) -> bool:
        """Whether anything but white space was changed."""
        return any(part.change for part in (*self.old, *self.new))


def rows(document: Document) -> Iterator[Row]:
    """Yield the rows of a document, top to bottom; none for one whose original was not kept."""
    if document.original is None:
        return
    original, runs = document.original.text, document.original.runs
    repairs = sorted(document.repairs, key=lambda repair: repair.raw_end)
    done = start = 0
    for line in document.text.split("\n"):
        own = list(_within(runs, start, start + len(line)))
        first = own[0][0] if own else done
        *dropped, near = original[done:first].split("\n")
        for text in dropped:
            yield from _dropped(document, text, done, start, repairs)
            done += len(text) + 1
        end = own[-1][0] + own[-1][2] if own else done
        yield Row(
            tuple(_old(original, own, first - len(near), repairs)),
            tuple(_new(document.text, own, start, start + len(line), repairs)),
            start,
        )
        done, start = max(done, end), start + len(line) + 1
    for text in original[done:].split("\n"):
        yield from _dropped(document, text, done, start, repairs)
        done += len(text) + 1


def _dropped(
    document: Document, text: str, begin: int, start: int, repairs: Sequence[Repair]
) -> Iterator[Row]:
    """Yield a line of the original that is not in the text: nothing if blank; the title is kept elsewhere."""
    said = text.strip()
    if said and said == document.title:
        yield Row((Part(said),), (Part(said),), start)
    elif said:
        yield Row((Part(said, _change(repairs, begin, begin + len(text))),), (), start)


def _old(original: str, runs: Sequence[Run], begin: int, repairs: Sequence[Repair]) -> Iterator[Part]:
    for raw, _, length in runs:
        if begin < raw:
            yield _part(original[begin:raw], repairs, begin, raw)
        yield Part(original[raw : raw + length])
        begin = raw + length


def _new(text: str, runs: Sequence[Run], begin: int, end: int, repairs: Sequence[Repair]) -> Iterator[Part]:
    raw_end = runs[0][0] if runs else 0
    for raw, there, length in runs:
        if begin < there:
            yield _part(text[begin:there], repairs, raw_end, raw)
        yield Part(text[there : there + length])
        begin, raw_end = there + length, raw + length
    if begin < end:
        yield _part(text[begin:end], repairs, raw_end, raw_end + 1)


def _part(text: str, repairs: Sequence[Repair], start: int, end: int) -> Part:
    return Part(text, _change(repairs, start, end) if text.strip() else "")


def _change(repairs: Sequence[Repair], start: int, end: int) -> str:
    """Return what was done to `start:end` of the original, by the names of the repairs that touch it."""
    names: list[str] = []
    for repair in repairs[bisect_left(repairs, start, key=lambda one: one.raw_end) :]:
        if repair.raw_start <= end and (repair.raw_end > start or repair.raw_start == repair.raw_end):
            names.append(repair_name(repair.kind))
        if repair.raw_start > end + 2000:
            break
    return "、".join(dict.fromkeys(names)) or "不属于正文"


def _within(runs: Sequence[Run], start: int, end: int) -> Iterator[Run]:
    place = max(0, bisect_left(runs, start, key=lambda run: run[1]) - 1)
    for raw, there, length in runs[place:]:
        if there >= end:
            return
        left, right = max(start, there), min(end, there + length)
        if left < right:
            yield raw + left - there, left, right - left
