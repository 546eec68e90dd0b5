"""From damaged text to sound text, with every change logged.

`clean` runs its steps in a fixed order until nothing changes any more, so cleaning twice is the same as
cleaning once. Kinds N0-N40 are listed in docs/architecture.md. A block of front matter passes untouched.
Private facts are no business of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from index import clean_bytes, clean_marks, clean_page, clean_type
from index.clean_rules import Step, apply
from index.origin import Origin
from index.types import CleanText, Repair

_FRONT_MATTER = re.compile(r"\A\ufeff?\+\+\+[ \t]*\r?\n.*?\r?\n\+\+\+[ \t]*(?:\r?\n|\Z)", re.S)
_MAX_ROUNDS = 6


def clean(text: str) -> CleanText:
    """Return `text` repaired. Spans of a repair lie in `text`, whatever was repaired before it.

    Unknown words are never guessed: they become `{YEAR}`, `{PARTY_REF}`, `{DOCNO}` or 〔缺〕.
    """
    front = _FRONT_MATTER.match(text)
    head = front.group() if front else ""
    body, repairs = text[len(head) :], []
    origin = Origin.same(len(body), len(head))
    for _ in range(_MAX_ROUNDS):
        body, made, origin = _run(body, _steps(), origin)
        repairs += made
        if not made:
            break
    return CleanText(head + body, tuple(repairs), _under(len(head), origin))


def _run(text: str, steps: Iterable[Step], origin: Origin) -> tuple[str, list[Repair], Origin]:
    made: list[Repair] = []
    for step in steps:
        text, repairs = apply(text, step(text))
        if repairs:
            made += origin.traced(repairs)
            origin = origin.after(repairs)
    return text, made, origin


def _under(head: int, origin: Origin) -> tuple[tuple[int, int, int], ...]:
    """Return the runs of a text that stands below a head nothing was done to."""
    below = ((raw, present + head, length) for raw, present, length in origin.runs)
    return (((0, 0, head),) if head else ()) + tuple(below)


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
        clean_page.preamble,
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
