"""Each check against hand-written sentences, and a clean plan that triggers nothing but hints."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.checks import CheckContext, run
from assistant.checks.phrases import stale
from assistant.tables import load_tables
from assistant.types import Draft, Finding, Profile, Request, Section, Severity
from index.types import Genre, OrgType, Period, SectionCode

TABLES = load_tables()
TODAY = date(2026, 7, 6)
PROFILE = Profile(
    unit="清河县人民医院",
    union="清河县人民医院工会委员会",
    short="县医院",
    org_type=OrgType.HOSPITAL,
    province="",
    people=320,
    women=210,
    groups=12,
    upper=("县总工会", "县卫生健康系统工会"),
    programs=("暖心小屋",),
    key_tasks=("急诊急救技能比武",),
)


def request_for(org=OrgType.HOSPITAL, period=Period.H2, year=2026, **changes) -> Request:
    return replace(Request("请写计划", org, period, year, today=TODAY, length=0), **changes)


def draft_of(
    *sections: tuple[SectionCode, str, str], request=None, profile=PROFILE, title="工作计划"
) -> Draft:
    made = tuple(Section(f"s{i}", code, heading, text) for i, (code, heading, text) in enumerate(sections, 1))
    return Draft("d1", request or request_for(), profile, title, "composer", made)


def judge(
    check: str, text: str, code=SectionCode.CARE, private=None, today=TODAY, **changes
) -> list[Finding]:
    """Return what one check says of one section, the unit's profile left out unless given."""
    profile = changes.pop("profile", Profile())
    request = request_for(**changes)
    plan = draft_of((code, "", text), request=request, profile=profile)
    context = CheckContext(TABLES, profile, request, today, private or {})
    return [finding for finding in run(plan, context) if finding.check == check]


def quotes(findings: list[Finding]) -> list[str]:
    return [finding.quote for finding in findings]


def assert_exact(findings: list[Finding], text: str) -> None:
    """Spans are exact, and a person is told why and what to do."""
    for finding in findings:
        assert text[finding.start : finding.end] == finding.quote
        assert finding.message
        assert finding.suggestion


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


# --- phrases


@pytest.mark.parametrize(
    ("text", "quote", "severity"),
    [
        ("认真学习贯彻党的十七大精神。", "党的十七大精神", Severity.HIGH),
        ("以邓小平理论和“三个代表”重要思想为指导。", "邓小平理论", Severity.HIGH),
        ("学习习书记总书记讲话。", "习书记总书记", Severity.HIGH),
        ("贯彻中国工会十五大精神。", "中国工会十五大精神", Severity.HIGH),
        ("为建功“十二五”作贡献。", "“十二五”", Severity.HIGH),
        ("做好计划生育工作。", "计划生育", Severity.HIGH),
        ("履行四项职能。", "四项职能", Severity.MEDIUM),
        ("开展八五普法宣传。", "八五普法", Severity.MEDIUM),
        ("保障知情权、参与权、决策权、监督权。", "知情权、参与权、决策权、监督权", Severity.MEDIUM),
        ("保持群众性、先进性、政治性。", "群众性、先进性、政治性", Severity.MEDIUM),
        ("落实县级工会加强年要求。", "县级工会加强年", Severity.MEDIUM),
        ("学习贯彻X的二十届四中全会精神。", "X的二十届", Severity.HIGH),
        ("联系卫生局解决。", "卫生局", Severity.MEDIUM),
    ],
)
def test_stale_or_wrong_phrases(text, quote, severity):
    findings = judge("phrase", text, code=SectionCode.POLITICS)
    assert (quote, severity) in [(f.quote, f.severity) for f in findings]
    assert_exact(findings, text)


@pytest.mark.parametrize(
    "text",
    [
        "深入学习贯彻党的二十大和二十届历次全会精神。",
        "贯彻中国工会十八大精神，构建和谐劳动关系。",
        "党的十八大以来，工会工作取得长足进步。",
        "坚持以马克思列宁主义、毛泽东思想、邓小平理论、“三个代表”重要思想、科学发展观、"
        "习近平新时代中国特色社会主义思想为指导。",
        "巩固拓展党纪学习教育成果。",
        "为实现“十五五”良好开局作贡献。",
        "保持和增强政治性、先进性、群众性，弘扬劳模精神、劳动精神、工匠精神。",
        "保障职工的知情权、参与权、表达权、监督权。",
        "卫生健康局组织培训。",
        "十一届三中全会以来的发展。",
    ],
)
def test_current_phrases_are_left_alone(text):
    assert judge("phrase", text, code=SectionCode.POLITICS) == []


def test_the_mend_for_a_stale_congress_is_todays_wording():
    [finding] = judge("phrase", "学习党的十九大精神。", code=SectionCode.POLITICS)
    assert finding.suggestion == "改为“党的二十大和二十届历次全会精神”。"


def test_the_bare_eighteenth_is_the_partys():
    [finding] = judge("phrase", "学习贯彻十八大精神。", code=SectionCode.POLITICS)
    assert "中国工会十八大" in finding.message


