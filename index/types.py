"""The nouns of the index: codes, documents, passages, hits, import events, and its two protocols.

The codes are in `index.codes` and to be had here as well. Everything here is frozen: a stage returns a new
value, it never edits one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from index.codes import FactKind as FactKind
from index.codes import Flag as Flag
from index.codes import Genre as Genre
from index.codes import OrgType as OrgType
from index.codes import PassageKind as PassageKind
from index.codes import Period as Period
from index.codes import SectionCode as SectionCode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.idset import IdSet

    Vectors = NDArray[np.float32]
    Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RawDocument:
    """The text of one file as read, before any cleaning. `path` is what a person would recognise."""

    path: str
    text: str
    format: str


@dataclass(frozen=True, slots=True)
class Repair:
    """One change made by cleaning: `before`, at `raw_start:raw_end` of the original, became `after`."""

    kind: str
    raw_start: int
    raw_end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CleanText:
    """Cleaned text of a whole file and every repair that led to it, in order.

    `runs` are the stretches no repair touched: start in the original, start in `text`, length.
    """

    text: str
    repairs: tuple[Repair, ...] = ()
    runs: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Original:
    """The part of a file a document was made of, as it was read.

    `runs` are the stretches that stand in the document unchanged: start here, start there, length.
    """

    text: str
    runs: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document: its number as written ("一、"), level 1-4, and the span of its body."""

    level: int
    number: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One document found in a page: its title ("" if lost), text, and what segmentation noticed."""

    title: str
    text: str
    flags: frozenset[Flag] = frozenset()
    meta: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a document: `start:end` is its own body in the document's text, sub-sections excluded.

    `trail` runs from the outermost heading to its own, as written.
    """

    order: int
    level: int
    number: str
    heading: str
    code: SectionCode | None
    start: int
    end: int
    trail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A private fact at `start:end` of the document's text."""

    kind: FactKind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Labels:
    """What a document is, from its content."""

    genre: Genre | None
    org_type: OrgType | None
    period: Period | None
    year: int | None
    year_inferred: bool = False
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the library, whole. `id` is the hash of its clean text.

    `copy_of` is the document it is nearly the same as and hangs under, `corrected` the labels a person set.
    """

    id: str
    title: str
    text: str
    labels: Labels
    sections: tuple[Section, ...]
    facts: tuple[Fact, ...]
    repairs: tuple[Repair, ...]
    path: str
    origin: str = "user"
    original: Original | None = None
    copy_of: str = ""
    corrected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PassageDraft:
    """A passage before the catalog has given it an id: `start:end` in the document's text."""

    section_order: int
    code: SectionCode | None
    kind: PassageKind
    trail: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with the labels of its document. `origin` is "starter" or "user"."""

    id: int
    document_id: str
    title: str
    genre: Genre | None
    org_type: OrgType | None
    period: Period | None
    year: int | None
    section: SectionCode | None
    kind: PassageKind
    trail: str
    text: str
    start: int
    end: int
    flags: frozenset[Flag] = frozenset()
    origin: str = "user"
    copy_of: str = ""
    copies: int = 0


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A row of the library list. `copies` documents hang under it, or it hangs under `copy_of`."""

    id: str
    title: str
    labels: Labels
    passages: int
    path: str
    origin: str
    copy_of: str = ""
    copies: int = 0
    repairs: int = 0
    corrected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Hard limits of a search. An empty tuple means no limit."""

    org_types: tuple[OrgType, ...] = ()
    periods: tuple[Period, ...] = ()
    genres: tuple[Genre, ...] = ()
    sections: tuple[SectionCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers a query. `score` is higher for better; `found_by` names the rankings."""

    passage: Passage
    score: float
    found_by: tuple[str, ...]
    highlights: tuple[tuple[int, int], ...] = ()


class NamedKind(StrEnum):
    """What a word of a query can name: something that lifts a hit. People and sections are looked for too."""

    ORG = "org"
    PEOPLE = "people"
    PERIOD = "period"
    GENRE = "genre"
    SECTION = "section"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Named:
    """What a query names at `start:end`, as typed. `code` is that of its kind; a year or people: the word."""

    kind: NamedKind
    code: str
    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """What `Library.search(..., without=...)` takes to search without it: "org:hospital"."""
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, one sentence for the person where something must be said ("" if not), and what
    the query was understood to name, in reading order. `counts` says how many of all that was found, before
    the best were taken, have a label; its keys are like those of `Named`: "org:hospital".
    """

    hits: tuple[Hit, ...]
    notice: str = ""
    named: tuple[Named, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Added:
    """A document entered the library."""

    path: str
    document: DocumentSummary


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or document was left out on purpose, with the reason in Chinese."""

    path: str
    reason: str
    document: DocumentSummary | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A file could not be read, with the reason in Chinese. The import goes on."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What an import is doing now, in Chinese: `done` of `total` files are finished."""

    doing: str
    done: int
    total: int


ImportEvent = Added | Skipped | Failed
ImportStep = ImportEvent | Progress


class Encoder(Protocol):
    """Text to unit vectors. `max_tokens` is where the model would cut; passages are split below it."""

    @property
    def name(self) -> str: ...
    @property
    def dim(self) -> int: ...
    @property
    def max_tokens(self) -> int: ...
    def count_tokens(self, text: str) -> int: ...
    def encode_queries(self, texts: Sequence[str]) -> Vectors: ...
    def encode_passages(self, texts: Sequence[str]) -> Vectors: ...


class VectorStore(Protocol):
    """Vectors by passage id. Scores are cosine similarity, higher is better."""

    def __len__(self) -> int: ...
    def add(self, ids: Ids, vectors: Vectors) -> None: ...
    def remove(self, ids: Ids) -> None: ...
    def search(self, vectors: Vectors, k: int, allowed: IdSet | Ids | None = None) -> tuple[Ids, Vectors]: ...
    def save(self) -> None: ...


class Reranker(Protocol):
    """Reads a query and each text together. Scores are higher for better."""

    @property
    def name(self) -> str: ...
    def scores(self, query: str, texts: Sequence[str]) -> Vectors: ...
