"""Labels a person set by hand: they win over what the content says, now and whenever the text comes back.

Kept by the id of a document, which is the hash of its text, so a rebuild, a newer version of the program or
an import after a removal finds them again. What
writes works inside the transaction of its caller.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from enum import StrEnum

from index.errors import UserError
from index.labels import name_of
from index.types import Flag, Genre, OrgType, Period

FIELDS = {
    "title": "标题",
    "org_type": "单位类型",
    "period": "时段",
    "year": "年份",
    "genre": "文种",
    "flags": "提醒",
}
"""What can be corrected, with the name a person knows it by."""

_CODES: Mapping[str, type[StrEnum]] = {"org_type": OrgType, "period": Period, "genre": Genre}
_YEARS = range(1949, 2100)


def checked(field: str, text: str) -> str:
    """Return a correction as it is stored; codes may be given by their Chinese names, "" means none.

    :raises UserError: for an unknown field or value.
    """
    field = next((key for key, name in FIELDS.items() if field in (key, name)), field)
    text = text.strip()
    if field in _CODES:
        return _code(_CODES[field], field, text)
    if field == "year":
        return _year(text)
    if field == "flags":
        names = [part for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
        return ",".join(sorted({_code(Flag, field, name.strip()) for name in names}))
    if field == "title" and text:
        return text
    if field == "title":
        raise UserError("标题不能是空的，请写上标题。")
    known = "、".join(f"{key}（{name}）" for key, name in FIELDS.items())
    raise UserError(f"没有“{field}”这一项，可以改的是：{known}。")


def field_of(name: str) -> str:
    """Return the field a person means by its code or its Chinese name, as given if unknown."""
    return next((key for key, shown in FIELDS.items() if name in (key, shown)), name)


def _code(kind: type[StrEnum], field: str, text: str) -> str:
    if not text and kind is not Flag:
        return ""
    for code in kind:
        if text.lower() == code.value or text == name_of(code):
            return code.value
    known = "、".join(f"{code.value}（{name_of(code)}）" for code in kind)
    raise UserError(f"{FIELDS[field]}没有“{text}”这一种，可以用：{known}。")


def _year(text: str) -> str:
    digits = text.removesuffix("年")
    if not digits:
        return ""
    if not digits.isdecimal() or int(digits) not in _YEARS:
        raise UserError(f"年份要写成四位数字，如 2026，不是“{text}”。")
    return str(int(digits))


def keep(database: sqlite3.Connection, id_: str, changes: Mapping[str, str]) -> None:
    """Store corrections and apply them to the document."""
    present = _present(database, id_)
    database.executemany(
        "INSERT INTO corrections VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT (document_id, field) DO UPDATE SET value = ?3",
        ((id_, field, value, present[field]) for field, value in changes.items()),
    )
    for field, value in changes.items():
        _write(database, id_, field, value)
    _index_again(database, id_)


def apply(database: sqlite3.Connection, id_: str, applied: Collection[str]) -> None:
    """Write the corrections kept for a document over the labels it was just stored with.

    Fields in `applied` hold their correction already: the document comes back from being removed.
    """
    present = _present(database, id_)
    for field, value in _kept(database, id_, "value"):
        if field in applied:
            continue
        database.execute(
            "UPDATE corrections SET was = ? WHERE document_id = ? AND field = ?", (present[field], id_, field)
        )
        _write(database, id_, field, value)


def drop(database: sqlite3.Connection, id_: str) -> None:
    """Forget the corrections of a document: its labels are what its content says again."""
    for field, was in _kept(database, id_, "was"):
        _write(database, id_, field, was)
    database.execute("DELETE FROM corrections WHERE document_id = ?", (id_,))
    _index_again(database, id_)


def _kept(database: sqlite3.Connection, id_: str, column: str) -> list[tuple[str, str]]:
    rows = database.execute(f"SELECT field, {column} FROM corrections WHERE document_id = ?", (id_,))
    return [(field, value) for field, value in rows.fetchall() if field in FIELDS]


def _present(database: sqlite3.Connection, id_: str) -> dict[str, str]:
    columns = ", ".join(FIELDS)
    row = database.execute(f"SELECT {columns} FROM documents WHERE id = ?", (id_,)).fetchone()
    values = dict(zip(FIELDS, ("" if value is None else str(value) for value in row), strict=True))
    return values | {"flags": ",".join(json.loads(values["flags"]))}


def _write(database: sqlite3.Connection, id_: str, field: str, value: str) -> None:
    if field == "flags":
        (hangs,) = database.execute("SELECT copy_of <> '' FROM documents WHERE id = ?", (id_,)).fetchone()
        flags = {part for part in value.split(",") if part} - {Flag.DUPLICATE.value}
        value = json.dumps(sorted(flags | ({Flag.DUPLICATE.value} if hangs else set())))
    if field == "year":
        database.execute("UPDATE documents SET year_inferred = 0 WHERE id = ?", (id_,))
    database.execute(f"UPDATE documents SET {field} = ? WHERE id = ?", (value or None, id_))


def _index_again(database: sqlite3.Connection, id_: str) -> None:
    database.execute("UPDATE passages SET indexed = 0 WHERE document_id = ?", (id_,))
