"""Several texts that a `PagedModel` goes on with at once: each answer runs in a thread of its own, their
passes are joined into one, and what texts begin with alike is kept once.

An answer that comes to its next pass waits for the others that are being written, so that they stay in step;
whoever comes last runs the pass for all. Prompts are read one after the other, so that the second of two
sections finds their shared beginning already read by the first.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from assistant.generation import Asked, Stopped
from assistant.paged import PagedModel, Part
from assistant.prefix_cache import shared_length

POLL_SECONDS = 0.05
PATIENCE_SECONDS = 0.005  # how long a pass waits for a text whose reader is slow


class Text:
    """A text as far as it was read, and the blocks that hold it. `known` tokens of its prompt were there."""

    def __init__(self, asked: Asked, known: int, blocks: list[int]) -> None:
        self.asked, self.known, self.blocks = asked, known, blocks
        self.read = asked.prompt[:known]
        self.prompt_read = False


class _Wanted:
    """What one text wants of the next pass, and what came of it."""

    def __init__(self, text: Text, part: Part) -> None:
        self.text, self.part = text, part
        self.logits: Any = None
        self.error: Exception | None = None

    @property
    def done(self) -> bool:
        return self.logits is not None or self.error is not None


class PagedTexts:
    """The texts of one model. Those of the last answers are kept until the next begins and takes over what it
    begins with alike.
    """

    def __init__(self, model: PagedModel) -> None:
        self._model = model
        self._changed = threading.Condition()
        self._busy = False  # a pass is under way
        self._reading = threading.Lock()  # held for the text whose prompt is being read
        self._writing: list[Text] = []
        self._left: list[Text] = []
        self._wanted: list[_Wanted] = []
        self._uses: Counter[int] = Counter()

    @contextmanager
    def begun(self, asked: Asked) -> Iterator[Text]:
        """Give the text of one answer once it may read its prompt.

        :raises Stopped: when the answer must end before that.
        """
        while not self._reading.acquire(timeout=POLL_SECONDS):
            if asked.must_end():
                raise Stopped
        try:
            with self._between_passes():
                text = self._begin(asked)
        except BaseException:
            self._reading.release()
            raise
        try:
            yield text
        finally:
            self._has_read_prompt(text)
            with self._between_passes():
                self._writing.remove(text)
                self._left.append(text)

    def read(self, text: Text, tokens: list[int], place: int, rows: int) -> Any:
        """One pass over `tokens`, the first of which stands at `place`; what was read from there on is
        forgotten. Gives the logits of the last `rows` of them: float32, (rows, vocabulary).

        :raises Stopped: when all that take part must end.
        """
        late = time.monotonic() + PATIENCE_SECONDS
        with self._changed:
            while len(text.blocks) * self._model.block < place + len(tokens):
                text.blocks.append(self._fresh())
            mine = _Wanted(text, Part(tokens, place, text.blocks, rows))
            self._wanted.append(mine)
            self._changed.notify_all()
            while not mine.done:
                together = len(self._wanted) >= len(self._writing) or time.monotonic() > late
                if together and not self._busy:
                    self._run()
                else:
                    self._changed.wait(POLL_SECONDS if self._busy else PATIENCE_SECONDS)
        if mine.error is not None:
            raise mine.error
        if place + len(tokens) >= len(text.asked.prompt):
            self._has_read_prompt(text)
        return mine.logits

    def _run(self) -> None:
        """Run one pass for all who want one. The lock is held before and after, not meanwhile."""
        joined, self._wanted, self._busy = self._wanted, [], True
        self._changed.release()
        try:
            found = self._model.read(
                [one.part for one in joined], lambda: all(one.text.asked.must_end() for one in joined)
            )
            for one, logits in zip(joined, found, strict=True):
                one.text.read = [*one.text.read[: one.part.place], *one.part.tokens]
                one.logits = logits.copy()  # the next pass may begin before they were looked at
        except Exception as error:  # each answer tells its own reader
            for one in joined:
                one.text.read = one.text.read[: one.part.place]
                one.error = error
        finally:
            self._changed.acquire()
            self._busy = False
            self._changed.notify_all()

    @contextmanager
    def _between_passes(self) -> Iterator[None]:
        """Hold the lock while no pass is under way."""
        with self._changed:
            while self._busy:
                self._changed.wait()
            yield
            self._changed.notify_all()

    def _begin(self, asked: Asked) -> Text:
        """Begin a text with what another has in common with it; then let go of those that are left."""
        known, like = 0, None
        for other in (*self._writing, *self._left):
            if (shared := shared_length(other.read, asked.prompt)) > known:
                known, like = shared, other
        whole, rest = divmod(known, self._model.block)
        blocks = like.blocks[:whole] if like else []
        self._uses.update(blocks)
        if like and rest:
            blocks.append(self._fresh())
            self._model.copy(like.blocks[whole], blocks[-1])
        while self._left:
            self._uses.subtract(self._left.pop().blocks)
        self._uses = +self._uses
        self._writing.append(text := Text(asked, known, blocks))
        return text

    def _fresh(self) -> int:
        """Return the first block that no text uses, now used."""
        block = next(number for number in count() if number not in self._uses)
        self._uses[block] = 1
        return block

    def _has_read_prompt(self, text: Text) -> None:
        """Let the next text read its prompt."""
        if not text.prompt_read:
            text.prompt_read = True
            self._reading.release()
