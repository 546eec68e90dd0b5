"""A ready measure for what a person wants in the plan and no precedent covers: a key task, a fixed event, a
named activity, a wish, a point of the upper union.

The sentences are in `assistant/tables/points.toml`, by what the point is about; this module finds the one
that fits the unit, the months and what stands in the plan already.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.frame import words_for
from assistant.request import topic_of
from assistant.revise import Reviser
from assistant.rules import claimed_by, holds
from assistant.tables import OrgWords, Tables
from assistant.text import fill, han_count, shingles, stable_number
from assistant.topic import telling
from assistant.types import Profile, SectionTask
from assistant.when import months_in, months_of
from index.types import SectionCode

_SAID = 0.5
_SHORT_PLAN, _LONG = 1000, 36  # Hanzi of a plan, of a sentence without its slots
_SHORT_TIME = 9  # Hanzi of an opening that only says when: 9月10日教师节前后
_SLOT = re.compile(r"\{\w+\}")


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).with_name("tables") / "points.toml").read_text("utf-8"))


def home_of(point: str) -> SectionCode | None:
    """Return the section a point belongs to, None where no table row speaks of it.

    A topic of tables/request.toml decides, else the word of tables/points.toml that stands last in it, else
    the subject of a section that it names.
    """
    if code := topic_of(point):
        return code
    homes = _table()["home"].items()
    ends = [(match.end(), name) for name, words in homes for match in re.finditer(words, point)]
    return SectionCode(max(ends)[1]) if ends else claimed_by(point)


def has_fixed_words(point: str) -> bool:
    """Tell whether a point is always said in its ready sentence, as the steps of an election are."""
    return any(row.get("always") and holds(point, row["words"]) for row in _table()["wish"])


def ready_lines(point: str, org: OrgWords, months: Iterable[int]) -> tuple[tuple[str, ...], int]:
    """Return the ready sentences for what people often ask for, and their month (0: any); () if none."""
    ours, inside = {org.code.value, org.family}, tuple(months)
    for row in _table()["wish"]:
        fitting = [month for month in row.get("months", ()) if month in inside]
        fitting.sort(key=lambda month: month == inside[-1])  # what begins in the last month comes to no end
        if (
            holds(point, row["words"])
            and ("types" not in row or ours & set(row["types"]))
            and (fitting or "months" not in row)
        ):
            return tuple(row["texts"]), fitting[0] if fitting else 0
    return (), 0


def named_thing(point: str) -> str:
    """Return what a point is about, without the verbs it begins with: 推进职工书屋建设 -> 职工书屋建设.

    The point itself where too little would be left.
    """
    rest, row = point, next(row for row in _table()["point"] if row["kind"] == "duty")
    while found := re.match(row["match"], rest):
        if len(rest) - found.end() < 4:
            break
        rest = rest[found.end() :].lstrip("了好、 ")
    return rest


def point_kind(point: str) -> str:
    """Return which sentences a point's own wording calls for: carried, program, duty or wish."""
    return next((row["kind"] for row in _table()["point"] if re.match(row["match"], point)), "wish")


def plain_measure(
    point: str, task: SectionTask, tables: Tables, org: OrgWords, seed: int, written: str = ""
) -> str:
    """Return a measure that no precedent gave, in words that do not stand in `written` yet if possible."""
    months = [m for _, m in months_of(task.request.period, task.request.year, task.request.part)]
    named = months_in(point)
    month = named[0] if named else months[min(len(months) - 1, 1 + seed % max(1, len(months) // 2))]
    bare = point.split("月", 1)[1] if named and "月" in point[:3] else point
    kind = _kind_of(point, bare, task.profile)
    templates, own_month = _templates(
        bare, kind, task.item.code, org, (month,) if kind == "event" else months
    )
    month = own_month if own_month and not named else month
    own = point in (*task.request.emphasis, *task.profile.key_tasks, *task.profile.fixed_events)
    name = bare if own or kind == "program" else named_thing(bare)
    words = words_for(task.request, task.profile, tables, org)
    filled = {**words, "task": name, "event": name, "wish": bare, "month": f"{month}月"}
    turn = stable_number((seed, bare)) % len(templates)
    turned = [_as_named(text, name) for text in (*templates[turn:], *templates[:turn])]
    in_time = [text for text in turned if not _too_late(text, month, words, months)] or turned
    unused = [t for t in in_time if not any(p in written for p in _SLOT.split(t) if han_count(p) > 7)]
    reviser = Reviser(task.request, task.profile, tables, org)
    sized = [text for text in unused if not reviser.wrong_scale(fill(text, filled))]
    spare = _table()["lines"]["terse"] if kind == "duty" else in_time
    said = (sized or unused or spare)[0]
    return _naming(
        fill(_in_brief(said) if task.request.length < _SHORT_PLAN else said, filled), name, bare, own
    )


def _in_brief(text: str) -> str:
    """Return a long sentence without its second half: a short plan has no room for how a measure ends."""
    first, _, rest = text.partition("；")
    return first + "。" if rest and han_count(text) > _LONG else text


def _templates(
    bare: str, kind: str, code: SectionCode, org: OrgWords, months: Iterable[int]
) -> tuple[tuple[str, ...], int]:
    """Return the sentences for a point and the month they belong to (0: any)."""
    if kind == "program":
        return _first("program", bare), 0
    ready, month = ready_lines(bare, org, months)
    if kind == "event":
        held = tuple(text for text in ready if month and "{late}" not in text)
        return held or _first("event", bare), 0
    by_section = _table()["task"].get(code.value) or _table()["task"]["SELF"]
    return ready or tuple(_table()["lines"].get(kind) or by_section), month


def _first(table: str, name: str) -> tuple[str, ...]:
    """Return the sentences of the first row whose `match` a name has; the last row matches all."""
    return tuple(next(row["texts"] for row in _table()[table] if re.search(row["match"], name)))


def _kind_of(point: str, bare: str, profile: Profile) -> str:
    """Return which sentences fit a point: a key task's, an event's, or those its own wording calls for."""
    if point in profile.key_tasks:
        return "task"
    if point.strip("“”") in profile.programs:
        return "program"
    return "event" if point in profile.fixed_events else point_kind(bare)


def _as_named(text: str, name: str) -> str:
    """Return a sentence that does not put a name in quotation marks twice."""
    return text.replace("“{task}”", "{task}") if "“" in name else text


def _too_late(text: str, month: int, words: Mapping[str, str], months: list[int]) -> bool:
    """Tell whether a sentence sets a day that comes before its own month or in it."""
    days = (words.get(slot, "") for slot in ("start", "mid", "late") if f"{{{slot}}}" in text)
    named = (found[0] for day in days if (found := months_in(day)))
    return month in months and any(
        day in months and months.index(day) <= months.index(month) for day in named
    )


def _naming(text: str, name: str, bare: str, own: bool) -> str:
    """Return a sentence that names what it is about: 9月，围绕换届准备，…… where it does not yet."""
    pairs = telling(name)
    if name in text or bare in text or (not own and len(pairs & shingles(text)) >= _SAID * len(pairs)):
        return text
    when, rest = text.split("，", 1)
    if months_in(when) and han_count(when) <= _SHORT_TIME:
        return f"{when}，围绕{name}，{rest}"
    return f"围绕{name}，{text}"
