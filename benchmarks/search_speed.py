"""How fast search is beside other engines: build time, memory, disk, p50 and p95 a query, cold start.

    python benchmarks/search_speed.py [--sizes 10000 100000 1000000] [--queries 200] [--keep FOLDER]

Passages are made up (speed_corpus.py) and put straight into the catalog, since reading files is not what is
measured; indexing is that of an import, encoding included. Each engine is built in a process of its own and
asked in another, one after the other, so that memory is its own and the first answer is a cold one. Ratios
are to the product's own p50 of the same way and size; CPU ms a query are less troubled by a busy machine.
`--keep` keeps what was built and uses it again while starter library and encoder are the same.
Peers (speed_peers.py) are measured where they are installed beside the product, as by
`pip install -c constraints.txt bm25s lancedb pymilvus[milvus-lite] jieba` in an environment of their own.
They are handed ready vectors, so encoding is not in their build time. The filter is two unit types.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from speed_corpus import ROOT, asked, fill, index_all, made_up, mark, real_passages, vectors_of
from speed_peers import HITS, ORGS, PEERS, Ways, missing

from index.library import Library
from index.search import CANDIDATES, Sources, lexical, semantic
from index.types import Filters, OrgType, SectionCode
from index.wish import read

OURS = "Gonghui"
WARM_UP = 10
EVERYTHING = Filters()
UNITS = tuple(OrgType(code) for code in ORGS)
LIMITS = {
    "no filter": EVERYTHING,
    "two unit types": Filters(org_types=UNITS),
    "one section": Filters(sections=(SectionCode.CARE,)),
    "both": Filters(org_types=UNITS, sections=(SectionCode.CARE,)),
}


def timed(search: Callable[[str], object], queries: Sequence[str]) -> dict[str, float]:
    """Return p50, p95 and the mean of processor time in milliseconds, after a few queries not counted."""
    for query in queries[:WARM_UP]:
        search(query)
    times = []
    used = time.process_time()
    for query in queries:
        began = time.perf_counter()
        search(query)
        times.append((time.perf_counter() - began) * 1000)
    used = (time.process_time() - used) * 1000 / len(queries)
    return {"p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95)), "cpu": used}


def disk_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def memory() -> tuple[int, int]:
    """Return the process's own memory now and its largest, mapped files left out of the first, in bytes."""
    with open("/proc/self/status") as file:
        rows = dict(line.split(":", 1) for line in file)
    return tuple(int(rows[name].split()[0]) * 1024 for name in ("RssAnon", "VmHWM"))  # type: ignore[return-value]


def our_ways(folder: Path) -> Ways:
    """Return the product's ways to search a library folder, as the pages use them."""
    library = Library.open(folder, starter=False)
    narrow = Filters(org_types=UNITS)
    indexes, catalog = library._indexes, library._catalog
    sources = Sources(
        indexes.fulltext, indexes.store, library.encoder, catalog.passages_by_id, catalog.passage_ids
    )
    return {
        "fused": lambda text: library.search(text, HITS),
        "fused, filtered": lambda text: library.search(text, HITS, narrow),
        "keywords": lambda text: lexical(sources.fulltext, read(text), CANDIDATES, EVERYTHING),
        "meaning": lambda text: semantic(sources, read(text).text, CANDIDATES, EVERYTHING),
    }


def build(name: str, size: int, place: Path) -> dict[str, Any]:
    """Build one engine's index over made-up passages; return seconds and largest memory."""
    real = real_passages(place / "real")
    folder = place / f"{size}" / name.replace(" ", "-")
    if name == OURS:
        fill(folder, made_up(real, size))
        began = time.perf_counter()
        index_all(folder)
        return {"build": time.perf_counter() - began, "peak": memory()[1]}
    passages = list(made_up(real, size))
    rows = vectors_of(place / f"rows-{size}.npy", passages, size)
    began = time.perf_counter()
    PEERS[name].build(folder, passages, rows)
    return {"build": time.perf_counter() - began, "peak": memory()[1]}


def ask(name: str, size: int, place: Path, count: int) -> dict[str, Any]:
    """Open one engine's index and ask; return the first answer's seconds, milliseconds a way, memory."""
    queries = asked(real_passages(place / "real"), count)
    folder = place / f"{size}" / name.replace(" ", "-")
    began = time.perf_counter()
    ways = our_ways(folder) if name == OURS else PEERS[name].ways(folder)
    next(iter(ways.values()))(queries[0])
    cold = time.perf_counter() - began
    times = {way: timed(search, queries) for way, search in ways.items()}
    return {"cold": cold, "ways": times, "memory": memory()[0], "disk": disk_of(folder)}


