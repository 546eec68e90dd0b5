"""What each command does: plain values in, `Studio` called, one result out.

`out(data, text)` prints the data as JSON or the text for a person.
"""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant import views
from assistant.places import place
from assistant.studio import Proposal, Studio
from assistant.types import Draft, DraftDone, DraftEvent, SectionStarted, TextChunk
from index.errors import UserError

Out = Callable[[Any, str], None]


def run(options: Namespace, out: Out) -> int:
    """Run the command named in `options` and return the exit code."""
    studio = Studio.open()
    try:
        code: int | None = _COMMANDS[options.command](studio, options, out)
        return code or 0
    finally:
        studio.close()


def _today(options: Namespace) -> date:
    chosen: date | None = options.today
    return chosen or date.today()


def _request(studio: Studio, options: Namespace, out: Out) -> None:
    request = studio.request(options.text, _today(options))
    out(views.request_data(request), views.request_text(request))


def _outline(studio: Studio, options: Namespace, out: Out) -> None:
    from assistant.outline_text import to_text

    profile = studio.profile(options.profile)
    request = studio.request(options.text, _today(options), profile)
    outline = studio.outline(request, profile)
    out(views.outline_data(outline), to_text(outline))


def _draft(studio: Studio, options: Namespace, out: Out) -> None:
    from assistant.models import waiting_line

    started = time.perf_counter()
    plan = None
    if options.resume:
        events = studio.resume(options.resume, without_model=options.no_model)
    else:
        events = _begun(studio, options)
    if not options.no_model and (waiting := waiting_line(studio.model)):
        print(waiting, file=sys.stderr)
    for event in events:
        if isinstance(event, SectionStarted) and not options.json:
            print(f"[{event.number}/{event.total}] {event.heading or '引言'}", file=sys.stderr)
        elif isinstance(event, DraftDone):
            plan = event.draft
    if plan is None:
        raise UserError("起草被中断了，写完的部分已经保存，可用 gonghui history 找到它接着写。")
    plan, more = _compared(studio, options, plan)
    path = place(options.output, plan.title)
    studio.export(plan, path)
    data = {**views.draft_data(plan, time.perf_counter() - started), **more, "file": str(path)}
    findings = views.findings_text(plan.findings)
    out(
        data,
        "\n".join(
            filter(None, (views.bases_text(plan), findings, f"计划编号：{plan.id}", f"已写好：{path}"))
        ),
    )


def _begun(studio: Studio, options: Namespace) -> Iterator[DraftEvent]:
    profile = studio.profile(options.profile)
    request = studio.request(options.text, _today(options), profile)
    if options.length:
        request = replace(request, length=options.length)
    outline = studio.outline(request, profile, options.variant)
    if options.outline:
        outline = studio.edited_outline(_read_outline(options.outline), request, outline)
    if options.last or options.points:
        from assistant.plan_commands import keeping_off, outline_with

        request = keeping_off(options, request)
        outline = outline_with(studio, options, request, profile, outline)
    if not options.json:
        print(views.request_text(request), file=sys.stderr)
    return studio.draft(request, outline, profile, variant=options.variant, without_model=options.no_model)


def _compared(studio: Studio, options: Namespace, plan: Draft) -> tuple[Draft, dict[str, Any]]:
    if not (options.last or options.points):
        return plan, {}
    from assistant.plan_commands import compared

    return compared(studio, options, plan)


