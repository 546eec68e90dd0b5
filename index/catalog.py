"""The truth of the library: documents, sections, facts, repairs and passages in one SQLite file.

A document is written or removed in one transaction. Passage ids are never used twice, so a citation or a
vector cannot come to mean another text. Knows nothing about files, encoders or ranking.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index import corrections, families, trash
from index.errors import UserError
from index.idset import IdSet
from index.migrations import migrate
from index.rows import (
    PASSAGES,
    STANDINGS,
    SUMMARIES,
    Row,
    Standing,
    batches,
    code_of,
    conditions,
    insert_document,
    insert_parts,
    marks,
    passage_of,
    standing_of,
    summary_of,
    unpacked,
)
from index.types import (
    Document,
    DocumentSummary,
    Fact,
    FactKind,
    Filters,
    Genre,
    Passage,
    PassageDraft,
    Repair,
    Section,
    SectionCode,
)

if TYPE_CHECKING:
    from index.types import Ids

BUSY_SECONDS = 20
ID_LENGTH = 16
MOST_SETS, MOST_REMEMBERED = 32, 100_000


def document_id(text: str) -> str:
    """Return the id of a document: the first 16 hexadecimal digits of the SHA-256 of its clean text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:ID_LENGTH]


class Catalog:
    """library.db. Safe to share between threads and to open in several processes at once."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._version: Row = ()
        self._within: dict[Filters, IdSet] = {}
        self._remembered: dict[str, Standing] = {}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute("PRAGMA foreign_keys = ON")
            migrate(self._database)
        except (OSError, sqlite3.Error) as error:
            raise UserError(
                f"打不开资料库“{path}”（{error}），请检查文件夹权限、磁盘空间或换一个数据文件夹。"
            ) from error

    def close(self) -> None:
        """Close the file. Closing twice is no error."""
        with self._lock:
            self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is written, or nothing is.

        :raises UserError: if the file is locked for too long, the disk is full or it cannot be written.
        """
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise UserError(f"资料库正被另一个窗口占用或写不进去（{error}），请稍后再试。") from error
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException as error:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError):
                    raise UserError(f"资料库写入失败（{error}），请检查磁盘空间后再试。") from error
                raise

    # Documents -----------------------------------------------------------------------------------------

    def add(self, document: Document, passages: Sequence[PassageDraft]) -> bool:
        """Store a document with its passages, none of them indexed yet; False if it was there already.

        Labels a person once set for this text win; an imported document finds its place among near copies.
        """
        with self.transaction() as database:
            if not insert_document(database, document):
                return False
            insert_parts(database, document, passages)
            corrections.apply(database, document.id, document.corrected)
            trash.forget(database, document.id)
            if document.origin == "user":
                families.place(database, document.id, document.text, document.path)
        return True

    def correct(self, id_: str, changes: Mapping[str, str]) -> None:
        """Set labels by hand (`corrections.checked` values by field); none of them given: forget them all."""
        with self.transaction() as database:
            if changes:
                corrections.keep(database, id_, changes)
            else:
                corrections.drop(database, id_)

    def discard(self, document: Document) -> None:
        """Remove a document and keep it where `discarded` finds it."""
        with self.transaction() as database:
            trash.keep(database, document)
            self._delete(database, document.id)

    def discarded(self, id_: str) -> Document | None:
        """Return a document that was discarded, None if it is not kept."""
        with self._lock:
            return trash.find(self._database, id_)

    def place_all(self) -> int:
        """Compare imported documents that never were with all others; return how many."""
        with self.transaction() as database:
            rows = families.never_placed(database)
            for id_, text, path in rows:
                families.place(database, id_, text, path)
        return len(rows)

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Remove documents; return the ids that were there. Their files may be imported again."""
        with self.transaction() as database:
            return [id_ for id_ in ids if self._delete(database, id_)]

    def _delete(self, database: sqlite3.Connection, id_: str) -> bool:
        database.execute(
            "DELETE FROM sources WHERE hash IN (SELECT hash FROM sources WHERE document_id = ?)", (id_,)
        )
        families.take_out(database, id_)
        return bool(database.execute("DELETE FROM documents WHERE id = ?", (id_,)).rowcount)

    def documents(self) -> list[DocumentSummary]:
        """Return every document, imported ones first, then by title."""
        rows = self._rows(f"{SUMMARIES} ORDER BY d.origin = 'starter', d.title, d.id")
        return [summary_of(row) for row in rows]

    def summary(self, id_: str) -> DocumentSummary | None:
        """Return one document's row, None if unknown."""
        return next((summary_of(row) for row in self._rows(f"{SUMMARIES} WHERE d.id = ?", (id_,))), None)

    def add_source(self, source: str, ids: Iterable[str]) -> None:
        """Record that the file of this hash was imported whole and gave these documents."""
        with self.transaction() as database:
            database.executemany(
                "INSERT OR IGNORE INTO sources VALUES (?, ?)", ((source, id_) for id_ in ids)
            )

    def of_source(self, source: str) -> list[DocumentSummary]:
        """Return the documents that came from the file of this hash."""
        where = "WHERE d.id IN (SELECT document_id FROM sources WHERE hash = ?) ORDER BY d.id"
        return [summary_of(row) for row in self._rows(f"{SUMMARIES} {where}", (source,))]

    def document(self, id_: str) -> Document | None:
        """Return one document whole, None if unknown."""
        summary = self.summary(id_)
        if summary is None:
            return None
        ((text, original, runs),) = self._rows(
            "SELECT text, original, runs FROM documents WHERE id = ?", (id_,)
        )
        sections = self._rows(
            'SELECT position, level, number, heading, code, start, "end", trail FROM sections '
            "WHERE document_id = ? ORDER BY position",
            (id_,),
        )
        repairs = self._rows(
            "SELECT kind, raw_start, raw_end, before, after FROM repairs "
            "WHERE document_id = ? ORDER BY position",
            (id_,),
        )
        return Document(
            id=id_,
            title=summary.title,
            text=text,
            labels=summary.labels,
            sections=tuple(
                Section(
                    position,
                    level,
                    number,
                    heading,
                    code_of(SectionCode, code),
                    start,
                    end,
                    tuple(json.loads(trail)),
                )
                for position, level, number, heading, code, start, end, trail in sections
            ),
            facts=self.facts([id_])[id_],
            repairs=tuple(Repair(*row) for row in repairs),
            path=summary.path,
            origin=summary.origin,
            original=unpacked(original, runs),
            copy_of=summary.copy_of,
            corrected=summary.corrected,
        )

    def facts(self, ids: Sequence[str]) -> Mapping[str, tuple[Fact, ...]]:
        """Return the private facts of each document, in reading order; none for an unknown id."""
        found: dict[str, list[Fact]] = {id_: [] for id_ in ids}
        for batch in batches(list(found)):
            rows = self._rows(
                f'SELECT document_id, kind, text, start, "end" FROM facts '
                f"WHERE document_id IN ({marks(batch)}) ORDER BY document_id, position",
                batch,
            )
            for id_, kind, text, start, end in rows:
                found[id_].append(Fact(FactKind(kind), text, start, end))
        return {id_: tuple(facts) for id_, facts in found.items()}

    # Passages ------------------------------------------------------------------------------------------

    def passages(self, filters: Filters, limit: int, without: Sequence[Genre] = ()) -> list[Passage]:
        """Return passages within the filters, documents by id, each in reading order."""
        where, values = conditions(filters, without)
        joined = f"{PASSAGES} JOIN documents d ON d.id = p.document_id"
        rows = self._rows(f"{joined} {where} ORDER BY p.document_id, p.start, p.id LIMIT ?", [*values, limit])
        return self._whole(rows)

    def passages_by_id(self, ids: Iterable[int]) -> dict[int, Passage]:
        """Return the passages that exist among these ids."""
        found: dict[int, Passage] = {}
        for batch in batches([int(id_) for id_ in ids]):
            rows = self._rows(f"{PASSAGES} WHERE p.id IN ({marks(batch)})", batch)
            found |= {passage.id: passage for passage in self._whole(rows)}
        return found

    def _whole(self, rows: Sequence[Row]) -> list[Passage]:
        """Return rows of `PASSAGES` as nouns, but those whose document is gone by now."""
        known = self._standings({row[1] for row in rows})
        return [passage_of(row, known[row[1]]) for row in rows if row[1] in known]

    def _standings(self, ids: Collection[str]) -> Mapping[str, Standing]:
        """Return what passages take over from these documents, remembered until anything is written."""
        with self._lock:
            self._refresh()
            if len(self._remembered) > MOST_REMEMBERED:
                self._remembered = {}
            for batch in batches([id_ for id_ in ids if id_ not in self._remembered]):
                for id_, *row in self._rows(f"{STANDINGS} WHERE d.id IN ({marks(batch)})", batch):
                    self._remembered[id_] = standing_of(tuple(row))
            return self._remembered

    def _refresh(self) -> None:
        """Forget what is remembered if anything was written."""
        if (version := self.version()) != self._version:
            self._version, self._within, self._remembered = version, {}, {}

    def version(self) -> tuple[int, int]:
        """Return what differs once anything was written, here or by another process."""
        with self._lock:
            ((seen,),) = self._database.execute("PRAGMA data_version")
            return int(seen), self._database.total_changes

    def passage_ids(self, filters: Filters) -> IdSet:
        """Return the ids of all passages within the filters, remembered until anything is written."""
        with self._lock:
            self._refresh()
            if len(self._within) >= MOST_SETS:
                self._within = {}
            if filters not in self._within:
                self._within[filters] = IdSet.of(self._ids(filters))
            return self._within[filters]

    def _ids(self, filters: Filters) -> Ids:
        """Return the ids as SQLite joins them to one text: several times faster than a row each."""
        where, values = conditions(filters, ())
        query = "SELECT group_concat(p.id) FROM passages p JOIN documents d ON d.id = p.document_id"
        ((joined,),) = self._rows(f"{query} {where}", values)
        return np.fromstring(joined or "", np.int64, sep=",")

    def pending(self, limit: int = -1, after: int = 0) -> list[Passage]:
        """Return passages not yet in both indexes with an id above `after`, oldest first."""
        query = f"{PASSAGES} WHERE p.indexed = 0 AND p.id > ? ORDER BY p.id LIMIT ?"
        return self._whole(self._rows(query, (after, limit)))

    def behind(self) -> bool:
        """Return whether anything waits to be indexed or forgotten."""
        query = "SELECT EXISTS (SELECT 1 FROM passages WHERE indexed = 0) OR EXISTS (SELECT 1 FROM orphans)"
        return bool(self._rows(query)[0][0])

    def orphans(self) -> list[int]:
        """Return ids of removed passages that an index may still hold."""
        return [row[0] for row in self._rows("SELECT passage_id FROM orphans ORDER BY passage_id")]

    def settle(self, indexed: Iterable[int], removed: Iterable[int]) -> None:
        """Record that both saved indexes hold the one and no longer hold the other."""
        with self.transaction() as database:
            database.executemany(
                "UPDATE passages SET indexed = 1 WHERE id = ?", ((int(id_),) for id_ in indexed)
            )
            database.executemany("DELETE FROM orphans WHERE passage_id = ?", ((int(id_),) for id_ in removed))

    def unsettle(self) -> None:
        """Record that no index holds anything: all passages are pending."""
        with self.transaction() as database:
            database.execute("UPDATE passages SET indexed = 0")
            database.execute("DELETE FROM orphans")

    # Small things --------------------------------------------------------------------------------------

    def recall(self, key: str) -> str:
        """Return a remembered value, "" if there is none."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def remember(self, key: str, value: str) -> None:
        """Remember a value."""
        with self.transaction() as database:
            database.execute(
                "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2", (key, value)
            )

    def counts(self) -> Mapping[str, int]:
        """Return how many documents, starter documents, passages and pending passages there are."""
        (row,) = self._rows(
            "SELECT (SELECT count(*) FROM documents), "
            "(SELECT count(*) FROM documents WHERE origin = 'starter'), "
            "(SELECT count(*) FROM passages), (SELECT count(*) FROM passages WHERE indexed = 0)"
        )
        return dict(zip(("documents", "starter", "passages", "pending"), row, strict=True))

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        with self._lock:
            return self._database.execute(query, values).fetchall()
