"""From the settings to a chat model: none, one in this process, or one behind a URL.

A model is a visible choice of the person. Nothing is downloaded, no other model steps in silently, and
no host is called but the one in the settings.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from assistant.fast_model import AT_ONCE, FastModel, fast_pays
from assistant.local_model import LocalModel
from assistant.memory import total_memory
from assistant.model_files import check_memory, find_model
from assistant.sampling import sampling_for
from assistant.server_model import ServerModel
from assistant.settings import Settings
from assistant.types import Message, Model, Stop

PLAIN = "plain"
SMALLEST_WEIGHT_BYTES = 2  # bfloat16: what does not fit even so will never run here
SMALLEST_FAST_BYTES = 1


def open_model(settings: Settings) -> Model | None:
    """Return the model of the settings, None when none is set. Weights are read on first use.

    :raises UserError: when the folder, the name or the URL cannot be a chat model.
    """
    model = settings.model.strip()
    if not model:
        return None
    if "://" in model:
        sampling = sampling_for(settings.model_name, settings.model_seed)
        return ServerModel(
            model,
            settings.model_name,
            settings.model_key,
            settings.model_timeout,
            sampling,
            settings.model_parallel,
        )
    folder = find_model(model, store=models_folder(settings))
    sampling, idle = sampling_for(folder.name, settings.model_seed), 60.0 * settings.model_idle
    if settings.model_runtime != PLAIN and fast_pays(folder):
        check_memory(folder, SMALLEST_FAST_BYTES, total_memory())
        return FastModel(folder, models_folder(settings), sampling, idle, settings.model_parallel or AT_ONCE)
    check_memory(folder, SMALLEST_WEIGHT_BYTES, total_memory())
    return LocalModel(folder, sampling, idle)


def models_folder(settings: Settings) -> Path:
    """Where downloaded and converted models are kept."""
    return settings.home / "models"


def count_tokens(model: Model, messages: Sequence[Message]) -> int:
    """Tokens of a conversation: counted by the model where it can, else one a character.

    One token a character is never too few for Chinese text.
    """
    counter = getattr(model, "count_tokens", None)
    counted = counter(messages) if counter else None
    return counted if counted is not None else sum(len(message["content"]) + 8 for message in messages)


def context_of(model: Model) -> int | None:
    """The model's longest prompt plus answer in tokens, None when it does not say."""
    context: int | None = getattr(model, "context", None)
    return context


def was_cut_off(model: Model) -> bool:
    """Whether the model's last answer ended at its token limit, in the middle of a sentence perhaps."""
    return bool(getattr(model, "truncated", False))


def sections_at_once(model: Model) -> int:
    """How many answers the model can write at once, 1 where it does not say."""
    asked = getattr(model, "at_once", None)
    return int(asked()) if asked else 1


def beside(model: Model) -> Model:
    """The model as one more can use it at the same time, what it tells of its last answer apart."""
    make = getattr(model, "beside", None)
    return cast("Model", make()) if make else copy.copy(model)


def preparation_seconds(model: Model) -> float:
    """Return how long, roughly, the model is prepared for this machine before its first use, 0 if not."""
    return float(getattr(model, "preparation_seconds", 0.0))


def prepare(model: Model) -> None:
    """Prepare a model for this machine where it needs that.

    :raises UserError: when the disk is too full or the files cannot be read.
    """
    if make := getattr(model, "prepare", None):
        make()


def waiting_line(model: Model | None, stop: Stop | None = None) -> str:
    """Say who is ahead in the queue and for how long, or that the model is prepared first; "" for neither.

    `stop` is the flag of one who waits already; without it, what a newcomer would meet.
    """
    if model is not None and (seconds := preparation_seconds(model)):
        return f"模型“{model.name}”第一次用，正在为本机转换，大约要 {seconds:.0f} 秒，只转这一次。"
    turns = getattr(model, "turns", None)
    place = turns.place(stop) if turns is not None else None
    if place is None or not place.ahead:
        return ""
    return f"模型正在写别的，前面还有 {place.ahead} 份，大约 {max(1, round(place.seconds))} 秒后轮到。"
