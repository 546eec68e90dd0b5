"""Filling in the blanks 【待填：字段】 a plan was written with. Pure functions.

A citation keeps pointing at its words although the text before it grows or shrinks; one whose own words
held the blank is dropped, for they are no longer the precedent's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.mask import blank, blanks
from assistant.types import Citation, Draft, Section, Status


def blanks_of(plan: Draft) -> tuple[str, ...]:
    """Return the fields still blank in a plan, each once, in reading order."""
    return blanks("\n".join([plan.title, *(section.text for section in plan.sections), plan.signature]))


def filled(plan: Draft, values: Mapping[str, str]) -> Draft:
    """Return `plan` with every blank that has a value filled in; locked sections stay as they are."""
    marks = {blank(name): value.strip() for name, value in values.items() if value.strip()}
    sections = (s if s.status is Status.LOCKED else _filled_section(s, marks) for s in plan.sections)
    title, signature = _replaced(plan.title, marks), _replaced(plan.signature, marks)
    return replace(plan, title=title, signature=signature, sections=tuple(sections))


def _replaced(text: str, marks: Mapping[str, str]) -> str:
    for mark, value in marks.items():
        text = text.replace(mark, value)
    return text


def _filled_section(section: Section, marks: Mapping[str, str]) -> Section:
    text = _replaced(section.text, marks)
    if text == section.text:
        return section
    moved = (_moved(citation, section.text, marks) for citation in section.citations)
    return replace(section, text=text, citations=tuple(c for c in moved if c))


def _moved(citation: Citation, text: str, marks: Mapping[str, str]) -> Citation | None:
    """Return the citation at its new place, None when its own words have changed."""
    own = text[citation.start : citation.end]
    if _replaced(own, marks) != own:
        return None
    start = len(_replaced(text[: citation.start], marks))
    return replace(citation, start=start, end=start + len(own))
