"""What one click can do about a finding: other words in its place, or less text around it.

Each function returns the mends of one finding, none where the cut would leave nothing behind. What a mend
does to the rest of the plan is judged by assistant/mends.py, not here.
"""

from __future__ import annotations

import re

from assistant.checks.base import Place, sentences
from assistant.mask import blank
from assistant.types import Mend

_NUMBER = re.compile(
    r"\s*(?:\d{1,2}[.．]|（\d{1,2}）|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)?\s*"
)
_MONTH_HEAD = re.compile(r"\s*[\d一二三四五六七八九十至—-]{1,5}月(?:份)?[：:，\s]*")
_CLAUSE = re.compile(r"[^，；。！？\n]+[，；。！？]?")


def swapped(start: int, end: int, text: str, label: str = "") -> tuple[Mend, ...]:
    """Write `text` in the place of `start:end`."""
    return (Mend(label or f"改为“{text}”", start, end, text),)


def blanked(start: int, end: int, field: str) -> tuple[Mend, ...]:
    """Leave a blank to fill in the place of `start:end`."""
    return (Mend(f"改为待填的{field}", start, end, blank(field)),)


def without_sentence(place: Place, start: int) -> tuple[Mend, ...]:
    """Take out the sentence at `start`; with it its line, when nothing else stands there."""
    if not place.section_id:
        return ()
    left, right = next(((a, b) for a, b in sentences(place.text) if a <= start < b), (start, start))
    line = _line(place.text, start)
    number = _NUMBER.match(place.text, line[0], line[1])
    body = number.end() if number else line[0]
    if left <= body and right >= line[1]:
        return without_line(place, start)
    left = max(left, body)
    before = place.text[left - 1 : left]
    text = "。" if before == "；" and place.text[right - 1 : right] == "。" else ""
    return (Mend("删去这一句", left - bool(text), right, text),)


def without_clause(place: Place, start: int) -> tuple[Mend, ...]:
    """Take out the clause at `start` and the comma that tied it in; the sentence if it has no other."""
    if not place.section_id:
        return ()
    clauses = [m.span() for m in _CLAUSE.finditer(place.text)]
    left, right = next(((a, b) for a, b in clauses if a <= start < b), (start, start))
    number = _NUMBER.match(place.text, left, right) if place.text[left - 1 : left] in ("", "\n") else None
    left = number.end() if number else left
    before, after = place.text[left - 1 : left], place.text[right - 1 : right]
    if after in "，；" and right < len(place.text) and place.text[right] != "\n":
        return (Mend("删去这半句", left, right),)
    if before in ("，", "；") and before:
        return (Mend("删去这半句", left - 1, right, "。" if after == "。" else ""),)
    return without_sentence(place, start)


def without_line(place: Place, start: int) -> tuple[Mend, ...]:
    """Take out the whole line at `start`, unless the section has no other."""
    left, right = _line(place.text, start)
    if not place.section_id or not (place.text[:left] + place.text[right:]).strip():
        return ()
    if right < len(place.text):
        return (Mend("删去这一条", left, right + 1),)
    return (Mend("删去这一条", max(0, left - 1), right),)


def without_entry(place: Place, start: int, end: int) -> tuple[Mend, ...]:
    """Take an entry out of a line of the month table; with it its line, when it is the only one."""
    left, right = _line(place.text, start)
    head = _MONTH_HEAD.match(place.text, left, right)
    first = head.end() if head else left
    if place.text[end : end + 1] == "；":
        return (Mend("从时间安排里删去", start, end + 1),)
    if start > first and place.text[start - 1] == "；":
        return (Mend("从时间安排里删去", start - 1, end),)
    return without_line(place, start)


def _line(text: str, start: int) -> tuple[int, int]:
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", start)
    return left, len(text) if right < 0 else right
