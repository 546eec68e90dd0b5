"""Statutes by a wrong, old or repealed name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.base import CheckContext, found, places
from assistant.checks.mending import swapped
from assistant.types import Draft, Finding, Severity

CHECK = "statute"


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each wrong name, with the right one; what is part of a right name is left alone."""
    rows = context.tables.statutes
    names = {name for row in rows for name in (row.full_name, row.name)}
    right = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    for place in places(draft):
        spans = [match.span() for match in right.finditer(place.text)]
        for row in rows:
            for wrong in row.wrong:
                for match in re.finditer(wrong, place.text):
                    if any(start <= match.start() and match.end() <= end for start, end in spans):
                        continue
                    name = match[0].strip("《》")
                    right_name = row.name if name == match[0] else f"《{row.name}》"
                    message = f"“{name}”不是现行名称（{row.source}）。"
                    yield found(
                        CHECK,
                        Severity.MEDIUM,
                        place,
                        *match.span(),
                        message,
                        f"改为《{row.name}》。",
                        swapped(*match.span(), right_name),
                    )
