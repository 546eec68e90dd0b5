"""Phrases, leaks, statutes and money, against hand-written sentences."""

from dataclasses import replace
from datetime import date

import pytest
from check_helpers import PRIVATE, PROFILE, TABLES, TODAY, assert_exact, draft_of, judge, quotes

from assistant.checks import CheckContext, run
from assistant.checks.phrases import stale
from assistant.types import Profile, Severity
from index.types import Period, SectionCode

# --- phrases


@pytest.mark.parametrize(
    ("text", "quote", "severity"),
    [
        ("认真学习贯彻党的十七大精神。", "党的十七大精神", Severity.HIGH),
        ("坚持邓小平理论，做好工会工作。", "邓小平理论", Severity.HIGH),
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
        "坚持以马克思列宁主义、毛泽东思想、邓小平理论、科学发展观、习近平新时代中国特色社会主义思想为指导。",
        "巩固拓展党纪学习教育成果。",
        "为实现“十五五”良好开局作贡献。",
        "保持和增强政治性、先进性、群众性，弘扬劳模精神、劳动精神、工匠精神。",
        "落实知情权、参与权、表达权、监督权。",
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
            "党的二十大",
        ),
        ("贯彻中国工会十八大精神，学习党的二十大精神。", "工会十八大"),
        ("围绕医院中心工作，落实上级工会部署。", "中心工作"),
        ("落实上级工会部署，学习中国工会十八大精神。", "上级工会"),
        ("贯彻工会十八大精神，学习关于工人阶级和工会工作的重要论述。", "工会十八大"),
    ],
)
def test_a_misordered_guide_is_a_hint(text, quote):
    [finding] = judge("guide_order", text, code=SectionCode.GUIDE)
    assert (finding.quote, finding.severity) == (quote, Severity.LOW)


def test_only_the_guide_has_an_order():
    text = "贯彻中国工会十八大精神，学习党的二十大精神。"
    assert judge("guide_order", text, code=SectionCode.POLITICS) == []


# --- leaks


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
