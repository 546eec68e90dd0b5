"""A table as WordprocessingML: ruled, its head repeated on every page, rows not torn apart.

Cells are 小四 in the body's font (style `PlanCell`). Knows nothing about drafts.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import docx_style as style
from assistant.docx_body import runs

_RULES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARGINS = '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'


def table(head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[int], width: int) -> str:
    """Return a table `width` twips wide whose columns take `shares` of it."""
    total = sum(shares)
    widths = [width * share // total for share in shares]
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    body = "".join(_row(row, widths) for row in rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_RULES}</w:tblBorders><w:tblLayout w:type="fixed"/>{_MARGINS}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{_row(head, widths, head=True)}{body}</w:tbl>"
    )


def _row(cells: Sequence[str], widths: Sequence[int], head: bool = False) -> str:
    repeated = "<w:tblHeader/>" if head else ""
    shown = "".join(_cell(text, width, head) for text, width in zip(cells, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{shown}</w:tr>"


def _cell(text: str, width: int, head: bool) -> str:
    side = '<w:jc w:val="center"/>' if head else '<w:jc w:val="left"/>'
    inner = runs(text)
    if head:
        inner = inner.replace("<w:r>", f"<w:r><w:rPr>{style.fonts(style.HEI)}</w:rPr>")
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style.CELL_STYLE}"/>{side}</w:pPr>{inner}</w:p></w:tc>'
    )
