"""The year of a plan at a glance: what it does in which month, which months have nothing, which too much.

Read off the plan's own measures (`schedule.entries`), so it cannot disagree with them. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.schedule import Entry, entries
from assistant.tables import Tables
from assistant.types import FRAME, Draft
from assistant.when import months_of

CROWDED = 2.0
"""A month with more than this many times the plan's average (and at least four) is crowded."""


@dataclass(frozen=True, slots=True)
class Row:
    """One section and its entries by place in `Months.months`."""

    section_id: str
    heading: str
    cells: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class Months:
    """The picture: `months` are the period's (year, month) in order, `counts` the entries of each."""

    months: tuple[tuple[int, int], ...]
    rows: tuple[Row, ...]
    counts: tuple[int, ...]

    @property
    def empty(self) -> tuple[int, ...]:
        """The months nothing is planned for."""
        return tuple(m for (_, m), count in zip(self.months, self.counts, strict=True) if not count)

    @property
    def crowded(self) -> tuple[int, ...]:
        """The months that hold far more than the others."""
        average = sum(self.counts) / len(self.counts) if self.counts else 0
        return tuple(
            month
            for (_, month), count in zip(self.months, self.counts, strict=True)
            if count >= 4 and count > CROWDED * average
        )


def months_of_plan(plan: Draft, tables: Tables) -> Months:
    """Return the picture of a plan's months; sections without a dated measure have no row."""
    request = plan.request
    months = months_of(request.period, request.year, request.part)
    found = entries(plan.sections, tables)
    rows = []
    for section in plan.sections:
        if section.code in FRAME:
            continue
        own = [entry for entry in found if entry.section_id == section.id]
        cells = tuple(tuple(e for e in own if e.month == month) for _, month in months)
        if any(cells):
            rows.append(Row(section.id, section.heading, cells))
    counts = tuple(sum(len(row.cells[place]) for row in rows) for place in range(len(months)))
    return Months(months, tuple(rows), counts)
