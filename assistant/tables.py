"""The tables of what ages: unit types, sections, calendar, phrases, statutes, money rules.

Shipped as TOML in `assistant/tables/`; every row has a `source` and a `checked_on`, its own or its
file's. A file of the same name in the person's data folder is laid over it row by row: a row of the
same id changes the keys it names, any other row is added. Knows nothing about drafting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from index.errors import UserError
from index.types import OrgType, Period, SectionCode


@dataclass(frozen=True, slots=True)
class OrgWords:
    """The vocabulary of one unit type (docs/architecture.md). Each role is one word to write with;
    `says` maps a role to every word a precedent of this type may use for it.
    """

    code: OrgType
    name: str
    family: str
    roles: Mapping[str, str]
    says: Mapping[str, tuple[str, ...]]
    forbid: tuple[str, ...]
    warn: tuple[str, ...]
    allow: tuple[str, ...]
    weights: Mapping[SectionCode, int]
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class SectionRow:
    """Headings and sentences for one section, templates over slots in braces such as {congress}.

    Keys of `headings` and `lines` are "*" (any unit), a family, or a unit type's code; a key of `lines`
    may go on with a period, "*/h2" or "education/term1". Ask with `headings_for` and `lines_for`.
    """

    code: SectionCode
    name: str
    headings: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, tuple[str, ...]]
    goals: tuple[Goal, ...] = ()
    share: int = 10


@dataclass(frozen=True, slots=True)
class Goal:
    """A measurable goal offered when a body item contains one of `needs`.

    Empty `families` (families or unit type codes) and `periods` mean any. `text` holds slots: role
    words and {start} {mid} {end} of `Tables.period_words`.
    """

    section: SectionCode
    needs: tuple[str, ...]
    text: str
    families: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """Something that happens at a time of year.

    `months` when it happens; `day` (month, day) when fixed; `movable` names a lunar feast of
    `Tables.feasts`. `words` find it in text, `not_words` are names that only look like it.
    `must_not` marks rows that may not be planned outside their months. Empty `orgs` means all.
    """

    id: str
    name: str
    months: tuple[int, ...]
    words: tuple[str, ...]
    not_words: tuple[str, ...] = ()
    day: tuple[int, int] | None = None
    movable: str = ""
    orgs: tuple[OrgType, ...] = ()
    section: SectionCode | None = None
    must_not: bool = False
    advice: str = ""
    task: str = ""
    source: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class PhraseRow:
    """A phrase that was or is current: regular expression, span of validity,
    what to write now ("" means drop it).

    Without `valid_from` and `valid_to` it never was right. `allow` are regular expressions of contexts
    in which it is.
    """

    id: str
    match: str
    replace: str
    severity: str
    message: str
    valid_from: date | None
    valid_to: date | None
    allow: tuple[str, ...]
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class WordingRow:
    """A word that is misspelt, misused or said twice: what to look for (regular expressions) and what is
    right ("" where only the person can say).
    """

    right: str
    wrong: tuple[str, ...]
    severity: str
    source: str
    checked_on: date
    message: str = ""


@dataclass(frozen=True, slots=True)
class SloganRow:
    """A fixed official wording for one slot (`id`), and the days it is right on."""

    id: str
    text: str
    valid_from: date | None
    valid_to: date | None
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class StatuteRow:
    """A statute by its right name, with names that are wrong or repealed."""

    name: str
    full_name: str
    wrong: tuple[str, ...]
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A province's caps, in yuan, by occasion. Only what a source says."""

    province: str
    caps: Mapping[str, int]
    note: str
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class MoneyTerm:
    """A way of spending that union funds do not allow (`match`), unless inside a context of `allow`."""

    id: str
    match: str
    message: str
    suggestion: str
    allow: tuple[str, ...]
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables, loaded once and handed down.

    `slogans` holds the newest row of each slot; for another day ask `slogans_on`. `anniversaries` are the
    round ones of a year. `period_words` has start, mid, end and name for each period.
    """

    orgs: Mapping[OrgType, OrgWords]
    sections: Mapping[SectionCode, SectionRow]
    calendar: tuple[CalendarRow, ...]
    feasts: Mapping[int, Mapping[str, date]]
    phrases: tuple[PhraseRow, ...]
    slogans: Mapping[str, str]
    statutes: tuple[StatuteRow, ...]
    money: tuple[MoneyRow, ...]
    money_terms: tuple[MoneyTerm, ...] = ()
    slogan_rows: tuple[SloganRow, ...] = ()
    anniversaries: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    period_words: Mapping[Period, Mapping[str, str]] = field(default_factory=dict)
    wording: tuple[WordingRow, ...] = ()


def load_tables(folder: Path | None = None) -> Tables:
    """Return the shipped tables with the person's own in `folder` laid over them.

    :raises UserError: for a file that cannot be read, an unknown key or a wrong value, naming it.
    """
    files = sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else []
    return _load(folder if files else None, tuple((path.name, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=4)
def _load(folder: Path | None, stamps: tuple[tuple[str, int], ...]) -> Tables:
    """Read the tables; `stamps` makes an edited file a new entry of the cache."""
    from assistant.table_files import read_tables
    from assistant.table_problems import breaking

    tables = read_tables(folder)
    if folder is not None and (fault := next(breaking(tables), "")):
        raise UserError(f"文件夹“{folder}”里的词表有错：{fault}")
    return tables


def headings_for(row: SectionRow, org: OrgWords) -> tuple[str, ...]:
    """Return heading templates for a unit type: its own, its family's, then the general ones."""
    keys = (org.code.value, org.family, "*")
    return tuple(dict.fromkeys(text for key in keys for text in row.headings.get(key, ())))


def lines_for(row: SectionRow, org: OrgWords, period: Period | None = None) -> tuple[str, ...]:
    """Return sentence templates of the most specific key: type before family before "*", period first."""
    keys = [org.code.value, org.family, "*"]
    if period is not None:
        keys = [name for key in keys for name in (f"{key}/{period.value}",)] + keys
    return next((row.lines[key] for key in keys if row.lines.get(key)), ())


def goals_for(row: SectionRow, org: OrgWords, period: Period) -> tuple[Goal, ...]:
    """Return the section's goals that fit a unit type and a period."""
    return tuple(
        goal
        for goal in row.goals
        if (not goal.families or org.family in goal.families or org.code.value in goal.families)
        and (not goal.periods or period in goal.periods)
    )


def slogans_on(tables: Tables, day: date) -> dict[str, str]:
    """Return the official wording of each slot on `day`, the newest where several hold."""
    rows = sorted(tables.slogan_rows, key=lambda row: row.valid_from or date.min)
    held = [row for row in rows if (row.valid_from or date.min) <= day <= (row.valid_to or date.max)]
    return {row.id: row.text for row in held}


def slot_words(tables: Tables, org: OrgWords, period: Period, day: date) -> dict[str, str]:
    """Return every slot value the tables know: roles, slogans of `day`, words of the period."""
    return {**org.roles, **slogans_on(tables, day), **tables.period_words.get(period, {})}
