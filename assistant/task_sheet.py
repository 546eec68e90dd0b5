"""The task table as a spreadsheet, ready to print across A4 and to be filled in further."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.numbering import width
from assistant.tasks import HEADINGS, tasks, values
from assistant.types import Draft

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = (6, 16, 46, 14, 18, 26, 14, 16)
_LINE = 17
_FORMULA = ("=", "+", "-", "@")


def to_xlsx(draft: Draft) -> bytes:
    """Return the plan's tasks, one row a measure; what the plan leaves open is an empty cell."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "任务分解表"
    sheet.append(["".join(draft.title.split("\n"))])
    sheet.append(["序号", *HEADINGS.values()])
    for number, task in enumerate(tasks(draft), 1):
        sheet.append([number, *map(_plain, values(task))])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(_WIDTHS))
    side = Side(style="thin")
    for number, row in enumerate(sheet.iter_rows(min_row=2), 2):
        for cell in row:
            cell.font = Font(name="黑体" if number == 2 else "仿宋", size=12)
            cell.border = Border(left=side, right=side, top=side, bottom=side)
            cell.alignment = Alignment(
                wrap_text=True, vertical="center", horizontal="center" if number == 2 else None
            )
        sheet.row_dimensions[number].height = _height([str(cell.value or "") for cell in row])
    sheet["A1"].font = Font(name="宋体", size=16)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[1].height = 32
    for letter, wide in zip("ABCDEFGH", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = wide
    _for_print(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _height(texts: Sequence[str]) -> float:
    """Points for a row: its longest cell wrapped at its column's width, a Hanzi two columns wide."""
    rows = (math.ceil(width(text) * 2 / (column - 2)) for text, column in zip(texts, _WIDTHS, strict=True))
    return max(1, *rows) * _LINE + 4


def _for_print(sheet: Worksheet) -> None:
    """A4 across, as wide as the page, the head on every page and in sight while scrolling."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "2:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _plain(text: str) -> str:
    """Keep a text from being read as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
