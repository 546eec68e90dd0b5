"""Quick changes of a section's text by rule and table, for when no model is asked.

Each works on lines and sentences; what a rule does not touch stays as it was. Text in, text out; the table
is tables/polish.toml. Times and people that are added are proposals for the person to set right.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.numbering import split_number
from assistant.rephrase import rephrased
from assistant.text import fill, han_count
from assistant.when import months_in
from index.types import SectionCode


class Action(StrEnum):
    """What a person can ask of a section, or of the sentences she has selected, with one click."""

    TIGHTEN = "tighten"
    EXTEND = "extend"
    CONCRETE = "concrete"
    REPHRASE = "rephrase"
    DUTY = "duty"
    FORMAL = "formal"
    PLAIN = "plain"
    AGAIN = "again"


NAMES: Mapping[Action, str] = {
    Action.TIGHTEN: "精简",
    Action.EXTEND: "扩写",
    Action.CONCRETE: "更具体",
    Action.REPHRASE: "换个说法",
    Action.DUTY: "补时间和责任人",
    Action.FORMAL: "更正式",
    Action.PLAIN: "更朴实",
    Action.AGAIN: "换一版",
}
WISHES: Mapping[Action, str] = {
    Action.TIGHTEN: "写得更精简：删去套话和重复，保留全部具体工作、时间和数字。",
    Action.EXTEND: "写得更充实：补充做法和步骤，不添加没有根据的数字。",
    Action.CONCRETE: "写得更具体：写明怎么做、做几次、怎样算做到。",
    Action.REPHRASE: "换个说法：意思、时间、数字不变，换句式和用词。",
    Action.DUTY: "给缺时间和责任人的条目补上月份和由谁负责。",
    Action.FORMAL: "语气更正式，符合公文用语。",
    Action.PLAIN: "语气更朴实，少用套话，说做什么、怎么做。",
    Action.AGAIN: "",
}
"""What a model is asked for each action."""

_QUOTED = re.compile(r"(“[^”]*”|《[^》]*》|【[^】]*】)")
_CLAUSE = re.compile(r"[^，。；！？]+[，。；！？]?")
_END = "。；！？"
_SECTIONS = (SectionCode.CARE, *(code for code in SectionCode if code is not SectionCode.CARE))
"""Sections in an order that says which wording each takes, so that a plan does not close every item alike."""
_TRIES = 16
"""Orders of an item's parts tried before it is said to have but one."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the rules may know of the plan: the section's code, the months of its period with those that have
    least first, the unit's role words, and which wording's turn it is.
    """

    code: SectionCode
    months: tuple[int, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    turn: int = 1


def polish(text: str, action: Action, setting: Setting) -> str:
    """Return `text` changed as asked; the same text where the rules find nothing to change.

    EXTEND and AGAIN need precedents and are the Composer's: here they change nothing.
    """
    rule: Callable[[str, Setting], str] | None = _RULES.get(action)
    return rule(text, setting) if rule else text


def _tighten(text: str, setting: Setting) -> str:
    done = "\n".join(_tight_line(line) for line in text.split("\n"))
    if done == text:
        done = _without_weakest(text)
    return done if done != text else _without_last_clause(text)


def _tight_line(line: str) -> str:
    clauses = _CLAUSE.findall(line)
    empty = [_is_empty(clause) for clause in clauses]
    kept: list[str] = []
    for clause, is_empty in zip(clauses, empty, strict=True):
        if is_empty and kept and kept[-1][-1] not in _END:
            kept[-1] = kept[-1][:-1] + clause[-1] if clause[-1] in "，。；！？" else kept[-1]
        else:
            kept.append(clause)
    words = {row["long"]: row["short"] for row in _table()["shorter"]}
    return _outside_quotes("".join(kept) or line, lambda part: _unfilled(_swapped(part, words)))


def _is_empty(clause: str) -> bool:
    bare = clause.rstrip("，。；！？")
    return not re.search(r"\d|【|“|《", bare) and any(re.search(p, bare) for p in _table()["empty"])


def _unfilled(text: str) -> str:
    keep = "|".join(map(re.escape, _table()["filler_keep"]))
    filler = "|".join(map(re.escape, _table()["filler"]))
    return re.sub(rf"({keep})|(?:{filler})", lambda found: found[1] or "", text)


def _without_weakest(text: str) -> str:
    """Return the text without the plainest sentence of its longest line that has several."""
    lines = text.split("\n")
    several = [n for n, line in enumerate(lines) if len(_sentences(line)) > 1]
    if not several:
        return text
    longest = max(several, key=lambda n: han_count(lines[n]))
    parts = _sentences(lines[longest])
    weakest = min(range(1, len(parts)), key=lambda n: (_weight(parts[n]), -n))
    lines[longest] = "".join(part for n, part in enumerate(parts) if n != weakest)
    return "\n".join(lines)


def _without_last_clause(text: str) -> str:
    """Return the text without the last clause of its longest item, where that gives no time and no figure."""
    lines = text.split("\n")
    for at in sorted(range(len(lines)), key=lambda n: -han_count(lines[n])):
        clauses = _CLAUSE.findall(lines[at])
        if len(clauses) > 2 and not _weight(clauses[-1]) and clauses[-2][-1] in "，；":
            lines[at] = "".join(clauses[:-1])[:-1] + clauses[-1][-1]
            return "\n".join(lines)
    return text


def _sentences(line: str) -> list[str]:
    return re.findall(r"[^。！？]+[。！？]?", line)


def _weight(sentence: str) -> int:
    return 2 * len(months_in(sentence)) + len(re.findall(r"\d|每|由|“|《", sentence))


def _concrete(text: str, setting: Setting) -> str:
    words = {row["vague"]: fill(row["exact"], _roles(setting)) for row in _table()["countable"]}
    lines, used = [], set()
    for line in _outside_quotes(text, lambda part: _swapped(part, words)).split("\n"):
        ending = _ending_for(line, setting)
        lines.append(
            _appended(line, ending) if ending and ending not in used and ending not in text else line
        )
        used.add(ending)
    return "\n".join(lines)


def _ending_for(line: str, setting: Setting) -> str:
    """Return the words that say how an item is closed, "" where it says so itself; each is used once."""
    if split_number(line)[0]:
        for row in _table()["closing"]:
            if re.search(row["match"], line):
                texts = row["texts"]
                turn = setting.turn - 1 + _SECTIONS.index(setting.code)
                return "" if re.search(row["has"], line) else str(texts[turn % len(texts)])
    return ""


def _duty(text: str, setting: Setting) -> str:
    spare = list(setting.months)
    who = _table()["duty"].get(setting.code.value, "")
    forms, added = _table()["duty_forms"]["texts"], setting.turn - 1
    lines = []
    for line in text.split("\n"):
        number, rest = split_number(line)
        if not number:
            lines.append(line)
            continue
        if spare and not months_in(rest) and not re.search(_table()["duty_words"]["always"], rest):
            month = spare.pop(0)
            spare.append(month)
            rest = f"{month}月，{rest}"
        if who and not re.search(_table()["duty_words"]["has"], rest):
            words = {"group": "工会小组", **setting.roles, "who": who}
            rest = _appended(rest, fill(forms[added % len(forms)], words))
            added += 1
        lines.append(number + rest)
    return "\n".join(lines)


def _rephrase(text: str, setting: Setting) -> str:
    words: dict[str, str] = {}
    for row in _table()["same"]:
        others = row["words"]
        for place, word in enumerate(others):
            words[word] = others[(place + max(1, setting.turn)) % len(others)]
    kept = {word: other for word, other in words.items() if word != other}
    swapped = _outside_quotes(text, lambda part: _swapped(part, kept or words))
    return "\n".join(_reordered(line, setting) for line in swapped.split("\n"))


def _reordered(line: str, setting: Setting) -> str:
    """Return an item in another order of its parts; the line itself where it has but one."""
    number, rest = split_number(line)
    if not number:
        return line
    seeds = range(setting.turn * _TRIES, (setting.turn + 1) * _TRIES)
    others = (rephrased(rest, _roles(setting).get("union", "工会"), seed) for seed in seeds)
    return number + next((other for other in others if other != rest), rest)


def _formal(text: str, setting: Setting) -> str:
    rows = (row for row in _table()["tone"] if row.get("one_way") != "plain")
    return _toned(text, ((row["plain"], row["formal"], row) for row in rows))


def _plain(text: str, setting: Setting) -> str:
    toned = _toned(text, ((row["formal"], row["plain"], {}) for row in _table()["tone"]))
    return _outside_quotes(toned, _unfilled)


def _toned(text: str, pairs: Iterable[tuple[str, str, Mapping[str, str]]]) -> str:
    """Return the text with each word replaced by its pair, once a place, longer words first."""
    patterns: list[str] = []
    words: dict[str, str] = {}
    for old, new, row in sorted(pairs, key=lambda pair: -len(pair[0])):
        after = f"(?<![{row['not_after']}])" if "not_after" in row else ""
        before = f"(?![{row['not_before']}])" if "not_before" in row else ""
        patterns.append(f"{after}{re.escape(old)}{before}")
        words.setdefault(old, new)
    every = re.compile("|".join(patterns))
    return _outside_quotes(text, lambda part: every.sub(lambda found: words[found[0]], part))


def _appended(line: str, words: str) -> str:
    """Return a line with one more clause before its last mark."""
    bare = line.rstrip("。；！？ ")
    return f"{bare}，{words}{line[len(bare) :].strip() or '。'}"


def _swapped(text: str, words: Mapping[str, str]) -> str:
    if not words:
        return text
    every = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.sub(every, lambda found: words[found[0]], text)


def _outside_quotes(text: str, change: Callable[[str], str]) -> str:
    """Return the text changed everywhere but in quotes, titles and blanks."""
    return "".join(part if _QUOTED.fullmatch(part) else change(part) for part in _QUOTED.split(text))


def _roles(setting: Setting) -> Mapping[str, str]:
    return {"admin": "行政部门", **setting.roles}


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).with_name("tables") / "polish.toml").read_text("utf-8"))


_RULES: Mapping[Action, Callable[[str, Setting], str]] = {
    Action.TIGHTEN: _tighten,
    Action.CONCRETE: _concrete,
    Action.REPHRASE: _rephrase,
    Action.DUTY: _duty,
    Action.FORMAL: _formal,
    Action.PLAIN: _plain,
}
