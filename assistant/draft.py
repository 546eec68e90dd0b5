"""An outline -> a plan, one section at a time, as a stream of events. No storage, no UI.

Body sections are written first, then the month table and the goals, which are read off the body;
events say which section they belong to, and the finished draft has them in reading order.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial

from assistant.abreast import abreast
from assistant.asked import as_asked, in_own_words
from assistant.candidates import reusable
from assistant.checks import CheckContext, leaks, run
from assistant.citations import cite
from assistant.compose import Composer
from assistant.evidence import Pool, rank
from assistant.frame import signed_by
from assistant.numbering import renumber
from assistant.tables import Tables
from assistant.types import (
    Draft,
    DraftDone,
    DraftEvent,
    Finding,
    Outline,
    OutlineItem,
    Profile,
    Request,
    Section,
    SectionDone,
    SectionStarted,
    SectionTask,
    Status,
    Stop,
    TextChunk,
    Writer,
)
from assistant.when import chinese_date
from index.errors import UserError
from index.types import SectionCode

_READ_OFF_THE_BODY = (SectionCode.SCHEDULE, SectionCode.GOAL)


@dataclass(frozen=True, slots=True)
class Job:
    """Everything one plan is written from. `writer` None means the Composer alone.

    `kept` are sections that stay as they are (finished before an interruption, or locked).
    """

    draft_id: str
    request: Request
    profile: Profile
    outline: Outline
    pool: Pool
    tables: Tables
    writer: Writer | None = None
    variant: int = 0
    kept: Mapping[str, Section] = field(default_factory=dict)
    stop: Stop | None = None


def draft(job: Job) -> Iterator[DraftEvent]:
    """Yield events until the plan is done, or until `job.stop` is set (then no DraftDone comes).

    Where the writer can do several sections at once, those of the body are; their events come in order.
    """
    order = writing_order(job.outline)
    done: dict[str, Section] = dict(job.kept)
    if (most := getattr(job.writer, "at_once", 1)) > 1:
        yield from _together(job, order, done, most)
    for number, item in enumerate(order, 1):
        if _stopped(job):
            return
        if item.id in done:
            continue
        yield SectionStarted(item.id, item.heading, number, len(order))
        earlier = tuple(done[i.id] for i in order if i.id in done)
        section = yield from write_section(job, item, earlier)
        if _stopped(job) and job.writer is not None:
            return
        done[item.id] = section
        yield SectionDone(section)
    yield DraftDone(finish(job, tuple(done[item.id] for item in job.outline.items)))


def _together(
    job: Job, order: tuple[OutlineItem, ...], done: dict[str, Section], most: int
) -> Iterator[DraftEvent]:
    """Write the sections of the body at once and add them to `done`; each is told the first versions of those
    before it. When one fails, the others that were begun still come, then its error.
    """
    todo = [item for item in order if item.id not in done and item.code not in _READ_OFF_THE_BODY]
    firsts, tasks, halt = dict(done), [], threading.Event()
    for item in todo:
        task = _task(job, item, tuple(firsts[i.id] for i in order if i.id in firsts))
        firsts[item.id] = _section(job, None, task, task.material)
        tasks.append(task)
    writers = [job.writer.another(EitherStop(job.stop, halt)) for _ in todo]  # type: ignore[union-attr]
    works = [partial(writer.write, task) for writer, task in zip(writers, tasks, strict=True)]
    failure: UserError | None = None
    with closing(abreast(works, most, halt)) as lines:
        for item, task, writer, line in zip(todo, tasks, writers, lines, strict=True):
            text = ""
            try:
                for chunk in line:
                    if not text:
                        yield SectionStarted(item.id, item.heading, order.index(item) + 1, len(order))
                    text += chunk
                    yield TextChunk(item.id, chunk)
                    if _stopped(job):
                        return
            except UserError as error:
                failure = failure or error
                continue
            if _stopped(job):
                return
            if text or failure is None:
                done[item.id] = _section(job, writer, task, text)
                yield SectionDone(done[item.id])
    if failure is not None:
        raise failure


@dataclass(frozen=True, slots=True)
class EitherStop:
    """Set when one of two flags is; the first may be missing."""

    one: Stop | None
    other: Stop

    def is_set(self) -> bool:
        """Whether either is set."""
        return self.other.is_set() or (self.one is not None and self.one.is_set())


def write_section(
    job: Job, item: OutlineItem, earlier: tuple[Section, ...], instruction: str = "", material: str = ""
) -> Generator[DraftEvent, None, Section]:
    """Yield the text of one section as it comes and return the finished section.

    `material` is the text a model is to work on; without it that is the Composer's.
    """
    task = _task(job, item, earlier, instruction, material)
    if job.writer is None:
        yield TextChunk(item.id, task.material)
        return _section(job, None, task, task.material)
    text = ""
    for chunk in job.writer.write(task):
        text += chunk
        yield TextChunk(item.id, chunk)
    return _section(job, job.writer, task, text)


def _task(
    job: Job, item: OutlineItem, earlier: tuple[Section, ...], instruction: str = "", material: str = ""
) -> SectionTask:
    """Return what a writer is told about a section, the Composer's version in it unless another is given."""
    evidence = rank(job.pool, item, job.request, job.tables)
    task = SectionTask(
        job.request,
        job.profile,
        job.outline,
        item,
        evidence,
        earlier,
        variant=job.variant,
        instruction=instruction,
    )
    composed = material or as_asked(
        "".join(Composer(job.tables).write(task)), item.code, job.request, job.profile, job.tables
    )
    if job.writer is None:
        return replace(task, material=composed)
    strangers = leaks.strangers(_judged(job.request, job.profile, job.tables, job.pool))
    return replace(task, material=composed, strangers=strangers)


