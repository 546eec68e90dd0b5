"""The library of precedents: the only door from `assistant` to the index.

A library is a folder with library.db (the truth), fulltext/ and vectors/ (derived). Several processes may
open it; threads may share one `Library`. It connects what ranks, reads files and knows SQL, no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType

from index.catalog import Catalog
from index.corrections import FIELDS as LABEL_FIELDS
from index.corrections import checked, field_of
from index.errors import PartlyRead, UserError
from index.importing import Importer, settled
from index.indexing import Indexes
from index.intake import STARTER, digest, documents_in
from index.kinds import repair_name
from index.sectioning import section_code
from index.types import (
    Document,
    DocumentSummary,
    Encoder,
    Fact,
    Filters,
    Genre,
    ImportEvent,
    ImportStep,
    Passage,
    PassageDraft,
    RawDocument,
    Reranker,
    SearchResult,
)

__all__ = [
    "LABEL_FIELDS",
    "Library",
    "Stats",
    "examine",
    "examine_text",
    "items_of",
    "repair_name",
    "section_code",
]

STARTER_FOLDER = Path(__file__).parent / "starter"
STARTER_KEY = "starter"
PIPELINE = "6"
"""Raised whenever starter documents must be read again although their text is the same."""

NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Stats:
    """How much a library holds; `pending` passages are stored but cannot be found yet."""

    documents: int
    starter: int
    passages: int
    pending: int
    encoder: str


class Library:
    """One library, open. Use `Library.open`; close it, or use it in a `with` statement."""

    def __init__(
        self, folder: Path, catalog: Catalog, encoder: Encoder | None, reranker: Reranker | None = None
    ) -> None:
        self._folder = folder
        self._catalog = catalog
        self._chosen = encoder
        self._reranker = reranker
        self._indexes = Indexes(folder, catalog, lambda: self.encoder)

    @classmethod
    def open(
        cls,
        folder: Path,
        encoder: Encoder | None = None,
        starter: bool = True,
        reranker: Reranker | None = None,
    ) -> Library:
        """Open the library in `folder`, creating it if need be; no encoder means the built-in one, no
        reranker that hits keep their order.

        Brings the starter documents up to date and finishes what a crash left. An index of another encoder
        is left alone here: documents can be read, `search` and `add` raise, `rebuild` mends it.

        :raises UserError: if the folder cannot be read or written.
        """
        library = cls(folder, Catalog(folder / "library.db"), encoder, reranker)
        try:
            if starter:
                library._sync_starter()
            library._recover()
        except BaseException:
            library.close()
            raise
        return library

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder in use, loaded when first needed."""
        if self._chosen is not None:
            return self._chosen
        from index.embed import load_encoder

        return load_encoder()

    @property
    def _importer(self) -> Importer:
        return Importer(self._catalog, self._indexes, self.encoder)

    def close(self) -> None:
        """Close the files. Closing twice is no error."""
        with self._indexes.lock:
            self._indexes.forget()
            self._catalog.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Changing ------------------------------------------------------------------------------------------

    def add(self, paths: Sequence[Path]) -> Iterator[ImportEvent]:
        """Import files and folders; yield what became of each document. One bad file never ends it.

        :raises IndexMismatch: if the index was built with another encoder.
        """
        yield from settled(self.add_steps(paths))

    def add_steps(
        self, paths: Sequence[Path], names: Mapping[Path, str] | None = None
    ) -> Iterator[ImportStep]:
        """Like `add`, and say in between what is being done. `names` are shown in place of paths.

        :raises IndexMismatch: if the index was built with another encoder.
        """
        self._indexes.check()
        yield from self._importer.files(paths, names or {})

    def add_text(self, text: str, name: str) -> Iterator[ImportEvent]:
        """Import a pasted text under a name; yield what became of each document in it.

        :raises IndexMismatch: if the index was built with another encoder.
        """
        self._indexes.check()
        yield from self._importer.text(RawDocument(name, text, "txt"))

    def remove(self, document_id: str) -> DocumentSummary:
        """Remove a document from the library; its file is not touched and may be imported again.

        `restore` brings it back. What hung under it stands in its place.

        :raises UserError: if there is no such document.
        """
        summary = self._known(document_id)
        self._catalog.discard(self.document(document_id))
        self._catch_up_if_possible()
        return summary

    def restore(self, document_id: str) -> DocumentSummary:
        """Bring a removed document back, with the labels it had.

        :raises UserError: if it was not removed lately.
        """
        from index import passages

        document = self._catalog.discarded(document_id)
        if document is None:
            raise UserError(f"最近删除的资料里没有编号为“{document_id}”的，请重新导入原来的文件。")
        drafts = passages.split(document.text, document.sections, document.facts, self.encoder)
        self._catalog.add(document, drafts)
        self._catch_up_if_possible()
        return self._known(document_id)

    def correct(self, document_id: str, changes: Mapping[str, str]) -> DocumentSummary:
        """Set labels of a document by hand, by field (`LABEL_FIELDS`); {} takes all of it back.

        They stay whatever happens: a rebuild, a newer version, a removal and another import.

        :raises UserError: for an unknown document, field or value; then nothing is changed.
        """
        self._known(document_id)
        self._catalog.correct(
            document_id, {field_of(field): checked(field, value) for field, value in changes.items()}
        )
        self._catch_up_if_possible()
        return self._known(document_id)

    def rebuild(self) -> Iterator[str]:
        """Build both indexes anew with the encoder in use; yield progress in Chinese."""
        self._catalog.place_all()
        total = self._catalog.counts()["passages"]
        yield f"正在重建索引，共 {total} 段。"
        self._indexes.reset()
        for done in self._indexes.catch_up():
            yield f"已完成 {done}／{total} 段。"
        yield "索引已重建，可以检索了。"

    # Reading -------------------------------------------------------------------------------------------

    def search(
        self, query: str, k: int = 10, filters: Filters = NO_FILTERS, without: Collection[str] = ()
    ) -> SearchResult:
        """Return the best `k` passages for a query within the filters.

        The result says what the query was understood to name; `without` takes the keys of what it should
        not have been (`Named.key`), whose words are then looked for like any other.

        :raises IndexMismatch: if the index was built with another encoder.
        """
        from index.search import Sources, find

        with self._indexes.lock:
            self._indexes.check()
            sources = Sources(
                self._indexes.fulltext,
                self._indexes.store,
                self.encoder,
                self._catalog.passages_by_id,
                self._catalog.passage_ids,
                self._reranker,
            )
            return find(query, k, filters, sources, without)

    def documents(self) -> list[DocumentSummary]:
        """Return every document, imported ones first."""
        return self._catalog.documents()

    def document(self, document_id: str) -> Document:
        """Return one document whole.

        :raises UserError: if there is no such document.
        """
        self._known(document_id)
        document = self._catalog.document(document_id)
        if document is None:
            raise UserError(_unknown(document_id))
        return document

    def passages(
        self, filters: Filters = NO_FILTERS, limit: int = 2000, without: Sequence[Genre] = ()
    ) -> list[Passage]:
        """Return passages within the filters and of no genre in `without`, always in the same order."""
        return self._catalog.passages(filters, limit, without)

    def passages_of(self, ids: Sequence[int]) -> list[Passage]:
        """Return the passages of these ids that exist, in the order asked for."""
        found = self._catalog.passages_by_id(ids)
        return [found[id_] for id_ in ids if id_ in found]

    def facts(self, document_ids: Sequence[str]) -> Mapping[str, tuple[Fact, ...]]:
        """Return the private facts of each document; none for an unknown id."""
        return self._catalog.facts(document_ids)

    def version(self) -> tuple[int, int]:
        """Return what differs once anything was written, here or by another process."""
        return self._catalog.version()

    def stats(self) -> Stats:
        """Return how much the library holds."""
        return Stats(**self._catalog.counts(), encoder=self.encoder.name)

    # Keeping in step -----------------------------------------------------------------------------------

    def _sync_starter(self) -> None:
        """Add, replace and remove starter documents when those that ship have changed."""
        contents = {file.name: file.read_bytes() for file in sorted(STARTER_FOLDER.glob("*.md"))}
        mark = f"{PIPELINE}:{digest(contents)}"
        before = self._catalog.recall(STARTER_KEY)
        if before == mark:
            return
        gone = {row.id for row in self._catalog.documents() if row.origin == STARTER}
        if not before.startswith(f"{PIPELINE}:"):
            self._catalog.remove(gone)
        for name, content in contents.items():
            raw = RawDocument(name, content.decode("utf-8"), "md")
            gone -= {event.document.id for event in self._importer.store(raw, STARTER) if event.document}
        self._catalog.remove(gone)
        self._catalog.remember(STARTER_KEY, mark)

    def _recover(self) -> None:
        """Finish what a crash left, unless only `rebuild` can: search will say so.

        An index of an older built-in encoder is rebuilt at once: nobody chose either, and it takes seconds.
        """
        try:
            if self._chosen is None and self._indexes.outdated():
                for _ in self.rebuild():
                    pass
            if self._indexes.lost():
                self._indexes.reset()
        except UserError:
            return
        self._catch_up_if_possible()

    def _catch_up(self) -> None:
        for _ in self._indexes.catch_up():
            pass

    def _catch_up_if_possible(self) -> None:
        """Catch up unless the index waits for `rebuild`, which does the same."""
        if not self._catalog.behind():
            return
        try:
            self._indexes.check()
        except UserError:
            return
        self._catch_up()

    def _known(self, document_id: str) -> DocumentSummary:
        summary = self._catalog.summary(document_id)
        if summary is None:
            raise UserError(_unknown(document_id))
        return summary


