"""Where a file goes: where it was asked for, an older one there kept aside, else under a free name here."""

from __future__ import annotations

import sys
from pathlib import Path


def place(wanted: Path | None, title: str, suffix: str = ".docx") -> Path:
    """Return where to write: what was named, with an older file there kept aside; else a free name here."""
    if wanted is not None:
        if wanted.is_file():
            aside = unused(wanted.with_name(f"{wanted.stem}（旧稿）{wanted.suffix}"))
            wanted.rename(aside)
            print(f"原有文件已改名保留：{aside}", file=sys.stderr)
        return wanted.resolve()
    from assistant.mask import blanks

    for field in blanks(title):
        title = title.replace(f"【待填：{field}】", "")
    name = "".join(c for c in title if c not in '\\/:*?"<>|').strip() or "工会工作计划"
    return unused(Path.cwd() / f"{name}{suffix}")


def unused(path: Path) -> Path:
    """Return `path`, or its first numbered neighbour that does not exist."""
    number, chosen = 2, path
    while chosen.exists():
        chosen = path.with_name(f"{path.stem}（{number}）{path.suffix}")
        number += 1
    return chosen
