"""The unit's profile: a TOML file a person can read and edit.

Knows the fields and their Chinese names; not what a plan does with them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any

from assistant.settings import write_atomically
from assistant.types import Profile
from index.errors import UserError
from index.labels import name_of
from index.types import OrgType

FIELDS: Mapping[str, str] = {
    "unit": "单位全称",
    "union": "工会全称",
    "short": "单位简称",
    "org_type": "单位类型",
    "level": "单位级别",
    "province": "所在省份",
    "people": "职工人数",
    "women": "女职工人数",
    "groups": "工会小组（分工会）数",
    "party": "党组织名称",
    "upper": "上级工会",
    "bodies": "工会内设组织",
    "programs": "品牌活动",
    "key_tasks": "本年重点任务",
    "fixed_events": "固定活动",
    "use_words": "习惯用词",
    "avoid_words": "不用的词",
}
_LISTS = {"upper", "bodies", "programs", "key_tasks", "fixed_events", "avoid_words"}
_NUMBERS = {"people", "women", "groups"}


def load_profile(path: Path) -> Profile:
    """Return the profile at `path`, an empty one when there is none.

    :raises UserError: for a file that cannot be read, an unknown field or a wrong value.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Profile()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"单位档案“{path}”读不懂（{error}），请改正或在“单位档案”页重新填写。") from error
    return from_values(raw)


def save_profile(path: Path, profile: Profile) -> None:
    """Write `profile` to `path`, leaving empty fields out."""
    import tomli_w

    write_atomically(path, tomli_w.dumps(to_values(profile)).encode("utf-8"))


def to_values(profile: Profile) -> dict[str, Any]:
    """Return the filled fields as plain TOML values."""
    values: dict[str, Any] = {}
    for field in fields(Profile):
        value = getattr(profile, field.name)
        if value in (None, "", (), {}):
            continue
        values[field.name] = (
            list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
        )
    return {key: str(value) if key == "org_type" else value for key, value in values.items()}


def from_values(raw: Mapping[str, Any]) -> Profile:
    """Return a profile of plain values; strings are accepted where lists are meant.

    :raises UserError: for an unknown field, a number that is none, an unknown unit type.
    """
    if unknown := sorted(set(raw) - set(FIELDS)):
        raise UserError(f"单位档案里有不认识的项目“{unknown[0]}”，可用的项目是：{'、'.join(FIELDS)}。")
    values = {key: _value(key, value) for key, value in raw.items() if value not in (None, "", [], {})}
    profile = replace(Profile(), **values)
    if profile.people is not None and profile.women is not None and profile.women > profile.people:
        raise UserError("女职工人数比职工人数还多，请核对后再保存。")
    return profile


def _value(key: str, value: Any) -> Any:
    label = FIELDS[key]
    if key == "org_type":
        return _org_type(str(value))
    if key in _LISTS:
        return _strings(label, value)
    if key in _NUMBERS:
        return _number(label, value)
    if key == "use_words":
        if not isinstance(value, Mapping):
            raise UserError(f"单位档案的“{label}”要写成“职工 = 员工”这样成对的词。")
        return {str(old).strip(): str(new).strip() for old, new in value.items()}
    if not isinstance(value, str):
        raise UserError(f"单位档案的“{label}”应是文字，请改正。")
    return value.strip()


def _strings(label: str, value: Any) -> tuple[str, ...]:
    parts = value.replace("；", "\n").replace(";", "\n").splitlines() if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise UserError(f"单位档案的“{label}”应是一组文字，请改正。")
    return tuple(part.strip() for part in parts if part.strip())


def _number(label: str, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError) as error:
        raise UserError(f"单位档案的“{label}”应是整数，请改正。") from error
    if number < 0 or isinstance(value, bool):
        raise UserError(f"单位档案的“{label}”应是正整数，请改正。")
    return number


def _org_type(value: str) -> OrgType:
    for code in OrgType:
        if value in (code.value, name_of(code)):
            return code
    known = "、".join(f"{code.value}（{name_of(code)}）" for code in OrgType)
    raise UserError(f"没有“{value}”这个单位类型，可以选：{known}。")


def defaults() -> dict[str, Any]:
    """Return every field with its empty value, for a form."""
    return {f.name: f.default if f.default is not MISSING else {} for f in fields(Profile)}
