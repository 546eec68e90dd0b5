"""The figures of `gonghui bench drafts` as a table, as data, and against the limits a release has to keep."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.types import Severity

WORST = 3
HEADER = (
    "类型", "时限", "要求", "档案", "字数", "偏差", "必改", "请核对", "提示", "泄漏", "待填", "具体率",
    "单篇占比", "最长照搬", "相同句", "秒",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one draft. `unit` is 0 without a profile, else the number of the unit; lengths are
    Hanzi, shares 0 to 1; `run` is the longest run from an imported document, `same` the share of sentences
    that its fellow of the same type has too (None where there is no fellow), `unlisted` the dated
    measures that its month table leaves out.
    """

    org: str
    period: str
    wanted: int
    unit: int
    length: int
    severities: Counter[str]
    checks: Counter[str]
    leaks: int
    blanks: int
    concrete: float
    share: float
    run: int
    run_words: str
    same: float | None
    seconds: float
    high: tuple[str, ...] = ()
    unlisted: int = 0

    @property
    def error(self) -> float:
        """How far the length is off, as a share of what was asked."""
        return abs(self.length - self.wanted) / self.wanted

    @property
    def name(self) -> str:
        """What was drafted, in words."""
        return f"{self.org}{self.period}{self.wanted}字" + (f"·单位{self.unit}" if self.unit else "·无档案")


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing a draft has to keep to: `figure` gives None for a draft it says nothing about."""

    name: str
    most: float
    figure: Callable[[Row], float | None]
    show: str = "{:.0f}"


LIMITS = (
    Limit("必改问题", 0, lambda row: row.severities[Severity.HIGH.value]),
    Limit("别人的信息", 0, lambda row: row.leaks),
    Limit("字数偏差", 0.15, lambda row: row.error, "{:.1%}"),
    Limit("待填（无档案）", 5, lambda row: None if row.unit else row.blanks),
    Limit("待填（有档案）", 0, lambda row: row.blanks if row.unit else None),
    Limit("单篇占比", 0.25, lambda row: row.share, "{:.1%}"),
    Limit("照搬导入资料", 20, lambda row: row.run),
    Limit("两单位相同句", 0.40, lambda row: row.same, "{:.1%}"),
    Limit("月度安排缺漏", 0, lambda row: row.unlisted),
    Limit("不具体的条目", 0.40, lambda row: 1 - row.concrete, "{:.1%}"),
)
MEDIAN_SECONDS = 1.0


def table(rows: Sequence[Row], imported: int) -> str:
    """Return all a person wants to see of a run; `imported` is how many documents are not the starter's."""
    drafts = ("\t".join(_cells(row)) for row in rows)
    parts = ["\t".join(HEADER), *drafts, "", *_checks(rows), "", *verdicts(rows)]
    note = "" if imported else "（库里没有导入的资料，这一次不说明照搬导入资料的情况）"
    parts.append(f"{len(rows)} 份，导入资料 {imported} 份{note}，中位 {median_seconds(rows):.2f} 秒")
    return "\n".join(parts)


def verdicts(rows: Sequence[Row]) -> list[str]:
    """Return one line a limit: kept or not, how many drafts break it, and the worst of them."""
    lines = []
    for limit in LIMITS:
        figures = [(value, row) for row in rows if (value := limit.figure(row)) is not None]
        if not figures:
            lines.append(f"－ {limit.name}：没有数据")
            continue
        figures.sort(key=lambda pair: -pair[0])
        broken = sum(value > limit.most for value, _ in figures)
        worst = [f"{row.name} {limit.show.format(value)}" for value, row in figures[:WORST] if value > 0]
        head = f"{'✗' if broken else '✓'} {limit.name} ≤ {limit.show.format(limit.most)}"
        lines.append(f"{head}：{len(figures)} 份里 {broken} 份超出；最差：{'；'.join(worst) or '无'}")
    seconds = median_seconds(rows)
    mark = "✓" if seconds < MEDIAN_SECONDS else "✗"
    return [*lines, f"{mark} 中位用时 < {MEDIAN_SECONDS:.0f} 秒：{seconds:.2f} 秒"]


def as_data(rows: Sequence[Row], imported: int) -> dict[str, Any]:
    """Return the figures as plain values; `passed` says of each limit whether every draft keeps it."""
    passed = {limit.name: not any((limit.figure(row) or 0) > limit.most for row in rows) for limit in LIMITS}
    return {
        "rows": [_plain(row) for row in rows],
        "imported": imported,
        "median_seconds": round(median_seconds(rows), 3),
        "passed": passed | {"中位用时": median_seconds(rows) < MEDIAN_SECONDS},
    }


def median_seconds(rows: Sequence[Row]) -> float:
    """Return the median time of a draft, 0 when there is none."""
    return statistics.median(row.seconds for row in rows) if rows else 0.0


def _checks(rows: Sequence[Row]) -> list[str]:
    """Return what the checks said over all drafts, by check and severity, and what they called high."""
    total: Counter[str] = sum((row.checks for row in rows), Counter())
    lines = [
        "检查\t程度\t次数",
        *("\t".join((*name.split("/"), str(count))) for name, count in total.most_common()),
    ]
    quotes = Counter(quote for row in rows for quote in row.high)
    return lines + [f"必改：{quote}（{count} 份）" for quote, count in quotes.most_common(20)]


def _cells(row: Row) -> list[str]:
    counts = [str(row.severities[severity.value]) for severity in Severity]
    same = "" if row.same is None else f"{row.same:.0%}"
    return [
        row.org, row.period, str(row.wanted), str(row.unit or "无"), str(row.length), f"{row.error:.0%}",
        *counts, str(row.leaks), str(row.blanks), f"{row.concrete:.0%}", f"{row.share:.0%}", str(row.run),
        same, f"{row.seconds:.2f}",
    ]  # fmt: skip


def _plain(row: Row) -> dict[str, Any]:
    return {
        "org": row.org, "period": row.period, "wanted": row.wanted, "unit": row.unit, "length": row.length,
        "findings": dict(row.severities), "checks": dict(row.checks), "leaks": row.leaks,
        "blanks": row.blanks,
        "concrete": round(row.concrete, 3), "largest_share": round(row.share, 3), "longest_run": row.run,
        "longest_run_words": row.run_words, "same": None if row.same is None else round(row.same, 3),
        "seconds": round(row.seconds, 3), "high": list(row.high),
    }  # fmt: skip
