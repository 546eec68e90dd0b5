"""What a query asks for: words, names of types, periods, sections and years, kinds of unit."""

from __future__ import annotations

import pytest

from index.types import NamedKind, OrgType, Period, SectionCode
from index.wish import read

# Reading a query


def test_a_query_names_type_period_section_and_year():
    wish = read("卫生院 2026年下半年 院务公开 怎么写")

    assert wish.orgs == (OrgType.HOSPITAL,)
    assert wish.periods == (Period.H2,)
    assert wish.sections == (SectionCode.DEMOCRACY,)
    assert wish.year == 2026


def test_what_a_query_names_is_not_looked_for_as_a_word():
    words = read("卫生院 2026年下半年 院务公开 怎么写").query.words

    assert "院务" in words
    assert not {"卫生院", "卫生", "2026", "下半年", "怎么"} & set(words)


@pytest.mark.parametrize(
    ("query", "kept"),
    [("计划生育", "计划"), ("企业文化", "企业"), ("职业规划讲座", "规划"), ("工会经费预算", "经费")],
)
def test_a_name_inside_a_longer_word_stays_a_word(query, kept):
    assert any(kept in word for word in read(query).query.words)


def test_a_query_of_nothing_but_names_looks_for_them():
    assert {"医院", "下半年"} <= set(read("医院 下半年 工会 计划").query.words)


# What a query names, as chips


def test_what_a_query_names_is_told_with_its_place():
    text = "卫生院 2026年下半年 院务公开 计划"

    named = read(text).named

    assert [(item.key, item.text) for item in named] == [
        ("org:hospital", "卫生院"),
        ("year:2026", "2026年"),
        ("period:h2", "下半年"),
        ("section:DEMOCRACY", "院务公开"),
        ("genre:plan", "计划"),
    ]
    assert all(text[item.start : item.end] == item.text for item in named)


@pytest.mark.parametrize(
    ("text", "words", "orgs"),
    [
        ("夜班护士 休息", ["护士"], {OrgType.HOSPITAL, OrgType.HEALTH_SYSTEM}),
        ("教授带年轻老师", ["教授", "老师"], {OrgType.COLLEGE}),
        ("护士 柜员", ["护士", "柜员"], {OrgType.HOSPITAL, OrgType.HEALTH_SYSTEM, OrgType.BANK}),
        ("老师傅带徒弟", ["老师傅"], {OrgType.MFG, OrgType.SOE}),
        ("医院 护士", [], set()),
        ("请医生来讲课", [], set()),
        ("看大夫的钱", [], set()),
    ],
)
def test_people_of_a_trade_speak_for_its_units_and_stay_words(text, words, orgs):
    wish = read(text)

    assert [item.code for item in wish.named if item.kind is NamedKind.PEOPLE] == words
    assert set(wish.staffed) == orgs
    assert set(words) <= set(wish.query.words)


def test_people_taken_away_lift_nothing():
    assert read("夜班护士 休息", without={"people:护士"}).staffed == ()


@pytest.mark.parametrize(
    ("text", "org"),
    [
        ("各学校 换届", OrgType.EDU_SYSTEM),
        ("全县中小学 师德", OrgType.EDU_SYSTEM),
        ("所属医院 职代会", OrgType.HEALTH_SYSTEM),
        ("辖区企业 建会", OrgType.TOWNSHIP),
        ("学校 换届", OrgType.SCHOOL),
        ("各车间 竞赛", OrgType.MFG),
    ],
)
def test_many_units_mean_the_union_above_them(text, org):
    assert read(text).orgs == (org,)


def test_a_name_taken_away_becomes_a_word():
    wish = read("卫生院 下半年 慰问", without={"org:hospital"})

    assert wish.orgs == ()
    assert "卫生院" in wish.query.words
    assert wish.periods == (Period.H2,)


def test_what_is_excluded_names_nothing():
    assert read("慰问 -医院").orgs == ()


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("站务公开 水利", "甲县水利管理站工会计划"),
        ("图书馆 读书", "乙市图书馆工会计划"),
        ("初中 教代会", "丙县初级中学工会计划"),
        ("社区卫生服务中心 慰问", "丁社区卫生服务中心工会计划"),
    ],
)
def test_words_for_a_kind_of_unit_are_known(query, title):
    assert any(name in title for name in read(query).kinds)


def test_a_health_centre_of_a_community_is_no_community():
    assert "社区" not in read("社区卫生服务中心 慰问").kinds


def test_latin_names_of_units_are_wishes():
    wish = read("hospital 下半年")

    assert (wish.orgs, wish.periods) == ((OrgType.HOSPITAL,), (Period.H2,))
