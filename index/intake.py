"""From the text of one file to documents ready for the catalog: clean, split, label, cut into passages.

Stores nothing. Front matter of a starter document reaches the labels and facts as `meta`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from index.catalog import document_id
from index.errors import UserError
from index.types import Document, Encoder, PassageDraft, Piece, RawDocument, Repair

NO_TEXT = "这份文件里没有读到可用的文字，如果是扫描件，请先转成文字再导入。"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document and its passages, not stored yet."""

    document: Document
    passages: tuple[PassageDraft, ...]


def prepare(raw: RawDocument, origin: str, encoder: Encoder) -> Iterator[Prepared]:
    """Yield the documents found in the text of one file with their passages, in order.

    :raises UserError: if there is no text in it.
    """
    from index import passages

    for document in documents_in(raw, origin):
        drafts = passages.split(document.text, document.sections, document.facts, encoder)
        yield Prepared(document, tuple(drafts))


def documents_in(raw: RawDocument, origin: str) -> Iterator[Document]:
    """Yield the documents found in the text of one file, in order. Needs no encoder.

    :raises UserError: if there is no text in it.
    """
    from index import clean, segment

    cleaned = clean.clean(raw.text)
    found = False
    for piece in segment.split_pages(cleaned.text, Path(raw.path).stem):
        if piece.text.strip():
            found = True
            yield _document(piece, raw.path, origin, cleaned.repairs)
    if not found:
        raise UserError(NO_TEXT)


def _document(piece: Piece, path: str, origin: str, repairs: tuple[Repair, ...]) -> Document:
    from index import classify, facts, segment

    text = piece.text
    headings = segment.headings(text)
    labels = classify.label(piece.title, text, headings, piece.meta)
    return Document(
        id=document_id(text),
        title=piece.title or text.strip().splitlines()[0][:40],
        text=text,
        labels=replace(labels, flags=labels.flags | piece.flags),
        sections=tuple(classify.sections_of(text, headings)),
        facts=tuple(facts.find_facts(text, piece.meta)),
        repairs=repairs,
        path=path,
        origin=origin,
    )


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, "" if it cannot be read (reading it will say why)."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def digest(contents: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of named contents, in their order."""
    whole = hashlib.sha256()
    for name, content in contents.items():
        whole.update(name.encode() + b"\0" + content + b"\0")
    return whole.hexdigest()
