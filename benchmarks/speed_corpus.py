"""Made-up passages for search_speed.py, and a library of them built without reading files.

A passage is five clauses of the starter library's own, drawn by a fixed seed from one section (职工关爱,
民主管理 …) and under one of its real headings; twenty make a document. So words, lengths and topics are those
of union plans, however many passages there are.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from index.catalog import Catalog, document_id  # noqa: E402
from index.embed import built_in_name, load_encoder  # noqa: E402
from index.fulltext import words_of  # noqa: E402
from index.indexing import Indexes  # noqa: E402
from index.intake import digest  # noqa: E402
from index.library import STARTER_FOLDER, Library  # noqa: E402
from index.types import Document, Labels, Passage, PassageDraft  # noqa: E402

CLAUSES, PER_DOCUMENT = 5, 20
BLOCK = 5000


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up passage: its labels and headings are those of `like`."""

    like: Passage
    text: str

    @property
    def whole(self) -> str:
        """What is searched of it."""
        return f"{self.like.trail}\n{self.text}"


def real_passages(folder: Path) -> list[Passage]:
    """Return the passages of the starter library, opened in the folder."""
    with Library.open(folder) as library:
        return library.passages(limit=1_000_000)


def mark() -> str:
    """Return what the passages and their vectors depend on, short: the starter library and the encoder."""
    contents = {file.name: file.read_bytes() for file in sorted(STARTER_FOLDER.glob("*.md"))}
    return f"{digest(contents)[:8]}-{built_in_name()}"


def made_up(real: Sequence[Passage], count: int, seed: int = 1) -> Iterator[Made]:
    """Yield passages of clauses drawn from one section of the real ones."""
    clauses: dict[Any, list[str]] = {}
    for item in real:
        parts = item.text.replace("。", "，").split("，")
        clauses.setdefault(item.section, []).extend(part for part in parts if len(part) > 3)
    dice = random.Random(seed)
    usable = [item for item in real if clauses[item.section]]
    for _ in range(count):
        like = dice.choice(usable)
        yield Made(like, "，".join(dice.choices(clauses[like.section], k=CLAUSES)) + "。")


def asked(real: Sequence[Passage], count: int, seed: int = 2) -> list[str]:
    """Return queries of one to three words of a passage; every third names a unit type."""
    dice = random.Random(seed)
    queries: list[str] = []
    while len(queries) < count:
        words = [word for word in words_of(dice.choice(real).text) if len(word) > 1]
        if len(words) > 3:
            unit = [dice.choice(["医院", "小学", "银行", "机械厂"])] if len(queries) % 3 == 0 else []
            queries.append(" ".join([*unit, *dice.sample(words, dice.randint(1, 3))]))
    return queries


def fill(folder: Path, passages: Iterator[Made]) -> None:
    """Put passages into the catalog of a library folder, not yet indexed."""
    catalog = Catalog(folder / "library.db")
    group: list[Made] = []
    for item in passages:
        group.append(item)
        if len(group) == PER_DOCUMENT:
            catalog.add(*_document(group))
            group = []
    if group:
        catalog.add(*_document(group))
    catalog.close()


def _document(group: Sequence[Made]) -> tuple[Document, list[PassageDraft]]:
    like, text, place = group[0].like, "\n".join(item.text for item in group), 0
    drafts = []
    for item in group:
        end = place + len(item.text)
        drafts.append(
            PassageDraft(0, item.like.section, item.like.kind, item.like.trail, item.text, place, end)
        )
        place = end + 1
    labels = Labels(like.genre, like.org_type, like.period, like.year)
    return Document(document_id(text), like.title, text, labels, (), (), (), "made-up.txt"), drafts


def index_all(folder: Path) -> None:
    """Index what the catalog of a library folder holds, as an import does."""
    catalog = Catalog(folder / "library.db")
    for _ in Indexes(folder, catalog, load_encoder).catch_up():
        pass
    catalog.close()


def vectors_of(file: Path, passages: Iterable[Made], count: int) -> Any:
    """Return the built-in encoder's rows of `count` passages, kept in a file for the next who asks."""
    if not file.exists():
        encoder, partial, waiting = load_encoder(), file.with_suffix(".part"), iter(passages)
        rows = np.lib.format.open_memmap(partial, "w+", np.float32, (count, encoder.dim))
        for start in range(0, count, BLOCK):
            part = [item.whole for item in islice(waiting, BLOCK)]
            rows[start : start + len(part)] = encoder.encode_passages(part)
        rows.flush()
        partial.rename(file)
    return np.load(file, mmap_mode="r")
