"""Small measures of Chinese text that several modules share. Knows nothing about plans."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_SLOT = re.compile(r"\{(\w+)\}")
_WORDINGS = re.compile(r"\[([^\[\]|]*(?:\|[^\[\]|]*)+)\]")


def han_count(text: str) -> int:
    """Return the number of Hanzi."""
    return len(_HAN.findall(text))


def han_only(text: str) -> str:
    """Return the Hanzi of `text`, nothing else."""
    return "".join(_HAN.findall(text))


def shingles(text: str, size: int = 2) -> frozenset[str]:
    """Return every run of `size` Hanzi, punctuation skipped."""
    han = han_only(text)
    return frozenset(han[i : i + size] for i in range(len(han) - size + 1))


def overlap(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the share of the smaller set that the two have in common, 0 to 1."""
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller else 0.0


def fill(template: str, words: Mapping[str, str]) -> str:
    """Return `template` with every {name} replaced.

    :raises KeyError: when a name is not among `words`; a table that asks for it is wrong.
    """
    return _SLOT.sub(lambda match: words[match[1]], template)


def worded(template: str, seed: int) -> str:
    """Return `template` with one wording of each [a|b|c] taken; the same seed takes the same."""
    places = iter(range(1_000))

    def take(match: re.Match[str]) -> str:
        wordings = match[1].split("|")
        return wordings[stable_number((seed, next(places))) % len(wordings)]

    return _WORDINGS.sub(take, template)


def stable_number(parts: Iterable[object]) -> int:
    """Return a number that depends on `parts` alone, the same in every process."""
    joined = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(joined.encode(), digest_size=8).digest(), "big")


def replace_words(text: str, words: Mapping[str, str]) -> str:
    """Return `text` with every key replaced by its value in one pass, longer keys first."""
    keys = sorted((key for key in words if key and key in text), key=len, reverse=True)
    if not keys:
        return text
    return re.sub("|".join(map(re.escape, keys)), lambda match: words[match[0]], text)
