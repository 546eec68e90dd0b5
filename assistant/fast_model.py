"""A chat model run by OpenVINO on the processor (the extra `fast`): weights of 4 or 8 bits, several times the
speed of transformers there. Prepared OpenVINO folders are read as they are; GGUF files and folders of weights
are prepared once (`openvino_folder`).

The loop is that of `LocalModel`: what was read of a prompt is kept, the next tokens are guessed from it. Four
answers are written at once: each is slower than alone, all of them take about half the time (`paged_texts`).
It works in float32 with a 16-bit state: in bfloat16 with an 8-bit state passes of several tokens round
otherwise than passes of one, and 6 of 50 greedy texts came out otherwise with guessing than without.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.copying import Guesser
from assistant.generation import Asked, Stopped, write
from assistant.gguf_file import BITS_8, can_convert
from assistant.load_errors import explain_load_error
from assistant.memory import available_memory
from assistant.model_files import GGUF, SAFETENSORS, ModelFolder
from assistant.openvino_folder import is_prepared, prepared
from assistant.paged import PagedModel
from assistant.paged_texts import PagedTexts
from assistant.resident import ResidentModel
from assistant.sampling import GREEDY, Sampling
from index.errors import UserError

PIECE = 512  # tokens of a prompt read in one pass
LOADING = 2.2  # peak over the size of the weights while loading, measured with 4-bit and 8-bit weights
RESERVE_BYTES = 1_200_000_000  # Python, the runtime and the state of a long prompt
AT_ONCE = 4  # answers: a token of each in one pass costs what two single ones do, of eight what three do
CONVERTING, CONVERTING_A_BYTE = 4.0, 9e-9  # seconds, measured with folders of 1.5 and 4.1 GB
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
    """A model as OpenVINO runs it; `store` is where prepared weights are kept, `at_once` how many answers it
    writes at once.

    :raises UserError: when the extra is missing or the architecture unknown to the runtime.
    """

    _texts: Any = None

    def __init__(
        self,
        folder: ModelFolder,
        store: Path,
        sampling: Sampling = GREEDY,
        idle_seconds: float = 0.0,
        at_once: int = AT_ONCE,
    ) -> None:
        self._at_once = at_once
        super().__init__(folder, sampling, idle_seconds)
        self._store = store
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
        return self._texts is not None

    @property
    def preparation_seconds(self) -> float:
        """How long, roughly, converting the weights will take; 0 once that is done."""
        if is_prepared(self._folder, self._store):
            return 0.0
        return CONVERTING + CONVERTING_A_BYTE * self._folder.weight_bytes

    def prepare(self) -> None:
        """Convert the weights for this machine, once.

        :raises UserError: when the disk or the memory is too full or the files are damaged.
        """
        self._opened(lambda path: path)

    def _open(self) -> None:
        self._texts = self._opened(lambda path: PagedTexts(PagedModel(path)))

    def _opened(self, how: Callable[[Path], Any]) -> Any:
        """Do something with the prepared weights."""
        _check_memory(self._folder)
        try:
            return how(prepared(self._folder, self._store))
        except UserError:
            raise
        except Exception as error:  # whatever the runtime raises, the remedy is the same
            raise explain_load_error(error, self.name) from error

    def _shut(self) -> None:
        self._texts = None

    def _tokens(self, asked: Asked) -> Generator[int, None, None]:
        texts = self._texts
        with suppress(Stopped), texts.begun(asked) as text:
            yield from write(asked, text.known, PIECE, partial(texts.read, text), Guesser(asked.prompt))


def memory_needed(weight_bytes: int) -> int:
    """Bytes of memory that opening weights of that size takes at most."""
    return round(weight_bytes * LOADING) + RESERVE_BYTES


def _check_memory(folder: ModelFolder) -> None:
    size = round(folder.parameters * BITS_8) if folder.format == SAFETENSORS else folder.weight_bytes
    free, needed = available_memory(), memory_needed(size)
    if free is not None and needed > free:
        raise UserError(
            f"内存不够：打开模型“{folder.name}”约需 {needed / 1e9:.1f} GB，"
            f"本机能用的只有 {free / 1e9:.1f} GB，请关掉别的程序或换小一点的模型。"
        )
