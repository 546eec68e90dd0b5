"""What is written for a key task, an event or a named activity that no precedent covers."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.outline import org_words
from assistant.ready import home_of, plain_measure
from assistant.tables import load_tables
from assistant.types import Outline, OutlineItem, Profile, Request, SectionTask
from assistant.when import months_in
from index.types import OrgType, Period, SectionCode

TABLES = load_tables()


def said(
    point: str,
    code: SectionCode,
    org: OrgType,
    period: Period,
    length: int = 1500,
    **profile: tuple[str, ...],
) -> list[str]:
    """Return the sentences for a point, in three places of a plan of 2027."""
    item = OutlineItem("s1", code, "", points=(point,), target=300)
    request = Request("", org, period, 2027, length=length, today=date(2026, 11, 22))
    unit = Profile(org_type=org, **profile)
    task = SectionTask(request, unit, Outline("", (item,)), item)
    words = org_words(request, unit, TABLES)
    return [plain_measure(point, task, TABLES, words, seed) for seed in range(3)]


@pytest.mark.parametrize(
    ("point", "code"),
    [
        ("值班室改造", SectionCode.CARE),
        ("柜面员工减压", SectionCode.CARE),
        ("护林员健康保障", SectionCode.SAFETY),
        ("五小创新", SectionCode.SKILL),
        ("双师型教师实践", SectionCode.SKILL),
        ("二级教代会规范化", SectionCode.DEMOCRACY),
        ("12月教工跳绳赛", SectionCode.CULTURE),
        ("3月妇女节活动", SectionCode.WOMEN),
        ("11月业务技能竞赛", SectionCode.SKILL),
        ("兴趣小组建设", SectionCode.CULTURE),
        ("医德医风建设", SectionCode.POLITICS),
        ("“服务之星”", SectionCode.SKILL),
        ("12月工会主席述职", SectionCode.SELF),
    ],
)
def test_a_point_stands_in_the_section_it_is_about(point: str, code: SectionCode):
    assert home_of(point) is code


@pytest.mark.parametrize(
    ("event", "code", "org"),
    [
        ("11月业务技能竞赛", SectionCode.SKILL, OrgType.BANK),
        ("5月服务技能比武", SectionCode.SKILL, OrgType.SERVICE),
        ("10月职工运动会", SectionCode.CULTURE, OrgType.MFG),
        ("12月教代会提案征集", SectionCode.DEMOCRACY, OrgType.SCHOOL),
    ],
)
def test_an_event_is_held_in_its_own_month_and_in_no_other(event: str, code: SectionCode, org: OrgType):
    for text in said(event, code, org, Period.YEAR, fixed_events=(event,)):
        assert months_in(text) == months_in(event), text
        assert event.split("月")[1] in text


def test_a_task_says_what_its_section_does_and_not_that_there_will_be_a_plan():
    for point, code in (("合同制职工同工同酬", SectionCode.RIGHTS), ("停车难问题解决", SectionCode.CARE)):
        texts = said(point, code, OrgType.HOSPITAL, Period.H2, key_tasks=(point,))
        assert all(point in text and "实施方案" not in text for text in texts)
        assert not set(texts) & set(said(point, SectionCode.SKILL, OrgType.HOSPITAL, Period.H2))


def test_a_sentence_that_begins_without_a_month_keeps_its_grammar():
    point = "新员工入会"
    text = said(point, SectionCode.SELF, OrgType.SERVICE, Period.YEAR, key_tasks=(point,))[0]
    assert text.startswith("围绕新员工入会，新员工报到当天发放")


def test_what_a_named_activity_is_called_tells_what_is_done():
    star = said("“服务之星”", SectionCode.SKILL, OrgType.SERVICE, Period.YEAR, programs=("服务之星",))
    rest = said("“夜班加油站”", SectionCode.CARE, OrgType.HOSPITAL, Period.H2, programs=("夜班加油站",))
    assert all("评选“服务之星”" in text for text in star)
    assert all("用品" in text and "“夜班加油站”" in text for text in rest)


def test_a_short_plan_leaves_out_how_a_measure_ends():
    point = "停车难问题解决"
    brief = said(point, SectionCode.CARE, OrgType.HOSPITAL, Period.H2, length=800, key_tasks=(point,))
    assert all(point in text and text.endswith("。") and "；" not in text for text in brief)
