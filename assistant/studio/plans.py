"""Use cases of kept plans: load, list, their revisions, files in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.draft import check
from assistant.lookup import find_section
from assistant.studio.unit import UnitCases
from assistant.types import Draft, Section

if TYPE_CHECKING:
    from assistant.history import DraftSummary, Revision


class PlanCases(UnitCases):
    """Load, check, list, revisions, read, export."""

    def load(self, draft_id: str) -> Draft:
        """Return a draft as it stands, with fresh findings."""
        plan = self.history.load(draft_id)
        return self.checked(plan)

    def checked(self, plan: Draft) -> Draft:
        """Return `plan` with its findings computed anew."""
        return replace(plan, findings=tuple(check(plan, self.tables, self._pool(plan.request))))

    def section(self, draft_id: str, wanted: str) -> Section:
        """Return a section of a draft by id, code or heading.

        :raises UserError: when the draft has no such section.
        """
        return find_section(self.history.load(draft_id), wanted)

    def revisions(self, draft_id: str, section_id: str) -> Sequence[Revision]:
        """Return the revisions of a section, oldest first."""
        return self.history.revisions(draft_id, section_id)

    def drafts(self) -> Sequence[DraftSummary]:
        """Return the drafts, newest first."""
        return self.history.list()

    def read_plan(self, path: Path, today: date) -> Draft:
        """Return the plan in a file, stored nowhere.

        :raises UserError: when the file cannot be read or holds no plan.
        """
        from assistant.planfile import read_plan

        return read_plan(path, self.profile(), today)

    def export(self, plan: Draft, path: Path) -> Path:
        """Write a plan to `path`; the suffix says how."""
        from assistant.export import export

        return export(plan, path)
