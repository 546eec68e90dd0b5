"""The tab 资料库: bring in old plans, see what became of each, read, correct, remove, rebuild the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import html, html_shelf
from assistant.studio import Studio
from assistant.tab_common import Fill, choices, wire
from assistant.tab_search import PLACE_CLICKED
from index.errors import UserError
from index.labels import name_of
from index.types import Document, Flag, Genre, ImportStep, OrgType, Period, Progress

KINDS = [".docx", ".xlsx", ".pdf", ".txt", ".html", ".htm", ".mht", ".mhtml", ".md", ".zip",
         ".doc", ".wps", ".xls", ".et", ".rtf", ".jpg", ".jpeg", ".png"]  # fmt: skip
NOTHING = "没有找到能读的资料，支持 .docx、.xlsx、.pdf、.txt、.html、.md 和 .zip。"
_EVERY = 5
"""Files between two looks of the report; each look sends all of it to the browser."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components of the tab. States hold ids and the chosen facets."""

    chosen: gr.State
    gone: gr.State
    picked: gr.State
    files: gr.File
    folder: gr.Textbox
    add: gr.Button
    report: gr.HTML
    rebuild: gr.Button
    rebuilt: gr.HTML
    words: gr.Textbox
    counts: gr.HTML
    rows: gr.HTML
    opened: gr.HTML
    undo: gr.Button
    actions: gr.Column
    fields: list[Any]
    save: gr.Button
    reset: gr.Button
    remove: gr.Button


def library_tab(studio: Studio) -> Fill:
    """Build the tab and return (function, inputs, outputs) that fill the list when the page opens."""
    parts: dict[str, Any] = {name: gr.State("") for name in ("chosen", "gone", "picked")}
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=340):
            parts |= _bringing()
        with gr.Column(scale=8, min_width=340):
            parts |= _listing() | _correcting()
    return _wire(_Parts(**parts), _Shelf(studio))


def _bringing() -> dict[str, Any]:
    """Build what brings documents in, and the index they are found by."""
    files = gr.File(file_count="multiple", file_types=KINDS, label="旧计划文件", height=180, elem_id="upload")
    folder = gr.Textbox(
        label="或者写一个文件夹（文件）的路径", placeholder=r"D:\工会\历年计划", elem_id="folder"
    )
    add = gr.Button("加进资料库", variant="primary", elem_id="add")
    report = gr.HTML(elem_id="report")
    with gr.Accordion("索引", open=False):
        gr.HTML(html.note("换了编码器、或提示索引不一致时，按一次“重建索引”。资料不会丢。"))
        rebuild = gr.Button("重建索引", size="sm", elem_id="rebuild")
        rebuilt = gr.HTML()
    return {
        "files": files, "folder": folder, "add": add, "report": report,
        "rebuild": rebuild, "rebuilt": rebuilt,
    }  # fmt: skip


def _listing() -> dict[str, Any]:
    """Build the list with its filters, and the place of the document that is open."""
    return {
        "words": gr.Textbox(
            label="筛选", placeholder="标题、单位类型、年份、标注里的词，用空格分开", elem_id="filter"
        ),
        "counts": gr.HTML(elem_id="facets", js_on_load=PLACE_CLICKED),
        "rows": gr.HTML(elem_id="documents", js_on_load=PLACE_CLICKED, max_height=360),
        "opened": gr.HTML(elem_id="document"),
        "undo": gr.Button("撤销删除", size="sm", visible=False, elem_id="undo-remove"),
    }


def _correcting() -> dict[str, Any]:
    """Build what is done to the document that is open: correct its labels, take it out."""
    with gr.Column(visible=False) as actions:
        with gr.Accordion("标注不对？在这里更正", open=False, elem_id="correct"):
            fields = _fields()
            with gr.Row(elem_classes="buttons"):
                save = gr.Button("保存更正", size="sm", variant="primary", elem_id="save-labels")
                reset = gr.Button("恢复自动判断", size="sm", elem_id="reset-labels")
        with gr.Row(elem_classes="buttons"):
            remove = gr.Button("从资料库删除这份资料", size="sm", variant="stop", elem_id="remove")
    return {"actions": actions, "fields": fields, "save": save, "reset": reset, "remove": remove}


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The handlers of the tab."""

    studio: Studio

    def listed(self, text: str = "", facets: str = "") -> tuple[str, str]:
        found = html_shelf.chosen(self.studio.documents(), text or "", facets.split())
        return html_shelf.facets(found, facets.split()), html_shelf.documents(found)

    def narrowed(self, event: gr.EventData, text: str, facets: str) -> tuple[str, str, str]:
        facet = event.place.removeprefix(html_shelf.FACET)
        kept = [one for one in facets.split() if one != facet]
        new = " ".join(kept if facet in facets.split() else [*kept, facet])
        return new, *self.listed(text, new)

    def bring(self, paths: list[str] | None, place: str) -> Iterator[str]:
        sources, names = _sources(paths, place)
        yield from reported(self.studio.add_steps(sources, names))

    def open_one(self, event: gr.EventData) -> tuple[Any, ...]:
        whole = self.studio.document(event.place.removeprefix(html_shelf.OPEN))
        return whole.id, *_shown(whole)

    def correct(self, document_id: str, *values: Any) -> tuple[Any, ...]:
        changes = _changed(self.studio.document(document_id), dict(zip(_NAMES, values, strict=True)))
        if not changes:
            raise UserError("标注没有改动，请先改好再保存。")
        self.studio.correct(document_id, changes)
        return _shown(self.studio.document(document_id))

    def take_back(self, document_id: str) -> tuple[Any, ...]:
        self.studio.correct(document_id, {})
        return _shown(self.studio.document(document_id))

    def take_out(self, document_id: str) -> tuple[Any, ...]:
        summary = self.studio.remove(document_id)
        told = html.note(f"已删除“{summary.title or '（无标题）'}”，原文件没有动。", "good")
        return document_id, told, *_cleared(), gr.update(visible=False), gr.update(visible=True)

    def put_back(self, document_id: str) -> tuple[Any, ...]:
        self.studio.put_back(document_id)
        return document_id, *_shown(self.studio.document(document_id))

    def rebuild(self) -> Iterator[str]:
        yield from map(html.note, self.studio.library.rebuild())


def _wire(parts: _Parts, shelf: _Shelf) -> Fill:
    """Bind the handlers; returns what fills the list."""
    listing = [parts.counts, parts.rows]
    showing = [parts.opened, *parts.fields, parts.actions, parts.undo]

    def refresh(done: Any) -> None:
        seen = [parts.words, parts.picked]
        done.then(shelf.listed, seen, listing, api_visibility="private", show_progress="hidden")

    refresh(wire(parts.add.click, shelf.bring, [parts.files, parts.folder], parts.report))
    wire(parts.words.input, shelf.listed, [parts.words, parts.picked], listing)
    wire(parts.counts.click, shelf.narrowed, [parts.words, parts.picked], [parts.picked, *listing])
    wire(parts.rows.click, shelf.open_one, None, [parts.chosen, *showing])
    refresh(wire(parts.save.click, shelf.correct, [parts.chosen, *parts.fields], showing))
    refresh(wire(parts.reset.click, shelf.take_back, parts.chosen, showing))
    refresh(wire(parts.remove.click, shelf.take_out, parts.chosen, [parts.gone, *showing]))
    refresh(wire(parts.undo.click, shelf.put_back, parts.gone, [parts.chosen, *showing]))
    wire(parts.rebuild.click, shelf.rebuild, None, parts.rebuilt)
    return shelf.listed, [], listing


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
