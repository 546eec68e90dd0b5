"""Use cases of an upper union's key points: kept with a plan, held against it, taken into it."""

from __future__ import annotations

from dataclasses import replace

from assistant import structure
from assistant.borrow import joined
from assistant.history_marks import UPPER
from assistant.lookup import find_section, unlocked
from assistant.planning import Offer, offers_for
from assistant.points import Row, matrix, read_points
from assistant.studio.editing import Proposal
from assistant.studio.plans import HAND
from assistant.studio.shaping import ShapingCases, new_id
from assistant.types import FRAME, Draft, Section
from index.errors import UserError
from index.labels import name_of

FROM_ABOVE = "按上级工会要点补的措施"


class UpperCases(ShapingCases):
    """Hold key points against a plan, take a ready measure into it."""

    def against(self, plan: Draft, text: str) -> tuple[tuple[Row, ...], tuple[Offer, ...]]:
        """Return every point of a pasted text with what covers it, and a ready measure for those uncovered.

        :raises UserError: where there is no point in the text.
        """
        rows = matrix(read_points(text), plan)
        return rows, offers_for(rows, plan, self._pool(plan.request, plan.references), self.tables)

    def keep_points(self, draft_id: str, text: str) -> None:
        """Keep a pasted text with the draft, so that it is there again after a reload or a restart.

        :raises UserError: where there is no point in the text.
        """
        read_points(text)
        if text != self.kept_points(draft_id):
            self.history.mark(draft_id, UPPER, text)

    def kept_points(self, draft_id: str) -> str:
        """Return the key points last pasted beside a draft, "" if none were."""
        kept = [mark.name for mark in self.history.marks(draft_id) if mark.kind == UPPER]
        return kept[-1] if kept else ""

    def take_point(self, draft_id: str, text: str, number: int) -> Draft:
        """Put the ready measure of one point into its section, which is added where the plan has none.

        :raises UserError: when the point is carried out by now, or its section is locked.
        """
        plan = self.history.load(draft_id)
        _, offers = self.against(plan, text)
        offer = next((offer for offer in offers if offer.number == number), None)
        if offer is None:
            raise UserError("这一条已经落实了，或者要点改过了，请重新按“对照”。")
        section = unlocked(self._section_of(plan, offer))
        measure = offer.text if section.text.strip() else f"1.{offer.text}"
        return self.accept(Proposal(draft_id, joined(section, measure), section.text, FROM_ABOVE))

    def _section_of(self, plan: Draft, offer: Offer) -> Section:
        """Return the section a measure goes to, added behind the last one of the body where there is none."""
        if offer.section_id:
            return find_section(plan, offer.section_id)
        body = [section.id for section in plan.sections if section.code not in FRAME]
        identity = new_id()
        heading = offer.heading or name_of(offer.code)

        def change(now: Draft) -> Draft:
            return structure.added(now, body[-1] if body else "", heading, offer.code, identity)

        self.history.change(plan.id, change, HAND)
        return replace(find_section(self.history.load(plan.id), identity))
