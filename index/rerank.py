"""An optional second look: a cross-encoder reads query and passage together and orders the best anew.

Any sentence-transformers CrossEncoder in a folder of this machine or in the local cache; nothing is ever
downloaded. Off unless a person names one, since each query then costs a model's pass over every candidate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import UserError
from index.types import Hit, Reranker

if TYPE_CHECKING:
    from index.types import Vectors

RERANKED = "reranked"
DEPTH = 30
BATCH = 16


class CrossReranker:
    """A `Reranker` over a CrossEncoder, loaded when first used."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(self.name, local_files_only=True)
        except Exception as error:
            raise UserError(
                f"本机没有找到可用的精排模型“{self.name}”，请填写模型文件夹的完整路径，或在设置里清空精排模型。"
            ) from error

    def scores(self, query: str, texts: Sequence[str]) -> Vectors:
        """Return how well each text answers the query, higher for better.

        :raises UserError: if the model is not on this machine or cannot be loaded.
        """
        pairs = [(query, text) for text in texts]
        found = self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True)
        rows: Vectors = np.asarray(found, np.float32)
        return rows if rows.ndim == 1 else rows[:, -1]


def reranked(hits: Sequence[Hit], query: str, reranker: Reranker | None) -> list[Hit]:
    """Return the hits with the first `DEPTH` in the reranker's order and marked so; the rest as they were.

    The places keep their scores, so that scores still fall from the first hit to the last.
    """
    if reranker is None or not hits:
        return list(hits)
    head = hits[:DEPTH]
    texts = [f"{hit.passage.trail}\n{hit.passage.text}".strip() for hit in head]
    order = np.argsort(-reranker.scores(query, texts), kind="stable")
    moved = [
        replace(head[int(place)], score=there.score, found_by=(*head[int(place)].found_by, RERANKED))
        for place, there in zip(order, head, strict=True)
    ]
    return [*moved, *hits[DEPTH:]]
