"""The tab 起草: a first page (who are you, old plans, one sentence; the plans written so far) and the desk.

Every handler reads the database again; the browser holds ids and what is typed but not yet saved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import html
from assistant.history_marks import DELETED
from assistant.outline_text import to_text
from assistant.studio import Studio
from assistant.tab_common import Desk, choices, wire
from assistant.tab_desk import build_desk
from assistant.tab_library import KINDS, reported
from assistant.tab_parts import CLICKED, Parts, Updates
from assistant.tab_slots import LONGEST, SHORTEST, Slots, slots_of, with_slots
from assistant.tab_view import View
from assistant.tab_writing import Writing
from assistant.types import Draft, DraftDone, Outline, Request
from index.errors import UserError
from index.types import Genre, OrgType, Period

EXAMPLES = (
    "给我们医院工会起草一份下半年计划",
    "小学工会 学期计划 要有每月安排",
    "厂里工会明年计划，安全、劳动竞赛、送清凉都要有，不要喊口号",
    "乡镇总工会下半年打算，建会入会、劳资纠纷、外卖骑手",
)


@dataclass(frozen=True, slots=True)
class Form:
    """What a person fills in before writing starts."""

    org_type: gr.Dropdown
    unit: gr.Textbox
    keep_unit: gr.Button
    unit_told: gr.HTML
    old_plans: gr.File
    old_told: gr.HTML
    at_once: gr.Button
    understand: gr.Button
    details: gr.Column
    understood: gr.HTML
    slots: tuple[Any, ...]
    relist: gr.Button
    outline: gr.Textbox
    support: gr.HTML
    start: gr.Button
    words: gr.Textbox
    archived: gr.Checkbox


@dataclass(frozen=True, slots=True)
class Begin:
    """The handlers of the first page."""

    studio: Studio
    desk: Desk
    parts: Parts
    view: View
    form: Form
    clock: Callable[[], date]
    writing: Writing

    def request(self, sentence: str, slots: Slots) -> Request:
        """Return what is asked: the sentence read again, corrected by the form."""
        return with_slots(self.studio.request(sentence, self.clock()), slots)

    def understand(self, sentence: str) -> tuple[Any, ...]:
        """Read the sentence: the slots, what was assumed, and an outline to correct."""
        request = self._read(sentence)
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

    def start(self, sentence: str, text: str, *slots: Any) -> Updates:
        """Keep the empty plan and open the desk over it; what is written from now on is found again."""
        request = self.request(sentence, Slots(*slots))
        return self._begun(request, self._outline(text, request))

    def at_once(self, sentence: str) -> Updates:
        """As `start`, without looking at slots and outline first."""
        request = self._read(sentence)
        return self._begun(request, self.studio.outline(request))

    def _begun(self, request: Request, outline: Outline) -> Updates:
        plan = self.studio.load(self.studio.begin(request, outline))
        return self.view.whole(plan, plan.sections[0].id, "preview")

    def _read(self, sentence: str) -> Request:
        if not sentence.strip():
            raise UserError("请先写一句话，说明给什么单位、写什么时候的计划。")
        return self.studio.request(sentence, self.clock())

    def _outline(self, text: str, request: Request) -> Outline:
        known = self.studio.outline(request)
        return self.studio.edited_outline(text, request, known) if text.strip() else known

    def keep_unit(self, org_type: str, unit: str) -> str:
        """Keep the first two facts of the profile."""
        if not org_type and not unit.strip():
            raise UserError("请选单位类型，或写上单位名称；也可以跳过，以后在“单位档案”里补。")
        kind = OrgType(org_type) if org_type else None
        self.studio.save_profile(replace(self.studio.profile(), org_type=kind, unit=unit.strip()))
        return html.note("记下了，以后在“单位档案”里可以补全。", "good")

    def bring(self, paths: list[str] | None) -> Iterator[str]:
        """Take old plans into the library, telling what becomes of each."""
        if paths:
            yield from reported(self.studio.add([Path(path) for path in paths]))

    def click(self, event: gr.EventData, words: str, archived: bool) -> Updates:
        """Do what a card of the list says."""
        verb, _, draft_id = str(event.place).partition(" ")
        if verb == "open":
            return self.opened(draft_id)
        gone = draft_id if verb == "delete" else ""
        if verb == "copy":
            self.studio.copy(draft_id)
        else:
            state = {"delete": DELETED, "undelete": "active"}.get(verb, verb)
            self.studio.put(draft_id, state)
        return {self.parts.drafts: self.view.drafts(archived, gone, words)}

    def opened(self, draft_id: str, section_id: str = "") -> Updates:
        """Open the desk over a saved plan, at the section it was left at."""
        plan = self.studio.load(draft_id)
        left = section_id if any(s.id == section_id for s in plan.sections) else plan.sections[0].id
        return self.view.whole(plan, left, "preview")

    def arrive(self, place: list[str] | None) -> Updates:
        """Show the page as it is opened: where the person left, else the first page."""
        draft_id, section_id = [*(place or []), "", ""][:2]
        if any(row.id == draft_id for row in self.studio.drafts()):
            return {self.parts.drafts: self.view.drafts(), **self.opened(draft_id, section_id)}
        shown = self.view.start()
        del shown[self.parts.sentence]  # somebody may be typing already
        return shown


def finished(studio: Studio, text: str, today: date) -> tuple[Draft, float]:
    """Draft a whole plan from one sentence and return it with the seconds it took."""
    begun = time.perf_counter()
    request = studio.request(text, today)
    for event in studio.draft(request, studio.outline(request)):
        if isinstance(event, DraftDone):
            return event.draft, time.perf_counter() - begun
    raise UserError("起草被中断了，写完的部分已经保存，可在计划列表里找到。")


def _understood(request: Request) -> str:
    sentences = "".join(html.note(sentence) for sentence in request.assumptions)
    question = html.note(f"想问一句：{request.question}（不答也可以）", "ask") if request.question else ""
    return sentences + question


def draft_tab(studio: Studio, desk: Desk, clock: Callable[[], date]) -> tuple[Any, Any, Any]:
    """Build the tab and return (function, inputs, outputs) that fill it when the page opens."""
    with gr.Column(elem_id="begin") as begin, gr.Row(equal_height=False):
        with gr.Column(scale=7, min_width=340):
            form_parts = _form()
        with gr.Column(scale=5, min_width=320, elem_id="kept"):
            words, archived, drafts = _kept()
    first = {
        "begin": begin,
        "drafts": drafts,
        **{key: form_parts.pop(key) for key in ("welcome", "sentence")},
    }
    form = Form(**form_parts, words=words, archived=archived)
    parts, view, writing = build_desk(studio, desk, first)
    work = Begin(studio, desk, parts, view, form, clock, writing)
    _wire(work)
    return work.arrive, parts.place, parts.all


def _form() -> dict[str, Any]:
    """Build the welcome, the sentence, the slots and the outline."""
    parts = _welcome()
    with gr.Column(elem_classes="sheet", elem_id="ask"):
        gr.HTML('<h2 class="step"><span>3</span>用一句话说要写什么</h2>')
        sentence = gr.Textbox(
            label="要求", placeholder=EXAMPLES[0], show_label=False, max_lines=6, lines=2,
            elem_id="sentence", autofocus=True,
        )  # fmt: skip
        gr.Examples([[text] for text in EXAMPLES], [sentence], label="例如", api_visibility="private")
        with gr.Row(elem_classes="buttons"):
            at_once = gr.Button("直接起草", variant="primary", min_width=110, elem_id="at-once")
            understand = gr.Button("先看提纲再写", min_width=110, elem_id="understand")
    with gr.Column(visible=False, elem_id="slots", elem_classes="sheet") as details:
        understood = gr.HTML(elem_id="understood")
        slots = _slots()
        relist = gr.Button("按上面的要求重列提纲", size="sm")
        outline = gr.Textbox(
            label="提纲（# 一级标题，## 二级标题，- 要写到的事；可以增删改）", lines=10, max_lines=24,
            elem_id="outline",
        )  # fmt: skip
        start = gr.Button("按这个提纲起草", variant="primary", elem_id="start")
        with gr.Accordion("同类资料里有多少份写到各板块", open=False):
            support = gr.HTML(elem_id="support")
    return {
        **parts, "sentence": sentence, "at_once": at_once, "understand": understand, "details": details,
        "understood": understood, "slots": slots, "relist": relist, "outline": outline, "start": start,
        "support": support,
    }  # fmt: skip


def _welcome() -> dict[str, Any]:
    """Build the first two steps, shown until there is a profile or a plan."""
    with gr.Column(visible=False, elem_id="welcome") as welcome:
        gr.HTML(
            '<p class="hello">三步就有一份计划。前两步可以跳过，以后再补；资料和计划只存在这台电脑上。</p>'
        )
        with gr.Row(equal_height=True):
            with gr.Column(elem_classes="sheet", min_width=280):
                gr.HTML('<h2 class="step"><span>1</span>您是什么单位</h2>')
                org_type = gr.Dropdown(
                    choices(OrgType, "未说明"), value="", label="单位类型", elem_id="first-type"
                )
                unit = gr.Textbox(label="单位全称", placeholder="云栖市第三人民医院", elem_id="first-unit")
                keep_unit = gr.Button("记下", size="sm", elem_id="first-keep")
                unit_told = gr.HTML()
            with gr.Column(elem_classes="sheet", min_width=280):
                gr.HTML('<h2 class="step"><span>2</span>有往年的计划吗（可跳过）</h2>')
                old_plans = gr.File(
                    file_count="multiple",
                    file_types=KINDS,
                    label="旧计划文件",
                    height=132,
                    elem_id="first-files",
                )
                old_told = gr.HTML(elem_id="first-told")
    return {
        "welcome": welcome, "org_type": org_type, "unit": unit, "keep_unit": keep_unit,
        "unit_told": unit_told,
        "old_plans": old_plans, "old_told": old_told,
    }  # fmt: skip


def _kept() -> tuple[gr.Textbox, gr.Checkbox, gr.HTML]:
    """Build the list of plans written so far."""
    with gr.Column(elem_classes="sheet"):
        gr.HTML("<h2>写过的计划</h2>")
        with gr.Row(elem_classes="buttons"):
            words = gr.Textbox(
                label="找一份计划", show_label=False, container=False, placeholder="按标题或日期找",
                min_width=140, scale=4, elem_id="draft-words",
            )  # fmt: skip
            archived = gr.Checkbox(label="看归档的", container=False, min_width=96, elem_id="archived")
        drafts = gr.HTML(elem_id="drafts", js_on_load=CLICKED)
    return words, archived, drafts


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


def _wire(work: Begin) -> None:
    form, parts = work.form, work.parts
    asked = [parts.sentence, *form.slots]
    results = [*form.slots, form.understood, form.outline, form.support, form.details]
    wire(form.understand.click, work.understand, parts.sentence, results)
    wire(form.relist.click, work.relist, asked, [form.outline, form.support])
    wire(form.outline.blur, work.recount, [form.outline, *asked], form.support)
    wire(form.keep_unit.click, work.keep_unit, [form.org_type, form.unit], form.unit_told)
    wire(form.old_plans.upload, work.bring, form.old_plans, form.old_told)
    wire(parts.drafts.click, work.click, [form.words, form.archived], parts.all)
    for trigger in (form.words.change, form.archived.change):
        wire(trigger, lambda words, archived: work.view.drafts(archived, "", words),
             [form.words, form.archived], parts.drafts, latest=True)  # fmt: skip
    writing = work.writing
    for trigger, function, inputs in (
        (form.start.click, work.start, [parts.sentence, form.outline, *form.slots]),
        (form.at_once.click, work.at_once, parts.sentence),
        (parts.sentence.submit, work.at_once, parts.sentence),
    ):
        begun = wire(trigger, function, inputs, parts.all)
        ready = wire(begun.success, writing.preparing, None, parts.all)
        written = wire(ready.success, writing.resume, parts.draft_id, parts.all, generates=True)
        wire(written.then, writing.ended, parts.here, parts.all)
