"""A chat model run in this process by transformers: loaded on first use, one answer at a time.

Knows nothing about plans. Generation runs in a worker thread that always ends before `stream` does: at the
model's own end, within a token of `stop`, or when the consumer closes the generator.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from typing import Any

from assistant.model_files import ModelFolder, available_memory, check_memory
from assistant.prefix_cache import PrefixCache
from assistant.thinking import without_thinking
from assistant.types import Message, Stop
from index.errors import UserError

REPETITION_PENALTY = 1.1  # small models run away on long Chinese lists without one
POLL_SECONDS = 0.05
OPEN_THINKING = "<think>"


class Stopped(Exception):
    """Raised inside the model to leave a forward pass."""


class LocalModel:
    """A model folder as a `Model`. `truncated` tells whether the last answer ended at its token limit."""

    def __init__(self, folder: ModelFolder) -> None:
        self._folder = folder
        self._busy = threading.Lock()
        self._loading = threading.Lock()
        self._tokenizer: Any = None
        self._model: Any = None
        self._prefix = PrefixCache()
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
    def loaded(self) -> bool:
        """Whether the weights are in memory."""
        return self._model is not None

    def load(self) -> None:
        """Read tokenizer and weights now rather than on first use.

        :raises UserError: when memory is short or the files are damaged or unknown to transformers.
        """
        with self._loading:
            self._load_tokenizer()
            if self._model is None:
                self._model = _read_weights(self._folder)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the prompt that `messages` become."""
        with self._loading:
            self._load_tokenizer()
        return len(_encode(self._tokenizer, _render(self._tokenizer, messages)))

    def stream(self, messages: Sequence[Message], max_tokens: int, stop: Stop) -> Iterator[str]:
        """Yield the answer as it is written. A second caller waits until the first has ended.

        :raises UserError: when the model cannot be loaded or the prompt exceeds its context.
        """
        with self._turn(stop) as mine:
            if not mine:
                return
            self.load()
            prompt = _render(self._tokenizer, messages)
            tokens = _encode(self._tokenizer, prompt)
            room = max_tokens if self.context is None else min(max_tokens, self.context - len(tokens))
            if room < 1:
                raise UserError(
                    f"这一节的材料太长，超出模型“{self.name}”能读的长度，请减少参考材料或换一个模型。"
                )
            opening = [OPEN_THINKING] if prompt.rstrip().endswith(OPEN_THINKING) else []
            with closing(self._generate(tokens, room, stop)) as answer:
                yield from without_thinking(chain(opening, answer))

    @contextmanager
    def _turn(self, stop: Stop) -> Iterator[bool]:
        """Wait for the model to be free; False when `stop` came first."""
        while not self._busy.acquire(timeout=POLL_SECONDS):
            if stop.is_set():
                yield False
                return
        try:
            yield not stop.is_set()
        finally:
            self._busy.release()

    def _load_tokenizer(self) -> None:
        if self._tokenizer is None:
            self._tokenizer = _read_tokenizer(self._folder)

    def _generate(self, tokens: list[int], room: int, stop: Stop) -> Generator[str, None, None]:
        from transformers import TextIteratorStreamer

        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        ended = threading.Event()
        failures: list[BaseException] = []

        def must_end() -> bool:
            return ended.is_set() or stop.is_set()

        def work() -> None:
            try:
                length = self._answer(tokens, room, streamer, must_end)
                self.truncated = stop.is_set() or length >= room
            except Stopped:
                self.truncated = True
            except BaseException as error:  # handed to the consumer below
                failures.append(error)
            finally:
                streamer.on_finalized_text("", stream_end=True)

        worker = threading.Thread(target=work, name="gonghui-model", daemon=True)
        worker.start()
        try:
            for text in streamer:
                if text and not must_end():
                    yield text
        finally:
            ended.set()
            worker.join()
        if failures:
            raise _memory_sentence(failures[0], self.name) or failures[0]

    def _answer(self, tokens: list[int], room: int, streamer: Any, must_end: Callable[[], bool]) -> int:
        """Run one generation to its end, in the worker thread; return how many tokens it wrote."""
        import torch
        from transformers import LogitsProcessorList, RepetitionPenaltyLogitsProcessor, StoppingCriteriaList

        penalty = RepetitionPenaltyLogitsProcessor(REPETITION_PENALTY, prompt_ignore_length=len(tokens))
        prompt = torch.tensor([tokens], device=self._model.device)
        with _leaving(self._model, must_end), self._prefix.reused(self._model, tokens) as cache:
            output = self._model.generate(
                prompt,
                attention_mask=torch.ones_like(prompt),
                past_key_values=cache,
                max_new_tokens=room,
                do_sample=False,
                temperature=None,
                top_p=None,
                top_k=None,
                repetition_penalty=1.0,
                logits_processor=LogitsProcessorList([penalty]),
                stopping_criteria=StoppingCriteriaList([_criterion(must_end)]),
                streamer=streamer,
            )
        return int(output.shape[1]) - len(tokens)


