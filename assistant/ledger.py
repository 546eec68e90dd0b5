"""The number ledger: every number, date and amount of a plan, and who brought it.

What the request or the profile says is the unit's own; what a precedent, the Composer's tables or a model
brought is a proposal, until the person confirms it. Pure functions; confirmations are kept in the draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.basis import COMPOSED
from assistant.figures import Figure, FigureKind, figures_in, key_of
from assistant.tables import Tables
from assistant.types import Citation, Draft, Section

HAND = "人工"


class Source(StrEnum):
    """Who brought a figure."""

    REQUEST = "request"
    PROFILE = "profile"
    PRECEDENT = "precedent"
    COMPOSED = "composed"
    MODEL = "model"
    HAND = "hand"


SOURCE_NAMES = {
    Source.REQUEST: "用户要求",
    Source.PROFILE: "单位档案",
    Source.PRECEDENT: "先例带入",
    Source.COMPOSED: "编排拟定",
    Source.MODEL: "模型自拟",
    Source.HAND: "人工填写",
}
KIND_NAMES = {FigureKind.NUMBER: "数字", FigureKind.DATE: "日期", FigureKind.AMOUNT: "金额"}
_PROPOSED = (Source.PRECEDENT, Source.COMPOSED, Source.MODEL)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A figure at `start:end` of a section's text (section_id "" is the title).

    `clause` is the sentence it stands in, `note` where it comes from in Chinese (a precedent's title, the
    calendar). `proposal`: the person has not said it, so it is to be confirmed, changed or taken out.
    """

    section_id: str
    start: int
    end: int
    text: str
    kind: FigureKind
    source: Source
    clause: str
    note: str = ""
    proposal: bool = False
    confirmed: bool = False

    @property
    def source_name(self) -> str:
        """Who brought it, in Chinese."""
        return SOURCE_NAMES[self.source]

    @property
    def open(self) -> bool:
        """Whether the person should still look at it."""
        return self.proposal and not self.confirmed


@dataclass(frozen=True, slots=True)
class LedgerContext:
    """What the ledger is told beside the plan.

    `passages` are the texts of precedent passages by id. `written` holds, by section id, everything the
    program itself has written there: what is in a section edited by hand and not in it, the person brought.
    """

    tables: Tables
    passages: Mapping[int, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)


def ledger(plan: Draft, context: LedgerContext) -> tuple[LedgerRow, ...]:
    """Return a row for every figure of a plan and its title, in reading order."""
    title = Section("", plan.sections[0].code, "", plan.title, writer=COMPOSED) if plan.sections else None
    sections = (*((title,) if title else ()), *plan.sections)
    return tuple(row for section in sections for row in _rows(section, plan, context))


def confirm(plan: Draft, rows: Sequence[LedgerRow]) -> Draft:
    """Return `plan` with figures confirmed; those of a sentence written anew later are open again."""
    keys = ((row.text, row.clause) for row in rows)
    return replace(plan, confirmed=tuple(dict.fromkeys((*plan.confirmed, *keys))))


def _rows(section: Section, plan: Draft, context: LedgerContext) -> Iterator[LedgerRow]:
    for figure in figures_in(section.text):
        source, note = _source(figure, section, plan, context)
        _, clause = key_of(section.text, figure.start, figure.end)
        yield LedgerRow(
            section.id,
            figure.start,
            figure.end,
            figure.text,
            figure.kind,
            source,
            clause,
            note,
            proposal=source in _PROPOSED and _telling(figure, context.tables),
            confirmed=(figure.text.strip(), clause) in plan.confirmed,
        )


def _source(figure: Figure, section: Section, plan: Draft, context: LedgerContext) -> tuple[Source, str]:
    if note := _asked(figure, plan):
        return Source.REQUEST, note
    if note := _in_profile(figure, plan):
        return Source.PROFILE, note
    if section.writer == HAND and figure.text not in context.written.get(section.id, ""):
        return Source.HAND, ""
    for citation in _beside(figure, section):
        if _stands(figure.text, context.passages.get(citation.passage_id, citation.quote)):
            return Source.PRECEDENT, citation.title
    if section.writer in (COMPOSED, HAND, ""):
        return Source.COMPOSED, _calendar(figure, section.text, context.tables)
    return Source.MODEL, section.writer


def _asked(figure: Figure, plan: Draft) -> str:
    """Return a note when the request says the figure, or the year it is about."""
    request = plan.request
    if figure.kind is FigureKind.DATE and re.fullmatch(r"20\d\d(?:[—－-]20\d\d学)?年", figure.text):
        years = {int(year) for year in re.findall(r"20\d\d", figure.text)}
        return "计划的时限" if years <= {request.year, request.year + 1} and request.year in years else ""
    return "要求里写明" if _stands(figure.text, request.text) else ""


def _in_profile(figure: Figure, plan: Draft) -> str:
    profile = plan.profile
    for name, words in (
        ("重点任务", profile.key_tasks),
        ("固定活动", profile.fixed_events),
        ("机构", profile.bodies),
    ):
        if any(_stands(figure.text, word) for word in words):
            return name
    number = re.match(r"\d+", figure.text)
    for name, count, units in (
        ("职工人数", profile.people, "名人"),
        ("女职工人数", profile.women, "名人"),
        ("工会小组数", profile.groups, "个组支"),
    ):
        if count is not None and number and int(number[0]) == count and figure.text[-1] in units:
            return name
    return ""


def _beside(figure: Figure, section: Section) -> list[Citation]:
    """Return the citations of the figure's line."""
    left = section.text.rfind("\n", 0, figure.start) + 1
    right = section.text.find("\n", figure.end)
    right = len(section.text) if right < 0 else right
    return [c for c in section.citations if left <= c.start < right]


def _stands(figure: str, text: str) -> bool:
    words = re.escape(figure.strip())
    pattern = rf"(?<!\d){words}" if figure[:1].isdigit() else words
    return bool(re.search(pattern, text))


def _calendar(figure: Figure, text: str, tables: Tables) -> str:
    """Return the occasion of the calendar a date belongs to."""
    if figure.kind is not FigureKind.DATE:
        return ""
    _, clause = key_of(text, figure.start, figure.end)
    row = next((r for r in tables.calendar if any(word in clause for word in r.words)), None)
    return f"日历：{row.name}" if row else ""


def _telling(figure: Figure, tables: Tables) -> bool:
    """Tell whether a figure promises something: a plain month or a day of the calendar does not."""
    if figure.kind is not FigureKind.DATE:
        return True
    day = re.search(r"(\d{1,2})月(\d{1,2})日", figure.text)
    if day is None:
        return False
    return not any(row.day == (int(day[1]), int(day[2])) for row in tables.calendar)
