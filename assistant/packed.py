"""Weights laid out as the processor's matrix kernels (oneDNN) read them.

torch reorders a bfloat16 matrix anew in every product; for one token that takes three times as long as the
product itself. Packed once, a token costs that much less. Where torch does not offer this, nothing happens.
"""

from __future__ import annotations

from functools import partial
from typing import Any


def pack(model: Any) -> None:
    """Pack every linear layer of a bfloat16 model on the processor; the plain weights leave the memory.

    A tied output layer gets a packed copy, since the embedding keeps the plain one.
    """
    import torch

    kernels = torch.ops.mkldnn
    ready = torch._C._has_mkldnn and hasattr(kernels, "_linear_pointwise")
    if not ready or model.dtype is not torch.bfloat16 or model.device.type != "cpu":
        return
    for layer in model.modules():
        if type(layer) is torch.nn.Linear:
            packed = kernels._reorder_linear_weight(layer.weight.detach(), 1)
            layer.forward = partial(_product, kernels._linear_pointwise, packed, layer.bias)  # type: ignore[method-assign]
            layer.weight = torch.nn.Parameter(layer.weight.new_empty(0), requires_grad=False)
    for parameter in model.parameters():  # the rest shares one mapped file with what was packed: let it go
        parameter.data = parameter.data.clone()


def _product(kernel: Any, packed: Any, bias: Any, rows: Any) -> Any:
    return kernel(rows, packed, bias, "none", [], "")
