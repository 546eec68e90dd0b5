"""The commands redline, backup and restore."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.places import place, unused
from index.errors import UserError

if TYPE_CHECKING:
    from assistant.studio import Studio
    from assistant.types import Draft

Out = Callable[[Any, str], None]


def run(studio: Studio, options: Namespace, out: Out) -> None:
    """Run the command named in `options`."""
    {"redline": redline, "backup": backup, "restore": restore}[options.command](studio, options, out)


def redline(studio: Studio, options: Namespace, out: Out) -> None:
    """Write a Word file with tracked changes: against another plan, or against what was first drafted."""
    plan = _plan(studio, options.draft, options.today)
    if not options.old and Path(options.draft).is_file():
        raise UserError("要和哪一份比？请在后面再写一份旧计划的文件名或编号。")
    before = _plan(studio, options.old, options.today) if options.old else studio.as_drafted(plan.id)
    path = studio.redline(before, plan, place(options.output, f"{plan.title}（修订稿）"))
    out({"draft_id": plan.id, "file": str(path)}, f"已写好：{path}")


def backup(studio: Studio, options: Namespace, out: Out) -> None:
    """Write all data into one .zip."""
    now = datetime.now()
    path = options.file or unused(Path.cwd() / f"工会计划助手备份-{now:%Y%m%d}.zip")
    path = studio.backup(path.resolve(), now)
    out({"file": str(path)}, f"已备份：{path}（不含模型文件和模型服务的密钥）")


def restore(studio: Studio, options: Namespace, out: Out) -> None:
    """Put a backup's data back."""
    for step in studio.restore(options.file, datetime.now()):
        if isinstance(step, str):
            print(step, file=sys.stderr)
            continue
        kept = f"，原来的数据移到了“{step.aside}”" if step.aside else ""
        aside = str(step.aside) if step.aside else ""
        out({"restored": list(step.names), "aside": aside}, f"已恢复{kept}。")


def _plan(studio: Studio, wanted: str, today: date | None) -> Draft:
    """Return a plan by its id, or the one in a file."""
    path = Path(wanted)
    return studio.read_plan(path, today or date.today()) if path.is_file() else studio.load(wanted)
