"""Attention for a few new tokens over a long state, on the processor.

torch's attention on a processor is made for whole prompts: for one token over 1,500 it takes half of the time
of the whole pass, and joining the new state to the old one most of the rest. Here a few tokens are two plain
products, and the state grows in place. Whole prompts, masks of other kinds and graphics cards are torch's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

MOST_TOKENS = 16  # new tokens a pass; beyond, torch's own is as fast
ROOM = 512  # tokens by which the kept state grows
NAME = "gonghui_short"


def use_short_attention(model: Any) -> None:
    """Let `model` attend so, if it runs on the processor and by torch's own attention until now."""
    if model.device.type == "cpu" and model.config._attn_implementation == "sdpa":
        _register()
        model.set_attn_implementation(NAME)


def roomy(cache: Any) -> None:
    """Let the layers of a fresh transformers cache, all of which keep every token, grow in place."""
    for layer in cache.layers:
        layer.__class__ = _roomy_layer()


@lru_cache(maxsize=1)
def _register() -> None:
    from transformers import AttentionInterface
    from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

    AttentionInterface.register(NAME, _attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)


def _attend(
    module: Any,
    query: Any,
    key: Any,
    value: Any,
    attention_mask: Any,
    scaling: float | None = None,
    **more: Any,
) -> tuple[Any, None]:
    """The attention function of transformers: query (1, heads, new, width), key and value (1, groups, all,
    width), mask (1, 1, new, all) true where a token may look; gives (1, new, heads, width).
    """
    import torch
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    batch, heads, new, width = query.shape
    plain = attention_mask is None and new == 1
    masked = (
        attention_mask is not None and attention_mask.dtype is torch.bool and attention_mask.shape[1] == 1
    )
    if batch > 1 or new > MOST_TOKENS or not (plain or masked) or more.get("position_bias") is not None:
        return sdpa_attention_forward(module, query, key, value, attention_mask, scaling=scaling, **more)
    groups = key.shape[1]
    asked = query.reshape(groups, heads // groups * new, width).transpose(1, 2)
    scores = torch.matmul(key[0], asked).float() * (width**-0.5 if scaling is None else scaling)
    if masked:
        hidden = ~attention_mask[0, 0].T.repeat(1, heads // groups)
        scores = scores.masked_fill(hidden, float("-inf"))
    chances = torch.softmax(scores, 1).to(value.dtype).transpose(1, 2)
    found = torch.matmul(chances, value[0]).reshape(1, heads, new, value.shape[-1])
    return found.transpose(1, 2), None


@lru_cache(maxsize=1)
def _roomy_layer() -> Any:
    from transformers.cache_utils import DynamicLayer

    class RoomyLayer(DynamicLayer):  # type: ignore[no-untyped-call]
        """Keeps keys and values at the beginning of larger tensors."""

        def update(self, key_states: Any, value_states: Any, *_: Any, **__: Any) -> tuple[Any, Any]:
            if not self.is_initialized:
                self.lazy_initialization(key_states, value_states)
                self._room: tuple[Any, Any] = (self.keys, self.values)
            before = self.get_seq_length()
            after = before + key_states.shape[-2]
            if self._room[0].ndim < 4 or self._room[0].shape[-2] < after:
                self._room = (_wider(key_states, after), _wider(value_states, after))
                if before:
                    self._room[0][..., :before, :] = self.keys
                    self._room[1][..., :before, :] = self.values
            self._room[0][..., before:after, :] = key_states
            self._room[1][..., before:after, :] = value_states
            self.keys, self.values = (part[..., :after, :] for part in self._room)
            return self.keys, self.values

    return RoomyLayer


def _wider(states: Any, length: int) -> Any:
    batch, groups, _, width = states.shape
    return states.new_empty(batch, groups, (length // ROOM + 1) * ROOM, width)
