"""The speed to expect of a model on this machine, from a short probe of its processor and memory, kept.

Writing is bound by reading the weights from memory, reading a prompt by multiplying. The shares of the probe
that a model reaches were fitted on one machine (2 cores, 0.6B in 8 bits): the figures say slow or fast.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from assistant.settings import write_atomically

COPY_BYTES, SIDE = 128_000_000, 1024
MEMORY_SHARE, MULTIPLY_SHARE = 0.6, 0.8
TOKENS_A_HANZI = 0.7


@dataclass(frozen=True, slots=True)
class Machine:
    """`memory` in bytes read a second, `multiply` in float32 operations a second, of all cores together."""

    memory: float
    multiply: float
    processor: str


def hanzi_a_second(machine: Machine, parameters: float, width: float) -> float:
    """Hanzi a second a model of `parameters` weights of `width` bytes will write."""
    return machine.memory * MEMORY_SHARE / (parameters * width) / TOKENS_A_HANZI


def first_seconds(machine: Machine, parameters: float, tokens: int = 1500) -> float:
    """Seconds until the first word after a prompt of `tokens`, nothing of it read before."""
    return 2 * parameters * tokens / (machine.multiply * MULTIPLY_SHARE)


def probe(store: Path) -> Machine:
    """Return what was measured on this processor before, or measure it now (well under a second)."""
    processor = f"{platform.processor() or platform.machine()} {os.cpu_count()}"
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = Machine(**json.loads(store.read_text("utf-8")))
        if kept.processor == processor:
            return kept
    machine = Machine(_memory(), _multiply(), processor)
    with suppress(Exception):
        write_atomically(store, json.dumps(asdict(machine)).encode())
    return machine


def _memory() -> float:
    """Bytes a second of a copy, read and written counted; the best of three."""
    source = np.ones(COPY_BYTES // 8)
    target = np.empty_like(source)
    return 2 * COPY_BYTES / _best(lambda: np.copyto(target, source))


def _multiply() -> float:
    left = np.ones((SIDE, SIDE), np.float32)
    return 2 * SIDE**3 / _best(lambda: left @ left)


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return max(min(times), 1e-9)
