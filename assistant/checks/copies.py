"""照搬: words that stand just so in somebody else's plan, official terms apart.

What the person imported belongs to another unit, so a sentence of it is no sentence of this plan; the
shipped precedents may be reused whole and are not compared. Runs are counted in Hanzi: one of `RUN` is told,
one over `TOO_LONG` is high, and so is told a line that is pieced together from shorter runs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.checks.base import HIDDEN, CheckContext, Place, found, hide, hide_words, texts
from assistant.checks.mending import without_line, without_sentence
from assistant.text import han_count, han_only
from assistant.types import Draft, Finding, Severity

CHECK = "copy"
RUN = 13
TOO_LONG = 20
PIECED = 0.8  # share of a line that stands in precedents
SHORTEST_LINE = 16
_PROBE, _STRIDE, _TRIES = 8, 3, 4
_APART = [r"《[^》]*》", r"【[^】]*】"]


@dataclass(frozen=True, slots=True)
class _Corpus:
    """The Hanzi of all precedents line by line, and where each of them begins."""

    text: str
    starts: tuple[int, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """Signs `start:end` of a line stand in the precedent `title`."""

    start: int
    end: int
    title: str


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each run, or pieced-together line, out of imported precedents."""
    if not context.precedents:
        return
    corpus = _corpus(context.precedents)
    terms = official_terms(context)
    for place in texts(draft):
        text = hide(hide_words(place.text, terms), _APART)
        for match in re.finditer(r"[^\n]+", text):
            signs = [(s, match.start() + at) for at, s in enumerate(match[0]) if s == HIDDEN or han_count(s)]
            yield from _of_line(place, signs, corpus)


def official_terms(context: CheckContext) -> tuple[str, ...]:
    """Return names, laws and fixed wording that anybody may write, and the unit's own words."""
    own, tables = context.profile, context.tables
    laws = tuple(name for row in tables.statutes for name in (row.full_name, row.name))
    slogans = tuple(row.text for row in tables.slogan_rows)
    roles = tuple(context.org.roles.values()) if context.org else ()
    said = (own.unit, own.union, own.party, *own.upper, *own.programs, *own.bodies, *own.key_tasks)
    return tuple(word for word in (*laws, *slogans, *roles, *said) if len(word) > 3)


def _corpus(precedents: tuple[tuple[str, str], ...]) -> _Corpus:
    parts, starts, at = [], [], 0
    for _, text in precedents:
        starts.append(at)
        part = "\n".join(map(han_only, text.splitlines())) + "\n"
        parts.append(part)
        at += len(part)
    return _Corpus("".join(parts), tuple(starts), tuple(title for title, _ in precedents))


def _of_line(place: Place, signs: list[tuple[str, int]], corpus: _Corpus) -> Iterator[Finding]:
    line = "".join(sign for sign, _ in signs)
    runs = list(_runs(line, corpus))
    long = [run for run in runs if run.end - run.start >= RUN]
    covered = sum(run.end - run.start for run in runs)
    if not long and len(line) >= SHORTEST_LINE and covered >= PIECED * len(line):
        long = [_Run(runs[0].start, runs[-1].end, runs[0].title)]
    for run in long:
        length = run.end - run.start
        severity = Severity.HIGH if length > TOO_LONG else Severity.MEDIUM
        message = f"这{length}个字和先例《{run.title.strip('《》')}》一样，是别的单位的原文。"
        start, end = signs[run.start][1], signs[run.end - 1][1] + 1
        mends = without_sentence(place, start) + without_line(place, start)
        yield found(CHECK, severity, place, start, end, message, "按本单位的做法重写这一条，或删去。", mends)


def _runs(line: str, corpus: _Corpus) -> Iterator[_Run]:
    """Yield the runs a line shares with the precedents, left to right, found by probing every few signs."""
    at, taken = 0, 0
    while at + _PROBE <= len(line):
        best: _Run | None = None
        place = corpus.text.find(line[at : at + _PROBE])
        for _ in range(_TRIES):
            if place < 0:
                break
            run = _grown(line, at, corpus, place, taken)
            if best is None or run.end - run.start > best.end - best.start:
                best = run
            place = corpus.text.find(line[at : at + _PROBE], place + 1)
        if best is None:
            at += _STRIDE
            continue
        yield best
        at = taken = best.end


def _grown(line: str, at: int, corpus: _Corpus, place: int, floor: int) -> _Run:
    """Return the run around a probe as far as both texts agree, not before `floor`."""
    left = right = 0
    text = corpus.text
    while at - left > floor and place - left > 0 and line[at - left - 1] == text[place - left - 1]:
        left += 1
    while at + right < len(line) and place + right < len(text) and line[at + right] == text[place + right]:
        right += 1
    return _Run(at - left, at + right, corpus.titles[bisect_right(corpus.starts, place) - 1])
