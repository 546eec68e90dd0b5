"""What kinds of repair are called (`index/repair_kinds.toml`)."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

_OTHER = "整理文字"


def repair_name(kind: str) -> str:
    """Return the Chinese name of a kind of repair such as "N5"."""
    return _names().get(kind, _OTHER)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("repair_kinds.toml").read_text("utf-8"))
