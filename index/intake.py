"""From the text of one file to documents ready for the catalog: clean, split, label, cut into passages.

Pure: reads and stores nothing. Front matter of a starter document reaches the labels and facts as `meta`.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    """Yield the documents found in the text of one file, in order.

    :raises UserError: if there is no text in it.
    """
    from index import clean, segment

    cleaned = clean.clean(raw.text)
    found = False
    for piece in segment.split_pages(cleaned.text, Path(raw.path).stem):
        if piece.text.strip():
            found = True
            yield _prepare_piece(piece, raw.path, origin, cleaned.repairs, encoder)
    if not found:
        raise UserError(NO_TEXT)


def _prepare_piece(
    piece: Piece, path: str, origin: str, repairs: tuple[Repair, ...], encoder: Encoder
) -> Prepared:
    from index import classify, facts, passages, segment

    text = piece.text
    headings = segment.headings(text)
    labels = classify.label(piece.title, text, headings, piece.meta)
    labels = replace(labels, flags=labels.flags | piece.flags)
    sections = tuple(classify.sections_of(text, headings))
    private = tuple(facts.find_facts(text, piece.meta))
    drafts = tuple(passages.split(text, sections, private, encoder))
    title = piece.title or text.strip().splitlines()[0][:40]
    document = Document(
        id=document_id(text),
        title=title,
        text=text,
        labels=labels,
        sections=sections,
        facts=private,
        repairs=repairs,
        path=path,
        origin=origin,
    )
    return Prepared(document, drafts)
