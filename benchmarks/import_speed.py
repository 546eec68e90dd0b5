"""How fast plans are imported: documents and passages a second, and where the time goes.

    python benchmarks/import_speed.py [--sizes 100 1000 10000]

Invented plans of 20 to 40 measures as text files, the built-in encoder, one process, an empty library.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.plans import write
from index import classify, clean, facts, families, passages, provenance, readers, segment
from index.catalog import Catalog
from index.embed import StaticEncoder, load_encoder
from index.fulltext import FullText
from index.library import Library
from index.types import Added
from index.vectors import FaissStore

STAGES: list[tuple[str, Any, str]] = [
    ("read", readers, "_load"), ("clean", clean, "clean"), ("part", segment, "split_pages"),
    ("trace", provenance, "originals"), ("label", classify, "label"), ("label", classify, "sections_of"),
    ("label", segment, "headings"), ("facts", facts, "find_facts"), ("passages", passages, "split"),
    ("copies", families, "place"), ("store", Catalog, "add"), ("encode", StaticEncoder, "encode_passages"),
    ("full text", FullText, "update"), ("vectors", FaissStore, "add"), ("vectors", FaissStore, "save"),
    ("vectors", FaissStore, "remove"),
]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 1000, 10_000])
    options = parser.parse_args()
    spent, inner = defaultdict(float), [0.0]
    for name, owner, function in STAGES:
        setattr(owner, function, _timed(getattr(owner, function), name, spent, inner))
    load_encoder().encode_passages(["工会"])
    names = list(dict.fromkeys(name for name, _, _ in STAGES))
    print(
        f"{'documents':>9}{'seconds':>9}{'cpu s':>9}{'doc/s':>7}{'pass/s':>8}{'MB':>6}  "
        + "".join(f"{n:>10}" for n in [*names, "other"])
    )
    for size in options.sizes:
        spent.clear()
        with tempfile.TemporaryDirectory() as place:
            write(Path(place) / "files", size)
            spent.clear()
            seconds, worked, documents, count, megabytes = _import(Path(place))
        shares = [spent[name] / seconds for name in names]
        cells = "".join(f"{share:>10.1%}" for share in [*shares, 1 - sum(shares)])
        speed = f"{documents / seconds:>7.1f}{count / seconds:>8.0f}{megabytes:>6.0f}"
        print(f"{documents:>9}{seconds:>9.1f}{worked:>9.1f}{speed}  {cells}", flush=True)
    return 0


def _import(place: Path) -> tuple[float, float, int, int, float]:
    with Library.open(place / "library", starter=False) as library:
        began, worked = time.perf_counter(), time.process_time()
        added = sum(isinstance(event, Added) for event in library.add([place / "files"]))
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
        count = library.stats().passages
    size = sum(file.stat().st_size for file in (place / "library").rglob("*") if file.is_file())
    return seconds, worked, added, count, size / 1024 / 1024


def _timed(
    function: Callable[..., Any], name: str, spent: dict[str, float], inner: list[float]
) -> Callable[..., Any]:
    """Return the function adding its own time, that of stages within it left out, to `spent[name]`."""

    @wraps(function)
    def timed(*values: Any, **named: Any) -> Any:
        before, began = inner[0], time.perf_counter()
        inner[0] = 0.0
        result = function(*values, **named)
        if hasattr(result, "__next__"):
            result = iter(list(result))
        whole = time.perf_counter() - began
        spent[name] += whole - inner[0]
        inner[0] = before + whole
        return result

    return timed


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
