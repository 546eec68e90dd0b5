"""ModelWriter: a section written by a chat model, streamed as clean body lines.

What the model returns must be Chinese body text of some length; if not, it is asked once more with the
reason, and then the first version in the task stands, which `last_problem` tells. Text is held back until
enough of it is good, so nothing shown is ever taken back: an answer that goes astray after that, short of
half the first version, is asked to go on, and then what it has not said comes from the first version. Errors
of the model itself are the caller's.
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
    as_data,
    echoes_of,
    fresh,
    heading_of,
    is_numbered,
    items_of,
    messages_for,
    slots_for,
    target_of,
)
from assistant.mask import mask_shapes
from assistant.models import beside, context_of, count_tokens, sections_at_once, was_cut_off
from assistant.output import StreamCleaner
from assistant.tables import Tables, load_tables
from assistant.text import han_count, overlap, shingles
from assistant.types import FRAME, Evidence, Message, Model, SectionTask, Stop
from prompts import fill_prompt, fixed_texts

SHORTEST = 40  # Hanzi: less than this is no section
LONGER = 1.6  # how far over its target a section may run
SHORTEST_LIMIT = 160
TOKENS_A_HANZI = 1.6
MOST_TOKENS = 2048
CHARS_A_TOKEN = 6  # a model that writes more than this does not heed its limit
MORE_TOKENS = 4  # the second time, when the first answer was all thinking
SPARE_ITEMS = 4  # beyond twice the items asked for: more is a list without end
SAID = 0.5  # share of a line's pairs of Hanzi that stand already: the line is said

_PROBLEM = {
    False: "模型没有写出可用的“{heading}”（{reason}），这一节保留的是程序编排的稿子，可以再试一次。",
    True: "模型写“{heading}”时中途乱了（{reason}），后面接的是程序编排的稿子，可以再试一次。",
}

_SHOWN = re.compile(
    r"【(?:初稿|已写)开始】.*?【(?:初稿|已写)结束】|〔范例\d+开始〕.*?〔范例\d+结束〕", re.DOTALL
)


class ModelWriter:
    """A `Writer` over any `Model`. After `write`, `last_problem` is "" or one Chinese sentence: the section
    is the first version, or ends with it, and why.
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

    @property
    def at_once(self) -> int:
        """How many sections can be written at once: more than one where a server batches."""
        return sections_at_once(self._model)

    def another(self, stop: Stop) -> ModelWriter:
        """Return a writer over the same model that can work beside this one."""
        return ModelWriter(beside(self._model), stop, self._tables)

    def write(self, task: SectionTask) -> Generator[str, None, None]:
        """Yield the section's body text as it is written; nothing more once the person has stopped it.

        :raises UserError: when the model cannot be loaded or reached.
        """
        self.last_problem = ""
        if task.item.code in FRAME and not task.material.strip() and not task.instruction.strip():
            return  # nothing to read off the body: a model would only make it up
        tokens = min(MOST_TOKENS, round(_limit(task) * TOKENS_A_HANZI))
        messages = self._messages(task, tokens)
        answer = _Answer(self._cleaner(task, messages), _floor(task))
        yield from self._attempt(answer, messages, tokens)
        reason = _reason(answer, task)
        if not reason or self._stop.is_set():
            return
        if was_cut_off(self._model):
            tokens *= MORE_TOKENS
        messages = _asked_again(messages, task, reason, answer.shown)
        if answer.shown:
            answer.cleaner.go_on()
        else:
            answer = _Answer(self._cleaner(task, messages), _floor(task))
        yield from self._attempt(answer, messages, tokens)
        reason = _reason(answer, task)
        if not reason or self._stop.is_set():
            return
        self.last_problem = _PROBLEM[bool(answer.shown)].format(heading=heading_of(task), reason=reason)
        yield _unsaid(task.material, answer.shown)

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

    def _cleaner(self, task: SectionTask, messages: Sequence[Message]) -> StreamCleaner:
        numbered = is_numbered(task)
        return StreamCleaner(
            heading=heading_of(task),
            limit=_limit(task),
            echoes=(*echoes_of(messages), *_asked(messages)),
            slots=slots_for(task, self._tables),
            numbered=numbered,
            orders=fixed_texts(),
            strangers=task.strangers,
            most_items=2 * items_of(task) + SPARE_ITEMS if numbered else 0,
        )

    def _attempt(self, answer: _Answer, messages: Sequence[Message], tokens: int) -> Iterator[str]:
        """Yield one answer's body text as soon as there is enough of it."""
        cleaner, held, answer.raw = answer.cleaner, "", ""
        most = CHARS_A_TOKEN * tokens + MOST_TOKENS
        with closing(_closable(self._model.stream(messages, tokens, self._stop))) as pieces:
            for piece in pieces:
                answer.raw += piece
                held += cleaner.feed(piece)
                if held and cleaner.hanzi >= answer.floor:
                    answer.shown += held
                    yield held
                    held = ""
                if cleaner.done or self._stop.is_set() or len(answer.raw) > most:
                    break
        held += cleaner.close(truncated=self._stop.is_set() or was_cut_off(self._model))
        if held and cleaner.hanzi >= answer.floor:
            answer.shown += held
            yield held


class _Answer:
    """One answer as it grows: what came (`raw`), what of it was shown, and the Hanzi it takes to be shown."""

    def __init__(self, cleaner: StreamCleaner, floor: int) -> None:
        self.cleaner, self.floor = cleaner, floor
        self.raw = self.shown = ""


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


def _asked_again(messages: Sequence[Message], task: SectionTask, reason: str, shown: str) -> list[Message]:
    """Return the messages with the reason added, and with what stands already where it is to go on."""
    values = {"reason": reason, "heading": heading_of(task), "written": as_data(shown)}
    repair = fill_prompt("go_on" if shown else "repair", values)
    *before, last = messages
    return [*before, {**last, "content": last["content"] + repair}]


def _unsaid(material: str, shown: str) -> str:
    """Return the lines of the first version that are not said yet; all of it where nothing is."""
    if not shown:
        return material
    said = shingles(shown)
    lines = (line for line in material.split("\n") if line.strip())
    rest = [line for line in lines if overlap(shingles(line), said) < SAID]
    return "".join(f"\n{line}" for line in rest)


def _limit(task: SectionTask) -> int:
    return max(SHORTEST_LIMIT, round(max(target_of(task), han_count(task.material)) * LONGER))


def _floor(task: SectionTask) -> int:
    """Fewest Hanzi of a usable section: 40, or half of a first version that is itself that short."""
    have = han_count(task.material)
    return SHORTEST if not have or have > SHORTEST else max(1, have // 2)


def _reason(answer: _Answer, task: SectionTask) -> str:
    """Return why an answer cannot stand as it is, "" if it can."""
    cleaner, raw = answer.cleaner, answer.raw
    letters = sum(char.isascii() and char.isalpha() for char in raw)
    if answer.shown and (not cleaner.trouble or 2 * cleaner.hanzi >= han_count(task.material)):
        return ""
    if not raw.strip():
        return "什么也没有写"
    if letters > han_count(raw):
        return "写的不是中文"
    if cleaner.trouble:
        return cleaner.trouble.value
    return "写得太短" if cleaner.hanzi else "只有标题、说明或思考过程，没有正文"
