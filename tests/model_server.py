"""A real OpenAI-compatible server on loopback: `transformers serve` with the tiny model of the tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import pytest


@pytest.fixture(scope="session")
def transformers_server(tmp_path_factory, tiny_model):
    """A real `transformers serve` with the tiny model. Its model list needs the cache folder to exist."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("hub")
    environ = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(home), "HF_HUB_CACHE": str(home)}
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", str(tiny_model)]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
            env=environ, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _wait(port, server, home / "log")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            server.wait(20)


def _wait(port: int, server: subprocess.Popen, log) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(log.read_text()[-2000:])
