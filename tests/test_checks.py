"""Vocabulary, period, what was asked, and the whole: a clean plan triggers nothing but hints."""

import pytest
from check_helpers import PRIVATE, PROFILE, TABLES, TODAY, assert_exact, draft_of, judge, quotes, request_for

from assistant.checks import CheckContext, run
from assistant.types import Finding, Profile, Severity
from index.types import Genre, OrgType, Period, SectionCode

# --- trade vocabulary


@pytest.mark.parametrize(
    ("org", "text", "quote"),
    [
        (OrgType.MFG, "1.4月，召开教代会，审议工资方案。", "教代会"),
        (OrgType.HOSPITAL, "1.每季度进行一次校务公开。", "校务公开"),
        (OrgType.KINDERGARTEN, "1.深入车间看望一线人员。", "车间"),
        (OrgType.SCHOOL, "1.坚持院务公开，接受监督。", "院务公开"),
        (OrgType.FORESTFARM, "1.组织师德演讲。", "师德"),
        (OrgType.BANK, "1.在车间开展练兵。", "车间"),
        (OrgType.CONSTRUCTION, "1.筹备教职工代表大会。", "教职工代表大会"),
        (OrgType.VILLAGE, "1.年内召开教代会。", "教代会"),
        (OrgType.EDU_SYSTEM, "1.我校工会组织培训。", "我校"),
        (OrgType.GOV, "1.看望车间工人。", "车间"),
    ],
)
def test_another_trades_word_is_high(org, text, quote):
    findings = judge("trade", text, org=org)
    assert (quote, Severity.HIGH) in [(f.quote, f.severity) for f in findings]
    assert_exact(findings, text)


@pytest.mark.parametrize(
    ("org", "text"),
    [
        (OrgType.HOSPITAL, "1.召开职代会，推进院务公开；为后勤岗位送清凉，组织安康杯竞赛。"),
        (OrgType.SCHOOL, "1.争创厂务公开民主管理先进单位。"),
        (OrgType.MFG, "1.与子弟学校联合开展校企合作，爱心托管班每学期招募一次志愿者。"),
        (OrgType.MFG, "1.金秋助学资助新学期入学的职工子女。"),
        (OrgType.TOWNSHIP, "1.指导辖区学校召开教代会，推进校务公开，评选师德标兵。"),
        (OrgType.EDU_SYSTEM, "1.督促学校规范召开教代会，落实校务公开。"),
        (OrgType.KINDERGARTEN, "1.每学期开展两次送清凉，员工之间互帮互学。"),
        (OrgType.GOV, "1.指导局属企业签订集体合同、召开职代会。"),
        (OrgType.COLLEGE, "1.为后勤员工送清凉，请教职工代表参加院务公开监督。"),
        (OrgType.SCHOOL, "1.落实厂（院、校）务公开制度。"),
    ],
)
def test_words_that_are_right_here_are_left_alone(org, text):
    assert judge("trade", text, org=org) == []


def test_a_soft_word_is_a_hint_and_told_once_a_term():
    text = "1.医院与医学系共用教学资源，提高教学质量。\n2.教学质量每月点评，师德每年点评。"
    findings = judge("trade", text)
    assert quotes(findings) == ["教学质量", "师德"]
    assert {f.severity for f in findings} == {Severity.LOW}


@pytest.mark.parametrize(
    ("org", "text", "quote"),
    [
        (OrgType.SCHOOL, "1.11月，抽查两个病区的夜班安排。", "病区"),
        (OrgType.BANK, "1.6月，为塔吊司机和押运人员送清凉。", "塔吊"),
        (OrgType.SERVICE, "1.3月，油锯手复训，过关后上岗。", "油锯"),
        (OrgType.GOV, "1.柜面员工轮休由工会抽查。", "柜面"),
    ],
)
def test_a_workplace_of_another_trade_is_a_hint(org, text, quote):
    [finding] = judge("trade", text, org=org)
    assert (finding.quote, finding.severity) == (quote, Severity.LOW)


