"""Checks of a whole draft, one module a family. `run` is the only door; nothing here changes a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.checks import (
    blanks,
    concrete,
    copies,
    coverage,
    leaks,
    marks,
    money,
    numbers,
    period,
    phrases,
    punctuation,
    repeats,
    schedule,
    statutes,
    trade,
    wishes,
    wording,
)
from assistant.checks.base import CheckContext
from assistant.types import Draft, Finding, Severity

__all__ = ["CHECKS", "CheckContext", "run"]

Check = Callable[[Draft, CheckContext], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    trade.check,
    period.check,
    phrases.check,
    leaks.check,
    copies.check,
    blanks.check,
    marks.check,
    repeats.check,
    statutes.check,
    money.check,
    numbers.check,
    schedule.check,
    wishes.check,
    wording.check,
    coverage.check,
    concrete.check,
    punctuation.check,
)
_RANK = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


def run(draft: Draft, context: CheckContext) -> list[Finding]:
    """Return what all checks see in `draft`, the gravest first, then in reading order."""
    order = {section.id: number for number, section in enumerate(draft.sections, 1)}
    findings = [finding for check in CHECKS for finding in check(draft, context)]
    return sorted(
        dict.fromkeys(findings),
        key=lambda finding: (
            _RANK[finding.severity],
            order.get(finding.section_id, 0),
            finding.start,
            finding.end,
        ),
    )
