"""Which section of a plan a person means, and whether it may be changed. Pure functions."""

from __future__ import annotations

from assistant.outline_text import closest, of_draft
from assistant.types import Draft, Section, Status
from index.errors import UserError
from index.labels import name_of
from index.library import section_code


def unlocked(section: Section) -> Section:
    """Return `section`.

    :raises UserError: when it is locked.
    """
    if section.status is Status.LOCKED:
        raise UserError(f"“{section.heading or '引言'}”已经锁定，请先解锁再改。")
    return section


def find_section(plan: Draft, wanted: str) -> Section:
    """Return a section by id, code or heading, else the one whose heading is most like `wanted`, else the
    first one that is about it: 帮扶 is the section CARE under whatever heading.

    :raises UserError: where there is none, naming those there are.
    """
    for section in plan.sections:
        if wanted in (section.id, section.code.value, section.heading):
            return section
    item = closest(wanted, of_draft(plan).items)
    about = None if item else section_code(wanted)
    for section in plan.sections:
        if section.id == item.id if item else section.code is about:
            return section
    names = "、".join(section.heading or name_of(section.code) for section in plan.sections)
    raise UserError(f"这份计划里没有“{wanted}”这一节，有：{names}。")