@pytest.mark.parametrize(
    ("org", "text"),
    [
        (OrgType.SCHOOL, "1.请县医院急诊科的医生来校讲急救，教职工逐个练。"),
        (OrgType.MFG, "1.10月，到银行网点为职工集中办理工资卡升级。"),
        (OrgType.TOWNSHIP, "1.检查企业塔吊、脚手架和客房的安全提示。"),
        (OrgType.HOSPITAL, "1.抽查两个病区的夜班安排，护士长签字。"),
        (OrgType.GOV, "1.春季到护林点慰问，参加义务造林。"),
    ],
)
def test_a_workplace_asked_in_or_gone_to_is_left_alone(org, text):
    assert judge("trade", text, org=org) == []


def test_an_affiliated_hospital_may_speak_of_teaching():
    profile = Profile(unit="某医学院附属医院", org_type=OrgType.HOSPITAL)
    assert judge("trade", "1.召开教代会，提高教学质量。", profile=profile) == []


def test_the_mend_is_this_units_own_word():
    [finding] = judge("trade", "1.做好校务公开。")
    assert finding.suggestion == "改为“院务公开”。"


def test_staff_and_teachers_in_one_factory_plan_are_a_leak():
    findings = judge("trade", "1.关心员工生活。\n2.组织教职工体检。", org=OrgType.FORESTFARM)
    assert (Severity.MEDIUM, "教职工") in [(f.severity, f.quote) for f in findings]


def test_staff_beside_workers_in_a_bank_is_normal():
    assert judge("trade", "1.关心员工生活。\n2.组织职工体检。", org=OrgType.BANK) == []


def test_a_persons_own_word_is_never_another_trades():
    assert judge("trade", "1.召开教代会。", org=OrgType.MFG, use_words={"职代会": "教代会"}) == []


def test_a_wrong_word_in_a_heading_is_named_there():
    plan = draft_of((SectionCode.DEMOCRACY, "推进校务公开", "1.公开栏每季度更新。"))
    [finding] = [
        f for f in run(plan, CheckContext(TABLES, PROFILE, plan.request, TODAY)) if f.check == "trade"
    ]
    assert (finding.section_id, finding.start, finding.end) == ("s1", 0, 0)
    assert "推进校务公开" in finding.message


def test_without_a_unit_type_nothing_is_said_of_vocabulary():
    assert judge("trade", "1.召开教代会，走进车间。", org=None) == []


# --- period


@pytest.mark.parametrize(
    ("period", "text", "quote"),
    [
        (Period.H2, "1.组织三八妇女节联欢。", "三八"),
        (Period.H2, "1.开展安全生产月知识竞赛。", "安全生产月"),
        (Period.H2, "1.举办护士节座谈会。", "护士节"),
        (Period.H2, "1.清明节组织祭扫。", "清明节"),
        (Period.H2, "1.5月，开展劳模宣讲。", "5月"),
        (Period.H2, "1.三月组织体检。", "三月"),
        (Period.H2, "1.上半年将组织一次培训，庆祝五一。", "五一"),
        (Period.H1, "1.教师节前走访慰问。", "教师节"),
        (Period.H1, "1.9月，申报金秋助学。", "9月"),
        (Period.H1, "1.重阳节看望退休职工。", "重阳节"),
        (Period.TERM1, "1.组织六一亲子活动。", "六一"),
        (Period.TERM2, "1.10月，组织秋季健步走。", "10月"),
        (Period.H2, "1.开展春节慰问。", "春节慰问"),
        (Period.H2, "1.上半年将召开代表会议。", "上半年将"),
        (Period.H2, "1.第一季度完成会员登记。", "第一季度"),
        (Period.H2, "1.开展“三·八”活动。", "三·八"),
        (Period.H1, "1.四季度组织评选。", "四季度"),
    ],
)
def test_out_of_season_is_high(period, text, quote):
    findings = judge("period", text, period=period)
    assert quote in quotes(findings)
    assert {f.severity for f in findings} == {Severity.HIGH}
    assert_exact(findings, text)


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (Period.H2, "1.8月19日前后，举办中国医师节座谈会。"),
        (Period.H2, "1.12月，推荐全国五一劳动奖章和三八红旗手候选人，创建五四红旗团委。"),
        (Period.H2, "上半年，院工会组织了护士节座谈和三八节活动，5月完成了体检。"),
        (Period.H2, "上半年组织了两次培训，完成了会员登记。"),
        (Period.H2, "1.第三季度末公布提案答复情况。"),
        (Period.H2, "1.12月起摸底困难职工，拟订元旦春节送温暖方案。"),
        (Period.H2, "1.12月，为明年三八节的活动征集意见。"),
        (Period.H2, "1.近3个月连续值夜班的职工优先安排休息。"),
        (Period.H2, "1.学习2024年10月印发的改革意见。"),
        (Period.H2, "1.12月完成决算，报告于次年1月向会员公布。"),
        (Period.H1, "1.核对上年度考核结果，2月公布。"),
        (Period.H1, "1.6月，开展安全生产月活动。"),
        (Period.YEAR, "1.3月开展三八妇女节活动，9月组织中秋慰问，12月完成决算。"),
        (Period.TERM1, "1.次年1月召开教代会，11月完成提案征集。"),
        (Period.TERM2, "1.7月上旬总结本学期工作，6月安排体检。"),
    ],
)
def test_in_season_is_left_alone(period, text):
    assert judge("period", text, period=period) == []


