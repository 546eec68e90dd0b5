"""The tab 检索: a query and its filters -> precedents, each opening its document at the passage.

What is found can go into the section worked on in 起草: beside it as a reference, or into its text as a
proposal that waits there to be taken or left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import html, html_library, html_search
from assistant.library_views import search_data
from assistant.studio import Studio
from assistant.tab_common import ANY, Desk, choices, wire
from assistant.types import FRAME
from index.errors import UserError
from index.types import Filters, Genre, NamedKind, OrgType, Period, SearchResult, SectionCode

PLACE_CLICKED = """
element.addEventListener('click', event => {
    const button = event.target.closest('[data-place]');
    if (button) trigger('click', {place: button.dataset.place});
});
"""
"""Turns a click on a card's button into an event that names the place."""

ACTED = Path(__file__).with_name("search.js").read_text("utf-8")
GO = f"""going => {{
    if (going === 'place') setTimeout(() => {{
        const place = document.getElementById('{html_library.PASSAGE_ID}');
        const text = place && place.closest('.body');
        if (!text) return;
        if (window.innerWidth < 900) text.closest('.document').scrollIntoView();
        text.scrollTop = place.offsetTop - text.offsetTop - 80;
    }}, 150);
    if (going === 'proposal') {{
        const tabs = [...document.querySelectorAll('button[role=tab]')];
        tabs.find(tab => tab.textContent.trim() === '起草').click();
        setTimeout(() => document.querySelector('#arrived').click(), 200);
    }}
}}"""
"""Scrolls the opened document to the passage, or goes to the section that a passage was offered to."""

MOST = 50
SHOWN = 10
Updates = dict[Any, Any]
TARGET = "放进哪一节"
BY_KIND = "按内容自动选"
_KINDS: tuple[tuple[type[Any], NamedKind, str], ...] = (
    (OrgType, NamedKind.ORG, "单位类型"),
    (Period, NamedKind.PERIOD, "时限"),
    (Genre, NamedKind.GENRE, "文种"),
    (SectionCode, NamedKind.SECTION, "板块"),
)
_OFFERED = "已作为新稿放到“起草”里的这一节，请在那里看过再采用。"
NO_PLAN = "还没有打开计划。请先在“起草”里写一份或打开一份，再把找到的段落放进去。"


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


