"""Use cases of a plan's shape: sections added, taken out, moved, renamed, split, merged; the plan's title.

Each is one transaction on the plan as it stands, so nothing saved elsewhere meanwhile is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex

from assistant import items, structure
from assistant.lookup import find_section
from assistant.studio.editing import EditingCases
from assistant.studio.plans import HAND
from assistant.types import Draft
from index.errors import UserError
from index.types import SectionCode


class ShapingCases(EditingCases):
    """Add, remove, move, rename, split, merge, retitle; the same for the items of a section."""

    def add_section(self, draft_id: str, after_id: str, heading: str) -> Draft:
        """Add an empty section behind another; what it is about is read off its heading."""
        code = self.code_of(heading) or SectionCode.SELF
        return self._reshaped(draft_id, lambda plan: structure.added(plan, after_id, heading, code, new_id()))

    def remove_section(self, draft_id: str, section_id: str) -> Draft:
        """Take a section out; its revisions stay, and the version before can be brought back."""
        return self._reshaped(draft_id, lambda plan: structure.removed(plan, section_id))

    def move_section(self, draft_id: str, section_id: str, by: int) -> Draft:
        """Move a section down by so many places, up for a negative number."""
        return self._reshaped(draft_id, lambda plan: structure.moved(plan, section_id, by))

    def rename_section(self, draft_id: str, section_id: str, heading: str) -> Draft:
        """Give a section another heading."""
        return self._reshaped(draft_id, lambda plan: structure.renamed(plan, section_id, heading))

    def split_section(self, draft_id: str, section_id: str, place: int, heading: str) -> Draft:
        """Make the lines from the one at `place` on a section of their own."""

        def split(plan: Draft) -> Draft:
            line = items.line_at(find_section(plan, section_id).text, place)
            return structure.split(plan, section_id, line, heading, new_id())

        return self._reshaped(draft_id, split)

    def merge_section(self, draft_id: str, section_id: str) -> Draft:
        """Make a section and the one behind it one."""
        return self._reshaped(draft_id, lambda plan: structure.merged(plan, section_id))

    def retitle(self, draft_id: str, title: str) -> Draft:
        """Give the plan another title.

        :raises UserError: when it is empty.
        """
        if not title.strip():
            raise UserError("计划的标题不能空着。")
        return self._reshaped(draft_id, lambda plan: structure.retitled(plan, title.strip()))

    def _reshaped(self, draft_id: str, change: Callable[[Draft], Draft]) -> Draft:
        return self.checked(self.history.change(draft_id, change, HAND))


def new_id() -> str:
    """Return an id no section of any plan has had."""
    return f"s{token_hex(3)}"
