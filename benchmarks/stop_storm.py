"""Stops at random moments, and what they leave behind: threads, memory, a model that is still writing.

    python benchmarks/stop_storm.py [--stops 200] [--kinds local,fast,four,server]

Two ways to stop in turn: the button (the stop flag) and the closed page (the generator is closed), each at a
random moment of an answer, reading the prompt included; `four` is FastModel with three more answers at work
that the same stop or closing ends; a server is killed at the end. After each stop the
model must be free: that time is set against the time of one token. SIGTERM to a process that drafts a whole
plan is tried apart: the sections it had finished must be there afterwards.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

DRAFTING = """
import sys
from datetime import date
from assistant.settings import Settings
from assistant.studio import Studio
from pathlib import Path
studio = Studio(Settings(home=Path(sys.argv[1]), model=sys.argv[2]))
request = studio.request("给医院工会起草一份下半年工作计划", date(2026, 6, 1))
for event in studio.draft(request, studio.outline(request)):
    if type(event).__name__ == "SectionDone":
        print(event.section.id, flush=True)
"""


def memory() -> float:
    """Megabytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def storm(kind: str, folder: Path, store: Path, stops: int) -> None:
    from model_backends import make, small_server
    from tiny_model import ANSWER, QUESTION, SYSTEM

    messages = [{"role": "system", "content": SYSTEM + ANSWER * 6}, {"role": "user", "content": QUESTION}]
    served = small_server(folder, store / "server.log") if kind == "server" else None
    url, server = served.__enter__() if served else ("", None)
    kinds = {"server": "small server", "four": "fast"}
    model, draw = make(kinds.get(kind, kind), folder, store, url), random.Random(1)
    more = 3 if kind == "four" else 0
    whole = "".join(model.stream(messages, 300, threading.Event()))
    started, count = time.perf_counter(), 0
    for _ in model.stream(messages, 300, threading.Event()):
        count += 1
    answer = time.perf_counter() - started
    gc.collect()
    before = threading.active_count(), memory()
    waits = []
    for number in range(stops):
        waits.append(_stopped(model, messages, draw.uniform(0, answer), more, pressed=number % 2 == 1))
    gc.collect()
    after = threading.active_count(), memory()
    right = "".join(model.stream(messages, 300, threading.Event())) == whole
    if server is not None:
        server.kill()
        server.wait()
        try:
            list(model.stream(messages, 9, threading.Event()))
        except Exception as error:
            print(f"  killed server: {error}")
        served.__exit__(None, None, None)
    waits.sort()
    within = sum(wait <= answer / count for wait in waits)
    print(
        f"{kind}: {stops} stops, token {answer / count * 1000:.0f} ms; free after (ms) median "
        f"{statistics.median(waits) * 1000:.0f}, 95% {waits[int(len(waits) * 0.95)] * 1000:.0f}, "
        f"worst {waits[-1] * 1000:.0f}, within a token {within}; threads {before[0]} -> {after[0]}, "
        f"MB {before[1]:.0f} -> {after[1]:.0f}; "
        f"text afterwards {'the same' if right else 'OTHER'}",
        flush=True,
    )


def _stopped(model: Any, messages: list[dict[str, str]], moment: float, more: int, pressed: bool) -> float:
    """Stop an answer, and `more` beside it, after `moment` seconds, by the button if `pressed`, else by
    closing the page; return the seconds until the model is free.
    """
    stop = threading.Event()
    others = [threading.Thread(target=_write, args=(model.beside(), messages, stop)) for _ in range(more)]
    for other in others:
        other.start()
    if pressed:
        times: list[float] = []
        button = threading.Timer(moment, _press, (times, stop))
        button.start()
        list(model.stream(messages, 300, stop))
        _join(others)
        ended = time.perf_counter()
        button.join()
        return max(0.0, ended - times[0])
    stream, begun = model.stream(messages, 300, stop), time.perf_counter()
    for _ in stream:
        if time.perf_counter() - begun > moment:
            break
    closing = time.perf_counter()
    stop.set()
    stream.close()
    _join(others)
    return time.perf_counter() - closing


def _write(model: Any, messages: list[dict[str, str]], stop: threading.Event) -> None:
    list(model.stream(messages, 300, stop))


def _join(threads: Iterable[threading.Thread]) -> None:
    for thread in threads:
        thread.join()


def _press(pressed: list[float], stop: threading.Event) -> None:
    pressed.append(time.perf_counter())
    stop.set()


def terminated(folder: Path, times: int) -> None:
    """SIGTERM a drafting process at random moments: every section it reported must be in the database."""
    from assistant.settings import Settings
    from assistant.studio import Studio

    draw, lost, kept = random.Random(2), 0, 0
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    for number in range(times):
        home = Path(tempfile.mkdtemp(prefix="storm-"))
        command = [sys.executable, "-c", DRAFTING, str(home), str(folder)]
        process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
        reported = []
        for line in process.stdout or ():
            reported.append(line.strip())
            if len(reported) >= 1 + number % 4:
                time.sleep(draw.uniform(0, 0.3))
                process.send_signal(signal.SIGTERM)
                break
        process.communicate()
        studio = Studio(Settings(home=home))
        plan = studio.history.load(studio.drafts()[0].id)
        there = {section.id for section in plan.sections if section.text.strip()}
        lost += len(set(reported) - there)
        kept += len(reported)
    print(f"SIGTERM: {times} plans ended, {kept} finished sections reported, {lost} of them lost", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--stops", type=int, default=200)
    parser.add_argument("--terms", type=int, default=4)
    parser.add_argument("--kinds", default="local,fast,four,server")
    options = parser.parse_args()
    from tiny_model import build

    with tempfile.TemporaryDirectory() as place:
        folder = build(Path(place) / "tiny")
        for kind in options.kinds.split(","):
            storm(kind, folder, Path(place), options.stops)
        if options.terms:
            terminated(folder, options.terms)


if __name__ == "__main__":
    main()
