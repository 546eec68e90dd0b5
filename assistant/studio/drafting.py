"""Use cases of drafting: from a sentence to a plan, each section saved when it is finished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from assistant.draft import Job, draft
from assistant.history_marks import SNAPSHOT
from assistant.outline import make_outline, org_words, with_targets
from assistant.outline_text import blank_draft, from_text
from assistant.request import parse_request
from assistant.studio.unit import UnitCases
from assistant.types import (
    Draft,
    DraftDone,
    DraftEvent,
    Outline,
    Profile,
    Request,
    Section,
    SectionDone,
    Status,
    Stop,
    Writer,
)
from index.errors import UserError
from index.types import SectionCode


class DraftingCases(UnitCases):
    """Request, outline, draft, resume."""

    def request(self, text: str, today: date, profile: Profile | None = None) -> Request:
        """Return the slots of one sentence, the profile filling what it leaves open."""
        profile = profile or self.profile()
        request = parse_request(text, today)
        if request.org_type is None and profile.org_type is not None:
            request = parse_request(text, today, profile.org_type)
        return request

    def outline(self, request: Request, profile: Profile | None = None, variant: int = 0) -> Outline:
        """Return the outline proposed for a request."""
        pool = self._pool(request)
        return make_outline(request, profile or self.profile(), self.tables, pool.support, variant)

    def edited_outline(self, text: str, request: Request, known: Outline | None = None) -> Outline:
        """Return the outline a person's "#" text describes, with lengths shared out again."""
        outline = from_text(text, known, self.code_of)
        return with_targets(outline, request.length, self.tables, org_words(request, Profile(), self.tables))

    def code_of(self, heading: str) -> SectionCode | None:
        """Return what a heading is about."""
        from index.library import section_code

        return section_code(heading)

    def begin(self, request: Request, outline: Outline, profile: Profile | None = None) -> str:
        """Keep a plan that is still empty and return its id, so that nothing written later can be lost."""
        return self.history.save(blank_draft(request, outline, profile or self.profile()))

    def draft(
        self,
        request: Request,
        outline: Outline,
        profile: Profile | None = None,
        *,
        variant: int = 0,
        stop: Stop | None = None,
        without_model: bool = False,
    ) -> Iterator[DraftEvent]:
        """Yield events while a plan is written, each section saved when finished."""
        profile = profile or self.profile()
        draft_id = self.begin(request, outline, profile)
        writer = None if without_model else self.writer(stop)
        yield from self._write(
            Job(
                draft_id,
                request,
                profile,
                outline,
                self._pool(request),
                self.tables,
                writer,
                variant,
                stop=stop,
            )
        )

    def resume(
        self, draft_id: str, *, stop: Stop | None = None, without_model: bool = False
    ) -> Iterator[DraftEvent]:
        """Go on with a draft that was interrupted: what is written stays, the rest is written now."""
        plan = self.history.load(draft_id)
        kept = {section.id: section for section in plan.sections if section.text.strip()}
        yield from self._write(self._job(plan, kept, 0, stop, without_model))

    def rewrite_all(
        self, draft_id: str, variant: int = 1, *, stop: Stop | None = None
    ) -> Iterator[DraftEvent]:
        """Write all sections anew but locked and reviewed ones; the plan as it was is kept as a snapshot."""
        plan = self.history.load(draft_id)
        self.history.mark(draft_id, SNAPSHOT, "全部重写之前")
        kept = {section.id: section for section in plan.sections if section.status is not Status.DRAFT}
        yield from self._write(self._job(plan, kept, variant, stop, False))

    def _job(
        self,
        plan: Draft,
        kept: Mapping[str, Section],
        variant: int,
        stop: Stop | None,
        without_model: bool,
    ) -> Job:
        """Return the work of writing what of a plan is not `kept`."""
        return Job(
            plan.id,
            plan.request,
            plan.profile,
            self._outline_of(plan),
            self._pool(plan.request, plan.references),
            self.tables,
            None if without_model else self.writer(stop),
            variant,
            kept=kept,
            stop=stop,
        )

    def _write(self, job: Job) -> Iterator[DraftEvent]:
        before = {section.id: section.text for section in self.history.load(job.draft_id).sections}
        events = draft(job)
        while True:
            try:
                event = next(events)
            except StopIteration:
                return
            except UserError as error:
                raise UserError(f"{error}写完的部分已保存在计划 {job.draft_id}，可以接着写。") from error
            if isinstance(event, SectionDone):
                self._keep_written(job.draft_id, event.section, before)
            elif isinstance(event, DraftDone):
                event = DraftDone(self._finished(event.draft))
            yield event

    def _keep_written(self, draft_id: str, section: Section, before: Mapping[str, str]) -> None:
        """Keep a section just written, unless a person changed or took it out while it was written."""
        now = {found.id: found for found in self.history.load(draft_id).sections}.get(section.id)
        if now is not None and now.text == before.get(section.id) and now.status is not Status.LOCKED:
            self.history.save_section(draft_id, replace(section, status=now.status), section.writer)

    def _finished(self, written: Draft) -> Draft:
        """Keep the head of a plan just written; its sections are those kept meanwhile, which the person may
        have edited, moved or locked, without those that stayed empty.
        """
        asked = {item.id for item in written.outline.items} if written.outline else set()

        def complete(now: Draft) -> Draft:
            sections = tuple(s for s in now.sections if s.text.strip() or s.id not in asked)
            return replace(now, writer=written.writer, sections=sections, findings=written.findings)

        return self.history.change(written.id, complete, written.writer)

    def writer(self, stop: Stop | None = None) -> Writer | None:
        """Return the writer over the chosen model, None when there is none."""
        if self.model is None:
            return None
        from assistant.write import ModelWriter

        return ModelWriter(self.model, stop, self.tables)
