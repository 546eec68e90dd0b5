"""A precedent's passage for a plan: as a reference of a section, or as one more item of its text.

What a chair finds by searching becomes hers: the precedent's private facts give way to the unit's own values
or to visible blanks 【待填：…】, numbers and headings of its old place fall away. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from assistant.mask import blank, fill_slots, mask, mask_shapes
from assistant.numbering import is_item, renumber, split_number
from assistant.types import Draft, Reference, Section
from index.errors import UserError
from index.types import Fact, Passage

MOST_REFERENCES = 12
STARTER = "starter"
_LEFT_OUT = re.compile(r"(?P<contact>(?:电话|手机|号码|邮箱|微信|联系方式)[:：为是]?)?〔略〕")
"""What an import leaves where a name or a contact stood."""


def borrowed(passage: Passage, facts: Collection[Fact], known: Mapping[str, str]) -> str:
    """Return the passage's text with its private facts masked and each slot filled from `known` or blank.

    Of an imported passage also what merely looks like a name, a contact or an address is masked.
    """
    masked = _LEFT_OUT.sub(_named_blank, mask(passage.text, facts))
    if passage.origin != STARTER:
        masked = mask_shapes(masked)
    rows = (split_number(row.strip())[1].strip() for row in masked.splitlines())
    return fill_slots("\n".join(filter(None, rows)), known)


def _named_blank(found: re.Match[str]) -> str:
    contact = found["contact"] or ""
    return contact + blank("联系方式" if contact else "姓名")


def joined(section: Section, text: str) -> Section:
    """Return the section with `text` after what it holds, numbered where its items are.

    :raises UserError: when the section holds the text already.
    """
    if text in section.text:
        raise UserError("这一节里已经有这段话了。")
    before = section.text.strip("\n")
    rows = [row for row in before.splitlines() if row.strip()]
    numbered = bool(rows) and is_item(rows[-1])
    first, *more = text.splitlines()
    added = "\n".join([f"{len(rows) + 1}.{first}" if numbered else first, *more])
    return replace(section, text=renumber(f"{before}\n{added}".strip("\n")))


def referred(plan: Draft, section: Section, passage: Passage) -> Draft:
    """Return the plan with the passage among the references of the section.

    :raises UserError: when it is there already, or the section has as many as a writer can heed.
    """
    own = [found for found in plan.references if found.section_id == section.id]
    if any(found.passage_id == passage.id for found in own):
        raise UserError(f"这一段已经在“{section.heading or '这一节'}”的参考里了。")
    if len(own) >= MOST_REFERENCES:
        raise UserError(f"一节最多放 {MOST_REFERENCES} 段参考，请先去掉几段。")
    added = Reference(
        section.id, passage.id, passage.document_id, passage.title, passage.text, passage.start, passage.end
    )
    return replace(plan, references=(*plan.references, added))


def unreferred(plan: Draft, section_id: str, passage_id: int) -> Draft:
    """Return the plan without that reference; one that is not there is no error."""
    kept = (r for r in plan.references if (r.section_id, r.passage_id) != (section_id, passage_id))
    return replace(plan, references=tuple(kept))


def section_for_passage(plan: Draft, passage: Passage) -> Section:
    """Return the section of a plan that a passage belongs to by its code.

    :raises UserError: when the plan has none.
    """
    for section in plan.sections:
        if section.code is passage.section and section.text.strip():
            return section
    raise UserError("这份计划里没有和这一段同类的小节，请在“放进哪一节”里选一节。")
