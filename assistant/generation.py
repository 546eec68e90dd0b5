"""Writes an answer token by token, whatever runs the model: reads the prompt in pieces, guesses ahead from
what stands before, keeps of a guess what the model itself would have written.

Knows nothing about plans, nor how a pass is made.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assistant.copying import Guesser
from assistant.sampling import Sampling, pick


class Stopped(Exception):
    """Raised by a pass that was left because the answer must end."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer: after `prompt`, at most `room` tokens, until one of `ends` or until `must_end` says so."""

    prompt: list[int]
    room: int
    ends: frozenset[int]
    must_end: Callable[[], bool]
    sampling: Sampling


# A pass: tokens, the place of the first of them (all before it were read), how many of the last ones count.
# Gives a row of logits (float32, numpy) for each of these; whatever was read from that place on is forgotten.
Forward = Callable[[list[int], int, int], Any]


def write(
    asked: Asked, known: int, piece: int, forward: Forward, guesser: Guesser | None
) -> Generator[int, None, None]:
    """Yield the tokens of an answer, the end token left out.

    `known` tokens of the prompt were read before; the rest is read up to multiples of `piece`. Without a
    `guesser` nothing is guessed.
    """
    try:
        *before, (place, end) = pairwise(_bounds(known, len(asked.prompt), piece))
        for start, stop in before:
            if asked.must_end():
                return
            forward(asked.prompt[start:stop], start, 1)
        yield from _answer(asked, asked.prompt[place:end], place, forward, guesser)
    except Stopped:
        return


def _bounds(known: int, length: int, piece: int) -> list[int]:
    return [known, *range((known // piece + 1) * piece, length, piece), length]


def _answer(
    asked: Asked, pending: list[int], place: int, forward: Forward, guesser: Guesser | None
) -> Generator[int, None, None]:
    """Write on where `pending`, which begins at `place`, is still to be read."""
    written: list[int] = []
    while len(written) < asked.room and not asked.must_end():
        guess = guesser.guess(asked.room - len(written) - 1) if guesser else []
        rows = forward(pending + guess, place, len(guess) + 1)
        fresh = verified(rows, guess, written, asked.sampling)
        if guesser:
            guesser.judge(len(guess), len(fresh) - 1)
            guesser.feed(fresh)
        place += len(pending) + len(fresh) - 1
        pending = fresh[-1:]
        for token in fresh:
            if token in asked.ends or asked.must_end():
                return
            written.append(token)
            yield token


def verified(rows: Any, guess: Sequence[int], written: list[int], sampling: Sampling) -> list[int]:
    """The tokens that stand after a pass: guesses as long as the model writes the same, then its own."""
    fresh: list[int] = []
    for place, row in enumerate(rows):
        fresh.append(pick(row, [*written, *fresh], sampling))
        if place == len(guess) or fresh[-1] != guess[place]:
            break
    return fresh