def load_reranker(name: str) -> Reranker | None:
    """Return the cross-encoder of that folder or name, loaded when first used; None for "".

    :raises UserError: not here, but when it is first used and is not on this machine.
    """
    from index.rerank import CrossReranker

    return CrossReranker(name.strip()) if name.strip() else None


def examine(path: Path) -> list[Document]:
    """Return the documents in a file, read like any other and stored nowhere.

    :raises UserError: if the file cannot be read or holds no text.
    """
    from index import readers

    found: list[Document] = []
    try:
        for raw in readers.read(path):
            found += documents_in(raw, "user")
    except PartlyRead:
        if not found:
            raise
    return found


def examine_text(text: str, name: str = "") -> list[Document]:
    """Return the documents in a pasted text, stored nowhere; `name` stands where a file name would.

    :raises UserError: if there is no text.
    """
    return list(documents_in(RawDocument(name, text, "txt"), "user"))


def items_of(document: Document) -> tuple[PassageDraft, ...]:
    """Return the items and paragraphs of a document, each whole and with its section code."""
    from index import passages

    return tuple(passages.whole_items(document.text, document.sections))


def _unknown(document_id: str) -> str:
    return f"资料库里没有编号为“{document_id}”的资料，请用 gonghui library 查看现有资料的编号。"
