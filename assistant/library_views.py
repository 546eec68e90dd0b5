"""What the library holds and finds, as plain data for `--json` and as Chinese text for people.

Nothing here decides anything; text of documents is returned as it is, to be escaped where shown as HTML.
"""

from __future__ import annotations

from typing import Any

from index.labels import name_of
from index.types import (
    Added,
    Document,
    DocumentSummary,
    Failed,
    Hit,
    ImportEvent,
    Labels,
    SearchResult,
    Skipped,
)

Plain = dict[str, Any]


def labels_data(labels: Labels) -> Plain:
    """Return a document's labels as plain data."""
    return {
        "genre": labels.genre and labels.genre.value,
        "org_type": labels.org_type and labels.org_type.value,
        "period": labels.period and labels.period.value,
        "year": labels.year,
        "year_inferred": labels.year_inferred,
        "flags": sorted(flag.value for flag in labels.flags),
    }


def summary_data(summary: DocumentSummary) -> Plain:
    """Return a row of the library list."""
    return {
        "document_id": summary.id,
        "title": summary.title,
        **labels_data(summary.labels),
        "passages": summary.passages,
        "path": summary.path,
        "origin": summary.origin,
        "repairs": summary.repairs,
        "copy_of": summary.copy_of or None,
        "copies": summary.copies,
        "corrected": list(summary.corrected),
    }


def event_data(event: ImportEvent) -> Plain:
    """Return an import event as the command-line contract has it."""
    kind = {Added: "added", Skipped: "skipped", Failed: "failed"}[type(event)]
    document = event.document if isinstance(event, Added | Skipped) else None
    empty: Plain = {
        "document_id": None,
        "title": None,
        "genre": None,
        "org_type": None,
        "period": None,
        "year": None,
        "flags": [],
    }
    return {
        "event": kind,
        **(summary_data(document) if document else empty),
        "path": event.path,
        "reason": "" if isinstance(event, Added) else event.reason,
    }


def event_text(event: ImportEvent) -> str:
    """Return one line that says what became of a file."""
    match event:
        case Added(path, document):
            repaired = f"，整理 {document.repairs} 处" if document.repairs else ""
            near = "，与已有资料相近，排在它下面" if document.copy_of else ""
            about = f"{labels_text(document.labels)}，{document.passages} 段{repaired}{near}"
            return f"已入库  {document.title or path}（{about}）"
        case Skipped(path, reason):
            return f"略过    {path}：{reason}"
        case Failed(path, reason):
            return f"没读成  {path}：{reason}"


def labels_text(labels: Labels) -> str:
    """Return labels in Chinese, unknown ones left out."""
    year = f"{labels.year}年{'（推断）' if labels.year_inferred else ''}" if labels.year else ""
    names = [name_of(code) for code in (labels.org_type, labels.period, labels.genre) if code]
    flags = [name_of(flag) for flag in sorted(labels.flags)]
    return "、".join([*names, *([year] if year else []), *flags]) or "类型不明"


def document_data(document: Document) -> Plain:
    """Return one document whole."""
    return {
        "document_id": document.id,
        "title": document.title,
        **labels_data(document.labels),
        "path": document.path,
        "origin": document.origin,
        "copy_of": document.copy_of or None,
        "corrected": list(document.corrected),
        "text": document.text,
        "original": document.original and document.original.text,
        "sections": [
            {
                "level": s.level,
                "number": s.number,
                "heading": s.heading,
                "code": s.code and s.code.value,
                "start": s.start,
                "end": s.end,
            }
            for s in document.sections
        ],
        "facts": [
            {"kind": f.kind.value, "text": f.text, "start": f.start, "end": f.end} for f in document.facts
        ],
        "repairs": [
            {"kind": r.kind, "start": r.raw_start, "end": r.raw_end, "before": r.before, "after": r.after}
            for r in document.repairs
        ],
    }


def hit_data(hit: Hit) -> Plain:
    """Return a hit as the command-line contract has it."""
    p = hit.passage
    return {
        "passage_id": p.id,
        "document_id": p.document_id,
        "title": p.title,
        "org_type": p.org_type and p.org_type.value,
        "period": p.period and p.period.value,
        "genre": p.genre and p.genre.value,
        "year": p.year,
        "section": p.section and p.section.value,
        "trail": p.trail,
        "text": p.text,
        "score": round(hit.score, 4),
        "found_by": list(hit.found_by),
        "flags": sorted(flag.value for flag in p.flags),
        "highlights": [list(span) for span in hit.highlights],
    }


def search_data(result: SearchResult) -> Plain:
    """Return a search result as the command-line contract has it."""
    return {"hits": [hit_data(hit) for hit in result.hits], "notice": result.notice}


def search_text(result: SearchResult) -> str:
    """Return hits for reading in a terminal."""
    rows = [result.notice] if result.notice else []
    for number, hit in enumerate(result.hits, 1):
        p = hit.passage
        about = labels_text(Labels(p.genre, p.org_type, p.period, p.year, flags=p.flags))
        rows.append(f"{number}. {p.title or '（无标题）'}（{about}）\n   {p.trail}\n   {p.text}")
    return "\n".join(rows) or "没有找到。"
