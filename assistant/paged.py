"""An OpenVINO model that reads on in several texts at once and can go back to any place of them.

OpenVINO's paged attention keeps the attention state in tensors of our own, block after block, and is told
with each pass which blocks hold a text and where it stands. So keeping a shared beginning and dropping a
wrong guess are one number, with nothing copied, and a pass over a token of each of four texts costs what two
single passes do, one over 16 tokens of a text what three do: in OpenVINO's stateful models attention over
several new tokens is four times slower.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from assistant.generation import Stopped

PRECISION = {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f16"}
ROOM = 1024  # tokens by which the kept state grows
POLL_MS = 50  # how often a pass looks whether it must end


@dataclass(frozen=True, slots=True)
class Part:
    """What a pass reads of one text: `tokens`, the first of which stands at `place`, into `blocks`, which
    hold the text from its beginning; of the last `rows` tokens the logits are wanted.
    """

    tokens: Sequence[int]
    place: int
    blocks: Sequence[int]
    rows: int


class PagedModel:
    """The model in the file `path` (openvino_model.xml) on the processor."""

    def __init__(self, path: Path) -> None:
        import openvino

        core = openvino.Core()
        self._compiled = core.compile_model(
            _prepared(core.read_model(path)), "CPU", PRECISION | {"PERFORMANCE_HINT": "LATENCY"}
        )
        self._request = self._compiled.create_infer_request()
        inputs = {port.any_name: port for port in self._compiled.inputs}
        self._states = {name: port for name, port in inputs.items() if "_cache." in name}
        self._inputs = inputs.keys() - self._states.keys()
        self.block = next(iter(self._states.values())).partial_shape[2].get_length()  # tokens a block
        self._blocks = 0

    def read(self, parts: Sequence[Part], must_end: Callable[[], bool]) -> list[Any]:
        """One pass over `parts`; all that stands before each was read. Gives the logits of each part's last
        `rows` tokens: float32, (rows, vocabulary), valid until the next pass.

        :raises Stopped: when `must_end` said so before it was done; what stood before each part is kept.
        """
        self.make_room(max(max(part.blocks) for part in parts) + 1)
        self._request.start_async(self._fed(parts))
        while not self._request.wait_for(POLL_MS):
            if must_end():
                self._leave()
        logits = self._request.get_output_tensor(0).data
        logits = logits.reshape(-1, logits.shape[-1])
        ends = accumulate(part.rows for part in parts)
        return [logits[end - part.rows : end] for part, end in zip(parts, ends, strict=True)]

    def _fed(self, parts: Sequence[Part]) -> dict[str, Any]:
        ends = [0, *accumulate(len(part.tokens) for part in parts)]
        reached = [part.place + len(part.tokens) for part in parts]
        used = [part.blocks[: -(-end // self.block)] for part, end in zip(parts, reached, strict=True)]
        places = [np.arange(part.place, end) for part, end in zip(parts, reached, strict=True)]
        rows = [np.arange(end - part.rows, end) for part, end in zip(parts, ends[1:], strict=True)]
        everything = {
            "input_ids": np.array([token for part in parts for token in part.tokens], np.int64),
            "position_ids": np.concatenate(places).astype(np.int64),
            "past_lens": np.array([part.place for part in parts], np.int32),
            "subsequence_begins": np.array(ends, np.int32),
            "block_indices": np.array([block for blocks in used for block in blocks], np.int32),
            "block_indices_begins": np.array([0, *accumulate(map(len, used))], np.int32),
            "max_context_len": np.array(max(reached), np.int32),
            "rows": np.concatenate(rows).astype(np.int64),
        }
        return {name: everything[name] for name in self._inputs}

    def _leave(self) -> None:
        """Cancel the pass: it ends between two layers."""
        self._request.cancel()
        try:
            self._request.wait()
        except RuntimeError as error:  # how the runtime tells of a cancelled pass
            raise Stopped from error
        raise Stopped

    def copy(self, block: int, to: int) -> None:
        """Let one block hold what another does. Not while a pass is under way."""
        self.make_room(max(block, to) + 1)
        for name in self._states:
            state = self._request.get_tensor(name).data
            state[to] = state[block]

    def make_room(self, blocks: int) -> None:
        """Let the state hold that many blocks, tensor by tensor, so that little is there twice."""
        import openvino

        if blocks <= self._blocks:
            return
        step = max(1, ROOM // self.block)
        blocks = -(-blocks // step) * step
        for name, port in self._states.items():
            shape = [blocks, *(size.get_length() for size in list(port.partial_shape)[1:])]
            wider = openvino.Tensor(port.element_type, openvino.Shape(shape))
            if self._blocks:
                wider.data[: self._blocks] = self._request.get_tensor(name).data
            self._request.set_tensor(name, wider)
        self._blocks = blocks


def _prepared(model: Any) -> Any:
    """The model with paged attention, its output layer for the tokens numbered in `rows` alone."""
    from openvino import Type
    from openvino import opset13 as operations
    from openvino._offline_transformations import paged_attention_transformation

    paged_attention_transformation(model)
    node = model.outputs[0].get_node()
    while node.get_type_name() != "MatMul":
        node = node.input_value(0).get_node()
    rows = operations.parameter([-1], Type.i64, name="rows")
    rows.output(0).set_names({"rows"})
    wanted = operations.gather(node.input_value(0), rows, operations.constant(np.array(0)))
    node.input(0).replace_source_output(wanted.output(0))
    model.add_parameters([rows])
    model.validate_nodes_and_infer_types()
    return model
