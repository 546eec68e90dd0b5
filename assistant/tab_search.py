"""The tab 检索: a query and its filters -> precedents, each opening its document at the passage."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant import html_library
from assistant.studio import Studio
from assistant.tab_common import choices, wire
from assistant.views import search_data
from index.errors import UserError
from index.types import Filters, Genre, OrgType, Period, SectionCode

PLACE_CLICKED = """
element.addEventListener('click', event => {
    const button = event.target.closest('[data-place]');
    if (button) trigger('click', {place: button.dataset.place});
});
"""
"""Turns a click on a card's button into an event that names the place."""

SCROLL = f"""() => setTimeout(() => {{
    const place = document.getElementById('{html_library.PASSAGE_ID}');
    const text = place && place.closest('.body');
    if (text) text.scrollTop = place.offsetTop - text.offsetTop - 80;
}}, 150)"""
MOST = 50


def filters_of(org: str | None, period: str | None, genre: str | None, section: str | None) -> Filters:
    """Return the hard limits for codes; an empty one is no limit.

    :raises UserError: for a code nobody knows.
    """
    try:
        return Filters(
            (OrgType(org),) if org else (),
            (Period(period),) if period else (),
            (Genre(genre),) if genre else (),
            (SectionCode(section),) if section else (),
        )
    except ValueError as error:
        raise UserError("没有这个检索条件，请从列表里选。") from error


def search_tab(studio: Studio) -> None:
    """Build the tab."""
    with gr.Row(elem_classes="searching"):
        query = gr.Textbox(label="要找什么", placeholder="卫生院 院务公开 怎么写", scale=5, elem_id="query")
        go = gr.Button("检索", variant="primary", scale=1, min_width=90, elem_id="search")
    with gr.Row():
        limits = [
            gr.Dropdown(choices(kind, "不限"), value="", label=label, min_width=140)
            for kind, label in (
                (OrgType, "单位类型"),
                (Period, "时限"),
                (Genre, "文种"),
                (SectionCode, "板块"),
            )
        ]
    with gr.Row(equal_height=False):
        with gr.Column(scale=6, min_width=340):
            found = gr.HTML(elem_id="hits", js_on_load=PLACE_CLICKED)
        with gr.Column(scale=5, min_width=340):
            opened = gr.HTML(elem_id="opened", elem_classes="sticky")

    def search(text: str, *codes: str) -> tuple[str, str]:
        return html_library.hits(studio.search(text, 10, filters_of(*codes))), ""

    def open_at(event: gr.EventData) -> str:
        document_id, start, end = event.place.split(":")
        return html_library.document(studio.document(document_id), int(start), int(end))

    for trigger in (go.click, query.submit, *(limit.input for limit in limits)):
        wire(trigger, search, [query, *limits], [found, opened])
    wire(found.click, open_at, None, opened).success(None, js=SCROLL, api_visibility="private")


def search_api(studio: Studio, query: str, k: int, codes: tuple[str, str, str, str]) -> dict[str, Any]:
    """Answer /search as the command line's --json does."""
    return search_data(studio.search(query, max(1, min(int(k), MOST)), filters_of(*codes)))
