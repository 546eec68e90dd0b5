"""Which FAISS index holds how many vectors: built, grown into the next kind, and searched within limits.

Flat compares a query with every row, exactly. Past `FLAT_MOST` rows that is no longer the fastest: then the
rows are sorted into cells around trained centres, as 8-bit codes, and only the cells nearest to a query are
read (IVF, SQ8). Functions over FAISS indexes; no files. Measured with benchmarks/search_speed.py.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.idset import IdSet
    from index.types import Ids, Vectors

FLAT, IVF = "flat", "ivf"
FLAT_MOST = 50_000
GROWTH = 4  # an index of cells is trained again when it holds this many times what it was trained for
CELLS_READ, PART_READ = 128, 0.25  # of the cells, whichever is more
NARROWING = 1 / 4  # a filter that leaves a sixteenth reads twice the cells
EVEN = 0.5  # rows in fewer cells than this part of what all rows fill lie together
MOST_FILTERS = 64
FEWEST_CELLS, MOST_CELLS = 4, 4096
TRAINED_ON = 64  # rows a cell
SEED = 1


def _faiss() -> Any:
    """Return FAISS, whose type stubs do not know what its Python side adds."""
    import faiss

    return faiss


def empty(dim: int) -> Any:
    """Return an index without rows, flat."""
    faiss = _faiss()
    return faiss.IndexIDMap(faiss.IndexFlatIP(dim))


def kind_of(index: Any) -> str:
    """Return FLAT or IVF."""
    return IVF if hasattr(index, "nlist") else FLAT


def outgrown(index: Any) -> bool:
    """Return whether another index would now be faster to search."""
    if kind_of(index) == FLAT:
        return bool(index.ntotal > FLAT_MOST)
    return bool(index.nlist < MOST_CELLS and index.ntotal > GROWTH * _rows_for(index.nlist))


def grown(index: Any) -> Any:
    """Return an index of cells over the same rows. Ids stay; the rows become 8-bit codes.

    The centres are those of a sample, with a fixed seed, so the same rows give the same index.
    """
    faiss = _faiss()
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        cells = _cells_for(int(index.ntotal))
        made = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(index.d),
            index.d,
            cells,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
        )
        made.by_residual = False  # so that rows unlike those of the sample keep their place
        made.cp.seed, made.cp.spherical = SEED, True
        made.cp.min_points_per_centroid, made.cp.max_points_per_centroid = 1, TRAINED_ON
        made.train(_sample(index, TRAINED_ON * cells))
        for ids, rows in _blocks(index):
            made.add_with_ids(rows, ids)
    finally:
        faiss.omp_set_num_threads(1)
    return made


class Spread:
    """How the rows that filters allow lie over the cells of one index, remembered a filter."""

    def __init__(self, index: Any) -> None:
        self.index = index
        self._even: dict[IdSet, bool] = {}

    @cached_property
    def _cell(self) -> NDArray[np.int16]:
        return _cell_of(self.index)

    @cached_property
    def _all(self) -> float:
        return _filled(self._cell)

    def even(self, allowed: IdSet) -> bool:
        """Return whether the allowed rows lie over the cells as all rows do, not together (a section's)."""
        if allowed not in self._even:
            if len(self._even) >= MOST_FILTERS:
                self._even = {}
            listed = np.unpackbits(allowed.bits, bitorder="little")[: len(self._cell)].astype(np.bool_)
            self._even[allowed] = _filled(self._cell[: len(listed)][listed]) >= EVEN * self._all
        return self._even[allowed]


def nearest(
    index: Any, rows: Vectors, width: int, allowed: IdSet | None, spread: Spread
) -> tuple[Ids, Vectors]:
    """Return the ids and scores of the `width` best rows a query, -1 where there are fewer.

    Of cells, more are read the fewer ids are allowed, and all where these lie together, since then the
    nearest cells hold few of them, or where not enough were found: a filter loses no more than none does.
    """
    faiss = _faiss()
    limits: dict[str, Any] = {}
    if allowed is not None:
        limits["sel"] = faiss.IDSelectorBitmap(allowed.bits)
    if kind_of(index) == FLAT:
        scores, ids = index.search(rows, width, params=faiss.SearchParameters(**limits) if limits else None)
        return ids, scores
    for cells in dict.fromkeys((_cells_read(index, allowed, spread), index.nlist)):
        scores, ids = index.search(rows, width, params=faiss.SearchParametersIVF(nprobe=cells, **limits))
        if (ids[:, -1] >= 0).all():
            break
    return ids, scores


def _cells_read(index: Any, allowed: IdSet | None, spread: Spread) -> int:
    wanted = max(CELLS_READ, PART_READ * index.nlist)
    if allowed is not None:
        share = min(1.0, len(allowed) / max(1, index.ntotal))
        wanted = wanted / share**NARROWING if spread.even(allowed) else index.nlist
    return int(min(index.nlist, math.ceil(wanted)))


def _cell_of(index: Any) -> NDArray[np.int16]:
    """Return the cell of each id from 0 up, -1 where no row has it."""
    faiss = _faiss()
    lists = [
        (cell, faiss.rev_swig_ptr(index.invlists.get_ids(cell), length))
        for cell in range(index.nlist)
        if (length := index.invlists.list_size(cell))
    ]
    cells = np.full(max((int(ids.max()) for _, ids in lists), default=-1) + 1, -1, np.int16)
    for cell, ids in lists:
        cells[ids] = cell
    return cells


def _filled(cells: NDArray[np.int16]) -> float:
    """Return how many cells rows fill: as many equal ones as would hold them as unevenly."""
    counts = np.bincount(cells[cells >= 0]).astype(np.float64)
    return float(counts.sum() ** 2 / max(1.0, (counts**2).sum()))


def _cells_for(rows: int) -> int:
    """Return a power of two near the square root of the rows."""
    return int(min(MOST_CELLS, max(FEWEST_CELLS, 2 ** round(math.log2(max(1, rows)) / 2))))


def _rows_for(cells: int) -> int:
    """Return the most rows for which there would be no more cells."""
    return 2 * cells * cells


def _sample(index: Any, count: int) -> Vectors:
    """Return at most `count` rows, evenly from all of the index."""
    step = max(1, math.ceil(int(index.ntotal) / count))
    return np.ascontiguousarray(np.concatenate([rows[::step] for _, rows in _blocks(index)]))


def _blocks(index: Any, size: int = 50_000) -> Iterator[tuple[Ids, Vectors]]:
    """Yield all ids and rows of an index, some at a time; rows kept as codes are decoded."""
    faiss = _faiss()
    if kind_of(index) == FLAT:
        ids = faiss.vector_to_array(index.id_map)
        inner = faiss.downcast_index(index.index)
        for start in range(0, len(ids), size):
            part = ids[start : start + size]
            yield part, inner.reconstruct_n(start, len(part))
        return
    for cell in range(index.nlist):
        length = index.invlists.list_size(cell)
        if length:
            yield _cell(index, cell, length)


def _cell(index: Any, cell: int, length: int) -> tuple[Ids, Vectors]:
    faiss = _faiss()
    ids = faiss.rev_swig_ptr(index.invlists.get_ids(cell), length).copy()
    codes = faiss.rev_swig_ptr(index.invlists.get_codes(cell), length * index.code_size)
    return ids, index.sq.decode(codes.reshape(length, index.code_size))
