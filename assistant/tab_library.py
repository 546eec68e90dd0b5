"""The tab 资料库: bring in old plans, see what became of each, read, remove, rebuild the index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import html, html_library
from assistant.studio import Studio
from assistant.tab_common import wire
from assistant.tab_search import PLACE_CLICKED
from assistant.views import event_text
from index.errors import UserError
from index.types import Added, Failed, ImportEvent

KINDS = [".docx", ".doc", ".wps", ".pdf", ".html", ".htm", ".md", ".txt", ".zip"]


def library_tab(studio: Studio) -> Any:
    """Build the tab and return (function, outputs) that fill the list when the page opens."""
    chosen = gr.State("")
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=340):
            files = gr.File(
                file_count="multiple",
                file_types=KINDS,
                label="旧计划文件",
                height=180,
                elem_id="upload",
            )
            folder = gr.Textbox(
                label="或者写一个文件夹（文件）的路径", placeholder=r"D:\工会\历年计划", elem_id="folder"
            )
            add = gr.Button("加进资料库", variant="primary", elem_id="add")
            report = gr.HTML(elem_id="report")
            with gr.Accordion("索引", open=False):
                gr.HTML(html.note("换了编码器、或提示索引不一致时，按一次“重建索引”。资料不会丢。"))
                rebuild = gr.Button("重建索引", size="sm", elem_id="rebuild")
                rebuilt = gr.HTML()
        with gr.Column(scale=7, min_width=340):
            words = gr.Textbox(
                label="筛选", placeholder="标题、单位类型、年份、标注里的词，用空格分开", elem_id="filter"
            )
            rows = gr.HTML(elem_id="documents", js_on_load=PLACE_CLICKED, max_height=360)
            opened = gr.HTML(elem_id="document")
            with gr.Row(visible=False, elem_classes="buttons") as actions:
                remove = gr.Button("从资料库删除这份资料", size="sm", variant="stop")
            with gr.Row(visible=False, elem_classes="buttons") as confirm:
                sure = gr.Button("确定删除", size="sm", variant="stop", elem_id="sure")
                keep = gr.Button("不删", size="sm")

    def listed(text: str = "") -> str:
        return html_library.documents(html_library.matching(studio.documents(), text or ""))

    def bring(paths: list[str] | None, place: str) -> Iterator[tuple[str, Any]]:
        sources = _sources(paths, place)
        yield from ((shown, gr.skip()) for shown in reported(studio.add(sources)))

    def open_one(event: gr.EventData) -> tuple[Any, ...]:
        whole = studio.document(event.place)
        return html_library.document(whole), whole.id, gr.update(visible=True), gr.update(visible=False)

    def take_out(document_id: str, text: str) -> tuple[Any, ...]:
        summary = studio.library.remove(document_id)
        done = html.note(f"已删除“{summary.title or '（无标题）'}”，原文件没有动。", "good")
        return done, "", gr.update(visible=False), gr.update(visible=False), listed(text)

    wire(add.click, bring, [files, folder], [report, rows]).then(
        listed, words, rows, api_visibility="private", show_progress="hidden"
    )
    wire(words.input, listed, words, rows)
    wire(rows.click, open_one, None, [opened, chosen, actions, confirm])
    wire(remove.click, lambda: (gr.update(visible=False), gr.update(visible=True)), None, [actions, confirm])
    wire(keep.click, lambda: (gr.update(visible=True), gr.update(visible=False)), None, [actions, confirm])
    wire(sure.click, take_out, [chosen, words], [opened, chosen, actions, confirm, rows])
    wire(
        rebuild.click,
        lambda: (yield from map(html.note, studio.library.rebuild())),
        None,
        rebuilt,
    )
    return listed, rows


def reported(events: Iterator[ImportEvent]) -> Iterator[str]:
    """Turn import events into the report as it grows; the last one says it is done."""
    rows: list[tuple[str, str]] = []
    for event in events:
        kind = "added" if isinstance(event, Added) else "failed" if isinstance(event, Failed) else "skipped"
        rows.append((kind, event_text(event).replace(event.path, Path(event.path).name)))
        yield html_library.report(rows, done=False)
    if not rows:
        raise UserError("没有找到能读的资料，支持 .docx、.txt、.md、.html、.pdf 和 .zip。")
    yield html_library.report(rows, done=True)


def _sources(paths: list[str] | None, place: str) -> list[Path]:
    sources = [Path(path) for path in paths or []]
    if place.strip():
        sources.append(Path(place.strip().strip('"')).expanduser())
    if not sources:
        raise UserError("请先选择文件，或写一个文件夹的路径。")
    return sources
