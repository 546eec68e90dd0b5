"""Blanks, numbering, repeats, figures and the month table, against hand-written sentences."""

import pytest
from check_helpers import PROFILE, TABLES, TODAY, assert_exact, draft_of, judge, quotes

from assistant.checks import CheckContext, run
from assistant.types import Finding, Severity
from index.types import SectionCode

# --- blanks and leftovers


def test_a_blank_field_is_told_once_with_its_count():
    text = "1.【待填：活动名称】于8月举办。\n2.【待填：活动名称】由【待填：责任人】负责。"
    findings = judge("blank", text)
    assert [(f.quote, f.severity) for f in findings] == [
        ("【待填：活动名称】", Severity.MEDIUM),
        ("【待填：责任人】", Severity.MEDIUM),
    ]
    assert "共2处" in findings[0].message


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("1.｛单位｝组织培训。", "｛单位｝"),
        ("1.报{party}研究。", "{party}"),
        ("1.由$unit负责。", "$unit"),
        ("1.20xx年完成。", "20xx"),
        ("1.贯彻党的××精神。", "××"),
        ("1.履行**职责。", "**"),
        ("1.加强〔缺〕工作。", "〔缺〕"),
        ("1.20__年9月。", "20__"),
    ],
)
def test_leftover_marks_are_high(text, quote):
    findings = judge("leftover", text)
    assert quote in quotes(findings)
    assert {f.severity for f in findings} == {Severity.HIGH}
    assert_exact(findings, text)


@pytest.mark.parametrize(
    "text",
    [
        "1.【待填：责任人】负责。",
        "1.按照〔2026〕文件要求办理。",
        "1.12351热线正常受理。",
        "1.用好职工之家APP和公众号。",
        "1.学习《工会法》（第十六条）。",
        "1.设置“暖心小屋”。",
    ],
)
def test_ordinary_signs_are_no_leftovers(text):
    assert judge("leftover", text) == []


# --- numbering


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("1.开展培训。\n3.组织比武。", "3."),
        ("1.开展培训。\n1.组织比武。", "1."),
        ("（一）、开展培训。", "（一）、"),
        ("1、开展培训。", "1、"),
        ("1)开展培训。", "1)"),
        ("一.开展培训。", "一."),
        ("(1)开展培训。", "(1)"),
        ("①开展培训。", "①"),
        ("## 开展培训", "## "),
        ("1.开展**培训**。", "**"),
        ("（一）培训\n1.一次。\n（三）比武\n1.一次。", "（三）"),
        ("1.培训。\n（1）一次。\n（3）两次。", "（3）"),
    ],
)
def test_wrong_numbering(text, quote):
    findings = judge("numbering", text)
    assert quote in quotes(findings)
    assert {f.severity for f in findings} == {Severity.MEDIUM}
    assert_exact(findings, text)


@pytest.mark.parametrize(
    "text",
    [
        "1.开展培训。\n2.组织比武。\n3.走访慰问。",
        "1.7月，印发方案。\n2.8月，举办决赛。",
        "（一）培训\n1.一次。\n2.两次。\n（二）比武\n1.初赛。\n2.决赛。",
        "1.培训。\n（1）一次。\n（2）两次。\n2.比武。\n（1）初赛。",
        "7月、8月，送清凉。",
        "7、8月，送清凉。",
        "一段没有序号的话。",
    ],
)
def test_right_numbering(text):
    assert judge("numbering", text) == []


def test_month_lines_are_not_items():
    assert judge("numbering", "7月：送清凉。\n9月：技能比武。", code=SectionCode.SCHEDULE) == []


# --- repeats

LONG = "由工会小组长逐科登记夜班人数和休息场所"


def repeats(first: str, second: str, code=SectionCode.WOMEN, profile=PROFILE) -> list[Finding]:
    plan = draft_of((SectionCode.CARE, "帮扶", first), (code, "其他", second), profile=profile)
    found = run(plan, CheckContext(TABLES, profile, plan.request, TODAY))
    return [finding for finding in found if finding.check == "repeat"]


@pytest.mark.parametrize(
    ("first", "second", "quote"),
    [
        (f"1.7月，{LONG}。", f"1.8月，{LONG}，形成清单。", LONG),
        (f"1.{LONG[:13]}。", f"1.{LONG[:13]}。", LONG[:13]),
        (
            f"1.{LONG}。",
            "1.由工会小组长，逐科登记夜班人数和休息场所。",
            "由工会小组长，逐科登记夜班人数和休息场所",
        ),
        (
            "1.对问题逐条列出清单限期改正到位。",
            "1.女工委对问题逐条列出清单限期改正到位。",
            "对问题逐条列出清单限期改正到位",
        ),
        (
            "1.请上年度获奖人员到各组讲一次课。",
            "1.9月请上年度获奖人员到各组讲一次课。",
            "请上年度获奖人员到各组讲一次课",
        ),
    ],
)
def test_a_run_that_stood_before_is_told_at_its_second_place(first, second, quote):
    [finding] = repeats(first, second)
    assert (finding.section_id, finding.quote, finding.severity) == ("s2", quote, Severity.MEDIUM)
    assert "帮扶" in finding.message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1.走访住院职工。", "1.走访生育职工。"),
        (f"1.{LONG[:12]}。", f"1.{LONG[:12]}。"),
        ("1.学习习近平新时代中国特色社会主义思想。", "1.宣传习近平新时代中国特色社会主义思想。"),
        (
            "1.履行维护职工合法权益、竭诚服务职工群众的基本职责。",
            "1.牢记维护职工合法权益、竭诚服务职工群众。",
        ),
        ("1.对照《女职工劳动保护特别规定》检查。", "1.宣传《女职工劳动保护特别规定》。"),
        ("1.由清河县人民医院工会委员会负责。", "1.报清河县人民医院工会委员会讨论。"),
        ("1.由【待填：院内牵头部门和责任人姓名】负责。", "1.请【待填：院内牵头部门和责任人姓名】落实。"),
    ],
)
def test_short_runs_and_official_terms_may_stand_twice(first, second):
    assert repeats(first, second) == []


