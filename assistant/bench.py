"""gonghui bench drafts: plans for every unit type, period and length, and what they measure.

Each is drafted without a profile and for two invented units of the type (`tables/bench.toml`) by the Composer
alone. Nothing is saved, so the person's own plans stay as they are.
"""

from __future__ import annotations

import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.bench_figures import Copies, concrete_share, copied, index_copies, same_sentences, unlisted
from assistant.bench_table import Row, as_data, table
from assistant.draft import Job, draft
from assistant.evidence import gather
from assistant.mask import blanks
from assistant.profile import from_values
from assistant.studio import Studio
from assistant.text import han_count
from assistant.types import Draft, DraftDone, Profile, Severity
from index.labels import name_of
from index.types import OrgType, Period

LENGTHS = (800, 1500, 2500)
LEAK = "leak"
_TERMS = {OrgType.SCHOOL, OrgType.KINDERGARTEN, OrgType.COLLEGE, OrgType.VOCATIONAL, OrgType.EDU_SYSTEM}
_SAID = {
    Period.TERM1: "第一学期",
    Period.TERM2: "第二学期",
    Period.SCHOOLYEAR: "学年",
    Period.H1: "上半年",
    Period.H2: "下半年",
    Period.YEAR: "年度",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One combination: `unit` 0 is nobody's plan, 1 and 2 are the invented units of the type."""

    org: OrgType
    period: Period
    length: int
    unit: int
    profile: Profile

    def asked(self, today: date) -> str:
        """Return the sentence a person would type."""
        name = name_of(self.org).removesuffix("工会").split("（")[0]
        return f"给{name}工会起草一份{today.year + 1}年{_SAID[self.period]}工作计划，{self.length}字"


def bench_drafts(studio: Studio, today: date) -> tuple[dict[str, Any], str]:
    """Draft for every combination and return the figures as data and as a table."""
    passages = studio.library.passages(limit=1_000_000)
    copies = index_copies(passages, studio.tables)
    rows: list[Row] = []
    fellow: Draft | None = None
    for case in cases():
        plan, seconds = write(studio, case, today)
        row = measure(plan, case, seconds, copies)
        if case.unit == 2 and fellow is not None:
            row = replace(row, same=same_sentences(fellow, plan))
        fellow = plan if case.unit == 1 else None
        rows.append(row)
    return as_data(rows, len(copies.imported)), table(rows, len(copies.imported))


def cases() -> Iterator[Case]:
    """Yield every combination, the two units of a type one after the other."""
    for org in OrgType:
        schools = (Period.TERM1, Period.TERM2, Period.SCHOOLYEAR)
        for period in schools if org in _TERMS else (Period.H1, Period.H2, Period.YEAR):
            for length in LENGTHS:
                for unit, profile in enumerate((Profile(), *units()[org])):
                    yield Case(org, period, length, unit, profile)


@lru_cache(maxsize=1)
def units() -> dict[OrgType, tuple[Profile, ...]]:
    """Return the invented units by type."""
    path = Path(__file__).with_name("tables") / "bench.toml"
    rows = [from_values(row) for row in tomllib.loads(path.read_text("utf-8"))["unit"]]
    return {org: tuple(row for row in rows if row.org_type is org) for org in OrgType}


def write(studio: Studio, case: Case, today: date) -> tuple[Draft, float]:
    """Return a plan and the seconds from the sentence to the checked plan."""
    started = time.perf_counter()
    request = studio.request(case.asked(today), today, case.profile)
    outline = studio.outline(request, case.profile)
    pool = gather(studio.library, request, studio.tables)
    for event in draft(Job("bench", request, case.profile, outline, pool, studio.tables)):
        if isinstance(event, DraftDone):
            return event.draft, time.perf_counter() - started
    raise RuntimeError(f"no draft came of {case.asked(today)}")


def measure(plan: Draft, case: Case, seconds: float, copies: Copies) -> Row:
    """Return the figures of one plan."""
    text = "\n".join((plan.title, *(section.text for section in plan.sections), plan.signature))
    headings = {section.group for section in plan.sections} | {s.id + s.heading for s in plan.sections}
    written = (plan.title, *(section.text for section in plan.sections), *headings)
    shared = copied(plan, copies)
    high = [f for f in plan.findings if f.severity is Severity.HIGH]
    return Row(
        org=name_of(case.org), period=_SAID[case.period], wanted=plan.request.length, unit=case.unit,
        length=sum(map(han_count, written)),
        severities=Counter(f.severity.value for f in plan.findings),
        checks=Counter(f"{f.check}/{f.severity.value}" for f in plan.findings),
        leaks=sum(f.check == LEAK for f in plan.findings), blanks=len(blanks(text)),
        concrete=concrete_share(plan), share=shared.share, run=shared.run, run_words=shared.words, same=None,
        seconds=seconds, high=tuple(f"{f.check}“{f.quote}”" for f in high),
        unlisted=unlisted(plan),
    )  # fmt: skip
