"""Tells when a model's answer has gone astray: round in circles, on without end, into another language, or
into text that is no body text at all.

Sees the answer sentence by sentence, after it was judged. Knows nothing about models and keeps no text.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum

from assistant.output_rules import foreign_letters
from assistant.text import han_count, han_only

REPEATS = 3  # the same thing this often is a loop
GRAM = 13  # Hanzi; a run as long as this does not come three times in one section by chance
SAME_SHAPE = 5  # sentences that differ by their numbers alone: more than the quarters of a year
SHORTEST_REPEAT = 8  # Hanzi; shorter sentences may come twice
LETTERS_AFTER_BODY = 120  # foreign letters in a row after Chinese text: the language has changed
LETTERS_BEFORE_BODY = 2_000  # before any: it may still be thinking in English
ECHOES = 4  # sentences of the prompt said after it: what follows are its examples, not an answer
ASTRAY = 1_200  # characters in a row without a sentence of body text
_NUMERALS = str.maketrans("", "", "零〇一二三四五六七八九十百千")
_LOOP = re.compile(r"(?P<long>.{4,40}?)(?P=long){2,}$|(?P<short>.{1,3}?)(?P=short){7,}$", re.DOTALL)


class Trouble(StrEnum):
    """What went wrong, in the words the person and the model are told."""

    NONE = ""
    LOOP = "反复写同一句话"
    LIST = "条目列个没完"
    SWITCH = "写着写着不用中文了"
    ASTRAY = "一直没有写到正文"
    ECHO = "把要求和材料抄了一遍"


class Watchdog:
    """Watches one answer; `trouble` is what it has come to. `most_items` 0 allows any number of items."""

    def __init__(self, most_items: int = 0) -> None:
        self.trouble = Trouble.NONE
        self._most_items = most_items
        self._sentences: Counter[str] = Counter()
        self._shapes: Counter[str] = Counter()
        self._grams: Counter[str] = Counter()
        self._letters = self._lost = self._echoes = 0
        self._begun = False

    def kept(self, items: int) -> None:
        """A sentence of body text stands, as part of the item number `items`."""
        self._letters = self._lost = 0
        self._begun = True
        if self._most_items and items >= self._most_items:
            self.trouble = Trouble.LIST

    def dropped(self, text: str) -> None:
        """A sentence was no body text."""
        self._letters += foreign_letters(text)
        self._lost += max(1, len(text))
        if self._letters > (LETTERS_AFTER_BODY if self._begun else LETTERS_BEFORE_BODY):
            self.trouble = Trouble.SWITCH
        elif self._lost > ASTRAY:
            self.trouble = Trouble.ASTRAY

    def echoed(self) -> None:
        """A sentence was one of the prompt's own."""
        self._echoes += 1
        if self._echoes >= ECHOES:
            self.trouble = Trouble.ECHO

    def repeats(self, sentence: str) -> bool:
        """Count a sentence and tell whether it stands already. A third time (or a run in it) is a loop; five
        that differ by their numbers are a list without end.
        """
        key = han_only(sentence)
        shape = key.translate(_NUMERALS)
        self._shapes[shape] += len(shape) >= SHORTEST_REPEAT
        grams = {key[i : i + GRAM] for i in range(len(key) - GRAM + 1)}
        self._sentences[key] += 1
        self._grams.update(grams)
        short, times = len(key) < SHORTEST_REPEAT, self._sentences[key]
        rounds = max((self._grams[gram] for gram in grams), default=0)
        if times >= (2 * REPEATS if short else REPEATS) or rounds >= REPEATS:
            self.trouble = Trouble.LOOP
            return True
        if self._shapes[shape] >= SAME_SHAPE:
            self.trouble = Trouble.LIST
            return True
        return times > 1 and not short

    def forgive(self) -> None:
        """Another try goes on where the answer broke off: what stands is known, how often is forgotten."""
        self.trouble = Trouble.NONE
        counters = self._sentences, self._shapes, self._grams
        self._sentences, self._shapes, self._grams = (Counter(set(counter)) for counter in counters)
        self._letters = self._lost = self._echoes = 0


def first_round(text: str) -> str | None:
    """Return `text` up to the end of the first round where it ends in circles, None where it does not."""
    found = _LOOP.search(text)
    unit = (found["long"] or found["short"]) if found else ""
    return text[: found.start() + len(unit)] if found and han_count(unit) else None
