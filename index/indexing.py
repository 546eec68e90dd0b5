"""Keeps the keyword index and the vectors in step with library.db.

The catalog says what should be indexed (`pending`) and what should be forgotten (`orphans`); a passage is
marked indexed only after both indexes are saved, so whatever a crash interrupts is simply done again. One
file lock keeps two processes from writing at once; it is the operating system's, so a crash releases it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.catalog import Catalog
from index.errors import UserError
from index.fulltext import Entry, FullText, OldFormat, wipe
from index.types import Encoder, Passage
from index.vectors import FaissStore, check_encoder, discard, read_meta

if TYPE_CHECKING:
    from index.types import Vectors

BATCH = 2048
ROUND, ROUND_SECONDS = 32 * BATCH, 10.0
"""Passages written and saved as one step; fewer where encoding them takes longer than this."""

LOCK_SECONDS = 120
FULLTEXT_FOLDER, VECTORS_FOLDER, LOCK_FILE = "fulltext", "vectors", "index.lock"


class Indexes:
    """Both derived indexes of a library folder, opened when first needed.

    `lock` is held while they change and should be held while they are read; never while texts are encoded.
    """

    def __init__(self, folder: Path, catalog: Catalog, encoder: Callable[[], Encoder]) -> None:
        self._folder = folder
        self._catalog = catalog
        self._encoder = encoder
        self.lock = threading.RLock()
        self._fulltext: FullText | None = None
        self._store: FaissStore | None = None

    @property
    def fulltext(self) -> FullText:
        """The keyword index."""
        if self._fulltext is None:
            self._fulltext = FullText(self._folder / FULLTEXT_FOLDER)
        return self._fulltext

    @property
    def store(self) -> FaissStore:
        """The vectors."""
        if self._store is None:
            encoder = self._encoder()
            self._store = FaissStore(self._folder / VECTORS_FOLDER, encoder.dim, encoder.name)
        return self._store

    def check(self) -> None:
        """Do nothing if the index can be used with this encoder.

        :raises IndexMismatch: if it was built with another.
        """
        if read_meta(self._folder / VECTORS_FOLDER) is not None:
            encoder = self._encoder()
            check_encoder(self._folder / VECTORS_FOLDER, encoder.name, encoder.dim)

    def outdated(self) -> bool:
        """Return whether the vectors are those of an older built-in encoder.

        :raises UserError: if their description is damaged.
        """
        from index.embed import BUILT_IN_PREFIX, built_in_name

        meta = read_meta(self._folder / VECTORS_FOLDER)
        return (
            meta is not None and meta.encoder.startswith(BUILT_IN_PREFIX) and meta.encoder != built_in_name()
        )

    def lost(self) -> bool:
        """Return whether an index holds less than the catalog believes, as after a partial restore, or was
        made by an older version of the program.

        :raises UserError: if its description is damaged.
        """
        try:
            _ = self.fulltext
        except OldFormat:
            return True
        except UserError:
            return False
        counts = self._catalog.counts()
        indexed = counts["passages"] - counts["pending"]
        if not indexed:
            return False
        meta = read_meta(self._folder / VECTORS_FOLDER)
        whole = (self._folder / FULLTEXT_FOLDER / "meta.json").exists()
        return meta is None or meta.count < indexed or not whole

    def catch_up(self) -> Iterator[int]:
        """Index what is pending and forget what was removed; yield how many passages are done so far.

        :raises UserError: when another process holds the lock too long or the disk is full.
        """
        done = 0
        while True:
            pending, vectors = self._encoded()
            orphans = self._catalog.orphans()
            if not pending and not orphans:
                return
            self._write(pending, vectors, orphans)
            done += len(pending)
            yield done

    def _encoded(self) -> tuple[list[Passage], Vectors]:
        """Return what is pending with its vectors, as much as one saving of the indexes is worth."""
        began = time.monotonic()
        passages: list[Passage] = []
        rows: list[Vectors] = []
        while len(passages) < ROUND and time.monotonic() - began < ROUND_SECONDS:
            batch = self._catalog.pending(BATCH, passages[-1].id if passages else 0)
            if not batch:
                break
            rows.append(self._encoder().encode_passages([passage_text(passage) for passage in batch]))
            passages += batch
        return passages, np.concatenate(rows) if rows else np.zeros((0, 0), np.float32)

    def reset(self) -> None:
        """Empty both indexes and mark every passage pending."""
        with self.lock, self._locked():
            self._catalog.unsettle()
            self.forget()
            discard(self._folder / VECTORS_FOLDER)
            try:
                self.fulltext.clear()
            except UserError:
                self.forget()
                wipe(self._folder / FULLTEXT_FOLDER)

    def forget(self) -> None:
        """Drop what is held in memory; files stay."""
        self._fulltext, self._store = None, None

    def _write(self, pending: list[Passage], vectors: Vectors, orphans: list[int]) -> None:
        try:
            with self.lock, self._locked():
                alive = self._catalog.passages_by_id(passage.id for passage in pending)
                rows = [number for number, passage in enumerate(pending) if passage.id in alive]
                ids = np.array([pending[row].id for row in rows], np.int64)
                self.store.remove(np.array(orphans, np.int64))
                if len(ids):
                    self.store.add(ids, vectors[rows])
                self.fulltext.update((entry_of(pending[row]) for row in rows), orphans)
                self.store.save()
                self._catalog.settle(ids, orphans)
        except BaseException:
            self.forget()
            raise

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        lock = FileLock(str(self._folder / LOCK_FILE), timeout=LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout as error:
            raise UserError("资料库正被另一个窗口写入，请等它做完再试。") from error
        except OSError as error:
            raise UserError(f"资料库文件夹写不进去（{error.strerror}），请检查文件夹权限。") from error
        try:
            yield
        finally:
            lock.release()


def passage_text(passage: Passage) -> str:
    """Return what is searched of a passage: its trail of headings and its text."""
    return f"{passage.trail}\n{passage.text}" if passage.trail else passage.text


def entry_of(passage: Passage) -> Entry:
    """Return a passage as an entry of the keyword index."""
    return Entry(
        passage.id,
        passage_text(passage),
        passage.title,
        passage.org_type,
        passage.period,
        passage.genre,
        passage.section,
    )
