"""The shipped tables hold what a chair relies on, and a person's own tables are laid over them."""

import re
from datetime import date
from pathlib import Path

import pytest

from assistant.table_problems import problems
from assistant.tables import (
    Tables,
    goals_for,
    headings_for,
    lines_for,
    load_tables,
    slogans_on,
    slot_words,
)
from assistant.text import fill, han_count, worded
from index.errors import UserError
from index.types import OrgType, Period, SectionCode

TODAY = date(2026, 11, 21)
DRAFT_WORDS = {"year": "2027", "term": "2026—2027学年第二学期", "focus": "技能提升、夜班关爱、民主管理"}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_tables()


def own(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


# --- unit types


def test_every_unit_type_has_every_role(tables):
    roles = set(tables.orgs[OrgType.HOSPITAL].roles)
    assert set(tables.orgs) == set(OrgType)
    assert len(roles) >= 35
    assert {org.code: roles ^ set(org.roles) for org in tables.orgs.values() if roles ^ set(org.roles)} == {}
    assert all(word for org in tables.orgs.values() for word in org.roles.values())


@pytest.mark.parametrize(
    ("code", "congress", "openness", "member"),
    [
        (OrgType.HOSPITAL, "职代会", "院务公开", "职工"),
        (OrgType.SCHOOL, "教代会", "校务公开", "教职工"),
        (OrgType.KINDERGARTEN, "教代会", "园务公开", "教职工"),
        (OrgType.COLLEGE, "教代会", "校务公开", "教职工"),
        (OrgType.MFG, "职代会", "厂务公开", "职工"),
        (OrgType.BANK, "职代会", "行务公开", "员工"),
        (OrgType.SERVICE, "职代会", "企务公开", "员工"),
        (OrgType.FORESTFARM, "职代会", "场务公开", "职工"),
        (OrgType.GOV, "会员大会", "机关事务公开", "干部职工"),
        (OrgType.VILLAGE, "会员大会", "会务公开", "职工"),
        (OrgType.EDU_SYSTEM, "教代会", "校务公开", "教职工"),
    ],
)
def test_the_words_a_chair_looks_at_first(tables, code, congress, openness, member):
    roles = tables.orgs[code].roles
    assert (roles["congress"], roles["openness"], roles["member"]) == (congress, openness, member)


def test_families_are_the_five_of_the_library(tables):
    families = {org.family for org in tables.orgs.values()}
    assert families == {"health", "education", "enterprise", "public", "area"}


def test_the_party_branch_of_a_hospital_is_never_guessed(tables):
    assert tables.orgs[OrgType.HOSPITAL].roles["party"] == "医院党组织"
    assert "院党委" in tables.orgs[OrgType.HOSPITAL].says["party"]


def test_a_word_to_write_with_is_itself_never_forbidden(tables):
    for org in tables.orgs.values():
        hits = [(word, term) for word in org.roles.values() for term in org.forbid if term in word]
        assert hits == [], org.code


def test_systems_and_towns_may_speak_of_the_schools_they_guide(tables):
    assert "教代会" not in (
        *tables.orgs[OrgType.TOWNSHIP].forbid,
        *tables.orgs[OrgType.EDU_SYSTEM].forbid,
    )
    assert "我校" in tables.orgs[OrgType.EDU_SYSTEM].forbid


# --- sections, goals, sentences


def test_every_section_has_headings_for_every_unit_type(tables):
    assert set(tables.sections) == set(SectionCode)
    themes = [
        SectionCode.DEMOCRACY, SectionCode.RIGHTS, SectionCode.SKILL, SectionCode.SAFETY, SectionCode.CARE,
        SectionCode.CULTURE, SectionCode.WOMEN, SectionCode.SELF, SectionCode.POLITICS, SectionCode.FINANCE,
    ]  # fmt: skip
    for org in tables.orgs.values():
        for code in themes:
            assert len(headings_for(tables.sections[code], org)) >= 4, (org.code, code)


def test_headings_in_a_hospital_name_its_own_congress(tables):
    org = tables.orgs[OrgType.HOSPITAL]
    first = fill(headings_for(tables.sections[SectionCode.DEMOCRACY], org)[0], org.roles)
    assert first == "坚持和完善职工代表大会制度，推进院务公开"


def test_every_template_can_be_filled_for_every_unit_and_period(tables):
    for org in tables.orgs.values():
        for period in Period:
            words = slot_words(tables, org, period, TODAY) | DRAFT_WORDS
            for row in tables.sections.values():
                goals = tuple(goal.text for goal in goals_for(row, org, period))
                for template in (*headings_for(row, org), *lines_for(row, org, period), *goals):
                    text = fill(template, words)
                    assert not re.search(r"[{}]", text)
                    assert not re.search(r"[\[\]|]", worded(text, 1)), text
                    assert not any(term in text for term in org.forbid), (org.code, text)


def test_guide_paragraphs_are_of_a_paragraphs_length_and_in_order(tables):
    marks = ("习近平新时代", "党的二十大", "重要论述", "中国工会十八大", "基本职责")
    for org in tables.orgs.values():
        words = slot_words(tables, org, Period.H2, TODAY) | DRAFT_WORDS
        for template in lines_for(tables.sections[SectionCode.GUIDE], org, Period.H2):
            for seed in range(8):
                text = fill(worded(template, seed), words)
                assert 120 <= han_count(text) <= 230
                places = [text.index(mark) for mark in marks]
                assert places == sorted(places)


def test_an_h2_lead_looks_back_in_one_sentence_without_figures(tables):
    for org in tables.orgs.values():
        for template in lines_for(tables.sections[SectionCode.LEAD], org, Period.H2):
            assert "上半年" in template.split("。")[0]
            assert not re.search(r"\d", template)


def test_forty_goals_and_no_money_in_them(tables):
    goals = [goal for row in tables.sections.values() for goal in row.goals]
    assert len(goals) >= 40
    assert len({goal.id for goal in goals}) == len(goals)
    assert not [goal.id for goal in goals if "元" in goal.text.replace("元旦", "")]
    assert all(goal.needs for goal in goals)


def test_goals_keep_to_their_period(tables):
    care = tables.sections[SectionCode.CARE]
    org = tables.orgs[OrgType.HOSPITAL]
    assert "study-aid" in {goal.id for goal in goals_for(care, org, Period.H2)}
    assert "study-aid" not in {goal.id for goal in goals_for(care, org, Period.H1)}


# --- calendar


def test_fixed_feasts_stand_in_their_months(tables):
    rows = {row.id: row for row in tables.calendar}
    assert rows["women-day"].months == (3,)
    assert rows["doctors-day"].day == (8, 19)
    assert rows["teachers-day"].day == (9, 10)
    must_not = {row.id for row in tables.calendar if row.must_not}
    assert must_not >= {
        "women-day", "qingming", "may-day", "youth-day", "nurse-day", "children-day", "dragon-boat",
        "safety-month", "teachers-day", "mid-autumn", "national-day", "double-ninth",
    }  # fmt: skip


def test_the_movable_feasts_are_the_almanacs(tables):
    assert sorted(tables.feasts) == list(range(2024, 2033))
    assert tables.feasts[2027]["春节"] == date(2027, 2, 6)
    assert tables.feasts[2026]["中秋"] == date(2026, 9, 25)
    assert tables.feasts[2025]["端午"] == date(2025, 5, 31)
    assert tables.feasts[2031]["重阳"] == date(2031, 10, 24)


def test_the_second_half_year_has_things_to_consider(tables):
    advised = [row for row in tables.calendar if row.advice and set(row.months) & set(range(7, 13))]
    assert len(advised) >= 15
    assert all(row.task for row in advised if row.id != "spring-post")


# --- phrases and slogans


@pytest.mark.parametrize(
    ("day", "plenum", "union"),
    [
        (date(2026, 11, 21), "党的二十大和二十届历次全会精神", "中国工会十八大精神"),
        (date(2024, 9, 1), "党的二十大和二十届二中、三中全会精神", "中国工会十八大精神"),
        (date(2023, 5, 1), "党的二十大和二十届二中全会精神", "中国工会十七大精神"),
    ],
)
def test_slogans_of_a_day(tables, day, plenum, union):
    slogans = slogans_on(tables, day)
    assert (slogans["plenum"], slogans["union_congress"]) == (plenum, union)


def test_only_2026_opens_the_five_year_plan(tables):
    assert slogans_on(tables, date(2026, 3, 1))["plan_year"] == "“十五五”开局之年"
    assert "开局" not in slogans_on(tables, date(2027, 3, 1))["plan_year"]


def test_the_anniversaries_of_2027(tables):
    assert tables.anniversaries[2027] == ("建军100周年", "香港回归30周年")


def test_enough_phrases_statutes_and_provinces(tables):
    assert len(tables.phrases) >= 45
    assert len(tables.statutes) >= 25
    assert {row.province for row in tables.money} >= {"安徽", "贵州"}


# --- the person's own tables


def test_no_folder_and_an_empty_folder_give_the_shipped_tables(tmp_path, tables):
    assert load_tables(tmp_path) is tables
    assert load_tables(tmp_path / "nowhere") is tables


def test_an_own_row_changes_only_the_keys_it_names(tmp_path, tables):
    folder = own(tmp_path, "orgtypes", '[[org]]\ncode = "bank"\n[org.roles]\nmember = "行员"\n')
    changed = load_tables(folder).orgs[OrgType.BANK]
    assert changed.roles["member"] == "行员"
    assert changed.roles["congress"] == "职代会"
    assert changed.forbid == tables.orgs[OrgType.BANK].forbid


def test_an_own_slogan_is_added_beside_the_shipped_ones(tmp_path):
    row = '[[slogan]]\nid = "plenum"\ntext = "新的提法"\nvalid_from = 2027-01-01\n'
    tables = load_tables(own(tmp_path, "phrases", row))
    assert slogans_on(tables, date(2027, 2, 1))["plenum"] == "新的提法"
    assert slogans_on(tables, TODAY)["plenum"] == "党的二十大和二十届历次全会精神"


def test_an_edited_file_is_read_again(tmp_path):
    import os

    folder = own(tmp_path, "money", '[[province]]\nprovince = "安徽"\n[province.caps]\n"生日" = 310\n')
    assert next(row for row in load_tables(folder).money if row.province == "安徽").caps["生日"] == 310
    own(tmp_path, "money", '[[province]]\nprovince = "安徽"\n[province.caps]\n"生日" = 320\n')
    os.utime(folder / "money.toml", (1, 1))
    caps = next(row for row in load_tables(folder).money if row.province == "安徽").caps
    assert (caps["生日"], caps["节日"]) == (320, 1500)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("calendar", '[[row]]\nid = "x"\nname = "某日"\nmonht = [3]\n', "monht"),
        ("calendar", '[[holiday]]\nid = "x"\n', "holiday"),
        ("orgtypes", '[[org]]\ncode = "hospitel"\nname = "医院"\nfamily = "health"\n', "hospitel"),
        ("orgtypes", '[[org]]\ncode = "bank"\nlike = "bakn"\n', "bakn"),
        ("phrases", '[[phrase]]\nid = "party-16"\nseverity = 3\n', "severity"),
        ("phrases", '[[phrase]]\nid = "new"\nmatch = "旧话"\n', "replace"),
        ("calendar", '[[row]]\nid = "x"\nname = "某日"\nmonths = "三月"\nwords = ["某日"]\n', "months"),
        ("calendar", "[[feast]]\nyear = 2027\n端午 = 2027-06-09\n", "双引号"),
        ("calendar", '[[feast]]\nyear = 2027\n"端午" = 2027-02-30\n', "calendar.toml"),
        ("phrases", '[[phrase]]\nid = "party-16"\nmatch = "十六大("\n', "正则"),
        ("phrases", '[[phrase]]\nid = "party-16"\nseverity = "grave"\n', "grave"),
        ("sections", '[[goal]]\nid = "proposals"\ntext = "{mid}前办结{proposal}。"\n', "proposal"),
        ("money", "province = 3\n", "province"),
        ("sections", "[[section\n", "sections.toml"),
    ],
)
def test_a_fault_in_an_own_table_is_named(tmp_path, name, text, said):
    with pytest.raises(UserError) as error:
        load_tables(own(tmp_path, name, text))
    assert said in str(error.value)
    assert str(error.value).endswith(("。", "？"))


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    (tmp_path / "money.toml").write_bytes("# 经费".encode("gb18030"))
    with pytest.raises(UserError, match=r"money\.toml"):
        load_tables(tmp_path)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "money.toml").write_bytes(
        b"\xef\xbb\xbf" + '[[province]]\nprovince = "安徽"\nnote = "新"\n'.encode()
    )
    assert next(row for row in load_tables(tmp_path).money if row.province == "安徽").note == "新"


