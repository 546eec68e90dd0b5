"""The desk: the sections left, the one worked on in the middle, right what it leans on, what waits, its past.

This module only builds and wires; what the events do is in tab_sections, tab_panels and tab_writing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.polish import NAMES, Action
from assistant.studio import Studio
from assistant.tab_common import Desk, wire
from assistant.tab_export import download_row
from assistant.tab_panels import Panels
from assistant.tab_parts import CLICKED, PANELS, Parts
from assistant.tab_sections import Sections
from assistant.tab_view import View
from assistant.tab_writing import Writing

_SPAN = "(...values) => gonghui.withSpan(...values)"
_SAVED = "() => { gonghui.saved(); }"
_AUTOSAVED = "() => { gonghui.typedOn(() => gonghui.saved()); }"
_LOOKED = "() => { gonghui.typedOn(); }"
_LOADED = "() => { gonghui.loaded(); gonghui.turn(); }"
_JUMP = "where => { gonghui.jump(where); }"
_STORAGE = "gonghui-place"
_KEYS = (
    ("Ctrl+S", "马上保存（平时会自动保存）"),
    ("Ctrl+Enter", "采用改动；在“要怎么改”里就是提交"),
    ("Esc", "不用这次的改动"),
    ("Alt+↑　Alt+↓", "上一节、下一节"),
    ("Alt+Z　Alt+Y", "撤销、重做"),
    ("Alt+E　Alt+W", "到正文、到“要怎么改”"),
    ("Alt+1 … 5", "预览、依据、问题、历史、月份"),
    ("?", "打开或关上这张表"),
)
_ITEMS = (
    ("up", "上移这条"),
    ("down", "下移这条"),
    ("split", "从光标拆开"),
    ("join", "并入下一条"),
    ("remove", "删这条"),
)
_SHAPES = (("up", "上移"), ("down", "下移"), ("merge", "与下一节合并"), ("remove", "删去这一节"))


def build_desk(studio: Studio, desk: Desk, first: dict[str, Any]) -> tuple[Parts, View, Writing]:
    """Build and wire the desk, hidden until a draft is open; `first` are the parts of the first page."""
    states: dict[str, Any] = {
        "draft_id": gr.State(""),
        "section_id": gr.State(""),
        "revision": gr.State(0),
        "panel": gr.State("preview"),
        "stamp": gr.State(""),
        "compared": gr.State([]),
        "proposal": gr.State(""),
        "variant": gr.State(0),
        "place": gr.BrowserState(["", ""], storage_key=_STORAGE, secret=_STORAGE),
        "jump": gr.Textbox("", visible="hidden", elem_id="jump"),
        "span": gr.Textbox("", visible="hidden", elem_id="span"),
        "base": gr.Textbox("", visible="hidden", elem_id="base"),
    }
    with gr.Column(visible=False, elem_id="desk") as column:
        top = _top()
        with gr.Row(equal_height=False, elem_id="three"):
            with gr.Column(scale=2, min_width=190, elem_id="left"):
                nav = gr.HTML(elem_id="nav", js_on_load=CLICKED)
                shapes = _shapes()
            with gr.Column(scale=6, min_width=340, elem_id="middle"):
                middle = _middle()
            with gr.Column(scale=5, min_width=320, elem_id="right"), gr.Tabs(elem_id="panels"):
                panels, tabs = _panels()
    own = {**top.pop("parts"), **middle.pop("parts"), **panels}
    parts = Parts(**states, **first, desk=column, nav=nav, **own)
    view = View(studio, parts, desk)
    sections = Sections(studio, desk, parts, view)
    panel = Panels(studio, parts, view, sections)
    writing = Writing(studio, desk, parts, view, sections)
    _wire_section(parts, sections, middle, shapes)
    _wire_panels(parts, panel, tabs, middle["again_offer"])
    writing.wire(top)
    return parts, view, writing


def _top() -> dict[str, Any]:
    """Build the line over the desk: back, title, steps, files; below it the progress of writing."""
    with gr.Row(elem_id="top", elem_classes="buttons"):
        back = gr.Button("← 全部计划", size="sm", min_width=96, elem_id="back")
        title = gr.Textbox(
            label="计划的标题", show_label=False, container=False, max_lines=1, min_width=240, scale=6,
            elem_id="plan-title",
        )  # fmt: skip
        stop = gr.Button("停止", size="sm", variant="stop", visible=False, min_width=64, elem_id="stop")
        go_on = gr.Button(
            "接着写", size="sm", variant="primary", visible=False, min_width=80, elem_id="go-on"
        )
        rewrite = gr.Button("全部重写", size="sm", min_width=80, elem_id="rewrite-all")
        files = download_row()
        gr.HTML(_help(), elem_id="help")
    progress = gr.HTML(elem_id="progress")
    parts = {"title": title, "progress": progress, "stop": stop, "go_on": go_on}
    return {"parts": parts, "back": back, "rewrite": rewrite, "files": files}


def _help() -> str:
    rows = "".join(f"<tr><th scope='row'><kbd>{keys}</kbd></th><td>{what}</td></tr>" for keys, what in _KEYS)
    return (
        '<button type="button" class="plain" popovertarget="keys" aria-label="快捷键">快捷键</button>'
        f'<div id="keys" popover role="dialog" aria-label="快捷键"><h4>快捷键</h4><table>{rows}</table></div>'
    )


def _shapes() -> dict[str, Any]:
    """Build what changes the order and number of sections."""
    with gr.Accordion("增删、移动、拆分", open=False, elem_id="shape"):
        with gr.Row(elem_classes="buttons"):
            moves = {
                kind: gr.Button(label, size="sm", min_width=60, elem_id=f"shape-{kind}")
                for kind, label in _SHAPES
            }
        name = gr.Textbox(label="新一节的标题", placeholder="如：女职工工作", elem_id="new-heading")
        with gr.Row(elem_classes="buttons"):
            add = gr.Button("在下面加一节", size="sm", min_width=90, elem_id="shape-add")
            split = gr.Button("从光标处拆成两节", size="sm", min_width=110, elem_id="shape-split")
    return {"name": name, "add": add, "split": split, **moves}


def _middle() -> dict[str, Any]:
    """Build the section worked on."""
    with gr.Column(elem_classes="editor", elem_id="editor"):
        with gr.Row(elem_classes="buttons heading"):
            heading = gr.Textbox(
                label="这一节的标题", show_label=False, container=False, max_lines=1, min_width=180, scale=6,
                elem_id="heading",
            )  # fmt: skip
            undo = gr.Button("撤销", size="sm", min_width=56, elem_id="undo")
            redo = gr.Button("重做", size="sm", min_width=56, elem_id="redo")
            reviewed = gr.Button("标为已审", size="sm", min_width=76, elem_id="review")
            lock = gr.Button("锁定", size="sm", min_width=56, elem_id="lock")
        notice = gr.HTML(elem_id="notice", js_on_load=CLICKED)
        text = gr.Textbox(
            label="正文", show_label=False, container=False, lines=7, max_lines=24, elem_id="text",
            placeholder="这一节还没有写。可以直接写，也可以按“换一版”让程序写一稿。",
        )  # fmt: skip
        state = gr.HTML(elem_id="state")
        gr.HTML('<p class="hint" id="selected">改整节；选中几句就只改那几句</p>')
        with gr.Row(elem_classes="buttons actions"):
            actions = {
                action: gr.Button(name, size="sm", min_width=64, elem_id=f"do-{action}")
                for action, name in NAMES.items()
            }
        with gr.Row(elem_classes="buttons"):
            wish = gr.Textbox(
                label="要怎么改", show_label=False, container=False, max_lines=3, min_width=200, scale=6,
                placeholder="要怎么改，如：把送清凉放到七月；加上食堂监督", elem_id="wish",
            )  # fmt: skip
            rewrite = gr.Button("按要求改", size="sm", variant="primary", min_width=84, elem_id="rewrite")
        offer = gr.HTML(elem_id="offer", visible=False, js_on_load=CLICKED)
        with gr.Row(elem_classes="buttons items"):
            moves = {
                kind: gr.Button(label, size="sm", min_width=64, elem_id=f"item-{kind}")
                for kind, label in _ITEMS
            }
        autosave = gr.Button("保存", visible="hidden", elem_id="autosave")
        look = gr.Button("看看别处", visible="hidden", elem_id="look")
        arrived = gr.Button("新到的段落", visible="hidden", elem_id="arrived")
    parts = {
        "heading": heading, "text": text, "state": state, "notice": notice, "offer": offer,
        "reviewed": reviewed, "lock": lock, "wish": wish,
    }  # fmt: skip
    return {
        "parts": parts, "undo": undo, "redo": redo, "items": moves, "actions": actions, "rewrite": rewrite,
        "autosave": autosave, "look": look, "arrived": arrived, "again_offer": [notice],
    }  # fmt: skip


def _panels() -> tuple[dict[str, gr.HTML], dict[str, gr.Tab]]:
    panels, tabs = {}, {}
    for key, name in PANELS:
        with gr.Tab(name, id=key) as tab:
            panels[key] = gr.HTML(elem_id=key, js_on_load=CLICKED, elem_classes="panel")
        tabs[key] = tab
    return panels, tabs


def _wire_section(parts: Parts, work: Sections, middle: dict[str, Any], shapes: dict[str, Any]) -> None:
    def after(event: Any, js: str) -> Any:
        return event.then(None, None, None, js=js, api_visibility="private")

    def jumping(event: Any) -> None:
        event.then(None, parts.jump, None, js=_JUMP, api_visibility="private")

    every, here = parts.all, parts.here
    saved = wire(middle["autosave"].click, work.autosave, here, every, latest=True)
    saved.success(None, None, None, js=_AUTOSAVED, api_visibility="private")
    wire(parts.heading.blur, work.rename, [parts.heading, *here], every)
    for button, handler in (
        (middle["undo"], work.undo),
        (middle["redo"], work.redo),
        (parts.reviewed, work.review),
        (parts.lock, work.lock),
    ):
        after(wire(button.click, handler, here, every), _SAVED)
    wire(middle["arrived"].click, work.arrived, None, every)
    for changed in (parts.draft_id.change, parts.section_id.change):
        wire(changed, work.be_here, [parts.draft_id, parts.section_id])
    after(wire(middle["look"].click, work.look, [parts.stamp, *here], every, latest=True), _LOOKED)
    for kind, button in middle["items"].items():
        jumping(wire(button.click, work.item(kind), [*here, parts.span], every, js=_SPAN))
    asked = [parts.variant, *here, parts.span]
    for action, button in middle["actions"].items():
        wire(button.click, work.act(Action(action)), asked, every, generates=True, js=_SPAN)
    for trigger in (middle["rewrite"].click, parts.wish.submit):
        wire(trigger, work.wish, [parts.wish, *asked], every, generates=True, js=_SPAN)
    after(wire(parts.offer.click, work.decide, [parts.proposal, *here], every), _SAVED)
    for kind in ("add", "split", "up", "down", "merge", "remove"):
        shaped = [shapes["name"], *here, parts.span]
        moved = wire(shapes[kind].click, work.shape(kind), shaped, every, js=_SPAN)
        moved.success(lambda: "", None, shapes["name"], api_visibility="private", show_progress="hidden")


def _wire_panels(parts: Parts, panels: Panels, tabs: dict[str, gr.Tab], also: list[gr.HTML]) -> None:
    for source in (parts.nav, *also, *(getattr(parts, key) for key, _ in PANELS)):
        done = wire(source.click, panels.click, [parts.compared, *parts.here], parts.all)
        done.success(None, parts.jump, None, js=_JUMP, api_visibility="private")
        done.success(None, None, None, js=_LOADED, api_visibility="private")
    for key, tab in tabs.items():
        shown = [parts.compared, parts.draft_id, parts.section_id]
        opened = wire(tab.select, _switching(panels, key), shown, parts.all)
        opened.success(None, None, None, js=_LOADED, api_visibility="private")


def _switching(panels: Panels, key: str) -> Callable[..., Any]:
    def switch(compared: list[int], draft_id: str, section_id: str) -> Any:
        return panels.switch(key, compared, draft_id, section_id)

    return switch