def apart(step: str, name: str, size: int, place: Path, count: int) -> dict[str, Any] | None:
    """Run one step in a process of its own and return what it measured; None, with a line, where it fails."""
    command = [sys.executable, __file__, "--step", step, "--engine", name, "--sizes", str(size)]
    command += ["--keep", str(place), "--queries", str(count)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        print(f"{name}, {size}: {step} failed: {ran.stderr.strip().splitlines()[-1:]}", flush=True)
        return None
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def measured(name: str, size: int, place: Path, count: int) -> dict[str, Any] | None:
    """Return everything about one engine at one size, what was built before and kept not built again."""
    kept = place / f"{size}-{name.replace(' ', '-')}.json"
    if not kept.exists():
        built = apart("build", name, size, place, count)
        if built is None:
            return None
        kept.write_text(json.dumps(built), "utf-8")
    found = apart("ask", name, size, place, count)
    return found and {**json.loads(kept.read_text("utf-8")), **found}


def table(size: int, rows: dict[str, dict[str, Any]]) -> str:
    """Return the rows of one size as a Markdown table."""
    base = {way: found["p50"] for way, found in rows[OURS]["ways"].items()}
    lines = [
        f"\n{size} passages",
        "",
        "| engine | way | build s | peak MB | disk MB | asking MB | first s | p50 ms | p95 | ratio | CPU |",
        "|---" * 11 + "|",
    ]
    for name, row in rows.items():
        for way, found in row["ways"].items():
            cost = " | ".join(f"{row[key] / 1e6:.0f}" for key in ("peak", "disk", "memory"))
            lines.append(
                f"| {name} | {way} | {row['build']:.0f} | {cost} | {row['cold']:.2f} | {found['p50']:.1f} "
                f"| {found['p95']:.1f} | {found['p50'] / base[way]:.2f} | {found['cpu']:.1f} |"
            )
    return "\n".join(lines)


def recall(size: int, place: Path, count: int = 100) -> str:
    """Return, with and without filters, how many of the ten nearest of an exact search the index finds."""
    library = Library.open(place / f"{size}" / OURS, starter=False)
    queries = [read(text).text for text in asked(real_passages(place / "real"), count)]
    vectors = library.encoder.encode_queries(queries)
    vectors = vectors[vectors.any(axis=1)]
    rows = vectors_of(place / f"rows-{size}.npy", made_up(real_passages(place / "real"), size), size)
    said = []
    for name, filters in LIMITS.items():
        allowed = library._catalog.passage_ids(filters)
        ids = np.flatnonzero(np.unpackbits(allowed.bits, bitorder="little"))
        exact = nearest_of(vectors, rows, ids)
        found = library._indexes.store.search(vectors, CANDIDATES, allowed)[0][:, :HITS]
        shares = [len({*one} & {*other}) / len(other) for one, other in zip(found, exact, strict=True)]
        same = np.mean([share == 1 for share in shares])
        said.append(f"{name} {np.mean(shares):.1%} (all ten: {same:.0%} of queries)")
    return f"the nearest {HITS} of an exact search found: {'; '.join(said)}"


def nearest_of(vectors: Any, rows: Any, ids: Any) -> Any:
    """Return the ids of the nearest rows a vector among `ids`, one row a vector; id 1 is the first row."""
    best, scores = np.zeros((len(vectors), 0), np.int64), np.zeros((len(vectors), 0), np.float32)
    for start in range(0, len(ids), 50_000):
        part = ids[start : start + 50_000]
        scores = np.hstack([scores, vectors @ np.asarray(rows[part - 1]).T])
        best = np.hstack([best, np.broadcast_to(part, (len(vectors), len(part)))])
        order = np.argsort(-scores, axis=1)[:, :HITS]
        best, scores = np.take_along_axis(best, order, 1), np.take_along_axis(scores, order, 1)
    return best


def cold_start(folder: Path, times: int = 5) -> tuple[float, float]:
    """Return the median seconds of whole `gonghui search` processes over a library, and the processor's."""
    home = folder.parent / f"home-{folder.name}"
    home.mkdir(exist_ok=True)
    if not (home / "library").exists():
        shutil.copytree(folder, home / "library")  # a copy, since the command adds what ships
    code = "import sys; from assistant.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "search", "医院 院务公开", "--json"]
    seconds, used = [], []
    for _ in range(times + 1):
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        environment = {**os.environ, "GONGHUI_HOME": str(home)}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(time.perf_counter() - began)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return float(np.median(seconds[1:])), float(np.median(used[1:]))


def compare(sizes: Sequence[int], count: int, place: Path) -> None:
    """Measure every engine at every size and print the tables."""
    engines = [OURS, *(name for name in PEERS if not missing(name))]
    for name in filter(missing, PEERS):
        print(f"{name} is not installed and left out.")
    for size in sizes:
        able = [name for name in engines if name == OURS or size <= PEERS[name].most]
        for name in set(engines) - set(able):
            print(f"{name} is left out at {size}: its build takes too long.")
        found = {name: row for name in able if (row := measured(name, size, place, count))}
        print(table(size, found), flush=True)
        seconds, used = cold_start(place / f"{size}" / OURS)
        print(f"\ncold `gonghui search`: {seconds:.2f} s, {used:.2f} s of processor time", flush=True)
        print(f"\n{recall(size, place)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--step", choices=["build", "ask"], help=argparse.SUPPRESS)
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = options.keep or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        match options.step:
            case "build":
                print(json.dumps(build(options.engine, options.sizes[0], place)))
            case "ask":
                print(json.dumps(ask(options.engine, options.sizes[0], place, options.queries)))
            case _:
                place /= mark()
                place.mkdir(exist_ok=True)
                compare(options.sizes, options.queries, place)


if __name__ == "__main__":
    main()
