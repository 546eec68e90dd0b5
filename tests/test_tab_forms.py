"""What the pages make of slots, a profile, blanks, file names and imports."""

import os
from dataclasses import replace

import pytest
from drafting import hospital_request

from assistant.blanks import blanks_of, filled
from assistant.profile import FIELDS
from assistant.tab_common import file_name
from assistant.tab_library import reported
from assistant.tab_profile import form_values, profile_of
from assistant.tab_slots import Slots, slots_of, with_slots
from assistant.types import Citation, Draft, Profile, Section, Status
from index.errors import UserError
from index.types import Failed, Genre, OrgType, Period, SectionCode


def test_slots_left_alone_change_nothing():
    assert with_slots(hospital_request(), slots_of(hospital_request())) == hospital_request()


def test_a_corrected_slot_is_taken():
    changed = with_slots(
        hospital_request(), Slots("school", "某小学", "term1", 2027, 0, "keypoints", 900, "安全、读书会", "")
    )
    assert (changed.org_type, changed.org_name, changed.period) == (OrgType.SCHOOL, "某小学", Period.TERM1)
    assert (changed.year, changed.genre, changed.length) == (2027, Genre.KEYPOINTS, 900)
    assert changed.emphasis == ("安全", "读书会")
    assert changed.avoid == ()


def test_an_emphasis_that_names_a_section_becomes_its_code():
    from index.labels import name_of

    changed = with_slots(
        hospital_request(), replace(slots_of(hospital_request()), emphasis=name_of(SectionCode.SAFETY))
    )
    assert changed.emphasis == ("SAFETY",)


@pytest.mark.parametrize(("field", "value"), [(3, None), (3, 26), (6, 10), (6, None), (4, 13)])
def test_numbers_nobody_can_mean_are_told(field, value):
    values = ["hospital", "", "h2", 2026, 0, "plan", 1500, "", ""]
    values[field] = value
    with pytest.raises(UserError, match="请填"):
        with_slots(hospital_request(), Slots(*values))


def test_there_is_no_fifth_quarter():
    with pytest.raises(UserError, match="季度"):
        with_slots(hospital_request(), Slots("hospital", "", "quarter", 2026, 5, "plan", 1500, "", ""))


# ---- profile


def test_a_profile_survives_the_form():
    profile = Profile(unit="九院", org_type=OrgType.HOSPITAL, people=486, upper=("市总工会", "卫健工会"),
                      use_words={"职工": "员工"}, key_tasks=("换届",))  # fmt: skip
    assert profile_of(form_values(profile)) == profile
    assert profile_of(form_values(Profile())) == Profile()


def test_words_that_are_no_pair_are_told():
    form = list(form_values(Profile()))
    form[list(FIELDS).index("use_words")] = "职工员工"
    with pytest.raises(UserError, match="成对"):
        profile_of(tuple(form))


# ---- blanks, files, imports


def test_blanks_are_filled_everywhere_and_citations_follow():
    text = "【待填：单位名称】每月走访住院职工。"
    cited = Citation(text.index("走访"), text.index("走访") + 6, 1, "d", "某计划", "走访住院职工")
    sections = (Section("s1", SectionCode.CARE, "关心", text, citations=(cited,)),
                Section("s2", SectionCode.CARE, "锁", "【待填：单位名称】", status=Status.LOCKED))  # fmt: skip
    plan = Draft(
        "d",
        hospital_request(),
        Profile(),
        "【待填：单位名称】工会计划",
        "范例编排",
        sections,
        "【待填：单位名称】工会",
    )
    assert blanks_of(plan) == ("单位名称",)
    done = filled(plan, {"单位名称": " 九院 ", "人数": ""})
    assert (done.title, done.signature) == ("九院工会计划", "九院工会")
    assert done.sections[0].text == "九院每月走访住院职工。"
    moved = done.sections[0].citations[0]
    assert done.sections[0].text[moved.start : moved.end] == "走访住院职工"
    assert done.sections[1].text == "【待填：单位名称】"


def test_a_citation_whose_words_held_the_blank_is_dropped():
    section = Section(
        "s1",
        SectionCode.CARE,
        "关心",
        "走访【待填：人数】人。",
        citations=(Citation(0, 9, 1, "d", "题", "走访"),),
    )
    done = filled(Draft("d", hospital_request(), Profile(), "题", "w", (section,)), {"人数": "12"})
    assert done.sections[0].text == "走访12人。"
    assert done.sections[0].citations == ()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("【待填：单位名称】工会2027年计划", "工会2027年计划"),
        ('a/b\\c:d*e?"f<g>|', "abcdefg"),
        ("..", "工会工作计划"),
        ("", "工会工作计划"),
    ],
)
def test_file_names_suit_every_system(title, name):
    assert file_name(title, ("单位名称",)) == name


def test_an_import_report_shows_names_not_folders():
    *_, last = reported(iter([Failed(os.path.join("somewhere", "deep", "坏.docx"), "打不开。")]))
    assert "坏.docx" in last
    assert "deep" not in last
    assert "没读成 1 份" in last


def test_nothing_to_import_is_told():
    with pytest.raises(UserError, match="没有找到能读的资料"):
        list(reported(iter(())))
