"""What a request says of manner, done to finished text: the tone asked for and the person's own words.

Official wording stays as it is: slogans, names of statutes, and terms such as 职工代表大会 (table
request.toml, `fixed`). Pure; the check of forbidden words spares the same places.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from assistant.polish import Action, Setting, polish
from assistant.tables import Tables
from assistant.text import replace_words
from assistant.types import Profile, Request
from index.types import SectionCode

_TONES = {"plain": Action.PLAIN, "formal": Action.FORMAL}
_OFFICIAL = (SectionCode.GUIDE,)


def as_asked(text: str, code: SectionCode, request: Request, profile: Profile, tables: Tables) -> str:
    """Return a section's text in the tone and the words the person asked for."""
    for style, action in _TONES.items():
        if style in request.style and code not in _OFFICIAL:
            text = polish(text, action, Setting(code))
    return in_own_words(text, request, profile, tables)


def in_own_words(text: str, request: Request, profile: Profile, tables: Tables) -> str:
    """Return text with the person's words (员工 for 职工), official terms apart."""
    words = {**profile.use_words, **request.use_words}
    if not words:
        return text
    parts = re.split(f"({'|'.join(map(re.escape, fixed_terms(tables)))}|《[^》]*》)", text)
    return "".join(part if place % 2 else replace_words(part, words) for place, part in enumerate(parts))


def fixed_terms(tables: Tables) -> tuple[str, ...]:
    """Return the wording that nobody may change, longer terms first."""
    slogans = tuple(row.text for row in tables.slogan_rows)
    laws = tuple(name for row in tables.statutes for name in (row.full_name, row.name))
    return tuple(sorted({*slogans, *laws, *_terms()}, key=len, reverse=True))


@lru_cache(maxsize=1)
def _terms() -> tuple[str, ...]:
    path = Path(__file__).with_name("tables") / "request.toml"
    return tuple(tomllib.loads(path.read_text("utf-8"))["fixed"]["terms"])
