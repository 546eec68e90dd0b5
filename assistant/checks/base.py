"""What every check shares: the context it judges by, the places of a draft, and how a finding is made.

Knows nothing about any one rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from assistant.tables import OrgWords, Tables
from assistant.types import Draft, Finding, Mend, Profile, Request, Section, Severity
from assistant.when import day_within, months_of
from index.types import Period, SectionCode

HIDDEN = "\0"
_REVIEW = {
    Period.H1: "去年|上年|上一年",
    Period.H2: "上半年|前半年|年初以来|今年以来|去年",
    Period.TERM1: "上学期|上学年|暑假期间",
    Period.TERM2: "上学期|第一学期|寒假期间",
    Period.SCHOOLYEAR: "上学年",
    Period.YEAR: "去年|上年|上一年",
    Period.QUARTER: "上季度|上半年|去年",
    Period.MONTH: "上月|上季度|上半年|去年",
}
_DONE = re.compile(r"已经?(?:顺利|如期|成功|全部|分别)?(?:开展|完成|召开|举办|举行|组织|表彰|结束|印发|评选)")
FUTURE = re.compile(r"上半年(?:将|要|拟|计划|应当?|(?:开展|组织|举办|召开|完成)(?!了|的|过|情况))")


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a draft is judged by.

    `private` maps the title of a precedent to its private facts, as (kind, text) with the kinds of
    `index.types.FactKind`; `precedents` are title and text of each imported precedent, `shipped` the
    titles of those that came with the program.
    """

    tables: Tables
    profile: Profile
    request: Request
    today: date
    private: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    precedents: tuple[tuple[str, str], ...] = ()
    shipped: frozenset[str] = frozenset()

    @property
    def org(self) -> OrgWords | None:
        """The vocabulary of the unit's type, None when nobody has said the type."""
        code = self.request.org_type or self.profile.org_type
        return self.tables.orgs.get(code) if code else None

    @property
    def months(self) -> tuple[tuple[int, int], ...]:
        """The (year, month) pairs the plan covers."""
        return months_of(self.request.period, self.request.year or self.today.year, self.request.part)

    @property
    def day(self) -> date:
        """The day official wording is judged on: today, moved into the span of the plan."""
        request = self.request
        return day_within(self.today, request.period, request.year or self.today.year, request.part)

    @property
    def told(self) -> str:
        """Everything the person has said: profile and request, as one text."""
        own = self.profile
        words = (own.unit, own.union, own.short, own.party, *own.upper, *own.bodies, *own.programs)
        facts = (*own.key_tasks, *own.fixed_events, *own.use_words.values())
        counts = tuple(str(number) for number in (own.people, own.women, own.groups) if number is not None)
        asked = (self.request.text, self.request.org_name, *self.request.emphasis)
        return "\n".join((*words, *facts, *counts, *asked, *self.request.use_words.values()))


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a draft. Only text of a section or the title has offsets a finding can use."""

    section_id: str
    text: str
    order: int
    code: SectionCode | None = None
    name: str = ""
    has_offsets: bool = True


def places(draft: Draft) -> Iterator[Place]:
    """Yield the title, each section's wrapper, heading and text, and the signature, in reading order."""
    yield Place("", draft.title, 0, name="题目")
    group = ""
    for order, section in enumerate(draft.sections, 1):
        if section.group and section.group != group:
            yield Place(section.id, section.group, order, None, "标题", has_offsets=False)
        group = section.group
        if section.heading:
            yield Place(section.id, section.heading, order, None, "标题", has_offsets=False)
        yield text_place(section, order)
    if draft.signature:
        yield Place("", draft.signature, len(draft.sections) + 1, name="落款", has_offsets=False)


def texts(draft: Draft) -> Iterator[Place]:
    """Yield the text of each section, in reading order."""
    for order, section in enumerate(draft.sections, 1):
        yield text_place(section, order)


def text_place(section: Section, order: int) -> Place:
    """Return the place of a section's text."""
    return Place(section.id, section.text, order, section.code, section.heading)


def found(
    check: str,
    severity: Severity,
    place: Place,
    start: int,
    end: int,
    message: str,
    suggestion: str = "",
    mends: tuple[Mend, ...] = (),
) -> Finding:
    """Return a finding at `start:end` of a place; a heading has no offsets and is named in the message.

    `mends` are kept where they can be applied: in a section's text or the title.
    """
    quote = place.text[start:end]
    if not place.has_offsets:
        return Finding(
            check,
            severity,
            place.section_id,
            0,
            0,
            quote,
            f"{place.name}“{place.text}”：{message}",
            suggestion,
        )
    return Finding(
        check, severity, place.section_id, start, end, quote, message, suggestion, tuple(dict.fromkeys(mends))
    )


def whole(check: str, severity: Severity, message: str, suggestion: str = "", quote: str = "") -> Finding:
    """Return a finding on the plan as a whole."""
    return Finding(check, severity, "", 0, 0, quote, message, suggestion)


def hide(text: str, patterns: Iterable[str]) -> str:
    """Return `text` with every match of `patterns` blanked out; offsets stay as they are."""
    for pattern in patterns:
        text = re.sub(pattern, lambda match: HIDDEN * len(match[0]), text)
    return text


def hide_words(text: str, words: Iterable[str]) -> str:
    """Return `text` with every one of `words` blanked out, longer words first."""
    known = sorted({word for word in words if word}, key=len, reverse=True)
    return hide(text, ["|".join(map(re.escape, known))]) if known else text


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each sentence; lines end sentences too."""
    for match in re.finditer(r"[^。！？；\n]+[。！？；]?", text):
        yield match.start(), match.end()


def sentence_at(text: str, position: int) -> str:
    """Return the sentence around `position`."""
    return next((text[start:end] for start, end in sentences(text) if start <= position < end), "")


def is_review(sentence: str, context: CheckContext) -> bool:
    """Tell whether a sentence looks back on the time before the plan instead of planning it."""
    words = _REVIEW[context.request.period] + f"|{(context.request.year or 1) - 1}年"
    return bool(re.search(words, sentence) or _DONE.search(sentence)) and not FUTURE.search(sentence)
