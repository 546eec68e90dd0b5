"""Vectors by passage id in a FAISS index: flat while that is fastest, then cells of 8-bit codes.

Derived from library.db and rebuildable. An index is written to a file with a new name, then `meta.json` is
replaced to name it: so a reader may keep its file mapped into memory (Windows replaces no mapped file), and
a crash leaves the old index or the new one. FAISS cannot open non-ASCII paths on Windows, so it is handed
Python's own handles and maps. Another process may save at any time: every use looks at the stamp of
meta.json and reads anew when it changed. Whoever writes must hold the library's lock from before `add` or
`remove` until after `save`.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index import vector_kinds
from index.errors import IndexMismatch, UserError
from index.idset import IdSet

if TYPE_CHECKING:
    from index.types import Ids, Vectors

Stamp = tuple[int, int, int]

META_FILE = "meta.json"
INDEX_NAME = "vectors-{}.faiss"
REPLACE_ATTEMPTS = 20
REPLACE_PAUSE = 0.05
REBUILD = "请运行 gonghui library rebuild 重建索引，或改回原来的模型。"
DAMAGED = "向量索引文件已损坏，请运行 gonghui library rebuild 重建索引。"


@dataclass(frozen=True, slots=True)
class StoreMeta:
    """What an index was built with, and the name and bytes of its file."""

    encoder: str
    dim: int
    kind: str
    count: int
    file: str
    size: int


class FaissStore:
    """A `VectorStore` in a folder. Scores are inner products of unit rows: cosine, higher is better.

    What is read from a file is mapped, not copied, until something is to be changed.
    """

    def __init__(self, folder: Path, dim: int, encoder: str = "") -> None:
        import faiss

        faiss.omp_set_num_threads(1)
        self._faiss: Any = faiss
        self._folder = folder
        self._dim = dim
        self._encoder = encoder
        self._stamp: Stamp | None = None
        self._changed = False
        self._mapped: Any = None
        self._index = vector_kinds.empty(dim)
        self._spread: vector_kinds.Spread | None = None

    def __len__(self) -> int:
        self.refresh()
        return int(self._index.ntotal)

    @property
    def kind(self) -> str:
        """How the vectors are kept: `vector_kinds.FLAT` or `IVF`."""
        self.refresh()
        return vector_kinds.kind_of(self._index)

    def refresh(self) -> None:
        """Read the file again if another process saved it and nothing here waits to be saved.

        :raises IndexMismatch: if it was built with another encoder or dimension.
        :raises UserError: if the file is damaged.
        """
        stamp = _stamp(self._folder / META_FILE)
        if self._changed or stamp == self._stamp:
            return
        try:
            self._read(mapped=True)
        except UserError:
            if stamp == (now := _stamp(self._folder / META_FILE)):
                raise
            stamp = now  # saved anew since meta.json was read, and the file it named deleted
            self._read(mapped=True)
        self._stamp = stamp

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add rows; an id that is already there gets its new row.

        :raises ValueError: if the numbers of ids and rows differ, or the dimension is wrong.
        """
        if vectors.shape != (len(ids), self._dim):
            raise ValueError(f"{len(ids)} ids need rows of {self._dim}, got {vectors.shape}")
        self.remove(ids)
        if len(ids):
            self._own()
            self._index.add_with_ids(
                np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(ids, np.int64)
            )
            self._changed = True
        if vector_kinds.outgrown(self._index):
            self._index = vector_kinds.grown(self._index)
            self._changed = True

    def remove(self, ids: Ids) -> None:
        """Forget rows; ids that are not there are no error."""
        self.refresh()
        if len(ids) and self._index.ntotal:
            self._own()
            batch = self._faiss.IDSelectorBatch(np.ascontiguousarray(ids, np.int64))
            self._changed = bool(self._index.remove_ids(batch)) or self._changed

    def clear(self) -> None:
        """Forget every row."""
        self._index, self._mapped = vector_kinds.empty(self._dim), None
        self._changed = True

    def search(self, vectors: Vectors, k: int, allowed: IdSet | Ids | None = None) -> tuple[Ids, Vectors]:
        """Return ids and scores, one row a query, best first; fewer than `k` columns when fewer exist.

        `allowed` limits the search to these ids; an empty one allows none.
        """
        self.refresh()
        known = int(self._index.ntotal)
        limit = allowed if allowed is None or isinstance(allowed, IdSet) else IdSet.of(allowed)
        width = min(k, known if limit is None else min(known, len(limit)))
        if width <= 0 or not len(vectors):
            return np.zeros((len(vectors), 0), np.int64), np.zeros((len(vectors), 0), np.float32)
        rows = np.ascontiguousarray(vectors, np.float32)
        ids, scores = vector_kinds.nearest(self._index, rows, width, limit, self._spread_now())
        found = int((ids >= 0).sum(axis=1).max())
        return ids[:, :found], scores[:, :found]

    def _spread_now(self) -> vector_kinds.Spread:
        """Return how rows lie over the cells, worked out again whenever they changed."""
        if self._changed or self._spread is None or self._spread.index is not self._index:
            self._spread = vector_kinds.Spread(self._index)
        return self._spread

    def save(self) -> None:
        """Write the index and then its meta.json; the file before it goes when nobody maps it.

        :raises UserError: when the disk is full or the folder cannot be written.
        """
        name = _next_name(self._folder)
        path = self._folder / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                self._faiss.write_index(self._index, self._faiss.PyCallbackIOWriter(file.write))
        except (OSError, RuntimeError) as error:
            path.unlink(missing_ok=True)
            reason = getattr(error, "strerror", None) or "磁盘空间可能不够"
            raise UserError(f"写不进“{path}”（{reason}），请检查磁盘空间和文件夹权限。") from error
        kind, count = vector_kinds.kind_of(self._index), int(self._index.ntotal)
        meta = StoreMeta(self._encoder, self._dim, kind, count, name, path.stat().st_size)
        write_file(self._folder / META_FILE, json.dumps(asdict(meta), ensure_ascii=False, indent=1).encode())
        self._changed, self._spread = False, None
        self._stamp = _stamp(self._folder / META_FILE)
        _sweep(self._folder, name)

    def _own(self) -> None:
        """Copy a mapped index into memory of its own, since a map cannot be changed."""
        if self._mapped is not None:
            self._read(mapped=False)

    def _read(self, mapped: bool) -> None:
        """Open the file that meta.json names; without meta.json there are no rows."""
        check_encoder(self._folder, self._encoder, self._dim)
        meta = read_meta(self._folder)
        if meta is None:
            self._index, self._mapped = vector_kinds.empty(self._dim), None
            return
        path = self._folder / meta.file
        try:
            if path.stat().st_size != meta.size:
                raise UserError(DAMAGED)
            data = np.memmap(path, np.uint8, "r")
            reader = self._faiss.ZeroCopyIOReader(self._faiss.swig_ptr(data), data.size)
            flags = self._faiss.IO_FLAG_MMAP_IFC
            index = self._faiss.read_index(reader, flags) if mapped else self._faiss.deserialize_index(data)
        except (OSError, ValueError, RuntimeError) as error:
            raise UserError(DAMAGED) from error
        if index.d != self._dim:
            raise IndexMismatch(f"向量索引是 {index.d} 维，当前语义模型是 {self._dim} 维，{REBUILD}")
        self._index, self._mapped = index, (data, reader) if mapped else None


def read_meta(folder: Path) -> StoreMeta | None:
    """Return what the index in `folder` was built with, None if there is none or an older version made it.

    :raises UserError: if meta.json is damaged.
    """
    try:
        values = json.loads((folder / META_FILE).read_text("utf-8"))
        return StoreMeta(**values) if "file" in values else None
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise UserError("向量索引的说明文件已损坏，请运行 gonghui library rebuild 重建索引。") from error


def discard(folder: Path) -> None:
    """Delete the index in `folder`. What another program still maps is left for the next save to delete."""
    (folder / META_FILE).unlink(missing_ok=True)
    _sweep(folder, "")


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


def _next_name(folder: Path) -> str:
    """Return a file name that neither meta.json names nor anything left over has."""
    taken = {path.name for path in folder.glob(INDEX_NAME.format("*"))}
    number = 1
    while INDEX_NAME.format(number) in taken:
        number += 1
    return INDEX_NAME.format(number)


def _sweep(folder: Path, kept: str) -> None:
    for path in folder.glob("vectors*.faiss"):
        if path.name != kept:
            with suppress(OSError):
                path.unlink()


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
