"""A chat model that answers from a queue and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class QueueModel:
    """Gives each queued answer in turn, two characters at a time. An exception in the queue is raised."""

    name = "排队模型"

    def __init__(self, *answers: str | Iterable[str] | Exception, context: int | None = None) -> None:
        self.answers = list(answers)
        self.calls: list[list[dict[str, str]]] = []
        self.tokens: list[int] = []
        self.closed = 0
        self.given = 0
        self.truncated = False
        self.context = context

    def stream(self, messages, max_tokens, stop) -> Iterator[str]:
        self.calls.append([dict(message) for message in messages])
        self.tokens.append(max_tokens)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        pieces = (answer[i : i + 2] for i in range(0, len(answer), 2)) if isinstance(answer, str) else answer
        try:
            for piece in pieces:
                if stop.is_set():
                    return
                self.given += 1
                yield piece
        finally:
            self.closed += 1
