"""The numbered items of one section: moved, taken out, split and joined at a place in its text.

Pure functions from (text, place) to (text, place). A place is an offset into the text, the caret's. Numbers
are set anew each time; empty lines are dropped on the way.
"""

from __future__ import annotations

from assistant.numbering import is_item, renumber, split_number
from index.errors import UserError


def moved(text: str, place: int, by: int) -> tuple[str, int]:
    """Return the text with the line at `place` one line up (`by` -1) or down (1)."""
    rows, here, column = _at(text, place)
    there = min(max(here + by, 0), len(rows) - 1)
    rows.insert(there, rows.pop(here))
    return _done(rows, there, column)


def removed(text: str, place: int) -> tuple[str, int]:
    """Return the text without the line at `place`."""
    rows, here, _ = _at(text, place)
    del rows[here]
    return _done(rows, min(here, len(rows) - 1), 0)


def split(text: str, place: int) -> tuple[str, int]:
    """Return the text with the line at `place` cut in two there, both numbered if the line was.

    :raises UserError: when nothing would stand before or behind the cut.
    """
    rows, here, column = _at(text, place)
    number, _ = split_number(rows[here])
    before, behind = rows[here][:column], rows[here][column:].strip()
    if not split_number(before)[1].strip() or not behind:
        raise UserError("请把光标放在一条的中间（一句的开头），再按“拆开”。")
    rows[here : here + 1] = [before.rstrip(), number + behind]
    return _done(rows, here + 1, len(number))


def joined(text: str, place: int) -> tuple[str, int]:
    """Return the text with the line at `place` and the one below it as one.

    :raises UserError: on the last line.
    """
    rows, here, column = _at(text, place)
    if here + 1 == len(rows):
        raise UserError("下面没有可以合并的一条，请把光标放在上面一条。")
    rows[here : here + 2] = [rows[here].rstrip() + split_number(rows[here + 1])[1].strip()]
    return _done(rows, here, column)


def line_at(text: str, place: int) -> int:
    """Return the number (from 0) of the line at an offset."""
    return text.count("\n", 0, max(0, place))


def _at(text: str, place: int) -> tuple[list[str], int, int]:
    """Return the lines that hold something, which one `place` is in, and the column there."""
    start, found, column = 0, 0, 0
    rows: list[str] = []
    for row in text.split("\n"):
        if row.strip():
            if start <= place:
                found, column = len(rows), min(place - start, len(row))
            rows.append(row)
        start += len(row) + 1
    if not rows:
        raise UserError("这一节还没有文字。")
    return rows, found, column


def _done(rows: list[str], here: int, column: int) -> tuple[str, int]:
    """Return the numbered text and the place of a column in line `here`, its number allowed for."""
    if not rows:
        return "", 0
    old, numbered = rows[here], renumber("\n".join(rows)).split("\n")
    if is_item(old):
        column += len(split_number(numbered[here])[0]) - len(split_number(old)[0])
    start = sum(len(row) + 1 for row in numbered[:here])
    return "\n".join(numbered), start + min(max(column, 0), len(numbered[here]))
