"""Guessing ahead: a plan drafted from precedents repeats runs of its prompt, so the next tokens are guessed
from where the last ones stood before, and one pass of the model checks several (prompt-lookup decoding).

A guess is never written unless the model writes the same. How far to guess follows the measured acceptance.
"""

from __future__ import annotations

LONGEST_MATCH = 3  # tokens that stood together before
MOST_GUESSED, FIRST_GUESSED, FEWEST_GUESSED = 15, 7, 3


class Guesser:
    """Guesses for one answer. Feed it every token written; `guess` looks up the last ones in all before:
    three, or as few as `shortest`. After two tokens guesses are wrong more often, which pays only where a
    pass of several tokens costs little more than one.
    """

    def __init__(self, prompt: list[int], shortest: int = LONGEST_MATCH) -> None:
        self._sizes = range(LONGEST_MATCH, shortest - 1, -1)
        self._tokens: list[int] = []
        self._places: dict[tuple[int, ...], int] = {}
        self._length = FIRST_GUESSED
        self.feed(prompt)

    def feed(self, tokens: list[int]) -> None:
        """Take tokens that now stand in the text."""
        for token in tokens:
            end = len(self._tokens)  # a run can be looked up once something follows it
            for size in self._sizes:
                if end >= size:
                    self._places[tuple(self._tokens[-size:])] = end
            self._tokens.append(token)

    def guess(self, most: int) -> list[int]:
        """Return at most `most` tokens that may come next, [] when the last ones never stood before."""
        for size in self._sizes:
            place = self._places.get(tuple(self._tokens[-size:]))
            if place is not None:
                return self._tokens[place : place + min(most, self._length)]
        return []

    def judge(self, guessed: int, accepted: int) -> None:
        """Learn from a guess: all right, guess twice as far; wrong from the first token, half as far."""
        if guessed and accepted == guessed:
            self._length = min(MOST_GUESSED, self._length * 2 + 1)
        elif guessed and not accepted:
            self._length = max(FEWEST_GUESSED, self._length // 2)