def _section(job: Job, writer: Writer | None, task: SectionTask, text: str) -> Section:
    """Return the finished section of what a writer gave; `writer` None is the Composer."""
    problem = getattr(writer, "last_problem", "")
    fell_back = not text.strip() or bool(problem and text.strip() == task.material.strip())
    name = Composer(job.tables).name if writer is None or fell_back else writer.name
    text = text if text.strip() else task.material
    text = renumber(in_own_words(text.strip("\n"), job.request, job.profile, job.tables))
    item = task.item
    return Section(
        item.id, item.code, item.heading, text, item.group, cite(text, task.evidence), Status.DRAFT, name
    )


def finish(job: Job, sections: tuple[Section, ...]) -> Draft:
    """Return the whole draft of `sections`, checked."""
    plan = Draft(
        id=job.draft_id,
        request=job.request,
        profile=job.profile,
        title=job.outline.title,
        writer=job.writer.name if job.writer else Composer(job.tables).name,
        sections=tuple(s for s in sections if s.text.strip()),
        signature=signed_by(job.outline.title, job.request, job.profile),
        signed_on=chinese_date(job.request.today),
        outline=job.outline,
    )
    return replace(plan, findings=tuple(check(plan, job.tables, job.pool)))


def check(plan: Draft, tables: Tables, pool: Pool) -> list[Finding]:
    """Return the findings on `plan`, compared with every precedent it could have leaned on."""
    return run(plan, _judged(plan.request, plan.profile, tables, pool))


def _judged(request: Request, profile: Profile, tables: Tables, pool: Pool) -> CheckContext:
    """Return what a plan is judged by, every precedent it could have leaned on among it."""
    titles = {p.document_id: p.title for p in pool.passages}
    private: dict[str, tuple[tuple[str, str], ...]] = {}
    for key, facts in pool.facts.items():
        if title := titles.get(key):
            private[title] = (*private.get(title, ()), *((f.kind.value, f.text) for f in facts))
    return CheckContext(
        tables=tables,
        profile=profile,
        request=request,
        today=request.today,
        private=private,
        precedents=tuple((p.title, p.text) for p in pool.passages if not reusable(p, profile)),
        shipped=frozenset(p.title for p in pool.passages if reusable(p)),
    )


def writing_order(outline: Outline) -> tuple[OutlineItem, ...]:
    """Return the items as they are written: what is read off the body comes after it."""
    late = [i for code in _READ_OFF_THE_BODY for i in outline.items if i.code is code]
    return (*(i for i in outline.items if i.code not in _READ_OFF_THE_BODY), *late)


def _stopped(job: Job) -> bool:
    return job.stop is not None and job.stop.is_set()
