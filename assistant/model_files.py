"""What lies in a model folder, judged before anything heavy is imported.

Finds the folder (a path, or a name in the local caches of Hugging Face and ModelScope; nothing is ever
downloaded), says in one sentence what is wrong with it, and how much memory its weights will take.
Knows nothing about torch or transformers.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.gguf_head import read_head
from index.errors import UserError

TOKENIZER_FILES = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt", "tekken.json")
TEMPLATE_FILES = ("chat_template.jinja", "chat_template.json", "additional_chat_templates")
POINTER_START = b"version https://git-lfs"
HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")
MAX_HEADER_BYTES = 100_000_000  # the limit of the safetensors format
BYTES = {"F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2}
RESERVE_BYTES = 600_000_000  # Python, torch and a short attention cache beside the weights
OVERHEAD = 1.2  # peak over the weights' own size while answering, measured on a 0.6B model


SAFETENSORS, OPENVINO, GGUF = "safetensors", "openvino", "gguf"
OPENVINO_FILES = ("openvino_model.xml", "openvino_model.bin")


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder or GGUF file that holds a complete chat model. `parameters` counts weights, 0 when the format
    hides it; `context` is the longest prompt plus answer in tokens, None when the model does not say;
    `format` is SAFETENSORS (transformers), OPENVINO or GGUF, `architecture` such as "qwen3".
    """

    path: Path
    name: str
    parameters: int
    weight_bytes: int
    context: int | None
    format: str = SAFETENSORS
    architecture: str = ""

    def memory_needed(self, bytes_a_weight: int) -> int:
        """Bytes of memory the model takes with weights of that size."""
        return round((self.parameters * bytes_a_weight or self.weight_bytes) * OVERHEAD) + RESERVE_BYTES


def find_model(model: str, environ: Mapping[str, str] = os.environ, store: Path | None = None) -> ModelFolder:
    """Return the checked folder that `model` names: a path, or a name (Qwen/Qwen3-0.6B) among what was
    downloaded to `store` or in a local cache.

    :raises UserError: when it is nowhere on this machine, or the folder is not a whole chat model.
    """
    path = Path(model).expanduser()
    if path.exists():
        return check_folder(path.resolve(), path.resolve().name)
    if not HUB_NAME.fullmatch(model):
        raise UserError(
            f"找不到模型文件夹“{model}”，请检查路径（要下载就写全名，如 Qwen/Qwen3-0.6B），或停用模型。"
        )
    own = store / model.replace("/", "--") if store else None
    if own and (own / "config.json").is_file():
        return check_folder(own, model.rpartition("/")[2])
    if cached := _cached(model, environ):
        return check_folder(cached, model.rpartition("/")[2])
    raise UserError(
        f"本机没有“{model}”这个模型，程序不会自行下载；请在选用模型时下载，"
        "或把下载好的模型文件夹拷到本机再选用。"
    )


def check_folder(path: Path, name: str) -> ModelFolder:
    """Return what `path` holds.

    :raises UserError: for anything but a folder with config, tokenizer, chat template and whole weights.
    """
    if path.is_file():
        if path.suffix.casefold() == ".gguf":
            return _check_gguf(path)
        raise UserError(f"“{path.name}”是文件，不是模型文件夹，请填它所在的文件夹。")
    config = _read_config(path)
    ready = (path / OPENVINO_FILES[0]).is_file()
    weights = _openvino_weights(path) if ready else weight_files(path)
    if not any((path / file).exists() for file in TOKENIZER_FILES):
        raise UserError(f"模型文件夹“{path}”里没有分词器文件（tokenizer.json），请把文件补齐再试。")
    if not _has_chat_template(path):
        raise _no_template(name)
    parameters = 0 if ready else sum(_count_weights(file) for file in weights)
    size = sum(file.stat().st_size for file in weights)
    form = OPENVINO if ready else SAFETENSORS
    return ModelFolder(
        path, name, parameters, size, _context(config), form, str(config.get("model_type", ""))
    )


def _check_gguf(path: Path) -> ModelFolder:
    head = read_head(path)
    if not head.has_template:
        raise _no_template(path.stem)
    size = path.stat().st_size
    return ModelFolder(path, path.stem, head.parameters, size, head.context, GGUF, head.architecture)


def _openvino_weights(path: Path) -> list[Path]:
    weights = path / OPENVINO_FILES[1]
    if not weights.is_file() or not weights.stat().st_size:
        raise UserError(f"模型文件夹“{path}”里缺权重文件 {weights.name}，请补齐再试。")
    _refuse_pointer(weights)
    return [weights]


def _no_template(name: str) -> UserError:
    return UserError(
        f"模型“{name}”没有对话模板，是未经对话训练的基础模型，请换用名字带 Instruct 或 Chat 的模型。"
    )


