"""Amounts no rule of the province backs, and ways of spending that union funds do not allow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.base import CheckContext, Place, found, hide, places, sentence_at
from assistant.checks.mending import blanked, without_clause, without_sentence
from assistant.tables import MoneyRow
from assistant.types import Draft, Finding, Severity

CHECK = "money"
_AMOUNT = re.compile(
    r"(\d[\d,，]*(?:\.\d+)?)\s*(百万|十万|万|千|百|亿)?元|[一二三四五六七八九十百千万两]{0,7}[十百千万]元(?!旦|宵)"
)
_UNITS = {"": 1, "百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "亿": 100_000_000}


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each amount without a rule or above its cap, and each forbidden way to spend."""
    rule = province_rule(context)
    for place in places(draft):
        for match in _AMOUNT.finditer(place.text):
            yield from _amount(place, match, rule, context)
        for row in context.tables.money_terms:
            for match in re.finditer(row.match, hide(place.text, row.allow)):
                mends = without_clause(place, match.start()) + without_sentence(place, match.start())
                span = match.span()
                yield found(CHECK, Severity.MEDIUM, place, *span, row.message, row.suggestion, mends)


def province_rule(context: CheckContext) -> MoneyRow | None:
    """Return the row of the unit's province; 安徽 and 安徽省 are the same."""
    name = context.profile.province.strip()
    return next((row for row in context.tables.money if name and name.startswith(row.province)), None)


def _amount(
    place: Place, match: re.Match[str], rule: MoneyRow | None, context: CheckContext
) -> Iterator[Finding]:
    sentence = sentence_at(place.text, match.start())
    occasion = next((key for key in sorted(rule.caps, key=len) if key in sentence), "") if rule else ""
    if rule and "春节" in sentence and "春节" in rule.caps:
        occasion = "春节"
    value = _yuan(match)
    if rule and occasion and value is not None:
        cap = rule.caps[occasion]
        if value > cap:
            message = f"{rule.province}的{occasion}标准查到的是不超过{cap}元（{rule.note}）"
            yield found(
                CHECK,
                Severity.MEDIUM,
                place,
                *match.span(),
                message.replace("。）", "）。"),
                "按本省最新实施细则核对后修改。",
                blanked(*match.span(), "金额"),
            )
        return
    told = match[0] in context.told
    message = (
        "金额是你提供的，但没有本省标准可以核对。" if told else "这个金额没有依据，计划里不宜写具体金额。"
    )
    yield found(
        CHECK,
        Severity.LOW if told else Severity.MEDIUM,
        place,
        *match.span(),
        message,
        "按本省实施细则核对，或改为“按规定标准”。",
        () if told else blanked(*match.span(), "金额") + without_clause(place, match.start()),
    )


def _yuan(match: re.Match[str]) -> float | None:
    """Return the amount in yuan, None for one written in Hanzi."""
    if not match[1]:
        return None
    return float(re.sub("[,，]", "", match[1])) * _UNITS[match[2] or ""]
