"""The head of a GGUF file: what model it holds and whether the file is whole, without reading weights.

Format: github.com/ggml-org/ggml, docs/gguf.md (versions 2 and 3, little endian).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from index.errors import UserError

MAGIC = b"GGUF"
STRING, ARRAY = 8, 9
FORMS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
LONGEST_STRING = 50_000_000


@dataclass(frozen=True, slots=True)
class GgufHead:
    """`architecture` such as "qwen3"; `context` in tokens; `parameters` the number of weights."""

    architecture: str
    context: int | None
    parameters: int
    has_template: bool


def read_head(path: Path) -> GgufHead:
    """Return the head of the file at `path`.

    :raises UserError: when it is no GGUF file, or was not copied whole.
    """
    damaged = UserError(f"模型文件“{path.name}”不完整或已损坏，请重新拷贝或下载。")
    try:
        with path.open("rb") as file:
            if file.read(4) != MAGIC:
                raise damaged
            _version, tensors, entries = struct.unpack("<IQQ", file.read(20))
            values = dict(_entry(file) for _ in range(entries))
            infos = [_tensor(file) for _ in range(tensors)]
            start = file.tell()
    except (OSError, struct.error, ValueError, KeyError, MemoryError) as error:
        raise damaged from error
    last = max((offset for _, offset in infos), default=0)
    if path.stat().st_size <= start + last:
        raise damaged
    architecture = str(values.get("general.architecture", ""))
    context = values.get(f"{architecture}.context_length")
    return GgufHead(
        architecture, context, sum(count for count, _ in infos), bool(values.get("tokenizer.chat_template"))
    )


def _entry(file: BinaryIO) -> tuple[str, Any]:
    key = _string(file).decode("utf-8", "replace")
    (kind,) = struct.unpack("<I", file.read(4))
    return key, _value(file, kind)


def _value(file: BinaryIO, kind: int) -> Any:
    """One value; arrays (the vocabulary) are passed over."""
    if kind == STRING:
        return _string(file).decode("utf-8", "replace")
    if kind != ARRAY:
        form = "<" + FORMS[kind]
        return struct.unpack(form, file.read(struct.calcsize(form)))[0]
    inner, count = struct.unpack("<IQ", file.read(12))
    if inner == STRING:
        for _ in range(count):
            _string(file)
    elif inner in FORMS:
        file.seek(count * struct.calcsize("<" + FORMS[inner]), 1)
    else:
        raise ValueError(inner)
    return None


def _string(file: BinaryIO) -> bytes:
    (length,) = struct.unpack("<Q", file.read(8))
    if length > LONGEST_STRING:
        raise ValueError(length)
    return file.read(length)


def _tensor(file: BinaryIO) -> tuple[int, int]:
    """Number of weights of one tensor and the place of its data."""
    _string(file)
    (dimensions,) = struct.unpack("<I", file.read(4))
    shape = struct.unpack(f"<{dimensions}Q", file.read(8 * dimensions))
    _kind, offset = struct.unpack("<IQ", file.read(12))
    count = 1
    for size in shape:
        count *= size
    return count, offset
