"""How fast the product's own search is: build time, disk, p50 and p95 a query, cold start.

    python benchmarks/search_speed.py [--sizes 10000 100000] [--queries 200]

Passages are made of the starter library's own clauses, shuffled by a fixed seed, so lengths and words are
those of union plans. All rows of a size are measured in one process over the same passages and queries;
ratios are to the product's fused search. Peers are measured when they are installed (`pip install bm25s`).
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from retrieval_quality import EVERYTHING, ROOT, library_passages, sources_over

from index.embed import load_encoder
from index.fulltext import words_of
from index.search import CANDIDATES, Sources, find, lexical, semantic
from index.types import Filters, Passage
from index.wish import read

CLAUSES = 5
HITS = 10
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Speed:
    """What one way to search costs: seconds to build, bytes on disk, milliseconds a query."""

    name: str
    build: float
    disk: int
    times: tuple[float, ...]

    @property
    def middle(self) -> float:
        """Milliseconds of the median query."""
        return float(np.percentile(self.times, 50))


def made_up(passages: Sequence[Passage], count: int, seed: int = 1) -> Iterator[Passage]:
    """Yield passages of clauses drawn from real ones, with the labels of one of them."""
    clauses = [
        part for item in passages for part in item.text.replace("。", "，").split("，") if len(part) > 3
    ]
    dice = random.Random(seed)
    for number in range(1, count + 1):
        text = "，".join(dice.choices(clauses, k=CLAUSES)) + "。"
        yield replace(dice.choice(passages), id=number, document_id=str(number // 20), text=text)


def asked(passages: Sequence[Passage], count: int, seed: int = 2) -> list[str]:
    """Return queries of one to three words of a passage; every third names a unit type."""
    dice = random.Random(seed)
    queries: list[str] = []
    while len(queries) < count:
        words = [word for word in words_of(dice.choice(passages).text) if len(word) > 1]
        if len(words) > 3:
            unit = [dice.choice(["医院", "小学", "银行", "机械厂"])] if len(queries) % 3 == 0 else []
            queries.append(" ".join([*unit, *dice.sample(words, dice.randint(1, 3))]))
    return queries


def timed(search: Callable[[str], object], queries: Sequence[str]) -> tuple[float, ...]:
    """Return the milliseconds each query took, after a few unmeasured ones."""
    for query in queries[:WARM_UP]:
        search(query)
    times = []
    for query in queries:
        began = time.perf_counter()
        search(query)
        times.append((time.perf_counter() - began) * 1000)
    return tuple(times)


def disk_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def ours(
    sources: Sources, passages: Sequence[Passage], queries: Sequence[str], build: float, disk: int
) -> list[Speed]:
    """Return the product's rows: fused, fused within a filter, keywords alone, meaning alone."""
    narrow = Filters(org_types=tuple(dict.fromkeys(p.org_type for p in passages if p.org_type))[:3])
    ways: dict[str, Callable[[str], object]] = {
        "fused": lambda text: find(text, HITS, EVERYTHING, sources),
        "fused, filtered": lambda text: find(text, HITS, narrow, sources),
        "keywords": lambda text: lexical(sources.fulltext, read(text), CANDIDATES, EVERYTHING),
        "meaning": lambda text: semantic(sources, read(text).text, CANDIDATES, EVERYTHING),
    }
    return [Speed(name, build, disk, timed(search, queries)) for name, search in ways.items()]


def bm25s_peer(passages: Sequence[Passage], queries: Sequence[str], folder: Path) -> list[Speed]:
    """Return the row of bm25s over the same words, or nothing where it is not installed."""
    if find_spec("bm25s") is None:
        return []
    bm25s = import_module("bm25s")
    began = time.perf_counter()
    index = bm25s.BM25()
    index.index([list(words_of(item.text)) for item in passages], show_progress=False)
    build = time.perf_counter() - began
    index.save(str(folder))

    def search(text: str) -> object:
        return index.retrieve([list(words_of(text))], k=CANDIDATES, show_progress=False)

    return [Speed("bm25s (keywords)", build, disk_of(folder), timed(search, queries))]


def measure(size: int, real: Sequence[Passage], queries: Sequence[str]) -> list[Speed]:
    """Return all rows for one number of passages."""
    passages = list(made_up(real, size))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        began = time.perf_counter()
        sources = sources_over(folder / "ours", passages, load_encoder())
        sources.store.save()
        build = time.perf_counter() - began
        rows = ours(sources, passages, queries, build, disk_of(folder / "ours"))
        return [*rows, *bm25s_peer(passages, queries, folder / "bm25s")]


def table(size: int, rows: Sequence[Speed]) -> str:
    """Return the rows of one size as a Markdown table."""
    lines = [
        f"{size} passages",
        "",
        "| | build s | disk MB | p50 ms | p95 ms | p50 to fused |",
        "|---" * 6 + "|",
    ]
    lines += [
        f"| {row.name} | {row.build:.1f} | {row.disk / 1e6:.0f} | {row.middle:.2f} "
        f"| {np.percentile(row.times, 95):.2f} | {row.middle / rows[0].middle:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)


def cold_start(home: Path, times: int = 5) -> list[float]:
    """Return the seconds whole `gonghui search` processes take over the starter library, built before."""
    code = "import sys; from assistant.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "search", "医院 院务公开", "--json"]
    environment = {**os.environ, "GONGHUI_HOME": str(home)}
    seconds = []
    for _ in range(times + 1):
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        seconds.append(time.perf_counter() - began)
    return seconds[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--queries", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        real = library_passages(Path(place) / "library", load_encoder(), [])
        queries = asked(real, options.queries)
        for size in options.sizes:
            print(table(size, measure(size, real, queries)), flush=True)
        seconds = cold_start(Path(place) / "home")
        print(f"\ncold `gonghui search`: {np.median(seconds):.2f} s (median of {len(seconds)})")


if __name__ == "__main__":
    main()
