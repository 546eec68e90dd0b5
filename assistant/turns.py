"""As many answers at a time as a model can write: a queue in order of arrival that can say how many are ahead
and for how long.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.types import Stop

POLL_SECONDS = 0.05
FIRST_GUESS = 20.0  # seconds a section takes before any has been timed


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue: `ahead` answers come first and take about `seconds`."""

    ahead: int
    seconds: float


class Turns:
    """The queue of one model that writes `at_once` answers. Asking for a place never waits."""

    def __init__(self, at_once: int = 1) -> None:
        self._at_once = at_once
        self._changed = threading.Condition()
        self._line: list[object] = []
        self._stops: dict[object, Stop] = {}
        self._begun: dict[object, float] = {}
        self._usual = FIRST_GUESS

    @contextmanager
    def turn(self, stop: Stop) -> Iterator[bool]:
        """Wait for the turn; gives False when `stop` came first."""
        ticket = object()
        with self._changed:
            self._line.append(ticket)
            self._stops[ticket] = stop
            while ticket not in self._line[: self._at_once] and not stop.is_set():
                self._changed.wait(POLL_SECONDS)
            mine = not stop.is_set()
            if mine:
                self._begun[ticket] = time.monotonic()
        try:
            yield mine
        finally:
            with self._changed:
                if mine:
                    self._usual = (self._usual + time.monotonic() - self._begun.pop(ticket)) / 2
                self._line.remove(ticket)
                del self._stops[ticket]
                self._changed.notify_all()

    def place(self, stop: Stop | None = None) -> Place:
        """Where the caller who waits with `stop` stands; without one, where a newcomer would."""
        with self._changed:
            found = next((n for n, t in enumerate(self._line) if self._stops[t] is stop), len(self._line))
            ahead = max(0, found - self._at_once + 1)
            spent = time.monotonic() - min(self._begun.values(), default=time.monotonic())
            seconds = ahead * self._usual / self._at_once - min(spent, self._usual)
            return Place(ahead, max(0.0, seconds) if ahead else 0.0)

    @property
    def idle(self) -> bool:
        """Whether nobody writes or waits."""
        return not self._line
