"""Words misspelt, misused or said twice, from the table of wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.checks.base import CheckContext, found, places
from assistant.checks.mending import swapped
from assistant.tables import WordingRow
from assistant.types import Draft, Finding, Severity

CHECK = "wording"


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each wrong word."""
    pattern = _any_of(tuple(one for row in context.tables.wording for one in row.wrong))
    for place in places(draft):
        for match in pattern.finditer(place.text):
            row = _row_of(place.text, match, context.tables.wording)
            message = row.message or f"“{match[0]}”应写作“{row.right}”。"
            advice = f"改为“{row.right}”。" if row.right else "删去多余的字。"
            mends = swapped(*match.span(), row.right) if row.right else ()
            yield found(CHECK, Severity(row.severity), place, *match.span(), message, advice, mends)


def _row_of(text: str, match: re.Match[str], rows: tuple[WordingRow, ...]) -> WordingRow:
    """Return the first row that finds the same words there."""
    return next(
        row
        for row in rows
        for one in row.wrong
        if (found := re.compile(one).match(text, match.start())) and found.end() == match.end()
    )


@lru_cache(maxsize=4)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns) or r"(?!)")
