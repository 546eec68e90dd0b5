"""Between the rows of library.db and nouns, and from filters to SQL; for `index.catalog` alone."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from index.types import (
    Document,
    DocumentSummary,
    Filters,
    Flag,
    Genre,
    Labels,
    OrgType,
    Original,
    Passage,
    PassageDraft,
    PassageKind,
    Period,
    SectionCode,
)

Code = TypeVar("Code", bound=StrEnum)
Item = TypeVar("Item")
Row = tuple[Any, ...]
Standing = tuple[
    tuple[str, Genre | None, OrgType | None, Period | None, int | None], tuple[frozenset[Flag], str, str, int]
]
"""What passages take over from their document: title and labels; trust, origin and kinship."""

BATCH = 500
PASSAGES = 'SELECT p.id, p.document_id, p.code, p.kind, p.trail, p.text, p.start, p."end" FROM passages p'
STANDINGS = """SELECT d.id, d.title, d.genre, d.org_type, d.period, d.year, d.flags, d.origin, d.copy_of,
    (SELECT count(*) FROM documents c WHERE c.copy_of = d.id) FROM documents d"""
SUMMARIES = """SELECT d.id, d.title, d.genre, d.org_type, d.period, d.year, d.year_inferred, d.flags, d.path,
    d.origin, (SELECT count(*) FROM passages p WHERE p.document_id = d.id), d.copy_of,
    (SELECT count(*) FROM documents c WHERE c.copy_of = d.id),
    (SELECT count(*) FROM repairs r WHERE r.document_id = d.id),
    (SELECT group_concat(field) FROM corrections c WHERE c.document_id = d.id) FROM documents d"""


def conditions(filters: Filters, without: Sequence[Genre]) -> tuple[str, list[str]]:
    """Return a WHERE clause with its values; "" where nothing is limited."""
    limits = (
        ("d.org_type", filters.org_types),
        ("d.period", filters.periods),
        ("d.genre", filters.genres),
        ("p.code", filters.sections),
    )
    parts = [f"{column} IN ({marks(codes)})" for column, codes in limits if codes]
    values = [str(code) for _, codes in limits for code in codes]
    if without:
        parts.append(f"(d.genre IS NULL OR d.genre NOT IN ({marks(without)}))")
        values += [str(code) for code in without]
    return ("WHERE " + " AND ".join(parts) if parts else ""), values


def marks(values: Sequence[object]) -> str:
    """Return one question mark a value."""
    return ", ".join("?" * len(values))


def batches(values: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield the values in runs short enough for one statement."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


@lru_cache(maxsize=1024)
def code_of(kind: type[Code], value: str | None) -> Code | None:
    """Return the code, None for NULL."""
    return kind(value) if value else None


@lru_cache(maxsize=16)
def kind_of(value: str) -> PassageKind:
    """Return the kind of a passage."""
    return PassageKind(value)


@lru_cache(maxsize=1024)
def flags_of(value: str) -> frozenset[Flag]:
    """Return the flags of a JSON list."""
    return frozenset(map(Flag, json.loads(value)))


def summary_of(row: Row) -> DocumentSummary:
    """Return a row of `SUMMARIES` as its noun."""
    id_, title, genre, org_type, period, year, inferred, flags, path, origin, passages, *family = row
    labels = Labels(
        code_of(Genre, genre),
        code_of(OrgType, org_type),
        code_of(Period, period),
        year,
        bool(inferred),
        flags_of(flags),
    )
    copy_of, copies, repairs, corrected = family
    fields = tuple(sorted((corrected or "").split(","))) if corrected else ()
    return DocumentSummary(id_, title, labels, passages, path, origin, copy_of, copies, repairs, fields)


def standing_of(row: Row) -> Standing:
    """Return a row of `STANDINGS`, less its id, decoded."""
    title, genre, org_type, period, year, flags, origin, copy_of, copies = row
    codes = code_of(Genre, genre), code_of(OrgType, org_type), code_of(Period, period)
    return (title, *codes, year), (flags_of(flags), origin, copy_of, copies)


def passage_of(row: Row, standing: Standing) -> Passage:
    """Return a row of `PASSAGES` with its document's labels as its noun."""
    id_, document, code, kind, trail, text, start, end = row
    labels, trust = standing
    section, shape = code_of(SectionCode, code), kind_of(kind)
    return Passage(id_, document, *labels, section, shape, trail, text, start, end, *trust)


def packed(original: Original | None) -> tuple[bytes | None, bytes | None]:
    """Return an original's text and runs as they are stored."""
    if original is None:
        return None, None
    runs = np.array(original.runs, np.int64).reshape(-1, 3)
    return zlib.compress(original.text.encode("utf-8", "surrogatepass")), zlib.compress(runs.tobytes())


def unpacked(text: bytes | None, runs: bytes | None) -> Original | None:
    """Return a stored original, None for NULL."""
    if text is None or runs is None:
        return None
    rows = np.frombuffer(zlib.decompress(runs), np.int64).reshape(-1, 3).tolist()
    return Original(
        zlib.decompress(text).decode("utf-8", "surrogatepass"), tuple((a, b, length) for a, b, length in rows)
    )


def insert_document(database: sqlite3.Connection, document: Document) -> bool:
    """Write the row of a document; False if it was there already."""
    labels = document.labels
    values = {
        "id": document.id,
        "title": document.title,
        "genre": labels.genre,
        "org_type": labels.org_type,
        "period": labels.period,
        "year": labels.year,
        "year_inferred": int(labels.year_inferred),
        "flags": json.dumps(sorted(labels.flags)),
        "text": document.text,
        "path": document.path,
        "origin": document.origin,
        "added_at": datetime.now(UTC).isoformat(timespec="seconds"),
    } | dict(zip(("original", "runs"), packed(document.original), strict=True))
    row = f"INSERT OR IGNORE INTO documents ({', '.join(values)}) VALUES ({marks(list(values))})"
    return bool(database.execute(row, list(values.values())).rowcount)


def insert_parts(database: sqlite3.Connection, document: Document, passages: Sequence[PassageDraft]) -> None:
    """Write the sections, facts, repairs and passages of a document."""
    key = document.id
    database.executemany(
        "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                key,
                s.order,
                s.level,
                s.number,
                s.heading,
                s.code,
                s.start,
                s.end,
                json.dumps(s.trail, ensure_ascii=False),
            )
            for s in document.sections
        ),
    )
    database.executemany(
        "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)",
        ((key, n, f.kind, f.text, f.start, f.end) for n, f in enumerate(document.facts)),
    )
    database.executemany(
        "INSERT INTO repairs VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((key, n, r.kind, r.raw_start, r.raw_end, r.before, r.after) for n, r in enumerate(document.repairs)),
    )
    database.executemany(
        'INSERT INTO passages (document_id, section_order, code, kind, trail, text, start, "end") '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((key, p.section_order, p.code, p.kind, p.trail, p.text, p.start, p.end) for p in passages),
    )
