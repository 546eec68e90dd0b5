"""What every use case stands on: the data folder, opened piece by piece when first needed."""

from __future__ import annotations

import threading
from collections.abc import Collection
from functools import cached_property

from assistant.evidence import Pool, own_type, shelf, with_chosen
from assistant.history import History
from assistant.outline import org_words, with_targets
from assistant.outline_text import of_draft
from assistant.settings import Settings
from assistant.tables import Tables, load_tables
from assistant.types import Draft, Model, Outline, Reference, Request
from index.library import Library
from index.types import OrgType


class Opened:
    """The library, the drafts, the tables and the model of one data folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._shelves: tuple[tuple[int, int], dict[OrgType, Pool]] = ((0, 0), {})

    @cached_property
    def library(self) -> Library:
        """The precedents."""
        from index.embed import load_encoder
        from index.library import load_reranker

        chosen = self.settings.encoder
        return Library.open(
            self.settings.library,
            load_encoder(chosen) if chosen else None,
            reranker=load_reranker(self.settings.reranker),
        )

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

    def close(self) -> None:
        """Close what was opened."""
        if "library" in self.__dict__:
            self.__dict__.pop("library").close()
        if let_go := getattr(self.__dict__.pop("_model", None), "close", None):
            let_go()

    def _pool(self, request: Request, references: Collection[Reference] = ()) -> Pool:
        own, shelves = own_type(request), self._shelves_now()
        if own not in shelves:
            shelves[own] = shelf(self.library, own, self.tables)
        return with_chosen(shelves[own], self.library, references)

    def _shelves_now(self) -> dict[OrgType, Pool]:
        """Return the pools remembered by unit type, none once anything was written to the library."""
        if (version := self.library.version()) != self._shelves[0]:
            self._shelves = (version, {})
        return self._shelves[1]

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
