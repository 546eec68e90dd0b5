"""Guessing ahead: a plan drafted from precedents repeats runs of its prompt, so the next tokens are guessed
from where the last ones stood before, and one pass of the model checks several (prompt-lookup decoding).

A guess is never written unless the model writes the same. How far to guess follows the measured acceptance.
"""

from __future__ import annotations

LONGEST_MATCH, SHORTEST_MATCH = 3, 2
MOST_GUESSED, FEWEST_GUESSED = 12, 2


class Guesser:
    """Guesses for one answer. Feed it every token written; `guess` looks up the last ones in all before."""

    def __init__(self, prompt: list[int]) -> None:
        self._tokens: list[int] = []
        self._places: dict[tuple[int, ...], int] = {}
        self._length = FEWEST_GUESSED * 2
        self.feed(prompt)

    def feed(self, tokens: list[int]) -> None:
        """Take tokens that now stand in the text."""
        for token in tokens:
            self._tokens.append(token)
            end = len(self._tokens) - 1  # a run ending before the last token can be looked up
            for size in range(SHORTEST_MATCH, LONGEST_MATCH + 1):
                if end >= size:
                    self._places[tuple(self._tokens[end - size : end])] = end

    def guess(self, most: int) -> list[int]:
        """Return at most `most` tokens that may come next, [] when the last ones never stood before."""
        for size in range(LONGEST_MATCH, SHORTEST_MATCH - 1, -1):
            place = self._places.get(tuple(self._tokens[-size:]))
            if place is not None and len(self._tokens) >= size:
                return self._tokens[place : place + max(0, min(most, self._length))]
        return []

    def judge(self, guessed: int, accepted: int) -> None:
        """Learn from a guess: all right, guess twice as far; mostly wrong, half as far."""
        if guessed and accepted == guessed:
            self._length = min(MOST_GUESSED, self._length * 2)
        elif accepted * 2 < guessed:
            self._length = max(FEWEST_GUESSED, self._length // 2)
