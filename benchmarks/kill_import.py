"""Kills an import again and again, opens the library each time, and looks whether it is whole.

    python benchmarks/kill_import.py [--kills 100] [--files 300] [--pairs 5]

A child imports a folder and gets SIGKILL at a random moment; then the library is opened as a person would.
When all files are in, a new library is begun. `--pairs` lets two children import the same folder at once.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.plans import write
from index.library import Library

_EARLY, _MOST_ADDED = 0.15, 60
CHILD = """import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from index.library import Library
with Library.open(Path(sys.argv[2]), starter=False) as library:
    for event in library.add([Path(sys.argv[3])]):
        print(type(event).__name__, flush=True)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write(folder / "files", options.files, options.seed)
        began = time.perf_counter()
        whole = _whole(folder)
        seconds = time.perf_counter() - began
        print(f"{options.files} files, {len(whole)} documents, uninterrupted {seconds:.1f} s")
        faults = _kills(folder, whole, options) + _pairs(folder, whole, options.pairs)
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


def _whole(folder: Path) -> set[str]:
    start(folder, "whole").communicate()
    return faults_of(folder / "whole", set(), None)[1]


def _kills(folder: Path, whole: set[str], options: argparse.Namespace) -> list[str]:
    rng = random.Random(options.seed)
    faults: list[str] = []
    kept: set[str] = set()
    libraries, halfway, reopened = 1, 0, 0.0
    for number in range(options.kills):
        child = start(folder, f"k{libraries}")
        halfway += killed(child, rng)
        began = time.perf_counter()
        found, now = faults_of(folder / f"k{libraries}", kept, whole)
        reopened = max(reopened, time.perf_counter() - began)
        faults += [f"kill {number}: {fault}" for fault in found]
        kept = now
        if now == whole:
            libraries, kept = libraries + 1, set()
    start(folder, f"k{libraries}").communicate()
    found, now = faults_of(folder / f"k{libraries}", kept, whole)
    faults += found + ([f"in the end {len(now)} of {len(whole)} documents"] if now != whole else [])
    print(f"{options.kills} kills, {halfway} of them in the middle, {libraries} libraries, "
          f"slowest reopening {reopened:.1f} s, faults {len(faults)}")  # fmt: skip
    return faults


def killed(child: subprocess.Popen, rng: random.Random) -> bool:
    """Kill a child while it starts, or some files and a moment later; tell whether it was still at work."""
    if rng.random() < _EARLY:
        time.sleep(rng.uniform(0.1, 3))
    else:
        left = rng.randint(1, _MOST_ADDED)
        while left and (line := child.stdout.readline()):
            left -= line == b"Added\n"
        time.sleep(rng.uniform(0, 0.3))
    working = child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    return working


def _pairs(folder: Path, whole: set[str], pairs: int) -> list[str]:
    faults: list[str] = []
    for number in range(pairs):
        for child in [start(folder, f"p{number}") for _ in range(2)]:
            child.communicate()
            if child.returncode:
                faults.append(f"pair {number}: a process ended with {child.returncode}")
        found, now = faults_of(folder / f"p{number}", set(), whole)
        faults += [f"pair {number}: {fault}" for fault in found]
        if now != whole:
            faults.append(f"pair {number}: {len(now)} of {len(whole)} documents")
    print(f"{pairs} pairs of processes at once, faults {len(faults)}")
    return faults


def faults_of(place: Path, kept: set[str], whole: set[str] | None) -> tuple[list[str], set[str]]:
    """Open a library; return what is wrong with it and the ids of its documents."""
    faults = []
    with Library.open(place, starter=False) as library:
        rows = library.documents()
        ids = {row.id for row in rows}
        passages = [passage.id for passage in library.passages(limit=10_000_000)]
        stats = library.stats()
        vectors, words = len(library._indexes.store), len(library._indexes.fulltext)
        if lost := kept - ids:
            faults.append(f"{len(lost)} documents lost")
        if whole is not None and ids - whole:
            faults.append(f"{len(ids - whole)} documents nobody added")
        if len(ids) != len(rows) or len({row.path for row in rows}) != len(rows):
            faults.append("a document twice")
        if stats.pending:
            faults.append(f"{stats.pending} passages pending after opening")
        if not len(passages) == len(set(passages)) == vectors == words == stats.passages:
            faults.append(f"passages {len(passages)}, vectors {vectors}, full text {words}")
        if rows and not library.search("职工", 1).hits:
            faults.append("a search finds nothing")
    return faults, ids


def start(folder: Path, name: str) -> subprocess.Popen:
    """Begin to import `files` into a library of that folder."""
    root = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", CHILD, root, str(folder / name), str(folder / "files")]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
