"""The downloads of a plan: each writes its file, then a hidden link hands it to the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.mask import blanks
from assistant.pdf import office_program
from assistant.studio import Studio
from assistant.tab_common import file_name, wire
from assistant.tab_parts import CLICKED

CHANGES = "changes"
"""The form of a Word file with tracked changes against the text first drafted."""

_FETCH = "() => setTimeout(() => document.querySelector('#download-file').click(), 80)"


@dataclass(frozen=True, slots=True)
class Download:
    """One button: its file's suffix and form, and what is added to the file's name."""

    label: str
    suffix: str = ".docx"
    form: str = "asked"
    added: str = ""


FIRST = Download("下载 Word")
MORE = (
    Download("修订稿（和初稿比）", form=CHANGES, added="（修订稿）"),
    Download("任务分解表 Word", form="tasks", added="（任务分解表）"),
    Download("任务分解表 Excel", ".xlsx", added="（任务分解表）"),
    Download("通知加附件", form="notice", added="（通知）"),
    Download("PDF", ".pdf"),
    Download("Markdown", ".md"),
    Download("纯文本", ".txt"),
)


def download_row() -> dict[str, Any]:
    """Build the buttons: Word in sight, the other forms in a menu."""
    file = gr.DownloadButton("文件", visible="hidden", elem_id="download-file")
    word = gr.Button(FIRST.label, size="sm", min_width=88, variant="primary", elem_id="download-docx")
    return {"file": file, "word": word, "more": gr.HTML(_menu(), elem_id="more", js_on_load=CLICKED)}


def wire_downloads(studio: Studio, row: dict[str, Any], here: list[Any], keep: Callable[..., str]) -> None:
    """Bind the buttons: `keep` keeps what is typed at `here` and returns the draft's id."""

    def first(*values: Any) -> str:
        return _written(studio, keep(*values), FIRST)

    def other(event: gr.EventData, *values: Any) -> str:
        return _written(studio, keep(*values), MORE[int(event.place)])

    for trigger, function in ((row["word"].click, first), (row["more"].click, other)):
        written = wire(trigger, function, here, row["file"])
        written.success(None, js=_FETCH, api_visibility="private")


def _menu() -> str:
    """Return the other forms as a menu; PDF only where there is a program that makes it."""
    rows = "".join(
        f'<button type="button" class="plain" data-place="{number}" popovertarget="more-menu"'
        f' popovertargetaction="hide">{one.label}</button>'
        for number, one in enumerate(MORE)
        if one.suffix != ".pdf" or office_program()
    )
    return (
        '<button type="button" class="plain" popovertarget="more-menu">更多格式 ▾</button>'
        f'<div id="more-menu" popover class="menu" aria-label="更多格式">{rows}</div>'
    )


def _written(studio: Studio, draft_id: str, one: Download) -> str:
    return export_plan(studio, draft_id, one.suffix, one.form, one.added)


def export_plan(studio: Studio, draft_id: str, suffix: str, form: str = "asked", added: str = "") -> str:
    """Write a saved plan to a file in a folder of its own and return the path."""
    plan = studio.load(draft_id)
    name = file_name(plan.title, blanks(plan.title)) + added
    path = studio.settings.exports / plan.id / f"{name}{suffix}"
    if form == CHANGES:
        return str(studio.redline(studio.as_drafted(plan.id), plan, path))
    return str(studio.export(plan, path, form))
