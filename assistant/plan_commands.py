"""The commands over a person's own papers: profile --from, points, compare, and draft --last / --points.

Files named here are read and stored nowhere.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import plan_views as views
from assistant.continuity import carry, points_of
from assistant.draft import Job, draft
from assistant.evidence import gather
from assistant.planning import offers_for, with_points
from assistant.points import findings_of as point_findings
from assistant.points import matrix, points_in
from assistant.profile import to_values
from assistant.profile_reader import accept, read_document
from assistant.repetition import findings_of as repetition_findings
from assistant.repetition import repetition
from assistant.text import han_count
from assistant.types import DraftDone
from index.library import examine

if TYPE_CHECKING:
    from assistant.studio import Studio
    from assistant.types import Draft, Outline, Profile, Request
    from index.types import SectionCode

Out = Callable[[Any, str], None]
_A_LINE = 12  # Hanzi; a shorter line of an old plan is a heading


def profile_from(studio: Studio, options: Namespace, out: Out) -> None:
    """Show what an old plan says of the unit; `--accept` keeps the sure guesses."""
    document = max(examine(options.source), key=lambda found: len(found.text))
    guesses = read_document(document)
    told = views.guesses_text(guesses)
    if options.accept:
        before = studio.profile()
        after = accept(before, guesses)
        studio.save_profile(after)
        changed = len(to_values(after)) - len(to_values(before))
        told += f"\n已存入有把握的内容（新填{changed}项，原有内容不变）。"
        told += "其余请用 gonghui profile 项目=内容 填写。"
    out([views.guess_data(guess) for guess in guesses], told)


def run(studio: Studio, options: Namespace, out: Out) -> None:
    """Run the command named in `options`: points or compare."""
    {"points": points, "compare": compare}[options.command](studio, options, out)


def points(studio: Studio, options: Namespace, out: Out) -> None:
    """List the key points of a file, or hold them against a plan."""
    found = points_in(examine(options.file))
    if not options.draft:
        text = "\n".join(f"{point.number}.{point.text}" for point in found)
        out({"points": [views.point_data(point) for point in found]}, text)
        return
    plan = _plan(studio, options.draft, options.today)
    rows = matrix(found, plan)
    offers = offers_for(rows, plan, gather(studio.library, plan.request, studio.tables), studio.tables)
    out(
        {
            "draft_id": plan.id,
            "points": [views.row_data(row) for row in rows],
            "offers": [views.offer_data(offer) for offer in offers],
        },
        views.matrix_text(rows, offers),
    )


def compare(studio: Studio, options: Namespace, out: Out) -> None:
    """Show how much of a plan stands in an old file."""
    plan = _plan(studio, options.draft, options.today)
    found = repetition(plan, _text_of([options.file]), studio.tables)
    out({"draft_id": plan.id, **views.repetition_data(found)}, views.repetition_text(found))


def outline_with(
    studio: Studio, options: Namespace, request: Request, profile: Profile, outline: Outline
) -> Outline:
    """Return the outline with the points of `--last` and `--points` in it."""
    wanted: list[tuple[SectionCode, str]] = []
    if options.last:
        carried = carry([document for path in options.last for document in examine(path)], request)
        wanted += points_of(carried, request)
    if options.points:
        wanted += [(point.code, point.duty) for point in points_in(examine(options.points))]
    return with_points(outline, wanted, request, profile, studio.tables) if wanted else outline


def compared(studio: Studio, options: Namespace, plan: Draft) -> tuple[Draft, dict[str, Any]]:
    """Return a finished plan with the findings of `--last` and `--points`, and their data."""
    data: dict[str, Any] = {}
    if options.last:
        old = _text_of(options.last)
        found, unasked = repetition(plan, old, studio.tables), _unasked(studio, plan, old)
        documents = [document for path in options.last for document in examine(path)]
        data["repetition"] = views.repetition_data(found)
        if unasked is not None:
            data["repetition"]["unasked"] = round(unasked, 4)
        data["carried"] = [views.carried_data(carried) for carried in carry(documents, plan.request)]
        plan = replace(plan, findings=(*plan.findings, *repetition_findings(plan, found, unasked)))
    if options.points:
        rows = matrix(points_in(examine(options.points)), plan)
        data["points"] = [views.row_data(row) for row in rows]
        plan = replace(plan, findings=(*plan.findings, *point_findings(rows)))
    return plan, data


def keeping_off(options: Namespace, request: Request) -> Request:
    """Return the request with the lines of `--last` it must not repeat, where that was asked for."""
    if not options.last or "no_repeat" not in request.style:
        return request
    lines = (line.strip() for line in _text_of(options.last).splitlines())
    return replace(request, last_year=tuple(line for line in lines if han_count(line) >= _A_LINE))


def _unasked(studio: Studio, plan: Draft, old: str) -> float | None:
    """Return how much of `old` the plan would repeat had nobody asked it not to; None where nobody has."""
    if not plan.request.last_year or plan.outline is None:
        return None
    style = tuple(code for code in plan.request.style if code != "no_repeat")
    request = replace(plan.request, style=style, last_year=())
    pool = gather(studio.library, request, studio.tables)
    job = Job("", request, plan.profile, plan.outline, pool, studio.tables)
    drafts = (event.draft for event in draft(job) if isinstance(event, DraftDone))
    return repetition(next(drafts), old, studio.tables).whole


def _plan(studio: Studio, wanted: str, today: date | None) -> Draft:
    """Return a plan by its id, or the one in a file."""
    path = Path(wanted)
    return studio.read_plan(path, today or date.today()) if path.is_file() else studio.load(wanted)


def _text_of(paths: list[Path]) -> str:
    return "\n".join(document.text for path in paths for document in examine(path))
