"""What search_speed.py measures the product against: other engines over the same words and vectors.

Each is handed rjieba's words and the built-in encoder's vectors, so that only the engine differs, and answers
as the product does: ten passages with their text. One that is not installed is skipped with a line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from speed_corpus import Made

from index.embed import load_encoder
from index.fulltext import words_of

HITS = 10
FLAT_MOST, GRAPH_MOST = 20_000, 200_000
Ways = dict[str, Callable[[str], object]]
ORGS = ("hospital", "school")


def spaced(text: str) -> str:
    """Return a text as words between spaces."""
    return " ".join(words_of(text))


class Bm25s:
    """bm25s: keywords alone, built anew whenever anything is added."""

    needs, most = "bm25s", 1_000_000

    def build(self, folder: Path, passages: Sequence[Made], rows: Any) -> None:
        """Build the index in the folder."""
        bm25s = import_module("bm25s")
        index = bm25s.BM25()
        words = [list(map(sys.intern, words_of(item.whole))) for item in passages]
        index.index(words, show_progress=False)
        index.save(str(folder))

    def ways(self, folder: Path) -> Ways:
        """Return the ways to search what was built."""
        index = import_module("bm25s").BM25.load(str(folder), mmap=True)
        return {"keywords": lambda text: index.retrieve([list(words_of(text))], k=HITS, show_progress=False)}


class LanceDb:
    """LanceDB: full text over the words, vectors, in cells past 20,000 (with graphs to 200,000, whose build
    takes too long beyond); reciprocal ranks.
    """

    needs, most = "lancedb", 1_000_000

    def build(self, folder: Path, passages: Sequence[Made], rows: Any) -> None:
        """Build the index in the folder."""
        arrow = import_module("pyarrow")
        table = (
            import_module("lancedb")
            .connect(folder)
            .create_table("passages", self._batch(arrow, passages[:1], rows[:1]))
        )
        for start in range(1, len(passages), 50_000):
            end = min(start + 50_000, len(passages))
            table.add(self._batch(arrow, passages[start:end], rows[start:end]))
        table.create_fts_index(
            "words", base_tokenizer="whitespace", stem=False, remove_stop_words=False, lower_case=False,
            ascii_folding=False, with_position=False,
        )  # fmt: skip
        table.create_scalar_index("org", index_type="BITMAP")
        if len(passages) > FLAT_MOST:
            kind = "IVF_HNSW_SQ" if len(passages) <= GRAPH_MOST else "IVF_SQ"
            table.create_index(metric="dot", vector_column_name="vector", index_type=kind)

    def _batch(self, arrow: Any, passages: Sequence[Made], rows: Any) -> Any:
        flat = arrow.array(rows.reshape(-1))
        return arrow.table(
            {
                "text": [item.text for item in passages],
                "words": [spaced(item.whole) for item in passages],
                "org": [str(item.like.org_type or "") for item in passages],
                "vector": arrow.FixedSizeListArray.from_arrays(flat, rows.shape[1]),
            }
        )

    def ways(self, folder: Path) -> Ways:
        """Return the ways to search what was built."""
        lancedb = import_module("lancedb")
        table = lancedb.connect(folder).open_table("passages")
        ranks = import_module("lancedb.rerankers").RRFReranker()
        encoder = load_encoder()
        within = f"org IN {ORGS}"

        def hybrid(text: str) -> Any:
            vector = encoder.encode_queries([text])[0]
            return (
                table.search(query_type="hybrid").vector(vector).text(spaced(text)).rerank(ranks).limit(HITS)
            )

        return {
            "fused": lambda text: hybrid(text).to_arrow(),
            "fused, filtered": lambda text: hybrid(text).where(within).to_arrow(),
            "keywords": lambda text: table.search(spaced(text), query_type="fts").limit(HITS).to_arrow(),
        }


class MilvusLite:
    """Milvus Lite: vectors and full text of its own words, joined by reciprocal ranks."""

    needs, most = "milvus_lite", 100_000

    def build(self, folder: Path, passages: Sequence[Made], rows: Any) -> None:
        """Build the index in the folder."""
        milvus = import_module("pymilvus")
        folder.mkdir(parents=True, exist_ok=True)
        client = milvus.MilvusClient(str(folder / "passages.db"))
        schema = client.create_schema(auto_id=False)
        schema.add_field("id", milvus.DataType.INT64, is_primary=True)
        schema.add_field("text", milvus.DataType.VARCHAR, max_length=4096)
        schema.add_field(
            "words", milvus.DataType.VARCHAR, max_length=8192, enable_analyzer=True,
            analyzer_params={"tokenizer": "jieba"},
        )  # fmt: skip
        schema.add_field("org", milvus.DataType.VARCHAR, max_length=32)
        schema.add_field("vector", milvus.DataType.FLOAT_VECTOR, dim=int(rows.shape[1]))
        schema.add_field("sparse", milvus.DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            milvus.Function(
                "bm25", milvus.FunctionType.BM25, input_field_names=["words"], output_field_names=["sparse"]
            )
        )
        keys = client.prepare_index_params()
        keys.add_index("vector", index_type="HNSW", metric_type="IP", params={"M": 16, "efConstruction": 100})
        keys.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
        client.create_collection("passages", schema=schema, index_params=keys)
        for start in range(0, len(passages), 2000):
            part = passages[start : start + 2000]
            client.insert(
                "passages", [self._row(start + n, item, rows[start + n]) for n, item in enumerate(part)]
            )
        client.flush("passages")
        client.close()

    def _row(self, number: int, item: Made, vector: Any) -> dict[str, Any]:
        org = str(item.like.org_type or "")
        return {
            "id": number,
            "text": item.text,
            "words": item.whole,
            "org": org,
            "vector": vector.tolist(),
        }

    def ways(self, folder: Path) -> Ways:
        """Return the ways to search what was built."""
        milvus = import_module("pymilvus")
        client = milvus.MilvusClient(str(folder / "passages.db"))
        client.load_collection("passages")
        encoder = load_encoder()
        within = f"org in {list(ORGS)}"

        def hybrid(text: str, limit: str) -> Any:
            vector = encoder.encode_queries([text])[0].tolist()
            near = milvus.AnnSearchRequest(
                [vector], "vector", {"metric_type": "IP"}, limit=100, expr=limit or None
            )
            like = milvus.AnnSearchRequest(
                [text], "sparse", {"metric_type": "BM25"}, limit=100, expr=limit or None
            )
            return client.hybrid_search(
                "passages", [near, like], milvus.RRFRanker(), limit=HITS, output_fields=["text"]
            )

        return {"fused": lambda text: hybrid(text, ""), "fused, filtered": lambda text: hybrid(text, within)}


PEERS: dict[str, Any] = {"bm25s": Bm25s(), "LanceDB": LanceDb(), "Milvus Lite": MilvusLite()}


def missing(name: str) -> bool:
    """Return whether a peer is not installed."""
    return find_spec(PEERS[name].needs) is None
