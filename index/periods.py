"""The span of time a document covers: by its title, its months, its words, its feasts.

A school's autumn is a first term, its spring a second one. Words are in `index/labels.toml`.
"""

from __future__ import annotations

import re

from index.labels import load_labels, org_scores
from index.sectioning import MONTH_LINE
from index.types import Genre, OrgType, Period

PAST_GENRES = frozenset({Genre.SUMMARY, Genre.REPORT})
_MONTHS = {word: number for number, word in enumerate("一二三四五六七八九十", start=1)}
_MONTHS |= {"十一": 11, "十二": 12, "元": 1}
_MONTH_WORD = re.compile(
    r"(?<![\d十二三四五六七八九个])(\d{1,2}|十[一二]?|[一二三四五六七八九元])(?=月份?(?!底?考))"
)
_EDUCATION_TERMS = frozenset(
    {OrgType.SCHOOL, OrgType.KINDERGARTEN, OrgType.COLLEGE, OrgType.VOCATIONAL, OrgType.EDU_SYSTEM}
)


def period_of(title: str, text: str, genre: Genre | None, org_type: OrgType | None) -> Period | None:
    """Span of time: by the title, else month tables, else words, else feasts; None if nothing tells."""
    school = org_type in _EDUCATION_TERMS
    body = without_title(title, text)
    head = body[:260]
    told = genre in PAST_GENRES and not re.search(
        r"总结|回顾|汇报|报告", title
    )  # the title is not the text's
    return (
        (None if told else _named_period(title))
        or _by_month_table(body, school=school)
        or _by_half(body, genre, school=school)
        or _by_term(head, body, school=school)
        or (Period.SCHOOLYEAR if school and re.search(r"[本新全]学年|学年工作", head) else None)
        or _by_words(body)
    )


def _named_period(title: str) -> Period | None:
    if re.search(r"第一学期|秋季学期", title):
        return Period.TERM1
    if re.search(r"第二学期|春季学期", title):
        return Period.TERM2
    for word, period in (("下半年", Period.H2), ("上半年", Period.H1), ("季度", Period.QUARTER)):
        if word in title:
            return period if _title_period_is_firm(title) else None
    if re.search(r"\d{1,2}月份?(?:工会)?(?:工作)?(?:计划|安排|打算)|月度", title):
        return Period.MONTH
    if "学年" in title:
        return Period.SCHOOLYEAR
    return Period.YEAR if re.search(r"20\d\d年?度?(?!.*学期)", title) else None


def _title_period_is_firm(title: str) -> bool:
    """A bare 下半年工会工作计划 is a page's search word; with a unit or a year it is a document's title."""
    return bool(re.search(r"20\d\d|\{YEAR\}", title)) or bool(org_scores(title))


def _by_month_table(body: str, *, school: bool) -> Period | None:
    months = _table_months(body)
    if len(months) < 3:
        return None
    covered = set(months)
    if school and covered <= {8, 9, 10, 11, 12, 1} and (9 in covered or 1 in covered):
        return Period.TERM1
    if school and covered <= {2, 3, 4, 5, 6, 7}:
        return Period.TERM2
    if covered <= {7, 8, 9, 10, 11, 12}:
        return Period.H2
    if covered <= {1, 2, 3, 4, 5, 6}:
        return Period.YEAR if "本年度" in body[:200] else Period.H1
    return Period.YEAR


def _table_months(body: str) -> list[int]:
    found: list[int] = []
    for match in MONTH_LINE.finditer(body):
        found.extend(month_numbers(match.group()))
    return found


def month_numbers(text: str) -> list[int]:
    """Months named in a label such as 九月份, 7、8月 or 次年元月, as numbers."""
    words = re.findall(r"\d{1,2}|十[一二]?|[一二三四五六七八九元]", text)
    numbers = [int(word) if word.isdigit() else _MONTHS[word] for word in words]
    return [number for number in numbers if 1 <= number <= 12]


def _by_half(body: str, genre: Genre | None, *, school: bool) -> Period | None:
    if genre is Genre.HYBRID and re.search(r"下半年", body):
        return Period.H2
    if genre in PAST_GENRES:
        half = _any_word("half_past", body) and not re.search(r"本年度|一年来|全年", body[:260])
        return Period.H1 if half else Period.YEAR
    head = body[:160]
    if "下半年" in head and "上半年" not in head.split("下半年")[0]:
        return Period.H2
    if re.search(r"(?:下|后)半年[^。]{0,10}(?:工作|计划|安排|打算)|上半年[\s\S]*(?:下|后)半年", body[:260]):
        return Period.H2
    if re.match(r"[^。]{0,60}上半年(?:的|，|工作|工会)", head):
        return Period.H1
    return Period.H2 if body.count("下半年") >= 3 and not school else None


def _by_term(head: str, body: str, *, school: bool) -> Period | None:
    """本学期 is the autumn or the spring term, as its feasts and months tell."""
    if not school:
        return None
    named = re.search(r"第(一|二)学期", body)
    if named:
        return Period.TERM1 if named.group(1) == "一" else Period.TERM2
    terms = len(re.findall(r"本学期|这学期|新学期|新的学年|上学期", body))
    if not terms or (terms < 2 and not re.search(r"本学期|这学期|新学期|新的学年", head)):
        return None
    first, second = _season(body, "first"), _season(body, "second")
    if first == second:
        return None
    return Period.TERM1 if second > first else Period.TERM2


def _by_words(body: str) -> Period | None:
    """Whole year when feasts or named months lie in both halves; a half only when three months say so."""
    months = {number for match in _MONTH_WORD.finditer(body) for number in month_numbers(match.group())}
    if len(months) >= 4 and min(months) >= 7:
        return Period.H2
    first = _season(body, "first") > 0 or any(number <= 6 for number in months)
    second = _season(body, "second") > 0 or any(number >= 7 for number in months)
    if first and second:
        return Period.YEAR
    if len(months) >= 3:
        return Period.H2 if second else Period.H1
    stated = re.search(r"(?:20(?:\d\d|[x_X]{2}|__)|\{YEAR\})年?(?!级)", body[:300])
    return Period.YEAR if stated or _any_word("whole", body) else None


def _season(body: str, half: str) -> int:
    return sum(1 for word in load_labels().wording.seasons[half] if word in body)


def _any_word(name: str, body: str) -> bool:
    return any(word in body for word in load_labels().wording.seasons[name])


def without_title(title: str, text: str) -> str:
    """A text without the title it may begin with."""
    stripped = text.lstrip()
    return stripped[len(title) :] if title and stripped.startswith(title) else stripped
