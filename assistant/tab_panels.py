"""What a click in the list of sections, in a panel or on the printed page does.

A place is a verb and its object ("go s3", "mend 2", "back 4"); each verb has one method.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant import html_library
from assistant.html_desk import button
from assistant.studio import Studio
from assistant.tab_parts import Here, Parts, Updates
from assistant.tab_sections import Sections
from assistant.tab_view import View, section_of
from assistant.types import Draft
from index.errors import UserError


@dataclass(frozen=True, slots=True)
class Panels:
    """The handlers of everything that is clicked by its place."""

    studio: Studio
    parts: Parts
    view: View
    sections: Sections

    def click(self, event: gr.EventData, compared: list[int], *values: Any) -> Updates:
        """Do what a place says, with what was typed kept first."""
        here = Here(*values)
        plan, conflict = self.sections.kept(here)
        if conflict:
            return conflict
        verb, _, target = str(event.place).partition(" ")
        if verb == "compare":
            return self._compare(plan, here, compared, int(target))
        typed: Mapping[str, str] = getattr(event, "values", None) or {}
        verbs: dict[str, Callable[[Draft, Here, str, Mapping[str, str]], Updates]] = {
            "go": self._go,
            "at": self._at,
            "find": self._find,
            "title": self._title,
            "mend": self._mend,
            "mendall": self._mend_all,
            "confirm": self._confirm,
            "fill": self._fill,
            "back": self._back,
            "version": self._version,
            "snapshot": self._snapshot,
            "doc": self._document,
            "undo": self._undo,
            "refer": self._refer,
            "unrefer": self._unrefer,
            "points": self._points,
            "takepoint": self._take_point,
        }
        return verbs[verb](plan, here, target, typed)

    def switch(self, panel: str, compared: list[int], draft_id: str, section_id: str) -> Updates:
        """Draw the panel that was opened."""
        if not draft_id:
            return {self.parts.panel: panel}
        plan = self.studio.load(draft_id)
        shown = self.view.panel(plan, section_of(plan, section_id), panel, compared)
        return {self.parts.panel: panel, **shown}

    def _go(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        return self.view.whole(plan, target, here.panel)

    def _at(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        section_id, start, end = target.split(":")
        shown = {} if section_id == here.section_id else self.view.whole(plan, section_id, here.panel)
        return {**shown, self.parts.jump: f"{start}:{end}"}

    def _find(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        """Go to a thing of the months' picture: its words, or as much of them as stands in the text."""
        section_id, _, label = target.partition(":")
        text = section_of(plan, section_id).text
        size = next((n for n in range(len(label), 1, -1) if label[:n] in text), 0)
        start = text.find(label[:size]) if size else 0
        shown = {} if section_id == here.section_id else self.view.whole(plan, section_id, here.panel)
        return {**shown, self.parts.jump: f"{start}:{start + size}"}

    def _title(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        return self.view.told("这是标题里的问题：请在最上面的标题框里改。", "ask")

    def _mend(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        found = plan.findings[int(target)] if int(target) < len(plan.findings) else None
        if found is None:
            raise UserError("这一条已经不在了，列表已刷新。")
        after, done = self.studio.mend(here.draft_id, [found])
        return self._mended(after, here, len(done), found.section_id or here.section_id)

    def _mend_all(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        after, done = self.studio.mend(here.draft_id)
        return self._mended(after, here, len(done), here.section_id)

    def _mended(self, plan: Draft, here: Here, count: int, section_id: str) -> Updates:
        undo = button("undo", "撤销", "link")
        return {
            **self.view.whole(plan, section_id, here.panel, f"改好 {count} 处"),
            **self.view.told(f"改好 {count} 处。", "good", f'<p class="row">{undo}</p>'),
        }

    def _confirm(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        rows = self.studio.ledger(plan)
        if int(target) >= len(rows):
            raise UserError("这个数字已经改过了，列表已刷新。")
        after = self.studio.confirm(here.draft_id, [rows[int(target)]])
        return self.view.around(after, here.section_id, here.panel, f"已确认 {rows[int(target)].text}")

    def _fill(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        values = {name: value for name, value in typed.items() if value.strip()}
        if not values:
            raise UserError("请先填上内容，再按“填进计划”。")
        after = self.studio.fill(here.draft_id, values)
        return self.view.whole(after, here.section_id, here.panel, f"已填好 {len(values)} 项")

    def _points(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        text = typed.get("points", "").strip()
        if not text:
            raise UserError("请先把上级工会的工作要点贴进框里，再按“对照”。")
        self.studio.keep_points(plan.id, text)
        return self.view.around(plan, here.section_id, here.panel)

    def _take_point(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        text = self.studio.kept_points(plan.id)
        after = self.studio.take_point(here.draft_id, text, int(target))
        old = {section.id: section.text for section in plan.sections}
        changed = next((s.id for s in after.sections if old.get(s.id) != s.text), here.section_id)
        undo = button("undo", "撤销", "link")
        return {
            **self.view.whole(after, changed, here.panel, "补进一条"),
            **self.view.told(f"第{target}条要点的措施补进计划了。", "good", f'<p class="row">{undo}</p>'),
        }

    def _compare(self, plan: Draft, here: Here, compared: list[int], number: int) -> Updates:
        chosen = [n for n in compared if n != number] if number in compared else [*compared, number][-2:]
        shown = self.view.panel(plan, section_of(plan, here.section_id), here.panel, chosen)
        return {self.parts.compared: chosen, **shown}

    def _back(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        after = self.studio.restore_section(here.draft_id, here.section_id, int(target))
        return self.view.whole(after, here.section_id, here.panel, f"已取回第{target}稿")

    def _version(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        after = self.studio.bring_back(here.draft_id, int(target))
        undo = button(f"version {self.studio.snapshots(here.draft_id)[0].version}", "撤销恢复", "link")
        return {
            **self.view.whole(after, here.section_id, here.panel),
            **self.view.told(
                "整篇已恢复；恢复之前的样子也存了一份快照。", "good", f'<p class="row">{undo}</p>'
            ),
        }

    def _snapshot(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        mark = self.studio.snapshot(here.draft_id, typed.get("name", ""))
        return self.view.around(plan, here.section_id, here.panel, f"已存快照“{mark.name}”")

    def _document(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        """Show a precedent at its place below the list it was opened from."""
        document_id, start, end = target.split(":")
        section = section_of(plan, here.section_id)
        shown = self.view.panel(plan, section, "evidence")[self.parts.evidence]
        whole = html_library.document(self.studio.document(document_id), int(start), int(end))
        return {self.parts.evidence: whole + shown}

    def _undo(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        after = self.studio.undo(here.draft_id, here.section_id)
        return self.view.whole(after, here.section_id, here.panel, "已撤销一步")

    def _refer(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        section_id, _, passage_id = target.partition(":")
        self.studio.refer(here.draft_id, section_id, int(passage_id))
        after = self.studio.load(here.draft_id)
        return self.view.around(after, here.section_id, here.panel, "已放回参考") | self.view.told("")

    def _unrefer(self, plan: Draft, here: Here, target: str, typed: Mapping[str, str]) -> Updates:
        """Take a reference away; one click puts it back."""
        section_id, _, passage_id = target.partition(":")
        after = self.studio.unrefer(here.draft_id, section_id, int(passage_id))
        back = button(f"refer {target}", "放回", "link")
        told = self.view.told("已去掉这段参考，正文没有动。", "good", f'<p class="row">{back}</p>')
        return self.view.around(after, here.section_id, here.panel) | told
