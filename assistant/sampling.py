"""How the next token is chosen: greedy, or drawn with a seed so that the same prompt gives the same text.

A draw depends on the seed and on the place of the token alone, never on how many tokens were tried at once,
so guessing ahead changes nothing in the text. Defaults by family of model are in tables/models.toml.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np

from assistant.model_offers import load_families
from assistant.types import Message

MOST_CANDIDATES = 100  # tokens a draw chooses among when the family names no top_k


@dataclass(frozen=True, slots=True)
class Sampling:
    """`temperature` 0 is greedy. `top_k` 0 is no limit. `frequency` lowers the logit of a token by so much
    for each time it has been written (OpenAI's frequency_penalty); the prompt does not count.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    frequency: float = 0.0
    seed: int = 0

    @property
    def greedy(self) -> bool:
        """Whether nothing is drawn."""
        return self.temperature <= 0


GREEDY = Sampling()


def sampling_for(name: str, seed: int = 0) -> Sampling:
    """Return the settings for formal prose of the first family of the table whose word is in `name`."""
    known = name.casefold()
    family = next(f for f in load_families() if f.match in known)
    return Sampling(family.temperature, family.top_p, family.top_k, family.frequency, seed)


def seeded(sampling: Sampling, messages: Sequence[Message]) -> Sampling:
    """Return `sampling` with the seed of one conversation: another version asks in other words, so it draws
    otherwise; the same conversation draws the same.
    """
    text = "\n".join(message["content"] for message in messages)
    return replace(sampling, seed=(sampling.seed * 1_000_003 + crc32(text.encode())) % 2**31)


def pick(logits: Any, written: Sequence[int], sampling: Sampling) -> int:
    """Return the next token for one row of logits (float32, one a word of the vocabulary)."""
    scores = np.asarray(logits)
    if sampling.frequency and written:
        counts = Counter(written)
        scores = scores.copy()
        scores[list(counts)] -= sampling.frequency * np.array(list(counts.values()), scores.dtype)
    if sampling.greedy:
        return int(scores.argmax())
    count = min(sampling.top_k or MOST_CANDIDATES, len(scores))
    best = np.argpartition(scores, -count)[-count:]
    best = best[np.lexsort((best, -scores[best]))]
    chances = np.exp((scores[best] - scores[best[0]]).astype(np.float64) / sampling.temperature)
    before = np.cumsum(chances) - chances
    chances[before >= sampling.top_p * chances.sum()] = 0
    sums = np.cumsum(chances)
    draw = np.random.default_rng(sampling.seed * 100_003 + len(written)).random()
    return int(best[np.searchsorted(sums, draw * sums[-1], side="right")])
