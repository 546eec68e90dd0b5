"""The sections of a plan, each with its editor: save, another version, rewrite to a wish, undo, lock.

A handler changes its own section only, so what is typed elsewhere and not saved stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant import html
from assistant.studio import Proposal, Studio
from assistant.tab_common import Desk, wire
from assistant.text import han_count
from assistant.types import Draft, Section, Status
from assistant.views import SEVERITY_NAMES
from index.errors import UserError

_STATUS = {Status.DRAFT: "草稿", Status.REVIEWED: "已审", Status.LOCKED: "已锁定"}
_LOCK, _UNLOCK = "锁定", "解锁"
_OWN = 7
_SAME = "这一次写出来的和原文一样，可以再按一次“换一版”，或写明要怎么改。"


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands outside the list and follows every change: the findings and the printed page."""

    findings: gr.HTML
    page: gr.HTML

    def of(self, plan: Draft) -> tuple[str, str]:
        """Return both for a plan."""
        return html.findings(plan.findings, SEVERITY_NAMES, plan), html.page(plan)


@dataclass(frozen=True, slots=True)
class Editor:
    """The handlers of one section."""

    studio: Studio
    desk: Desk
    shown: Shown
    draft_id: str
    section_id: str

    def save(self, text: str, revision: int) -> tuple[Any, ...]:
        """Keep the text as typed, unless the section was changed elsewhere since it was shown."""
        plan = self.studio.edit(self.draft_id, self.section_id, text, revision)
        return self._after(plan, f"已保存，其余 {len(plan.sections) - 1} 节未变")

    def leave(self, text: str, revision: int) -> tuple[Any, ...]:
        """Keep what was typed when the person goes on to something else; nothing typed, nothing done."""
        section = self._section()
        if section.status is Status.LOCKED or section.text.strip() == text.strip():
            return (gr.skip(),) * _OWN
        return (gr.skip(), *self.save(text, revision)[1:])

    def undo(self) -> tuple[Any, ...]:
        """Go one change back."""
        return self._after(self.studio.undo(self.draft_id, self.section_id), "已撤销一步")

    def lock(self) -> tuple[Any, ...]:
        """Lock the section, or unlock it."""
        locked = self.studio.section(self.draft_id, self.section_id).status is Status.LOCKED
        status = Status.DRAFT if locked else Status.LOCKED
        return self._after(self.studio.set_status(self.draft_id, self.section_id, status))

    def again(self, variant: int, browser: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Offer another version without a wish."""
        yield from self.propose("", variant, browser)

    def propose(self, wish: str, variant: int, browser: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Show another version growing, then what it changes; nothing is kept yet."""
        stop, before = self.desk.begin(browser.session_hash or ""), self._section().text
        text, proposal = "", None
        for event in self.studio.propose(self.draft_id, self.section_id, wish, variant + 1, stop):
            if isinstance(event, Proposal):
                proposal = event
                continue
            text += event.text
            yield (
                gr.update(visible=True),
                html.difference("", text),
                "",
                gr.update(interactive=False),
                variant + 1,
            )
        if stop.is_set() or proposal is None:
            yield (*_no_proposal(), variant)
            return
        if proposal.section.text == before:
            yield gr.update(visible=True), html.note(_SAME), "", gr.update(interactive=False), variant + 1
            return
        changed, kept = html.difference(before, proposal.section.text), self.desk.keep(proposal)
        yield gr.update(visible=True), changed, kept, gr.update(interactive=True), variant + 1

    def rewrite(self, wish: str, variant: int, browser: gr.Request) -> Iterator[tuple[Any, ...]]:
        """As `propose`, to a wish."""
        if not wish.strip():
            raise UserError("请先写明要怎么改，例如“更具体一些”“加上食堂监督”。")
        yield from self.propose(wish, variant, browser)

    def accept(self, proposal_id: str) -> tuple[Any, ...]:
        """Take the proposal over."""
        plan = self.studio.accept(self.desk.take(proposal_id))
        return (*self._after(plan, f"已采用新稿，其余 {len(plan.sections) - 1} 节未变"), *_no_proposal())

    def reject(self, proposal_id: str, browser: gr.Request) -> tuple[Any, ...]:
        """Put the proposal away, also while it is being written."""
        self.desk.stop(browser.session_hash or "")
        self.desk.proposals.pop(proposal_id, None)
        return _no_proposal()

    def here(self, browser: gr.Request) -> None:
        """Remember that this is the section worked on."""
        self.desk.be_at(browser.session_hash or "", self.draft_id, self.section_id)

    def past(self) -> str:
        """Return every state the section has had."""
        rows = self.studio.revisions(self.draft_id, self.section_id)
        return html.revisions((r.number, r.kind, r.author, r.saved_at, r.section.text) for r in rows)

    def revision(self) -> int:
        """Return the number of the section's last revision."""
        return self.studio.revisions(self.draft_id, self.section_id)[-1].number

    def _section(self) -> Section:
        return self.studio.section(self.draft_id, self.section_id)

    def _after(self, plan: Draft, done: str = "") -> tuple[Any, ...]:
        section = next(s for s in plan.sections if s.id == self.section_id)
        locked = section.status is Status.LOCKED
        return (
            gr.update(value=section.text, interactive=not locked),
            _state(section, done),
            html.citations(section),
            _UNLOCK if locked else _LOCK,
            self.revision(),
            *self.shown.of(plan),
        )


def _offer(waiting: Proposal | None) -> str:
    """Return what a waiting proposal would change and where it is from."""
    if waiting is None:
        return ""
    return html.note(waiting.note) + html.difference(waiting.before, waiting.section.text)


def _no_proposal() -> tuple[Any, ...]:
    return gr.update(visible=False), "", "", gr.update(interactive=False)


def _state(section: Section, done: str = "") -> str:
    facts = [_STATUS[section.status], f"{han_count(section.text)} 字", section.writer, done]
    return "".join(html.badge(fact, section.status.value) for fact in facts if fact)


def sections_list(studio: Studio, desk: Desk, draft_id: gr.State, tick: gr.State, shown: Shown) -> None:
    """Build the list; it is drawn anew when `tick` changes, never while somebody edits."""

    @gr.render(  # type: ignore[untyped-decorator]
        inputs=[draft_id], triggers=[tick.change], show_progress="hidden"
    )
    def draw(wanted: str) -> None:
        plan = studio.load(wanted) if wanted else None
        if plan is None or not any(section.text.strip() for section in plan.sections):
            return
        gr.HTML("<h3>逐节修改</h3>")
        for section in plan.sections:
            if section.text.strip():
                _editor(Editor(studio, desk, shown, plan.id, section.id), section)


def _editor(editor: Editor, section: Section) -> None:
    """Build one section's editor and wire it."""
    name = section.heading or ("引言" if section.code == "LEAD" else "结语")
    locked = section.status is Status.LOCKED
    offered, waiting = editor.desk.offered(editor.draft_id, section.id)
    with gr.Column(elem_id=f"section-{section.id}", elem_classes="editor"):
        gr.HTML(f"<h4>{html.safe(name)}</h4>")
        text = gr.Textbox(
            section.text,
            label="正文",
            lines=4,
            max_lines=30,
            interactive=not locked,
            show_label=False,
            container=False,
        )
        state = gr.HTML(_state(section), elem_classes="state")
        with gr.Row(elem_classes="buttons"):
            save = gr.Button("保存", size="sm", variant="primary", min_width=70)
            again = gr.Button("换一版", size="sm", min_width=70)
            undo = gr.Button("撤销", size="sm", min_width=70)
            lock = gr.Button(_UNLOCK if locked else _LOCK, size="sm", min_width=70)
        with gr.Row(elem_classes="buttons"):
            wish = gr.Textbox(
                placeholder="要怎么改，如：更具体一些；加上食堂监督",
                show_label=False,
                container=False,
                scale=4,
                label="要求",
                min_width=200,
            )
            rewrite = gr.Button("按要求改写", size="sm", scale=1, min_width=100)
        with gr.Column(visible=waiting is not None, elem_classes="proposal") as proposal:
            change = gr.HTML(_offer(waiting), padding=True)
            with gr.Row(elem_classes="buttons"):
                accept = gr.Button("采用", size="sm", variant="primary", min_width=70)
                reject = gr.Button("不用", size="sm", min_width=70)
        with gr.Accordion(f"参考的先例（{len({c.title for c in section.citations})}）", open=False):
            cited = gr.HTML(html.citations(section))
        with gr.Accordion("修改记录", open=False) as past:
            log = gr.HTML()
    variant, proposal_id = gr.State(0), gr.State(offered)
    revision = gr.State(editor.revision())
    own = [text, state, cited, lock, revision, editor.shown.findings, editor.shown.page]
    offer = [proposal, change, proposal_id, accept]
    wire(save.click, editor.save, [text, revision], own)
    wire(text.focus, editor.here)
    wire(text.blur, editor.leave, [text, revision], own)
    wire(undo.click, editor.undo, None, own)
    wire(lock.click, editor.lock, None, own)
    wire(again.click, editor.again, variant, [*offer, variant], generates=True)
    for asked in (rewrite.click, wish.submit):
        wire(asked, editor.rewrite, [wish, variant], [*offer, variant], generates=True)
    wire(accept.click, editor.accept, proposal_id, [*own, *offer])
    wire(reject.click, editor.reject, proposal_id, offer)
    wire(past.expand, editor.past, None, log)
