"""Reads damaged files of every format and counts crashes, hangs, memory, and refusals that are no sentence.

    python benchmarks/fuzz_import.py [--count 2000] [--formats .docx .pdf] [--office]

Each file goes the whole way (read, clean, part, label, facts) in a child process whose memory is limited.
A crash is a child that dies or an error that is no `UserError`; a hang is a file that takes over 30 s of
processor time, or ten times as long by the clock. Times in the table are processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.mutations import SOUND, mutants

SECONDS, SLOW = 30.0, 5.0
MEMORY = 3 * 1024**3
NO_OFFICE = "GONGHUI_FUZZ_NO_OFFICE"


def main() -> int:
    options = _options()
    if options.child:
        return child()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        print("format    files   read refused bad say  crash  hang  p50 ms  max s    MB")
        for suffix in options.formats:
            bad += _format(Path(folder), suffix, options)
    return 1 if bad else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--formats", nargs="*", default=list(SOUND))
    parser.add_argument("--office", action="store_true", help="let LibreOffice convert old files (slow)")
    parser.add_argument("--child", action="store_true")
    return parser.parse_args()


def _format(folder: Path, suffix: str, options: argparse.Namespace) -> int:
    """Try one format and print its row; return how many files went wrong."""
    told: Counter[str] = Counter()
    times: list[float] = []
    memory = 0
    reader = Child(options.office)
    for mutant in mutants(suffix, options.count, options.seed):
        path = folder / mutant.name
        path.write_bytes(mutant.data)
        answer = reader.read(path)
        told[answer["outcome"]] += 1
        times.append(answer["seconds"])
        memory = max(memory, answer.get("memory", 0))
        if answer["outcome"] in ("crash", "hang", "unsaid") or answer["seconds"] > SLOW:
            told_by = f"{answer['seconds']:.1f} s {answer['detail'][-900:]}"
            print(f"  {answer['outcome']} {mutant.name} ({mutant.how}) {told_by}")
        path.unlink()
    reader.end()
    times.sort()
    print(
        f"{suffix:8}{len(times):7}{told['read']:7}{told['refused'] + told['unsaid']:8}{told['unsaid']:8}"
        f"{told['crash']:7}{told['hang']:6}{times[len(times) // 2] * 1000:8.0f}{times[-1]:7.1f}{memory:6}",
        flush=True,
    )
    return told["crash"] + told["hang"] + told["unsaid"]


class Child:
    """A reading process; a new one takes its place when it dies or has to be stopped."""

    def __init__(self, office: bool) -> None:
        self._environment = os.environ | ({} if office else {NO_OFFICE: "1"})
        self._process = self._start()

    def read(self, path: Path) -> dict:
        """Return what became of a file."""
        began = time.perf_counter()
        process = self._process
        timer = threading.Timer(10 * SECONDS, process.kill)
        timer.start()
        try:
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        timer.cancel()
        if line:
            return json.loads(line)
        self._process = self._start()
        code = process.wait()
        outcome = "hang" if -code in (signal.SIGKILL, signal.SIGXCPU) else "crash"
        return {"outcome": outcome, "detail": f"exit {code}", "seconds": time.perf_counter() - began}

    def end(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait()

    def _start(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, __file__, "--child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=self._environment,
        )  # fmt: skip


def child() -> int:
    """Read the files named on standard input, within limited memory; answer a line each."""
    import resource

    from index import ocr, office
    from index.library import examine

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if os.environ.get(NO_OFFICE):
        office.office = lambda: None
    ocr.available = lambda: False
    for line in sys.stdin:
        spent = int(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (spent + int(SECONDS), resource.RLIM_INFINITY))
        print(json.dumps(_tried(examine, Path(line.rstrip("\n")))), flush=True)
    return 0


def _tried(examine: Callable[[Path], list], path: Path) -> dict:
    import resource

    from index.errors import UserError

    began = time.process_time()
    try:
        outcome, detail = "read", str(len(examine(path)))
    except UserError as error:
        outcome, detail = ("refused" if is_sentence(str(error), path) else "unsaid"), str(error)
    except BaseException:
        outcome, detail = "crash", traceback.format_exc()
    return {
        "outcome": outcome,
        "seconds": time.process_time() - began,
        "detail": detail,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def is_sentence(text: str, path: Path) -> bool:
    """Tell whether a refusal is one Chinese sentence that says what to do and shows no inner workings."""
    chinese = sum("\u4e00" <= c <= "\u9fff" for c in text)
    return (
        text.endswith("。") and text.count("。") == 1 and "\n" not in text and "请" in text and chinese >= 10
        and str(path.parent) not in text and "Error" not in text and len(text) <= 400
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
