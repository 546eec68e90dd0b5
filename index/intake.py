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
from index.types import Document, Encoder, Flag, PassageDraft, Piece, RawDocument, Repair

STARTER = "starter"
"""Origin of a document that ships with the product; its original is not kept, being the same."""

NO_TEXT = "这份文件里没有读到可用的文字，如果是扫描件，请先转成文字再导入。"
NOT_CHINESE = "这份文件里几乎没有中文，可能是加密的、损坏的或另一种文件，请用原来的软件打开核对后再试。"


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
    from index import clean, provenance, segment

    raw = replace(raw, text=sound(raw.text))
    cleaned = clean.clean(raw.text)
    stem = Path(raw.path).stem
    pieces = [piece for piece in segment.split_pages(cleaned.text, stem) if piece.text.strip()]
    if not pieces:
        raise UserError(NO_TEXT)
    if not _is_chinese(cleaned.text):
        raise UserError(NOT_CHINESE)
    sources = provenance.originals(raw.text, cleaned, [piece.text for piece in pieces])
    for number, (piece, (original, repairs)) in enumerate(zip(pieces, sources, strict=True), 1):
        place = f"{stem} 第{number}篇" if len(pieces) > 1 else stem
        found = _document(piece, raw.path, origin, repairs, f"（原题缺失）{place}")
        yield found if origin == STARTER else replace(found, original=original)


def sound(text: str) -> str:
    """Return a text every part of the program can store: halves of a character become one, or a mark."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _is_chinese(text: str) -> bool:
    """Tell whether at least a tenth of the letters are Hanzi."""
    letters = [character for character in text if character.isalpha()]
    return sum("\u4e00" <= character <= "\u9fff" for character in letters) * 10 >= len(letters)


def _document(piece: Piece, path: str, origin: str, repairs: tuple[Repair, ...], untitled: str) -> Document:
    from index import classify, facts, segment

    text = piece.text
    headings = segment.headings(text)
    labels = classify.label(piece.title, text, piece.meta)
    return Document(
        id=document_id(text),
        title=piece.title or untitled,
        text=text,
        labels=replace(labels, flags=labels.flags | piece.flags | _mended(repairs)),
        sections=tuple(classify.sections_of(text, headings)),
        facts=tuple(facts.find_facts(text, piece.meta, piece.title)),
        repairs=repairs,
        path=path,
        origin=origin,
    )


def _mended(repairs: tuple[Repair, ...]) -> frozenset[Flag]:
    """What a document must still be called although cleaning took the traces away."""
    return frozenset({Flag.SPUN} if any(repair.kind == "N12" for repair in repairs) else ())


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
