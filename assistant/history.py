"""The drafts database: every draft and every state of every section, append-only.

Saving adds rows, undoing adds rows; nothing is changed or deleted (the database itself refuses it).
Each call is one transaction on its own connection, so one History serves many threads and several
processes. Tables are in history_store.py, one section's chain in revisions.py, JSON in jsonform.py.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from assistant.history_marks import SNAPSHOT, Mark, add_mark, marks_of, state_of
from assistant.history_store import new_id, opened
from assistant.jsonform import dumps
from assistant.revisions import Chain, Revision, decoded, stamp
from assistant.types import Draft, Section
from index.errors import UserError

__all__ = ["DraftSummary", "History", "Revision"]

EDIT, RESTORE, UNDO, REDO = "edit", "restore", "undo", "redo"

_SUMMARIES = """
    SELECT v.draft_id, v.version, v.head, v.sections,
        (SELECT saved_at FROM versions WHERE draft_id = v.draft_id ORDER BY version LIMIT 1),
        MAX(v.saved_at, COALESCE((SELECT MAX(saved_at) FROM revisions WHERE draft_id = v.draft_id), '')) last
    FROM versions v
    WHERE v.version = (SELECT MAX(version) FROM versions WHERE draft_id = v.draft_id)
    ORDER BY last DESC, v.draft_id DESC"""


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """A row of the draft list. Times are local, YYYY-MM-DDTHH:MM:SS."""

    id: str
    title: str
    writer: str
    sections: int
    versions: int
    created: str
    updated: str
    state: str = ""


class History:
    """Drafts and their revisions in one SQLite file; `clock` gives the local time of a save.

    Every method raises UserError when the file cannot be used.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] = datetime.now) -> None:
        self.path = path
        self._clock = clock

    def save(self, draft: Draft) -> str:
        """Store the draft as it is and return its id; a draft without an id gets the next one.

        A stored draft gains a version if anything changed, and those sections that changed a revision.
        """
        with opened(self.path, write=True) as database:
            return _store(database, draft, draft.writer, self._clock())

    def change(self, draft_id: str, changed: Callable[[Draft], Draft], author: str) -> Draft:
        """Store what `changed` makes of the draft as it stands and return it, in one transaction, so that
        nothing saved elsewhere in the meantime is lost.

        :raises UserError: for an unknown draft, and whatever `changed` raises.
        """
        with opened(self.path, write=True) as database:
            plan = replace(changed(_loaded(database, draft_id, None)), id=draft_id)
            _store(database, plan, author, self._clock())
            return plan

    def load(self, draft_id: str, version: int | None = None) -> Draft:
        """Return the draft as it stands, or exactly as it was when `version` (from 1) was saved.

        :raises UserError: for an unknown draft or version.
        """
        with opened(self.path, write=False) as database:
            return _loaded(database, draft_id, version)

    def list(self) -> tuple[DraftSummary, ...]:
        """Return all drafts, the one changed last first; `state` says which are put away."""
        with opened(self.path, write=False) as database:
            rows = database.execute(_SUMMARIES).fetchall()
            return tuple(replace(_summary(*row), state=state_of(database, row[0])) for row in rows)

    def mark(self, draft_id: str, kind: str, name: str = "") -> Mark:
        """Add a mark: a snapshot of the plan as it stands under a name, that it is put away or back, or key
        points it is held against.

        :raises UserError: for an unknown draft.
        """
        with opened(self.path, write=True) as database:
            plan, now = _loaded(database, draft_id, None), self._clock()
            if kind == SNAPSHOT:
                _store(database, plan, plan.writer, now)
            return add_mark(database, draft_id, kind, name, _last_version(database, draft_id), stamp(now))

    def keep_version(self, draft_id: str) -> int:
        """Store the draft as it stands as a version, if it is none yet, and return the version's number."""
        with opened(self.path, write=True) as database:
            plan = _loaded(database, draft_id, None)
            _store(database, plan, plan.writer, self._clock())
            return _last_version(database, draft_id)

    def marks(self, draft_id: str) -> tuple[Mark, ...]:
        """Return the marks of a draft, oldest first."""
        with opened(self.path, write=False) as database:
            return marks_of(database, draft_id)

    def stamp(self, draft_id: str) -> str:
        """Return a text that differs after every save of the draft.

        :raises UserError: for an unknown draft.
        """
        with opened(self.path, write=False) as database:
            version = _last_version(database, draft_id)
            revisions = database.execute(
                "SELECT COUNT(*) FROM revisions WHERE draft_id = ?", (draft_id,)
            ).fetchone()[0]
        return f"{version}.{revisions}"

    def revisions(self, draft_id: str, section_id: str) -> tuple[Revision, ...]:
        """Return every state of a section, oldest first, also of one the draft no longer has.

        :raises UserError: for an unknown draft or section.
        """
        with opened(self.path, write=False) as database:
            _version(database, draft_id)
            return Chain(database, draft_id, section_id).all()

    def save_section(
        self, draft_id: str, section: Section, author: str, expected: int | None = None, burst: float = 0.0
    ) -> int:
        """Store a section's new content and return its revision number, the last one if nothing changed.

        `expected` is the revision the person was looking at; what is typed on within `burst` seconds is
        one step for undo.
        :raises UserError: for an unknown draft or section, or when `expected` is no longer the last.
        """
        with opened(self.path, write=True) as database:
            chain = _present(database, draft_id, section.id, expected)
            return chain.append(section, author, EDIT, self._clock(), burst)

    def restore(
        self, draft_id: str, section_id: str, revision: int, author: str = "", expected: int | None = None
    ) -> int:
        """Bring an old revision back as the newest and return its number.

        :raises UserError: for an unknown draft, section or revision, or a stale `expected`.
        """
        with opened(self.path, write=True) as database:
            chain = _present(database, draft_id, section_id, expected)
            return chain.append(chain.at(revision).section, author, RESTORE, self._clock())

    def undo(self, draft_id: str, section_id: str, author: str = "", expected: int | None = None) -> int:
        """Repeat what stood before the last change of heading or text as a new revision; return its number.

        A second undo goes one change further back. The empty section a draft begins with before
        anything is written is not gone back to.
        :raises UserError: when nothing is left to undo; else as `restore`.
        """
        with opened(self.path, write=True) as database:
            chain = _present(database, draft_id, section_id, expected)
            before = chain.before(chain.at())
            if before is None:
                raise UserError("这一节已经是最初的文字，没有可以撤销的改动。")
            return chain.repeat(before.number, author, UNDO, self._clock())

    def redo(self, draft_id: str, section_id: str, author: str = "", expected: int | None = None) -> int:
        """Take the last undo back as a new revision and return its number.

        :raises UserError: when the last change was not an undo or a redo; else as `restore`.
        """
        with opened(self.path, write=True) as database:
            chain = _present(database, draft_id, section_id, expected)
            last = chain.at()
            after = [found.number for found in chain.all() if found.parent == last.source]
            if last.kind not in (UNDO, REDO) or not after:
                raise UserError("这一节没有可以恢复的撤销，文字未动。")
            return chain.repeat(max(after), author, REDO, self._clock())


