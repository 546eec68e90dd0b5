"""Keeps the attention state of the last prompt of a local model, so that a shared beginning is read once.

Works on the cache of transformers for models whose layers keep every token; for any other kind of model it
gives a fresh cache each time. Knows nothing about what the tokens say.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assistant.short_attention import roomy

BLOCK = 128  # tokens of a prompt read in one pass; what is kept is kept by whole blocks


class PrefixCache:
    """The attention state of the last prompt, so that the same beginning need not be read again.

    All sections of a plan share their first thousand tokens; reading them again takes most of the wait
    before the first word on a PC without a graphics card. `croppable` tells whether the model's state can be
    cut back, which guessing ahead needs too.
    """

    def __init__(self) -> None:
        self._tokens: list[int] = []
        self._cache: Any = None
        self.croppable = False

    @contextmanager
    def reused(self, model: Any, tokens: list[int]) -> Iterator[tuple[Any, int]]:
        """Give a cache and how many of `tokens` it holds: whole blocks, at least one token fewer than all.

        The state of the prompt is kept however the answer ends, as far as the model has read it.
        """
        cache, known = self._cache, self._tokens
        self._cache, self._tokens = None, []
        shared = shared_length(known, tokens) // BLOCK * BLOCK
        if cache is None or not shared or not cut(cache, shared):
            cache, shared = _new_cache(model), 0
            self.croppable = _keeps_every_token(cache)
            if self.croppable and model.device.type == "cpu":
                roomy(cache)
        try:
            yield cache, shared
        finally:
            if self.croppable and cut(cache, len(tokens)):
                self._cache, self._tokens = cache, tokens[: _length(cache)]


def cut(cache: Any, length: int) -> bool:
    """Shorten the cache to at most `length` tokens; False when it holds layers of unequal length."""
    surplus = _length(cache) - length
    if surplus > 0:
        cache.crop(-surplus)
    return len({int(layer.get_seq_length()) for layer in cache.layers}) == 1


def _length(cache: Any) -> int:
    return int(cache.get_seq_length())


def shared_length(known: list[int], tokens: list[int]) -> int:
    """Length of the common beginning, short of the whole: at least one token must be read anew."""
    limit = min(len(known), len(tokens) - 1)
    return next((place for place in range(limit) if known[place] != tokens[place]), max(limit, 0))


def _new_cache(model: Any) -> Any:
    from transformers import DynamicCache

    return DynamicCache(config=model.config)


def _keeps_every_token(cache: Any) -> bool:
    from transformers.cache_utils import DynamicLayer

    return bool(cache.layers) and all(type(layer) is DynamicLayer for layer in cache.layers)
