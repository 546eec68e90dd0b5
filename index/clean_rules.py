"""The tables behind cleaning, loaded once, and the one way a step changes a text.

A step looks at a text and yields the `Repair`s it wants, in order and not overlapping; `apply` makes them.
Knows nothing about what the damage is. Tables: `index/repairs.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from index.types import Repair

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
GAP = "〔缺〕"
Step = Callable[[str], Iterable[Repair]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Wherever `find` matches, `put` is written."""

    kind: str
    find: re.Pattern[str]
    put: str


@dataclass(frozen=True, slots=True)
class Rules:
    """`repairs.toml` with its patterns compiled."""

    common: str
    numerals: dict[str, str]
    pairs: frozenset[str]
    chrome: re.Pattern[str]
    related: re.Pattern[str]
    link: re.Pattern[str]
    inline: tuple[re.Pattern[str], ...]
    masks: tuple[Rule, ...]
    slips: tuple[Rule, ...]
    machine_strong: tuple[re.Pattern[str], ...]
    machine_weak: tuple[re.Pattern[str], ...]
    segment: dict[str, str]


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    """Return the shipped tables of repairs."""
    table = tomllib.loads(Path(__file__).with_name("repairs.toml").read_text("utf-8"))
    words = table["shifted"]["words"]["list"].split()
    chrome, machine = table["chrome"], table["machine"]
    return Rules(
        common="".join(table["characters"]["common"].split()),
        numerals=table["shifted"]["numerals"],
        pairs=frozenset(word[i : i + 2] for word in words for i in range(len(word) - 1)),
        chrome=re.compile("|".join(f"(?:{line})" for line in chrome["lines"])),
        related=re.compile(chrome["related"]),
        link=re.compile(chrome["link"]),
        inline=_patterns(chrome["inline"]),
        masks=_rules(table["mask"]),
        slips=_rules(table["slip"]),
        machine_strong=_patterns(machine["strong"]),
        machine_weak=_patterns(machine["weak"]),
        segment=table["segment"],
    )


def apply(text: str, repairs: Iterable[Repair]) -> tuple[str, tuple[Repair, ...]]:
    """Return the text after `repairs` and those that changed something."""
    parts: list[str] = []
    made: list[Repair] = []
    done = 0
    for repair in repairs:
        if repair.raw_start < done or repair.before == repair.after:
            continue
        parts += (text[done : repair.raw_start], repair.after)
        done = repair.raw_end
        made.append(repair)
    return "".join([*parts, text[done:]]), tuple(made)


def substitute(kind: str, pattern: re.Pattern[str], put: str | Callable[[re.Match[str]], str]) -> Step:
    """Return a step that writes `put`, or what it returns, wherever `pattern` matches."""

    def step(text: str) -> Iterator[Repair]:
        for match in pattern.finditer(text):
            after = put if isinstance(put, str) else put(match)
            yield Repair(kind, match.start(), match.end(), match.group(), after)

    return step


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with where it starts, without its newline."""
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


@lru_cache(maxsize=4)
def converter(name: str = "t2s") -> Any:
    """Return an OpenCC converter, loaded once."""
    import opencc

    return opencc.OpenCC(name)


def _patterns(sources: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source) for source in sources)


def _rules(rows: Iterable[dict[str, str]]) -> tuple[Rule, ...]:
    return tuple(Rule(row["kind"], re.compile(row["find"]), row["put"]) for row in rows)
