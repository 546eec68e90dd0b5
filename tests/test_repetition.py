"""How much a plan repeats of an old one."""

import pytest
from drafting import TABLES, TODAY

from assistant.repetition import findings_of, repetition
from assistant.request import parse_request
from assistant.types import Draft, Profile, Section, Severity
from index.types import SectionCode

OLD_LINE = "每月组织夜班岗位职工座谈并现场登记就餐休息问题逐条答复"
NEW_LINE = "九月请后勤部门公布食堂窗口调整方案听取值班人员意见再定"


def plan_of(*texts):
    sections = tuple(Section(f"s{n}", SectionCode.CARE, f"第{n}节", text) for n, text in enumerate(texts, 1))
    request = parse_request("给医院工会起草2027年工作计划", TODAY)
    return Draft("d", request, Profile(unit="云栖市第三人民医院"), "计划", "", sections)


def test_the_same_text_is_repeated_whole():
    found = repetition(plan_of(f"1.{OLD_LINE}。"), f"3.{OLD_LINE}；", TABLES)
    assert found.whole == 1.0
    assert found.sections[0].run == OLD_LINE


def test_a_new_text_is_not_repeated():
    found = repetition(plan_of(f"1.{NEW_LINE}。"), OLD_LINE, TABLES)
    assert (found.whole, found.sections[0].share) == (0.0, 0.0)


def test_shares_are_by_section_and_whole():
    found = repetition(plan_of(OLD_LINE, NEW_LINE), OLD_LINE, TABLES)
    runs = [len(OLD_LINE) - 12, len(NEW_LINE) - 12]
    assert [share.share for share in found.sections] == [1.0, 0.0]
    assert [share.size for share in found.sections] == runs
    assert found.whole == pytest.approx(runs[0] / sum(runs))
    assert found.longest == found.sections[0]


def test_twelve_characters_are_no_repetition():
    assert repetition(plan_of(OLD_LINE[:12] + NEW_LINE), OLD_LINE, TABLES).whole == 0.0


def test_another_year_and_other_marks_do_not_hide_a_repetition():
    old = "2026年，组织夜班岗位职工座谈，登记就餐和休息问题，逐条答复。"
    new = "2027年组织夜班岗位职工座谈、登记就餐和休息问题；逐条答复。"
    assert repetition(plan_of(new), old, TABLES).whole == 1.0


def test_official_wording_is_exempt():
    guide = TABLES.slogans["guide"] if "guide" in TABLES.slogans else max(TABLES.slogans.values(), key=len)
    found = repetition(plan_of(guide), guide, TABLES)
    assert found.whole == 0.0


def test_an_empty_section_and_an_empty_old_text():
    found = repetition(plan_of("", OLD_LINE), "", TABLES)
    assert found.whole == 0.0
    assert found.longest is None


def test_findings_name_the_section_the_share_and_the_run():
    plan = plan_of(OLD_LINE, NEW_LINE)
    whole, first = findings_of(plan, repetition(plan, OLD_LINE, TABLES))
    assert whole.section_id == ""
    assert (first.section_id, first.severity) == ("s1", Severity.MEDIUM)
    assert plan.sections[0].text[first.start : first.end] == first.quote == OLD_LINE
    assert "100%" in first.message
    assert f"{len(OLD_LINE)}字" in first.message
