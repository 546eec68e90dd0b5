"""The use cases, one method each: what a person can ask for, whoever shows it.

The only module that saves. The command line and the pages call it with plain values and render what
comes back; it knows nothing of either.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.blanks import filled
from assistant.draft import Job, check, draft, write_section, writing_order
from assistant.evidence import Pool, gather
from assistant.history import History
from assistant.lookup import find_section, unlocked
from assistant.outline import (
    blank_draft,
    from_text,
    make_outline,
    of_draft,
    org_words,
    points_of,
    with_targets,
)
from assistant.profile import load_profile, save_profile
from assistant.request import parse_request
from assistant.settings import Settings, load_settings, save_settings
from assistant.tables import Tables, load_tables
from assistant.types import (
    Draft,
    DraftDone,
    DraftEvent,
    Model,
    Outline,
    Profile,
    Request,
    Section,
    SectionDone,
    Status,
    Stop,
    TextChunk,
    Writer,
)
from index.errors import UserError
from index.library import Library
from index.types import (
    Document,
    DocumentSummary,
    Filters,
    ImportEvent,
    SearchResult,
    SectionCode,
)

if TYPE_CHECKING:
    from assistant.history import DraftSummary, Revision

HAND = "人工"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new version of one section, not yet accepted: the old text stays until the person agrees."""

    draft_id: str
    section: Section
    before: str
    note: str = ""


