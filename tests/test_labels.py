"""The vocabulary of codes: complete, unambiguous, and able to read a short request."""

from __future__ import annotations

import pytest

from index.labels import (
    genres_in,
    load_labels,
    name_of,
    org_type_of,
    org_types_in,
    periods_in,
)
from index.types import FactKind, Flag, Genre, OrgType, PassageKind, Period, SectionCode

REQUESTS = [
    ("给医院工会起草一份下半年计划", OrgType.HOSPITAL),
    ("draft a 下半年 plan for a hospital union", OrgType.HOSPITAL),
    ("下半年的，我们是个镇卫生院，人不多，别写太长", OrgType.HOSPITAL),
    ("县妇幼保健院工会", OrgType.HOSPITAL),
    ("小学工会 学期计划 要有每月安排", OrgType.SCHOOL),
    ("市三中工会下学期计划", OrgType.SCHOOL),
    ("plan for a primary school union", OrgType.SCHOOL),
    ("幼儿园 下半年工会计划，重点写女职工和教师节", OrgType.KINDERGARTEN),
    ("大学工会2027年计划", OrgType.COLLEGE),
    ("高职院校工会，2026-2027第二学期，结合产教融合和职业教育法", OrgType.VOCATIONAL),
    ("厂里工会明年计划，安全、劳动竞赛、送清凉都要有", OrgType.MFG),
    ("union plan for a factory", OrgType.MFG),
    ("我们是一家国有企业", OrgType.SOE),
    ("矿务局工会年度计划", OrgType.SOE),
    ("酒店工会，员工流动大，想多搞文体", OrgType.SERVICE),
    ("给我整一个支行工会的plan，2027，tone正式一点", OrgType.BANK),
    ("a plan for a bank branch", OrgType.BANK),
    ("建筑公司项目部工会，农民工工资、夏天防暑", OrgType.CONSTRUCTION),
    ("局机关工会2027年要点，领导要求一页纸", OrgType.GOV),
    ("教育局机关工会", OrgType.GOV),
    ("水管站，六七个人的小工会，简单写写", OrgType.INSTITUTION),
    ("林场工会年度计划，防火期要避开搞活动", OrgType.FORESTFARM),
    ("乡镇总工会下半年打算，建会入会、劳资纠纷、外卖骑手", OrgType.TOWNSHIP),
    ("a town union, second half", OrgType.TOWNSHIP),
    ("村里的联合工会，写2027工作计划，别出现职代会", OrgType.VILLAGE),
    ("教育局工会，管着39所学校，写2027年计划", OrgType.EDU_SYSTEM),
    ("卫健局工会2027年工作计划", OrgType.HEALTH_SYSTEM),
]


@pytest.mark.parametrize(("text", "expected"), REQUESTS)
def test_a_short_request_names_its_unit_type(text, expected):
    assert org_type_of(text) is expected


def test_requests_cover_all_seventeen_types():
    assert {expected for _, expected in REQUESTS} == set(OrgType)


@pytest.mark.parametrize("text", ["", "   ", "随便写个工会计划", "今天天气怎么样", "厂务公开"])
def test_a_text_without_a_unit_has_no_type(text):
    assert org_type_of(text) is None


def test_the_longest_word_wins_and_spans_are_exact():
    text = "高职院校工会和镇卫生院"
    found = org_types_in(text)
    assert [(code, text[start:end]) for code, start, end, _ in found] == [
        (OrgType.VOCATIONAL, "高职院校"),
        (OrgType.HOSPITAL, "镇卫生院"),
    ]


def test_weak_words_weigh_less_than_strong_ones():
    weights = {code: weight for code, _, _, weight in org_types_in("公司里的支行")}
    assert weights[OrgType.MFG] < weights[OrgType.BANK]


def test_latin_words_match_whole_words_only():
    assert org_types_in("embankment and a million") == []
    assert periods_in("the h2o of it") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("下半年", Period.H2),
        ("second half", Period.H2),
        ("H2 plan", Period.H2),
        ("上半年", Period.H1),
        ("第二学期", Period.TERM2),
        ("秋季学期", Period.TERM1),
        ("学年", Period.SCHOOLYEAR),
        ("三季度", Period.QUARTER),
        ("年度", Period.YEAR),
        ("月度", Period.MONTH),
    ],
)
def test_words_for_periods(text, expected):
    assert [code for code, _, _ in periods_in(text)] == [expected]


def test_words_for_genres():
    assert [code for code, _, _ in genres_in("工作要点")] == [Genre.KEYPOINTS]
    assert [code for code, _, _ in genres_in("总结及计划")] == [Genre.HYBRID]


def test_every_code_has_a_chinese_name():
    kinds = (OrgType, Period, Genre, SectionCode, Flag, FactKind, PassageKind)
    names = [name_of(code) for kind in kinds for code in kind]
    assert all(name and not name.isascii() for name in names)
    assert name_of(OrgType.HOSPITAL) == "医院"
    assert name_of(SectionCode.DEMOCRACY) == "民主管理"


def test_names_of_plain_strings_and_of_codes_that_share_a_value():
    assert name_of("h2") == "下半年"
    assert name_of(Genre.SUMMARY) == "工作总结"
    assert name_of(Flag.SUMMARY) == "实为总结"
    with pytest.raises(KeyError):
        name_of("no-such-code")


def test_a_cue_belongs_to_one_type_only():
    cues = [cue.lower() for row in load_labels().orgs.values() for cue in row.cues]
    assert len(cues) == len(set(cues))


def test_families_and_openness_words():
    orgs = load_labels().orgs
    assert {row.family for row in orgs.values()} == {"health", "education", "enterprise", "public", "area"}
    assert "园务公开" in orgs[OrgType.KINDERGARTEN].role_cues
    assert "行务公开" in orgs[OrgType.BANK].role_cues
    assert "教代会" not in load_labels().families["enterprise"].role_cues
