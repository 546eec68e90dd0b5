"""The year a document is for: stated, or inferred from inside evidence such as an anniversary.

A masked year ({YEAR}, 20xx年) stays unknown unless the text gives itself away: 建党95周年 is 2016, a file
number 〔2006〕 is of that year, 十一五开局之年 is 2006. Founding years are public history.
"""

from __future__ import annotations

import re
from collections import Counter

from index.types import Period

_FOUNDED = {
    "建党": 1921,
    "党的生日": 1921,
    "中国共产党成立": 1921,
    "中国共产党建党": 1921,
    "新中国成立": 1949,
    "中华人民共和国成立": 1949,
    "建国": 1949,
    "全国总工会成立": 1925,
    "全总成立": 1925,
    "建军": 1927,
    "长征胜利": 1936,
    "抗战胜利": 1945,
    "改革开放": 1978,
    "香港回归": 1997,
}
_ANNIVERSARY = re.compile(rf"({'|'.join(_FOUNDED)})(\d{{2,3}})(?:周年|年(?=华诞|庆))")
_FIVE_YEAR_PLANS = {
    "十五": 2001,
    "十一五": 2006,
    "十二五": 2011,
    "十三五": 2016,
    "十四五": 2021,
    "十五五": 2026,
}
_PLAN_YEAR = re.compile(
    r"(十[一二三四五]?五)[”\"」]?[^。，；\n]{0,8}?(开局之年|起步之年|收官之年|最后一年|第([二三四])年)"
)
_EXPLICIT = re.compile(r"(?<!\d)(20[0-4]\d)(?=\s*年|\s*[—–-]\s*20\d\d\s*学?年)")
_TITLE_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_DOCUMENT_NUMBER = re.compile(r"[〔\[【（(](20[0-4]\d)[〕\]】）)]\s*第?\d+号")
_SIGNED = re.compile(r"(?<!\d)(20[0-4]\d)年(\d{1,2})月(?:\d{1,2}日)?\s*$")
_LEAD = 200


def year_of(title: str, text: str, period: Period | None) -> tuple[int | None, bool]:
    """(year, inferred). For a term it is the calendar year in which the school year begins."""
    stated = _TITLE_YEAR.search(title)
    if stated:
        return int(stated.group(1)), False
    body = text.lstrip()
    signed = _SIGNED.search(body.rstrip())
    lead = _EXPLICIT.search(body[: signed.start() if signed else None][:_LEAD])
    evidence = _evidence(body)
    if lead and (evidence is None or abs(evidence - int(lead.group(1))) <= 1):
        return int(lead.group(1)), False
    if signed:
        return _from_signature(int(signed.group(1)), int(signed.group(2)), period)
    if evidence is not None:
        return evidence, True
    return _most_named(body)


def _evidence(text: str) -> int | None:
    anniversary = _ANNIVERSARY.search(text)
    if anniversary:
        return _FOUNDED[anniversary.group(1)] + int(anniversary.group(2))
    plan = _PLAN_YEAR.search(text)
    if plan:
        return _FIVE_YEAR_PLANS[plan.group(1)] + _offset(plan.group(2))
    number = _DOCUMENT_NUMBER.search(text)
    return int(number.group(1)) if number else None


def _offset(words: str) -> int:
    if words in ("开局之年", "起步之年"):
        return 0
    return {"第二年": 1, "第三年": 2, "第四年": 3}.get(words, 4)


def _from_signature(year: int, month: int, period: Period | None) -> tuple[int, bool]:
    """A plan signed late in the year for a whole year, a first half or the spring is for the next one.

    A spring term's school year began in the year before a signature of January to July.
    """
    if period in (Period.YEAR, Period.H1) and month >= 11:
        return year + 1, True
    if period is Period.TERM2 and month <= 7:
        return year - 1, True
    return year, False


def _most_named(text: str) -> tuple[int | None, bool]:
    """A year the text names at least twice as its own (2026年工会…), or None."""
    named = Counter(int(year) for year in re.findall(r"(?<!\d)(20[0-4]\d)年(?!\d)", text))
    if not named:
        return None, False
    year, times = named.most_common(1)[0]
    return (year, True) if times >= 2 else (None, False)
