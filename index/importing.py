"""The import of files: one after the other, each document stored as soon as it is read, indexed in batches.

A generator of events. What goes wrong with one file is an event too; whatever interrupts an import, what
was stored stays stored and is indexed when the library is next opened.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.catalog import Catalog
from index.errors import PartlyRead, UserError
from index.indexing import Indexes
from index.intake import fingerprint, prepare
from index.types import Added, Encoder, Failed, ImportEvent, ImportStep, Progress, RawDocument, Skipped

KNOWN = "这份资料已经在库里"
BROKEN = "程序处理这份文件时出错，已记入日志，其他文件不受影响。"
FIRST_BATCH = 2048
"""Passages stored before they are indexed in between; in a large library a quarter of what it holds, so
that the indexes, which are saved whole, are written a few times and not once every few files."""

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Importer:
    """What an import works on: the catalog, the indexes, and the encoder that counts tokens."""

    catalog: Catalog
    indexes: Indexes
    encoder: Encoder

    def files(self, paths: Sequence[Path], names: Mapping[Path, str]) -> Iterator[ImportStep]:
        """Import files and folders; `names` are what to call a path that means nothing to the person."""
        from index import readers

        waiting = 0
        try:
            found = list(readers.expand(paths))
            for number, path in enumerate(found):
                name = names.get(path, str(path))
                yield Progress(f"正在读“{Path(name).name}”", number, len(found))
                for event in guarded(name, self._file(path, name)):
                    yield event
                    waiting += event.document.passages if isinstance(event, Added) else 0
                if waiting >= self._batch():
                    waiting = 0
                    yield from self._indexing(number + 1, len(found))
            yield from self._indexing(len(found), len(found))
        finally:
            self._catch_up()

    def text(self, raw: RawDocument) -> Iterator[ImportEvent]:
        """Import one text."""
        try:
            yield from guarded(raw.path, self.store(raw))
        finally:
            self._catch_up()

    def store(self, raw: RawDocument, origin: str = "user") -> Iterator[Added | Skipped]:
        """Store the documents of one text; they are indexed later."""
        for prepared in prepare(raw, origin, self.encoder):
            added = self.catalog.add(prepared.document, prepared.passages)
            summary = self.catalog.summary(prepared.document.id)
            if summary is not None:
                yield Added(raw.path, summary) if added else Skipped(raw.path, KNOWN, summary)

    def _file(self, path: Path, name: str) -> Iterator[ImportEvent]:
        """Import one file. Its hash is kept once all of it is stored, so a file cut short is read again."""
        from index import readers

        source = fingerprint(path)
        if known := self.catalog.of_source(source):
            yield Skipped(name, KNOWN, known[0])
            return
        ids: list[str] = []
        for raw in readers.read(path):
            named = replace(raw, path=name + raw.path.removeprefix(str(path)))
            for event in self.store(named):
                ids += [event.document.id] if event.document else []
                yield event
        self.catalog.add_source(source, ids)

    def _batch(self) -> int:
        return max(FIRST_BATCH, self.catalog.counts()["passages"] // 4)

    def _indexing(self, done: int, total: int) -> Iterator[Progress]:
        if self.catalog.behind():
            yield Progress("正在编入检索", done, total)
            self._catch_up()

    def _catch_up(self) -> None:
        for _ in self.indexes.catch_up():
            pass


def guarded(name: str, events: Iterator[ImportEvent]) -> Iterator[ImportEvent]:
    """Yield the events; whatever goes wrong becomes the last of them."""
    try:
        yield from events
    except PartlyRead as error:
        yield from (
            Failed(f"{name}/{member}" if member else name, reason) for member, reason in error.failures
        )
    except UserError as error:
        yield Failed(name, str(error))
    except Exception:
        LOGGER.exception("cannot import %s", name)
        yield Failed(name, BROKEN)


def settled(steps: Iterator[ImportStep]) -> Iterator[ImportEvent]:
    """Yield what became of documents and files, not what was being done."""
    return (step for step in steps if not isinstance(step, Progress))
