"""Word lists for private facts (`index/facts.toml`) and the words of a text, by the segmenter rjieba."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from index.types import FactKind

Span = tuple[FactKind, int, int]

PROPER_TAGS = frozenset({"ns", "nr", "nrt", "nrfg", "nz", "nt"})


@lru_cache(maxsize=1)
def word_lists() -> Mapping[str, Any]:
    """`index/facts.toml`, read once."""
    loaded: Mapping[str, Any] = tomllib.loads(
        files("index").joinpath("facts.toml").read_text(encoding="utf-8")
    )
    return loaded


@lru_cache(maxsize=1)
def generic_words() -> frozenset[str]:
    """Words that may stand before 医院, 公司 or 站 without making them anybody's."""
    return frozenset(word_lists()["unit"]["generic"])


def is_generic(core: str) -> bool:
    """Whether a text is made of words alone that every unit shares (县人民, 我, 第一中心)."""
    reached = {0}
    for start in range(len(core)):
        if start in reached:
            reached |= {start + size for size in range(1, 6) if core[start : start + size] in generic_words()}
    return len(core) in reached


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the segmenter with its part of speech and span."""

    word: str
    tag: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """Words of a text in order; line by line, so that no word crosses a line."""
    import rjieba

    tokens: list[Token] = []
    for line in re.finditer(r"[^\n]+", text):
        position = line.start()
        for word, tag in rjieba.tag(line.group()):
            start = text.find(word, position)
            if start < 0:
                continue
            position = start + len(word)
            tokens.append(Token(word, tag, start, position))
    return tokens


def is_known(word: str) -> bool:
    """Whether the segmenter's dictionary has a word; guessed words are likely names."""
    import rjieba

    return bool(rjieba.has_word(word))


@lru_cache(maxsize=8)
def plain_edges(text: str) -> frozenset[int]:
    """Where words begin or end by the dictionary alone: an unknown name falls into single characters."""
    import rjieba

    edges = {0, len(text)}
    for line in re.finditer(r"[^\n]+", text):
        position = line.start()
        edges.add(position)
        for word in rjieba.cut(line.group(), False):
            position += len(word)
            edges.add(position)
    return frozenset(edges)


@lru_cache(maxsize=4096)
def is_name_word(word: str) -> bool:
    """Whether the dictionary has a word as a person's name (王建国)."""
    import rjieba

    tagged = rjieba.tag(word)
    return len(tagged) == 1 and tagged[0][1] in ("nr", "nrt", "nrfg")


@lru_cache(maxsize=4096)
def is_proper_word(word: str) -> bool:
    """Whether the dictionary has a word as a name of a place, a person or a thing (松岭, 顺达)."""
    import rjieba

    tagged = rjieba.tag(word)
    return len(tagged) == 1 and tagged[0][1] in PROPER_TAGS


@lru_cache(maxsize=4096)
def is_noun_or_odd(word: str) -> bool:
    """Whether a word is a noun, or no word of the dictionary at all."""
    import rjieba

    if not is_known(word):
        return True
    tagged = rjieba.tag(word)
    return len(tagged) == 1 and tagged[0][1][:1] == "n"
