"""Vectors by passage id in a FAISS index: flat, exact, saved whole.

Derived from library.db and rebuildable. Files are read and written through Python handles because FAISS
cannot open non-ASCII paths on Windows, each to a temporary file first and then renamed. Another process
may save at any time: every use looks at the file's stamp and reads it again when it changed. Whoever
writes must hold the library's lock from before `add` or `remove` until after `save`.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import IndexMismatch, UserError

if TYPE_CHECKING:
    from index.types import Ids, Vectors

Stamp = tuple[int, int, int]

KIND = "flat"
INDEX_FILE = "vectors.faiss"
META_FILE = "meta.json"
REPLACE_ATTEMPTS = 20
REPLACE_PAUSE = 0.05
REBUILD = "请运行 gonghui library rebuild 重建索引，或改回原来的模型。"


@dataclass(frozen=True, slots=True)
class StoreMeta:
    """What an index was built with."""

    encoder: str
    dim: int
    kind: str
    count: int


class FaissStore:
    """A `VectorStore` in a folder. Scores are inner products of unit rows: cosine, higher is better."""

    def __init__(self, folder: Path, dim: int, encoder: str = "") -> None:
        import faiss

        faiss.omp_set_num_threads(1)
        self._faiss: Any = faiss
        self._folder = folder
        self._dim = dim
        self._encoder = encoder
        self._stamp: Stamp | None = None
        self._changed = False
        self._index = self._empty()

    def __len__(self) -> int:
        self.refresh()
        return int(self._index.ntotal)

    def refresh(self) -> None:
        """Read the file again if another process saved it and nothing here waits to be saved.

        :raises IndexMismatch: if it was built with another encoder or dimension.
        :raises UserError: if the file is damaged.
        """
        stamp = _stamp(self._folder / INDEX_FILE)
        if self._changed or stamp == self._stamp:
            return
        self._index = self._empty() if stamp is None else self._load()
        self._stamp = stamp

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add rows; an id that is already there gets its new row.

        :raises ValueError: if the numbers of ids and rows differ, or the dimension is wrong.
        """
        if vectors.shape != (len(ids), self._dim):
            raise ValueError(f"{len(ids)} ids need rows of {self._dim}, got {vectors.shape}")
        self.remove(ids)
        if len(ids):
            self._index.add_with_ids(
                np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(ids, np.int64)
            )
            self._changed = True

    def remove(self, ids: Ids) -> None:
        """Forget rows; ids that are not there are no error."""
        self.refresh()
        if len(ids) and self._index.ntotal:
            batch = self._faiss.IDSelectorBatch(np.ascontiguousarray(ids, np.int64))
            self._changed = bool(self._index.remove_ids(batch)) or self._changed

    def clear(self) -> None:
        """Forget every row."""
        self._index = self._empty()
        self._changed = True

    def search(self, vectors: Vectors, k: int, allowed: Ids | None = None) -> tuple[Ids, Vectors]:
        """Return ids and scores, one row a query, best first; fewer than `k` columns when fewer exist.

        `allowed` limits the search to these ids; an empty array allows none.
        """
        self.refresh()
        known = int(self._index.ntotal)
        if allowed is not None:
            allowed = np.unique(np.ascontiguousarray(allowed, np.int64))
        width = min(k, known if allowed is None else min(known, len(allowed)))
        if width <= 0 or not len(vectors):
            return np.zeros((len(vectors), 0), np.int64), np.zeros((len(vectors), 0), np.float32)
        rows = np.ascontiguousarray(vectors, np.float32)
        if allowed is None:
            scores, ids = self._index.search(rows, width)
        else:
            selector = self._faiss.IDSelectorBatch(allowed)
            scores, ids = self._index.search(rows, width, params=self._faiss.SearchParameters(sel=selector))
        found = int((ids >= 0).sum(axis=1).max())
        return ids[:, :found], scores[:, :found]

    def save(self) -> None:
        """Write the index and then its meta.json.

        :raises UserError: when the disk is full or the folder cannot be written.
        """
        meta = StoreMeta(self._encoder, self._dim, KIND, int(self._index.ntotal))
        write_file(self._folder / INDEX_FILE, self._faiss.serialize_index(self._index).tobytes())
        write_file(self._folder / META_FILE, json.dumps(asdict(meta), ensure_ascii=False, indent=1).encode())
        self._changed = False
        self._stamp = _stamp(self._folder / INDEX_FILE)

    def _empty(self) -> Any:
        return self._faiss.IndexIDMap2(self._faiss.IndexFlatIP(self._dim))

    def _load(self) -> Any:
        check_encoder(self._folder, self._encoder, self._dim)
        data = np.frombuffer((self._folder / INDEX_FILE).read_bytes(), np.uint8)
        try:
            index = self._faiss.deserialize_index(data)
        except RuntimeError as error:
            raise UserError("向量索引文件已损坏，请运行 gonghui library rebuild 重建索引。") from error
        if index.d != self._dim:
            raise IndexMismatch(f"向量索引是 {index.d} 维，当前语义模型是 {self._dim} 维，{REBUILD}")
        return index


def read_meta(folder: Path) -> StoreMeta | None:
    """Return what the index in `folder` was built with, None if there is none.

    :raises UserError: if meta.json is damaged.
    """
    try:
        return StoreMeta(**json.loads((folder / META_FILE).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise UserError("向量索引的说明文件已损坏，请运行 gonghui library rebuild 重建索引。") from error


def check_encoder(folder: Path, encoder: str, dim: int) -> None:
    """Do nothing if the index in `folder` is missing or was built with this encoder.

    :raises IndexMismatch: if it was built with another.
    """
    meta = read_meta(folder)
    if meta is not None and (meta.encoder != encoder or meta.dim != dim):
        raise IndexMismatch(f"资料库的索引是用语义模型“{meta.encoder}”建的，现在用的是“{encoder}”，{REBUILD}")


def write_file(path: Path, data: bytes) -> None:
    """Write `data` so that a crash leaves the old file or the new one, never half.

    Windows refuses to replace a file while another program reads it, so the rename is tried for a second.

    :raises UserError: when the disk is full or the folder cannot be written.
    """
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        _replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UserError(f"写不进“{path}”（{error.strerror}），请检查磁盘空间和文件夹权限。") from error


def _replace(partial: Path, path: Path) -> None:
    for attempt in range(REPLACE_ATTEMPTS):
        try:
            os.replace(partial, path)
        except PermissionError:
            if attempt == REPLACE_ATTEMPTS - 1:
                raise
            time.sleep(REPLACE_PAUSE)
        else:
            return


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
