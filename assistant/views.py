"""Types -> plain data for `--json`, and -> Chinese text for people. Shared by the command line and the pages.

Nothing here decides anything; text of documents is returned as it is, to be escaped where shown as HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from assistant.basis import SectionBasis, bases
from assistant.types import Draft, Finding, Outline, Request, Section, Severity
from assistant.when import label_of
from index.labels import name_of

if TYPE_CHECKING:
    from assistant.history import DraftSummary, Revision

Plain = dict[str, Any]
SEVERITY_NAMES = {Severity.HIGH: "必改", Severity.MEDIUM: "请核对", Severity.LOW: "提示"}


def request_data(request: Request) -> Plain:
    """Return the slots of a request as the command-line contract has them."""
    return {
        "org_type": request.org_type and request.org_type.value,
        "period": request.period.value,
        "year": request.year,
        "period_name": label_of(request.period, request.year, request.part),
        "genre": request.genre.value,
        "emphasis": list(request.emphasis),
        "avoid": list(request.avoid),
        "length": request.length,
        "org_name": request.org_name,
        "style": list(request.style),
        "sections": request.sections,
        "use_words": dict(request.use_words),
        "assumptions": list(request.assumptions),
        "question": request.question,
    }


def request_text(request: Request) -> str:
    """Return what was understood, in a few short lines."""
    rows = [
        f"单位类型：{name_of(request.org_type) if request.org_type else '未说明'}"
        + (f"（{request.org_name}）" if request.org_name else ""),
        f"时限：{label_of(request.period, request.year, request.part)}",
        f"文种：{name_of(request.genre)}，约 {request.length} 字",
    ]
    wanted = [word if not word.isascii() else name_of_section(word) for word in request.emphasis]
    if wanted:
        rows.append("重点：" + "、".join(dict.fromkeys(wanted)))
    if request.avoid:
        rows.append("不写：" + "、".join(request.avoid))
    rows.extend(f"说明：{sentence}" for sentence in request.assumptions)
    if request.question:
        rows.append(f"想问一句：{request.question}（不答也可以）")
    return "\n".join(rows)


def name_of_section(code: str) -> str:
    """Return the Chinese name of a section code given as text."""
    from index.types import SectionCode

    return name_of(SectionCode(code)) if code in SectionCode.__members__ else code


def section_data(section: Section) -> Plain:
    """Return a section as the command-line contract has it."""
    return {
        "id": section.id,
        "code": section.code.value,
        "heading": section.heading,
        "group": section.group,
        "text": section.text,
        "status": section.status.value,
        "writer": section.writer,
        "citations": [
            {
                "start": c.start,
                "end": c.end,
                "passage_id": c.passage_id,
                "document_id": c.document_id,
                "title": c.title,
                "quote": c.quote,
                "kind": c.kind,
                "score": c.score,
            }
            for c in section.citations
        ],
    }


def finding_data(finding: Finding) -> Plain:
    """Return a finding as the command-line contract has it."""
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "section_id": finding.section_id,
        "start": finding.start,
        "end": finding.end,
        "quote": finding.quote,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "mends": [{"label": m.label, "start": m.start, "end": m.end, "text": m.text} for m in finding.mends],
    }


def basis_data(basis: SectionBasis) -> Plain:
    """Return what a section leans on."""
    return {
        "label": basis.label.value,
        "name": basis.name,
        "cited": basis.cited,
        "lines": basis.lines,
        "documents": basis.documents,
        "support": list(basis.support),
        "reason": basis.reason,
    }


def bases_text(plan: Draft) -> str:
    """Return the basis of each section, one a line."""
    headings = {section.id: section.heading or name_of(section.code) for section in plan.sections}
    return "\n".join(f"[{b.name}] {headings[b.section_id]}：{b.reason}" for b in bases(plan))


def draft_data(plan: Draft, seconds: float) -> Plain:
    """Return a draft as the command-line contract has it."""
    return {
        "draft_id": plan.id,
        "request": request_data(plan.request),
        "title": plan.title,
        "writer": plan.writer,
        "sections": [
            {**section_data(section), "basis": basis_data(basis)}
            for section, basis in zip(plan.sections, bases(plan), strict=True)
        ],
        "findings": [finding_data(finding) for finding in plan.findings],
        "signature": plan.signature,
        "signed_on": plan.signed_on,
        "seconds": round(seconds, 3),
    }


def outline_data(outline: Outline) -> Plain:
    """Return an outline as plain data."""
    return {
        "title": outline.title,
        "items": [
            {
                "id": i.id,
                "code": i.code.value,
                "heading": i.heading,
                "group": i.group,
                "points": list(i.points),
                "target": i.target,
                "support": list(i.support),
            }
            for i in outline.items
        ],
    }


def findings_text(findings: Iterable[Finding]) -> str:
    """Return findings one a line, the worst first as given."""
    rows = []
    for finding in findings:
        quote = f"“{finding.quote}”" if finding.quote else ""
        advice = f" {finding.suggestion}" if finding.suggestion else ""
        rows.append(f"[{SEVERITY_NAMES[finding.severity]}] {quote}{finding.message}{advice}")
    return "\n".join(rows)


def draft_row(row: DraftSummary) -> Plain:
    """Return a row of the draft list."""
    return {
        "draft_id": row.id,
        "title": row.title,
        "writer": row.writer,
        "sections": row.sections,
        "created": row.created,
        "updated": row.updated,
    }


def revision_row(row: Revision) -> Plain:
    """Return one revision of a section."""
    return {
        "revision": row.number,
        "author": row.author,
        "at": row.saved_at,
        "kind": row.kind,
        "text": row.section.text,
    }
