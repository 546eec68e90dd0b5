"""Use cases of drafting: from a sentence to a plan, each section saved when it is finished."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assistant.draft import Job, draft
from assistant.outline import blank_draft, from_text, make_outline, org_words, with_targets
from assistant.request import parse_request
from assistant.studio.unit import UnitCases
from assistant.types import (
    DraftDone,
    DraftEvent,
    Outline,
    Profile,
    Request,
    SectionDone,
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
        draft_id: str = "",
    ) -> Iterator[DraftEvent]:
        """Yield events while a plan is written, each section saved when finished; `draft_id` is one begun."""
        profile = profile or self.profile()
        draft_id = draft_id or self.begin(request, outline, profile)
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
        outline = self._outline_of(plan)
        kept = {section.id: section for section in plan.sections if section.text.strip()}
        writer = None if without_model else self.writer(stop)
        yield from self._write(
            Job(
                draft_id,
                plan.request,
                plan.profile,
                outline,
                self._pool(plan.request),
                self.tables,
                writer,
                kept=kept,
                stop=stop,
            )
        )

    def _write(self, job: Job) -> Iterator[DraftEvent]:
        events = draft(job)
        while True:
            try:
                event = next(events)
            except StopIteration:
                return
            except UserError as error:
                raise UserError(f"{error}写完的部分已保存在计划 {job.draft_id}，可以接着写。") from error
            if isinstance(event, SectionDone):
                self.history.save_section(job.draft_id, event.section, event.section.writer)
            elif isinstance(event, DraftDone):
                self.history.save(event.draft)
            yield event

    def writer(self, stop: Stop | None = None) -> Writer | None:
        """Return the writer over the chosen model, None when there is none."""
        if self.model is None:
            return None
        from assistant.write import ModelWriter

        return ModelWriter(self.model, stop, self.tables)
