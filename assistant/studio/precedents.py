"""Use cases of taking a precedent that was found into a plan: as a reference, or as a proposal."""

from __future__ import annotations

from assistant.borrow import borrowed, joined, referred, section_for_passage, unreferred
from assistant.lookup import find_section, unlocked
from assistant.mask import known_slots
from assistant.outline import org_words
from assistant.studio.editing import EditingCases, Proposal
from assistant.studio.plans import HAND
from assistant.types import Draft, Section
from index.errors import UserError
from index.types import Passage

FROM_PRECEDENT = "取自先例"


class PrecedentCases(EditingCases):
    """References of a section, and passages offered to it."""

    def refer(self, draft_id: str, section_id: str, passage_id: int) -> Section:
        """Keep a passage as a reference of a section and return the section: whoever writes it anew reads
        its references first. No section named: the one of the same kind.

        :raises UserError: when the plan has no such section, or the passage is there already.
        """
        passage = self._passage(passage_id)
        section = self._section_for(draft_id, section_id, passage)
        self.history.change(draft_id, lambda plan: referred(plan, section, passage), HAND)
        return section

    def unrefer(self, draft_id: str, section_id: str, passage_id: int) -> Draft:
        """Take a passage out of a section's references."""
        self.history.change(draft_id, lambda plan: unreferred(plan, section_id, passage_id), HAND)
        return self.load(draft_id)

    def borrow(self, draft_id: str, section_id: str, passage_id: int) -> Proposal:
        """Return a section with a passage at its end, the precedent's private facts taken out. Saves nothing.

        :raises UserError: when the section is locked or holds the passage already.
        """
        passage = self._passage(passage_id)
        section = unlocked(self._section_for(draft_id, section_id, passage))
        plan = self.history.load(draft_id)
        facts = self.library.facts([passage.document_id])[passage.document_id]
        roles = org_words(plan.request, plan.profile, self.tables).roles
        new = joined(section, borrowed(passage, facts, known_slots(plan.profile, roles)))
        return Proposal(
            draft_id,
            new,
            section.text,
            f"{FROM_PRECEDENT}《{passage.title}》，原单位的名称、人名和数字已换成本单位的，或留空待填。",
        )

    def _section_for(self, draft_id: str, section_id: str, passage: Passage) -> Section:
        plan = self.history.load(draft_id)
        return find_section(plan, section_id) if section_id else section_for_passage(plan, passage)

    def _passage(self, passage_id: int) -> Passage:
        for passage in self.library.passages_of([passage_id]):
            return passage
        raise UserError("这一段已经不在资料库里了，请重新检索。")
