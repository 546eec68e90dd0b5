"""From a measure to the few words that name it, and the word lists of `tables/continuity.toml`.

Reads text only; knows nothing about plans or drafts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.text import han_count, shingles

LONGEST = 22
SHORTEST = 3
LONGEST_DUTY = 26
_MARKS = re.compile(r"[｛｝{}【】〔〕<>#|`\x00-\x1f]")
_NUMBER = re.compile(
    r"^\s*(?:\d{1,2}\s*[.．、)）]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)][、.．]?"
    r"|[一二三四五六七八九十]{1,3}、|[一二三四五六七八九十](?:是|要)|[①-⑳]|[-·•*])\s*"
)
_TIME = re.compile(
    r"^(?:(?:今年|明年|全年|年内|本学期|上半年|下半年|每年|每月|每季度|每半年|20\d\d年|于|在|从|拟)*"
    r"(?:(?:1[0-2]|[1-9])月(?:\d{1,2}日)?(?:[至到—、-](?:1[0-2]|[1-9])月(?:\d{1,2}日)?)*)?"
    r"(?:份|底|初|中旬|上旬|下旬|前后|之前|以前|前|起|期间)?[，,：:]?)"
)
_LATE = re.compile(r"(?<=[\u4e00-\u9fff]{4})(?:[于在]|拟[于在]?)?(?:1[0-2]|[1-9])月.*$")


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """Return the shipped word lists."""
    return tomllib.loads((Path(__file__).with_name("tables") / "continuity.toml").read_text("utf-8"))


def bare(measure: str) -> str:
    """Return a measure without its number, on one line."""
    return _NUMBER.sub("", " ".join(measure.split()), count=1).strip()


def topic(measure: str) -> str:
    """Return the few words that name a measure: 推进职工心理服务站建设，11月前完成选址 -> 职工心理服务站建设.

    At most `LONGEST` Hanzi; "" where nothing in it names anything. Marks of slots, blanks and fences are
    dropped, so that a pasted text cannot imitate them.
    """
    clauses = _clauses(measure)
    named = [name for clause in clauses if (name := _named(clause))]
    return named[0] if named else _cut(_strip("".join(clauses)))


def duty(measure: str) -> str:
    """Return the clause that says what to do (规范职代会制度，提高提案质量 -> 规范职代会制度), or the topic
    where that is too long.
    """
    told = next((clause for clause in _clauses(measure) if _named(clause)), "")
    told = _TIME.sub("", told, count=1).strip()
    return told if told and han_count(told) <= LONGEST_DUTY else topic(measure)


def _clauses(measure: str) -> list[str]:
    text = _MARKS.sub("", bare(measure))
    return [_paired(clause.strip()) for clause in re.split(r"[，。；：:,;！？]", text) if clause.strip()]


def _paired(clause: str) -> str:
    """Drop quotation marks that a cut left alone."""
    return clause if clause.count("“") == clause.count("”") else re.sub("[“”]", "", clause)


def _named(clause: str) -> str:
    """Return the name a clause gives, "" where it only says who, when or on what basis."""
    told = _LATE.sub("", _TIME.sub("", clause.strip(), count=1).strip())
    if told.startswith(tuple(words()["topic"]["owners"])) and not re.match(r"(?:以|为)[^，]{1,8}$", told):
        return ""
    name = _cut(_strip(told))
    return name if SHORTEST <= han_count(name) <= LONGEST else ""


def _strip(text: str) -> str:
    """Drop the words of manner and the verbs a clause begins with, as long as enough is left."""
    lists = words()["topic"]
    heads = sorted((*lists["manner"], *lists["verbs"]), key=len, reverse=True)
    while True:
        head = next((h for h in heads if text.startswith(h)), "")
        rest = text[len(head) :].lstrip("了好、 ")
        if not head or han_count(rest) < SHORTEST:
            return text.strip()
        text = rest


def _cut(text: str) -> str:
    """Shorten what is too long at a comma of enumeration or a conjunction."""
    while han_count(text) > LONGEST:
        shorter = re.split(r"[、和及与并](?=[^、和及与并]*$)", text, maxsplit=1)[0]
        if shorter == text or han_count(shorter) < SHORTEST:
            return text[:LONGEST]
        text = shorter
    return text.strip(" 。，；：")


def telling(text: str) -> frozenset[str]:
    """Return the pairs of Hanzi of `text` that tell something: those every measure has are left out."""
    return shingles(text) - frozenset(words()["topic"]["common"])
