"""Takes a model's thinking out of its streamed answer.

Blocks such as <think>…</think> go, also when a tag is split over pieces or never closed. A closing tag
without an opening one is passed on: everything before it was thinking, which only the reader can take back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

TAGS = "think|thinking|thought|thoughts|reasoning|reflection|analysis"
OPEN = re.compile(rf"<(?:{TAGS})>", re.IGNORECASE)
CLOSE = re.compile(rf"</(?:{TAGS})>", re.IGNORECASE)
LONGEST_TAG = 13


class ThinkingFilter:
    """Streaming filter: `feed` returns what is certainly no thinking, `close` the rest."""

    def __init__(self) -> None:
        self._pending = ""
        self._inside = False

    def feed(self, text: str) -> str:
        """Take the next piece and return the text that may be shown."""
        self._pending += text
        shown = []
        while found := (CLOSE if self._inside else OPEN).search(self._pending):
            shown.append("" if self._inside else self._pending[: found.start()])
            self._pending = self._pending[found.end() :]
            self._inside = not self._inside
        cut = _start_of_tag(self._pending)
        shown.append("" if self._inside else self._pending[:cut])
        self._pending = self._pending[cut:]
        return "".join(shown)

    def close(self) -> str:
        """Return what was held back; thinking that never ended is dropped."""
        rest, self._pending = self._pending, ""
        return "" if self._inside else rest


def without_thinking(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of an answer without its thinking."""
    thinking = ThinkingFilter()
    for piece in pieces:
        if shown := thinking.feed(piece):
            yield shown
    if rest := thinking.close():
        yield rest


def _start_of_tag(text: str) -> int:
    """Where an unfinished tag may begin at the end of `text`, its length if none does."""
    place = text.rfind("<", max(0, len(text) - LONGEST_TAG))
    return len(text) if place < 0 or ">" in text[place:] else place
