"""From a draft to its numbered lines, and to the plain text a person would paste.

Levels are 一、 → （一） → 1. → （1） (GB/T 9704-2012, 7.3.3). Pure functions; knows nothing about
files, Word or storage.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.types import Draft, Section
from index.types import SectionCode

LINE_WIDTH = 28
INDENT = "\u3000\u3000"
MOST = 99

_DIGITS = "零一二三四五六七八九"
_HAN_NUMBER = "[一二三四五六七八九十]{1,3}"
_HEADING_NUMBER = re.compile(rf"^\s*(?:{_HAN_NUMBER}[、．.]|[（(]{_HAN_NUMBER}[)）][、．.]?)\s*(?=\S)")
_SUB_HEADING = re.compile(rf"^\s*[（(]{_HAN_NUMBER}[)）]")
# A dot before a digit is mostly "1." and a month (1.9月底前); what follows here makes it a quantity
# (1.5万元) or a feast (3.8妇女节) instead. "7、8月" is two months.
_QUANTITY = r"\d+\s*(?:万|亿|元|%|％|倍|公里|公斤|米|小时|版|个百分点|节|国际|妇女|劳动|儿童|国庆)"
_ITEM = re.compile(
    r"^(?P<space>\s*)(?:"
    rf"(?P<dot>\d{{1,2}})\s*(?:[.．](?!{_QUANTITY})|、(?!\d+月))"
    r"|[（(]\s*(?P<pair>\d{1,2})\s*[)）][、.．]?"
    r"|(?P<half>\d{1,2})[)）][、.．]?"
    r")\s*(?=\S)"
)
_MARKS = re.compile(r"^(?:#{1,6}\s+|>\s+|[-*+•]\s+)+")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_SHORT_HEADING = 30


class LineKind(StrEnum):
    """What a line of a plan is; every kind has its own look in Word."""

    TITLE = "title"
    LEAD = "lead"
    H1 = "h1"
    H2 = "h2"
    ITEM = "item"
    BODY = "body"
    SIGNATURE = "signature"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the plan as shown. `section_id` is "" for title, signature and date."""

    kind: LineKind
    text: str
    section_id: str = ""


def lines(draft: Draft) -> tuple[Line, ...]:
    """Return every line of the plan in reading order, headings numbered by the program.

    Sections that follow one another with the same `group` stand as （一）… under one level-1 heading.
    A section without a heading (mostly LEAD and CLOSE) takes no number.
    """
    return tuple(_lines(draft))


def plain(draft: Draft) -> str:
    """Return the plan as pasted text: paragraphs indented by two characters, headings flush left,
    one blank line after the title and one before the signature, no Markdown.
    """
    shown = lines(draft)
    signature = next((line.text for line in shown if line.kind is LineKind.SIGNATURE), "")
    signed_on = next((line.text for line in shown if line.kind is LineKind.DATE), "")
    blanks = closing_blanks(signature, signed_on)
    right = {LineKind.SIGNATURE: blanks[0], LineKind.DATE: blanks[1]}
    rows: list[str] = []
    for number, line in enumerate(shown):
        if line.kind in right and (number == 0 or shown[number - 1].kind not in right):
            rows.append("")
        rows.append(_plain_row(line, right.get(line.kind, 0.0)))
        if line.kind is LineKind.TITLE:
            rows.append("")
    return "\n".join(rows) + "\n"


def renumber(text: str) -> str:
    """Return a section's text with its item numbers contiguous from 1 and in one style.

    1、 1． １. become "1."; (1) under such an item becomes （1） and restarts there. A bracketed number
    with no item above it, or one that does not start a list at 1, is an item in another dress. A
    line （一）… starts anew. Lines without a number stay as they are. Offsets into the text may move.
    """
    items = subs = 0
    under_dot = False
    rows: list[str] = []
    for row in text.split("\n"):
        found = _ITEM.match(row)
        if not found:
            if _SUB_HEADING.match(row):
                items, subs, under_dot = 0, 0, False
            rows.append(row)
            continue
        bracket = found["pair"] or found["half"]
        if bracket and under_dot and (subs or int(bracket) == 1):
            subs += 1
            number = f"（{subs}）"
        else:
            items, subs, under_dot = items + 1, 0, not bracket
            number = f"{items}."
        rows.append(found["space"] + number + row[found.end() :])
    return "\n".join(rows)


