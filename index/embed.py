"""Encoders: text to unit vectors. The built-in one needs numpy alone; any other is sentence-transformers.

Vectors are normalised here and nowhere else, so a dot product of two rows is their cosine. Nothing is ever
downloaded: a model's name is looked up in the local cache only. Knows nothing about storage or ranking.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from index.errors import UserError
from index.types import Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.types import Vectors

BUILT_IN_FOLDER = Path(__file__).parent / "encoder"
BUILT_IN_PREFIX = "gonghui-static-"
STATIC_MAX_TOKENS = 512
SENTENCE_BATCH = 32


def built_in_name() -> str:
    """Return the name of the built-in encoder, without loading it."""
    return str(json.loads((BUILT_IN_FOLDER / "config.json").read_text("utf-8"))["name"])


def load_encoder(name: str = "") -> Encoder:
    """Return the built-in encoder for "", else the sentence-transformers model of that folder or name.

    :raises UserError: if the model is not on this machine or cannot be loaded.
    """
    if not name.strip():
        return built_in_encoder()
    return SentenceEncoder(name.strip())


@lru_cache(maxsize=1)
def built_in_encoder() -> StaticEncoder:
    """Return the encoder that ships with the product, loaded once."""
    return StaticEncoder(BUILT_IN_FOLDER)


def unit_rows(vectors: NDArray[Any]) -> Vectors:
    """Return float32 rows of length 1; a row of zeros (a text without known words) stays zero."""
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return cast("Vectors", rows / np.where(norms > 0, norms, 1))


class StaticEncoder:
    """One vector a word, averaged: no network, no torch, thousands of passages a second.

    The folder holds tokenizer.json, config.json and model.safetensors with int8 `embeddings` and a float32
    scale a row, `weights` (the layout of model2vec), and the square matrix `question_map` that turns the
    mean of a query's words towards its answers. Texts of any length are read to their end.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        try:
            self._name = str(json.loads((folder / "config.json").read_text("utf-8"))["name"])
            tensors = load((folder / "model.safetensors").read_bytes())
            self._tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text("utf-8"))
        except (OSError, KeyError, ValueError) as error:
            raise UserError("自带的语义检索文件缺失或损坏，请重新安装本程序。") from error
        self._rows: NDArray[np.int8] = tensors["embeddings"]
        self._scales: Vectors = tensors["weights"]
        self._question_map: Vectors = tensors["question_map"].astype(np.float32)
        self._unknown = self._tokenizer.token_to_id("[UNK]")

    @property
    def name(self) -> str:
        """Name of the weights; it changes whenever they do."""
        return self._name

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        return int(self._rows.shape[1])

    @property
    def max_tokens(self) -> int:
        """Longest passage worth one vector; nothing is cut beyond it."""
        return STATIC_MAX_TOKENS

    def count_tokens(self, text: str) -> int:
        """Return how many tokens the text has."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row a query."""
        return unit_rows(self._means(texts) @ self._question_map)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row a passage."""
        return unit_rows(self._means(texts))

    def _means(self, texts: Sequence[str]) -> Vectors:
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        for number, item in enumerate(
            self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ):
            ids = [token for token in item.ids if token != self._unknown]
            if ids:
                out[number] = self._scales[ids] @ self._rows[ids].astype(np.float32) / len(ids)
        return out


class _Tokens(Protocol):
    """What counting needs of a model's tokenizer."""

    def __call__(self, text: str, *, add_special_tokens: bool, truncation: bool) -> Any: ...


class SentenceEncoder:
    """Any sentence-transformers model on this machine, with its own query and passage prompts."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name, local_files_only=True)
        except Exception as error:
            raise UserError(
                f"本机没有找到可用的语义模型“{name}”，请填写模型文件夹的完整路径，或先把模型下载到本机再试。"
            ) from error
        self._name = name

    @property
    def name(self) -> str:
        """The folder or name it was loaded by."""
        return self._name

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """Where the model cuts a text; STATIC_MAX_TOKENS for a model without a limit."""
        length = self._model.max_seq_length
        return int(length) if length and length < 1_000_000 else STATIC_MAX_TOKENS

    def count_tokens(self, text: str) -> int:
        """Return how many tokens the text has, the model's own markers included."""
        tokenizer = self._model.tokenizer
        if hasattr(tokenizer, "encode_batch_fast"):
            return len(tokenizer.encode(text).ids)
        return len(cast(_Tokens, tokenizer)(text, add_special_tokens=True, truncation=False)["input_ids"])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row a query, with the model's query prompt where it has one."""
        return self._rows(self._model.encode_query, texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row a passage, with the model's passage prompt where it has one."""
        return self._rows(self._model.encode_document, texts)

    def _rows(self, encode: Any, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        vectors = encode(
            list(texts), batch_size=SENTENCE_BATCH, show_progress_bar=False, convert_to_numpy=True
        )
        return unit_rows(vectors)