@pytest.mark.parametrize(
    ("year", "text", "quote"),
    [
        (2027, "2027年是“十五五”开局之年。", "开局之年"),
        (2027, "庆祝建党105周年。", "建党105周年"),
        (2027, "推进治本攻坚三年行动。", "治本攻坚三年行动"),
        (2027, "参加2025—2026年安康杯竞赛。", "2025—2026年安康杯"),
        (2026, "庆祝全国总工会成立100周年。", "全国总工会成立100周年"),
    ],
)
def test_what_belongs_to_one_year_is_stale_in_the_next(year, text, quote):
    assert quote in quotes(judge("phrase", text, period=Period.YEAR, year=year, code=SectionCode.POLITICS))


@pytest.mark.parametrize(
    ("year", "text"),
    [
        (2026, "2026年是“十五五”开局之年。"),
        (2026, "庆祝建党105周年。"),
        (2027, "迎接建军100周年，走访退役军人职工。"),
        (2026, "推进治本攻坚三年行动。"),
        (2027, "按上级部署开展新一届安康杯竞赛。"),
    ],
)
def test_what_belongs_to_the_plans_own_year_is_current(year, text):
    assert judge("phrase", text, period=Period.YEAR, year=year, code=SectionCode.POLITICS) == []


def test_a_campaign_of_early_2026_is_current_in_june_and_over_in_november():
    text = "开展树立和践行正确政绩观学习教育。"
    assert list(stale(text, TABLES, date(2026, 6, 1))) == []
    assert [row.id for row, _, _ in stale(text, TABLES, date(2026, 11, 1))] == ["edu-2026"]


GUIDE_ORDER = [
    "以习近平新时代中国特色社会主义思想为指导，学习贯彻党的二十大精神，贯彻中国工会十八大精神，围绕中心工作。",
    "以习近平新时代中国特色社会主义思想为指导，落实上级工会部署，围绕医院中心工作。",
    "学习贯彻党的二十大精神和关于工人阶级和工会工作的重要论述，落实中国工会十八大部署。",
    "围绕医院中心工作，做好服务。",
    "以习近平新时代中国特色社会主义思想为指导，办好实事。",
]


@pytest.mark.parametrize("text", GUIDE_ORDER)
def test_a_guide_in_order_is_left_alone(text):
    assert judge("guide_order", text, code=SectionCode.GUIDE) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "学习贯彻党的二十大精神，以习近平新时代中国特色社会主义思想为指导。",
            "习近平新时代中国特色社会主义思想",
        ),
        ("贯彻中国工会十八大精神，学习党的二十大精神。", "党的二十大"),
        ("围绕医院中心工作，落实上级工会部署。", "上级工会"),
        ("落实上级工会部署，学习中国工会十八大精神。", "工会十八大"),
        ("贯彻工会十八大精神，学习关于工人阶级和工会工作的重要论述。", "关于工人阶级和工会工作的重要论述"),
    ],
)
def test_a_misordered_guide_is_a_hint(text, quote):
    [finding] = judge("guide_order", text, code=SectionCode.GUIDE)
    assert (finding.quote, finding.severity) == (quote, Severity.LOW)


def test_only_the_guide_has_an_order():
    text = "贯彻中国工会十八大精神，学习党的二十大精神。"
    assert judge("guide_order", text, code=SectionCode.POLITICS) == []


# --- leaks

PRIVATE = {
    "东岭镇中心卫生院工作计划": (
        ("unit", "东岭镇中心卫生院"),
        ("short", "东岭卫生院"),
        ("person", "欧阳明德"),
        ("program", "杏林夜话"),
        ("docno", "东工发〔2019〕7号"),
        ("session", "第九届二次"),
        ("count", "186人"),
        ("count", "12人"),
        ("date", "9月10日"),
        ("program", "安康杯"),
        ("upper", "县总工会"),
        ("place", "东岭"),
        ("money", "8600元"),
    )
}


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("1.东岭镇中心卫生院全体职工参加。", "东岭镇中心卫生院"),
        ("1.请欧阳明德同志讲课。", "欧阳明德"),
        ("1.继续办好“杏林夜话”。", "杏林夜话"),
        ("1.按照东工发〔2019〕7号要求落实。", "东工发〔2019〕7号"),
        ("1.落实第九届二次会议决议。", "第九届二次"),
        ("1.覆盖全部186人。", "186人"),
        ("1.安排经费8600元。", "8600元"),
    ],
)
def test_another_units_fact_is_high_and_its_source_named(text, quote):
    [finding] = judge("leak", text, private=PRIVATE)
    assert (finding.quote, finding.severity) == (quote, Severity.HIGH)
    assert "东岭镇中心卫生院工作计划" in finding.message
    assert_exact([finding], text)


@pytest.mark.parametrize(
    "text",
    [
        "1.组织12人参加培训。",
        "1.9月10日，走访退休职工。",
        "1.开展安康杯竞赛。",
        "1.报县总工会备案。",
        "1.到东岭公园健步走。",
        "1.覆盖1186人次。",
    ],
)
def test_what_any_plan_may_say_is_no_leak(text):
    assert judge("leak", text, private=PRIVATE) == []


