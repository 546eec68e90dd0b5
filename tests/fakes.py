"""Stand-ins shared by the tests: plain classes, no patching."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np


class HashEncoder:
    """Texts to unit vectors by hashing their character pairs: texts that share words are near."""

    def __init__(self, dim: int = 64, name: str = "hash-encoder", max_tokens: int = 200) -> None:
        self.dim = dim
        self.name = name
        self.max_tokens = max_tokens
        self.encoded = 0

    def count_tokens(self, text: str) -> int:
        return len(text)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([self._vector(text) for text in texts], np.float32).reshape(len(texts), self.dim)

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += len(texts)
        return self.encode_queries(texts)

    def _vector(self, text: str) -> np.ndarray:
        row = np.zeros(self.dim, np.float32)
        for pair in (text[start : start + 2] for start in range(len(text) - 1)):
            if pair.isalnum():
                row[zlib.crc32(pair.encode()) % self.dim] += 1
        return row / (np.linalg.norm(row) or 1)


class TableEncoder(HashEncoder):
    """Texts to the vectors written down for them; texts that are not in the table get zeros."""

    def __init__(self, table: dict[str, Sequence[float]], dim: int = 3, name: str = "table-encoder") -> None:
        super().__init__(dim, name)
        self.table = table

    def _vector(self, text: str) -> np.ndarray:
        return np.array(self.table.get(text, [0.0] * self.dim), np.float32)
