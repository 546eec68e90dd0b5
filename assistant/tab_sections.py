"""The section worked on: saved, offered another text, undone, marked, moved about.

Every handler first keeps what stands in the box. Where the section was changed elsewhere meanwhile, nothing
is overwritten: what was typed is offered sentence by sentence against what stands there now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant import html_desk, items
from assistant.html_desk import button
from assistant.polish import NAMES, Action
from assistant.studio import HAND, Proposal, Studio
from assistant.tab_common import Desk
from assistant.tab_parts import Here, Parts, Updates
from assistant.tab_view import View, section_of
from assistant.types import Draft, Section, Status
from index.errors import UserError

_ELSEWHERE = "这一节在别处刚刚改过。绿的是您这里打的字，红的是别处现在的字：要哪些就留下哪些，其余照别处的。"
_FRESH = "这一节在别处刚刚改过，已换成最新的文字。"
_CHANGED_ELSEWHERE = "这一节在别处刚刚改过。您没存的字还在，存的时候会列出两边的不同，不会覆盖。"
_STOPPED = "已停下，文字没有动。"
_MOVES: dict[str, Callable[[str, int], tuple[str, int]]] = {
    "up": lambda text, place: items.moved(text, place, -1),
    "down": lambda text, place: items.moved(text, place, 1),
    "remove": items.removed,
    "split": items.split,
    "join": items.joined,
}


@dataclass(frozen=True, slots=True)
class Sections:
    """The handlers of the section worked on."""

    studio: Studio
    desk: Desk
    parts: Parts
    view: View

    # ---- keeping

    def kept(self, here: Here) -> tuple[Draft, Updates]:
        """Keep what is typed and return the plan; there are updates only where it was changed elsewhere."""
        plan = self.studio.load(here.draft_id)
        section = section_of(plan, here.section_id)
        if section.id != here.section_id:
            told = "这一节已在别处删去，您打的字没有存。" if here.text.strip() else "这一节已在别处删去。"
            return plan, {**self.view.whole(plan, section.id, here.panel), **self.view.told(told, "ask")}
        if section.status is Status.LOCKED or section.text.strip() == here.text.strip():
            return plan, {}
        if not self.typed(here):
            return plan, {}
        if self._revision(here) != here.typed_over:
            return plan, self._conflict(plan, section, here)
        return self.studio.edit(here.draft_id, here.section_id, here.text, here.typed_over), {}

    def typed(self, here: Here) -> bool:
        """Whether the box holds anything but what was put into it."""
        rows = self.studio.revisions(here.draft_id, here.section_id)
        base = next((row.section.text for row in rows if row.number == here.typed_over), "")
        return base.strip() != here.text.strip()

    def _conflict(self, plan: Draft, section: Section, here: Here) -> Updates:
        mine = Proposal(plan.id, replace(section, text=here.text, writer=HAND), section.text, _ELSEWHERE)
        return {
            **self.view.whole(plan, section.id, here.panel),
            self.parts.proposal: self.desk.keep(mine),
            self.parts.offer: _shown(html_desk.offer(section.text, here.text, _ELSEWHERE, conflict=True)),
        }

    def _revision(self, here: Here) -> int:
        return self.studio.revisions(here.draft_id, here.section_id)[-1].number

    def autosave(self, *values: Any) -> Updates:
        """Keep what is typed; the box itself is left alone, for the person may be typing on."""
        here = Here(*values)
        plan, conflict = self.kept(here)
        return conflict or self.view.around(plan, here.section_id, here.panel, "已保存")

    def rename(self, heading: str, *values: Any) -> Updates:
        """Give the section another heading."""
        here = Here(*values)
        if section_of(self.studio.load(here.draft_id), here.section_id).heading == heading.strip():
            return {self.parts.jump: gr.skip()}
        plan, conflict = self.kept(here)
        if conflict:
            return conflict
        plan = self.studio.rename_section(here.draft_id, here.section_id, heading)
        return self.view.around(plan, here.section_id, here.panel, "标题已改，序号已重排")

    def look(self, browser: gr.Request, stamp: str, *values: Any) -> Updates:
        """Notice what another page or program has saved since; never touch what is typed or offered here.

        A look at a place that the session has left meanwhile shows nothing.
        """
        here, place = Here(*values), self.desk.at(browser.session_hash or "")
        left = place[0] and place != (here.draft_id, here.section_id)
        if left or not here.draft_id or self.studio.stamp(here.draft_id) == stamp:
            return {self.parts.jump: gr.skip()}
        plan = self.studio.load(here.draft_id)
        section = section_of(plan, here.section_id)
        seen = {r.number: r.section for r in self.studio.revisions(plan.id, section.id)}
        now, base = seen[max(seen)], seen.get(here.typed_over)
        if section.id != here.section_id:
            return {
                **self.view.whole(plan, section.id, here.panel),
                **self.view.told("这一节已在别处删去。", "ask"),
            }
        if base is not None and base.text.strip() == here.text.strip():
            whole = self.view.whole(plan, section.id, here.panel)
            if now.text != base.text:
                return {**whole, **self.view.told(_FRESH, "ask")}
            waiting = (self.parts.offer, self.parts.proposal)
            return {part: value for part, value in whole.items() if part not in waiting}
        around = self.view.around(plan, section.id, here.panel)
        if now.text.strip() == here.text.strip():
            return around
        told = self.view.told(_CHANGED_ELSEWHERE, "ask")
        return {**around, **told, self.parts.revision: here.revision, self.parts.stamp: stamp}

    def be_here(self, browser: gr.Request, draft_id: str, section_id: str) -> None:
        """Remember which section this session works on: what is found in the library goes there."""
        self.desk.be_at(browser.session_hash or "", draft_id, section_id)

    def arrived(self, browser: gr.Request) -> Updates:
        """Show the passage found in the library that now waits in a section."""
        draft_id, section_id = self.desk.at(browser.session_hash or "")
        identity, waiting = self.desk.offered(draft_id, section_id)
        if waiting is None:
            return {self.parts.jump: gr.skip()}
        shown = html_desk.offer(waiting.before, waiting.section.text, waiting.note)
        return {
            **self.view.whole(self.studio.load(draft_id), section_id, "preview"),
            self.parts.offer: _shown(shown),
            self.parts.proposal: identity,
        }

    # ---- proposals

    def act(self, action: Action) -> Callable[..., Iterator[Updates]]:
        """Return the handler of a quick action on the section or on the selected sentences."""

        def run(browser: gr.Request, variant: int, *values: Any) -> Iterator[Updates]:
            *place, span = values
            yield from self._offered(Here(*place), browser, variant, "", action, span)

        return run

    def wish(self, browser: gr.Request, wish: str, variant: int, *values: Any) -> Iterator[Updates]:
        """Offer the section changed to a wish in words."""
        if not wish.strip():
            raise UserError("请先写明要怎么改，例如“把送清凉放到七月”“加上食堂监督”。")
        *place, span = values
        yield from self._offered(Here(*place), browser, variant, wish, None, span)

    def _offered(
        self, here: Here, browser: gr.Request, variant: int, wish: str, action: Action | None, span: str
    ) -> Iterator[Updates]:
        stop = self.desk.begin(browser.session_hash or "")
        plan, conflict = self.kept(here)
        if conflict:
            yield conflict
            return
        before = section_of(plan, here.section_id)
        yield {
            **self.view.around(plan, here.section_id, here.panel),
            self.parts.variant: variant + 1,
            self.parts.offer: _shown(html_desk.writing("")),
            self.parts.stop: gr.update(visible=True),
        }
        text, done = "", None
        asked = _span_of(span, before.text)
        for event in self.studio.propose(
            here.draft_id, here.section_id, wish, variant + 1, stop, action=action, span=asked
        ):
            if isinstance(event, Proposal):
                done = event
                continue
            text += event.text
            yield {self.parts.offer: _shown(html_desk.writing(text))}
        hidden = {self.parts.stop: gr.update(visible=False)}
        if stop.is_set() or done is None:
            yield {**self.view.no_offer(), **self.view.told(_STOPPED), **hidden}
            return
        named = f"{NAMES[action]}：{done.note}" if action else done.note
        changed = done.section.text != before.text
        yield {
            self.parts.offer: _shown(html_desk.offer(before.text, done.section.text, named)),
            self.parts.proposal: self.desk.keep(replace(done, note=named)) if changed else "",
            **hidden,
        }

    def decide(self, event: gr.EventData, proposal: str, *values: Any) -> Updates:
        """Take the proposal, or the sentences of it that were not left out; or put it away."""
        here = Here(*values)
        if event.place != "take":
            self.desk.proposals.pop(proposal, None)
            return self.view.no_offer()
        offer = self.desk.take(proposal)
        others = _fingerprints(self.studio.load(here.draft_id), here.section_id)
        plan = self.studio.accept(offer, set(event.taken))
        same = _fingerprints(plan, here.section_id) == others
        count = len(plan.sections) - 1
        told = f"已采用 {len(event.taken)} 处，其余 {count} 节未变" if same else "已采用；别处同时改了其他节"
        undo = button("undo", "撤销", "link")
        return {
            **self.view.whole(plan, here.section_id, here.panel, told),
            **self.view.told(told + "。", "good", f'<p class="row">{undo}</p>'),
        }

    # ---- steps back, marks

    def undo(self, *values: Any) -> Updates:
        """Go one change back; what is typed and not kept is kept first."""
        return self._step(Here(*values), self.studio.undo, "已撤销一步")

    def redo(self, *values: Any) -> Updates:
        """Take the last undo back."""
        return self._step(Here(*values), self.studio.redo, "已重做一步")

    def _step(self, here: Here, step: Callable[[str, str], Draft], told: str) -> Updates:
        _, conflict = self.kept(here)
        if conflict:
            return conflict
        return self.view.whole(step(here.draft_id, here.section_id), here.section_id, here.panel, told)

    def review(self, *values: Any) -> Updates:
        """Mark the section as reviewed, or as a draft again."""
        return self._marked(Here(*values), Status.REVIEWED)

    def lock(self, *values: Any) -> Updates:
        """Lock the section, or unlock it."""
        return self._marked(Here(*values), Status.LOCKED)

    def _marked(self, here: Here, status: Status) -> Updates:
        plan, conflict = self.kept(here)
        if conflict:
            return conflict
        now = section_of(plan, here.section_id).status
        status = Status.DRAFT if now is status else status
        plan = self.studio.set_status(here.draft_id, here.section_id, status)
        return self.view.whole(plan, here.section_id, here.panel, f"{html_desk.STATUS[status]}")

    # ---- items and shape

    def item(self, kind: str) -> Callable[..., Updates]:
        """Return the handler that moves, removes, splits or joins the item the caret is in."""

        def run(*values: Any) -> Updates:
            here, span = Here(*values[:-1]), values[-1]
            section = section_of(self.studio.load(here.draft_id), here.section_id)
            if section.status is Status.LOCKED:
                raise UserError("这一节已经锁定，请先解锁再改。")
            text, place = _MOVES[kind](here.text, int((span or "0").split(":")[0]))
            plan, conflict = self.kept(replace(here, text=text))
            shown = self.view.whole(plan, here.section_id, here.panel, "序号已重排")
            return conflict or {**shown, self.parts.jump: f"{place}:{place}!"}

        return run

    def shape(self, kind: str) -> Callable[..., Updates]:
        """Return the handler that moves, merges, splits or takes out the section."""

        def run(name: str, *values: Any) -> Updates:
            here, span = Here(*values[:-1]), values[-1]
            plan, conflict = self.kept(here)
            if conflict:
                return conflict
            version = self.studio.mark_version(here.draft_id)
            after, section_id = self._shaped(plan, here, kind, name.strip(), span)
            undo = button(f"version {version}", "撤销这一步", "link")
            told = f"{_SHAPED[kind]}，序号已重排，其他各节的文字未变。"
            return {
                **self.view.whole(after, section_id, here.panel),
                **self.view.told(told, "good", f'<p class="row">{undo}</p>'),
            }

        return run

    def _shaped(self, plan: Draft, here: Here, kind: str, name: str, span: str) -> tuple[Draft, str]:
        """Return the plan in its new shape and the section to show."""
        ids = [section.id for section in plan.sections]
        own = (here.draft_id, here.section_id)
        if kind == "add":
            after = self.studio.add_section(*own, name)
            return after, next(s.id for s in after.sections if s.id not in ids)
        if kind == "split":
            after = self.studio.split_section(*own, int((span or "0").split(":")[0]), name)
            return after, next(s.id for s in after.sections if s.id not in ids)
        if kind == "remove":
            place = ids.index(here.section_id)
            after = self.studio.remove_section(*own)
            return after, after.sections[min(place, len(after.sections) - 1)].id
        if kind == "merge":
            return self.studio.merge_section(*own), here.section_id
        return self.studio.move_section(*own, -1 if kind == "up" else 1), here.section_id


_SHAPED = {
    "add": "已加一节，可以直接写，也可以按“换一版”让程序写",
    "split": "已拆成两节",
    "remove": "已删去这一节",
    "merge": "已和下一节合并",
    "up": "已上移",
    "down": "已下移",
}


def _shown(content: str) -> Any:
    return gr.update(value=content, visible=True)


def _span_of(span: str, text: str) -> tuple[int, int]:
    """Return what was selected, (0, 0) for nothing or everything."""
    start, _, end = (span or "0:0").partition(":")
    if not (start.isdigit() and end.isdigit()) or int(end) - int(start) >= len(text):
        return (0, 0)
    return int(start), int(end)


def _fingerprints(plan: Draft, but: str) -> dict[str, str]:
    """Return a hash of every section's text but one: what was not touched must have the same."""
    from hashlib import sha256

    return {s.id: sha256(s.text.encode()).hexdigest() for s in plan.sections if s.id != but}
