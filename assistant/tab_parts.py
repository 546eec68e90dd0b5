"""The pieces of the desk that handlers fill, and what a handler is told of where the person is.

Knows gradio; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

CLICKED = """
element.addEventListener('click', event => {
    const hit = event.target.closest('[data-place]');
    if (!hit || !element.contains(hit)) return;
    const form = hit.closest('[data-form]'), values = {};
    if (form) form.querySelectorAll('input, textarea').forEach(input => values[input.name] = input.value);
    const taken = [...element.querySelectorAll('.change:not(.left)')].map(change => Number(change.dataset.n));
    trigger('click', {place: hit.dataset.place, values, taken});
});
"""
"""Turns a click on anything with data-place into an event: the place, its form, the changes not left out."""

PANELS = (
    ("preview", "预览"),
    ("evidence", "依据"),
    ("problems", "问题"),
    ("past", "历史"),
    ("months", "月份"),
    ("points", "要点"),
)
Updates = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Here:
    """Where the person is: a draft, a section at a revision, what stands in the box, which panel is open.

    `base` is the section and the revision that what is typed and not yet saved was made of, "" where nothing
    is: what the page shows may be newer by then. `typed_over` is that revision.
    """

    draft_id: str
    section_id: str
    revision: int
    text: str
    panel: str
    base: str = ""

    @property
    def typed_over(self) -> int:
        """The revision that what stands in the box was made of."""
        section, _, number = self.base.partition(":")
        return int(number) if section == self.section_id and number.isdecimal() else self.revision


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the desk. States hold ids only."""

    draft_id: gr.State
    section_id: gr.State
    revision: gr.State
    panel: gr.State
    stamp: gr.State
    compared: gr.State
    proposal: gr.State
    variant: gr.State
    place: gr.BrowserState
    begin: gr.Column
    welcome: gr.Column
    sentence: gr.Textbox
    desk: gr.Column
    drafts: gr.HTML
    title: gr.Textbox
    progress: gr.HTML
    stop: gr.Button
    go_on: gr.Button
    nav: gr.HTML
    heading: gr.Textbox
    text: gr.Textbox
    state: gr.HTML
    notice: gr.HTML
    offer: gr.HTML
    reviewed: gr.Button
    lock: gr.Button
    wish: gr.Textbox
    preview: gr.HTML
    evidence: gr.HTML
    problems: gr.HTML
    past: gr.HTML
    months: gr.HTML
    points: gr.HTML
    jump: gr.Textbox
    span: gr.Textbox
    base: gr.Textbox

    @property
    def here(self) -> list[Any]:
        """The inputs of which `Here` is made."""
        return [self.draft_id, self.section_id, self.revision, self.text, self.panel, self.base]

    @property
    def all(self) -> list[Any]:
        """Everything a handler may fill."""
        return [getattr(self, field.name) for field in fields(self) if field.name not in {"span", "base"}]