class Studio:
    """All use cases over one data folder. Opens the library, the drafts and the model when first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()

    @classmethod
    def open(cls) -> Studio:
        """Return the studio over the data folder in force."""
        return cls(load_settings())

    @cached_property
    def library(self) -> Library:
        """The precedents."""
        from index.embed import load_encoder

        chosen = self.settings.encoder
        return Library.open(self.settings.library, load_encoder(chosen) if chosen else None)

    @cached_property
    def history(self) -> History:
        """Drafts and their revisions."""
        return History(self.settings.drafts)

    @cached_property
    def tables(self) -> Tables:
        """The shipped tables with the person's own laid over them."""
        return load_tables(self.settings.tables if self.settings.tables.is_dir() else None)

    @property
    def model(self) -> Model | None:
        """The chosen model, None when writing without one. Loaded once, on first use."""
        with self._lock:
            if "_model" not in self.__dict__:
                from assistant.models import open_model

                self.__dict__["_model"] = open_model(self.settings)
            found: Model | None = self.__dict__["_model"]
            return found

    # ---- profile and settings

    def profile(self, path: Path | None = None) -> Profile:
        """Return the unit's profile, or the one in `path`.

        :raises UserError: when a named file is missing or wrong.
        """
        if path is not None and not path.is_file():
            raise UserError(f"找不到单位档案“{path}”，请检查文件名。")
        return load_profile(path or self.settings.profile)

    def save_profile(self, profile: Profile) -> None:
        """Keep `profile` as the unit's own."""
        save_profile(self.settings.profile, profile)

    def change_settings(self, **changes: str | int) -> None:
        """Keep changed settings; the model and the library are opened anew when next needed."""
        self.settings = save_settings(self.settings, **changes)
        self.__dict__.pop("_model", None)
        self.close()

    # ---- drafting

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

    def load(self, draft_id: str) -> Draft:
        """Return a draft as it stands, with fresh findings."""
        plan = self.history.load(draft_id)
        return self.checked(plan)

    def checked(self, plan: Draft) -> Draft:
        """Return `plan` with its findings computed anew."""
        return replace(plan, findings=tuple(check(plan, self.tables, self._pool(plan.request))))

    def propose(
        self,
        draft_id: str,
        section_id: str,
        instruction: str = "",
        variant: int = 1,
        stop: Stop | None = None,
    ) -> Iterator[TextChunk | Proposal]:
        """Yield another version of a section as it is written, then the proposal. Saves nothing."""
        plan = self.history.load(draft_id)
        section = unlocked(find_section(plan, section_id))
        outline = self._outline_of(plan)
        item = next(i for i in outline.items if i.id == section.id)
        item = replace(item, points=(*item.points, *points_of(instruction)))
        others = tuple(
            s for i in writing_order(outline) for s in plan.sections if s.id == i.id and s.id != section.id
        )
        job = Job(
            draft_id,
            plan.request,
            plan.profile,
            outline,
            self._pool(plan.request),
            self.tables,
            self.writer(stop),
            variant,
            stop=stop,
        )
        events = write_section(job, item, others, instruction)
        while True:
            try:
                event = next(events)
            except StopIteration as done:
                yield Proposal(draft_id, replace(done.value, status=section.status), section.text)
                return
            if isinstance(event, TextChunk):
                yield event

    def accept(self, proposal: Proposal) -> Draft:
        """Keep a proposed section; every other section stays byte for byte.

        :raises UserError: when the section was changed elsewhere in the meantime.
        """
        plan = self.history.load(proposal.draft_id)
        if find_section(plan, proposal.section.id).text != proposal.before:
            raise UserError("这一节在别处刚刚改过，请重新打开后再采用。")
        self.history.save_section(proposal.draft_id, proposal.section, proposal.section.writer)
        return self.load(proposal.draft_id)

    def edit(self, draft_id: str, section_id: str, text: str, expected: int | None = None) -> Draft:
        """Keep a person's own text of a section; `expected` is the revision they were looking at.

        :raises UserError: when the section is locked, or was changed elsewhere since.
        """
        plan = self.history.load(draft_id)
        section = unlocked(find_section(plan, section_id))
        if text.strip() != section.text.strip():
            edited = replace(section, text=text.strip("\n"), citations=(), writer=HAND)
            self.history.save_section(draft_id, edited, HAND, expected)
        return self.load(draft_id)

    def fill(self, draft_id: str, values: Mapping[str, str]) -> Draft:
        """Fill in the blanks 【待填：…】 named in `values`, wherever they stand in the plan."""
        self.history.save(filled(self.history.load(draft_id), values))
        return self.load(draft_id)

    def set_status(self, draft_id: str, section_id: str, status: Status) -> Draft:
        """Mark a section as draft, reviewed or locked."""
        section = find_section(self.history.load(draft_id), section_id)
        self.history.save_section(draft_id, replace(section, status=status), HAND)
        return self.load(draft_id)

    def section(self, draft_id: str, wanted: str) -> Section:
        """Return a section of a draft by id, code or heading.

        :raises UserError: when the draft has no such section.
        """
        return find_section(self.history.load(draft_id), wanted)

    def undo(self, draft_id: str, section_id: str) -> Draft:
        """Go one revision back in a section; the step back is itself a revision."""
        section = unlocked(self.section(draft_id, section_id))
        self.history.undo(draft_id, section.id, HAND)
        return self.load(draft_id)

    def revisions(self, draft_id: str, section_id: str) -> Sequence[Revision]:
        """Return the revisions of a section, oldest first."""
        return self.history.revisions(draft_id, section_id)

    def read_plan(self, path: Path, today: date) -> Draft:
        """Return the plan in a file, stored nowhere.

        :raises UserError: when the file cannot be read or holds no plan.
        """
        from assistant.planfile import read_plan

        return read_plan(path, self.profile(), today)

    def drafts(self) -> Sequence[DraftSummary]:
        """Return the drafts, newest first."""
        return self.history.list()

    def export(self, plan: Draft, path: Path) -> Path:
        """Write a plan to `path`; the suffix says how."""
        from assistant.export import export

        return export(plan, path)

    # ---- the library

    def add(self, paths: Sequence[Path]) -> Iterator[ImportEvent]:
        """Import files and folders, yielding what becomes of each."""
        return self.library.add(paths)

    def search(self, query: str, k: int = 10, filters: Filters | None = None) -> SearchResult:
        """Return the passages that answer a query."""
        return self.library.search(query, k, filters or Filters())

    def documents(self) -> Sequence[DocumentSummary]:
        """Return what the library holds."""
        return self.library.documents()

    def document(self, document_id: str) -> Document:
        """Return one document whole."""
        return self.library.document(document_id)

    def close(self) -> None:
        """Close what was opened."""
        if "library" in self.__dict__:
            self.__dict__.pop("library").close()

    # ---- inside

    def _pool(self, request: Request) -> Pool:
        return gather(self.library, request, self.tables)

    def _outline_of(self, plan: Draft) -> Outline:
        """Return the outline a draft was written to; of a draft without one, that of its sections."""
        if plan.outline and {i.id for i in plan.outline.items} >= {s.id for s in plan.sections}:
            return plan.outline
        return with_targets(
            of_draft(plan),
            plan.request.length,
            self.tables,
            org_words(plan.request, plan.profile, self.tables),
        )
