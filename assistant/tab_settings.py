"""The tab 设置: which model writes, a trial of it, the encoder, where the data lie, and the self-check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr

from assistant import html, html_library
from assistant.doctor import examine
from assistant.model_commands import expected, needs_told, note_told, trial, use_steps
from assistant.studio import Studio
from assistant.tab_backup import backup_panel
from assistant.tab_common import Fill, wire


def settings_tab(studio: Studio) -> Fill:
    """Build the tab and return (function, inputs, outputs) that fill it when the page opens."""
    handlers = _Handlers(studio)
    with gr.Row(equal_height=False):
        with gr.Column(scale=6, min_width=340):
            current = _model_part(handlers)
        with gr.Column(scale=5, min_width=340):
            places = _search_part(handlers)
            backup_panel(studio)
            with gr.Accordion("自检", open=True):
                doctor = gr.HTML(elem_id="doctor")
                again = gr.Button("检查一遍", size="sm", elem_id="doctor-run")
                wire(again.click, handlers.checked, None, doctor)
    return lambda: (_current(studio), _places(studio)), [], [current, places]


def _model_part(handlers: _Handlers) -> gr.HTML:
    """Build the choice of a model, and return the place that says which one writes."""
    with gr.Accordion("写作用的模型", open=True):
        current = gr.HTML(elem_id="model-now")
        target = gr.Textbox(
            label="模型名（没有就下载）、模型文件夹，或服务地址",
            placeholder=r"D:\模型\Qwen3-0.6B，或 http://127.0.0.1:11434/v1",
            elem_id="model-target",
        )
        with gr.Row():
            name = gr.Textbox(label="服务上的模型名", placeholder="qwen3:4b", min_width=150)
            key = gr.Textbox(label="密钥（没有就空着）", type="password", min_width=150)
        with gr.Row(elem_classes="buttons"):
            choose = gr.Button("选用", variant="primary", min_width=80, elem_id="model-use")
            test = gr.Button("试写一条", min_width=80, elem_id="model-test")
            off = gr.Button("停用模型", min_width=80, elem_id="model-off")
        told = gr.HTML(elem_id="model-told")
        with gr.Accordion("可以考虑的模型（把名字填在上面选用，就会下载）", open=False):
            gr.HTML(html_library.offers(_offers(handlers.studio)), elem_id="models")
    wire(choose.click, handlers.chosen, [target, name, key], [told, current], generates=True)
    wire(test.click, handlers.tried, None, told, generates=True)
    wire(off.click, handlers.stopped, None, [told, current])
    return current


def _search_part(handlers: _Handlers) -> gr.HTML:
    """Build the choice of encoder and reranker, and return the place that says where everything lies."""
    settings = handlers.studio.settings
    with gr.Accordion("数据和编码器", open=True):
        places = gr.HTML(elem_id="places")
        encoder = gr.Textbox(
            settings.encoder, label="检索编码器（模型文件夹；空着就用自带的）", elem_id="encoder"
        )
        change = gr.Button("换编码器", size="sm", elem_id="encoder-use")
        reranker = gr.Textbox(
            settings.reranker,
            label="检索精排模型（模型文件夹；空着就不用，用了每次检索会慢一些）",
            elem_id="reranker",
        )
        second = gr.Button("用这个精排模型", size="sm", elem_id="reranker-use")
        changed = gr.HTML(elem_id="encoder-told")
    wire(change.click, handlers.other_encoder, encoder, [changed, places])
    wire(second.click, handlers.other_reranker, reranker, [changed, places])
    return places


@dataclass(frozen=True, slots=True)
class _Handlers:
    """The handlers of the tab."""

    studio: Studio

    def chosen(self, where: str, model_name: str, model_key: str) -> Iterator[tuple[str, str]]:
        yield html.note("正在打开模型……"), _current(self.studio)
        steps = use_steps(self.studio, where, model_name.strip(), model_key.strip())
        while True:
            try:
                yield html.note(next(steps)), _current(self.studio)
            except StopIteration as done:
                called = done.value
                break
        yield html.note(f"已选用：{called}。可以按“试写一条”看看快慢。", "good"), _current(self.studio)

    def tried(self) -> Iterator[str]:
        yield html.note("正在试写，模型第一次打开要等一会儿……")
        done = trial(self.studio)
        speed = f"{done.name}：{done.first:.1f} 秒出第一个字，之后每秒约 {done.speed:.0f} 字。"
        yield html.note(done.text) + html.note(speed, "good")

    def stopped(self) -> tuple[str, str]:
        self.studio.change_settings(model="", model_name="", model_key="")
        return html.note("已停用模型，起草由范例编排完成。", "good"), _current(self.studio)

    def other_encoder(self, name: str) -> tuple[str, str]:
        from index.embed import load_encoder

        called = load_encoder(name.strip()).name
        self.studio.change_settings(encoder=name.strip())
        told_next = f"检索编码器是 {called}。如果和以前的不同，请到“资料库”页重建索引。"
        return html.note(told_next, "good"), _places(self.studio)

    def other_reranker(self, name: str) -> tuple[str, str]:
        from index.library import load_reranker

        if chosen_one := load_reranker(name):
            chosen_one.scores("试", ["试一试"])
        self.studio.change_settings(reranker=name.strip())
        told_next = f"检索结果由 {name.strip()} 精排。" if name.strip() else "检索结果不再精排。"
        return html.note(told_next, "good"), _places(self.studio)

    def checked(self) -> str:
        """Return the self-check as a table."""
        return html_library.checks((row.name, row.ok, row.detail) for row in examine(self.studio))


def _offers(studio: Studio) -> Iterator[tuple[str, str, str]]:
    for row in expected(studio):
        yield row["name"], f"{needs_told(row)}。", f"{note_told(row)}。"


def _current(studio: Studio) -> str:
    model = studio.settings.model
    if not model:
        return html.note("没有使用模型：由范例编排起草，几秒钟一份，不用联网。")
    name = f"（{studio.settings.model_name}）" if studio.settings.model_name else ""
    return html.note(f"正在使用：{model}{name}", "good")


def _places(studio: Studio) -> str:
    settings = studio.settings
    rows = (
        ("数据文件夹", settings.home),
        ("单位档案", settings.profile),
        ("导出的文件", settings.exports),
        ("自己的数据表", settings.tables),
        ("日志", settings.log),
        ("检索编码器", settings.encoder or "自带编码器"),
        ("检索精排", settings.reranker or "不用"),
    )
    return html_library.table(("项目", "位置"), rows)
