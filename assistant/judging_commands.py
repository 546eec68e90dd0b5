"""The commands that judge a plan: check, mend, ledger."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assistant import judging_views as views
from assistant.views import finding_data
from index.errors import UserError

if TYPE_CHECKING:
    from assistant.studio import Studio
    from assistant.types import Draft

Out = Callable[[Any, str], None]
T = TypeVar("T")


def run(studio: Studio, options: Namespace, out: Out) -> None:
    """Run the command named in `options`."""
    {"check": check, "mend": mend, "ledger": ledger}[options.command](studio, options, out)


def check(studio: Studio, options: Namespace, out: Out) -> None:
    """List the findings of a plan, numbered."""
    plan = _plan(studio, options)
    out(
        {
            "draft_id": plan.id,
            "title": plan.title,
            "findings": [finding_data(f) for f in plan.findings],
        },
        views.numbered_findings(plan.findings) or "没有发现问题。",
    )


def mend(studio: Studio, options: Namespace, out: Out) -> None:
    """Mend the findings named by number, or all that can be; a file is never changed in place."""
    plan = _plan(studio, options)
    wanted = _chosen(plan.findings, options.numbers) if options.numbers else None
    data: dict[str, Any] = {"draft_id": plan.id}
    if plan.id and not options.propose:
        plan, done = studio.mend(plan.id, wanted)
        note = f"已存入计划 {plan.id}，可用 gonghui undo 逐节撤销。"
    else:
        plan, done = studio.mended(plan, wanted)
        note = "" if plan.id else _written(studio, plan, options, data)
    data |= {
        "mended": [views.mended_data(one) for one in done],
        "findings": [finding_data(f) for f in plan.findings],
    }
    out(data, "\n".join(filter(None, (views.mended_text(done, plan.findings), note))))


def ledger(studio: Studio, options: Namespace, out: Out) -> None:
    """List every figure of a plan and who brought it; `--confirm` keeps some as confirmed."""
    plan = _plan(studio, options)
    rows = studio.ledger(plan)
    if options.confirm:
        if not plan.id:
            raise UserError("只有保存在计划库里的计划才能记下确认，请写计划编号。")
        every = "all" in options.confirm
        chosen = [row for row in rows if row.open] if every else _chosen(rows, options.confirm)
        plan = studio.confirm(plan.id, chosen)
        rows = studio.ledger(plan)
    out(
        {"draft_id": plan.id, "title": plan.title, "figures": [views.ledger_data(row) for row in rows]},
        views.ledger_text(plan, rows),
    )


def _plan(studio: Studio, options: Namespace) -> Draft:
    """Return a checked plan by its id, or the one in a file."""
    path = Path(options.file)
    if not path.is_file():
        return studio.load(options.file)
    return studio.checked(studio.read_plan(path, options.today or date.today()))


def _chosen(rows: Sequence[T], numbers: Sequence[str]) -> list[T]:
    """Return the rows a person named by number, from 1."""
    wrong = next((n for n in numbers if not n.isdigit() or not 1 <= int(n) <= len(rows)), None)
    if wrong is not None:
        raise UserError(f"没有第“{wrong}”项，序号是 1 到 {len(rows)}，先看一遍列表再写。")
    return [rows[int(number) - 1] for number in numbers]


def _written(studio: Studio, plan: Draft, options: Namespace, data: dict[str, Any]) -> str:
    """Write a plan that came from a file beside it, or where the person said."""
    if options.propose:
        return ""
    source = Path(options.file)
    path = options.output or source.with_name(f"{source.stem}（改好）.docx")
    if path.exists():
        raise UserError(f"“{path}”已经有了，请用 -o 写另一个文件名。")
    studio.export(replace(plan, signed_on=""), path)
    data["file"] = str(path)
    return f"已写好：{path}（原文件没有动）"
