"""The body of a plan as WordprocessingML: paragraphs by kind of line, titles broken, blanks on yellow.

What stands around the body (page, styles, fonts) is in docx_style.py. Pure functions over lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from assistant import docx_style as style
from assistant.numbering import Line, LineKind, closing_blanks, width
from assistant.titling import break_title

PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
BLANK = re.compile(r"(【待填[^】]*】)")
# Characters that XML 1.0 cannot hold in any form.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLES = {
    LineKind.TITLE: style.TITLE_STYLE,
    LineKind.H1: style.H1_STYLE,
    LineKind.H2: style.H2_STYLE,
    LineKind.SIGNATURE: style.CLOSING_STYLE,
    LineKind.DATE: style.CLOSING_STYLE,
}
_CLOSING = (LineKind.SIGNATURE, LineKind.DATE)


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph to be: its line, its runs, and the w:rPr content of its paragraph mark ("" for none)."""

    line: Line
    runs: str
    mark: str = ""


def body(lines: Sequence[Line]) -> str:
    """Return the paragraphs of `lines`."""
    return paragraphs([Row(line, runs_of(line)) for line in lines])


def paragraphs(rows: Sequence[Row]) -> str:
    """Return the paragraphs of `rows`, a blank one after the title and one before the signature.

    The last line of text stays on one page with the signature.
    """
    places = _closing_places([row.line for row in rows])
    parts: list[str] = []
    for number, row in enumerate(rows):
        kind = row.line.kind
        following = rows[number + 1].line.kind if number + 1 < len(rows) else None
        if kind in places and (number == 0 or rows[number - 1].line.kind not in places):
            parts.append(paragraph("", "", "<w:keepNext/>"))
        keep = "<w:keepNext/>" if following in places else ""
        parts.append(paragraph(_STYLES.get(kind, ""), row.runs, keep, places.get(kind, ""), row.mark))
        if kind is LineKind.TITLE and following is not LineKind.TITLE:
            parts.append(paragraph("", ""))
    return "".join(parts) or paragraph("", "")


def paragraph(style_id: str, runs: str, keep: str = "", place: str = "", mark: str = "") -> str:
    """Return one paragraph; `keep` and `place` are WordprocessingML for before and after the style's own."""
    named = f'<w:pStyle w:val="{style_id}"/>' if style_id else ""
    marked = f"<w:rPr>{mark}</w:rPr>" if mark else ""
    return f"<w:p><w:pPr>{named}{keep}{place}{marked}</w:pPr>{runs}</w:p>"


def runs_of(line: Line) -> str:
    """Return the runs of one line: the title broken into its lines, blanks to fill in on yellow."""
    rows = break_title(line.text) if line.kind is LineKind.TITLE else [line.text]
    return "<w:r><w:br/></w:r>".join(runs(row) for row in rows)


def runs(text: str, tag: str = "w:t") -> str:
    """Return text as runs; `tag` is w:delText inside a deletion."""
    return "".join(_run(piece, tag) for piece in BLANK.split(clean(text)) if piece)


def clean(text: str) -> str:
    """Return `text` without the characters that XML cannot hold."""
    return _NO_XML.sub("", text)


def _run(text: str, tag: str) -> str:
    look = '<w:rPr><w:highlight w:val="yellow"/></w:rPr>' if BLANK.fullmatch(text) else ""
    return f'<w:r>{look}<{tag} xml:space="preserve">{escape(text)}</{tag}></w:r>'


def _closing_places(shown: Sequence[Line]) -> dict[LineKind, str]:
    """Indents of signature and date. A date under a longer signature is set from the left, so that
    its first character stands right whatever width a font gives to its digits.
    """
    texts = {line.kind: line.text for line in shown if line.kind in _CLOSING}
    signature = texts.get(LineKind.SIGNATURE, "")
    blanks = closing_blanks(signature, texts.get(LineKind.DATE, ""))
    places = {
        kind: f'<w:ind w:right="{round(blank * style.CHARACTER)}"/>'
        for kind, blank in zip(_CLOSING, blanks, strict=True)
    }
    if blanks[0] == 2 and len(texts) == len(_CLOSING):
        left = max(0, style.TEXT_WIDTH - round(width(signature) * style.CHARACTER))
        places[LineKind.DATE] = f'<w:ind w:left="{left}"/><w:jc w:val="left"/>'
    return places