@contextmanager
def _leaving(model: Any, must_end: Callable[[], bool]) -> Iterator[None]:
    """Let a forward pass be left between two layers, so that reading a long prompt can be stopped too."""

    def look(*_: Any) -> None:
        if must_end():
            raise Stopped

    hooks = [layer.register_forward_pre_hook(look) for layer in _layers(model)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _layers(model: Any) -> list[Any]:
    from torch.nn import ModuleList

    stacks = [list(module) for module in model.modules() if isinstance(module, ModuleList)]
    return max(stacks, key=len, default=[])


def _criterion(must_end: Callable[[], bool]) -> Any:
    import torch
    from transformers import StoppingCriteria

    class MustEnd(StoppingCriteria):
        def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
            return torch.full((input_ids.shape[0],), must_end(), dtype=torch.bool, device=input_ids.device)

    return MustEnd()


def _render(tokenizer: Any, messages: Sequence[Message]) -> str:
    """The prompt text by the model's own template, thinking switched off where the template can."""
    from jinja2 import TemplateError

    switches = {"enable_thinking": False} if "enable_thinking" in str(tokenizer.chat_template) else {}
    conversation = [dict(message) for message in messages]
    try:
        return str(_apply(tokenizer, conversation, switches))
    except TemplateError:  # some templates know no system role
        joined = "\n\n".join(message["content"] for message in messages)
        return str(_apply(tokenizer, [{"role": "user", "content": joined}], switches))


def _apply(tokenizer: Any, conversation: list[dict[str, str]], switches: dict[str, bool]) -> Any:
    return tokenizer.apply_chat_template(conversation, tokenize=False, add_generation_prompt=True, **switches)


def _encode(tokenizer: Any, prompt: str) -> list[int]:
    return list(tokenizer(prompt, add_special_tokens=False)["input_ids"])


def _read_tokenizer(folder: ModelFolder) -> Any:
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(folder.path, local_files_only=True)
    except Exception as error:  # whatever the format's reader raises, the remedy is the same
        raise _explain(error, folder.name) from error


def _read_weights(folder: ModelFolder) -> Any:
    """Load the weights; a model with some missing is refused, never completed with random numbers."""
    import torch
    import transformers

    library: Any = transformers
    library.utils.logging.disable_progress_bar()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = _dtype(device)
    if device == "cpu":
        check_memory(folder, dtype.itemsize, available_memory())
    try:
        model, report = library.AutoModelForCausalLM.from_pretrained(
            folder.path, local_files_only=True, dtype=dtype, output_loading_info=True
        )
    except Exception as error:  # whatever the format's reader raises, the remedy is the same
        raise _explain(error, folder.name) from error
    if report["missing_keys"]:
        missing = len(report["missing_keys"])
        raise UserError(f"模型“{folder.name}”的权重不全（缺 {missing} 项），请重新拷贝模型。")
    return model.to(device).eval()


def _dtype(device: str) -> Any:
    """bfloat16 where the hardware computes in it, which halves memory and time; float32 elsewhere."""
    import torch

    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    native = any(capabilities.get(key) for key in ("avx512_bf16", "amx_bf16", "bf16"))
    return torch.bfloat16 if native else torch.float32


def _explain(error: Exception, name: str) -> UserError:
    """The sentence for whatever went wrong while reading a model's files."""
    if told := _memory_sentence(error, name):
        return told
    text = str(error)
    if "trust_remote_code" in text or "does not recognize this architecture" in text:
        return UserError(f"程序不认识模型“{name}”的类型，请换一个模型或升级 transformers。")
    if isinstance(error, ImportError):
        return UserError(f"模型“{name}”需要另装组件才能运行（多为量化模型），请换用未量化的版本。")
    reason = text.strip().split("\n")[0][:80] or type(error).__name__
    return UserError(f"模型“{name}”读不出来（{reason}），请重新拷贝模型或换一个。")


def _memory_sentence(error: BaseException, name: str) -> UserError | None:
    text = str(error)
    if isinstance(error, MemoryError) or "out of memory" in text or "not enough memory" in text:
        return UserError(f"内存不够，模型“{name}”停了下来，请关掉别的程序或换小一点的模型。")
    return None
