"""Brings a model into the form OpenVINO runs, once: OpenVINO GenAI reads a GGUF file and saves it as the two
files OpenVINO opens by itself; folders of weights are written as GGUF first (`gguf_file`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from assistant.gguf_file import converted
from assistant.model_files import OPENVINO, OPENVINO_FILES, SAFETENSORS, ModelFolder, weight_files
from index.errors import UserError

GROWTH = 1.3  # of a file at most, where the runtime knows its kind of numbers only with more bits


def prepared(folder: ModelFolder, store: Path) -> Path:
    """Return the model's openvino_model.xml: its own, or one under `store`, written now if need be.

    :raises UserError: when the disk is too full.
    """
    if folder.format == OPENVINO:
        return folder.path / OPENVINO_FILES[0]
    target = prepared_folder(folder, store)
    if not is_prepared(folder, store):
        if folder.format == SAFETENSORS:
            file = converted(folder, store)
            try:
                _write(file, target)
            finally:
                file.unlink(missing_ok=True)
        else:
            _write(folder.path, target)
    return target / OPENVINO_FILES[0]


def is_prepared(folder: ModelFolder, store: Path) -> bool:
    """Whether `prepared` has nothing left to write."""
    return folder.format == OPENVINO or prepared_folder(folder, store).is_dir()


def prepared_folder(folder: ModelFolder, store: Path) -> Path:
    """Where the prepared form of `folder` is kept; it is there whole or not at all."""
    files = [folder.path] if folder.path.is_file() else weight_files(folder.path)
    stamp = max(int(file.stat().st_mtime) for file in files)
    return store / f"{folder.name}-{folder.weight_bytes}-{stamp}.openvino"


def _write(file: Path, target: Path) -> None:
    import openvino_genai

    store, needed = target.parent, round(file.stat().st_size * GROWTH)
    store.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(store).free) < needed:
        raise UserError(
            f"磁盘空间不够：为本机转换模型“{file.stem}”要 {needed / 1e9:.1f} GB，"
            f"只剩 {free / 1e9:.1f} GB，请腾出空间再试。"
        )
    unfinished = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=store))
    try:
        whole = unfinished / target.name
        whole.mkdir()
        beside = unfinished / "model.gguf"  # the runtime saves beside what it reads
        _link(file, beside)
        openvino_genai.LLMPipeline(str(beside), "CPU", enable_save_ov_model=True, ATTENTION_BACKEND="SDPA")
        for name in OPENVINO_FILES:
            os.replace(unfinished / name, whole / name)
        try:
            os.replace(whole, target)
        except OSError:
            if not target.is_dir():  # else another process was faster
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _link(file: Path, place: Path) -> None:
    """Let the file appear at `place` too: by a link where the disk knows them, else as a copy."""
    for way in (os.link, os.symlink):
        with suppress(OSError):
            way(file.resolve(), place)
            return
    shutil.copyfile(file, place)
