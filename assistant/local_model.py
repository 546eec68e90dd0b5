"""A chat model run by transformers, on the processor or a graphics card.

The loop is our own: it keeps the attention state of the shared beginning of prompts, guesses ahead from the
prompt, looks at `stop` between two layers, and runs in the reader's thread, so nothing stays when the reader
goes. Greedy text is token for token that of `generate` in float32; bfloat16 rounds passes of several tokens
otherwise than passes of one, so a near tie may fall otherwise, but the same way whatever was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

from assistant.copying import Guesser
from assistant.generation import Asked, Stopped, write
from assistant.load_errors import explain_load_error
from assistant.memory import available_memory
from assistant.model_files import ModelFolder, check_memory
from assistant.packed import pack
from assistant.prefix_cache import BLOCK, PrefixCache, cut
from assistant.resident import ResidentModel
from assistant.short_attention import use_short_attention
from index.errors import UserError

SHORTEST_MATCH = 2  # tokens to guess after: a pass of 16 costs half as much again as a pass of one


class LocalModel(ResidentModel):
    """A model folder as transformers runs it."""

    _model: Any = None
    _prefix: PrefixCache = PrefixCache()

    @property
    def loaded(self) -> bool:
        """Whether the weights are in memory."""
        return self._model is not None

    def _open(self) -> None:
        self._prefix = PrefixCache()
        self._model = _read_weights(self._folder)

    def _shut(self) -> None:
        self._model = None
        self._prefix = PrefixCache()

    def _tokens(self, asked: Asked) -> Generator[int, None, None]:
        with self._prefix.reused(self._model, asked.prompt) as (cache, known):

            def forward(tokens: list[int], place: int, rows: int) -> Any:
                cut(cache, place)
                return self._forward(tokens, cache, rows, asked.must_end)

            guesser = Guesser(asked.prompt, SHORTEST_MATCH) if self._prefix.croppable else None
            yield from write(asked, known, BLOCK, forward, guesser)

    def _forward(self, tokens: list[int], cache: Any, rows: int, must_end: Callable[[], bool]) -> Any:
        """One pass over `tokens`; the logits of the last `rows` of them."""
        import torch

        with torch.inference_mode(), _leaving(self._model, must_end):
            output = self._model(
                input_ids=torch.tensor([tokens], device=self._model.device),
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=rows,
            )
            return output.logits[0].float().cpu().numpy()


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
        raise explain_load_error(error, folder.name) from error
    if report["missing_keys"]:
        missing = len(report["missing_keys"])
        raise UserError(f"模型“{folder.name}”的权重不全（缺 {missing} 项），请重新拷贝模型。")
    model = model.to(device).eval()
    use_short_attention(model)
    pack(model)
    return model


def _dtype(device: str) -> Any:
    """bfloat16 where the hardware computes in it, which halves memory and time; float32 elsewhere."""
    import torch

    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    native = any(capabilities.get(key) for key in ("avx512_bf16", "amx_bf16", "bf16"))
    return torch.bfloat16 if native else torch.float32
