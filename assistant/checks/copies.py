"""照搬: a long run of words that stands in somebody else's plan just so, official terms apart.

What the person imported belongs to another unit, so a sentence of it is no sentence of this plan; the
shipped precedents may be reused whole and are not compared. Runs are counted in Hanzi.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.checks.base import HIDDEN, CheckContext, Place, found, hide, hide_words, texts
from assistant.text import han_only
from assistant.types import Draft, Finding, Severity

CHECK = "copy"
RUN = 13
TOO_LONG = 20
_APART = [r"《[^》]*》", r"【[^】]*】"]


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each run out of an imported precedent; one over `TOO_LONG` is high."""
    if not context.precedents:
        return
    titles = _grams(context.precedents)
    terms = official_terms(context)
    for place in texts(draft):
        text = hide(hide_words(place.text, terms), _APART)
        signs = [(sign, at) for at, sign in enumerate(text) if sign == HIDDEN or han_only(sign)]
        yield from _runs(place, signs, titles)


def official_terms(context: CheckContext) -> tuple[str, ...]:
    """Return names, laws and fixed wording that anybody may write, and the unit's own words."""
    own, tables = context.profile, context.tables
    laws = tuple(name for row in tables.statutes for name in (row.full_name, row.name))
    slogans = tuple(row.text for row in tables.slogan_rows)
    roles = tuple(context.org.roles.values()) if context.org else ()
    said = (own.unit, own.union, own.party, *own.upper, *own.programs, *own.bodies, *own.key_tasks)
    return tuple(word for word in (*laws, *slogans, *roles, *said) if len(word) > 3)


def _grams(precedents: Mapping[str, str]) -> dict[str, str]:
    """Return the title that each run of `RUN` Hanzi stands in; runs do not go on over the end of a line."""
    found: dict[str, str] = {}
    for title, text in precedents.items():
        for line in text.splitlines():
            han = han_only(line)
            for at in range(len(han) - RUN + 1):
                found.setdefault(han[at : at + RUN], title)
    return found


def _runs(place: Place, signs: list[tuple[str, int]], titles: Mapping[str, str]) -> Iterator[Finding]:
    at = 0
    while at + RUN <= len(signs):
        title = titles.get(_key(signs, at))
        if title is None:
            at += 1
            continue
        last = at
        while last + 1 + RUN <= len(signs) and titles.get(_key(signs, last + 1)) is not None:
            last += 1
        end = last + RUN
        severity = Severity.HIGH if end - at > TOO_LONG else Severity.MEDIUM
        message = f"这{end - at}个字和先例《{title.strip('《》')}》一样，是别的单位的原文。"
        mend = "按本单位的做法重写这一条，或删去。"
        yield found(CHECK, severity, place, signs[at][1], signs[end - 1][1] + 1, message, mend)
        at = end


def _key(signs: list[tuple[str, int]], at: int) -> str:
    return "".join(sign for sign, _ in signs[at : at + RUN])
