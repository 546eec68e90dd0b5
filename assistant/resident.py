"""A chat model in this process, whatever runs it: queue, loading on first use, text in and out, unloading.

`LocalModel` and `FastModel` add how weights are opened and how tokens are made. Knows nothing about plans.
"""

from __future__ import annotations

import gc
import threading
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from itertools import chain

from assistant.chat_text import ChatText
from assistant.generation import Asked
from assistant.load_errors import memory_sentence
from assistant.model_files import ModelFolder
from assistant.sampling import GREEDY, Sampling, seeded
from assistant.thinking import without_thinking
from assistant.turns import Turns
from assistant.types import Message, Stop
from index.errors import UserError


class ResidentModel(ABC):
    """A model folder as a `Model`. `truncated` tells whether the last answer ended at its token limit.

    `idle_seconds` after the last answer the weights leave the memory; 0 keeps them.
    """

    _at_once = 1

    def __init__(self, folder: ModelFolder, sampling: Sampling = GREEDY, idle_seconds: float = 0.0) -> None:
        self._folder = folder
        self._sampling = sampling
        self._idle_seconds = idle_seconds
        self._loading = threading.Lock()
        self._chat: ChatText | None = None
        self._timer: threading.Timer | None = None
        self.turns = Turns(self._at_once)
        self.truncated = False

    @property
    def name(self) -> str:
        """The folder's or the model's own name."""
        return self._folder.name

    @property
    def context(self) -> int | None:
        """Longest prompt plus answer in tokens, None when the model does not say."""
        return self._folder.context

    @property
    @abstractmethod
    def loaded(self) -> bool:
        """Whether the weights are in memory."""

    @abstractmethod
    def _open(self) -> None:
        """Read the weights."""

    @abstractmethod
    def _shut(self) -> None:
        """Let go of the weights."""

    @abstractmethod
    def _tokens(self, asked: Asked) -> Generator[int, None, None]:
        """Yield the tokens of an answer, the end token left out."""

    def load(self) -> None:
        """Read tokenizer and weights now rather than on first use.

        :raises UserError: when memory is short or the files are damaged or of an unknown kind.
        """
        self._text()
        with self._loading:
            if not self.loaded:
                self._open()

    def unload(self) -> None:
        """Let the weights go; the next answer reads them again. A model that is writing keeps them."""
        with self._loading:
            if self.turns.idle and self.loaded:
                self._shut()
                gc.collect()

    def close(self) -> None:
        """Let the weights go for good: nothing waits for idleness any more."""
        self._stay()
        self.unload()

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the prompt that `messages` become."""
        return len(self._text().prompt(messages)[0])

    def at_once(self) -> int:
        """How many answers it writes at once; who comes then waits."""
        return self._at_once

    def beside(self) -> Beside:
        """Return the model as one more can use it at the same time."""
        return Beside(self)

    def stream(self, messages: Sequence[Message], max_tokens: int, stop: Stop) -> Iterator[str]:
        """Yield the answer as it is written, once it is its turn.

        :raises UserError: when the model cannot be loaded or the prompt exceeds its context.
        """
        return self.stream_to(self, messages, max_tokens, stop)

    def stream_to(
        self, asker: ResidentModel | Beside, messages: Sequence[Message], max_tokens: int, stop: Stop
    ) -> Iterator[str]:
        """Do what `stream` does, and tell `asker` whether the answer was cut off."""
        try:
            with self.turns.turn(stop) as mine:
                if mine:
                    self._stay()
                    yield from self._answer(asker, messages, max_tokens, stop)
        except Exception as error:
            if told := memory_sentence(error, self.name):
                raise told from error
            raise
        finally:
            self._leave_when_idle()

    def _answer(
        self, asker: ResidentModel | Beside, messages: Sequence[Message], max_tokens: int, stop: Stop
    ) -> Iterator[str]:
        self.load()
        chat = self._text()
        prompt, opening = chat.prompt(messages)
        room = max_tokens if self.context is None else min(max_tokens, self.context - len(prompt))
        if room < 1:
            raise UserError(
                f"这一节的材料太长，超出模型“{self.name}”能读的长度，请减少参考材料或换一个模型。"
            )
        asker.truncated = True
        asked = Asked(prompt, room, chat.ends, stop.is_set, seeded(self._sampling, messages))
        with closing(self._tokens(asked)) as tokens:
            counted = _Counted(tokens)
            yield from without_thinking(chain([opening] if opening else [], chat.pieces(counted)))
        asker.truncated = stop.is_set() or counted.count >= room

    def _text(self) -> ChatText:
        with self._loading:
            self._chat = self._chat or ChatText(self._folder)
            return self._chat

    def _stay(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _leave_when_idle(self) -> None:
        if self._idle_seconds > 0 and self.turns.idle:
            self._stay()
            self._timer = threading.Timer(self._idle_seconds, self.unload)
            self._timer.daemon = True
            self._timer.name = "gonghui-idle"
            self._timer.start()


class Beside:
    """A resident model as one more asks it at the same time: weights and queue are shared, what is told of
    the last answer is not.
    """

    def __init__(self, model: ResidentModel) -> None:
        self._model = model
        self.truncated = False

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @property
    def context(self) -> int | None:
        """Longest prompt plus answer in tokens, None when the model does not say."""
        return self._model.context

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the prompt that `messages` become."""
        return self._model.count_tokens(messages)

    def stream(self, messages: Sequence[Message], max_tokens: int, stop: Stop) -> Iterator[str]:
        """Yield the answer as it is written, once it is its turn; errors are those of the model."""
        return self._model.stream_to(self, messages, max_tokens, stop)


class _Counted:
    """Counts what passes."""

    def __init__(self, tokens: Iterator[int]) -> None:
        self._tokens = tokens
        self.count = 0

    def __iter__(self) -> Iterator[int]:
        for token in self._tokens:
            self.count += 1
            yield token
