"""Removed documents, kept for a while so that a removal can be taken back. Work inside a transaction."""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from index.rows import code_of
from index.types import (
    Document,
    Fact,
    FactKind,
    Flag,
    Genre,
    Labels,
    OrgType,
    Original,
    Period,
    Repair,
    Section,
    SectionCode,
)

KEPT = 100
"""Removed documents that can be taken back; older ones are gone for good."""


def keep(database: sqlite3.Connection, document: Document) -> None:
    """Keep a document that is about to be removed."""
    database.execute(
        "INSERT OR REPLACE INTO removed VALUES (?, ?, ?, ?)",
        (document.id, document.title, datetime.now(UTC).isoformat(), _packed(document)),
    )
    database.execute(
        "DELETE FROM removed WHERE document_id NOT IN "
        "(SELECT document_id FROM removed ORDER BY removed_at DESC, rowid DESC LIMIT ?)",
        (KEPT,),
    )


def find(database: sqlite3.Connection, id_: str) -> Document | None:
    """Return a removed document, None if it is not kept."""
    row = database.execute("SELECT content FROM removed WHERE document_id = ?", (id_,)).fetchone()
    return _unpacked(row[0]) if row else None


def forget(database: sqlite3.Connection, id_: str) -> None:
    """Forget a removed document: it is back, or was imported again."""
    database.execute("DELETE FROM removed WHERE document_id = ?", (id_,))


def _packed(document: Document) -> bytes:
    values = asdict(document)
    values["labels"]["flags"] = sorted(document.labels.flags)
    return zlib.compress(json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _unpacked(content: bytes) -> Document:
    values = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    labels, original = values.pop("labels"), values.pop("original")
    return Document(
        **values
        | {
            "labels": Labels(
                code_of(Genre, labels["genre"]),
                code_of(OrgType, labels["org_type"]),
                code_of(Period, labels["period"]),
                labels["year"],
                labels["year_inferred"],
                frozenset(map(Flag, labels["flags"])),
            ),
            "sections": tuple(map(_section, values["sections"])),
            "facts": tuple(Fact(**fact | {"kind": FactKind(fact["kind"])}) for fact in values["facts"]),
            "repairs": tuple(Repair(**repair) for repair in values["repairs"]),
            "original": original and Original(original["text"], tuple(map(_run, original["runs"]))),
            "corrected": tuple(values["corrected"]),
        }
    )


def _section(values: dict[str, Any]) -> Section:
    return Section(**values | {"code": code_of(SectionCode, values["code"]), "trail": tuple(values["trail"])})


def _run(values: list[int]) -> tuple[int, int, int]:
    start, there, length = values
    return start, there, length
