"""What the Composer's own table knows: where a measure belongs, what a plan does once, ready sentences.

Lookups over `assistant/tables/compose.toml` and nothing else; `revise` and `schedule` decide with them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.tables import OrgWords, Tables
from assistant.text import replace_words
from index.types import Period, SectionCode


@lru_cache(maxsize=1)
def compose_rules() -> Mapping[str, Any]:
    """Return the table of what the Composer knows about measures."""
    return tomllib.loads((Path(__file__).with_name("tables") / "compose.toml").read_text("utf-8"))


def holds(text: str, words: Iterable[str]) -> bool:
    """Tell whether any of `words` stands in a text."""
    return any(word in text for word in words)


def belongs(text: str, code: SectionCode) -> bool:
    """Tell whether a measure speaks of what a section is about, whatever its precedent's heading was."""
    needed, barred = compose_rules()["needs"].get(code.value), compose_rules()["bars"].get(code.value)
    if needed and not re.search(needed, text):
        return False
    return not (barred and re.search(barred, text))


@lru_cache(maxsize=8192)
def section_for(text: str, given: SectionCode | None) -> SectionCode | None:
    """Return the section a measure belongs to: its heading's, unless its own words tell of another."""
    if given is None or belongs(text, given):
        return given
    return next(
        (
            code
            for code, pattern in (
                (SectionCode(name), words) for name, words in compose_rules()["claims"].items()
            )
            if code is not given and re.search(pattern, text) and belongs(text, code)
        ),
        given,
    )


def claimed_by(text: str) -> SectionCode | None:
    """Return the section whose subject a few words name, None where no row speaks of them.

    The last word decides, as it does in a Chinese noun: 急救流程练兵 is a 练兵.
    """
    claims = compose_rules()["claims"].items()
    ends = [(match.end(), name) for name, words in claims for match in re.finditer(words, text)]
    return SectionCode(max(ends)[1]) if ends else None


def events_of(text: str) -> frozenset[str]:
    """Return the things done once a plan that a measure speaks of."""
    return frozenset(name for name, pattern in compose_rules()["once"].items() if re.search(pattern, text))


def once_events(text: str, family: str) -> frozenset[str]:
    """Return the things a measure speaks of that a plan of this family of units does once."""
    return events_of(text) - frozenset(compose_rules()["often"].get(family, ()))


def hallmarks(code: SectionCode, org: OrgWords, period: Period, months: Iterable[int]) -> Iterator[str]:
    """Yield the events that a reader of this trade looks for in a section of a plan over `months`."""
    ours, inside = {org.code.value, org.family}, set(months)
    for row in compose_rules()["hallmark"]:
        if (
            code.value in row["sections"]
            and ("types" not in row or ours & set(row["types"]))
            and ("months" not in row or inside & set(row["months"]))
            and ("periods" not in row or period.value in row["periods"])
        ):
            yield str(row["event"])


def focus_words(family: str) -> Mapping[str, str]:
    """Return what each section contributes to a plan's stated focus, in the words of a family of units."""
    return {**compose_rules()["focus"], **compose_rules()["focus_of"].get(family, {})}


def role_words(tables: Tables) -> frozenset[str]:
    """Return what any type of unit calls the roles that are translated between trades (教职工, 教代会)."""
    said = (
        word
        for org in tables.orgs.values()
        for role in compose_rules()["roles"]
        for word in (*org.says.get(role, ()), org.roles.get(role, ""))
    )
    return frozenset(filter(None, said))


def _called_row(org: OrgWords, said: str) -> Mapping[str, Any]:
    """Return how a unit that describes itself as in `said` is called; {} if as its type is."""
    for row in compose_rules()["called"]:
        if org.code.value in row["types"] and re.search(row["match"], said):
            found: Mapping[str, Any] = row
            return found
    return {}


def item_words(org: OrgWords, said: str) -> Mapping[str, str]:
    """Return what measures call this unit otherwise than its type does, and how it says it."""
    found: Mapping[str, str] = _called_row(org, said).get("items", {})
    return found


def called(org: OrgWords, said: str) -> OrgWords:
    """Return a unit type's words as this unit says them: a 卫生院 is no 医院, a 街道 no 镇."""
    words = _called_row(org, said).get("words", {})
    return replace(org, roles={role: replace_words(word, words) for role, word in org.roles.items()})
