"""Sections to passages: one numbered item, one paragraph or one entry of a month table each.

A passage keeps the exact span it came from; what an encoder could not take whole is cut at line, sentence or
clause ends. Persons and contacts are redacted in the text, never in the span.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.facts import hide, redact
from index.headings import items
from index.sectioning import MONTH_LINE, begins_numbered, is_month_label, section_code
from index.types import Encoder, Fact, PassageDraft, PassageKind, Section, SectionCode

SEPARATOR = " › "
_BREAKS = ["\n", "。", "！", "？", "；", "，", "、"]
_LEAST_SAID = 4  # characters; fewer tell nothing
_LEAST_BODY = 16  # tokens kept free for text when a trail is long


def split(
    text: str, sections: Sequence[Section], facts: Sequence[Fact], encoder: Encoder
) -> list[PassageDraft]:
    """Passages of a document in reading order.

    Together they cover every character of every section except white space and lines of bare
    punctuation. No passage, its trail included, is longer than `encoder.max_tokens`.
    """
    return [draft for section in sections for draft in _section_passages(text, section, facts, encoder)]


def whole_items(text: str, sections: Sequence[Section]) -> Iterator[PassageDraft]:
    """Yield the items and paragraphs of a document uncut and unredacted, in reading order."""
    for section in sections:
        for start, end in items(text, section.start, section.end):
            body = text[start:end]
            if any(char.isalnum() for char in body):
                trail = SEPARATOR.join(section.trail)
                code, kind = _code(section, body), _kind(section, body)
                yield PassageDraft(section.order, code, kind, trail, body, start, end)


def _section_passages(
    text: str, section: Section, facts: Sequence[Fact], encoder: Encoder
) -> Iterator[PassageDraft]:
    trail = hide(_short_trail(section.trail, encoder), facts)
    for start, end in items(text, section.start, section.end):
        body = text[start:end]
        if not any(char.isalnum() for char in body):
            continue
        kind = _kind(section, body)
        code = _code(section, body)
        for left, right in _cuts(text, start, end, trail, facts, encoder):
            yield PassageDraft(
                section.order, code, kind, trail, redact(text, facts, left, right), left, right
            )


def _kind(section: Section, body: str) -> PassageKind:
    monthly = is_month_label(section.heading) or MONTH_LINE.match(body)
    if section.code is SectionCode.SCHEDULE and monthly:
        return PassageKind.LINE
    return PassageKind.ITEM if begins_numbered(body) else PassageKind.PROSE


def _code(section: Section, body: str) -> SectionCode | None:
    """The section's code; below a wrapper such as 主要工作 each item tells its own."""
    numbered = begins_numbered(body)
    if section.code is not None and not (section.code is SectionCode.LEAD and numbered):
        return section.code
    if len(body) < _LEAST_SAID:
        return section.code
    head = _first_clause(body)
    return section_code(head, body, section.trail) or section.code


def _first_clause(body: str) -> str:
    for mark in "。；：\n":
        head, found, _ = body.partition(mark)
        if found and len(head) >= 4:
            body = head
    return body[:60]


def _short_trail(trail: Sequence[str], encoder: Encoder) -> str:
    """The headings joined; outer ones fall away where they would leave no room for the text."""
    room = max(encoder.max_tokens // 2, 1)
    kept = list(trail)
    while len(kept) > 1 and encoder.count_tokens(SEPARATOR.join(kept)) > room:
        kept.pop(0)
    joined = SEPARATOR.join(kept)
    while joined and encoder.count_tokens(joined) > room:
        joined = joined[: len(joined) * 2 // 3]
    return joined


def _cuts(
    text: str, start: int, end: int, trail: str, facts: Sequence[Fact], encoder: Encoder
) -> Iterator[tuple[int, int]]:
    """Spans of a text short enough for the encoder, each without white space at its ends."""
    if _fits(trail, redact(text, facts, start, end), encoder):
        yield start, end
        return
    room = encoder.max_tokens - (encoder.count_tokens(f"{trail}\n") if trail else 0)
    position = start
    for piece in _pieces(text[start:end], max(room, _LEAST_BODY), encoder):
        yield from _tight(text, position, position + len(piece), trail, facts, encoder)
        position += len(piece)


def _tight(
    text: str, start: int, end: int, trail: str, facts: Sequence[Fact], encoder: Encoder
) -> Iterator[tuple[int, int]]:
    """One piece trimmed; halved again in the rare case that trail and text together still do not fit."""
    body = text[start:end]
    if not any(char.isalnum() for char in body):
        return
    left, right = start + len(body) - len(body.lstrip()), start + len(body.rstrip())
    if right - left < 2 or _fits(trail, redact(text, facts, left, right), encoder):
        yield left, right
        return
    middle = (left + right) // 2
    yield from _tight(text, left, middle, trail, facts, encoder)
    yield from _tight(text, middle, right, trail, facts, encoder)


def _fits(trail: str, body: str, encoder: Encoder) -> bool:
    whole = f"{trail}\n{body}" if trail else body
    return encoder.count_tokens(whole) <= encoder.max_tokens


def _pieces(body: str, room: int, encoder: Encoder) -> list[str]:
    """A long text in pieces that join to the very same text again."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=_BREAKS,
        keep_separator="end",
        chunk_size=room,
        chunk_overlap=0,
        length_function=encoder.count_tokens,
        strip_whitespace=False,
    )
    pieces = splitter.split_text(body)
    if "".join(pieces) != body:
        raise ValueError(f"splitting changed a text of {len(body)} characters")
    return pieces
