"""Which part of a file each of its documents was made of.

The file is shared out whole: a document has everything from the end of the one before it to its own last
line, markers, adverts and lost lines included, so nothing a person dropped in is out of sight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.origin import Origin
from index.types import CleanText, Original, Repair

Span = tuple[int, int]
Made = tuple[Original, tuple[Repair, ...]]


def originals(raw: str, cleaned: CleanText, texts: Sequence[str]) -> Iterator[Made]:
    """Yield the original of each document of a file, in order, with the repairs that were made in it.

    `texts` are the documents' texts: lines of the cleaned text, white space at their ends aside.
    """
    origin = Origin(cleaned.runs, len(raw))
    start = 0
    for number, lines in enumerate(_places(cleaned.text, texts), 1):
        last = number == len(texts)
        end = len(raw) if last else max(start, origin.span(*lines[-1][0])[1] if lines else 0)
        runs = ((begin - start, there, size) for begin, there, size in _runs(origin, lines) if begin >= start)
        repairs = (
            replace(repair, raw_start=max(repair.raw_start - start, 0), raw_end=repair.raw_end - start)
            for repair in cleaned.repairs
            if start < repair.raw_end <= end or repair.raw_end == start == 0
        )
        yield Original(raw[start:end], tuple(runs)), tuple(repairs)
        start = end


def _places(clean: str, texts: Sequence[str]) -> Iterator[list[tuple[Span, int]]]:
    """Yield for each document where its lines stand in the cleaned text, and where in the document."""
    cursor = 0
    for text in texts:
        found: list[tuple[Span, int]] = []
        offset = 0
        for line in text.split("\n"):
            place = clean.find(line, cursor) if line else -1
            if place >= 0:
                found.append(((place, place + len(line)), offset))
                cursor = place + len(line)
            offset += len(line) + 1
        yield found


def _runs(origin: Origin, lines: Sequence[tuple[Span, int]]) -> Iterator[tuple[int, int, int]]:
    for (start, end), offset in lines:
        for raw, present, length in origin.within(start, end):
            yield raw, offset + present - start, length
