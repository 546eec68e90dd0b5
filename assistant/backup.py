"""All a person's data in one .zip: to keep, and to move to another PC.

Holds drafts, profile, settings (without the key of a model server), own tables and the library's catalog;
what is derived from the catalog is rebuilt. Restoring moves the present data aside, it deletes nothing.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.settings import Settings
from index.errors import UserError

FORMAT = 1
MANIFEST = "gonghui.json"
LARGEST = 20 * 2**30
_DRAFTS, _LIBRARY, _PROFILE, _SETTINGS = "drafts.db", "library/library.db", "profile.toml", "settings.toml"
_TABLES = "tables/"
_SECRET = "model_key"
_DERIVED = ("library/fulltext", "library/vectors")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and the folder the data before went to (None when there was none)."""

    names: tuple[str, ...]
    aside: Path | None


def backup(settings: Settings, path: Path, now: datetime) -> Path:
    """Write every piece of data there is to the .zip at `path`, complete or not at all; return the path.

    Databases in use are copied as of one moment.
    :raises UserError: when there is nothing to keep, or the place cannot be written.
    """
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory() as folder,
            zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            names = []
            for name, file in _pieces(settings, Path(folder)):
                archive.write(file, name)
                names.append(name)
            about = {"format": FORMAT, "made": now.isoformat(timespec="seconds"), "names": names}
            archive.writestr(MANIFEST, json.dumps(about, ensure_ascii=False))
        if not names:
            raise UserError("还没有可以备份的内容，先起草一份计划或填好单位档案再来。")
        partial.replace(path)
    except OSError as error:
        raise UserError(f"备份写不进“{path}”（{error.strerror}），请换一个文件夹或腾出空间再试。") from error
    finally:
        partial.unlink(missing_ok=True)
    return path


def restore(settings: Settings, path: Path, now: datetime) -> Restored:
    """Put back what a backup holds; data of the same names is moved to a folder of its own beside it.

    The archive is read and checked whole before anything is touched. Indexes have to be rebuilt afterwards.
    :raises UserError: for a file that is no backup, is damaged, or was made by a newer program.
    """
    home = settings.home
    home.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as folder:
            names = _unpacked(path, Path(folder))
            aside = home / f"恢复前的数据-{now:%Y%m%d-%H%M%S}"
            for name in (*names, *_DERIVED):
                for suffix in ("", "-wal", "-shm") if name.endswith(".db") else ("",):
                    _move(home / (name + suffix), aside / (name + suffix))
            for name in names:
                _move(Path(folder, name), home / name)
    except OSError as error:
        raise UserError(
            f"恢复时读写“{home}”出错（{error.strerror}），请关掉其他正在用的窗口再试。"
        ) from error
    return Restored(names, aside if aside.is_dir() else None)


def _pieces(settings: Settings, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield each name in the archive and a file that holds it."""
    for name, file in ((_DRAFTS, settings.drafts), (_LIBRARY, settings.library / "library.db")):
        if file.is_file():
            yield name, _copied(file, folder / file.name)
    if settings.profile.is_file():
        yield _PROFILE, settings.profile
    if settings.file.is_file():
        yield _SETTINGS, _without_secret(settings.file, folder / _SETTINGS)
    for file in sorted(settings.tables.glob("*.toml")):
        yield _TABLES + file.name, file


def _copied(source: Path, target: Path) -> Path:
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        raise UserError(f"“{source}”读不出来，没有备份成，请关掉别的窗口再试。") from error
    return target


def _without_secret(source: Path, target: Path) -> Path:
    import tomli_w

    values = tomllib.loads(source.read_text("utf-8"))
    target.write_text(tomli_w.dumps({k: v for k, v in values.items() if k != _SECRET}), "utf-8")
    return target


def _unpacked(path: Path, folder: Path) -> tuple[str, ...]:
    """Unpack a backup's own names into `folder` and return them."""
    try:
        with zipfile.ZipFile(path) as archive:
            about = json.loads(archive.read(MANIFEST))
            if about["format"] > FORMAT:
                raise UserError("这份备份是更新版本的程序做的，请先升级本程序再恢复。")
            names = tuple(name for name in about["names"] if _expected(name))
            if sum(archive.getinfo(name).file_size for name in names) > LARGEST:
                raise UserError("这份备份大得不正常，没有恢复，请核对文件。")
            for name in names:
                archive.extract(name, folder)
    except FileNotFoundError as error:
        raise UserError(f"找不到“{path}”，请核对文件名。") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise UserError(f"“{path.name}”不是本程序的备份或已损坏，没有恢复，现有数据未动。") from error
    for name in names:
        if name.endswith(".db"):
            _sound(folder / name, path)
    return names


def _expected(name: str) -> bool:
    inside = name.removeprefix(_TABLES)
    table = name.startswith(_TABLES) and inside.endswith(".toml") and not {"/", "\\"} & set(inside)
    return table or name in (_DRAFTS, _LIBRARY, _PROFILE, _SETTINGS)


def _sound(file: Path, path: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as database:
            if database.execute("PRAGMA quick_check").fetchone()[0] == "ok":
                return
    except sqlite3.Error:
        pass
    raise UserError(f"“{path.name}”里的数据已损坏，没有恢复，现有数据未动。")


def _move(source: Path, target: Path) -> None:
    if source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)
