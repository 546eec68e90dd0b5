"""Use cases of the library of precedents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from assistant.studio.opened import Opened
from index.types import Document, DocumentSummary, Filters, ImportEvent, ImportStep, SearchResult


class ShelfCases(Opened):
    """Add, search, list, read, correct, remove."""

    def add(self, paths: Sequence[Path]) -> Iterator[ImportEvent]:
        """Import files and folders, yielding what becomes of each."""
        return self.library.add(paths)

    def add_steps(
        self, paths: Sequence[Path], names: Mapping[Path, str] | None = None
    ) -> Iterator[ImportStep]:
        """Like `add`, and say in between what is being done; `names` are shown in place of paths."""
        return self.library.add_steps(paths, names)

    def remove(self, document_id: str) -> DocumentSummary:
        """Remove a document; `put_back` undoes that."""
        return self.library.remove(document_id)

    def put_back(self, document_id: str) -> DocumentSummary:
        """Bring a removed document back."""
        return self.library.restore(document_id)

    def correct(self, document_id: str, changes: Mapping[str, str]) -> DocumentSummary:
        """Set labels of a document by hand; {} takes that back."""
        return self.library.correct(document_id, changes)

    def search(
        self, query: str, k: int = 10, filters: Filters | None = None, without: Collection[str] = ()
    ) -> SearchResult:
        """Return the passages that answer a query; `without` as in `Library.search`."""
        return self.library.search(query, k, filters or Filters(), without)

    def documents(self) -> Sequence[DocumentSummary]:
        """Return what the library holds."""
        return self.library.documents()

    def document(self, document_id: str) -> Document:
        """Return one document whole."""
        return self.library.document(document_id)
