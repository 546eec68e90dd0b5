"""From a draft to a file: Word in the layout of GB/T 9704-2012, Markdown, plain text or JSON.

Layout itself is in docx_style.py, numbering in numbering.py. Nothing is stored but the named file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from assistant import docx_style as style
from assistant.jsonform import plain_values
from assistant.numbering import Line, LineKind, closing_blanks, lines, plain, width
from assistant.settings import write_atomically
from assistant.titling import break_title
from assistant.types import Draft
from index.errors import UserError

__all__ = ["break_title", "export", "to_docx", "to_json", "to_markdown"]

_BLANK = re.compile(r"(【待填[^】]*】)")
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


def export(draft: Draft, path: Path) -> Path:
    """Write the draft to `path` in the format its suffix names and return the path.

    A file of that name is replaced only once the new one is complete.
    :raises UserError: for an unknown suffix, or a place that cannot be written.
    """
    write = _FORMATS.get(path.suffix.lower())
    if write is None:
        known = "、".join(_FORMATS)
        raise UserError(f"不会导出成“{path.suffix or path.name}”这种格式，请把文件名改成以 {known} 结尾。")
    if path.is_dir():
        raise UserError(f"“{path}”是一个文件夹，请另起一个文件名。")
    try:
        write_atomically(path, write(draft))
    except OSError as error:  # a file where a folder should be
        raise UserError(f"写不进“{path}”（{error.strerror}），请换一个文件夹再试。") from error
    return path


def to_docx(draft: Draft) -> bytes:
    """Return the plan as a Word file; the same draft gives the same bytes."""
    shown = lines(draft)
    today = draft.request.today
    return style.package(
        _document(shown),
        title=_clean("".join(draft.title.split("\n"))).strip(),
        day="" if today == date.min else today.isoformat(),
    )


def to_markdown(draft: Draft) -> str:
    """Return the plan as Markdown: headings by level, every other line a paragraph."""
    marks = {LineKind.TITLE: "# ", LineKind.H1: "## ", LineKind.H2: "### "}
    rows = [marks.get(line.kind, "") + line.text.replace("\n", "") for line in lines(draft)]
    return "\n\n".join(rows) + "\n"


def to_json(draft: Draft) -> str:
    """Return the draft's fields as JSON, dates as YYYY-MM-DD."""
    return json.dumps(plain_values(draft), ensure_ascii=False, indent=2) + "\n"


def _encoded(write: Callable[[Draft], str]) -> Callable[[Draft], bytes]:
    return lambda draft: write(draft).encode("utf-8", errors="replace")


_FORMATS: dict[str, Callable[[Draft], bytes]] = {
    ".docx": to_docx,
    ".md": _encoded(to_markdown),
    ".txt": _encoded(plain),
    ".json": _encoded(to_json),
}


def _document(shown: tuple[Line, ...]) -> str:
    """Paragraphs of the plan, with one blank line after the title and one before the signature."""
    places = _closing_places(shown)
    parts: list[str] = []
    for number, line in enumerate(shown):
        following = shown[number + 1].kind if number + 1 < len(shown) else None
        if line.kind in places and (number == 0 or shown[number - 1].kind not in places):
            parts.append(_paragraph("", "", "<w:keepNext/>"))
        keep = "<w:keepNext/>" if following in places else ""
        parts.append(_paragraph(_STYLES.get(line.kind, ""), _runs(line), keep, places.get(line.kind, "")))
        if line.kind is LineKind.TITLE:
            parts.append(_paragraph("", ""))
    return "".join(parts) or _paragraph("", "")


def _closing_places(shown: tuple[Line, ...]) -> dict[LineKind, str]:
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


def _paragraph(style_id: str, runs: str, keep: str = "", place: str = "") -> str:
    named = f'<w:pStyle w:val="{style_id}"/>' if style_id else ""
    return f"<w:p><w:pPr>{named}{keep}{place}</w:pPr>{runs}</w:p>"


def _runs(line: Line) -> str:
    """Runs of one line: the title broken into its lines, blanks to fill in on yellow."""
    rows = break_title(line.text) if line.kind is LineKind.TITLE else [line.text]
    shown = ["".join(_run(piece) for piece in _BLANK.split(_clean(row)) if piece) for row in rows]
    return "<w:r><w:br/></w:r>".join(shown)


def _run(text: str) -> str:
    look = '<w:rPr><w:highlight w:val="yellow"/></w:rPr>' if _BLANK.fullmatch(text) else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)
