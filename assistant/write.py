"""ModelWriter: a section written by a chat model, streamed as clean body lines.

What the model returns must be Chinese body text of some length; if not, it is asked once more with the
reason, and then the first version in the task stands, which `last_problem` tells. Text is held back until
enough of it is good, so nothing shown is ever taken back. Errors of the model itself are the caller's.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice

from assistant.briefing import (
    MOST_EXAMPLES,
    echoes_of,
    fresh,
    heading_of,
    is_numbered,
    messages_for,
    slots_for,
    target_of,
)
from assistant.mask import mask_shapes
from assistant.models import context_of, count_tokens, was_cut_off
from assistant.output import StreamCleaner
from assistant.tables import Tables, load_tables
from assistant.text import han_count
from assistant.types import FRAME, Evidence, Message, Model, SectionTask, Stop
from prompts import fill_prompt, fixed_texts

SHORTEST = 40  # Hanzi: less than this is no section
LONGER = 1.6  # how far over its target a section may run
SHORTEST_LIMIT = 160
TOKENS_A_HANZI = 1.6
MOST_TOKENS = 2048
CHARS_A_TOKEN = 6  # a model that writes more than this does not heed its limit
MORE_TOKENS = 4  # the second time, when the first answer was all thinking


_SHOWN = re.compile(r"【初稿开始】.*?【初稿结束】|〔范例\d+开始〕.*?〔范例\d+结束〕", re.DOTALL)


class ModelWriter:
    """A `Writer` over any `Model`. After `write`, `last_problem` is "" or one Chinese sentence: the section
    is the first version, not the model's, and why.
    """

    def __init__(self, model: Model, stop: Stop | None = None, tables: Tables | None = None) -> None:
        self._model = model
        self._stop: Stop = stop or threading.Event()
        self._tables = tables or load_tables()
        self.last_problem = ""

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def write(self, task: SectionTask) -> Iterator[str]:
        """Yield the section's body text as it is written; nothing more once the person has stopped it.

        :raises UserError: when the model cannot be loaded or reached.
        """
        self.last_problem = ""
        if task.item.code in FRAME and not task.material.strip() and not task.instruction.strip():
            return  # nothing to read off the body: a model would only make it up
        tokens = min(MOST_TOKENS, round(_limit(task) * TOKENS_A_HANZI))
        messages = self._messages(task, tokens)
        reason = yield from self._attempt(task, messages, tokens)
        if not reason or self._stop.is_set():
            return
        if was_cut_off(self._model):
            tokens *= MORE_TOKENS
        reason = yield from self._attempt(task, _with_reason(messages, task, reason), tokens)
        if not reason or self._stop.is_set():
            return
        heading = heading_of(task)
        self.last_problem = (
            f"模型没有写出可用的“{heading}”（{reason}），这一节保留的是程序编排的稿子，可以再试一次。"
        )
        yield task.material

    def _messages(self, task: SectionTask, tokens: int) -> list[Message]:
        """Build the messages, dropping the least relevant precedents while the context is too small.

        What tables write has no precedents: theirs speak of their own year and their own unit.
        """
        shown = [] if task.item.code in FRAME else islice(fresh(task.evidence, task.material), MOST_EXAMPLES)
        evidence = [_nameless(found) for found in shown]
        messages = messages_for(task, self._tables, evidence)
        context = context_of(self._model)
        while context and evidence and count_tokens(self._model, messages) + tokens > context:
            evidence.pop()
            messages = messages_for(task, self._tables, evidence)
        return messages

    def _attempt(
        self, task: SectionTask, messages: Sequence[Message], tokens: int
    ) -> Generator[str, None, str]:
        """Yield one answer's body text; return why it is unusable, "" if it is good."""
        cleaner = StreamCleaner(
            heading=heading_of(task),
            limit=_limit(task),
            echoes=(*echoes_of(messages), *_asked(messages)),
            slots=slots_for(task, self._tables),
            numbered=is_numbered(task),
            orders=fixed_texts(),
            strangers=task.strangers,
        )
        floor, held, raw = _floor(task), "", ""
        most = CHARS_A_TOKEN * tokens + MOST_TOKENS
        with closing(_closable(self._model.stream(messages, tokens, self._stop))) as pieces:
            for piece in pieces:
                raw += piece
                held += cleaner.feed(piece)
                if held and cleaner.hanzi >= floor:
                    yield held
                    held = ""
                if cleaner.done or self._stop.is_set() or len(raw) > most:
                    break
        held += cleaner.close(truncated=self._stop.is_set() or was_cut_off(self._model))
        if cleaner.hanzi >= floor:
            yield from filter(None, (held,))
            return ""
        return _reason(raw, cleaner)


def _nameless(found: Evidence) -> Evidence:
    """Return a precedent as a model may see it: an imported one without anything that looks like a name."""
    return found if found.passage.origin == "starter" else replace(found, masked=mask_shapes(found.masked))


def _closable(stream: Iterator[str]) -> Generator[str, None, None]:
    """Pass a stream on and close it however the reading ends, so that the model stops at once."""
    try:
        yield from stream
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()


def _asked(messages: Sequence[Message]) -> tuple[str, ...]:
    """Return the sentences of the last message that ask: neither precedents nor the first version."""
    text = _SHOWN.sub("\n", messages[-1]["content"])
    return tuple(sentence for sentence in re.split(r"[。！？；：\n]", text) if sentence.strip())


def _with_reason(messages: Sequence[Message], task: SectionTask, reason: str) -> list[Message]:
    repair = fill_prompt("repair", {"reason": reason, "heading": heading_of(task)})
    *before, last = messages
    return [*before, {**last, "content": last["content"] + repair}]


def _limit(task: SectionTask) -> int:
    return max(SHORTEST_LIMIT, round(max(target_of(task), han_count(task.material)) * LONGER))


def _floor(task: SectionTask) -> int:
    """Fewest Hanzi of a usable section: 40, or half of a first version that is itself that short."""
    have = han_count(task.material)
    return SHORTEST if not have or have > SHORTEST else max(1, have // 2)


def _reason(raw: str, cleaner: StreamCleaner) -> str:
    letters = sum(char.isascii() and char.isalpha() for char in raw)
    if not raw.strip():
        return "什么也没有写"
    if cleaner.looped:
        return "反复写同一句话"
    if letters > han_count(raw):
        return "写的不是中文"
    if not cleaner.hanzi:
        return "只有标题、说明或思考过程，没有正文"
    return "写得太短"
