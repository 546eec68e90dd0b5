from datetime import date

import pytest

from assistant.when import chinese_date, label_of, months_in, months_of, resolve
from index.types import Period

NOVEMBER = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("said", "today", "period", "year"),
    [
        ("2027年计划", NOVEMBER, Period.YEAR, 2027),
        ("明年计划", NOVEMBER, Period.YEAR, 2027),
        ("今年的计划", NOVEMBER, Period.YEAR, 2026),
        ("二〇二七年计划", NOVEMBER, Period.YEAR, 2027),
        ("下半年计划", NOVEMBER, Period.H2, 2026),
        ("明年下半年计划", NOVEMBER, Period.H2, 2027),
        ("下半年计划", date(2026, 6, 20), Period.H2, 2026),
        ("上半年计划", NOVEMBER, Period.H1, 2027),
        ("上半年计划", date(2026, 2, 1), Period.H1, 2026),
        ("draft a second half plan", NOVEMBER, Period.H2, 2026),
        ("2027 H1 plan", NOVEMBER, Period.H1, 2027),
        ("2026-2027第二学期", NOVEMBER, Period.TERM2, 2026),
        ("2026—2027学年第一学期", NOVEMBER, Period.TERM1, 2026),
        ("2026至2027学年计划", NOVEMBER, Period.SCHOOLYEAR, 2026),
        ("下学期计划", NOVEMBER, Period.TERM2, 2026),
        ("本学期的计划", NOVEMBER, Period.TERM1, 2026),
        ("下学期计划", date(2027, 5, 1), Period.TERM1, 2027),
        ("2027年春季学期", NOVEMBER, Period.TERM2, 2026),
        ("2026年秋季学期", NOVEMBER, Period.TERM1, 2026),
        ("第一学期计划", date(2026, 8, 20), Period.TERM1, 2026),
        ("第二学期计划", date(2027, 1, 20), Period.TERM2, 2026),
        ("学期计划", NOVEMBER, Period.TERM2, 2026),
        ("第四季度", date(2026, 9, 1), Period.QUARTER, 2026),
        ("一季度", NOVEMBER, Period.QUARTER, 2027),
        ("写个计划", NOVEMBER, Period.YEAR, 2027),
        ("写个计划", date(2026, 3, 1), Period.YEAR, 2026),
    ],
)
def test_periods_and_years(said, today, period, year):
    found = resolve(said, today)
    assert (found.period, found.year) == (period, year)


def test_a_late_second_half_says_what_it_assumed():
    assert resolve("下半年计划", NOVEMBER).assumptions == (
        "没有说哪一年，按2026年下半年起草；如果要写2027年，请改年份。",
    )


def test_a_bare_term_asks_which():
    assert "2026—2027学年第二学期" in resolve("学期计划", NOVEMBER).question


def test_months_of_a_term_cross_the_new_year():
    assert months_of(Period.TERM1, 2026) == ((2026, 9), (2026, 10), (2026, 11), (2026, 12), (2027, 1))
    assert months_of(Period.TERM2, 2026)[0] == (2027, 2)
    assert len(months_of(Period.SCHOOLYEAR, 2026)) == 12
    assert months_of(Period.QUARTER, 2027, 3) == ((2027, 7), (2027, 8), (2027, 9))


@pytest.mark.parametrize(
    ("period", "year", "part", "label"),
    [
        (Period.YEAR, 2027, 0, "2027年"),
        (Period.H2, 2026, 0, "2026年下半年"),
        (Period.TERM2, 2026, 0, "2026—2027学年第二学期"),
        (Period.SCHOOLYEAR, 2026, 0, "2026—2027学年"),
        (Period.QUARTER, 2027, 1, "2027年第一季度"),
        (Period.MONTH, 2027, 3, "2027年3月"),
    ],
)
def test_labels(period, year, part, label):
    assert label_of(period, year, part) == label


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("7月至9月，送清凉", (7, 8, 9)),
        ("11月9日前后演练", (11,)),
        ("11月至次年1月", (11, 1)),
        ("12月至1月值守", (12, 1)),
        ("2026年8月，座谈", (8,)),
        ("每月一次", ()),
        ("10月底前完成，12月总结", (10, 12)),
        ("", ()),
        ("100件", ()),
        ("七月至八月送清凉", (7, 8)),
        ("十一月演练", (11,)),
        ("一月一题", ()),
        ("一月，座谈", (1,)),
    ],
)
def test_months_named_in_a_sentence(text, months):
    assert months_in(text) == months


def test_dates_have_no_leading_zeros():
    assert chinese_date(date(2026, 7, 3)) == "2026年7月3日"
