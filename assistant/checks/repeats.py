"""The same words twice: a run of 13 Hanzi that stood earlier in the plan, official terms apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.base import HIDDEN, CheckContext, Place, found, hide, hide_words, texts
from assistant.checks.mending import without_line, without_sentence
from assistant.types import Draft, Finding, Severity
from index.types import SectionCode

CHECK = "repeat"
RUN = 13
LONG_TERM = 8
_READ_OFF = {SectionCode.SCHEDULE}
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\0]")


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each run repeated, at its later place. The month table repeats by nature."""
    terms = official_terms(context)
    first: dict[str, tuple[Place, int]] = {}
    for place in texts(draft):
        if place.code in _READ_OFF:
            continue
        yield from _runs(place, signs_of(place.text, terms), first)


def signs_of(text: str, terms: tuple[str, ...]) -> list[tuple[str, int]]:
    """Return the Hanzi of `text` with their places; terms, titles, blanks and months become `HIDDEN`."""
    text = hide(hide_words(text, terms), [r"《[^》]*》", r"【[^】]*】", r"\d{1,2}月(?:\d{1,2}日)?"])
    return [(match[0], match.start()) for match in _HAN.finditer(text)]


def _runs(
    place: Place, signs: list[tuple[str, int]], first: dict[str, tuple[Place, int]]
) -> Iterator[Finding]:
    at = 0
    while at + RUN <= len(signs):
        key = "".join(sign for sign, _ in signs[at : at + RUN])
        if HIDDEN in key:
            at += 1
            continue
        seen = first.get(key)
        if seen is None or (seen[0] is place and seen[1] + RUN > at):
            first.setdefault(key, (place, at))
            at += 1
            continue
        end = _extend(signs, at, first, seen[0])
        where = "本节前面" if seen[0] is place else f"“{seen[0].name or '引言'}”一节"
        start, stop = signs[at][1], signs[end - 1][1] + 1
        yield found(
            CHECK,
            Severity.MEDIUM,
            place,
            start,
            stop,
            f"这段话在{where}已经出现过。",
            "删去一处，或换成不同的具体措施。",
            without_sentence(place, start) + without_line(place, start),
        )
        at = end


def _extend(signs: list[tuple[str, int]], at: int, first: dict[str, tuple[Place, int]], source: Place) -> int:
    """Return where the repeated run that begins at `at` ends."""
    end = at + RUN
    while end < len(signs):
        seen = first.get("".join(sign for sign, _ in signs[end - RUN + 1 : end + 1]))
        if seen is None or seen[0] is not source:
            break
        end += 1
    return end


def official_terms(context: CheckContext) -> tuple[str, ...]:
    """Names and fixed wording that may stand more than once."""
    own = context.profile
    roles = (
        tuple(word for word in context.org.roles.values() if len(word) >= LONG_TERM) if context.org else ()
    )
    laws = tuple(name for row in context.tables.statutes for name in (row.full_name, row.name))
    slogans = tuple(row.text for row in context.tables.slogan_rows)
    return (own.unit, own.union, own.party, *own.upper, *own.programs, *own.bodies, *roles, *laws, *slogans)
