"""Which section of a plan a person means, and whether it may be changed. Pure functions."""

from __future__ import annotations

from assistant.outline import closest, of_draft
from assistant.types import Draft, Section, Status
from index.errors import UserError


def unlocked(section: Section) -> Section:
    """Return `section`.

    :raises UserError: when it is locked.
    """
    if section.status is Status.LOCKED:
        raise UserError(f"“{section.heading or '引言'}”已经锁定，请先解锁再改。")
    return section


def find_section(plan: Draft, wanted: str) -> Section:
    """Return a section by id, code or heading, or the one whose heading is most like `wanted`."""
    for section in plan.sections:
        if wanted in (section.id, section.code.value, section.heading):
            return section
    item = closest(wanted, of_draft(plan).items)
    if item is None:
        names = "、".join(section.heading or section.code.value for section in plan.sections)
        raise UserError(f"这份计划里没有“{wanted}”这一节，有：{names}。")
    return next(section for section in plan.sections if section.id == item.id)
