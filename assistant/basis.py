"""依据: how well a section is borne out by precedents, from its citations and from how many plans have one.

A section the tables write (指导思想, 时间安排 …) leans on no precedent by design; it says so
and wears no label that would alarm. Pure functions; nothing here is a writer's opinion of itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.types import FRAME, Draft, OutlineItem, Section

SOUND_SHARE = 0.6  # of a section's lines
SOUND_DOCUMENTS = 2
SOME_SHARE = 0.3
COMPOSED = "范例编排"


class Basis(StrEnum):
    """The label of a section; `tables` is a section that the program writes from tables and the profile."""

    SOUND = "sound"
    SOME = "some"
    NONE = "none"
    TABLES = "tables"


BASIS_NAMES = {
    Basis.SOUND: "依据充分",
    Basis.SOME: "一般",
    Basis.NONE: "无先例",
    Basis.TABLES: "按数据表编写",
}


@dataclass(frozen=True, slots=True)
class SectionBasis:
    """What a section leans on: `cited` of its `lines` lean on `documents` precedents; `support` is how
    many of how many plans of this unit type have such a section. `reason` is one Chinese sentence.
    """

    section_id: str
    label: Basis
    cited: int
    lines: int
    documents: int
    support: tuple[int, int]
    reason: str

    @property
    def name(self) -> str:
        """The label in Chinese."""
        return BASIS_NAMES[self.label]


def basis_of(section: Section, item: OutlineItem | None = None) -> SectionBasis:
    """Return the basis of one section; `item` is its line of the outline, for the support count."""
    starts = _line_starts(section.text)
    cited = (
        {max(start for start in starts if start <= c.start) for c in section.citations} if starts else set()
    )
    documents = len({citation.document_id for citation in section.citations})
    support = item.support if item else (0, 0)
    label = _label(section, len(cited), len(starts), documents)
    reason = _reason(label, len(cited), len(starts), documents, support)
    return SectionBasis(section.id, label, len(cited), len(starts), documents, support, reason)


def bases(plan: Draft) -> tuple[SectionBasis, ...]:
    """Return the basis of every section of a plan, in reading order."""
    items = {item.id: item for item in plan.outline.items} if plan.outline else {}
    return tuple(basis_of(section, items.get(section.id)) for section in plan.sections)


def _line_starts(text: str) -> list[int]:
    starts, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            starts.append(at)
        at += len(line) + 1
    return starts


def _label(section: Section, cited: int, lines: int, documents: int) -> Basis:
    share = cited / lines if lines else 0.0
    if section.code in FRAME and section.writer in (COMPOSED, "") and not cited:
        return Basis.TABLES
    if share >= SOUND_SHARE and documents >= min(SOUND_DOCUMENTS, lines):
        return Basis.SOUND
    return Basis.SOME if share >= SOME_SHARE else Basis.NONE


def _reason(label: Basis, cited: int, lines: int, documents: int, support: tuple[int, int]) -> str:
    having, total = support
    usual = f"；同类{total}份计划里有{having}份写到这一节" if total else ""
    if label is Basis.TABLES:
        return f"由现行表述、日历等数据表和单位档案写成，不引先例{usual}。"
    if not cited:
        return f"没有找到相同或相近的先例，请重点核对{usual}。"
    return f"{lines}条里有{cited}条能对上先例，来自{documents}份材料{usual}。"
