"""Measures that say neither when, nor who, nor how much: nobody can tell later whether they were done."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.base import CheckContext, found, texts
from assistant.concreteness import concrete
from assistant.numbering import is_item
from assistant.types import FRAME, Draft, Finding, Severity
from index.types import Genre

CHECK = "concrete"
_LOOKING_BACK = (Genre.SUMMARY, Genre.REPORT)


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each measure of the body without a time, a body or a figure."""
    if context.request.genre in _LOOKING_BACK:
        return
    for place in texts(draft):
        if place.code in FRAME:
            continue
        start = 0
        for line in place.text.split("\n"):
            if is_item(line) and not concrete(line):
                message = "这一条没有写明时间、由谁办或办到什么程度，年底难以核对。"
                mend = "补上月份、牵头的部门或小组，或一个能数得出来的结果。"
                yield found(CHECK, Severity.LOW, place, start, start + len(line), message, mend)
            start += len(line) + 1
