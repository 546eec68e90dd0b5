"""What the desk shows of a plan: from a draft and a place to the updates of its components.

Only the panel that is open is drawn, so a save costs the same however much the others hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr

from assistant import html, html_desk, html_panels, html_points
from assistant.blanks import blanks_of
from assistant.revisions import settled
from assistant.studio import Studio
from assistant.tab_common import Desk
from assistant.tab_parts import Parts, Updates
from assistant.types import Draft, Section, Status
from index.errors import UserError

_LOCK, _UNLOCK = "锁定", "解锁"
_REVIEW, _UNREVIEW = "标为已审", "退回草稿"
MOST_BLANKS = 12


@dataclass(frozen=True, slots=True)
class View:
    """Draws the desk over a studio."""

    studio: Studio
    parts: Parts
    desk: Desk

    def whole(self, plan: Draft, section_id: str, panel: str, done: str = "") -> Updates:
        """Return everything: the desk opened at a section, whose text goes into the box."""
        section = section_of(plan, section_id)
        locked = section.status is Status.LOCKED
        parts = self.parts
        return {
            parts.begin: gr.update(visible=False),
            parts.desk: gr.update(visible=True),
            parts.place: [plan.id, section.id],
            parts.draft_id: plan.id,
            parts.title: gr.update(value=plan.title),
            parts.heading: gr.update(
                value=section.heading,
                interactive=not locked,
                placeholder=html_desk.name_of_section(section),
            ),
            parts.text: gr.update(value=section.text, interactive=not locked),
            parts.notice: "",
            **self.no_offer(),
            parts.compared: [],
            **self.around(plan, section.id, panel, done),
        }

    def around(self, plan: Draft, section_id: str, panel: str, done: str = "") -> Updates:
        """Return everything but what the person may be typing in."""
        section, parts = section_of(plan, section_id), self.parts
        revision = self.studio.revisions(plan.id, section.id)[-1].number
        return {
            parts.section_id: section.id,
            parts.revision: revision,
            parts.stamp: self.studio.stamp(plan.id),
            parts.nav: html_desk.nav(plan, section.id),
            parts.state: html_desk.state(plan, section, revision, done),
            parts.reviewed: _REVIEW if section.status is not Status.REVIEWED else _UNREVIEW,
            parts.lock: _UNLOCK if section.status is Status.LOCKED else _LOCK,
            parts.go_on: gr.update(visible=not all(s.text.strip() for s in plan.sections)),
            **self.panel(plan, section, panel),
        }

    def panel(self, plan: Draft, section: Section, panel: str, compared: Sequence[int] = ()) -> Updates:
        """Return the open panel."""
        return {getattr(self.parts, panel): self._panel(plan, section, panel, compared)}

    def _panel(self, plan: Draft, section: Section, panel: str, compared: Sequence[int]) -> str:
        match panel:
            case "evidence":
                return html_panels.evidence(section, plan, self._sources(section))
            case "problems":
                blanks = blanks_of(plan)[:MOST_BLANKS]
                return html_panels.problems(plan, section.id, blanks, self.studio.ledger(plan))
            case "past":
                rows = settled(self.studio.revisions(plan.id, section.id))
                marks = self.studio.snapshots(plan.id)
                return html_panels.past(rows, compared, marks, section.text)
            case "months":
                return html_panels.months(self.studio.months(plan))
            case "points":
                text = self.studio.kept_points(plan.id)
                return html_points.points(text, *(self.studio.against(plan, text) if text else ((), ())))
            case _:
                return html_desk.paper(plan, section.id)

    def _sources(self, section: Section) -> dict[str, str]:
        """Return the texts of the documents a section leans on; one taken out of the library has none."""
        found = {}
        for document_id in {citation.document_id for citation in section.citations}:
            try:
                found[document_id] = self.studio.document(document_id).text
            except UserError:
                continue
        return found

    def no_offer(self) -> Updates:
        """Return the place of a proposal cleared."""
        return {self.parts.offer: gr.update(value="", visible=False), self.parts.proposal: ""}

    def told(self, sentence: str, kind: str = "plain", extra: str = "") -> Updates:
        """Return one sentence above the text."""
        return {self.parts.notice: html.note(sentence, kind) + extra}

    def start(self, archived: bool = False, gone: str = "", words: str = "") -> Updates:
        """Return the first page: no draft open, the list fresh."""
        parts = self.parts
        return {
            parts.begin: gr.update(visible=True),
            parts.desk: gr.update(visible=False),
            parts.place: ["", ""],
            parts.draft_id: "",
            parts.welcome: gr.update(visible=self._is_new()),
            parts.sentence: "",
            parts.drafts: self.drafts(archived, gone, words),
        }

    def _is_new(self) -> bool:
        """Whether nobody has said who they are nor written anything yet."""
        profile = self.studio.profile()
        return not (profile.unit or profile.org_type or self.studio.drafts())

    def drafts(self, archived: bool = False, gone: str = "", words: str = "") -> str:
        """Return the list of plans."""
        return html_panels.drafts(self.studio.drafts(), words, archived, gone)


def section_of(plan: Draft, section_id: str) -> Section:
    """Return the section of that id, the first one where it is gone."""
    return next((s for s in plan.sections if s.id == section_id), plan.sections[0])