def counted(result: SearchResult) -> list[Any]:
    """Return the lists of the four filters with how many of what was found each would leave, most first."""
    lists = []
    for codes, kind, _ in _KINDS:
        rows = [(name, code, result.counts.get(f"{kind}:{code}", 0)) for name, code in choices(codes)]
        rows.sort(key=lambda row: -row[2])
        named = [(f"{name}（{count}）" if count else name, code) for name, code, count in rows]
        lists.append(gr.update(choices=[("不限", ANY), *named]))
    return lists


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the tab. `going` is where the page goes next: "place", "proposal" or nowhere."""

    query: gr.Textbox
    limits: tuple[gr.Dropdown, ...]
    chips: gr.HTML
    target: gr.Dropdown
    said: gr.HTML
    found: gr.HTML
    opened: gr.HTML
    dropped: gr.State
    going: gr.Textbox

    @property
    def all(self) -> list[Any]:
        """Every one of them."""
        named = (getattr(self, field.name) for field in fields(self) if field.name != "limits")
        return [*named, *self.limits]


@dataclass(frozen=True, slots=True)
class Finder:
    """Everything the handlers of this tab call."""

    studio: Studio
    desk: Desk
    parts: Parts

    def search(self, text: str, dropped: Sequence[str], codes: Sequence[str]) -> Updates:
        """Search and show the hits, what was understood and how many each filter would leave."""
        parts = self.parts
        shown: Updates = {parts.opened: "", parts.said: "", parts.dropped: list(dropped), parts.chips: ""}
        if not text.strip():
            return shown | {parts.found: html_search.welcome()}
        result = self.studio.search(text, SHOWN, filters_of(*codes), dropped)
        whole = self.studio.search(text, SHOWN, Filters(), dropped) if any(codes) else result
        shown |= {
            parts.found: html_search.hits(result),
            parts.chips: html_search.chips(result.named, dropped),
            parts.opened: html_search.beside() if result.hits else "",
        }
        return shown | dict(zip(parts.limits, counted(whole), strict=True))

    def asked(self, text: str, *codes: str) -> Updates:
        """Search for what was typed, everything it names understood."""
        return self.search(text, (), codes)

    def limited(self, text: str, dropped: list[str], *codes: str) -> Updates:
        """Search within other filters."""
        return self.search(text, dropped, codes)

    def reread(self, event: gr.EventData, text: str, dropped: list[str], *codes: str) -> Updates:
        """Search again without something that was understood, or with it again."""
        rest = [key for key in dropped if key != event.value]
        return self.search(text, [*rest, event.value] if event.act == "drop" else rest, codes)

    def act(self, event: gr.EventData, browser: gr.Request, section: str, *codes: str) -> Updates:
        """Do what was clicked on a card or an example."""
        parts = self.parts
        match event.act:
            case "example":
                return {parts.query: event.value, parts.going: ""} | self.search(event.value, (), codes)
            case "open":
                document_id, start, end = event.value.split(":")
                whole = html_library.document(self.studio.document(document_id), int(start), int(end))
                return {parts.opened: whole, parts.going: "place"}
            case "refer":
                section_of = self.studio.refer(self._plan(browser), section, int(event.value))
                name = html_search.section_name(section_of)
                done = f"已放入“{name}”的参考，换一版或改写这一节时先看它。"
                return {parts.said: html.note(done, "good"), parts.going: ""}
            case "insert":
                offer = self.studio.borrow(self._plan(browser), section, int(event.value))
                self.desk.offer(offer)
                self.desk.be_at(browser.session_hash or "", offer.draft_id, offer.section.id)
                return {parts.said: html.note(_OFFERED, "good"), parts.going: "proposal"}
        raise ValueError(event.act)

    def targets(self, section: str, browser: gr.Request) -> Any:
        """Return the sections of the plan that is open, the one worked on chosen if it holds measures."""
        draft_id, here = self.desk.at(browser.session_hash or "")
        if not draft_id:
            return gr.update(choices=[(BY_KIND, ANY)], value=ANY, label=TARGET)
        plan = self.studio.load(draft_id)
        rows = [(html_search.section_name(s), s.id) for s in plan.sections if s.text.strip()]
        known = {value for _, value in rows}
        measures = {s.id for s in plan.sections if s.code not in FRAME}
        value = here if here in measures else section if section in known else ANY
        return gr.update(choices=[(BY_KIND, ANY), *rows], value=value, label=f"{TARGET}（{plan.title}）")

    def _plan(self, browser: gr.Request) -> str:
        """Return the id of the plan that is open in this browser.

        :raises UserError: when none is.
        """
        draft_id, _ = self.desk.at(browser.session_hash or "")
        if not draft_id:
            raise UserError(NO_PLAN)
        return draft_id


def search_tab(studio: Studio, desk: Desk, tab: gr.Tab) -> None:
    """Build the tab."""
    with gr.Row(elem_classes="searching"):
        query = gr.Textbox(
            label="要找什么", placeholder="卫生院 院务公开 怎么写", scale=5, max_lines=1, elem_id="query"
        )
        go = gr.Button("检索", variant="primary", scale=1, min_width=90, elem_id="search")
    parts = _parts(query)
    finder = Finder(studio, desk, parts)
    limits = list(parts.limits)
    for trigger in (go.click, query.submit):
        wire(trigger, finder.asked, [query, *limits], parts.all)
    for limit in limits:
        wire(limit.input, finder.limited, [query, parts.dropped, *limits], parts.all)
    wire(parts.chips.click, finder.reread, [query, parts.dropped, *limits], parts.all)
    acted = wire(parts.found.click, finder.act, [parts.target, *limits], parts.all)
    acted.success(None, parts.going, None, js=GO, api_visibility="private")
    wire(tab.select, finder.targets, parts.target, parts.target)


def _parts(query: gr.Textbox) -> Parts:
    with gr.Row(elem_classes="filters"):
        limits = tuple(
            gr.Dropdown(
                choices(codes, "不限"), value=ANY, label=label, min_width=140, elem_id=f"limit-{kind}"
            )
            for codes, kind, label in _KINDS
        )
        target = gr.Dropdown([(BY_KIND, ANY)], value=ANY, label=TARGET, min_width=140, elem_id="target")
    chips = gr.HTML(elem_id="understood-as", js_on_load=ACTED)
    said = gr.HTML(elem_id="said", elem_classes="said")
    with gr.Row(equal_height=False):
        with gr.Column(scale=6, min_width=340):
            found = gr.HTML(html_search.welcome(), elem_id="hits", js_on_load=ACTED)
        with gr.Column(scale=5, min_width=340):
            opened = gr.HTML(elem_id="opened", elem_classes="sticky")
    going = gr.Textbox(visible="hidden", elem_id="going")
    return Parts(query, limits, chips, target, said, found, opened, gr.State([]), going)


def search_api(studio: Studio, query: str, k: int, codes: tuple[str, str, str, str]) -> dict[str, Any]:
    """Answer /search as the command line's --json does."""
    return search_data(studio.search(query, max(1, min(int(k), MOST)), filters_of(*codes)))
