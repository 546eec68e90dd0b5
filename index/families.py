"""Keeps in library.db which documents are nearly the same and which of them stands (`index.kinship`).

Every function works inside the transaction of its caller. A document hangs under one that stands, never
under one that hangs. Documents that ship with the product take no part.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from index.kinship import Member, alike, bands, shingles, standing
from index.rows import flags_of, marks
from index.types import Flag

_MOST = 20
"""Candidates compared exactly, those that share most bands first."""

_MEMBERS = """SELECT d.id, d.flags, d.year,
    (SELECT count(*) FROM repairs r WHERE r.document_id = d.id), d.text FROM documents d WHERE d.id IN"""


def place(database: sqlite3.Connection, id_: str, text: str, path: str) -> None:
    """Hang a new document under the one it repeats, or that one and its copies under the new one."""
    runs = shingles(text)
    values = bands(runs)
    heads = _heads_near(database, id_, values, path)
    database.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", ((value, id_) for value in values))
    near = [head.id for head in heads if alike(runs, shingles(head.text))]
    if near:
        _settle(database, [id_, *near, *_hanging_under(database, near)])


def take_out(database: sqlite3.Connection, id_: str) -> None:
    """Let the best of what hangs under a document stand in its place; the document is about to go."""
    if hanging := _hanging_under(database, [id_]):
        _settle(database, hanging)


def never_placed(database: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Return id, text and path of imported documents never compared with others, oldest first."""
    return database.execute(
        "SELECT id, text, path FROM documents d WHERE origin = 'user' "
        "AND NOT EXISTS (SELECT 1 FROM bands b WHERE b.document_id = d.id) ORDER BY d.rowid"
    ).fetchall()


def _heads_near(database: sqlite3.Connection, id_: str, values: Sequence[int], path: str) -> list[Member]:
    """Return the standing documents of those that share a band with a new one or come from its file."""
    near = database.execute(
        f"SELECT document_id FROM bands WHERE value IN ({marks(values)}) "
        "GROUP BY document_id ORDER BY count(*) DESC, document_id LIMIT ?",
        [*values, _MOST],
    ).fetchall()
    beside = database.execute(
        "SELECT id FROM documents WHERE path = ? AND origin = 'user' ORDER BY rowid DESC LIMIT ?",
        (path, _MOST),
    ).fetchall()
    ids = sorted({row[0] for row in (*near, *beside)} - {id_})
    heads = database.execute(
        f"SELECT DISTINCT iif(copy_of = '', id, copy_of) FROM documents WHERE id IN ({marks(ids)})", ids
    ).fetchall()
    return _members(database, [row[0] for row in heads if row[0] != id_])


def _hanging_under(database: sqlite3.Connection, ids: Sequence[str]) -> list[str]:
    rows = database.execute(f"SELECT id FROM documents WHERE copy_of IN ({marks(ids)})", list(ids))
    return [row[0] for row in rows.fetchall()]


def _members(database: sqlite3.Connection, ids: Sequence[str]) -> list[Member]:
    rows = database.execute(f"{_MEMBERS} ({marks(ids)})", list(ids)).fetchall()
    return [Member(id_, flags_of(flags), *rest) for id_, flags, *rest in rows]


def _settle(database: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Let the best of a group stand and the others hang under it."""
    members = _members(database, ids)
    head = standing(members)
    for member in members:
        hangs = member.id != head.id
        flags = (member.flags | {Flag.DUPLICATE}) if hangs else (member.flags - {Flag.DUPLICATE})
        database.execute(
            "UPDATE documents SET copy_of = ?, flags = ? WHERE id = ?",
            (head.id if hangs else "", json.dumps(sorted(flags)), member.id),
        )