def test_a_movable_feast_counts_by_the_years_own_date():
    def said(year: int) -> list[str]:
        return quotes(judge("period", "1.中秋节慰问值班职工。", period=Period.QUARTER, year=year, part=3))

    assert said(2026) == []
    assert quotes(judge("period", "1.端午节慰问。", period=Period.QUARTER, part=3)) == ["端午节"]


def test_a_summary_may_speak_of_any_month():
    assert judge("period", "3月组织了三八节活动。", genre=Genre.SUMMARY) == []


# --- what was asked


def wishes(text: str, check="request", code=SectionCode.CARE, heading="做好帮扶", **changes) -> list[Finding]:
    plan = draft_of((code, heading, text), request=request_for(**changes), profile=Profile())
    context = CheckContext(TABLES, Profile(), plan.request, TODAY)
    return [finding for finding in run(plan, context) if finding.check == check]


@pytest.mark.parametrize("wish", ["心理健康", "WOMEN", "农民工工资", "教师节", "SAFETY"])
def test_a_point_that_is_missing(wish):
    [finding] = wishes("1.走访困难职工。", emphasis=(wish,))
    assert finding.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ("心理健康", "1.举办心理健康讲座。"),
        ("CARE", "1.走访困难职工。"),
        ("农民工工资", "1.核查农民工的工资发放。"),
        ("帮扶", "1.走访困难职工。"),
        ("送清凉", "1.为高温岗位送清凉。"),
    ],
)
def test_a_point_that_is_there(wish, text):
    assert wishes(text, emphasis=(wish,)) == []


@pytest.mark.parametrize(
    ("avoid", "text"),
    [
        ("职代会", "1.召开职代会。"),
        ("分工会", "1.走访各分工会。"),
        ("联欢", "1.举办联欢。"),
        ("红包", "1.不发红包。"),
        ("CARE", "1.走访。"),
    ],
)
def test_what_was_not_wanted_is_high(avoid, text):
    findings = wishes(text, avoid=(avoid,))
    assert [f.severity for f in findings] == [Severity.HIGH]


@pytest.mark.parametrize("avoid", ["职代会", "分工会", "联欢", "WOMEN", "晚会"])
def test_what_was_left_out_as_wished(avoid):
    assert wishes("1.走访困难职工。", avoid=(avoid,)) == []


@pytest.mark.parametrize(("asked", "said"), [(100, "短"), (50, "短"), (30, "短"), (10, "长"), (5, "长")])
def test_a_length_far_off_is_a_hint(asked, said):
    [finding] = wishes("1.走访困难职工。", check="length", length=asked)
    assert finding.severity is Severity.LOW
    assert f"偏{said}" in finding.message


@pytest.mark.parametrize("asked", [13, 14, 15, 16, 0])
def test_a_length_near_enough(asked):
    assert wishes("1.走访困难职工。", check="length", length=asked) == []


def test_an_exact_number_of_parts():
    assert wishes("1.走访。", sections=1) == []
    assert "分5个部分" in wishes("1.走访。", sections=5)[0].message


# --- the whole