def _read_outline(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise UserError(f"打不开提纲文件“{path}”，请检查文件名。") from error
    except UnicodeDecodeError as error:
        raise UserError(f"提纲文件“{path}”不是 UTF-8 文字，请另存为 UTF-8 再试。") from error


def _revise(studio: Studio, options: Namespace, out: Out) -> None:
    proposal: Proposal | None = None
    for event in studio.propose(options.draft, options.section, options.instruction):
        if isinstance(event, TextChunk):
            continue
        proposal = event
    if proposal is None:
        raise UserError("改写被中断了，原文没有动。")
    data = {
        "draft_id": proposal.draft_id,
        "before": proposal.before,
        "section": views.section_data(proposal.section),
        "accepted": not options.propose,
    }
    text = proposal.section.text
    if not options.propose:
        plan = studio.accept(proposal)
        text += f"\n（其余 {len(plan.sections) - 1} 节未变；不满意可用 gonghui undo 撤销。）"
    out(data, text)


def _undo(studio: Studio, options: Namespace, out: Out) -> None:
    section = studio.section(options.draft, options.section)
    plan = studio.undo(options.draft, section.id)
    restored = next(s for s in plan.sections if s.id == section.id)
    out({"draft_id": plan.id, "section": views.section_data(restored)}, restored.text)


def _history(studio: Studio, options: Namespace, out: Out) -> None:
    if not options.draft:
        rows = studio.drafts()
        out(
            {"drafts": [views.draft_row(row) for row in rows]},
            "\n".join(f"{row.id}  {row.title}" for row in rows) or "还没有起草过计划。",
        )
        return
    plan = studio.load(options.draft)
    found = {s.id: [views.revision_row(r) for r in studio.revisions(plan.id, s.id)] for s in plan.sections}
    lines = [
        f"{s.heading or '引言'}："
        + "；".join(f"第{r['revision']}稿 {r['author']} {r['at']}" for r in found[s.id])
        for s in plan.sections
    ]
    out({"draft_id": plan.id, "title": plan.title, "sections": found}, "\n".join([plan.title, *lines]))


def _judging(studio: Studio, options: Namespace, out: Out) -> None:
    from assistant import judging_commands

    judging_commands.run(studio, options, out)


def _export(studio: Studio, options: Namespace, out: Out) -> None:
    plan = studio.load(options.draft)
    path = place(options.output, plan.title)
    studio.export(plan, path, options.form)
    out({"draft_id": plan.id, "file": str(path)}, f"已写好：{path}")


def _tables(studio: Studio, options: Namespace, out: Out) -> int:
    from assistant.table_files import problems

    found = problems(studio.settings.tables if studio.settings.tables.is_dir() else None, _today(options))
    out({"problems": found}, "\n".join(found) or "数据表没有问题。")
    return 1 if found else 0


def _profile(studio: Studio, options: Namespace, out: Out) -> None:
    from assistant.profile import FIELDS, from_values, to_values

    if options.source:
        from assistant.plan_commands import profile_from

        profile_from(studio, options, out)
        return
    profile = studio.profile()
    if options.values:
        pairs = [value.partition("=") for value in options.values]
        if wrong := next((name for name, sign, _ in pairs if not sign), None):
            raise UserError(f"“{wrong}”要写成 项目=内容，如 people=486。")
        named = {label: key for key, label in FIELDS.items()}
        changed = {named.get(name, name): value for name, _, value in pairs}
        profile = from_values(
            {**{k: v for k, v in to_values(profile).items() if k not in changed}, **changed}
        )
        studio.save_profile(profile)
    values = to_values(profile)
    out(
        values,
        "\n".join(f"{FIELDS[key]}（{key}）：{_listed(value)}" for key, value in values.items())
        or "还没有单位档案，可用 gonghui profile unit=单位全称 people=人数 填写，"
        f"或直接编辑“{studio.settings.profile}”。",
    )


def _listed(value: Any) -> str:
    if isinstance(value, dict):
        return "；".join(f"{old}={new}" for old, new in value.items())
    return "；".join(value) if isinstance(value, list) else str(value)


def _shelf(studio: Studio, options: Namespace, out: Out) -> int:
    from assistant import library_commands

    return library_commands.run(studio, options, out)


def _keeping(studio: Studio, options: Namespace, out: Out) -> None:
    from assistant import keeping_commands

    keeping_commands.run(studio, options, out)


def _papers(studio: Studio, options: Namespace, out: Out) -> None:
    from assistant import plan_commands

    plan_commands.run(studio, options, out)


def _model(studio: Studio, options: Namespace, out: Out) -> None:
    from assistant import model_commands

    model_commands.run(studio, options, out)


def _serve(studio: Studio, options: Namespace, out: Out) -> None:
    from app import serve

    serve(studio, port=options.port or studio.settings.port, browser=not options.no_browser)


def _doctor(studio: Studio, options: Namespace, out: Out) -> int:
    from assistant.doctor import examine

    rows = examine(studio)
    out(
        {"checks": [{"name": r.name, "ok": r.ok, "detail": r.detail} for r in rows]},
        "\n".join(f"{'✓' if r.ok else '✗'} {r.name}：{r.detail}" for r in rows),
    )
    return 0 if all(r.ok for r in rows) else 1


def _bench(studio: Studio, options: Namespace, out: Out) -> None:
    from assistant.bench import bench_drafts

    data, text = bench_drafts(studio, _today(options))
    out(data, text)


_COMMANDS: dict[str, Callable[[Studio, Namespace, Out], int | None]] = {
    "request": _request,
    "outline": _outline,
    "draft": _draft,
    "revise": _revise,
    "undo": _undo,
    "history": _history,
    "check": _judging,
    "mend": _judging,
    "ledger": _judging,
    "export": _export,
    "redline": _keeping,
    "backup": _keeping,
    "restore": _keeping,
    "add": _shelf,
    "library": _shelf,
    "search": _shelf,
    "tables": _tables,
    "profile": _profile,
    "points": _papers,
    "compare": _papers,
    "model": _model,
    "serve": _serve,
    "doctor": _doctor,
    "bench": _bench,
}
