"""How much of a plan stands word for word in an old one: runs of 13 Hanzi, official terms apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.checks import CheckContext
from assistant.checks.base import HIDDEN, text_place, whole
from assistant.checks.base import found as finding_at
from assistant.checks.repeats import RUN, official_terms, signs_of
from assistant.tables import Tables
from assistant.text import han_count
from assistant.types import Draft, Finding, Severity

CHECK = "last_year"
MUCH, SOME = 0.5, 0.25
_LEAST = 10


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a section stands in the old text: `share` of its runs, 0 to 1, and the longest common run
    at `start:end` of its text. `size` is how many runs were compared; with none, `share` is 0.
    """

    section_id: str
    heading: str
    share: float
    size: int
    run: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Repetition:
    """The share of the whole plan, and of each section in reading order."""

    whole: float
    sections: tuple[Share, ...]

    @property
    def longest(self) -> Share | None:
        """The section with the longest common run, None when nothing is common."""
        best = max(self.sections, key=lambda share: han_count(share.run), default=None)
        return best if best and best.run else None


def repetition(draft: Draft, old_text: str, tables: Tables) -> Repetition:
    """Return how much of `draft` stands in `old_text`, punctuation, figures and official terms left out."""
    context = CheckContext(tables, draft.profile, draft.request, draft.request.today)
    terms = official_terms(context)
    old = "".join(sign for sign, _ in signs_of(old_text, terms))
    shares, hits, total = [], 0, 0
    known = _runs(old, RUN)
    for section in draft.sections:
        signs = signs_of(section.text, terms)
        new = "".join(sign for sign, _ in signs)
        runs = [new[at : at + RUN] for at in range(len(new) - RUN + 1) if HIDDEN not in new[at : at + RUN]]
        same = sum(run in known for run in runs)
        at, length = _longest(new, old)
        start, end = (signs[at][1], signs[at + length - 1][1] + 1) if length else (0, 0)
        share = same / len(runs) if runs else 0.0
        shares.append(
            Share(section.id, section.heading, share, len(runs), section.text[start:end], start, end)
        )
        hits, total = hits + same, total + len(runs)
    return Repetition(hits / total if total else 0.0, tuple(shares))


def findings_of(draft: Draft, found: Repetition, unasked: float | None = None) -> Iterator[Finding]:
    """Yield one finding on the whole plan and one for each section that repeats a quarter or more.

    `unasked` is the share there would be had nobody asked not to repeat.
    """
    advice = "换一版，或改成今年的做法、时间和数量。"
    before = "" if unasked is None else f"，不避开时是{unasked:.0%}"
    told = f"与去年材料的重复率是{found.whole:.0%}{before}。"
    yield whole(CHECK, Severity.LOW, told, "" if found.whole < SOME else advice)
    for order, (section, share) in enumerate(zip(draft.sections, found.sections, strict=True), 1):
        if share.share < SOME or share.size < _LEAST:
            continue
        severity = Severity.MEDIUM if share.share >= MUCH else Severity.LOW
        message = f"这一节与去年材料的重复率是{share.share:.0%}，最长连续{han_count(share.run)}字相同。"
        yield finding_at(CHECK, severity, text_place(section, order), share.start, share.end, message, advice)


def _runs(text: str, size: int) -> frozenset[str]:
    pieces = (text[at : at + size] for at in range(len(text) - size + 1))
    return frozenset(piece for piece in pieces if HIDDEN not in piece)


def _longest(new: str, old: str) -> tuple[int, int]:
    """Return where in `new` the first longest run that stands in `old` begins, and its length."""
    place = length = 0
    for at in range(len(new)):
        while at + length < len(new):
            longer = new[at : at + length + 1]
            if HIDDEN in longer or longer not in old:
                break
            place, length = at, length + 1
    return place, length