def test_the_month_table_repeats_the_body_by_nature():
    assert repeats(f"1.7月，{LONG}。", f"7月：{LONG}。", code=SectionCode.SCHEDULE) == []


def test_the_same_sentence_twice_in_one_section_is_told():
    [finding] = repeats(f"1.{LONG}。\n2.{LONG}。", "1.另一件事。")
    assert finding.section_id == "s1"
    assert finding.start > len(LONG)


# --- numbers


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1.参赛面达到100%。", "100%"),
        ("1.答复率不低于95.5％。", "95.5％"),
        ("1.培训不少于3次。", "3次"),
        ("1.5个工作日内答复。", "5个工作日"),
        ("1.三个工作日内答复。", "三个工作日"),
        ("1.采纳率达到百分之八十。", "百分之八十"),
        ("1.评选20名标兵。", "20名"),
    ],
)
def test_figures_nobody_told_are_listed(text, figure):
    [finding] = judge("number", text)
    assert finding.severity is Severity.LOW
    assert figure in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "1.9月底前完成。",
        "1.8月19日前后座谈。",
        "1.2026年下半年完成。",
        "1.覆盖12个工会小组、320人。",
        "1.落实第3次会议决定。",
        "1.学习《工会法》第16条，开展119消防宣传。",
        "1.前三名按规定推荐。",
        "1.庆祝建军100周年。",
    ],
)
def test_dates_names_and_told_figures_are_not_listed(text):
    assert judge("number", text, profile=PROFILE) == []


def test_figures_are_one_finding():
    [finding] = judge("number", "1.参赛面达到100%，培训3次。\n2.满意率不低于90%。")
    assert finding.message.endswith("100%、3次、90%。")


@pytest.mark.parametrize("text", ["1.组织500人参加运动会。", "1.举办千人健步走。", "1.评选400名先进。"])
def test_a_crowd_larger_than_the_unit_is_told(text):
    [finding] = judge("scale", text, profile=PROFILE)
    assert finding.severity is Severity.MEDIUM
    assert "320人" in finding.message


@pytest.mark.parametrize(
    "text", ["1.组织300人参加。", "1.服务患者500人次。", "1.评选10名先进。", "1.为人民服务。"]
)
def test_a_crowd_that_fits_is_left_alone(text):
    assert judge("scale", text, profile=PROFILE) == []


# --- schedule


def month_table(table: str) -> list[Finding]:
    body = (
        "1.7月至8月，为后勤、保安等高温岗位送清凉，检查防暑药品。\n"
        "2.9月，举办护理技能比武决赛，前三名按规定表彰。\n"
        "3.11月，组织工会委员学习《基层工会经费收支管理办法》，对照检查票据。\n"
        "4.12月，完成年度决算和下年度预算草案。"
    )
    plan = draft_of((SectionCode.SKILL, "主要工作", body), (SectionCode.SCHEDULE, "时间安排", table))
    context = CheckContext(TABLES, PROFILE, plan.request, TODAY)
    return [finding for finding in run(plan, context) if finding.check == "schedule"]


@pytest.mark.parametrize(
    ("table", "quote"),
    [
        ("9月：书画摄影展。", "书画摄影展"),
        ("7月：送清凉；羽毛球联赛。", "羽毛球联赛"),
        ("10月：职工子女夏令营。", "职工子女夏令营"),
        ("12月：决算预算；合唱比赛。", "合唱比赛"),
        ("8月：送清凉。\n11月：单身联谊活动。", "单身联谊活动"),
    ],
)
def test_a_month_line_without_a_measure(table, quote):
    [finding] = month_table(table)
    assert (finding.quote, finding.severity, finding.section_id) == (quote, Severity.MEDIUM, "s2")
    assert table[finding.start : finding.end] == quote


@pytest.mark.parametrize(
    "table",
    [
        "7月：送清凉。",
        "8月：检查防暑药品。",
        "9月：技能比武决赛。",
        "11月：财务学习与自查。",
        "12月：决算；预算草案。",
    ],
)
def test_a_month_line_with_its_measure(table):
    assert month_table(table) == []
