"""Fixtures shared by all tests: no test touches the person's data folder or the network."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import HashEncoder
from histories import edited_draft, full_draft, history
from model_server import transformers_server
from shelves import DOCUMENTS
from tiny_model import tiny_model

from index.library import Library

NEEDS_LOOPBACK = (
    "test_app.py",
    "test_accessibility.py",
    "test_desk_browser.py",
    "test_desk_with_model.py",
    "test_search_browser.py",
    "test_stopping_browser.py",
    "test_tabs_browser.py",
    "test_server_model.py",
    "test_model_server.py",
    "test_model_download.py",
)
__all__ = ["edited_draft", "full_draft", "history", "tiny_model", "transformers_server"]


def loopback_works() -> bool:
    """Tell whether this machine can talk to itself; a network namespace without interfaces cannot."""
    with socket.socket() as server, socket.socket() as client:
        try:
            server.bind(("127.0.0.1", 0))
            server.listen()
            client.settimeout(2)
            client.connect(server.getsockname())
        except OSError:
            return False
    return True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs a server of its own where there is no loopback interface."""
    if loopback_works():
        return
    skip = pytest.mark.skip(reason="no loopback interface")
    for item in items:
        if item.path.name in NEEDS_LOOPBACK or "transformers_server" in getattr(item, "fixturenames", ()):
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has its own data folder and may not reach a model hub."""
    home = tmp_path / "home"
    monkeypatch.setenv("GONGHUI_HOME", str(home))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return home


@pytest.fixture
def encoder() -> HashEncoder:
    """A small deterministic encoder."""
    return HashEncoder()


@pytest.fixture
def library(tmp_path: Path, encoder: HashEncoder) -> Iterator[Library]:
    """Six tiny documents of different unit types, without the starter library."""
    with Library.open(tmp_path / "library", encoder, starter=False) as opened:
        for title, body in DOCUMENTS.items():
            list(opened.add_text(f"{title}\n{body}", title))
        yield opened


@pytest.fixture(scope="session")
def starter_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose library holds the starter plans, built once; copy it, never write into it."""
    home = tmp_path_factory.mktemp("starter") / "home"
    Library.open(home / "library").close()
    return home


@pytest.fixture(scope="module")
def indexed_home(tmp_path_factory: pytest.TempPathFactory, starter_home: Path) -> Path:
    """A data folder for the tests of one file with the starter library already indexed."""
    return Path(shutil.copytree(starter_home, tmp_path_factory.mktemp("indexed") / "home"))


@pytest.fixture
def ready_home(data_home: Path, starter_home: Path) -> Path:
    """The test's own data folder with the starter library already indexed."""
    shutil.copytree(starter_home, data_home)
    return data_home


@pytest.fixture
def studio(ready_home: Path) -> Iterator[Any]:
    """The use cases over the test's own data folder."""
    from assistant.settings import load_settings
    from assistant.studio import Studio

    opened = Studio(load_settings())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def empty_studio(indexed_home: Path) -> Iterator[Any]:
    """The use cases for the tests of one file: no plan yet, no profile."""
    from assistant.settings import Settings
    from assistant.studio import Studio

    opened = Studio(Settings(home=indexed_home))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium for the tests of one file."""
    from browsing import launched

    with launched() as opened:
        yield opened


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages (address, width, height, language, scheme); only this machine may be asked for anything."""
    from browsing import visiting

    with visiting(browser) as visit:
        yield visit


@pytest.fixture(scope="module")
def server(indexed_home: Path) -> Iterator[tuple[Any, str]]:
    """The pages for the tests of one file, no plan yet: the studio and the address."""
    from browsing import serving

    with serving(indexed_home) as running:
        yield running
