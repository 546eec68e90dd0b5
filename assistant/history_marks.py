"""Marks of a whole draft inside a transaction: named snapshots, whether it is put away, and the upper union's
key points it is held against.

Append-only like the rest: taking a draft back from the bin is one more mark. A snapshot names a version.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

SNAPSHOT = "snapshot"
UPPER = "upper"  # its name is the pasted text
ACTIVE, ARCHIVED, DELETED = "active", "archived", "deleted"
STATES = (ACTIVE, ARCHIVED, DELETED)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: `kind` is a snapshot or a state, `version` the version it was set at."""

    number: int
    saved_at: str
    kind: str
    name: str
    version: int


def marks_of(database: sqlite3.Connection, draft_id: str) -> tuple[Mark, ...]:
    """Return the marks of a draft, oldest first."""
    rows = database.execute(
        "SELECT number, saved_at, kind, name, version FROM marks WHERE draft_id = ? ORDER BY number",
        (draft_id,),
    ).fetchall()
    return tuple(Mark(*row) for row in rows)


def add_mark(
    database: sqlite3.Connection, draft_id: str, kind: str, name: str, version: int, saved_at: str
) -> Mark:
    """Add a mark and return it."""
    mark = Mark(len(marks_of(database, draft_id)) + 1, saved_at, kind, name, version)
    database.execute(
        "INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?)",
        (draft_id, mark.number, mark.saved_at, mark.kind, mark.name, mark.version),
    )
    return mark


def state_of(database: sqlite3.Connection, draft_id: str) -> str:
    """Return the state a draft was last put in."""
    states = [mark.kind for mark in marks_of(database, draft_id) if mark.kind in STATES]
    return states[-1] if states else ACTIVE
