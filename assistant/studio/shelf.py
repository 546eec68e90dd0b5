"""Use cases of the library of precedents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from assistant.studio.opened import Opened
from index.types import Document, DocumentSummary, Filters, ImportEvent, SearchResult


class ShelfCases(Opened):
    """Add, search, list, read."""

    def add(self, paths: Sequence[Path]) -> Iterator[ImportEvent]:
        """Import files and folders, yielding what becomes of each."""
        return self.library.add(paths)

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