def _loaded(database: sqlite3.Connection, draft_id: str, version: int | None) -> Draft:
    head, numbers = _version(database, draft_id, version)
    sections = tuple(
        Chain(database, draft_id, section_id).at(None if version is None else number).section
        for section_id, number in numbers.items()
    )
    return replace(head, sections=sections)


def _store(database: sqlite3.Connection, draft: Draft, author: str, now: datetime) -> str:
    """Add a version of a draft, and revisions of the sections that changed; return the draft's id."""
    if len({section.id for section in draft.sections}) < len(draft.sections):
        raise ValueError("two sections of one draft have the same id")
    draft_id = draft.id or new_id(database, now)
    numbers = [
        [section.id, Chain(database, draft_id, section.id).append(section, author, EDIT, now)]
        for section in draft.sections
    ]
    _add_version(database, replace(draft, id=draft_id, sections=()), dumps(numbers), now)
    return draft_id


def _last_version(database: sqlite3.Connection, draft_id: str) -> int:
    _version(database, draft_id)
    found = database.execute("SELECT MAX(version) FROM versions WHERE draft_id = ?", (draft_id,)).fetchone()
    return int(found[0])


def _present(database: sqlite3.Connection, draft_id: str, section_id: str, expected: int | None) -> Chain:
    """Return the chain of a section the draft has now, if its last revision is the expected one."""
    _, numbers = _version(database, draft_id)
    chain = Chain(database, draft_id, section_id)
    if section_id not in numbers:
        raise UserError(f"草稿“{draft_id}”里没有“{section_id}”这一节，请刷新后再试。")
    last = chain.at().number
    if expected is not None and expected != last:
        raise UserError(
            f"这一节已在别处改过（您改的是第{expected}稿，现在是第{last}稿），这次没有存入，请刷新后再改。"
        )
    return chain


def _version(
    database: sqlite3.Connection, draft_id: str, version: int | None = None
) -> tuple[Draft, dict[str, int]]:
    """Return a version's head (a draft without sections) and its sections' revision numbers in order."""
    row = database.execute(
        "SELECT head, sections FROM versions WHERE draft_id = ? AND (? IS NULL OR version = ?)"
        " ORDER BY version DESC LIMIT 1",
        (draft_id, version, version),
    ).fetchone()
    if row is None:
        which = "" if version is None else f"的第{version}版"
        raise UserError(f"没有找到草稿“{draft_id}”{which}，请在草稿列表里核对编号。")
    return decoded(Draft, row[0]), dict(json.loads(row[1]))


def _add_version(database: sqlite3.Connection, head: Draft, numbers: str, now: datetime) -> None:
    row = database.execute(
        "SELECT version, head, sections FROM versions WHERE draft_id = ? ORDER BY version DESC LIMIT 1",
        (head.id,),
    ).fetchone()
    text = dumps(head)
    if row is not None and row[1:] == (text, numbers):
        return
    version = 1 if row is None else row[0] + 1
    database.execute(
        "INSERT INTO versions VALUES (?, ?, ?, ?, ?)", (head.id, version, stamp(now), text, numbers)
    )


def _summary(
    draft_id: str, version: int, head: str, sections: str, created: str, updated: str
) -> DraftSummary:
    values = json.loads(head)
    return DraftSummary(
        id=draft_id,
        title=values["title"],
        writer=values["writer"],
        sections=len(json.loads(sections)),
        versions=version,
        created=created,
        updated=updated,
    )
