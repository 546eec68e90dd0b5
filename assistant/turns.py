"""One generation at a time: a queue in order of arrival that can say how many are ahead and for how long."""

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
    """The queue of one model. Asking for a place never waits."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._line: list[object] = []
        self._stops: dict[object, Stop] = {}
        self._usual = FIRST_GUESS
        self._begun = 0.0

    @contextmanager
    def turn(self, stop: Stop) -> Iterator[bool]:
        """Wait for the turn; gives False when `stop` came first."""
        ticket = object()
        with self._changed:
            self._line.append(ticket)
            self._stops[ticket] = stop
            while self._line[0] is not ticket and not stop.is_set():
                self._changed.wait(POLL_SECONDS)
            mine = self._line[0] is ticket and not stop.is_set()
            self._begun = time.monotonic() if mine else self._begun
        try:
            yield mine
        finally:
            with self._changed:
                if mine:
                    self._usual = (self._usual + time.monotonic() - self._begun) / 2
                self._line.remove(ticket)
                del self._stops[ticket]
                self._changed.notify_all()

    def place(self, stop: Stop | None = None) -> Place:
        """Where the caller who waits with `stop` stands; without one, where a newcomer would."""
        with self._changed:
            ahead = next((n for n, t in enumerate(self._line) if self._stops[t] is stop), len(self._line))
            spent = time.monotonic() - self._begun if self._line else 0.0
            return Place(ahead, max(0.0, ahead * self._usual - min(spent, self._usual)) if ahead else 0.0)

    @property
    def idle(self) -> bool:
        """Whether nobody writes or waits."""
        return not self._line
