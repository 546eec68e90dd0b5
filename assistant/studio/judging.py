"""Use cases of judging a plan: its findings mended with one click, its figures and who brought them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assistant.draft import check
from assistant.ledger import HAND, LedgerContext, LedgerRow, confirm, ledger
from assistant.mends import WRITER, Mended, cure_all
from assistant.structure import retitled
from assistant.studio.plans import PlanCases
from assistant.types import Draft, Finding
from index.errors import UserError


class JudgingCases(PlanCases):
    """Mend findings, show the ledger, confirm figures."""

    def mended(
        self, plan: Draft, wanted: Iterable[Finding] | None = None
    ) -> tuple[Draft, tuple[Mended, ...]]:
        """Return a checked plan with what can be mended mended, and what was done. Saves nothing."""
        return cure_all(plan, self._recheck(plan), wanted)

    def mend(
        self, draft_id: str, wanted: Iterable[Finding] | None = None
    ) -> tuple[Draft, tuple[Mended, ...]]:
        """Mend the wanted findings of a kept plan, or all that can be, each changed section a new revision.

        :raises UserError: when none of those wanted is one that the program can put right by itself.
        """
        before = self.load(draft_id)
        after, done = self.mended(before, wanted)
        if not done and wanted is not None:
            raise UserError("这里没有能一键改好的问题，请按提示自己改，或把这一节换一版。")
        changed = {section.id: section for section in after.sections}
        for section in before.sections:
            if changed[section.id] != section:
                self.history.save_section(draft_id, changed[section.id], WRITER)
        if after.title != before.title:
            self.history.change(draft_id, lambda plan: retitled(plan, after.title), WRITER)
        return self.load(draft_id), done

    def ledger(self, plan: Draft) -> tuple[LedgerRow, ...]:
        """Return every figure of a plan and who brought it."""
        wanted = {citation.passage_id for section in plan.sections for citation in section.citations}
        passages = {passage.id: passage.text for passage in self.library.passages_of(sorted(wanted))}
        return ledger(plan, LedgerContext(self.tables, passages, self._written(plan)))

    def confirm(self, draft_id: str, rows: Sequence[LedgerRow]) -> Draft:
        """Keep figures of a plan as confirmed."""
        self.history.change(draft_id, lambda plan: confirm(plan, rows), HAND)
        return self.load(draft_id)

    def _written(self, plan: Draft) -> dict[str, str]:
        """Return what the program wrote of each section that a person has edited since."""
        edited = [section.id for section in plan.sections if section.writer == HAND and plan.id]
        return {
            number: "\n".join(
                r.section.text for r in self.history.revisions(plan.id, number) if r.section.writer != HAND
            )
            for number in edited
        }

    def _recheck(self, plan: Draft) -> Callable[[Draft], Sequence[Finding]]:
        pool = self._pool(plan.request, plan.references)
        return lambda changed: check(changed, self.tables, pool)
