"""The plan cut into pages as it prints: 22 lines of 28 characters (GB/T 9704-2012, 5.2.3).

Rows are counted as a word processor sets them on that grid: two characters' indent, half-width signs as half,
closing marks never at the beginning of a row. A heading is not left alone at the foot of a page. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.numbering import LINE_WIDTH, Line, LineKind, lines, width
from assistant.titling import break_title
from assistant.types import Draft

ROWS = 22
_INDENT = 2.0
_CLOSING = "，。、；：！？）】》”’％%"
_HEADINGS = (LineKind.H1, LineKind.H2)
_CLOSINGS = (LineKind.SIGNATURE, LineKind.DATE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line, or what of it stands on this page; `begins` says whether it is the line's beginning."""

    line: Line
    text: str
    begins: bool = True


Page = tuple[Piece, ...]


def pages(plan: Draft) -> tuple[Page, ...]:
    """Return the pages of a plan, at least one."""
    shown = lines(plan)
    done: list[Page] = []
    page: list[Piece] = []
    left = ROWS
    for place, line in enumerate(shown):
        if line.kind in _CLOSINGS and shown[place - 1].kind not in _CLOSINGS:
            left -= 1
        rows, begins = _rows(line), True
        if left < (2 if line.kind in _HEADINGS else 1):
            done, page, left = [*done, tuple(page)], [], ROWS
        while len(rows) > left:
            page.append(Piece(line, "".join(rows[:left]), begins))
            rows, begins = rows[left:], False
            done, page, left = [*done, tuple(page)], [], ROWS
        page.append(Piece(line, "".join(rows), begins))
        left -= len(rows) + (line.kind is LineKind.TITLE)
    return (*done, tuple(page)) if page or not done else tuple(done)


def _rows(line: Line) -> list[str]:
    """Return the rows of a line, which together are its text; a title's end with a line break."""
    if line.kind is LineKind.TITLE:
        rows = break_title(line.text)
        return [f"{row}\n" for row in rows[:-1]] + [rows[-1]]
    return [line.text] if line.kind in _CLOSINGS else list(_wrapped(line.text))


def _wrapped(text: str) -> Iterator[str]:
    """Yield the rows of a paragraph; a closing mark hangs over the end of its row."""
    row, used = "", _INDENT
    for sign in text:
        size = width(sign)
        if used + size > LINE_WIDTH and sign not in _CLOSING:
            yield row
            row, used = "", 0.0
        row, used = row + sign, used + size
    if row:
        yield row
