"""The blanks 【待填：…】 of a plan as a small form: filled in once, wherever they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant import html
from assistant.blanks import blanks_of
from assistant.studio import Studio
from assistant.tab_common import wire
from index.errors import UserError

MOST = 12


def blanks_form(studio: Studio, draft_id: gr.State, tick: gr.State, refresh: Callable[[Any], Any]) -> None:
    """Build the form; it is drawn anew when `tick` changes, and is not there when nothing is blank.

    `refresh` wires what shows the plan anew to the end of an event.
    """

    @gr.render(  # type: ignore[untyped-decorator]
        inputs=[draft_id], triggers=[tick.change], show_progress="hidden"
    )
    def draw(wanted: str) -> None:
        plan = studio.load(wanted) if wanted else None
        names = blanks_of(plan)[:MOST] if plan and any(section.text for section in plan.sections) else ()
        if not names:
            return
        with gr.Column(elem_classes="editor", elem_id="blanks"):
            gr.HTML("<h4>填空</h4>" + html.note("同名的空一次填好；没有把握的可以先留着。"))
            with gr.Row():
                fields = [gr.Textbox(label=name, min_width=200) for name in names]
            fill = gr.Button("填进计划", size="sm", variant="primary", min_width=100)

        def keep(*values: str) -> None:
            if not any(value.strip() for value in values):
                raise UserError("请先填上内容，再按“填进计划”。")
            studio.fill(wanted, dict(zip(names, values, strict=True)))

        refresh(wire(fill.click, keep, fields).success)
