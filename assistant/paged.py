"""An OpenVINO model that reads one text, piece by piece, and can go back to any place of it.

OpenVINO's paged attention keeps the attention state in tensors of our own, block after block, and is told
with each pass where the text stands. So keeping a shared beginning and dropping a wrong guess are one number,
with nothing copied, and 16 tokens in one pass cost what three single ones do: in OpenVINO's stateful models
attention over several new tokens is four times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from assistant.generation import Stopped

PRECISION = {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f16"}
ROOM = 1024  # tokens by which the kept state grows
POLL_MS = 50  # how often a pass looks whether it must end


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
        self._block = next(iter(self._states.values())).partial_shape[2].get_length()  # tokens a block
        self._blocks = 0

    def read(self, tokens: list[int], place: int, rows: int, must_end: Callable[[], bool]) -> Any:
        """One pass over `tokens`, the first of which stands at `place`; all before it were read. Gives the
        logits of the last `rows` of them: float32, (rows, vocabulary), valid until the next pass.

        :raises Stopped: when `must_end` said so before it was done; what stood before `place` is kept.
        """
        end = place + len(tokens)
        self._make_room(end)
        self._request.start_async(self._fed(tokens, place, end, rows))
        while not self._request.wait_for(POLL_MS):
            if must_end():
                self._leave()
        logits = self._request.get_output_tensor(0).data
        return logits.reshape(-1, logits.shape[-1])[-rows:]

    def _fed(self, tokens: list[int], place: int, end: int, rows: int) -> dict[str, Any]:
        used = -(-end // self._block)
        everything = {
            "input_ids": np.array(tokens, np.int64),
            "position_ids": np.arange(place, end, dtype=np.int64),
            "past_lens": np.array([place], np.int32),
            "subsequence_begins": np.array([0, len(tokens)], np.int32),
            "block_indices": np.arange(used, dtype=np.int32),
            "block_indices_begins": np.array([0, used], np.int32),
            "max_context_len": np.array(end, np.int32),
            "rows": np.array([-rows], np.int64),
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

    def _make_room(self, length: int) -> None:
        """Let the state hold `length` tokens, tensor by tensor, so that little is there twice."""
        import openvino

        if length <= self._blocks * self._block:
            return
        blocks = -(-length // ROOM) * ROOM // self._block
        for name, port in self._states.items():
            shape = [blocks, *(size.get_length() for size in list(port.partial_shape)[1:])]
            wider = openvino.Tensor(port.element_type, openvino.Shape(shape))
            if self._blocks:
                wider.data[: self._blocks] = self._request.get_tensor(name).data
            self._request.set_tensor(name, wider)
        self._blocks = blocks


def _prepared(model: Any) -> Any:
    """The model with paged attention, its output layer for the last `rows` tokens alone."""
    from openvino import Type
    from openvino import opset13 as operations
    from openvino._offline_transformations import paged_attention_transformation

    paged_attention_transformation(model)
    node = model.outputs[0].get_node()
    while node.get_type_name() != "MatMul":
        node = node.input_value(0).get_node()
    rows = operations.parameter([1], Type.i64, name="rows")
    rows.output(0).set_names({"rows"})
    end, step, axis = (operations.constant(np.array([number])) for number in (2**31 - 1, 1, 0))
    last = operations.slice(node.input_value(0), rows, end, step, axis)
    node.input(0).replace_source_output(last.output(0))
    model.add_parameters([rows])
    model.validate_nodes_and_infer_types()
    return model