CLEAN = (
    (
        SectionCode.LEAD,
        "",
        "上半年，院工会围绕医院中心工作，在技能练兵和民主管理方面打下了较好基础，值夜班职工的就餐和休息问题仍需着力解决。"
        "为做好下半年工作，结合医院实际，制定本计划。",
    ),
    (
        SectionCode.GUIDE,
        "总体要求",
        "以习近平新时代中国特色社会主义思想为指导，深入学习贯彻党的二十大和二十届历次全会精神，落实中国工会十八大精神和"
        "县总工会部署，在医院党组织领导下，围绕医院中心工作，履行维护职工合法权益、竭诚服务职工群众的基本职责，为改善群众就医感受作贡献。",
    ),
    (
        SectionCode.GOAL,
        "工作目标",
        "1.9月底前完成急诊急救技能比武。\n2.12月底前职代会提案全部办结或列入计划。",
    ),
    (
        SectionCode.SKILL,
        "以比武促练兵",
        "1.7月，会同医务科印发急诊急救技能比武方案，初赛在科室进行。\n2.9月，举办急诊急救技能比武决赛，成绩优秀的推荐参加县级比赛。",
    ),
    (
        SectionCode.DEMOCRACY,
        "坚持和完善职工代表大会制度",
        "1.8月，召开职工代表组长会议，通报提案办理进度。\n2.每季度更新院务公开栏，公布评优评先和工会经费使用情况。",
    ),
    (
        SectionCode.CARE,
        "做实日常帮扶",
        "1.7月至8月，为救护车驾驶、保安等高温岗位送清凉。\n2.8月，了解职工子女升学情况，协助申报金秋助学。\n"
        "3.12月，摸底困难职工，拟订元旦春节送温暖方案。",
    ),
    (
        SectionCode.WOMEN,
        "关心女职工",
        "1.9月，检查母婴室使用和孕期职工夜班安排，问题交科室改正。\n2.8月19日前后，举办中国医师节座谈会，听取女医师意见。",
    ),
    (
        SectionCode.SELF,
        "加强自身建设",
        "1.11月，组织工会委员学习《工会法》和《基层工会经费收支管理办法》。\n2.12月，完成年度决算和下年度预算草案。",
    ),
    (
        SectionCode.SCHEDULE,
        "时间安排",
        "7月：印发比武方案；送清凉。\n8月：职工代表组长会议；金秋助学申报；医师节座谈会。\n9月：技能比武决赛；母婴室检查。\n"
        "11月：工会委员学习。\n12月：决算预算；送温暖方案。",
    ),
    (
        SectionCode.SAFEGUARD,
        "保障措施",
        "各项工作由一名工会委员牵头，每月通报进度。经费按预算和规定使用，接受监督。",
    ),
)


def test_a_clean_plan_triggers_nothing_but_hints():
    plan = draft_of(*CLEAN, request=request_for(length=760), title="清河县人民医院工会2026年下半年工作计划")
    findings = run(plan, CheckContext(TABLES, PROFILE, plan.request, TODAY, PRIVATE))
    assert [(f.check, f.quote) for f in findings if f.severity is not Severity.LOW] == []
    assert len(findings) <= 2


def test_the_gravest_comes_first_then_reading_order():
    plan = draft_of(
        (SectionCode.SKILL, "练兵", "1.参赛面达到100%。\n3.看望【待填：姓名】。"),
        (SectionCode.CARE, "帮扶", "1.组织三八节活动。\n2.做好校务公开。"),
    )
    findings = run(plan, CheckContext(TABLES, PROFILE, plan.request, TODAY))
    ranks = [("high", "medium", "low").index(f.severity.value) for f in findings]
    assert ranks == sorted(ranks)
    assert quotes(findings)[:2] == ["三八", "校务公开"]
    assert quotes(findings)[2:4] == ["3.", "【待填：姓名】"]


def test_an_empty_draft_has_only_what_is_missing():
    plan = draft_of(request=request_for(emphasis=("心理健康",)))
    findings = run(plan, CheckContext(TABLES, Profile(), plan.request, TODAY))
    assert [f.check for f in findings] == ["request"]


def test_odd_text_breaks_no_check():
    text = "\n\n　　\u0000\ufffd1.。。。（）【】｛\n" + "八" * 5000 + "\n" + "1." * 500
    assert isinstance(judge("period", text), list)
    assert isinstance(judge("number", text, profile=PROFILE), list)


@pytest.mark.parametrize(
    "text", ["1.岗位练兵一月一题，题目从差错中选。", "1.会员建议实行一月一收、一季一议。"]
)
def test_once_a_month_is_not_january(text):
    assert judge("period", text) == []
