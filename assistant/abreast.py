"""Several works at once in threads of their own, what they give in order. Knows nothing about plans."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _End:
    """The end of one work, with what went wrong."""

    error: BaseException | None = None


def abreast(
    works: Sequence[Callable[[], Generator[str, None, None]]], most: int, halt: threading.Event
) -> Generator[Iterator[str], None, None]:
    """Run at most `most` of `works` at once and yield, in their order, what each gives while it runs.

    An error of a work is raised where its pieces are read; after one no further work begins, and those not
    begun give nothing. When the reader goes, `halt` is set (the works should heed it) and all threads end.
    """
    lines: list[queue.SimpleQueue[str | _End]] = [queue.SimpleQueue() for _ in works]
    broken = threading.Event()

    def run(work: Callable[[], Generator[str, None, None]], line: queue.SimpleQueue[str | _End]) -> None:
        try:
            if not broken.is_set() and not halt.is_set():
                with closing(work()) as pieces:
                    for piece in pieces:
                        line.put(piece)
        except BaseException as error:  # raised to the reader of the line
            broken.set()
            line.put(_End(error))
        else:
            line.put(_End())

    pool = ThreadPoolExecutor(most, thread_name_prefix="gonghui-section")
    try:
        for work, line in zip(works, lines, strict=True):
            pool.submit(run, work, line)
        for line in lines:
            yield _pieces(line)
    finally:
        halt.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _pieces(line: queue.SimpleQueue[str | _End]) -> Iterator[str]:
    while isinstance(piece := line.get(), str):
        yield piece
    if piece.error is not None:
        raise piece.error
