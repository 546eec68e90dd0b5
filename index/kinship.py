"""Documents that are nearly the same: the least damaged one stands, the others hang under it.

Candidates share a band of their MinHash signatures (datasketch); what is compared exactly is the runs of
five Hanzi. Years, figures and punctuation do not count, so the same text under another year is a copy.
Pure functions; `index.families` keeps what they say in library.db.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.types import Flag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shingles = NDArray[np.uint64]

SAME = 0.7
"""Share of the shorter document's runs that the longer one must hold."""

_SHINGLE = 5
_PERMUTATIONS, _ROWS = 126, 3
_HAN = re.compile("[^\u4e00-\u9fff]+")
_PRIME = 1_000_003
_BEYOND_DAMAGE = frozenset({Flag.DUPLICATE, Flag.SUMMARY})
_GAPS = ("〔缺〕", "{YEAR}", "{PARTY_REF}", "{DOCNO}")


@dataclass(frozen=True, slots=True)
class Member:
    """What decides which of several nearly same documents stands."""

    id: str
    flags: frozenset[Flag]
    year: int | None
    repairs: int
    text: str


def shingles(text: str) -> Shingles:
    """Return the distinct runs of five Hanzi as numbers, ascending; none for a shorter text."""
    han = np.frombuffer(_HAN.sub("", text).encode("utf-32-le"), np.uint32).astype(np.uint64)
    if len(han) < _SHINGLE:
        return np.zeros(0, np.uint64)
    count = len(han) - _SHINGLE + 1
    value = np.zeros(count, np.uint64)
    for place in range(_SHINGLE):
        value = value * np.uint64(_PRIME) + han[place : place + count]
    return np.unique(value)


def bands(runs: Shingles) -> list[int]:
    """Return the 42 numbers a document is looked up by; two documents that share one may be alike."""
    from datasketch import MinHash

    if not len(runs):
        return []
    minhash = MinHash(_PERMUTATIONS, seed=1, hashfunc=int, scheme="affine64")
    minhash.update_batch(runs)
    rows = minhash.hashvalues.astype(np.uint64).reshape(-1, _ROWS)
    mixed = np.arange(len(rows), dtype=np.uint64)
    for column in rows.T:
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return [int(value) for value in mixed >> np.uint64(1)]


def alike(first: Shingles, second: Shingles) -> bool:
    """Return whether nearly all of the shorter document stands in the longer one."""
    shorter = min(len(first), len(second))
    if not shorter:
        return False
    return len(np.intersect1d(first, second, assume_unique=True)) >= SAME * shorter


def standing(members: list[Member]) -> Member:
    """Return the member that stays visible: whole, little damaged, recent."""
    longest = max(len(member.text) for member in members)
    return min(members, key=lambda member: (_damage(member, longest), -(member.year or 0), member.id))


def _damage(member: Member, longest: int) -> float:
    """Return how much is wrong: 1 a flag, 0.2 a gap, 0.01 a repair, 3 for all of the text missing.

    A tenth less than the longest is no loss: one measure more or less decides nothing.
    """
    gaps = sum(member.text.count(gap) for gap in _GAPS)
    missing = max(0.0, 0.9 - len(member.text) / max(longest, 1))
    flags = len(member.flags - _BEYOND_DAMAGE)
    return flags + 0.2 * min(gaps, 5) + 0.01 * min(member.repairs, 50) + 3 * missing