def check_memory(folder: ModelFolder, bytes_a_weight: int, memory: int | None) -> None:
    """Refuse a model that cannot fit into `memory` bytes (None when the system does not say).

    :raises UserError: with both figures in GB.
    """
    needed = folder.memory_needed(bytes_a_weight)
    if memory is None or needed <= memory:
        return
    raise UserError(
        f"内存不够：模型“{folder.name}”约需 {needed / 1e9:.1f} GB，本机能用的只有 {memory / 1e9:.1f} GB，"
        "请关掉别的程序或换小一点的模型。"
    )


def _cached(name: str, environ: Mapping[str, str]) -> Path | None:
    for folder in _cache_folders(name, environ):
        if (folder / "config.json").exists():
            return folder
    return None


def _cache_folders(name: str, environ: Mapping[str, str]) -> list[Path]:
    """Where Hugging Face (snapshots/<commit>) and ModelScope (dots written ___) keep a model."""
    home = Path(environ.get("HF_HOME") or "~/.cache/huggingface").expanduser()
    hub = (
        Path(environ.get("HF_HUB_CACHE") or home / "hub").expanduser() / f"models--{name.replace('/', '--')}"
    )
    main = hub / "refs" / "main"
    current = [hub / "snapshots" / main.read_text("ascii").strip()] if main.is_file() else []
    snapshots = sorted((hub / "snapshots").glob("*"))
    scope = Path(environ.get("MODELSCOPE_CACHE") or "~/.cache/modelscope/hub").expanduser()
    owner, _, model = name.partition("/")
    names = (model, model.replace(".", "___"))
    return [*current, *snapshots, *(scope / part / owner / each for part in ("models", "") for each in names)]


def _read_config(path: Path) -> dict[str, Any]:
    file = path / "config.json"
    if not file.is_file():
        raise UserError(f"文件夹“{path}”里没有模型（缺 config.json），请选直接放着模型文件的那一层文件夹。")
    config = _read_json(file)
    if not isinstance(config, dict):
        raise UserError(f"模型的设置文件“{file}”读不懂，请重新拷贝模型。")
    return config


def _read_json(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"模型文件“{file}”读不懂，可能没有拷完，请重新拷贝模型。") from error


def weight_files(path: Path) -> list[Path]:
    """The files that hold the weights of the folder `path`.

    :raises UserError: when one is missing.
    """
    for index in sorted(path.glob("*.index.json")):
        names = sorted(set(_read_json(index).get("weight_map", {}).values()))
        if missing := [name for name in names if not (path / name).is_file()]:
            raise UserError(
                f"模型文件夹“{path}”里缺 {len(missing)} 个权重文件（如 {missing[0]}），请补齐再试。"
            )
        return [path / name for name in names]
    whole = sorted(path.glob("model*.safetensors")) or sorted(path.glob("pytorch_model*.bin"))
    if not whole:
        raise UserError(f"文件夹“{path}”里没有模型权重（*.safetensors），请把模型文件补齐再试。")
    return whole


def _has_chat_template(path: Path) -> bool:
    return any((path / file).exists() for file in TEMPLATE_FILES) or bool(chat_template(path))


def chat_template(path: Path) -> str:
    """The chat template of the folder `path`, "" when it has none or several."""
    file = path / TEMPLATE_FILES[0]
    if file.is_file():
        return file.read_text("utf-8")
    file = path / "tokenizer_config.json"
    found = _read_json(file).get("chat_template") if file.is_file() else ""
    return found if isinstance(found, str) else ""


def _count_weights(file: Path) -> int:
    """Number of weights in a safetensors file, 0 for other formats.

    :raises UserError: when the file is a stand-in of git-lfs, cut short, or no weights file at all.
    """
    _refuse_pointer(file)
    if file.stat().st_size == 0:
        raise UserError(f"权重文件“{file.name}”是空的，请重新拷贝模型。")
    return _count_safetensors(file) if file.suffix == ".safetensors" else 0


def _refuse_pointer(file: Path) -> None:
    with file.open("rb") as stream:
        start = stream.read(len(POINTER_START))
    if start == POINTER_START:
        raise UserError(f"“{file.name}”只是 git-lfs 的占位文件，权重没有下载下来，请下载完整的模型。")


def _count_safetensors(file: Path) -> int:
    """Read the header: 8 bytes of length, then JSON with the place of each tensor (safetensors format)."""
    damaged = UserError(f"权重文件“{file.name}”不完整或已损坏，请重新拷贝模型。")
    size = file.stat().st_size
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if not 2 <= length <= min(size, MAX_HEADER_BYTES):
            raise damaged
        try:
            header = json.loads(stream.read(length))
            tensors = [entry for name, entry in header.items() if name != "__metadata__"]
            spans = [(entry["data_offsets"], BYTES.get(entry["dtype"], 1)) for entry in tensors]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise damaged from error
    if 8 + length + max((end for (_, end), _ in spans), default=0) != size:
        raise damaged
    return sum((end - start) // width for (start, end), width in spans)


def _context(config: Mapping[str, Any]) -> int | None:
    inner = config.get("text_config")
    value = config.get("max_position_embeddings") or (inner or {}).get("max_position_embeddings")
    return value if isinstance(value, int) and value > 0 else None
