"""From a draft to a file: Word in the layout of GB/T 9704-2012, PDF, a task sheet, Markdown, text or JSON.

What a Word file holds is in word.py, its layout in docx_style.py, numbering in numbering.py. Nothing is
stored but the named file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from assistant.jsonform import plain_values
from assistant.numbering import LineKind, lines, plain
from assistant.pdf import to_pdf
from assistant.settings import write_atomically
from assistant.task_sheet import to_xlsx
from assistant.types import Draft
from assistant.word import Form, to_docx
from index.errors import UserError

__all__ = ["Form", "export", "to_docx", "to_json", "to_markdown"]


def export(draft: Draft, path: Path, form: Form = Form.ASKED, addressee: str = "工会小组") -> Path:
    """Write the draft to `path` in the format its suffix names and return the path.

    `form` says what a .docx or .pdf is to be; an .xlsx is always the task table. A file of that name is
    replaced only once the new one is complete.
    :raises UserError: for an unknown suffix, or a place that cannot be written.
    """
    write = _writer(path.suffix.lower(), form, addressee)
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


def to_markdown(draft: Draft) -> str:
    """Return the plan as Markdown: headings by level, every other line a paragraph."""
    marks = {LineKind.TITLE: "# ", LineKind.H1: "## ", LineKind.H2: "### "}
    rows = [marks.get(line.kind, "") + line.text.replace("\n", "") for line in lines(draft)]
    return "\n\n".join(rows) + "\n"


def to_json(draft: Draft) -> str:
    """Return the draft's fields as JSON, dates as YYYY-MM-DD."""
    return json.dumps(plain_values(draft), ensure_ascii=False, indent=2) + "\n"


def _writer(suffix: str, form: Form, addressee: str) -> Callable[[Draft], bytes] | None:
    def word(draft: Draft) -> bytes:
        return to_docx(draft, form, addressee)

    return {**_FORMATS, ".docx": word, ".pdf": lambda draft: to_pdf(word(draft))}.get(suffix)


def _encoded(write: Callable[[Draft], str]) -> Callable[[Draft], bytes]:
    return lambda draft: write(draft).encode("utf-8", errors="replace")


_FORMATS: dict[str, Callable[[Draft], bytes]] = {
    ".docx": to_docx,
    ".pdf": lambda draft: to_pdf(to_docx(draft)),
    ".xlsx": to_xlsx,
    ".md": _encoded(to_markdown),
    ".txt": _encoded(plain),
    ".json": _encoded(to_json),
}
