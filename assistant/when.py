"""Which period and year a sentence speaks of, resolved against today; and what months a period holds.

Terms carry the calendar year in which their school year begins: 2026—2027学年第二学期 is
(term2, 2026) and runs from February to July 2027.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from index.types import Period

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PERIODS: tuple[tuple[Period, str], ...] = (
    (Period.TERM2, r"第二学期|下学期|春季学期|春学期|spring term|second term"),
    (Period.TERM1, r"第一学期|上学期|秋季学期|秋学期|autumn term|fall term|first term"),
    (Period.H2, r"下半年|后半年|second half|\bh2\b|2h\b"),
    (Period.H1, r"上半年|前半年|first half|\bh1\b|1h\b"),
    (Period.QUARTER, r"[一二三四1-4]季度|季度|quarter|\bq[1-4]\b"),
    (Period.SCHOOLYEAR, r"学年"),
    (
        Period.MONTH,
        r"(?<![每分逐按])月度(?!安排)|本月|下个?月(?!安排)|monthly|(?<!\d)(?:1[0-2]|[1-9])月份?(?:的?工会)?(?:工作|活动)?(?:计划|安排|打算|要点|方案)",
    ),
    (Period.YEAR, r"年度|全年|一年|今年|明年|后年|本年|annual|year(?:ly)?\b|\d{4}\s*年?|[二〇零一]{2,4}年"),
)
HAN_MONTHS = {name: number for number, name in enumerate("一二三四五六七八九十", 1)} | {
    "十一": 11,
    "十二": 12,
}
_HAN_MONTH = (
    r"(?<![一二三四五六七八九十几个半每])(十[一二]?|[二三四五六七八九]|"
    r"一(?=月(?:[份初底末前起至到，、。；：]|[上中下]旬|$)))月(?![饼龄嫂报历])"
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4} | {str(n): n for n in range(1, 5)}


@dataclass(frozen=True, slots=True)
class When:
    """A period, its year, and what was assumed (Chinese sentences). `part` is a quarter or month number."""

    period: Period
    year: int
    part: int = 0
    assumptions: tuple[str, ...] = ()
    question: str = ""


def months_of(period: Period, year: int, part: int = 0) -> tuple[tuple[int, int], ...]:
    """Return the (year, month) pairs a period covers, in order (domain calendar: terms are 9-1 and 2-7)."""
    match period:
        case Period.H1:
            return tuple((year, m) for m in range(1, 7))
        case Period.H2:
            return tuple((year, m) for m in range(7, 13))
        case Period.TERM1:
            return (*((year, m) for m in range(9, 13)), (year + 1, 1))
        case Period.TERM2:
            return tuple((year + 1, m) for m in range(2, 8))
        case Period.SCHOOLYEAR:
            return (*((year, m) for m in range(9, 13)), *((year + 1, m) for m in range(1, 9)))
        case Period.QUARTER:
            first = 3 * (max(part, 1) - 1) + 1
            return tuple((year, m) for m in range(first, first + 3))
        case Period.MONTH:
            return ((year, max(part, 1)),)
        case _:
            return tuple((year, m) for m in range(1, 13))


def label_of(period: Period, year: int, part: int = 0) -> str:
    """Return the period as a title says it: 2026年下半年, 2026—2027学年第二学期."""
    terms = {Period.TERM1: "第一学期", Period.TERM2: "第二学期", Period.SCHOOLYEAR: ""}
    if period in terms:
        return f"{year}—{year + 1}学年{terms[period]}"
    tails = {
        Period.H1: "上半年",
        Period.H2: "下半年",
        Period.QUARTER: f"第{'一二三四'[(max(part, 1) - 1) % 4]}季度",
        Period.MONTH: f"{max(part, 1)}月",
    }
    return f"{year}年{tails.get(period, '')}"


def resolve(text: str, today: date, school: bool = False) -> When:
    """Return the period and year `text` asks for; what it leaves open is assumed and said.

    `school` units take a bare 学期 for the next term; others fall back to the year.
    """
    said = text.lower()
    if found := _school_years(said):
        return _of_school_year(said, found)
    year = _year(said, today)
    for period, pattern in _PERIODS:
        if re.search(pattern, said):
            return _resolve_named(period, said, year, today)
    if not year and re.search("[本这]学期", said):
        return _this_term(today)
    if "学期" in said or (school and re.search(r"\bterm\b|semester", said)):
        return _next_term(year, today)
    target = today.year + (today.month >= 10)
    return When(Period.YEAR, year or target, assumptions=(f"没有说时限，按{year or target}年度计划起草。",))


def looking_back(when: When, said: str, today: date) -> When:
    """Return `when` moved to the last time that has begun: a summary is of what was done."""
    if _year(said.lower(), today) or _school_years(said.lower()) is not None:
        return when
    year = when.year
    while date(*months_of(when.period, year, when.part)[0], 1) > today:
        year -= 1
    return When(when.period, year, when.part, (f"按{label_of(when.period, year, when.part)}总结。",))


def _resolve_named(period: Period, said: str, year: int | None, today: date) -> When:
    match period:
        case Period.TERM1 | Period.TERM2:
            return _term(period, said, year, today)
        case Period.SCHOOLYEAR:
            begins = year if year else today.year - (today.month < 6)
            return When(period, begins, assumptions=() if year else (f"按{label_of(period, begins)}起草。",))
        case Period.QUARTER:
            return _quarter(said, year, today)
        case Period.MONTH:
            return _month(said, year, today)
        case Period.H1 | Period.H2:
            return _half(period, year, today)
        case _:
            if year:
                return When(Period.YEAR, year)
            target = today.year + (today.month >= 10)
            return When(Period.YEAR, target, assumptions=(f"没有说哪一年，按{target}年起草。",))


def _half(period: Period, year: int | None, today: date) -> When:
    if year:
        return When(period, year)
    passed = period is Period.H1 and today.month >= 6
    target = today.year + passed
    late = period is Period.H2 and today.month >= 10
    note = f"没有说哪一年，按{label_of(period, target)}起草" + (
        f"；如果要写{target + 1}年，请改年份。" if late else "。"
    )
    return When(period, target, assumptions=(note,))


def _term(period: Period, said: str, year: int | None, today: date) -> When:
    relative = re.search(r"(?<!第)[上下]学期", said)
    if relative and not year:
        return _next_term(None, today, ask=False) if relative[0] == "下学期" else _this_term(today)
    if year:
        begins = year - 1 if period is Period.TERM2 and "学年" not in said else year
        return When(period, begins)
    begins = today.year if period is Period.TERM1 else today.year - (today.month < 8)
    if period is Period.TERM1 and today.month == 1:
        begins -= 1
    return When(period, begins, assumptions=(f"没有说哪一年，按{label_of(period, begins)}起草。",))


def _this_term(today: date) -> When:
    if today.month >= 8:
        return When(Period.TERM1, today.year)
    return When(Period.TERM1 if today.month == 1 else Period.TERM2, today.year - 1)


def _next_term(year: int | None, today: date, ask: bool = True) -> When:
    this = _this_term(today)
    period, begins = (
        (Period.TERM2, this.year) if this.period is Period.TERM1 else (Period.TERM1, this.year + 1)
    )
    if year:
        begins = year - 1 if period is Period.TERM2 else year
    label = label_of(period, begins)
    question = f"是要写{label}（下一学期）吗？如果写本学期，请改时限。" if ask else ""
    return When(period, begins, assumptions=(f"按{label}起草。",), question=question)


def _quarter(said: str, year: int | None, today: date) -> When:
    found = re.search(r"([一二三四1-4])\s*季度|q([1-4])", said)
    current = (today.month - 1) // 3 + 1
    part = _QUARTERS[found[1] or found[2]] if found else current % 4 + 1
    target = year or today.year + (part < current)
    note = () if year and found else (f"按{label_of(Period.QUARTER, target, part)}起草。",)
    return When(Period.QUARTER, target, part, note)


def _month(said: str, year: int | None, today: date) -> When:
    found = re.search(r"(?<!\d)(1[0-2]|[1-9])\s*月", said)
    part = int(found[1]) if found else (today.month if "本月" in said else today.month % 12 + 1)
    target = year or today.year + (part < today.month)
    return When(Period.MONTH, target, part, (f"按{label_of(Period.MONTH, target, part)}起草。",))


def _school_years(said: str) -> int | None:
    found = re.search(r"(20\d\d)\s*[-—–~至到/－]+\s*(20)?(\d\d)(?!\d)", said)
    return int(found[1]) if found else None


def _of_school_year(said: str, begins: int) -> When:
    if re.search(r"第?二学期|下学期|春季|spring|second term", said):
        return When(Period.TERM2, begins)
    if re.search(r"第?一学期|上学期|秋季|autumn|fall|first term", said):
        return When(Period.TERM1, begins)
    return When(Period.SCHOOLYEAR, begins)


def _year(said: str, today: date) -> int | None:
    if found := re.search(r"(?<![\d.])(20[1-4]\d)(?!\d)", said):
        return int(found[1])
    if found := re.search(r"二[〇零○]([一二三四])([〇零○一二三四五六七八九])", said):
        return 2000 + 10 * _DIGITS[found[1]] + _DIGITS.get(found[2], 0)
    if found := re.search(r"(?<!\d)(\d\d)年", said):
        return 2000 + int(found[1])
    for words, shift in ((r"后年", 2), (r"明年|来年|next year", 1), (r"今年|本年|this year", 0)):
        if re.search(words, said):
            return today.year + shift
    return None


def arabic_months(text: str) -> str:
    """Return `text` with months in Hanzi written in digits; 一月一题 is not January."""
    return re.sub(_HAN_MONTH, lambda match: f"{HAN_MONTHS[match[1]]}月", text)


def months_in(text: str) -> tuple[int, ...]:
    """Return the months a sentence names, in order of mention; 7月至9月 counts each month between."""
    found: list[int] = []
    text = arabic_months(text)
    for match in re.finditer(
        r"(?<!\d)(1[0-2]|[1-9])月(?:(?:\d{1,2}日)?(?:至|到|—|-)(1[0-2]|[1-9])月)?", text
    ):
        first, last = int(match[1]), int(match[2] or match[1])
        span = range(first, last + 1) if first <= last else (*range(first, 13), *range(1, last + 1))
        found.extend(month for month in span if month not in found)
    return tuple(found)


def day_within(today: date, period: Period, year: int, part: int = 0) -> date:
    """Return the day a plan's wording is judged on: today, moved into the span the plan covers."""
    pairs = months_of(period, year, part)
    return min(max(today, date(*pairs[0], 1)), date(*pairs[-1], 28))


def chinese_date(day: date) -> str:
    """Return a date as a document carries it: Arabic digits, no leading zeros (GB/T 9704-2012)."""
    return f"{day.year}年{day.month}月{day.day}日"
