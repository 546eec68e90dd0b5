"""The SQLite side of the drafts database: opening, numbered migrations, errors in words, draft ids.

Knows tables and files, not what a draft means.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from index.errors import UserError

BUSY_SECONDS = 10.0

# One entry a schema version, in order; PRAGMA user_version holds how many a file has seen.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE versions (
            draft_id TEXT NOT NULL, version INTEGER NOT NULL, saved_at TEXT NOT NULL,
            head TEXT NOT NULL, sections TEXT NOT NULL, PRIMARY KEY (draft_id, version))""",
        """CREATE TABLE revisions (
            draft_id TEXT NOT NULL, section_id TEXT NOT NULL, number INTEGER NOT NULL,
            body TEXT NOT NULL, author TEXT NOT NULL, saved_at TEXT NOT NULL,
            kind TEXT NOT NULL, source INTEGER NOT NULL, parent INTEGER NOT NULL,
            PRIMARY KEY (draft_id, section_id, number))""",
    ),
    tuple(
        f"CREATE TRIGGER {table}_keep_{action} BEFORE {action} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        for table in ("versions", "revisions")
        for action in ("UPDATE", "DELETE")
    ),
    (
        """CREATE TABLE marks (
            draft_id TEXT NOT NULL, number INTEGER NOT NULL, saved_at TEXT NOT NULL,
            kind TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
            PRIMARY KEY (draft_id, number))""",
        *(
            f"CREATE TRIGGER marks_keep_{action} BEFORE {action} ON marks"
            " BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            for action in ("UPDATE", "DELETE")
        ),
    ),
)

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PLACES = 4
_MILLISECONDS_A_STEP = 52  # a day's 86 400 000 ms in steps of 52 fit four base-36 places, with some to spare
_REMEDIES = {
    "SQLITE_BUSY": "草稿库“{path}”正被别的程序占用，刚才的改动没有存入，请稍等片刻再试。",
    "SQLITE_LOCKED": "草稿库“{path}”正被别的程序占用，刚才的改动没有存入，请稍等片刻再试。",
    "SQLITE_FULL": "磁盘已满，刚才的改动没有存入草稿库“{path}”，请腾出空间再试。",
    "SQLITE_READONLY": "草稿库“{path}”不能写入，请检查文件和文件夹的权限。",
    "SQLITE_CANTOPEN": "打不开草稿库“{path}”，请检查文件夹是否存在、有没有权限。",
    "SQLITE_PERM": "打不开草稿库“{path}”，请检查文件和文件夹的权限。",
    "SQLITE_IOERR": "读写草稿库“{path}”时磁盘出错，请检查磁盘后再试。",
    "SQLITE_NOTADB": "“{path}”不是草稿库或已经损坏，请把它移到别处保管后再试。",
    "SQLITE_CORRUPT": "草稿库“{path}”已经损坏，请把它移到别处保管，用备份替换后再试。",
}


@contextmanager
def opened(path: Path, write: bool) -> Iterator[sqlite3.Connection]:
    """Open the database for one transaction: all of it is stored, or on any error nothing.

    :raises UserError: when the file is busy, full, damaged, out of reach or of a newer version.
    """
    _make_folder(path)
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as database:
            database.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
            migrate(database, path)
            database.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield database
            except BaseException:
                if database.in_transaction:  # SQLite itself rolls back when the disk is full
                    database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")
    except sqlite3.Error as error:
        raise _in_words(error, path) from error


def migrate(database: sqlite3.Connection, path: Path) -> None:
    """Bring the tables up to date, one numbered step after another, in one transaction.

    :raises UserError: for a file that a newer version of the program wrote.
    """
    if _version(database, path) == len(MIGRATIONS):
        return
    _use_wal(database)
    database.execute("BEGIN IMMEDIATE")
    try:
        for number, statements in enumerate(MIGRATIONS, 1):
            if number > _version(database, path):
                for statement in statements:
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {number}")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _use_wal(database: sqlite3.Connection) -> None:
    """Switch a new file to write-ahead logging. SQLite does not wait here by itself when two programs
    create the file together, so this does.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(_REMEDIES["SQLITE_CANTOPEN"].format(path=path)) from error


def new_id(database: sqlite3.Connection, now: datetime) -> str:
    """Return an unused id such as d20261121-1a2b: the day, then the time of day in base 36, so that
    ids sort by time. Two in one moment get neighbouring numbers.
    """
    prefix = f"d{now:%Y%m%d}-"
    pattern = prefix + "[0-9a-z]" * _PLACES
    last = database.execute(
        "SELECT MAX(draft_id) FROM versions WHERE draft_id GLOB ?", (pattern,)
    ).fetchone()[0]
    elapsed = ((now.hour * 60 + now.minute) * 60 + now.second) * 1000 + now.microsecond // 1000
    following = int(last.removeprefix(prefix), len(_DIGITS)) + 1 if last else 0
    number = max(elapsed // _MILLISECONDS_A_STEP, following)
    if number >= len(_DIGITS) ** _PLACES:
        raise UserError("今天的草稿编号已经用完，请明天再新建，已有的草稿仍可修改。")
    return prefix + _base36(number)


def _base36(number: int) -> str:
    places = []
    for _ in range(_PLACES):
        number, rest = divmod(number, len(_DIGITS))
        places.append(_DIGITS[rest])
    return "".join(reversed(places))


def _version(database: sqlite3.Connection, path: Path) -> int:
    found: int = database.execute("PRAGMA user_version").fetchone()[0]
    if found > len(MIGRATIONS):
        raise UserError(f"草稿库“{path}”是更新版本的程序建的，请先升级本程序再打开。")
    return found


def _in_words(error: sqlite3.Error, path: Path) -> Exception:
    """Turn a fault of the file into a sentence; anything else is a bug and stays what it is."""
    name = getattr(error, "sqlite_errorname", "")
    for code, remedy in _REMEDIES.items():
        if name.startswith(code):
            return UserError(remedy.format(path=path))
    return error
