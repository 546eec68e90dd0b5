"""Guessing ahead: a plan drafted from precedents repeats runs of its prompt, so the next tokens are guessed
from where the last ones stood before, and one pass of the model checks several (prompt-lookup decoding).

A guess is never written unless the model writes the same. How far to guess follows the measured acceptance.
"""

from __future__ import annotations

MATCH = 3  # tokens that must have stood together before: after two of them guesses are wrong too often to pay
MOST_GUESSED, FIRST_GUESSED, FEWEST_GUESSED = 15, 7, 3


class Guesser:
    """Guesses for one answer. Feed it every token written; `guess` looks up the last ones in all before."""

    def __init__(self, prompt: list[int]) -> None:
        self._tokens: list[int] = []
        self._places: dict[tuple[int, ...], int] = {}
        self._length = FIRST_GUESSED
        self.feed(prompt)

    def feed(self, tokens: list[int]) -> None:
        """Take tokens that now stand in the text."""
        for token in tokens:
            if len(self._tokens) >= MATCH:  # a run can be looked up once something follows it
                self._places[tuple(self._tokens[-MATCH:])] = len(self._tokens)
            self._tokens.append(token)

    def guess(self, most: int) -> list[int]:
        """Return at most `most` tokens that may come next, [] when the last ones never stood before."""
        place = self._places.get(tuple(self._tokens[-MATCH:]))
        return [] if place is None else self._tokens[place : place + min(most, self._length)]

    def judge(self, guessed: int, accepted: int) -> None:
        """Learn from a guess: all right, guess twice as far; wrong from the first token, half as far."""
        if guessed and accepted == guessed:
            self._length = min(MOST_GUESSED, self._length * 2 + 1)
        elif guessed and not accepted:
            self._length = max(FEWEST_GUESSED, self._length // 2)
