"""What a summary says became of a plan's measures: its sentences, and what they tell of progress.

Reads text only; what words tell is in `tables/continuity.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.text import han_count
from assistant.topic import bare, telling, topic, words
from index.library import items_of
from index.types import Document, Genre, PassageDraft

KIN = 0.6
"""From this share of a topic's telling pairs of Hanzi on, a sentence speaks of it."""
_SUMMARIES = frozenset({Genre.SUMMARY, Genre.REPORT, Genre.HYBRID})
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


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a summary, what it says of progress (None if nothing) and the item it stands in."""

    text: str
    progress: Progress | None
    item: PassageDraft
    document: Document


def sums_up(document: Document) -> bool:
    """Tell whether a document looks back; a short summary shows it by its title and such sentences."""
    if document.labels.genre in _SUMMARIES:
        return True
    told = (_cue(match[0]) for match in _SENTENCE.finditer(document.text))
    back = sum(progress in (Progress.DONE, Progress.UNFINISHED) for progress in told)
    named = re.search("(总结|小结|汇报)(?:材料)?$", document.title)
    return back > (0 if named else 1) and bool(re.search("总结|小结|汇报", document.title))


def statements(document: Document) -> Iterator[Statement]:
    """Yield the sentences of a summary with what each says of progress."""
    for item in items_of(document):
        ahead = re.search(words()["progress"]["promises"], item.trail)
        for match in _SENTENCE.finditer(item.text):
            said = bare(match[0])
            if han_count(said) >= 4:
                yield Statement(said, Progress.PROMISED if ahead else _cue(said), item, document)


def _cue(said: str) -> Progress | None:
    for progress in (Progress.UNFINISHED, Progress.CONTINUING, Progress.DONE):
        if any(re.search(pattern, said) for pattern in words()["progress"][progress.value]):
            return progress
    return None


def progress_of(item: PassageDraft, statements: Sequence[Statement], named: bool) -> tuple[Progress, str]:
    """Return what became of a plan's measure and the sentence that says so; one `named` after a programme of
    the unit's own goes on unless a summary says otherwise.
    """
    name = topic(item.text)
    speaking = [said for said in statements if kinship(name, said.text) >= KIN]
    for progress in (Progress.UNFINISHED, Progress.CONTINUING, Progress.PROMISED, Progress.DONE):
        if said := next((s for s in speaking if s.progress is progress), None):
            return progress, said.text
    if speaking:
        return Progress.DONE, speaking[0].text
    going_on = named or re.search(words()["progress"]["standing"], item.text)
    return (Progress.CONTINUING if going_on else Progress.UNKNOWN), ""


def kinship(name: str, said: str) -> float:
    """Return the share of a topic's telling pairs of Hanzi that a sentence has."""
    pairs = telling(_EDITION.sub("", name))
    return len(pairs & telling(said)) / len(pairs) if pairs else 0.0


def left_over(said: str) -> str:
    """Return what a sentence says is not finished: 心理服务站因场地调整尚未建成 -> 心理服务站."""
    cues = words()["progress"]["unfinished"]
    cue = min((m for pattern in cues if (m := re.search(pattern, said))), key=lambda m: m.start())
    before = re.split(r"[，,：:]", said[: cue.start()])
    subject = re.split(r"因为?|由于|受(?=[\u4e00-\u9fff]{1,8}影响)|目前|至今", _REASON.sub("", before[-1]))[0]
    if han_count(subject) < 4:
        heads = (re.split(r"因|由于|受|目前", part)[0] for part in before)
        subject = next((head for head in heads if han_count(head) >= 4), "")
    return topic(subject) or topic(said[cue.end() :])
