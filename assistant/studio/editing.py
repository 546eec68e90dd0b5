"""Use cases of the desk: changing one section while every other stays byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from assistant.blanks import filled
from assistant.draft import Job, write_section, writing_order
from assistant.lookup import find_section, unlocked
from assistant.outline import points_of
from assistant.studio.drafting import DraftingCases
from assistant.studio.plans import PlanCases
from assistant.types import Draft, Section, Status, Stop, TextChunk
from index.errors import UserError

HAND = "人工"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new version of one section, not yet accepted: the old text stays until the person agrees."""

    draft_id: str
    section: Section
    before: str
    note: str = ""


class EditingCases(DraftingCases, PlanCases):
    """Propose, accept, edit, undo, status, blanks."""

    def propose(
        self,
        draft_id: str,
        section_id: str,
        instruction: str = "",
        variant: int = 1,
        stop: Stop | None = None,
    ) -> Iterator[TextChunk | Proposal]:
        """Yield another version of a section as it is written, then the proposal. Saves nothing."""
        plan = self.history.load(draft_id)
        section = unlocked(find_section(plan, section_id))
        outline = self._outline_of(plan)
        item = next(i for i in outline.items if i.id == section.id)
        item = replace(item, points=(*item.points, *points_of(instruction)))
        others = tuple(
            s for i in writing_order(outline) for s in plan.sections if s.id == i.id and s.id != section.id
        )
        job = Job(
            draft_id,
            plan.request,
            plan.profile,
            outline,
            self._pool(plan.request),
            self.tables,
            self.writer(stop),
            variant,
            stop=stop,
        )
        events = write_section(job, item, others, instruction)
        while True:
            try:
                event = next(events)
            except StopIteration as done:
                yield Proposal(draft_id, replace(done.value, status=section.status), section.text)
                return
            if isinstance(event, TextChunk):
                yield event

    def accept(self, proposal: Proposal) -> Draft:
        """Keep a proposed section; every other section stays byte for byte.

        :raises UserError: when the section was changed elsewhere in the meantime.
        """
        plan = self.history.load(proposal.draft_id)
        if find_section(plan, proposal.section.id).text != proposal.before:
            raise UserError("这一节在别处刚刚改过，请重新打开后再采用。")
        self.history.save_section(proposal.draft_id, proposal.section, proposal.section.writer)
        return self.load(proposal.draft_id)

    def edit(self, draft_id: str, section_id: str, text: str, expected: int | None = None) -> Draft:
        """Keep a person's own text of a section; `expected` is the revision they were looking at.

        :raises UserError: when the section is locked, or was changed elsewhere since.
        """
        plan = self.history.load(draft_id)
        section = unlocked(find_section(plan, section_id))
        if text.strip() != section.text.strip():
            edited = replace(section, text=text.strip("\n"), citations=(), writer=HAND)
            self.history.save_section(draft_id, edited, HAND, expected)
        return self.load(draft_id)

    def fill(self, draft_id: str, values: Mapping[str, str]) -> Draft:
        """Fill in the blanks 【待填：…】 named in `values`, wherever they stand in the plan."""
        self.history.save(filled(self.history.load(draft_id), values))
        return self.load(draft_id)

    def set_status(self, draft_id: str, section_id: str, status: Status) -> Draft:
        """Mark a section as draft, reviewed or locked."""
        section = find_section(self.history.load(draft_id), section_id)
        self.history.save_section(draft_id, replace(section, status=status), HAND)
        return self.load(draft_id)

    def undo(self, draft_id: str, section_id: str) -> Draft:
        """Go one revision back in a section; the step back is itself a revision."""
        section = unlocked(self.section(draft_id, section_id))
        self.history.undo(draft_id, section.id, HAND)
        return self.load(draft_id)
