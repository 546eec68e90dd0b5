"""One section's revisions inside a transaction: reading, appending, and what undo leads back to.

An edit or a restore is a link that knows its `parent`; undo and redo repeat a link, they add none.
Knows the revisions table only, not drafts or files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from assistant.jsonform import dumps, loads
from assistant.types import Section
from index.errors import UserError

T = TypeVar("T")

_REVISIONS = (
    "SELECT number, body, author, saved_at, kind, source, parent FROM revisions"
    " WHERE draft_id = ? AND section_id = ?"
)


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a section, numbered from 1.

    `kind` says how it came about: edit, restore, undo or redo. `source` is the revision whose content
    it holds (its own number for an edit or a restore), `parent` the one undoing it leads to (0: none).
    """

    number: int
    section: Section
    author: str
    saved_at: str
    kind: str
    source: int
    parent: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The revisions of one section, inside a transaction."""

    database: sqlite3.Connection
    draft_id: str
    section_id: str

    def all(self) -> tuple[Revision, ...]:
        """Return every revision, oldest first."""
        rows = self._rows("ORDER BY number")
        if not rows:
            raise UserError(f"草稿“{self.draft_id}”里没有“{self.section_id}”这一节，请刷新后再试。")
        return tuple(rows)

    def at(self, number: int | None = None) -> Revision:
        """Return revision `number`, or the last."""
        rows = self._rows("AND (? IS NULL OR number = ?) ORDER BY number DESC LIMIT 1", number, number)
        if not rows:
            raise UserError(f"这一节没有第{number}稿，请在修改记录里核对。")
        return rows[0]

    def before(self, here: Revision) -> Revision | None:
        """Return the state before the last change of words; a change of status alone is passed over."""
        number = self.at(here.source).parent
        while number:
            found = self.at(number)
            if not found.parent and not found.section.text.strip():
                return None
            if _words(found.section) != _words(here.section):
                return found
            number = found.parent
        return None

    def append(self, section: Section, author: str, kind: str, now: datetime, burst: float = 0.0) -> int:
        """Add a revision that the next undo leads back from; equal content adds none.

        Typing saved again within `burst` seconds is one step for undo: it leads back to before the first.
        """
        last = next(iter(self._rows("ORDER BY number DESC LIMIT 1")), None)
        if last is None:
            return self._insert(Revision(1, section, author, stamp(now), kind, 1, 0))
        if last.section == section:
            return last.number
        number = last.number + 1
        new = Revision(number, section, author, stamp(now), kind, number, last.source)
        if burst and self._goes_on(last, new, burst):
            new = replace(new, parent=last.parent)
        return self._insert(new)

    def _goes_on(self, last: Revision, new: Revision, burst: float) -> bool:
        """Tell whether `new` is more of the typing that made `last`."""
        if not last.parent or (last.author, last.kind) != (new.author, new.kind):
            return False
        passed = datetime.fromisoformat(new.saved_at) - datetime.fromisoformat(last.saved_at)
        typed = _words(self.at(last.parent).section) != _words(last.section)
        return typed and 0 <= passed.total_seconds() <= burst

    def repeat(self, source: int, author: str, kind: str, now: datetime) -> int:
        """Add a revision with the content of an earlier one: a step along the chain, not a new link."""
        number = self.at().number + 1
        section = self.at(source).section
        return self._insert(Revision(number, section, author, stamp(now), kind, source, 0))

    def _rows(self, condition: str, *values: int | None) -> list[Revision]:
        rows = self.database.execute(f"{_REVISIONS} {condition}", (self.draft_id, self.section_id, *values))
        return [Revision(number, decoded(Section, body), *rest) for number, body, *rest in rows]

    def _insert(self, new: Revision) -> int:
        body = dumps(new.section)
        state = (new.number, body, new.author, new.saved_at, new.kind, new.source, new.parent)
        self.database.execute(
            "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self.draft_id, self.section_id, *state),
        )
        return new.number


def settled(revisions: Iterable[Revision]) -> tuple[Revision, ...]:
    """Return the revisions without those that the same typing went on from at once."""
    rows = tuple(revisions)
    return tuple(
        row
        for row, following in zip(rows, (*rows[1:], None), strict=True)
        if following is None or not following.parent or following.parent != row.parent
    )


def decoded(kind: type[T], text: str) -> T:
    """Return a stored noun.

    :raises UserError: for a record this version of the program cannot read.
    """
    try:
        return loads(kind, text)
    except ValueError as error:
        raise UserError(
            "草稿库里有一条记录读不懂，可能是更新版本的程序写的，请升级本程序后再打开。"
        ) from error


def _words(section: Section) -> tuple[str, str]:
    return section.heading, section.text


def stamp(now: datetime) -> str:
    """Return a time as stored: YYYY-MM-DDTHH:MM:SS."""
    return now.isoformat(timespec="seconds")
