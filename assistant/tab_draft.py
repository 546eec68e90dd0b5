"""The tab 起草: one sentence -> slots -> outline -> a plan written section by section -> findings and files.

Every handler reads the database again; the browser holds the draft's id and what is typed but not saved.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Any

import gradio as gr

from assistant import html
from assistant.outline import to_text
from assistant.studio import Studio
from assistant.tab_blanks import blanks_form
from assistant.tab_common import Desk, choices, draft_choices, ticking, wire
from assistant.tab_export import downloads as download_buttons
from assistant.tab_sections import Shown, sections_list
from assistant.tab_slots import LONGEST, SHORTEST, Slots, slots_of, with_slots
from assistant.types import (
    Draft,
    DraftDone,
    DraftEvent,
    Outline,
    Request,
    SectionDone,
    SectionStarted,
    TextChunk,
)
from assistant.views import SEVERITY_NAMES
from index.errors import UserError
from index.types import Genre, OrgType, Period

EXAMPLES = (
    "给我们医院工会起草一份下半年计划",
    "小学工会 学期计划 要有每月安排",
    "厂里工会明年计划，安全、劳动竞赛、送清凉都要有，不要喊口号",
    "乡镇总工会下半年打算，建会入会、劳资纠纷、外卖骑手",
)
_EMPTY_PAGE = '<article class="paper empty"><p>写好的计划会按打印的样子显示在这里。</p></article>'
_LOOK = "id => setTimeout(() => document.getElementById(`section-${id}`)?.scrollIntoView(), 600)"
_OFTEN = 0.25
"""Seconds between two updates of the page while a model writes."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a person fills in before writing starts."""

    fold: gr.Accordion
    sentence: gr.Textbox
    understand: gr.Button
    details: gr.Column
    understood: gr.HTML
    slots: tuple[Any, ...]
    relist: gr.Button
    outline: gr.Textbox
    support: gr.HTML
    start: gr.Button


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything the handlers of this tab call."""

    studio: Studio
    desk: Desk
    clock: Callable[[], date]

    def request(self, sentence: str, slots: Slots) -> Request:
        """Return what is asked: the sentence read again, corrected by the form."""
        return with_slots(self.studio.request(sentence, self.clock()), slots)

    def understand(self, sentence: str) -> tuple[Any, ...]:
        """Read the sentence: the slots, what was assumed, and an outline to correct."""
        if not sentence.strip():
            raise UserError("请先写一句话，说明给什么单位、写什么时候的计划。")
        request = self.studio.request(sentence, self.clock())
        outline = self.studio.outline(request)
        return (
            *astuple(slots_of(request)),
            _understood(request),
            to_text(outline),
            html.outline_support(outline),
            gr.update(visible=True),
        )

    def relist(self, sentence: str, *slots: Any) -> tuple[str, str]:
        """Propose the outline anew for the corrected slots."""
        outline = self.studio.outline(self.request(sentence, Slots(*slots)))
        return to_text(outline), html.outline_support(outline)

    def recount(self, text: str, sentence: str, *slots: Any) -> str:
        """Return the support and lengths of the outline as edited."""
        return html.outline_support(self._outline(text, self.request(sentence, Slots(*slots))))

    def _outline(self, text: str, request: Request) -> Outline:
        known = self.studio.outline(request)
        return self.studio.edited_outline(text, request, known) if text.strip() else known

    def start(
        self, browser: gr.Request, times: int, sentence: str, text: str, *slots: Any
    ) -> tuple[Any, ...]:
        """Keep the empty plan, so that whatever is written from now on is found again."""
        request = self.request(sentence, Slots(*slots))
        draft_id = self.studio.begin(request, self._outline(text, request))
        self.desk.begin(browser.session_hash or "")
        return (
            draft_id,
            times + 1,
            html.note("正在准备……如果别的计划正在写，会等它写完。"),
            "",
            gr.update(visible=True),
            gr.update(visible=False),
            gr.update(open=False),
        )

    def write(self, draft_id: str, text: str, browser: gr.Request) -> Iterator[tuple[str, str]]:
        """Write the plan just begun, yielding the progress line and the page."""
        stop = self.desk.flag(browser.session_hash or "")
        plan = self.studio.load(draft_id)
        outline = self._outline(text, plan.request)
        yield from _shown(
            plan, self.studio.draft(plan.request, outline, plan.profile, stop=stop, draft_id=draft_id), stop
        )

    def go_on(self, draft_id: str, browser: gr.Request) -> Iterator[tuple[str, str]]:
        """Write what is still missing in a plan."""
        stop = self.desk.begin(browser.session_hash or "")
        yield from _shown(self.studio.load(draft_id), self.studio.resume(draft_id, stop=stop), stop)

    def arrived(self, times: int, browser: gr.Request) -> tuple[int, str]:
        """Draw the sections anew, where a passage found in the library now waits; return where to look."""
        return times + 1, self.desk.at(browser.session_hash or "")[1]

    def open(self, wanted: str | None, times: int, browser: gr.Request) -> tuple[Any, ...]:
        """Show a saved plan: its findings, page, sections, and whether it is finished."""
        if not wanted:
            return (gr.skip(),) * 9
        plan = self.studio.load(wanted)
        self.desk.be_at(browser.session_hash or "", plan.id)
        return (
            wanted,
            times + 1,
            html.findings(plan.findings, SEVERITY_NAMES, plan),
            html.page(plan),
            gr.update(visible=False),
            gr.update(visible=unfinished(plan)),
            gr.update(visible=True),
            gr.update(choices=draft_choices(self.studio), value=wanted),
            gr.update(open=False),
        )

    def stop(self, browser: gr.Request) -> Any:
        """Stop writing at once; what is done stays."""
        self.desk.stop(browser.session_hash or "")
        return gr.update(visible=False)


def finished(studio: Studio, text: str, today: date) -> tuple[Draft, float]:
    """Draft a whole plan from one sentence and return it with the seconds it took."""
    begun = time.perf_counter()
    request = studio.request(text, today)
    for event in studio.draft(request, studio.outline(request)):
        if isinstance(event, DraftDone):
            return event.draft, time.perf_counter() - begun
    raise UserError("起草被中断了，写完的部分已经保存，可在“打开写过的计划”里找到。")


def _understood(request: Request) -> str:
    sentences = "".join(html.note(sentence) for sentence in request.assumptions)
    question = html.note(f"想问一句：{request.question}（不答也可以）", "ask") if request.question else ""
    return sentences + question


def _shown(plan: Draft, events: Iterator[DraftEvent], stop: threading.Event) -> Iterator[tuple[str, str]]:
    """Turn the events of writing into (progress, page), no more often than a person can see."""
    begun = last = time.monotonic()
    started = SectionStarted("", "", 0, 0)
    for event in ticking(events, stop):
        now = time.monotonic()
        match event:
            case SectionStarted():
                started = event
            case TextChunk(section_id, text):
                plan = _with_text(plan, section_id, text, grow=True)
                if now - last < _OFTEN:
                    continue
            case SectionDone(section):
                plan = _with_text(plan, section.id, section.text, grow=False)
            case DraftDone(done):
                plan = done
        last = now
        line = html.progress(started.number, started.total, started.heading, now - begun)
        yield line, html.page(plan, started.section_id)
    yield _ending(time.monotonic() - begun, stop.is_set()), html.page(plan)


def _ending(seconds: float, stopped: bool) -> str:
    if stopped:
        return html.note(f"已停下（用了 {math.ceil(seconds)} 秒）。写完的各节都已保存，可以按“接着写”。")
    return html.note(f"写好了，用了 {math.ceil(seconds)} 秒。请看看下面的提示，再逐节核对。", "good")


def _with_text(plan: Draft, section_id: str, text: str, grow: bool) -> Draft:
    return replace(
        plan,
        sections=tuple(
            replace(s, text=s.text + text if grow else text) if s.id == section_id else s
            for s in plan.sections
        ),
    )


def unfinished(plan: Draft) -> bool:
    """Whether a section of the plan is still to be written."""
    return not all(section.text.strip() for section in plan.sections)


def draft_tab(studio: Studio, desk: Desk, clock: Callable[[], date]) -> tuple[Any, Any]:
    """Build the tab and return (function, output) that fill the list of drafts when the page opens."""
    bench = Bench(studio, desk, clock)
    draft_id, tick = gr.State(""), gr.State(0)
    with gr.Row(equal_height=False):
        with gr.Column(scale=6, min_width=340):
            form = _form()
            progress = gr.HTML(elem_id="progress")
            with gr.Row():
                stop = gr.Button("停止", variant="stop", visible=False, elem_id="stop")
                go_on = gr.Button("接着写", variant="primary", visible=False, elem_id="go-on")
            findings = gr.HTML(elem_id="findings")
            blanks_column, editors = gr.Column(), gr.Column()
        with gr.Column(scale=5, min_width=340, elem_id="page-column"):
            drafts = gr.Dropdown([], value=None, label="打开写过的计划", elem_id="drafts", interactive=True)
            downloads = download_buttons(studio, draft_id)
            page = gr.HTML(_EMPTY_PAGE, elem_id="page")
    opened = [draft_id, tick, findings, page, stop, go_on, downloads, drafts, form.fold]

    def refresh(trigger: Callable[..., Any]) -> Any:
        return wire(trigger, bench.open, [draft_id, tick], opened)

    with blanks_column:
        blanks_form(studio, draft_id, tick, refresh)
    with editors:
        sections_list(studio, desk, draft_id, tick, Shown(findings, page))
    _wire_form(bench, form)
    live = [progress, page]
    begun = wire(
        form.start.click,
        bench.start,
        [tick, form.sentence, form.outline, *form.slots],
        [draft_id, tick, progress, findings, stop, go_on, form.fold],
    )
    written = wire(begun.success, bench.write, [draft_id, form.outline], live, generates=True)
    refresh(written.then)
    shown = wire(
        go_on.click, lambda: (gr.update(visible=True), gr.update(visible=False)), None, [stop, go_on]
    )
    resumed = wire(shown.then, bench.go_on, draft_id, live, generates=True)
    refresh(resumed.then)
    arrived, look_at = (
        gr.Button("新到的段落", visible="hidden", elem_id="arrived"),
        gr.Textbox(visible="hidden"),
    )
    drawn = wire(arrived.click, bench.arrived, tick, [tick, look_at])
    drawn.success(None, look_at, None, js=_LOOK, api_visibility="private")
    wire(stop.click, bench.stop, None, stop)
    chosen = wire(drafts.input, bench.open, [drafts, tick], opened)
    wire(chosen.success, lambda: "", None, progress)
    return lambda: gr.update(choices=draft_choices(studio)), drafts


def _form() -> Form:
    """Build the sentence, the slots and the outline."""
    with gr.Accordion("要写什么", open=True, elem_id="form") as fold:
        sentence = gr.Textbox(
            label="用一句话说要求",
            placeholder=EXAMPLES[0],
            max_lines=6,
            elem_id="sentence",
            autofocus=True,
        )
        gr.Examples([[text] for text in EXAMPLES], [sentence], label="例如", api_visibility="private")
        understand = gr.Button("理解并列提纲", variant="primary", elem_id="understand")
        with gr.Column(visible=False, elem_id="slots") as details:
            understood = gr.HTML(elem_id="understood")
            slots = _slots()
            relist = gr.Button("按上面的要求重列提纲", size="sm")
            outline = gr.Textbox(
                label="提纲（# 一级标题，## 二级标题，- 要写到的事；可以增删改）",
                lines=10,
                max_lines=24,
                elem_id="outline",
            )
            start = gr.Button("开始起草", variant="primary", elem_id="start")
            with gr.Accordion("同类资料里有多少份写到各板块", open=True):
                support = gr.HTML(elem_id="support")
    return Form(fold, sentence, understand, details, understood, slots, relist, outline, support, start)


def _slots() -> tuple[Any, ...]:
    """Build the fields of `Slots`, in its order."""
    with gr.Row():
        org_type = gr.Dropdown(
            choices(OrgType, "未说明"), value="", label="单位类型", min_width=150, elem_id="slot-org"
        )
        org_name = gr.Textbox(label="单位名称（可不填）", min_width=180)
    with gr.Row():
        period = gr.Dropdown(
            choices(Period), value="year", label="时限", min_width=110, elem_id="slot-period"
        )
        part = gr.Number(label="第几季度／几月", precision=0, min_width=110, visible=False)
        year = gr.Number(label="年份", precision=0, min_width=80, elem_id="slot-year")
        genre = gr.Dropdown(choices(Genre), value="plan", label="文种", min_width=130)
        length = gr.Number(label="篇幅（字）", precision=0, minimum=SHORTEST, maximum=LONGEST, min_width=90)
    with gr.Row():
        emphasis = gr.Textbox(label="重点", placeholder="用顿号分开", min_width=180)
        avoid = gr.Textbox(label="不写", placeholder="用顿号分开", min_width=180)
    wire(period.change, _part_of, period, part)
    return org_type, org_name, period, year, part, genre, length, emphasis, avoid


def _part_of(period: str) -> Any:
    """Ask for a number only where the period has one."""
    return gr.update(visible=period in (Period.QUARTER.value, Period.MONTH.value))


def _wire_form(bench: Bench, form: Form) -> None:
    asked = [form.sentence, *form.slots]
    results = [*form.slots, form.understood, form.outline, form.support, form.details]
    for trigger in (form.understand.click, form.sentence.submit):
        wire(trigger, bench.understand, form.sentence, results)
    wire(form.relist.click, bench.relist, asked, [form.outline, form.support])
    wire(form.outline.blur, bench.recount, [form.outline, *asked], form.support)
