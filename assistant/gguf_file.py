"""Writes the weights of a model folder as one GGUF file with 8-bit weights, which the fast runtime reads.

Eight bits (Q8_0: blocks of 32 with one scale) keep the text practically that of the full weights at a quarter
of the reading. Written once a model, beside the data, whole or not at all.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant.model_files import ModelFolder, chat_template, weight_files
from index.errors import UserError

ARCHITECTURES = {"qwen2": "QWEN2", "qwen3": "QWEN3"}
BLOCK = 32
BITS_8 = 34 / 32  # bytes a weight in Q8_0
FILE_TYPE = 7  # GGUF's number for a file of mostly Q8_0
NORMAL, CONTROL, USER = 1, 3, 4  # GGUF's kinds of tokens


def can_convert(folder: ModelFolder) -> bool:
    """Whether the weights of `folder` can be written so."""
    return folder.architecture in ARCHITECTURES and (folder.path / "tokenizer.json").is_file()


def converted(folder: ModelFolder, store: Path) -> Path:
    """Return the GGUF file of `folder` under `store`, written now if it is not there yet.

    :raises UserError: when the disk is too full.
    """
    stamp = max(int(file.stat().st_mtime) for file in weight_files(folder.path))
    target = store / f"{folder.name}-{folder.weight_bytes}-{stamp}.q8.gguf"
    if target.is_file():
        return target
    store.mkdir(parents=True, exist_ok=True)
    needed, free = round(folder.parameters * BITS_8) + 50_000_000, shutil.disk_usage(store).free
    if free < needed:
        raise UserError(
            f"磁盘空间不够：为本机转换模型“{folder.name}”要 {needed / 1e9:.1f} GB，"
            f"只剩 {free / 1e9:.1f} GB，请腾出空间再试。"
        )
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        _write(folder, unfinished)
        os.replace(unfinished, target)
    except OSError as error:
        raise UserError(f"写不进“{target}”（{error.strerror}），请检查磁盘空间和文件夹权限。") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return target


def _write(folder: ModelFolder, path: Path) -> None:
    """Write the file tensor by tensor: sizes first, then the data, so that little of it is in memory."""
    import gguf
    from gguf import quants

    config = json.loads((folder.path / "config.json").read_text("utf-8"))
    writer = gguf.GGUFWriter(path, folder.architecture)
    _describe(writer, config)
    _add_tokens(writer, folder.path, config)
    blocks = int(config["num_hidden_layers"])
    names = gguf.get_tensor_name_map(getattr(gguf.MODEL_ARCH, ARCHITECTURES[folder.architecture]), blocks)
    kinds = gguf.GGMLQuantizationType
    tied = bool(config.get("tie_word_embeddings"))
    for name, shape, _ in _tensors(folder.path, tied):
        short, kind = names.get_name(name, try_suffixes=(".weight", ".bias")) or name, _kind(shape, kinds)
        packed = gguf.quant_shape_to_byte_shape(shape, kind) if kind == kinds.Q8_0 else tuple(shape)
        numbers = np.dtype(np.uint8 if kind == kinds.Q8_0 else np.float32)
        writer.add_tensor_info(short, packed, numbers, math.prod(packed) * numbers.itemsize, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for _, shape, read in _tensors(folder.path, tied):
        writer.write_tensor_data(quants.quantize(read(), _kind(shape, kinds)))
    writer.close()


def _kind(shape: list[int], kinds: Any) -> Any:
    return kinds.Q8_0 if len(shape) == 2 and shape[1] % BLOCK == 0 else kinds.F32


def _describe(writer: Any, config: dict[str, Any]) -> None:
    heads = int(config["num_attention_heads"])
    width = int(config.get("head_dim") or config["hidden_size"] // heads)
    rope = config.get("rope_parameters") or {}
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(config.get("num_key_value_heads", heads))
    writer.add_key_length(width)
    writer.add_value_length(width)
    writer.add_rope_freq_base(float(rope.get("rope_theta", config.get("rope_theta", 10_000.0))))
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_file_type(FILE_TYPE)


def _add_tokens(writer: Any, path: Path, config: dict[str, Any]) -> None:
    """The vocabulary, so that the file is one that other programs can open too."""
    read = json.loads((path / "tokenizer.json").read_text("utf-8"))
    words: dict[str, int] = read["model"]["vocab"]
    added = {entry["content"]: entry for entry in read["added_tokens"]}
    size = int(config["vocab_size"])
    texts = [f"<|unused_{place}|>" for place in range(size)]
    kinds = [CONTROL] * size
    for text, place in words.items():
        texts[place], kinds[place] = text, NORMAL
    for text, entry in added.items():
        texts[entry["id"]], kinds[entry["id"]] = text, CONTROL if entry["special"] else USER
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in read["model"]["merges"]]
    end = config.get("eos_token_id")
    end = end[0] if isinstance(end, list) else end
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(texts)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_eos_token_id(size - 1 if end is None else end)
    writer.add_pad_token_id(config.get("pad_token_id") or (size - 1 if end is None else end))
    if template := chat_template(path):
        writer.add_chat_template(template)


def _tensors(path: Path, tied: bool) -> Iterator[tuple[str, list[int], Callable[[], Any]]]:
    """Each tensor's name, its shape, and a function that reads it in float32 before the next one comes."""
    from safetensors import safe_open

    for file in weight_files(path):
        with safe_open(file, "pt") as opened:
            for name in opened.keys():  # noqa: SIM118 - it is no mapping
                if not (tied and name == "lm_head.weight"):
                    shape = list(opened.get_slice(name).get_shape())
                    yield name, shape, partial(_read, opened, name)


def _read(opened: Any, name: str) -> Any:
    return opened.get_tensor(name).float().numpy()
