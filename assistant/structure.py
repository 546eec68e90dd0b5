"""Sections of a plan added, taken out, moved, renamed, split and merged. Pure functions from plan to plan.

Numbers are a matter of showing, so nothing else has to change; the outline follows, so that a section
written anew later is still written to the right length and points. Locked sections are not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.citations import kept
from assistant.lookup import find_section, unlocked
from assistant.numbering import bare_heading, renumber
from assistant.text import han_count
from assistant.types import Draft, Outline, OutlineItem, Section
from index.errors import UserError
from index.types import SectionCode

USUAL = 200
"""Hanzi aimed at in a section that somebody adds."""


def added(plan: Draft, after_id: str, heading: str, code: SectionCode, new_id: str) -> Draft:
    """Return the plan with an empty section behind the one named; "" puts it first.

    `new_id` is an id that no section of the plan has ever had, for its revisions are kept under it.
    """
    heading = _checked(plan, heading)
    place = _place(plan, after_id) + 1 if after_id else 0
    group = plan.sections[place - 1].group if place else ""
    new = Section(new_id, code, heading, "", group)
    return _with(plan, [*plan.sections[:place], new, *plan.sections[place:]])


def removed(plan: Draft, section_id: str) -> Draft:
    """Return the plan without a section.

    :raises UserError: when it is locked or the only one.
    """
    unlocked(find_section(plan, section_id))
    if len(plan.sections) == 1:
        raise UserError("计划只剩这一节了，不能再删；可以改它的标题和文字。")
    return _with(plan, [section for section in plan.sections if section.id != section_id])


def moved(plan: Draft, section_id: str, by: int) -> Draft:
    """Return the plan with a section `by` places further down (negative: up), at most to an end.

    A section that comes to stand among others under one heading 三、主要工作 comes under it too.
    """
    here = _place(plan, section_id)
    there = min(max(here + by, 0), len(plan.sections) - 1)
    sections = list(plan.sections)
    section = sections.pop(here)
    around = [s.group for s in sections[max(0, there - 1) : there + 1]]
    if section.group not in around:
        section = replace(section, group=around[0 if by > 0 else -1] if around else "")
    sections.insert(there, section)
    return _with(plan, sections)


def renamed(plan: Draft, section_id: str, heading: str) -> Draft:
    """Return the plan with another heading for a section; a number typed before it is dropped."""
    section = unlocked(find_section(plan, section_id))
    heading = bare_heading(heading)
    if section.heading == heading:
        return plan
    return _replaced(plan, replace(section, heading=_checked(plan, heading) if heading else ""))


def split(plan: Draft, section_id: str, line: int, heading: str, new_id: str) -> Draft:
    """Return the plan with a section's lines from `line` (from 0) on in a section of their own behind it.

    :raises UserError: when one of the two would be empty.
    """
    section = unlocked(find_section(plan, section_id))
    rows = section.text.split("\n")
    above, below = "\n".join(rows[:line]).strip("\n"), "\n".join(rows[line:]).strip("\n")
    if not above.strip() or not below.strip():
        raise UserError("请把光标放在要移到新一节的第一条上，再按“从这里拆成两节”。")
    new = Section(new_id, section.code, _checked(plan, heading), renumber(below), section.group)
    new = replace(new, writer=section.writer, citations=kept(section.citations, section.text, new.text))
    place = _place(plan, section_id)
    return _with(
        plan, [*plan.sections[:place], _with_text(section, renumber(above)), new, *plan.sections[place + 1 :]]
    )


def merged(plan: Draft, section_id: str) -> Draft:
    """Return the plan with a section and the one behind it as one, under the first one's heading."""
    place = _place(plan, section_id)
    if place + 1 == len(plan.sections):
        raise UserError("这已经是最后一节，后面没有可以合并的。")
    first, second = unlocked(plan.sections[place]), unlocked(plan.sections[place + 1])
    text = renumber("\n".join(filter(None, (first.text.strip("\n"), second.text.strip("\n")))))
    whole = replace(
        first,
        text=text,
        citations=(*kept(first.citations, first.text, text), *kept(second.citations, second.text, text)),
    )
    return _with(plan, [*plan.sections[:place], whole, *plan.sections[place + 2 :]])


def retitled(plan: Draft, title: str) -> Draft:
    """Return the plan under another title."""
    return replace(plan, title=title, outline=replace(plan.outline, title=title) if plan.outline else None)


def _checked(plan: Draft, heading: str) -> str:
    heading = bare_heading(heading)
    if not heading:
        raise UserError("请先写上这一节的标题。")
    if any(section.heading == heading for section in plan.sections):
        raise UserError(f"已经有一节叫“{heading}”，请换一个标题。")
    return heading


def _place(plan: Draft, section_id: str) -> int:
    wanted = find_section(plan, section_id).id
    return next(place for place, section in enumerate(plan.sections) if section.id == wanted)


def _with_text(section: Section, text: str) -> Section:
    return replace(section, text=text, citations=kept(section.citations, section.text, text))


def _replaced(plan: Draft, section: Section) -> Draft:
    return _with(plan, [section if old.id == section.id else old for old in plan.sections])


def _with(plan: Draft, sections: Sequence[Section]) -> Draft:
    """Return the plan of these sections, its outline following them."""
    known = {item.id: item for item in plan.outline.items} if plan.outline else {}
    items = tuple(
        replace(
            known.get(s.id) or OutlineItem(s.id, s.code, s.heading, target=han_count(s.text) or USUAL),
            heading=s.heading,
            group=s.group,
        )
        for s in sections
    )
    return replace(plan, sections=tuple(sections), outline=Outline(plan.title, items))
