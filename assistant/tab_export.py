"""The downloads of a plan: each button writes its file, then a hidden link hands it to the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from assistant.mask import blanks
from assistant.pdf import office_program
from assistant.studio import Studio
from assistant.tab_common import file_name, wire

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


def downloads(studio: Studio, draft_id: gr.State) -> gr.Row:
    """Build the buttons: Word in sight, the other forms folded under it. Hidden until there is a plan."""
    file = gr.DownloadButton("文件", visible="hidden", elem_id="download-file")
    row: gr.Row
    with gr.Row(visible=False, elem_id="downloads", elem_classes="buttons") as row:
        _button(studio, draft_id, file, FIRST)
        with gr.Accordion("更多格式", open=False, elem_id="more-downloads"), gr.Row(elem_classes="buttons"):
            for one in MORE:
                if one.suffix != ".pdf" or office_program():
                    _button(studio, draft_id, file, one)
    return row


def export_plan(studio: Studio, draft_id: str, suffix: str, form: str = "asked", added: str = "") -> str:
    """Write a saved plan to a file in a folder of its own and return the path."""
    plan = studio.load(draft_id)
    name = file_name(plan.title, blanks(plan.title)) + added
    path = studio.settings.exports / plan.id / f"{name}{suffix}"
    if form == CHANGES:
        return str(studio.redline(studio.as_drafted(plan.id), plan, path))
    return str(studio.export(plan, path, form))


def _button(studio: Studio, draft_id: gr.State, file: gr.DownloadButton, one: Download) -> None:
    button = gr.Button(one.label, size="sm", min_width=90, variant="primary" if one is FIRST else "secondary")
    written = wire(button.click, _writer(studio, one), draft_id, file)
    written.success(None, js=_FETCH, api_visibility="private")


def _writer(studio: Studio, one: Download) -> Callable[[str], str]:
    return lambda draft_id: export_plan(studio, draft_id, one.suffix, one.form, one.added)
