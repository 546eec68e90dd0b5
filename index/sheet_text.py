"""The text of a spreadsheet: month tables become lines such as "7月：…；…", other rows their cells.

A table may run down (one row a month, or several under one month) or across (a column a month). What a
cell shows is what Excel or WPS last computed. Raises `OverflowError` for a sheet without end and
`openpyxl`, `zipfile` and XML errors for a broken file; `readers` says them in Chinese.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

MAX_ROWS, MAX_COLUMNS = 20_000, 100
_MONTHS_ACROSS = 3
_N = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_MONTH = re.compile(rf"(?:\d{{4}}年)?({_N}(?:\s*[—–~～至、和-]+\s*{_N})?)\s*月份?")
_SERIAL = re.compile(r"\d{1,3}[.、]?")
_HEAD = re.compile(r"(?:月份?|时间|时段|日期)")
_ENDS = "；;。 \n"

Row = tuple[str, ...]


def sheet_text(data: bytes) -> str:
    """Return the text of an .xlsx file, one line a row or month; hidden sheets are left out."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return "\n".join(line for sheet in shown for line in table_lines(_rows(sheet.iter_rows())))
    finally:
        book.close()


def table_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a table; cells are stripped strings, "" where empty."""
    head = next((i for i, row in enumerate(rows) if sum(map(_is_month, row)) >= _MONTHS_ACROSS), None)
    if head is None:
        yield from _down(rows)
        return
    yield from _down(rows[:head])
    yield from _across(rows[head], rows[head + 1 :])


def _rows(cells: Iterator[Sequence[object]]) -> list[Row]:
    rows: list[Row] = []
    for number, row in enumerate(cells):
        if number >= MAX_ROWS:
            raise OverflowError("rows")
        values = tuple(_shown(getattr(cell, "value", None)) for cell in row[:MAX_COLUMNS])
        if any(values):
            rows.append(values)
    return _numbered_months(rows)


def _numbered_months(rows: list[Row]) -> list[Row]:
    """Return the rows with "7" as "7月" in a column headed 月份."""
    for number, row in enumerate(rows):
        for column, head in enumerate(row):
            below = [other[column] for other in rows[number + 1 :] if column < len(other) and other[column]]
            if re.fullmatch("月份?", head) and below and all(re.fullmatch(_N, value) for value in below):
                return [
                    (*other[:column], f"{other[column]}月", *other[column + 1 :])
                    if i > number and column < len(other) and other[column]
                    else other
                    for i, other in enumerate(rows)
                ]
    return rows


def _down(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a table with a row a month; a row without a month belongs to the one above."""
    month, column, entries = "", 0, list[str]()
    for row in rows:
        place = next((i for i, cell in enumerate(row[:3]) if _is_month(cell)), None)
        if place is not None and _is_bare(row[:place]):
            yield from _month_line(month, entries)
            month, column, entries = _month(row[place]), place, _entry(row[place + 1 :])
        elif month and _is_bare(row[:column]) and not row[column]:
            entries += _entry(row[column:])
        else:
            yield from _month_line(month, entries)
            month, entries = "", []
            if not _is_head(row):
                yield "｜".join(filter(None, row))
    yield from _month_line(month, entries)


def _across(head: Row, rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a table with a column a month; the first column says what the row is about."""
    first = next(i for i, cell in enumerate(head) if _is_month(cell))
    for column, cell in enumerate(head):
        if not _is_month(cell):
            continue
        entries = []
        for row in rows:
            about = "".join(part for part in row[:first] if part and not _SERIAL.fullmatch(part))
            content = _tidy(row[column]) if column < len(row) else ""
            if content:
                entries.append(f"{about}：{content}" if about else content)
        yield from _month_line(_month(cell), entries)


def _month_line(month: str, entries: Sequence[str]) -> Iterator[str]:
    if month and entries:
        yield f"{month}：{'；'.join(entries)}。"


def _entry(cells: Row) -> list[str]:
    said = [_tidy(cell) for cell in cells if cell and not _SERIAL.fullmatch(cell)]
    return ["｜".join(said)] if said else []


def _tidy(cell: str) -> str:
    lines = (line.strip(_ENDS) for line in cell.split("\n"))
    return "；".join(line for line in lines if line)


def _is_bare(cells: Row) -> bool:
    """Tell whether cells hold nothing but a serial number."""
    return all(_SERIAL.fullmatch(cell) for cell in cells if cell)


def _is_head(row: Row) -> bool:
    """Tell whether a row names the columns of a month table."""
    said = [cell for cell in row if cell]
    return len(said) > 1 and any(_HEAD.fullmatch(cell) for cell in said[:2]) and max(map(len, said)) <= 8


def _is_month(cell: str) -> bool:
    return bool(_MONTH.fullmatch(cell.replace(" ", "")))


def _month(cell: str) -> str:
    match = _MONTH.fullmatch(cell.replace(" ", ""))
    return f"{match.group(1)}月" if match else cell


def _shown(value: object) -> str:
    """Return what a cell shows: a first of a month is that month, 3.0 is 3."""
    if value is None or isinstance(value, bool | time):
        return "" if value is None else str(value)
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月" + ("" if value.day == 1 else f"{value.day}日")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
