"""Drafts as JSON and back, exactly: codes, tuples, dates and nested nouns come back as they were.

Works from the annotations in types.py, so a new field with a default needs no change here and an
older record simply takes the default. Knows nothing about where JSON is kept.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain_values(value: Any) -> Any:
    """Return `value` as dicts, lists, strings and numbers; dates become YYYY-MM-DD."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain_values(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain_values(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain_values(item) for item in value]
    return value


def dumps(value: Any) -> str:
    """Return `value` as one line of JSON that any UTF-8 store can hold."""
    text = json.dumps(plain_values(value), ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, from a damaged document
        return json.dumps(plain_values(value), separators=(",", ":"))
    return text


def loads(kind: type[T], text: str) -> T:
    """Return the `kind` that `dumps` wrote. Fields it does not know are left out.

    :raises ValueError: when the text is not JSON or a value does not fit its field.
    """
    try:
        restored: T = restore(kind, json.loads(text))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error
    return restored


def restore(kind: Any, value: Any) -> Any:
    """Return plain values as the annotated `kind`: a dataclass, code, date, tuple, mapping or scalar."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else restore(next(k for k in inner if k is not type(None)), value)
    if origin is tuple:
        kinds = (inner[0],) * len(value) if inner[-1] is Ellipsis else inner
        return tuple(restore(k, item) for k, item in zip(kinds, value, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        return {restore(inner[0], key): restore(inner[1], item) for key, item in value.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: restore(hints[name], item) for name, item in value.items() if name in hints})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return date.fromisoformat(value) if kind is date else value


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
