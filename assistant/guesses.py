"""A guess at a field of the profile, and the words it was read from. Knows nothing about any one field."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guess:
    """A value for `field` of the profile, read at `start:end` of the text, where `quote` stands.

    Of a list field each guess is one entry. `sure` guesses may be accepted together.
    """

    field: str
    value: str | int
    quote: str
    start: int
    end: int
    sure: bool


def guess_at(field: str, value: str | int, text: str, span: tuple[int, int], sure: bool) -> Guess:
    """Return a guess read at `span` of `text`."""
    return Guess(field, value, text[span[0] : span[1]], span[0], span[1], sure)


def guess_of(field: str, value: str, text: str, sure: bool, quote: str = "") -> Guess:
    """Return a guess read where `quote` (the value itself, if none is given) first stands in `text`.

    Where it does not stand there, the quote is empty and both offsets are 0.
    """
    wanted = quote or value
    start = text.find(wanted)
    return (
        Guess(field, value, wanted, start, start + len(wanted), sure)
        if start >= 0
        else Guess(field, value, "", 0, 0, sure)
    )
