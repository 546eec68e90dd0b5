"""gonghui bench drafts: one draft for every unit type and its usual periods, and what the checks say of them."""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.mask import blanks
from assistant.studio import Studio
from assistant.text import han_count
from assistant.types import FRAME, Draft, DraftDone, Severity
from assistant.when import months_in
from index.labels import name_of
from index.types import OrgType

_SCHOOLS = {OrgType.SCHOOL, OrgType.KINDERGARTEN, OrgType.COLLEGE, OrgType.VOCATIONAL}
_CONCRETE = re.compile(
    r"委员|小组|部门|党组织|党支部|工会|牵头|会同|负责|\d|[一二两三四五六七八九十百]+[次项场个名期]|每[月周季]|全部|率"
)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one draft: lengths are Hanzi, `concrete` the share of items naming a time, a body or a measure."""

    asked: str
    length: int
    wanted: int
    findings: Counter[str]
    checks: Counter[str]
    blanks: int
    concrete: float
    largest_share: float
    seconds: float


def bench_drafts(studio: Studio, today: date) -> tuple[dict[str, Any], str]:
    """Draft for every combination and return the figures as data and as a table."""
    rows = [_measure(studio, asked, today) for asked in _requests(today)]
    data = {
        "rows": [_data(row) for row in rows],
        "median_seconds": statistics.median(r.seconds for r in rows),
    }
    header = "请求\t字数/要求\t必改\t请核对\t提示\t待填\t具体率\t最大单篇占比\t秒"
    lines = [header, *(_line(row) for row in rows)]
    total: Counter[str] = sum((row.checks for row in rows), Counter())
    lines.append("合计：" + "，".join(f"{name} {count}" for name, count in total.most_common()))
    lines.append(f"{len(rows)} 份，中位 {data['median_seconds']:.2f} 秒")
    return data, "\n".join(lines)


def _requests(today: date) -> Iterator[str]:
    for org in OrgType:
        terms = ("第一学期", "第二学期") if org in _SCHOOLS else ("上半年", "下半年")
        for period in (*terms, "年度"):
            for length in (800, 1500, 2500):
                unit = name_of(org).removesuffix("工会").split("（")[0]
                yield f"给{unit}工会起草一份{today.year + 1}年{period}工作计划，{length}字"


def _measure(studio: Studio, asked: str, today: date) -> Row:
    started = time.perf_counter()
    request = studio.request(asked, today)
    plan: Draft | None = None
    for event in studio.draft(request, studio.outline(request), without_model=True):
        plan = event.draft if isinstance(event, DraftDone) else plan
    if plan is None:
        raise RuntimeError(f"no draft came of {asked}")
    text = "\n".join(section.text for section in plan.sections)
    items = [
        line for s in plan.sections if s.code not in FRAME for line in s.text.splitlines() if line.strip()
    ]
    shares: Counter[str] = Counter()
    for section in plan.sections:
        for citation in section.citations:
            shares[citation.document_id] += han_count(section.text[citation.start : citation.end])
    length = han_count(text) + sum(han_count(s.heading) for s in plan.sections)
    return Row(
        asked,
        length,
        request.length,
        Counter(f.severity.value for f in plan.findings),
        Counter(f"{f.check}/{f.severity.value}" for f in plan.findings),
        len(blanks("\n".join((plan.title, text)))),
        sum(map(_concrete, items)) / max(1, len(items)),
        max(shares.values(), default=0) / max(1, length),
        time.perf_counter() - started,
    )


def _concrete(item: str) -> bool:
    return bool(months_in(item) or _CONCRETE.search(re.sub(r"^\d+\.", "", item)))


def _data(row: Row) -> dict[str, Any]:
    return {
        "request": row.asked,
        "length": row.length,
        "wanted": row.wanted,
        "findings": dict(row.findings),
        "checks": dict(row.checks),
        "blanks": row.blanks,
        "concrete": round(row.concrete, 3),
        "largest_share": round(row.largest_share, 3),
        "seconds": round(row.seconds, 3),
    }


def _line(row: Row) -> str:
    counts = [row.findings[severity.value] for severity in Severity]
    return "\t".join(
        map(
            str,
            (
                row.asked,
                f"{row.length}/{row.wanted}",
                *counts,
                row.blanks,
                f"{row.concrete:.0%}",
                f"{row.largest_share:.0%}",
                f"{row.seconds:.2f}",
            ),
        )
    )
