"""The tab 资料库: bring in old plans, see what became of each, read, correct, remove, rebuild the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import html, html_shelf
from assistant.studio import Studio
from assistant.tab_common import choices, wire
from assistant.tab_search import PLACE_CLICKED
from index.errors import UserError
from index.labels import name_of
from index.types import Document, Flag, Genre, ImportStep, OrgType, Period, Progress

KINDS = [".docx", ".xlsx", ".pdf", ".txt", ".html", ".htm", ".mht", ".mhtml", ".md", ".zip",
         ".doc", ".wps", ".xls", ".et", ".rtf", ".jpg", ".jpeg", ".png"]  # fmt: skip
NOTHING = "没有找到能读的资料，支持 .docx、.xlsx、.pdf、.txt、.html、.md 和 .zip。"
_EVERY = 5
"""Files between two looks of the report; each look sends all of it to the browser."""


def library_tab(studio: Studio) -> Any:
    """Build the tab and return (function, outputs) that fill the list when the page opens."""
    chosen, gone, picked = gr.State(""), gr.State(""), gr.State("")
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=340):
            files = gr.File(
                file_count="multiple", file_types=KINDS, label="旧计划文件", height=180, elem_id="upload"
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
        with gr.Column(scale=8, min_width=340):
            words = gr.Textbox(
                label="筛选", placeholder="标题、单位类型、年份、标注里的词，用空格分开", elem_id="filter"
            )
            counts = gr.HTML(elem_id="facets", js_on_load=PLACE_CLICKED)
            rows = gr.HTML(elem_id="documents", js_on_load=PLACE_CLICKED, max_height=360)
            opened = gr.HTML(elem_id="document")
            undo = gr.Button("撤销删除", size="sm", visible=False, elem_id="undo-remove")
            with gr.Column(visible=False) as actions:
                with gr.Accordion("标注不对？在这里更正", open=False, elem_id="correct"):
                    fields = _fields()
                    with gr.Row(elem_classes="buttons"):
                        save = gr.Button("保存更正", size="sm", variant="primary", elem_id="save-labels")
                        reset = gr.Button("恢复自动判断", size="sm", elem_id="reset-labels")
                with gr.Row(elem_classes="buttons"):
                    remove = gr.Button("从资料库删除这份资料", size="sm", variant="stop", elem_id="remove")
    listing = [counts, rows]
    showing = [opened, *fields, actions, undo]

    def listed(text: str = "", facets: str = "") -> tuple[str, str]:
        found = html_shelf.chosen(studio.documents(), text or "", facets.split())
        return html_shelf.facets(found, facets.split()), html_shelf.documents(found)

    def narrowed(event: gr.EventData, text: str, facets: str) -> tuple[str, str, str]:
        facet = event.place.removeprefix(html_shelf.FACET)
        kept = [one for one in facets.split() if one != facet]
        new = " ".join(kept if facet in facets.split() else [*kept, facet])
        return new, *listed(text, new)

    def bring(paths: list[str] | None, place: str) -> Iterator[str]:
        sources, names = _sources(paths, place)
        yield from reported(studio.add_steps(sources, names))

    def open_one(event: gr.EventData) -> tuple[Any, ...]:
        whole = studio.document(event.place.removeprefix(html_shelf.OPEN))
        return whole.id, *_shown(whole)

    def correct(document_id: str, *values: Any) -> tuple[Any, ...]:
        changes = _changed(studio.document(document_id), dict(zip(_NAMES, values, strict=True)))
        if not changes:
            raise UserError("标注没有改动，请先改好再保存。")
        studio.correct(document_id, changes)
        return _shown(studio.document(document_id))

    def take_back(document_id: str) -> tuple[Any, ...]:
        studio.correct(document_id, {})
        return _shown(studio.document(document_id))

    def take_out(document_id: str) -> tuple[Any, ...]:
        summary = studio.remove(document_id)
        told = html.note(f"已删除“{summary.title or '（无标题）'}”，原文件没有动。", "good")
        return document_id, told, *_cleared(), gr.update(visible=False), gr.update(visible=True)

    def put_back(document_id: str) -> tuple[Any, ...]:
        studio.put_back(document_id)
        return document_id, *_shown(studio.document(document_id))

    def refresh(done: Any) -> None:
        done.then(listed, [words, picked], listing, api_visibility="private", show_progress="hidden")

    refresh(wire(add.click, bring, [files, folder], report))
    wire(words.input, listed, [words, picked], listing)
    wire(counts.click, narrowed, [words, picked], [picked, *listing])
    wire(rows.click, open_one, None, [chosen, *showing])
    refresh(wire(save.click, correct, [chosen, *fields], showing))
    refresh(wire(reset.click, take_back, chosen, showing))
    refresh(wire(remove.click, take_out, chosen, [gone, *showing]))
    refresh(wire(undo.click, put_back, gone, [chosen, *showing]))
    wire(
        rebuild.click,
        lambda: (yield from map(html.note, studio.library.rebuild())),
        None,
        rebuilt,
    )
    return listed, listing


_NAMES = ("title", "org_type", "period", "year", "genre", "flags")


def _fields() -> list[Any]:
    """Return the inputs for the labels of a document, in the order of `_NAMES`."""
    title = gr.Textbox(label="标题", elem_id="label-title")
    with gr.Row():
        org = gr.Dropdown(choices(OrgType, "不明"), label="单位类型", min_width=140, elem_id="label-org")
        period = gr.Dropdown(choices(Period, "不明"), label="时段", min_width=120, elem_id="label-period")
        year = gr.Textbox(label="年份", min_width=100, elem_id="label-year")
        genre = gr.Dropdown(choices(Genre, "不明"), label="文种", min_width=120, elem_id="label-genre")
    known = [(name_of(flag), flag.value) for flag in Flag if flag is not Flag.DUPLICATE]
    flags = gr.CheckboxGroup(known, label="提醒（去掉勾就不再提醒）", elem_id="label-flags")
    return [title, org, period, year, genre, flags]


def _values(whole: Document) -> tuple[Any, ...]:
    """Return what the inputs show for a document."""
    of = whole.labels
    flags = sorted(flag.value for flag in of.flags if flag is not Flag.DUPLICATE)
    year = str(of.year or "")
    return whole.title, str(of.org_type or ""), str(of.period or ""), year, str(of.genre or ""), flags


def _changed(whole: Document, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the corrections that lead from a document's labels to what the inputs hold."""
    before = dict(zip(_NAMES, _values(whole), strict=True))
    after = {**values, "flags": sorted(values["flags"] or [])}
    as_text = {**after, "flags": ",".join(after["flags"])}
    return {name: str(as_text[name] or "") for name in _NAMES if (after[name] or "") != (before[name] or "")}


