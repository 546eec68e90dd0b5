"""Use cases of the desk: changing one section while every other stays byte for byte."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from assistant.blanks import filled
from assistant.changes import Change, changes, merged
from assistant.citations import cite, recited
from assistant.draft import Job
from assistant.evidence import rank
from assistant.lookup import find_section, unlocked
from assistant.polish import Action
from assistant.redraft import Wish, redraft
from assistant.studio.drafting import DraftingCases
from assistant.studio.plans import HAND, PlanCases
from assistant.types import Citation, Draft, Evidence, Section, Status, Stop, TextChunk
from index.errors import UserError

BURST = 60.0
"""Seconds within which typing that is saved by itself is one step for undo."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new version of one section, not yet accepted: the old text stays until the person agrees.

    `note` says in one sentence who wrote it and how.
    """

    draft_id: str
    section: Section
    before: str
    note: str = ""

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would change, sentence by sentence."""
        return changes(self.before, self.section.text)


class EditingCases(DraftingCases, PlanCases):
    """Propose, accept, edit, undo, redo, restore, status, blanks."""

    def propose(
        self,
        draft_id: str,
        section_id: str,
        instruction: str = "",
        variant: int = 1,
        stop: Stop | None = None,
        *,
        action: Action | None = None,
        span: tuple[int, int] = (0, 0),
    ) -> Iterator[TextChunk | Proposal]:
        """Yield another version of a section as it is written, then the proposal. Saves nothing.

        Without an instruction or an action it is simply another version; `span` limits the change to the
        sentences a person selected.
        """
        plan = self.history.load(draft_id)
        section = unlocked(find_section(plan, section_id))
        job = Job(
            draft_id,
            plan.request,
            plan.profile,
            self._outline_of(plan),
            self._pool(plan.request, plan.references),
            self.tables,
            self.writer(stop),
            variant,
            stop=stop,
        )
        events = redraft(job, plan, section, Wish(instruction.strip(), action, span))
        while True:
            try:
                event = next(events)
            except StopIteration as done:
                new = replace(done.value.section, status=section.status)
                yield Proposal(draft_id, new, section.text, done.value.note)
                return
            if isinstance(event, TextChunk):
                yield event

    def accept(self, proposal: Proposal, taken: Collection[int] | None = None) -> Draft:
        """Keep a proposed section, or only the changes numbered in `taken`; every other section stays byte
        for byte.

        :raises UserError: when the section was changed elsewhere in the meantime.
        """
        plan = self.history.load(proposal.draft_id)
        section = unlocked(find_section(plan, proposal.section.id))
        if section.text != proposal.before:
            raise UserError("这一节在别处刚刚改过，请重新打开后再采用。")
        new = proposal.section
        text = new.text if taken is None else merged(proposal.before, new.text, taken)
        if text != new.text:
            new = replace(new, text=text)
        if text != section.text:
            new = replace(new, citations=self._cited(plan, new))
            self.history.save_section(proposal.draft_id, new, new.writer)
        return self.load(proposal.draft_id)

    def edit(self, draft_id: str, section_id: str, text: str, expected: int | None = None) -> Draft:
        """Keep a person's own text of a section; `expected` is the revision they were looking at.

        :raises UserError: when the section is locked, or was changed elsewhere since.
        """
        plan = self.history.load(draft_id)
        section = unlocked(find_section(plan, section_id))
        text = text.strip("\n")
        if text.strip() != section.text.strip():
            cited = recited(section.citations, section.text, text, lambda: self._evidence(plan, section))
            edited = replace(section, text=text, citations=cited, writer=HAND)
            self.history.save_section(draft_id, edited, HAND, expected, BURST)
        return self.load(draft_id)

    def fill(self, draft_id: str, values: Mapping[str, str]) -> Draft:
        """Fill in the blanks 【待填：…】 named in `values`, wherever they stand in the plan."""
        self.history.change(draft_id, lambda plan: filled(plan, values), HAND)
        return self.load(draft_id)

    def set_status(self, draft_id: str, section_id: str, status: Status) -> Draft:
        """Mark a section as draft, reviewed or locked."""
        section = find_section(self.history.load(draft_id), section_id)
        self.history.save_section(draft_id, replace(section, status=status), HAND)
        return self.load(draft_id)

    def undo(self, draft_id: str, section_id: str) -> Draft:
        """Go one change back in a section; the step back is itself a revision."""
        section = unlocked(self.section(draft_id, section_id))
        self.history.undo(draft_id, section.id, HAND)
        return self.load(draft_id)

    def redo(self, draft_id: str, section_id: str) -> Draft:
        """Take the last undo back."""
        section = unlocked(self.section(draft_id, section_id))
        self.history.redo(draft_id, section.id, HAND)
        return self.load(draft_id)

    def restore_section(self, draft_id: str, section_id: str, revision: int) -> Draft:
        """Bring an earlier revision of a section back as the newest."""
        section = unlocked(self.section(draft_id, section_id))
        self.history.restore(draft_id, section.id, revision, HAND)
        return self.load(draft_id)

    def _cited(self, plan: Draft, section: Section) -> tuple[Citation, ...]:
        """Return the precedents that a section's text leans on, computed anew."""
        return cite(section.text, self._evidence(plan, section))

    def _evidence(self, plan: Draft, section: Section) -> tuple[Evidence, ...]:
        """Return what a section may lean on; nothing for one that no outline has."""
        item = next((i for i in self._outline_of(plan).items if i.id == section.id), None)
        if item is None:
            return ()
        return rank(self._pool(plan.request, plan.references), item, plan.request, self.tables)
