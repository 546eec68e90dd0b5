"""What last year's papers leave for the new plan: each measure, what a summary says became of it, and the
points that must go on. Nothing here writes a plan; a pasted text is read, never obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.request import topic_of
from assistant.rolling import Roll, roll_forward
from assistant.statements import (
    KIN,
    Progress,
    Statement,
    kinship,
    left_over,
    progress_of,
    statements,
    sums_up,
)
from assistant.topic import bare, duty, topic, words
from assistant.types import FRAME, Request
from assistant.when import months_in, months_of
from index.library import items_of, section_code
from index.types import Document, FactKind, PassageDraft, PassageKind, Period, SectionCode

MOST_POINTS = 8
_TERMS = frozenset({Period.TERM1, Period.TERM2, Period.SCHOOLYEAR})


@dataclass(frozen=True, slots=True)
class Carried:
    """One measure of last year's papers at `start:end` of its document's text.

    `topic` names it in a few words, `rolled` is its text with years and sessions moved on (`rolls` says
    which), `said` the sentence of the summary that tells its progress, `brand` the programme it names,
    `once` a thing of its own year, `since` the time it comes from in words (去年, 上学期).
    """

    text: str
    topic: str
    code: SectionCode
    heading: str
    progress: Progress
    months: tuple[int, ...]
    rolled: str
    rolls: tuple[Roll, ...]
    said: str
    brand: str
    once: bool
    since: str
    start: int
    end: int


def carry(documents: Sequence[Document], request: Request) -> tuple[Carried, ...]:
    """Return what last year's plans and summaries leave for the plan of `request`, in their order; what a
    summary says settles the progress of each measure.
    """
    spoken = [said for document in documents if sums_up(document) for said in statements(document)]
    found: list[Carried] = []
    for document in documents:
        if not sums_up(document):
            found += [
                _carried(document, item, request, *progress_of(item, spoken, bool(_brand(item, document))))
                for item in measures_of(document)
            ]
    for said in spoken:
        if not any(kinship(c.topic, said.text) >= KIN for c in found) and (
            carried := _of_summary(said, request)
        ):
            found.append(carried)
    return tuple(found)


def measures_of(document: Document) -> Iterator[PassageDraft]:
    """Yield the measures of a plan: its numbered items, else its paragraphs, else its month lines."""
    body = [item for item in items_of(document) if item.code not in FRAME or item.code is None]
    numbered = [item for item in body if item.kind is PassageKind.ITEM]
    if numbered:
        sections = {item.section_order for item in numbered}
        yield from (
            item for item in body if item.kind is PassageKind.ITEM or item.section_order not in sections
        )
    elif body:
        yield from body
    else:
        yield from (item for item in items_of(document) if item.code is SectionCode.SCHEDULE)


def points_of(carried: Sequence[Carried], request: Request) -> tuple[tuple[SectionCode, str], ...]:
    """Return the points the new plan must cover: what was not finished, what was promised, sessions of the
    congress and named programmes; at most `MOST_POINTS`, the unfinished first. A month is kept where the
    plan covers it.
    """
    covered = {month for _, month in months_of(request.period, request.year, request.part)}
    ranked: list[tuple[int, SectionCode, str]] = []
    for c in carried:
        month = f"{c.months[0]}月" if c.months and c.months[0] in covered else ""
        if c.once or not c.topic:
            continue
        if c.progress is Progress.UNFINISHED:
            ranked.append((0, c.code, f"{c.since}未完成的{c.topic}"))
        elif c.progress is Progress.PROMISED:
            ranked.append((1, c.code, month + duty(c.text)))
        elif month and (session := _session(c)):
            ranked.append((2, c.code, f"{month}召开{session}"))
        elif c.brand:
            ranked.append(
                (2, c.code, f"{month}“{c.brand}”" + ("" if c.brand.endswith(("会", "站", "课")) else "活动"))
            )
    ranked.sort(key=lambda row: row[0])
    kept: dict[str, SectionCode] = {}
    for _, code, point in ranked:
        if not any(kinship(point, other) >= 0.8 for other in kept):
            kept[point] = code
    return tuple((code, point) for point, code in list(kept.items())[:MOST_POINTS])


def _session(carried: Carried) -> str:
    """Return which session of the congress a measure holds, its number moved on; "" for anything else."""
    numbered = any("次" in roll.after for roll in carried.rolls)
    held = numbered and re.search("召开|举行|开好", carried.text) and carried.topic.endswith("会")
    return carried.topic if held or (numbered and carried.topic.endswith("会议")) else ""


def _of_summary(said: Statement, request: Request) -> Carried | None:
    """Return what a sentence of a summary leaves by itself; None where it only reports or complains."""
    falls_short = re.search(words()["progress"]["shortcomings"], said.item.trail)
    if said.progress is None or (falls_short and said.progress is not Progress.UNFINISHED):
        return None
    if said.progress is Progress.DONE and said.item.kind is not PassageKind.ITEM:
        return None
    name = left_over(said.text) if said.progress is Progress.UNFINISHED else topic(said.text)
    return (
        _carried(said.document, said.item, request, said.progress, said.text, said.text, name)
        if name
        else None
    )


# ---- one measure


def _carried(
    document: Document,
    item: PassageDraft,
    request: Request,
    progress: Progress,
    said: str,
    text: str = "",
    name: str = "",
) -> Carried:
    old_year = document.labels.year or request.year - 1
    text = text or bare(item.text)
    rolled, rolls = roll_forward(text, old_year, request.year)
    told = section_code(name, text) or topic_of(text) if name else None
    code = told if told not in FRAME and told else item.code if item.code not in FRAME else None
    start = item.start + max(item.text.find(text), 0)
    return Carried(
        text=text,
        topic=name or topic(rolled),
        code=code or topic_of(text) or SectionCode.SELF,
        heading=item.trail.rsplit(" › ", 1)[-1],
        progress=progress,
        months=months_in(text),
        rolled=rolled,
        rolls=rolls,
        said=said,
        brand=_brand(item, document),
        once=bool(re.search(words()["progress"]["once"], text)),
        since=_since(document, request),
        start=start,
        end=start + len(text),
    )


def _brand(item: PassageDraft, document: Document) -> str:
    """Return the programme of the unit's own that an item names, "" for none."""
    names = (
        f.text for f in document.facts if f.kind is FactKind.PROGRAM and item.start <= f.start < item.end
    )
    return next(names, "")


def _since(document: Document, request: Request) -> str:
    """Return the time a document comes from as the new plan would say it."""
    year, period = document.labels.year, document.labels.period
    if request.period in _TERMS:
        return "上学年" if period is Period.SCHOOLYEAR else "上学期"
    if year == request.year and request.period is Period.H2:
        return "上半年"
    return "去年" if year is None or year >= request.year - 1 else f"{year}年"
