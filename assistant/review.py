"""The look back of a summary or of a hybrid: past tense, a visible blank for every figure nobody gave.

A summary is all look back; a hybrid has one section of it before the plan. Nothing here is invented: what
was done is the person's to say, so each sentence asks for its figure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.text import fill
from assistant.types import FRAME, OutlineItem, Request, SectionTask
from assistant.when import label_of
from index.types import Genre, Period, SectionCode

LOOKS_BACK = (Genre.SUMMARY, Genre.REPORT)


def looks_back(task: SectionTask) -> bool:
    """Tell whether a section speaks of what was done: all of a summary, the first section of a hybrid."""
    hybrid_review = task.item.code is SectionCode.LEAD and bool(task.item.heading)
    return task.request.genre in LOOKS_BACK or hybrid_review


def review_heading(request: Request) -> str:
    """Return the heading of a hybrid's look back: the time before the plan."""
    return f"{past_label(request)}工作回顾"


def past_label(request: Request) -> str:
    """Return the time a look back covers: the plan's own for a summary, the one before it for a hybrid."""
    if request.genre in LOOKS_BACK:
        return label_of(request.period, request.year, request.part)
    before = {Period.H2: Period.H1, Period.TERM2: Period.TERM1}
    if request.period in before:
        return label_of(before[request.period], request.year)
    if request.period is Period.H1:
        return label_of(Period.YEAR, request.year - 1)
    return label_of(request.period, request.year - 1, request.part)


def write_review(task: SectionTask, words: Mapping[str, str], family: str) -> str:
    """Return the text of a section that looks back."""
    table = _table()
    words = {**words, "past": past_label(task.request), "short": table["close"]["short"]}
    match task.item.code:
        case SectionCode.LEAD if task.item.heading:
            themes = [item for item in task.outline.items if item.code in table["lines"]]
            return "\n".join(f"{n}.{_line(item, words)}" for n, item in enumerate(themes, 1))
        case SectionCode.LEAD:
            return fill(table["open"].get(family, table["open"]["*"]), words)
        case SectionCode.CLOSE:
            return fill(table["close"]["*"], words)
        case _ if task.item.code in FRAME:
            return ""
        case _:
            return _line(task.item, words)


def _line(item: OutlineItem, words: Mapping[str, str]) -> str:
    return "".join(fill(line, words) for line in _table()["lines"].get(item.code.value, ()))


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).with_name("tables") / "review.toml").read_text("utf-8"))
