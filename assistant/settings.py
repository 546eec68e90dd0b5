"""Settings: defaults < settings.toml < environment, and every path under the data folder.

`GONGHUI_HOME` moves the folder. Knows nothing about what the settings are used for.
"""

from __future__ import annotations

import os
import threading
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from index.errors import UserError

HOME_VARIABLE = "GONGHUI_HOME"


@dataclass(frozen=True, slots=True)
class Settings:
    """One value a setting; `home` is the data folder. An empty `model` means writing without one.

    `model` is a folder, a GGUF file, a model name in the local cache, or an OpenAI-compatible URL;
    `model_name` and `model_key` belong to a URL; `model_source` is where models are downloaded from,
    `model_parallel` how many sections a server or `FastModel` writes at once, 0 what it says it can.
    `model_runtime` "plain" runs a model folder by transformers even where the fast runtime is installed;
    `model_seed` starts what is drawn; after `model_idle` minutes without work a model leaves the memory,
    0 never. An empty `encoder` is the built-in one, an empty `reranker` none.
    """

    home: Path
    model: str = ""
    model_name: str = ""
    model_key: str = ""
    model_timeout: int = 60
    model_source: str = ""
    model_parallel: int = 0
    model_runtime: str = ""
    model_seed: int = 0
    model_idle: int = 15
    encoder: str = ""
    reranker: str = ""
    port: int = 7860

    @property
    def library(self) -> Path:
        """Folder of library.db, fulltext/ and vectors/."""
        return self.home / "library"

    @property
    def drafts(self) -> Path:
        """The drafts database."""
        return self.home / "drafts.db"

    @property
    def profile(self) -> Path:
        """The unit's profile."""
        return self.home / "profile.toml"

    @property
    def tables(self) -> Path:
        """The person's own tables, laid over the shipped ones."""
        return self.home / "tables"

    @property
    def exports(self) -> Path:
        """Where Word files go when no other place was named."""
        return self.home / "exports"

    @property
    def log(self) -> Path:
        """Traces of bugs."""
        return self.home / "gonghui.log"

    @property
    def file(self) -> Path:
        """The settings file itself."""
        return self.home / "settings.toml"


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the data folder: GONGHUI_HOME, else the platform's usual place."""
    if chosen := environ.get(HOME_VARIABLE, "").strip():
        return Path(chosen).expanduser().resolve()
    from platformdirs import user_data_path

    return user_data_path("gonghui", appauthor=False)


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in force.

    :raises UserError: for a settings file that cannot be read, an unknown key or a wrong value.
    """
    settings = Settings(home=data_home(environ))
    settings = _overlay(settings, _read_toml(settings.file), str(settings.file))
    named = {
        f.name: environ[f"GONGHUI_{f.name.upper()}"]
        for f in fields(Settings)
        if f.name != "home" and f"GONGHUI_{f.name.upper()}" in environ
    }
    return _overlay(settings, named, "环境变量")


def save_settings(settings: Settings, **changes: str | int) -> Settings:
    """Write `changes` into settings.toml beside what it already holds and return the new settings."""
    import tomli_w

    stored = {**_read_toml(settings.file), **changes}
    defaults = {f.name: f.default for f in fields(Settings)}
    stored = {key: value for key, value in stored.items() if value != defaults[key]}
    write_atomically(settings.file, tomli_w.dumps(stored).encode())
    return _overlay(settings, changes, str(settings.file))


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a crash leaves the old file or the new one, never half.

    :raises UserError: when the disk is full or the place cannot be written.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        os.replace(partial, path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise UserError(f"写不进“{path}”（{error.strerror}），请检查磁盘空间和文件夹权限。") from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"设置文件“{path}”读不懂（{error}），请改正或删掉它再试。") from error


def _overlay(settings: Settings, values: Mapping[str, Any], source: str) -> Settings:
    kinds: dict[str, Callable[[Any], Any]] = {
        f.name: int if isinstance(f.default, int) else str for f in fields(Settings) if f.name != "home"
    }
    if unknown := sorted(set(values) - set(kinds)):
        raise UserError(f"{source}里有不认识的设置“{unknown[0]}”，请改正或删掉这一行。")
    try:
        return replace(settings, **{key: kinds[key](value) for key, value in values.items()})
    except ValueError as error:
        raise UserError(f"{source}里有一项设置的值不对（{error}），请改正。") from error
