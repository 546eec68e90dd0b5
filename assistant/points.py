"""The upper union's key points, and which sentence of a plan carries each of them out.

A point is data: it is compared and quoted, never obeyed. Slogans of a plan's opening cover nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checks.base import sentences, whole
from assistant.continuity import measures_of
from assistant.numbering import is_item
from assistant.request import topic_of, topics_of
from assistant.rules import events_of
from assistant.text import han_count
from assistant.topic import bare, duty, telling, topic
from assistant.types import FRAME, Draft, Finding, Section, Severity
from index.errors import UserError
from index.library import examine_text, section_code
from index.types import Document, SectionCode

CHECK = "points"
STRONG, WEAK = 0.55, 0.3
_SAID_ONLY = FRAME
_TOO_WIDE = {
    "ball",
    "clubs",
    "ranking",
    "mentor",
    "joining",
    "fire",
    "duties",
    "women_posts",
    "audit",
    "home_check",
}
"""Names of `rules.events_of` that many different measures bear, so that sharing one proves nothing."""
_SHORTEST = 4
_LONGEST_QUOTED = 34
_LONGEST_CLAUSE = 16
_TITLE = re.compile(r"(?:要点|计划|意见|通知|安排|方案|部署|总结|报告)(?:（[^）]*）)?$")
_NO_POINTS = "这份材料里没有找到要点，请让每条要点单独成行或带编号后再试。"


@dataclass(frozen=True, slots=True)
class Point:
    """Key point `number` of a document: its text without number, the few words that name it, its section."""

    number: int
    text: str
    topic: str
    code: SectionCode

    @property
    def duty(self) -> str:
        """The clause that says what to do, as an outline's point."""
        return duty(self.text)


@dataclass(frozen=True, slots=True)
class Cell:
    """The sentence at `start:end` of a section's text that speaks of a point, and how strongly (0 to 1)."""

    section_id: str
    heading: str
    sentence: str
    start: int
    end: int
    strength: float


@dataclass(frozen=True, slots=True)
class Row:
    """One point against every section that speaks of it, the strongest first."""

    point: Point
    cells: tuple[Cell, ...]

    @property
    def best(self) -> Cell | None:
        """The sentence that covers the point best, None when nothing does."""
        return self.cells[0] if self.cells else None

    @property
    def covered(self) -> bool:
        """Whether some sentence carries the point out, not merely touches it."""
        return bool(self.cells) and self.cells[0].strength >= STRONG


def read_points(text: str) -> tuple[Point, ...]:
    """Return the key points in a pasted text, in order.

    :raises UserError: where there is no text or no point in it.
    """
    return points_in(examine_text(text))


def points_in(documents: Sequence[Document]) -> tuple[Point, ...]:
    """Return the key points in documents, numbered through.

    :raises UserError: where there is no point in them.
    """
    found: list[Point] = []
    for text, code in (row for document in documents for row in _texts(document)):
        name = topic(text)
        if name and name not in {point.topic for point in found}:
            found.append(Point(len(found) + 1, text, name, _code(name, text, code)))
    if not found:
        raise UserError(_NO_POINTS)
    return tuple(found)


def _texts(document: Document) -> Iterator[tuple[str, SectionCode | None]]:
    """Yield the points of a document. Of a list without headings and numbers every line is one."""
    lines = document.text.splitlines()
    if not any(section.heading for section in document.sections) and not any(map(is_item, lines)):
        yield from ((line, None) for line in map(bare, lines) if _is_point(line))
        return
    for item in measures_of(document):
        for line in item.text.splitlines():
            text = bare(line)
            if _is_point(text):
                yield text.rstrip("；;"), item.code


def _is_point(line: str) -> bool:
    return han_count(line) >= _SHORTEST and not _TITLE.search(line)


def _code(name: str, text: str, code: SectionCode | None) -> SectionCode:
    """Return where a point belongs: by its own topic, else its heading, else its whole text."""
    told = (topic_of(name), code, section_code(name, text), topic_of(text))
    return next((found for found in told if found is not None and found not in FRAME), SectionCode.SELF)


def matrix(points: Sequence[Point], draft: Draft) -> tuple[Row, ...]:
    """Return every point with the sentences of the draft that speak of it."""
    body = [section for section in draft.sections if section.code not in _SAID_ONLY]
    return tuple(
        Row(
            point,
            tuple(
                sorted(
                    (cell for section in body if (cell := _cell(point, section))), key=lambda c: -c.strength
                )
            ),
        )
        for point in points
    )


def uncovered(rows: Sequence[Row]) -> tuple[Point, ...]:
    """Return the points that nothing in the plan carries out."""
    return tuple(row.point for row in rows if not row.covered)


def complete(measure: str, point: Point) -> str:
    """Return a ready measure with what else the point asks for: further duties, figures and days."""
    text, asked = measure, point.text.rstrip("。；;")
    if text.startswith(point.duty) and asked.startswith(point.duty) and han_count(asked) <= _LONGEST_QUOTED:
        text = text.replace(point.duty, asked, 1)
    clauses = re.split("[，；。]", asked)
    counted = (clause for clause in clauses if re.search(r"\d", clause) and clause not in text)
    figures = [clause for clause in counted if han_count(clause) <= _LONGEST_CLAUSE]
    return text.rstrip("。") + "".join(f"，{clause}" for clause in figures) + "。"


def findings_of(rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield one finding for each point the plan does not carry out."""
    for row in rows:
        if not row.covered:
            touched = f"，只在“{row.best.heading}”里提到" if row.best else ""
            message = f"上级要点第{row.point.number}条“{row.point.topic}”没有落实到具体措施{touched}。"
            yield whole(
                CHECK, Severity.MEDIUM, message, "补一条有时间、有责任人的措施。", row.point.text[:60]
            )


def _cell(point: Point, section: Section) -> Cell | None:
    """Return the sentence of a section that speaks most of a point, None where none does."""
    spans = list(sentences(section.text))
    best = max(spans, key=lambda span: strength(point, section.text[slice(*span)]), default=None)
    if best is None or (power := strength(point, section.text[slice(*best)])) < WEAK:
        return None
    start = best[0] + len(section.text[slice(*best)]) - len(section.text[slice(*best)].lstrip())
    return Cell(section.id, section.heading, section.text[start : best[1]], start, best[1], round(power, 2))


def strength(point: Point, sentence: str) -> float:
    """Return how strongly a sentence speaks of a point, 0 to 1.

    The share of the topic's telling pairs of Hanzi that the sentence has, or of the whole point's where
    that says more, and a little more for each topic word of the trade both name.
    """
    said = telling(sentence)
    name = telling(point.topic)
    near = len(name & said) / len(name) if name else 0.0
    wide = telling(point.text)
    far = len(wide & said) / min(len(wide), max(len(said), 8)) if wide else 0.0
    named = events_of(point.text) - _TOO_WIDE
    if named and 2 * len(named & events_of(sentence)) > len(named):
        return max(STRONG, min(1.0, max(near, far)))
    shared = _topic_words(point.text) & _topic_words(sentence)
    if not shared and near < WEAK:
        return 0.6 * max(near, far)
    return min(1.0, max(near, far) * 0.85 + 0.15 * min(len(shared), 2))


def _topic_words(text: str) -> frozenset[str]:
    """Return the topics of the trade a text names."""
    every = (word for code in SectionCode for word in topics_of(code))
    return frozenset(
        word
        for word in every
        if word in text and not re.fullmatch(r"宣传|安全|技能|培训|关爱|慰问|女职工", word)
    )
