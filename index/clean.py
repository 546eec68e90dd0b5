"""From damaged text to sound text, with every change logged.

`clean` runs its steps in a fixed order until nothing changes any more, so cleaning twice is the same as
cleaning once. Kinds N1-N39 are listed in docs/architecture.md. A block of front matter passes untouched.
Private facts are no business of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from index import clean_bytes, clean_marks, clean_page, clean_type
from index.clean_rules import Step, apply
from index.types import CleanText, Repair

_FRONT_MATTER = re.compile(r"\A\ufeff?\+\+\+[ \t]*\r?\n.*?\r?\n\+\+\+[ \t]*(?:\r?\n|\Z)", re.S)
_MAX_ROUNDS = 6


def clean(text: str) -> CleanText:
    """Return `text` repaired. Spans of a repair lie in the text its step received.

    Unknown words are never guessed: they become `{YEAR}`, `{PARTY_REF}`, `{DOCNO}` or 〔缺〕.
    """
    front = _FRONT_MATTER.match(text)
    head = front.group() if front else ""
    body, repairs = text[len(head) :], []
    for _ in range(_MAX_ROUNDS):
        body, made = _run(body, _steps())
        repairs += made
        if not made:
            break
    return CleanText(head + body, tuple(_moved(repair, len(head)) for repair in repairs))


def _run(text: str, steps: Iterable[Step]) -> tuple[str, list[Repair]]:
    made: list[Repair] = []
    for step in steps:
        text, repairs = apply(text, step(text))
        made += repairs
    return text, made


@lru_cache(maxsize=1)
def _steps() -> tuple[Step, ...]:
    """The steps in their order: bytes, characters, page, words, white space, marks."""
    return (
        clean_bytes.misread,
        clean_bytes.pinyin,
        clean_bytes.shifted,
        clean_bytes.torn,
        clean_type.simplified,
        clean_type.corner_quotes,
        clean_page.chrome,
        clean_page.related,
        clean_page.dated_links,
        clean_page.advertisements,
        clean_marks.stray_marks,
        clean_marks.bold,
        *clean_marks.masks(),
        *clean_marks.slips(),
        clean_marks.planted_titles,
        clean_marks.doubled_words,
        clean_marks.doubled_sentences,
        clean_marks.glued_items,
        *clean_type.space_steps(),
        *clean_type.mark_steps(),
    )


def _moved(repair: Repair, offset: int) -> Repair:
    if not offset:
        return repair
    return replace(repair, raw_start=repair.raw_start + offset, raw_end=repair.raw_end + offset)
