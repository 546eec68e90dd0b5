"""Keeps the attention state of the last prompt of a local model, so that a shared beginning is read once.

Works on the cache of transformers for models whose layers keep every token; for any other kind of model it
stands aside. Knows nothing about what the tokens say.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class PrefixCache:
    """The attention state of the last prompt, so that the same beginning need not be read again.

    All sections of a plan share their first thousand tokens; reading them again takes most of the wait
    before the first word on a PC without a graphics card.
    """

    def __init__(self) -> None:
        self._tokens: list[int] = []
        self._cache: Any = None

    @contextmanager
    def reused(self, model: Any, tokens: list[int]) -> Iterator[Any]:
        """Give a cache holding what `tokens` and the last prompt share; keep it only if all goes well."""
        cache, known = self._cache, self._tokens
        self._cache, self._tokens = None, []
        cache = _cut(cache, _shared(known, tokens)) or _new_cache(model)
        yield cache
        if cache is not None and _cut(cache, len(tokens)) is not None:
            self._cache, self._tokens = cache, tokens


def _shared(known: list[int], tokens: list[int]) -> int:
    """Length of the common beginning, short of the whole: at least one token must be read anew."""
    limit = min(len(known), len(tokens) - 1)
    return next((place for place in range(limit) if known[place] != tokens[place]), max(limit, 0))


def _new_cache(model: Any) -> Any:
    """An empty cache for a model whose layers keep every token, None for any other kind."""
    from transformers import DynamicCache
    from transformers.cache_utils import DynamicLayer

    cache = DynamicCache(config=model.config)
    return cache if cache.layers and all(type(layer) is DynamicLayer for layer in cache.layers) else None


def _cut(cache: Any, length: int) -> Any:
    """The cache shortened to `length` tokens, None when nothing usable is left."""
    if cache is None or length < 1:
        return None
    surplus = cache.get_seq_length() - length
    if surplus > 0:
        cache.crop(-surplus)
    return cache if cache.get_seq_length() <= length else None