def test_a_fact_that_is_also_ours_is_no_leak():
    profile = replace(PROFILE, programs=("杏林夜话",))
    assert judge("leak", "1.继续办好“杏林夜话”。", private=PRIVATE, profile=profile) == []


def test_a_longer_fact_hides_the_shorter_one_inside_it():
    private = {"甲计划": (("short", "东岭卫生"), ("unit", "东岭卫生学校"))}
    assert quotes(judge("leak", "1.东岭卫生学校参加。", private=private)) == ["东岭卫生学校"]


def test_a_leak_in_the_title_is_found():
    plan = replace(draft_of((SectionCode.CARE, "", "1.办实事。")), title="东岭镇中心卫生院工会工作计划")
    context = CheckContext(TABLES, PROFILE, plan.request, TODAY, PRIVATE)
    [finding] = [f for f in run(plan, context) if f.check == "leak"]
    assert (finding.section_id, finding.start, finding.end) == ("", 0, 8)


def test_a_party_level_nobody_named_is_to_be_checked():
    [finding] = judge("leak", "1.报院党委研究。", profile=PROFILE)
    assert (finding.quote, finding.severity) == ("院党委", Severity.MEDIUM)
    assert judge("leak", "1.报院党委研究。", profile=replace(PROFILE, party="院党委")) == []
    assert judge("leak", "1.报医院党组织研究。", profile=PROFILE) == []


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


# --- statutes


@pytest.mark.parametrize(
    ("text", "quote", "right"),
    [
        ("1.学习《工会规程》。", "工会规程", "中国工会章程"),
        ("1.落实《女职工劳动保护规定》。", "女职工劳动保护规定", "女职工劳动保护特别规定"),
        ("1.学习《执业医师法》。", "执业医师法", "医师法"),
        ("1.宣传《物权法》。", "物权法", "民法典"),
        ("1.对照《小学中学教师职业道德规范》自查。", "小学中学教师职业道德规范", "中小学教师职业道德规范"),
        ("1.依据《职工代表大会条例》。", "《职工代表大会条例》", "企业民主管理规定"),
        ("1.宣传《妇女权益保护法》。", "妇女权益保护法", "妇女权益保障法"),
    ],
)
def test_wrong_names_of_statutes(text, quote, right):
    [finding] = judge("statute", text)
    assert (finding.quote, finding.severity) == (quote, Severity.MEDIUM)
    assert finding.suggestion == f"改为《{right}》。"
    assert_exact([finding], text)


@pytest.mark.parametrize(
    "text",
    [
        "1.学习《工会法》《劳动合同法》。",
        "1.落实《女职工劳动保护特别规定》。",
        "1.宣传《中华人民共和国医师法》。",
        "1.签订集体合同和女职工权益保护专项集体合同。",
        "1.依据《全民所有制工业企业职工代表大会条例》。",
        "1.依据《上海市职工代表大会条例》。",
        "1.推行一法三卡。",
        "1.学习《民法典》和《妇女权益保障法》。",
    ],
)
def test_right_names_of_statutes(text):
    assert judge("statute", text) == []


# --- money


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("1.生日发放50元蛋糕券。", "50元"),
        ("1.安排经费2.5万元。", "2.5万元"),
        ("1.每人发放购物卡。", "购物卡"),
        ("1.向困难职工发放现金。", "发放现金"),
        ("1.组织先进职工旅游。", "旅游"),
        ("1.年底组织聚餐。", "聚餐"),
        ("1.三八妇女节发放慰问品。", "三八妇女节发放慰问品"),
        ("1.奖励三百元。", "三百元"),
    ],
)
def test_amounts_and_spending_to_look_at(text, quote):
    findings = judge("money", text, period=Period.YEAR)
    assert quote in quotes(findings)
    assert {f.severity for f in findings} == {Severity.MEDIUM}
    assert_exact(findings, text)


@pytest.mark.parametrize(
    "text",
    [
        "1.元旦前走访慰问，元宵节猜灯谜。",
        "1.节日慰问用传统节日用品，不得发放现金、购物卡。",
        "1.住院职工按规定标准送慰问金。",
        "1.与文化旅游局工会联办比赛。",
        "1.严禁用工会经费宴请。",
        "1.生日送蛋糕券，标准按本省实施细则。",
        "1.多元化解矛盾，服务一元复始的新开端。",
        "1.活动当日往返，安排疗休养三天。",
    ],
)
def test_spending_that_is_in_order(text):
    assert judge("money", text, period=Period.YEAR) == []


def test_a_provinces_cap_is_told_with_its_note():
    profile = Profile(province="安徽省")
    [finding] = judge("money", "1.职工生日慰问每人500元。", profile=profile)
    assert "300元" in finding.message
    assert judge("money", "1.职工生日慰问每人300元。", profile=profile) == []


def test_an_amount_the_person_gave_is_only_a_hint():
    profile = Profile(key_tasks=("困难补助每户800元",))
    [finding] = judge("money", "1.困难补助每户800元。", profile=profile)
    assert finding.severity is Severity.LOW


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


@pytest.mark.parametrize("asked", [14, 15, 16, 17, 0])
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