def is_item(line: str) -> bool:
    """Tell whether a line begins with an item number such as 1. 1、 １． or （1）."""
    return bool(_ITEM.match(line))


def split_number(line: str) -> tuple[str, str]:
    """Return a line's item number as `renumber` understands it ("" for a line without one) and the rest."""
    found = _ITEM.match(line)
    return (found[0].strip(), line[found.end() :]) if found else ("", line)


def numeral(number: int) -> str:
    """Return 1 to 99 in Chinese: 一, 十, 十一, 二十, 九十九.

    :raises ValueError: for any other number.
    """
    if not 1 <= number <= MOST:
        raise ValueError(f"no heading number for {number}, only 1 to {MOST}")
    tens, ones = divmod(number, 10)
    left = "" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十"
    return left + (_DIGITS[ones] if ones else "")


def bare_heading(heading: str) -> str:
    """Return a heading without a number somebody typed before it and without a closing 。 or ：."""
    return _HEADING_NUMBER.sub("", _unmarked(heading)).strip().rstrip("。：:").strip()


def width(text: str) -> float:
    """Return the width of a text in full-width characters; half-width ones count one half."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def closing_blanks(signature: str, signed_on: str) -> tuple[float, float]:
    """Return how many characters stay empty right of the signature and of the date.

    GB/T 9704-2012, 7.3.5.2 (no seal): the signature leaves two, the date begins two characters
    right of the signature's first; a date as long as the signature leaves two itself and the
    signature moves left. Either may be missing.
    """
    if not signature or not signed_on:
        return 2.0, 2.0
    longer = width(signature) - width(signed_on)
    return (2.0, longer) if longer > 0 else (4.0 - longer, 2.0)


def _lines(draft: Draft) -> Iterator[Line]:
    if title := _title(draft.title):
        yield Line(LineKind.TITLE, title)
    first = second = 0
    group = ""
    for section in draft.sections:
        heading, own_group = _headings(section)
        if own_group and own_group != group:
            first, second = first + 1, 0
            yield Line(LineKind.H1, f"{numeral(first)}、{own_group}", section.id)
        group = own_group
        if heading and group:
            second += 1
            yield Line(LineKind.H2, f"（{numeral(second)}）{heading}", section.id)
        elif heading:
            first += 1
            yield Line(LineKind.H1, f"{numeral(first)}、{heading}", section.id)
        yield from _body(section, sub_headings=not group)
    if signature := draft.signature.strip():
        yield Line(LineKind.SIGNATURE, signature)
    if signed_on := draft.signed_on.strip():
        yield Line(LineKind.DATE, signed_on)


def _headings(section: Section) -> tuple[str, str]:
    return bare_heading(section.heading), bare_heading(section.group)


def _body(section: Section, sub_headings: bool) -> Iterator[Line]:
    other = LineKind.LEAD if section.code is SectionCode.LEAD else LineKind.BODY
    for row in section.text.splitlines():
        text = _unmarked(row)
        if not text:
            continue
        if is_item(text):
            yield Line(LineKind.ITEM, text, section.id)
        elif sub_headings and _stands_alone(text):
            yield Line(LineKind.H2, text, section.id)
        else:
            yield Line(other, text, section.id)


def _stands_alone(text: str) -> bool:
    """（一）… on a line of its own is a heading; one that runs on into sentences is a paragraph."""
    return bool(_SUB_HEADING.match(text)) and len(text) <= _SHORT_HEADING and not re.search("[。；！]", text)


def _unmarked(row: str) -> str:
    """Take Markdown marks off a line; none of them belongs in a Chinese official document."""
    text = _MARKS.sub("", row.strip())
    return _BOLD.sub(r"\2", text).replace("`", "").strip()


def _title(title: str) -> str:
    return "\n".join(text for row in title.splitlines() if (text := _unmarked(row)))


def _plain_row(line: Line, right: float) -> str:
    if line.kind in (LineKind.SIGNATURE, LineKind.DATE):
        return "\u3000" * max(0, round(LINE_WIDTH - right - width(line.text))) + line.text
    if line.kind in (LineKind.TITLE, LineKind.H1, LineKind.H2):
        return line.text
    return INDENT + line.text
