"""Read the TOML tables, lay the person's own over them, and turn rows into the types of tables.py.

Every fault is a `UserError` that names the file, the row and the key. Knows nothing about drafting.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, replace
from datetime import date
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from assistant.tables import (
    CalendarRow,
    Goal,
    MoneyRow,
    MoneyTerm,
    OrgWords,
    PhraseRow,
    SectionRow,
    SloganRow,
    StatuteRow,
    Tables,
    WordingRow,
)
from index.errors import UserError
from index.types import Period

SHIPPED = Path(__file__).parent / "tables"
FILE_KEY = "file"
OWN_SOURCE = "自己的词表"
# For each file: its kinds of row and the keys that name a row of that kind.
ROW_KEYS: dict[str, dict[str, tuple[str, ...]]] = {
    "orgtypes": {"org": ("code",)},
    "sections": {"section": ("code",), "goal": ("id",), "period": ("code",)},
    "calendar": {"row": ("id",), "feast": ("year",)},
    "phrases": {"phrase": ("id",), "slogan": ("id", "valid_from"), "anniversary": ("year",)},
    "statutes": {"statute": ("name",)},
    "money": {"province": ("province",), "term": ("id",)},
    "wording": {"wording": ("right", "message")},
}
KINDS = {
    str: "文字",
    int: "整数",
    bool: "true 或 false",
    date: "日期（如 2026-11-21）",
}

Raw = dict[str, Any]
Row = TypeVar("Row")


def read_tables(folder: Path | None = None) -> Tables:
    """Return all tables.

    :raises UserError: for a file that cannot be read, an unknown key or a wrong value.
    """
    raw = {name: merged(name, folder) for name in ROW_KEYS}
    slogans = _rows(SloganRow, raw["phrases"], "slogan", "phrases")
    newest = sorted(slogans, key=lambda row: row.valid_from or date.min)
    return Tables(
        orgs={row.code: row for row in _orgs(raw["orgtypes"])},
        sections={row.code: row for row in _sections(raw["sections"])},
        calendar=_rows(CalendarRow, raw["calendar"], "row", "calendar"),
        feasts=_feasts(raw["calendar"]),
        phrases=_rows(PhraseRow, raw["phrases"], "phrase", "phrases"),
        slogans={row.id: row.text for row in newest},
        statutes=_rows(StatuteRow, raw["statutes"], "statute", "statutes"),
        money=_rows(MoneyRow, raw["money"], "province", "money"),
        money_terms=_rows(MoneyTerm, raw["money"], "term", "money"),
        slogan_rows=slogans,
        anniversaries=_anniversaries(raw["phrases"]),
        period_words=_period_words(raw["sections"]),
        wording=_rows(WordingRow, raw["wording"], "wording", "wording"),
    )


def read_file(path: Path) -> Raw:
    """Return the TOML of `path` as read, {} where there is no such file.

    :raises UserError: when it is not TOML in UTF-8.
    """
    try:
        text = path.read_text("utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        hint = "等号左边的中文要加双引号；" if re.search(r"(?m)^\s*[\u4e00-\u9fff]+\s*=", text) else ""
        raise UserError(f"词表“{path}”读不懂（{error}），{hint}请改正这一行或删掉这个文件再试。") from error
    except UnicodeDecodeError as error:
        raise UserError(f"词表“{path}”不是 UTF-8 编码，请另存为 UTF-8 再试。") from error
    except OSError as error:
        raise UserError(f"词表“{path}”打不开（{error.strerror}），请检查文件权限。") from error


def merged(name: str, folder: Path | None) -> dict[str, list[Raw]]:
    """Return the rows of one file by kind, the person's laid over the shipped, file defaults filled in."""
    kinds = ROW_KEYS[name]
    found: dict[str, dict[tuple[Any, ...], Raw]] = {kind: {} for kind in kinds}
    paths = [SHIPPED / f"{name}.toml"] + ([folder / f"{name}.toml"] if folder else [])
    defaults: Raw = {}
    for path in paths:
        raw = read_file(path)
        own = {} if path.parent == SHIPPED else {"source": OWN_SOURCE}
        defaults = {**defaults, **own, **raw.pop(FILE_KEY, {})}
        if unknown := sorted(set(raw) - set(kinds)):
            raise UserError(f"词表“{path}”里有不认识的项“{unknown[0]}”，请改正或删掉它。")
        for kind, keys in kinds.items():
            for row in as_rows(raw.get(kind, []), path, kind):
                key = tuple(row.get(part) for part in keys)
                found[kind][key] = lay_over(found[kind].get(key, dict(defaults)), row)
    return {kind: list(rows.values()) for kind, rows in found.items()}


def as_rows(value: Any, path: Path, kind: str) -> list[Raw]:
    """Return `value` as a list of tables.

    :raises UserError: when it is anything else.
    """
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise UserError(f"词表“{path}”里“{kind}”应写成 [[{kind}]] 开头的条目，请改正。")
    return value