def _shown(whole: Document) -> tuple[Any, ...]:
    return html_shelf.document(whole), *_values(whole), gr.update(visible=True), gr.update(visible=False)


def _cleared() -> tuple[Any, ...]:
    return "", "", "", "", "", []


def reported(steps: Iterator[ImportStep]) -> Iterator[str]:
    """Turn an import into its report as it grows; the last one says it is done."""
    seen: list[ImportStep] = []
    files = 0
    for step in steps:
        seen.append(step)
        if isinstance(step, Progress):
            files += 1
            if files % _EVERY == 1:
                yield html_shelf.report(seen, False, _short)
    if all(isinstance(step, Progress) for step in seen):
        raise UserError(NOTHING)
    yield html_shelf.report(seen, True, _short)


def _short(path: str) -> str:
    """Return a path as a report shows it: the name of the file, within its archive if it is in one."""
    head, zipped, member = path.partition(".zip/")
    return f"{Path(head + '.zip').name}/{member}" if zipped else Path(path).name


def _sources(paths: list[str] | None, place: str) -> tuple[list[Path], dict[Path, str]]:
    """Return what to import, and for uploaded files their own names: where they lie means nothing to her."""
    uploaded = [Path(path) for path in paths or []]
    sources = list(uploaded)
    if place.strip():
        typed = Path(place.strip().strip('"“”')).expanduser()
        if not typed.exists():
            raise UserError(f"找不到“{typed}”，请检查文件夹（文件）的路径。")
        sources.append(typed)
    if not sources:
        raise UserError("请先选择文件，或写一个文件夹的路径。")
    return sources, {path: path.name for path in uploaded}
