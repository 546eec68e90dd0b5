"""Session numbers and years of an old plan moved on to the new one's; what is not counted by years stays.

七届三次职代会 becomes 七届四次, 2026年 becomes 2027年, 第十届运动会 becomes 第十一届. A congress term
is never moved: 第八届委员会 comes from an election, not from the calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.numbering import numeral
from assistant.topic import words

_HAN_NUMBER = "[一二三四五六七八九十]{1,3}"
_SESSION = re.compile(rf"(第?{_HAN_NUMBER}届)(第?)({_HAN_NUMBER})(次)")
_SESSION_LATER = re.compile(
    rf"(第?{_HAN_NUMBER}届)([\u4e00-\u9fff]{{2,9}}?)(第?)({_HAN_NUMBER})(次(?:会议|全会|全体会议))"
)
_EDITION = re.compile(rf"第({_HAN_NUMBER}|\d{{1,3}})届")
_IN_A_ROW = re.compile(rf"(连续第?)({_HAN_NUMBER})(年)")
_YEAR = re.compile(r"(?<![\d〔\[（(《])20\d\d(?=\s*年|\s*[—–-]\s*20\d\d\s*学年|\s*学年)")
_FIXED_YEAR = re.compile(r"^\s*年(?:以来|修订|修正|版|起施行|颁布|印发|发布)")
_BEFORE, _AFTER = 8, 14


@dataclass(frozen=True, slots=True)
class Roll:
    """`before` at `start:end` of the old text becomes `after`; `note` is what to make sure of."""

    start: int
    end: int
    before: str
    after: str
    note: str = ""


def roll_forward(text: str, old_year: int, new_year: int) -> tuple[str, tuple[Roll, ...]]:
    """Return `text` moved on from `old_year` to `new_year`, and what was changed, in order.

    Nothing changes when the years are the same or the new one is the earlier.
    """
    shift = new_year - old_year
    if shift <= 0:
        return text, ()
    found = [
        *_sessions(text, shift),
        *_editions(text, shift),
        *_years(text, old_year, shift),
        *_in_a_row(text, shift),
    ]
    kept: list[Roll] = []
    for roll in sorted(found, key=lambda r: (r.start, -r.end)):
        if not kept or roll.start >= kept[-1].end:
            kept.append(roll)
    parts, position = [], 0
    for roll in kept:
        parts += [text[position : roll.start], roll.after]
        position = roll.end
    return "".join([*parts, text[position:]]), tuple(kept)


def _sessions(text: str, shift: int) -> Iterator[Roll]:
    """Yield sessions of a standing congress; where a year had two, the next year has two again."""
    bodies, official = words()["rolling"]["sessions"], tuple(words()["rolling"]["official"])
    spans = [
        (m.start(), m.end(), m[1], m[1] + m[2], m[3], m[4])
        for m in _SESSION.finditer(text)
        if re.match(rf"[\u4e00-\u9fff]{{0,4}}?(?:{bodies})", text[m.end() : m.end() + _AFTER])
    ]
    spans += [
        (m.start(), m.end(), m[1], m[1] + m[2] + m[3], m[4], m[5])
        for m in _SESSION_LATER.finditer(text)
        if re.search(bodies, m[2])
    ]
    spans = [span for span in spans if not text[: span[0]].endswith(official)]
    held = {term: {s[4] for s in spans if s[2] == term} for term in {s[2] for s in spans}}
    for start, end, term, head, number, tail in spans:
        moved = number_of(number) + shift * len(held[term])
        note = (
            f"{head}{numeral(moved)}{tail}可能已到换届的时候，请核对届次。"
            if moved > words()["rolling"]["longest_term"]
            else ""
        )
        yield Roll(start, end, text[start:end], f"{head}{numeral(moved)}{tail}", note)


def _editions(text: str, shift: int) -> Iterator[Roll]:
    """Yield editions of an event that is held every year."""
    lists = words()["rolling"]
    for match in _EDITION.finditer(text):
        after = re.split(r"[，。；、：\n]", text[match.end() : match.end() + _AFTER])[0]
        event = re.search(lists["yearly"], after)
        if (
            event is None
            or re.search(lists["terms"], after[: event.end()])
            or _SESSION.match(text, match.start())
        ):
            continue
        number = number_of(match[1]) + shift
        after_text = f"第{number if match[1].isdigit() else _numeral(number)}届"
        yield Roll(match.start(), match.end(), match[0], after_text, f"{after_text}按每年一届推算，请核对。")


def _years(text: str, old_year: int, shift: int) -> Iterator[Roll]:
    """Yield the plan's own year, and both years of its school year."""
    for match in _YEAR.finditer(text):
        year = int(match[0])
        quoted = text.rfind("《", 0, match.start()) > text.rfind("》", 0, match.start())
        second = text[match.start() - 1 : match.start()] in tuple("—–-")
        own = year == old_year or (year == old_year + 1 and second)
        if own and not quoted and not _FIXED_YEAR.match(text[match.end() :]):
            yield Roll(match.start(), match.end(), match[0], str(year + shift))


def _in_a_row(text: str, shift: int) -> Iterator[Roll]:
    for match in _IN_A_ROW.finditer(text):
        yield Roll(*match.span(), match[0], f"{match[1]}{_numeral(number_of(match[2]) + shift)}{match[3]}")


@lru_cache(maxsize=1)
def _numbers() -> dict[str, int]:
    return {numeral(number): number for number in range(1, 100)}


def number_of(said: str) -> int:
    """Return the number of a numeral from 1 to 99, Chinese or Arabic; 0 for anything else."""
    return int(said) if said.isdigit() else _numbers().get(said, 0)


def _numeral(number: int) -> str:
    return numeral(number) if number < 100 else str(number)
