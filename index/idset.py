"""Sets of passage ids as bitmaps: a million ids are 125 KB and a look-up is one bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from index.types import Ids


@dataclass(frozen=True, slots=True, eq=False)
class IdSet:
    """Ids from 0 up: id i is bit i % 8, counted from the lowest, of byte i // 8."""

    bits: NDArray[np.uint8]
    count: int

    @classmethod
    def of(cls, ids: Ids | Iterable[int]) -> IdSet:
        """Return the set of these ids, in any order, repeats allowed."""
        listed = np.asarray(ids if isinstance(ids, np.ndarray) else list(ids), np.int64)
        present = np.zeros(int(listed.max()) + 1 if len(listed) else 0, np.bool_)
        present[listed] = True
        return cls(np.packbits(present, bitorder="little"), int(np.count_nonzero(present)))

    def __len__(self) -> int:
        return self.count

    def __contains__(self, id_: int) -> bool:
        place, bit = divmod(id_, 8)
        return id_ >= 0 and place < len(self.bits) and bool(self.bits[place] >> bit & 1)