def lay_over(base: Raw, row: Raw) -> Raw:
    """Return `base` with the keys of `row` changed; tables inside are laid over key by key."""
    result = dict(base)
    for key, value in row.items():
        old = result.get(key)
        result[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def build(kind: type[Row], raw: Raw, where: str) -> Row:
    """Return a row of type `kind`.

    :raises UserError: for an unknown key, a missing key or a value of the wrong type.
    """
    hints = get_type_hints(kind)
    names = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(raw) - set(names)):
        raise UserError(f"词表“{where}”里有不认识的项“{unknown[0]}”，请改正或删掉它。")
    values = {key: _convert(hints[key], value, f"{where}的{key}") for key, value in raw.items()}
    for name, item in names.items():
        if name in values or item.default is not MISSING or item.default_factory is not MISSING:
            continue
        values[name] = _empty(hints[name], f"{where}的{name}")
    return kind(**values)


def _rows(kind: type[Row], raw: Mapping[str, list[Raw]], name: str, file: str) -> tuple[Row, ...]:
    keys = ROW_KEYS[file][name]
    return tuple(build(kind, row, f"{file}.toml/{name} {row.get(keys[0], '')}") for row in raw[name])


def _orgs(raw: Mapping[str, list[Raw]]) -> Iterable[OrgWords]:
    rows = {row.get("code"): row for row in raw["org"]}
    for row in rows.values():
        yield build(OrgWords, _inherit(row, rows), f"orgtypes.toml/org {row.get('code', '')}")


def _inherit(row: Raw, rows: Mapping[Any, Raw], depth: int = 0) -> Raw:
    """Lay a row over the one its `like` names, so that related types say only where they differ."""
    parent = row.get("like")
    if parent is None:
        return row
    if parent not in rows or depth > len(rows):
        raise UserError(f"词表“orgtypes.toml”里 like 写的“{parent}”没有对应的单位类型，请改正。")
    base = _inherit(rows[parent], rows, depth + 1)
    return lay_over(base, {key: value for key, value in row.items() if key != "like"})


def _sections(raw: Mapping[str, list[Raw]]) -> Iterable[SectionRow]:
    bare = _without_source(raw)
    goals = _rows(Goal, bare, "goal", "sections")
    for row in _rows(SectionRow, bare, "section", "sections"):
        yield replace(row, goals=tuple(goal for goal in goals if goal.section is row.code))


def _without_source(raw: Mapping[str, list[Raw]]) -> dict[str, list[Raw]]:
    return {kind: [_drop(row, ("source", "checked_on")) for row in rows] for kind, rows in raw.items()}


def _period_words(raw: Mapping[str, list[Raw]]) -> dict[Period, dict[str, str]]:
    rows = _without_source(raw)["period"]
    return {
        _convert(Period, row.get("code"), "sections.toml/period"): {
            key: _convert(str, value, "sections.toml/period") for key, value in row.items() if key != "code"
        }
        for row in rows
    }


def _feasts(raw: Mapping[str, list[Raw]]) -> dict[int, dict[str, date]]:
    return {
        _convert(int, row.get("year"), "calendar.toml/feast"): _convert(
            Mapping[str, date], _drop(row, ("year", "source", "checked_on")), "calendar.toml/feast"
        )
        for row in raw["feast"]
    }


def _anniversaries(raw: Mapping[str, list[Raw]]) -> dict[int, tuple[str, ...]]:
    return {
        _convert(int, row.get("year"), "phrases.toml/anniversary"): _convert(
            tuple[str, ...], row.get("texts", []), "phrases.toml/anniversary"
        )
        for row in raw["anniversary"]
    }


def _drop(row: Raw, keys: Iterable[str]) -> Raw:
    return {key: value for key, value in row.items() if key not in set(keys)}


def _empty(hint: Any, where: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType) and type(None) in args:
        return None
    if origin is tuple:
        return ()
    if origin is not None:
        return {}
    raise UserError(f"词表里缺少“{where}”，请补上。")


def _convert(hint: Any, value: Any, where: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _convert(args[0], value, where)
    if origin is tuple:
        return _convert_tuple(args, value, where)
    if origin is not None:
        return _convert_mapping(args, value, where)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _convert_code(hint, value, where)
    if type(value) is not hint:
        raise UserError(f"词表里“{where}”应当是{KINDS.get(hint, '别的内容')}，请改正。")
    return value


def _convert_tuple(args: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise UserError(f"词表里“{where}”应当写成方括号里的一列，请改正。")
    if args[-1] is Ellipsis:
        return tuple(_convert(args[0], item, where) for item in value)
    if len(value) != len(args):
        raise UserError(f"词表里“{where}”应当正好有{len(args)}个值，请改正。")
    return tuple(_convert(kind, item, where) for kind, item in zip(args, value, strict=True))


def _convert_mapping(args: tuple[Any, ...], value: Any, where: str) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise UserError(f"词表里“{where}”应当是一组“名 = 值”，请改正。")
    return {
        _convert(args[0], key, where): _convert(args[1], item, f"{where}.{key}")
        for key, item in value.items()
    }


def _convert_code(kind: type[Enum], value: Any, where: str) -> Enum:
    try:
        return kind(value)
    except ValueError as error:
        known = "、".join(str(item.value) for item in kind)
        raise UserError(f"词表里“{where}”写的“{value}”不认识，只能是：{known}。") from error


def problems(folder: Path | None = None, today: date | None = None) -> list[str]:
    """Return what is wrong with the tables, one Chinese sentence each (`assistant.table_problems`)."""
    from assistant.table_problems import problems as find

    return find(folder, today)
