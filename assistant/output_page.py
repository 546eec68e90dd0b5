"""Puts accepted sentences on the page: new lines, item numbers 1. 2. 3., titles joined to their text.

Knows nothing about what belongs on the page.
"""

from __future__ import annotations

from assistant.output_rules import Rank, ends_sentence


class Page:
    """The lines of one section as they grow. `numbered` is as for `assistant.output.StreamCleaner`, `items`
    counts the items so far.
    """

    def __init__(self, numbered: bool | None) -> None:
        self._numbered = numbered
        self.items = 0
        self._top = Rank.NONE
        self._last = ""
        self._in_item = False
        self._title: tuple[Rank, str] | None = None

    def title(self, rank: Rank, text: str) -> str:
        """Hold a short line without a full stop: the title of an item, or a heading to drop."""
        out = self._flush()
        if rank is not Rank.NONE and self._numbered is not False:
            self._title = (rank, text)
        return out

    def add(self, sentence: str, rank: Rank, new_line: bool) -> str:
        """Return `sentence` as it continues the page; `rank` is the list mark of a new line."""
        if not new_line:
            self._last = sentence
            return sentence
        if self._title and (rank is Rank.NONE or Rank.DOT <= self._title[0] < rank):
            (rank, title), self._title = self._title, None
            return self._open(f"{title}：{sentence}", rank)
        out = self._flush()
        if self._in_item and self._top < rank < Rank.NONE:
            joint = "" if ends_sentence(self._last) else "；"
            self._last = sentence
            return out + joint + sentence
        return out + self._open(sentence, rank)

    def close(self) -> str:
        """Return what is still to come: a title that stands alone, the last full stop."""
        end = self._flush() + self._full_stop()
        self._last += end
        return end

    def _flush(self) -> str:
        """A held title that got no text is an item if an Arabic numeral marks it, else a heading, dropped."""
        held, self._title = self._title, None
        return self._open(held[1], held[0]) if held and held[0] >= Rank.DOT else ""

    def _open(self, text: str, rank: Rank) -> str:
        out = self._full_stop() + ("\n" if self._last else "")
        self._last = text
        self._in_item = self._numbered or (self._numbered is None and rank is not Rank.NONE)
        if rank is not Rank.NONE:
            self._top = min(self._top, rank)
        if not self._in_item:
            return out + text
        self.items += 1
        return f"{out}{self.items}.{text}"

    def _full_stop(self) -> str:
        """An item ends with a full stop, also when the model forgot it."""
        return "。" if self._in_item and self._last and not ends_sentence(self._last) else ""
