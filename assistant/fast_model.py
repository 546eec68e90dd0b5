"""A chat model run by OpenVINO GenAI on the processor (the extra `fast`): weights of 4 or 8 bits, several
times the speed of transformers there. Reads OpenVINO folders and GGUF files as they are, and folders of
weights through `gguf_file`.

The runtime keeps the attention state of earlier prompts by blocks and guesses ahead from the prompt. It works
in float32 with a 16-bit state: in bfloat16 with an 8-bit state passes of several tokens round otherwise than
passes of one, and 6 of 50 greedy texts came out otherwise with guessing than without.
"""

from __future__ import annotations

import math
import queue
import shutil
import threading
from collections.abc import Callable, Generator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from assistant.gguf_file import can_convert, converted
from assistant.load_errors import explain_load_error
from assistant.memory import available_memory
from assistant.model_files import GGUF, SAFETENSORS, ModelFolder
from assistant.prefix_cache import shared_length
from assistant.resident import ResidentModel
from assistant.sampling import GREEDY, Sampling
from index.errors import UserError

STEP = 256  # tokens of a prompt read at once: so long does a stop wait while reading
GUESSED, MATCH = 5, 3  # tokens guessed at once, and how many must match before
CACHE_GB = 1  # attention state kept for the shared beginning
PRECISION = {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f16"}
LOADING = 2.2  # peak over the size of the weights while loading, measured with 4-bit and 8-bit weights
RESERVE_BYTES = 700_000_000 + CACHE_GB * 2**30
ARCHITECTURES = ("llama", "qwen2", "qwen3")  # what the runtime reads from GGUF


def fast_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("openvino_genai") is not None and find_spec("gguf") is not None


def fast_pays(folder: ModelFolder) -> bool:
    """Whether this runtime should run `folder`: it can, and there is no graphics card for transformers."""
    if folder.format != SAFETENSORS:
        return True
    return fast_installed() and can_convert(folder) and shutil.which("nvidia-smi") is None


class FastModel(ResidentModel):
    """A model as OpenVINO GenAI runs it; `store` is where converted weights are kept.

    :raises UserError: when the extra is missing or the architecture unknown to the runtime.
    """

    _pipe: Any = None

    def __init__(
        self, folder: ModelFolder, store: Path, sampling: Sampling = GREEDY, idle_seconds: float = 0.0
    ) -> None:
        super().__init__(folder, sampling, idle_seconds)
        self._store = store
        self._read: list[int] = []
        if not fast_installed():
            raise UserError(
                f"模型“{folder.name}”要用快速组件打开，请先运行 pip install gonghui[fast]，"
                "或换用未转换的模型文件夹。"
            )
        if folder.format == GGUF and folder.architecture not in ARCHITECTURES:
            raise UserError(
                f"快速组件还不认识“{folder.architecture}”类型的 GGUF 文件，"
                "请用 Ollama 或 llama.cpp 打开后填它的网址，或换一个模型。"
            )

    @property
    def loaded(self) -> bool:
        """Whether the weights are in memory."""
        return self._pipe is not None

    def _open(self) -> None:
        import openvino_genai

        path = self._folder.path
        if self._folder.format == SAFETENSORS:
            path = converted(self._folder, self._store)
        _check_memory(self._folder.name, _size(path))
        schedule = openvino_genai.SchedulerConfig()
        schedule.enable_prefix_caching = True
        schedule.cache_size = CACHE_GB
        schedule.max_num_batched_tokens = 2 * STEP
        try:
            self._pipe = openvino_genai.LLMPipeline(
                str(path), "CPU", scheduler_config=schedule, prompt_lookup=True, **PRECISION
            )
        except Exception as error:  # whatever the runtime raises, the remedy is the same
            raise explain_load_error(error, self.name) from error

    def _shut(self) -> None:
        self._pipe = None
        self._read = []

    def _tokens(
        self, prompt: list[int], room: int, must_end: Callable[[], bool], sampling: Sampling
    ) -> Generator[int, None, None]:
        shared = shared_length(self._read, prompt)
        self._read = prompt[:shared]
        for end in range(shared + STEP, len(prompt), STEP):  # in pieces, so that it can be stopped
            if must_end():
                return
            self._pipe.generate(_tensor(prompt[:end]), self._config(1, GREEDY))
            self._read = prompt[:end]
        yield from self._written(prompt, self._config(room, sampling), must_end)

    def _written(
        self, prompt: list[int], config: Any, must_end: Callable[[], bool]
    ) -> Generator[int, None, None]:
        """Yield tokens while a worker thread writes them; the worker ends within one token of the reader."""
        fresh: queue.SimpleQueue[int | BaseException | None] = queue.SimpleQueue()
        ended = threading.Event()
        streamer = _streamer(fresh.put, lambda: ended.is_set() or must_end())

        def work() -> None:
            failure: BaseException | None = None
            try:
                self._pipe.generate(_tensor(prompt), config, streamer)
                self._read = prompt
            except BaseException as error:  # handed to the reader below
                failure = error
            fresh.put(failure)

        worker = threading.Thread(target=work, name="gonghui-model", daemon=True)
        worker.start()
        try:
            while isinstance(token := fresh.get(), int):
                if token in self._text().ends or must_end():
                    break
                yield token
            if isinstance(token, BaseException):
                raise token
        finally:
            ended.set()
            worker.join()

    def _config(self, room: int, sampling: Sampling) -> Any:
        import openvino_genai

        config = openvino_genai.GenerationConfig()
        ends = self._text().ends
        config.eos_token_id = min(ends, default=-1)
        config.stop_token_ids = set(ends)
        config.max_new_tokens = room
        config.num_assistant_tokens = GUESSED
        config.max_ngram_size = MATCH
        config.frequency_penalty = sampling.frequency
        config.do_sample = not sampling.greedy
        if config.do_sample:
            config.temperature = sampling.temperature
            config.top_p = sampling.top_p
            config.rng_seed = sampling.seed
            if sampling.top_k:
                config.top_k = sampling.top_k
        return config


def _tensor(tokens: list[int]) -> Any:
    import openvino

    return openvino.Tensor(np.array([tokens], dtype=np.int64))


def _streamer(put: Callable[[int], None], must_end: Callable[[], bool]) -> Any:
    import openvino_genai

    class Streamer(openvino_genai.StreamerBase):  # type: ignore[misc]
        def write(self, tokens: int | list[int]) -> Any:
            for token in [tokens] if isinstance(tokens, int) else tokens:
                put(token)
            status = openvino_genai.StreamingStatus
            return status.CANCEL if must_end() else status.RUNNING

        def end(self) -> None:
            pass

    return Streamer()


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else (path / "openvino_model.bin").stat().st_size


def _check_memory(name: str, size: int) -> None:
    free, needed = available_memory(), math.ceil(size * LOADING) + RESERVE_BYTES
    if free is not None and needed > free:
        raise UserError(
            f"内存不够：打开模型“{name}”约需 {needed / 1e9:.1f} GB，本机能用的只有 {free / 1e9:.1f} GB，"
            "请关掉别的程序或换小一点的模型。"
        )
