"""What last year's papers leave for the new plan: each measure, what a summary says became of it, and the
points that must go on. Nothing here writes a plan; a pasted text is read, never obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.request import topic_of
from assistant.rolling import Roll, roll_forward
from assistant.text import han_count
from assistant.topic import bare, duty, telling, topic, words
from assistant.types import FRAME, Request
from assistant.when import months_in, months_of
from index.library import items_of, section_code
from index.types import Document, FactKind, Genre, PassageDraft, PassageKind, Period, SectionCode

MOST_POINTS = 8
_KIN = 0.6
_SUMMARIES = frozenset({Genre.SUMMARY, Genre.REPORT, Genre.HYBRID})
_TERMS = frozenset({Period.TERM1, Period.TERM2, Period.SCHOOLYEAR})
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_EDITION = re.compile(
    r"第[一二三四五六七八九十\d]{1,3}届|[一二三四五六七八九十]{1,3}届[一二三四五六七八九十]{1,3}次"
)
_REASON = re.compile(
    r"[，,]?(?:因为?|由于|受[^，。]{1,8}影响|目前|至今|到年底|仍然?|还|尚|暂|均|也|的工作?)?$"
)


class Progress(StrEnum):
    """What became of a measure. `promised` is what a summary sets for the time after it, `unknown` what no
    summary speaks of.
    """

    UNFINISHED = "unfinished"
    CONTINUING = "continuing"
    PROMISED = "promised"
    DONE = "done"
    UNKNOWN = "unknown"


NAMES = {
    Progress.UNFINISHED: "未完成",
    Progress.CONTINUING: "延续",
    Progress.PROMISED: "已提出打算",
    Progress.DONE: "已完成",
    Progress.UNKNOWN: "没有说明",
}


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


@dataclass(frozen=True, slots=True)
class _Statement:
    """A sentence of a summary, what it says of progress (None if nothing) and the item it stands in."""

    text: str
    progress: Progress | None
    item: PassageDraft
    document: Document


def carry(documents: Sequence[Document], request: Request) -> tuple[Carried, ...]:
    """Return what last year's plans and summaries leave for the plan of `request`, in their order; what a
    summary says settles the progress of each measure.
    """
    statements = [said for document in documents if _sums_up(document) for said in _statements(document)]
    found: list[Carried] = []
    for document in documents:
        if not _sums_up(document):
            found += [
                _carried(document, item, request, *_progress(item, document, statements))
                for item in measures_of(document)
            ]
    for said in statements:
        if not any(_kinship(c.topic, said.text) >= _KIN for c in found) and (
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
        if not any(_kinship(point, other) >= 0.8 for other in kept):
            kept[point] = code
    return tuple((code, point) for point, code in list(kept.items())[:MOST_POINTS])


def _session(carried: Carried) -> str:
    """Return which session of the congress a measure holds, its number moved on; "" for anything else."""
    numbered = any("次" in roll.after for roll in carried.rolls)
    held = numbered and re.search("召开|举行|开好", carried.text) and carried.topic.endswith("会")
    return carried.topic if held or (numbered and carried.topic.endswith("会议")) else ""


# ---- what a summary says


def _sums_up(document: Document) -> bool:
    """Tell whether a document looks back; a short summary shows it by its title and such sentences."""
    if document.labels.genre in _SUMMARIES:
        return True
    told = (_cue(match[0]) for match in _SENTENCE.finditer(document.text))
    back = sum(progress in (Progress.DONE, Progress.UNFINISHED) for progress in told)
    named = re.search("(总结|小结|汇报)(?:材料)?$", document.title)
    return back > (0 if named else 1) and bool(re.search("总结|小结|汇报", document.title))


def _statements(document: Document) -> Iterator[_Statement]:
    for item in items_of(document):
        ahead = re.search(words()["progress"]["promises"], item.trail)
        for match in _SENTENCE.finditer(item.text):
            said = bare(match[0])
            if han_count(said) >= 4:
                yield _Statement(said, Progress.PROMISED if ahead else _cue(said), item, document)


def _cue(said: str) -> Progress | None:
    for progress in (Progress.UNFINISHED, Progress.CONTINUING, Progress.DONE):
        if any(re.search(pattern, said) for pattern in words()["progress"][progress.value]):
            return progress
    return None


def _progress(
    item: PassageDraft, document: Document, statements: Sequence[_Statement]
) -> tuple[Progress, str]:
    """Return what became of a plan's measure and the sentence that says so."""
    name = topic(item.text)
    speaking = [said for said in statements if _kinship(name, said.text) >= _KIN]
    for progress in (Progress.UNFINISHED, Progress.CONTINUING, Progress.PROMISED, Progress.DONE):
        if said := next((s for s in speaking if s.progress is progress), None):
            return progress, said.text
    if speaking:
        return Progress.DONE, speaking[0].text
    going_on = re.search(words()["progress"]["standing"], item.text) or _brand(item, document)
    return (Progress.CONTINUING if going_on else Progress.UNKNOWN), ""


def _kinship(name: str, said: str) -> float:
    """Return the share of a topic's telling pairs of Hanzi that a sentence has."""
    pairs = telling(_EDITION.sub("", name))
    return len(pairs & telling(said)) / len(pairs) if pairs else 0.0


def _of_summary(said: _Statement, request: Request) -> Carried | None:
    """Return what a sentence of a summary leaves by itself; None where it only reports or complains."""
    falls_short = re.search(words()["progress"]["shortcomings"], said.item.trail)
    if said.progress is None or (falls_short and said.progress is not Progress.UNFINISHED):
        return None
    if said.progress is Progress.DONE and said.item.kind is not PassageKind.ITEM:
        return None
    name = _left_over(said.text) if said.progress is Progress.UNFINISHED else topic(said.text)
    return (
        _carried(said.document, said.item, request, said.progress, said.text, said.text, name)
        if name
        else None
    )


def _left_over(said: str) -> str:
    """Return what a sentence says is not finished: 心理服务站因场地调整尚未建成 -> 心理服务站."""
    cues = words()["progress"]["unfinished"]
    cue = min((m for pattern in cues if (m := re.search(pattern, said))), key=lambda m: m.start())
    before = re.split(r"[，,：:]", said[: cue.start()])
    subject = re.split(r"因为?|由于|受(?=[\u4e00-\u9fff]{1,8}影响)|目前|至今", _REASON.sub("", before[-1]))[0]
    if han_count(subject) < 4:
        subject = next(
            (
                re.split(r"因|由于|受|目前", part)[0]
                for part in before
                if han_count(re.split(r"因|由于|受|目前", part)[0]) >= 4
            ),
            "",
        )
    return topic(subject) or topic(said[cue.end() :])


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
