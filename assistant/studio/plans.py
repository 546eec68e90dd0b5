"""Use cases of kept plans: load, list, their revisions, files in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.draft import check
from assistant.history_marks import DELETED, SNAPSHOT, STATES
from assistant.lookup import find_section
from assistant.months import Months, months_of_plan
from assistant.outline import org_words
from assistant.settings import write_atomically
from assistant.studio.unit import UnitCases
from assistant.types import Draft, Section

if TYPE_CHECKING:
    from assistant.history import DraftSummary, Revision
    from assistant.history_marks import Mark

HAND = "人工"


class PlanCases(UnitCases):
    """Load, check, list, put away, copy, snapshots, revisions, read, export."""

    def load(self, draft_id: str) -> Draft:
        """Return a draft as it stands, with fresh findings."""
        plan = self.history.load(draft_id)
        return self.checked(plan)

    def checked(self, plan: Draft) -> Draft:
        """Return `plan` with its findings computed anew."""
        return replace(
            plan, findings=tuple(check(plan, self.tables, self._pool(plan.request, plan.references)))
        )

    def section(self, draft_id: str, wanted: str) -> Section:
        """Return a section of a draft by id, code or heading.

        :raises UserError: when the draft has no such section.
        """
        return find_section(self.history.load(draft_id), wanted)

    def revisions(self, draft_id: str, section_id: str) -> Sequence[Revision]:
        """Return the revisions of a section, oldest first."""
        return self.history.revisions(draft_id, section_id)

    def drafts(self) -> Sequence[DraftSummary]:
        """Return the drafts that were not deleted, newest first."""
        return [row for row in self.history.list() if row.state != DELETED]

    def put(self, draft_id: str, state: str) -> None:
        """Archive a draft, delete it, or take it back: `state` is one of history_marks.STATES."""
        if state not in STATES:
            raise ValueError(f"no state {state!r}")
        self.history.mark(draft_id, state)

    def copy(self, draft_id: str) -> str:
        """Keep a copy of a draft as a draft of its own and return its id."""
        plan = self.history.load(draft_id)
        return self.history.save(replace(plan, id="", title=f"{plan.title}（副本）"))

    def snapshot(self, draft_id: str, name: str = "") -> Mark:
        """Keep the whole plan as it stands under a name."""
        return self.history.mark(draft_id, SNAPSHOT, name.strip() or "手动快照")

    def snapshots(self, draft_id: str) -> Sequence[Mark]:
        """Return the snapshots of a plan, newest first."""
        return [mark for mark in reversed(self.history.marks(draft_id)) if mark.kind == SNAPSHOT]

    def bring_back(self, draft_id: str, version: int) -> Draft:
        """Make a plan what it was at a version; how it stands now is kept as a snapshot first.

        Locked sections go back too: a snapshot is the whole plan.
        """
        before = self.history.load(draft_id, version)
        self.history.mark(draft_id, SNAPSHOT, "恢复之前")
        self.history.change(draft_id, lambda plan: before, HAND)
        return self.load(draft_id)

    def mark_version(self, draft_id: str) -> int:
        """Return the number of a version that holds the plan exactly as it stands now."""
        return self.history.keep_version(draft_id)

    def stamp(self, draft_id: str) -> str:
        """Return a text that differs after every save of a draft, by whatever page or program."""
        return self.history.stamp(draft_id)

    def months(self, plan: Draft) -> Months:
        """Return what the plan does in which month."""
        return months_of_plan(plan, self.tables)

    def read_plan(self, path: Path, today: date) -> Draft:
        """Return the plan in a file, stored nowhere.

        :raises UserError: when the file cannot be read or holds no plan.
        """
        from assistant.planfile import read_plan

        return read_plan(path, self.profile(), today)

    def export(self, plan: Draft, path: Path, form: str = "asked") -> Path:
        """Write a plan to `path`; the suffix says how, `form` what a Word file or PDF is to be: `asked`
        (as the request says), `plan`, `notice` or `tasks`.
        """
        from assistant.export import Form, export

        words = org_words(plan.request, plan.profile, self.tables)
        return export(plan, path, Form(form), words.roles["group"])

    def as_drafted(self, draft_id: str) -> Draft:
        """Return a plan as it stood when all its sections were first written, before anybody changed it."""
        summary = next((row for row in self.drafts() if row.id == draft_id), None)
        for version in range(1, summary.versions + 1 if summary else 1):
            plan = self.history.load(draft_id, version)
            if all(section.text.strip() for section in plan.sections):
                return plan
        return self.history.load(draft_id)

    def redline(self, before: Draft, after: Draft, path: Path) -> Path:
        """Write a Word file of `after` with its differences from `before` as tracked changes."""
        from assistant.redline import to_redline

        write_atomically(path, to_redline(before, after))
        return path
