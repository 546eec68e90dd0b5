"""The part of 设置 that keeps all data in one file and puts it back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import gradio as gr

from assistant import html
from assistant.studio import Studio
from assistant.tab_common import wire

_FETCH = "() => setTimeout(() => document.querySelector('#backup-file').click(), 80)"


def backup_panel(studio: Studio) -> None:
    """Build the panel: a download of everything, and an upload that is put back after a second press."""
    with gr.Accordion("备份和搬家", open=False, elem_id="backup"):
        gr.HTML(
            html.note(
                "备份里有全部计划和修改记录、单位档案、设置、自己的数据表和资料库；模型文件和密钥不在内。"
            )
        )
        file = gr.DownloadButton("备份", visible="hidden", elem_id="backup-file")
        keep = gr.Button("备份成一个文件", size="sm", elem_id="backup-make")
        upload = gr.File(
            label="从备份恢复：选 .zip 文件", file_types=[".zip"], elem_id="backup-upload", height=110
        )
        back = gr.Button(
            "恢复这份备份（现有数据移到旁边保留）", size="sm", visible=False, elem_id="backup-restore"
        )
        told = gr.HTML(elem_id="backup-told")

    def make() -> str:
        now = datetime.now()
        folder = studio.settings.exports / "备份"
        return str(studio.backup(folder / f"工会计划助手备份-{now:%Y%m%d-%H%M%S}.zip", now))

    def restore(path: str) -> Iterator[str]:
        for step in studio.restore(Path(path), datetime.now()):
            if isinstance(step, str):
                yield html.note(step)
                continue
            kept = f"原来的数据在“{step.aside}”。" if step.aside else ""
            yield html.note(f"已恢复。{kept}请刷新页面。", "good")

    made = wire(keep.click, make, None, file)
    made.success(None, js=_FETCH, api_visibility="private")
    wire(upload.change, lambda path: gr.update(visible=bool(path)), upload, back)
    wire(back.click, restore, upload, told)
