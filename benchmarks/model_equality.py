"""Whether keeping what was read, guessing ahead and writing several answers at once change a model's greedy
text: 50 prompts, token for token.

    python benchmarks/model_equality.py [--prompts 50] [--kinds local,fast]

The prompts share their beginning and end otherwise, as the sections of a plan do. The tests' small model
writes each answer with both, without guessing, without keeping, with neither, and where it can with both,
several answers at once. `local` is run in the precision of this processor and in float32.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
TOKENS = 80
WAYS = {
    "neither": (False, False, False),
    "kept": (True, False, False),
    "guessed": (False, True, False),
    "both": (True, True, False),
    "both, at once": (True, True, True),
}


def prompts(count: int) -> list[list[dict[str, str]]]:
    from tiny_model import ANSWER, QUESTION, SYSTEM

    draw = random.Random(7)
    shared = SYSTEM + "。" + ANSWER * 4
    asked = ("".join(draw.choices(ANSWER + QUESTION, k=draw.randint(10, 120))) for _ in range(count))
    return [
        [{"role": "system", "content": shared}, {"role": "user", "content": text + QUESTION * (n % 2)}]
        for n, text in enumerate(asked)
    ]


def texts(
    kind: str, folder: Path, store: Path, asked: list, kept: bool, guessed: bool, together: bool
) -> Iterator[str]:
    """The answers; the model forgets after each unless `kept`, its guesses are taken unless `guessed`, as
    many as it can write are asked for at once if `together`.
    """
    from model_backends import make

    from assistant.copying import Guesser

    with ExitStack() as stack:
        if not guessed:
            stack.enter_context(patch.object(Guesser, "guess", lambda self, most: []))
        model: Any = make(kind.partition(" ")[0], folder, store, "")
        with ThreadPoolExecutor(model.at_once() if together else 1) as pool:
            yield from pool.map(partial(_written, model, kept), asked)


def _written(model: Any, kept: bool, messages: list[dict[str, str]]) -> str:
    text = "".join(model.beside().stream(messages, TOKENS, threading.Event()))
    if not kept and hasattr(model, "_prefix"):
        from assistant import local_model

        model._prefix = local_model.PrefixCache()
    elif not kept:
        model.unload()
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--prompts", type=int, default=50)
    parser.add_argument("--kinds", default="local,local float32,fast")
    options = parser.parse_args()
    import torch
    from tiny_model import build

    from assistant import local_model

    asked = prompts(options.prompts)
    with tempfile.TemporaryDirectory() as place:
        folder = build(Path(place) / "tiny")
        for kind in options.kinds.split(","):
            with ExitStack() as stack:
                if "float32" in kind:
                    stack.enter_context(patch.object(local_model, "_dtype", lambda _: torch.float32))
                found = {
                    way: list(texts(kind, folder, Path(place), asked, *how)) for way, how in WAYS.items()
                }
            same = {
                way: sum(a == b for a, b in zip(found["neither"], found[way], strict=True)) for way in WAYS
            }
            told = ", ".join(f"{way} {count}" for way, count in same.items() if way != "neither")
            print(
                f"{kind}: of {len(asked)} equal to neither: {told}; {len(set(found['both']))} different texts"
            )


if __name__ == "__main__":
    main()