# --- gonghui tables check


def test_the_shipped_tables_have_no_problems():
    assert problems(None, TODAY) == []


def test_problems_without_a_day_says_nothing_of_age():
    assert problems() == []


def test_old_rows_are_named_once_their_check_is_a_year_ago():
    said = problems(None, date(2028, 3, 1))
    assert any("没有核对过" in text for text in said)
    assert any("plan_year" in text for text in said)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("phrases", '[[phrase]]\nid = "party-16"\nmatch = "十六大("\n', "正则"),
        ("phrases", '[[phrase]]\nid = "party-16"\nmatch = "(旧话)?"\n', "什么都能匹配"),
        ("phrases", '[[phrase]]\nid = "party-16"\nseverity = "grave"\n', "grave"),
        ("phrases", '[[phrase]]\nid = "party-16"\nreplace = "{plenun}"\n', "plenun"),
        ("phrases", '[[phrase]]\nid = "party-16"\nvalid_from = 2027-01-01\n', "起止颠倒"),
        (
            "phrases",
            '[[slogan]]\nid = "plenum"\ntext = "新"\nvalid_from = 2024-01-01\nvalid_to = 2024-02-01\n',
            "有效期重叠",
        ),
        ("calendar", '[[row]]\nid = "women-day"\nday = [2, 30]\n', "2月30日不存在"),
        ("calendar", '[[row]]\nid = "women-day"\nmonths = [13]\n', "13"),
        ("calendar", '[[feast]]\nyear = 2027\n"端午" = 2026-06-09\n', "2026年"),
        ("sections", '[[goal]]\nid = "proposals"\ntext = "{mid}前办结{proposal}。"\n', "proposal"),
        ("sections", '[[section]]\ncode = "CARE"\n[section.headings]\nhospitals = ["帮扶"]\n', "hospitals"),
        ("orgtypes", '[[org]]\ncode = "bank"\nwarn = ["车间"]\n', "既禁用又提醒"),
        ("orgtypes", '[[org]]\ncode = "bank"\n[org.roles]\nhobby = "棋"\n', "hobby"),
        ("statutes", '[[statute]]\nname = "教育法"\nwrong = ["工会法"]\n', "正名"),
        ("money", '[[term]]\nid = "cash"\nmatch = "["\n', "正则"),
        (
            "money",
            '[[province]]\nprovince = "安徽"\nnote = "一"\n[[province]]\nprovince = "安徽"\n',
            "写了2遍",
        ),
        ("monye", "a = 1\n", "monye.toml"),
        ("calendar", '[[row]]\nid = "x"\nmonht = [3]\n', "monht"),
    ],
)
def test_each_problem_is_told(tmp_path, name, text, said):
    found = problems(own(tmp_path, name, text), TODAY)
    assert any(said in sentence for sentence in found), found
    assert all(sentence.endswith("。") for sentence in found)
