"""The months of a plan: which measure falls when, and the short line that says so.

Read from the plan's own measures, so the month table and the body cannot disagree.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.tables import Tables
from assistant.text import han_count, overlap, shingles
from assistant.types import FRAME, Section
from assistant.when import months_in

_TIME = (
    r"(?:从|拟?[在于])?(?:每年)?(?:1[0-2]|[1-9])月(?:\d{1,2}日)?(?:(?:至|到|—|-|、)(?:1[0-2]|[1-9])月(?:\d{1,2}日)?)*"
    r"(?:份|底|初|中旬|上旬|下旬|前后|之前|前|起|以前|开始|间)?(?:，|,)?"
)
_LONGEST = 20
_NAMED = {"heat", "study-aid"}  # calendar rows whose bare name says enough
_HOLIDAYS = r"^(?:放假|开学|学期末|期末|假期|节假日|年底|年终|春节|元旦|暑假|寒假)[^，]{0,3}?"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do in `month`, said in a few words, from section `section_id`."""

    month: int
    label: str
    section_id: str


def entries(sections: Iterable[Section], tables: Tables) -> tuple[Entry, ...]:
    """Return what the measures of a plan's body put into each month, in body order."""
    found: list[Entry] = []
    for section in sections:
        if section.code in FRAME:
            continue
        for line in section.text.splitlines():
            for entry in _of_item(re.sub(r"^\d+\.", "", line), section.id, tables):
                near = [e for e in found if e.month == entry.month]
                if not any(overlap(shingles(e.label), shingles(entry.label)) > 0.6 for e in near):
                    found.append(entry)
    return tuple(found)


def month_lines(sections: Iterable[Section], months: Iterable[int], tables: Tables, most: int = 5) -> str:
    """Return the month table as lines "7月：……；……。", at most `most` things a month."""
    every = entries(sections, tables)
    lines = []
    for month in months:
        labels = [entry.label for entry in every if entry.month == month][:most]
        if labels:
            lines.append(f"{month}月：" + "；".join(labels) + "。")
    return "\n".join(lines)


def _of_item(text: str, section_id: str, tables: Tables) -> Iterable[Entry]:
    months = months_in(text)
    if not months:
        return
    clauses = [clause for clause in re.split(r"[；。]", text) if clause]
    seen: set[int] = set()
    for clause in clauses:
        here = months_in(clause)
        if not here or here[0] in seen:
            continue
        label = _label(clause, tables) or _label(text, tables)
        if label:
            seen.add(here[0])
            yield Entry(here[0], label, section_id)


def _label(clause: str, tables: Tables) -> str:
    """Return the shortest part of a clause that still says what is done, "" where none is short enough."""
    bare = re.sub(_TIME, "", clause).strip("，。； ")
    bare = re.sub(r"^[\u4e00-\u9fff“”]{2,12}(?:前后|期间|之前|当天|当日|前夕|以前|前|后|起)，", "", bare)
    for row in tables.calendar:
        if row.task and row.id in _NAMED and row.name in bare:
            return row.name
    verbs, owner = _patterns()
    bare = re.sub(_HOLIDAYS + f"(?={verbs})", "", bare)
    parts = [re.sub(owner, "", part.strip()) for part in re.split(r"[，：]", bare)]
    short = [part for part in parts if 4 <= han_count(part) <= _LONGEST and "【" not in part]
    acting = [part for part in short if re.match(verbs, part)]
    return next(iter(acting or [part for part in short[:1] if part == parts[0]]), "")


@lru_cache(maxsize=1)
def _patterns() -> tuple[str, str]:
    """Return what matches a verb that begins an action, and the phrase before one that says by whom."""
    table = tomllib.loads((Path(__file__).with_name("tables") / "compose.toml").read_text("utf-8"))[
        "schedule"
    ]
    verbs = "(?:" + "|".join(table["verbs"]) + ")"
    return verbs, "^(?:" + "|".join(table["before"]) + ")[^，。；]{1,24}?(?=" + verbs + ")"
