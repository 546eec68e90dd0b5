"""The schema of library.db as numbered steps, recorded in a table. A step, once released, is never edited."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from index.errors import UserError

Migration = Callable[[sqlite3.Connection], None]


def m001_documents(database: sqlite3.Connection) -> None:
    """Documents with their labels, and where each came from (`sources.hash` is a file's SHA-256)."""
    _run(
        database,
        """CREATE TABLE documents (
            id TEXT PRIMARY KEY, title TEXT NOT NULL, genre TEXT, org_type TEXT, period TEXT, year INTEGER,
            year_inferred INTEGER NOT NULL, flags TEXT NOT NULL, text TEXT NOT NULL, path TEXT NOT NULL,
            origin TEXT NOT NULL, added_at TEXT NOT NULL)""",
        "CREATE INDEX documents_labels ON documents (org_type, period, genre)",
        """CREATE TABLE sources (
            hash TEXT NOT NULL, document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            PRIMARY KEY (hash, document_id)) WITHOUT ROWID""",
        "CREATE INDEX sources_document ON sources (document_id)",
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    )


def m002_parts(database: sqlite3.Connection) -> None:
    """Sections, facts and repairs of a document, in reading order."""
    _run(
        database,
        """CREATE TABLE sections (
            document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, position INTEGER NOT NULL,
            level INTEGER NOT NULL, number TEXT NOT NULL, heading TEXT NOT NULL, code TEXT,
            start INTEGER NOT NULL, "end" INTEGER NOT NULL, trail TEXT NOT NULL,
            PRIMARY KEY (document_id, position)) WITHOUT ROWID""",
        """CREATE TABLE facts (
            document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, position INTEGER NOT NULL,
            kind TEXT NOT NULL, text TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            PRIMARY KEY (document_id, position)) WITHOUT ROWID""",
        """CREATE TABLE repairs (
            document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, position INTEGER NOT NULL,
            kind TEXT NOT NULL, raw_start INTEGER NOT NULL, raw_end INTEGER NOT NULL,
            before TEXT NOT NULL, after TEXT NOT NULL,
            PRIMARY KEY (document_id, position)) WITHOUT ROWID""",
    )


def m003_passages(database: sqlite3.Connection) -> None:
    """Passages, whether both indexes hold them, and removed ones that an index may still hold."""
    _run(
        database,
        """CREATE TABLE passages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            section_order INTEGER NOT NULL, code TEXT, kind TEXT NOT NULL, trail TEXT NOT NULL,
            text TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            indexed INTEGER NOT NULL DEFAULT 0)""",
        "CREATE INDEX passages_document ON passages (document_id, start)",
        "CREATE INDEX passages_code ON passages (code)",
        "CREATE INDEX passages_pending ON passages (id) WHERE indexed = 0",
        "CREATE TABLE orphans (passage_id INTEGER PRIMARY KEY)",
        """CREATE TRIGGER passages_removed AFTER DELETE ON passages
            BEGIN INSERT OR IGNORE INTO orphans (passage_id) VALUES (OLD.id); END""",
    )


def m004_care(database: sqlite3.Connection) -> None:
    """What a document was made of, what it nearly repeats, labels set by hand, and what was removed."""
    _run(
        database,
        "ALTER TABLE documents ADD COLUMN copy_of TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE documents ADD COLUMN original BLOB",
        "ALTER TABLE documents ADD COLUMN runs BLOB",
        "CREATE INDEX documents_copy_of ON documents (copy_of)",
        "CREATE INDEX documents_path ON documents (path)",
        """CREATE TABLE bands (
            value INTEGER NOT NULL, document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            PRIMARY KEY (value, document_id)) WITHOUT ROWID""",
        "CREATE INDEX bands_document ON bands (document_id)",
        """CREATE TABLE corrections (
            document_id TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, was TEXT NOT NULL,
            PRIMARY KEY (document_id, field)) WITHOUT ROWID""",
        """CREATE TABLE removed (
            document_id TEXT PRIMARY KEY, title TEXT NOT NULL, removed_at TEXT NOT NULL,
            content BLOB NOT NULL)""",
    )


def m005_origin(database: sqlite3.Connection) -> None:
    """How many documents ship with the program, told without reading their texts."""
    _run(database, "CREATE INDEX documents_origin ON documents (origin)")


MIGRATIONS: tuple[Migration, ...] = (m001_documents, m002_parts, m003_passages, m004_care, m005_origin)


def migrate(database: sqlite3.Connection) -> None:
    """Bring the schema to the newest version, one transaction a step.

    :raises UserError: if the file was made by a newer version of the program.
    """
    if (version := schema_version(database)) > len(MIGRATIONS):
        raise UserError("资料库是用更新版本的程序建的，请先升级本程序再打开。")
    for number, step in enumerate(MIGRATIONS[version:], version + 1):
        database.execute("BEGIN IMMEDIATE")
        try:
            if schema_version(database) < number:
                database.execute(
                    "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT)"
                )
                step(database)
                database.execute("INSERT INTO migrations VALUES (?, ?)", (number, step.__name__))
            database.execute("COMMIT")
        except BaseException:
            database.execute("ROLLBACK")
            raise


def schema_version(database: sqlite3.Connection) -> int:
    """Return the number of the last step taken, 0 for a new file."""
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone():
        return 0
    (number,) = database.execute("SELECT coalesce(max(number), 0) FROM migrations").fetchone()
    return int(number)


def _run(database: sqlite3.Connection, *statements: str) -> None:
    for statement in statements:
        database.execute(statement)
