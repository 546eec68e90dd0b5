"""Every kind of model behind the one protocol, made from the same tiny weights, for the contract test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.fast_model import FastModel, fast_installed
from assistant.local_model import LocalModel
from assistant.model_files import find_model
from assistant.sampling import GREEDY, Sampling
from assistant.server_model import ServerModel

NO_FAST = "the extra `fast` (openvino-genai, gguf) is not installed"


def make(kind: str, folder: Path, store: Path, url: str, sampling: Sampling = GREEDY):
    """A fresh model of one kind over the tiny weights in `folder`."""
    if kind == "local":
        return LocalModel(find_model(str(folder)), sampling)
    if kind == "fast":
        if not fast_installed():
            pytest.skip(NO_FAST)
        return FastModel(find_model(str(folder)), store, sampling)
    return ServerModel(url, str(folder) if "transformers" in kind else "", "", 60, sampling)


def own_threads() -> list[str]:
    """Names of the threads of ours that are alive."""
    return sorted(t.name for t in threading.enumerate() if t.name.startswith("gonghui-"))


@contextmanager
def small_server(folder: Path, log: Path) -> Iterator[tuple[str, subprocess.Popen]]:
    """A second real server: our own loop behind the OpenAI interface, in a process that can be killed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = Path(__file__).parent
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(here.parent), str(here)])}
    command = [sys.executable, str(here / "openai_server.py"), str(folder), str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=environ, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            pytest.fail(log.read_text()[-2000:])
        yield f"http://127.0.0.1:{port}/v1", server
    finally:
        server.kill()
        server.wait(20)
