"""Findings with their mends, what was mended and the number ledger -> plain data and Chinese text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.ledger import KIND_NAMES, LedgerRow
from assistant.mends import Mended
from assistant.types import Draft, Finding
from assistant.views import finding_data, findings_text

Plain = dict[str, Any]


def numbered_findings(findings: Sequence[Finding]) -> str:
    """Return findings numbered as `gonghui mend` takes them, each with its one-click mend."""
    rows = []
    for number, finding in enumerate(findings, 1):
        mend = f"（可一键{finding.mends[0].label}）" if finding.mends else ""
        rows.append(f"{number}. {findings_text([finding])}{mend}")
    return "\n".join(rows)


def mended_data(done: Mended) -> Plain:
    """Return a finding put right."""
    return {
        "finding": finding_data(done.finding),
        "label": done.mend.label,
        "section_id": done.finding.section_id,
        "before": done.before,
        "after": done.after,
    }


def mended_text(done: Sequence[Mended], left: Sequence[Finding]) -> str:
    """Return what was mended, one a line, and how much is left for the person."""
    rows = [f"✓ “{d.finding.quote}”：{d.mend.label}（{d.finding.message}）" for d in done]
    rest = [finding for finding in left if not finding.mends]
    tail = f"还有{len(left)}处，其中{len(rest)}处要自己改：" if left else "检查不再有问题。"
    return "\n".join([*rows, tail, *([findings_text(left)] if left else [])])


def ledger_data(row: LedgerRow) -> Plain:
    """Return a figure and who brought it."""
    return {
        "section_id": row.section_id,
        "start": row.start,
        "end": row.end,
        "text": row.text,
        "kind": row.kind.value,
        "source": row.source.value,
        "source_name": row.source_name,
        "clause": row.clause,
        "note": row.note,
        "proposal": row.proposal,
        "confirmed": row.confirmed,
    }


def ledger_text(plan: Draft, rows: Sequence[LedgerRow]) -> str:
    """Return the ledger: what to confirm, numbered as in the whole ledger, then the rest."""
    headings = {section.id: section.heading or "引言" for section in plan.sections}
    numbered = list(enumerate(rows, 1))
    open_rows = [(number, row) for number, row in numbered if row.open]
    how = f"gonghui ledger {plan.id or '编号'} --confirm 序号"
    lines = [f"请确认这{len(open_rows)}个数字（确认：{how}）："] if open_rows else []
    for number, row in open_rows:
        where = headings.get(row.section_id, "题目")
        lines.append(f"{number:>3}. {row.text}　{row.source_name}{_note(row)}　{where}：{row.clause}")
    lines += _rest([row for row in rows if not row.open])
    return "\n".join(lines) or "这份计划里没有数字、日期和金额。"


def _rest(rows: Sequence[LedgerRow]) -> list[str]:
    """Return the figures nobody need look at, one line for those of one source and kind."""
    groups: dict[str, dict[str, None]] = {}
    for row in rows:
        done = "，已确认" if row.confirmed else ""
        name = f"{KIND_NAMES[row.kind]}，{row.source_name}{done}"
        groups.setdefault(name, {})[row.text] = None
    return [f"{name}：{'、'.join(texts)}" for name, texts in groups.items()]


def _note(row: LedgerRow) -> str:
    return f"（{row.note}）" if row.note else ""
