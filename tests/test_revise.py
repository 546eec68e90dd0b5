import pytest
from drafting import TABLES, TODAY, evidence

from assistant.ready import ready_lines
from assistant.request import parse_request
from assistant.revise import Reviser
from assistant.rules import called, events_of, section_for
from assistant.types import Profile
from index.types import FactKind, OrgType, Period, SectionCode


def reviser(text="医院工会下半年计划", profile=Profile()):
    request = parse_request(text, TODAY)
    return Reviser(request, profile, TABLES, TABLES.orgs[request.org_type])


def measure(text, said="医院工会下半年计划", profile=Profile(), **more):
    found = reviser(said, profile).measure(evidence(1, text, **more))
    return found and found.text


def test_a_measure_of_the_same_trade_and_period_stays_as_it_is():
    text = "8月，摸底职工子女升学情况，协助符合条件的职工申报助学。"
    assert measure(f"3.{text}") == text


@pytest.mark.parametrize(
    "text",
    [
        "3月，组织女职工开展三八节活动。",
        "5月12日国际护士节，举行座谈。",
        "6月，开展安全生产月活动。",
        "清明节前，组织祭扫。",
        "2月，节后走访。",
        "年初，签订责任书并逐级分解。",
        "春节前，走访困难职工。",
    ],
)
def test_what_belongs_to_another_half_is_refused(text):
    assert measure(text) is None


@pytest.mark.parametrize(
    ("text", "said", "dated"),
    [
        ("中秋前，走访外派职工的家庭。", "医院工会2027年下半年计划", "9月中秋前，走访外派职工的家庭。"),
        (
            "国庆节前，各科室报两幅日常工作照。",
            "医院工会2027年下半年计划",
            "9月国庆节前，各科室报两幅日常工作照。",
        ),
        ("春节前，走访患病职工。", "医院工会2027年计划", "1月春节前，走访患病职工。"),
        ("元宵节前后，猜一次灯谜。", "医院工会2027年计划", "2月元宵节前后，猜一次灯谜。"),
    ],
)
def test_a_measure_that_names_a_feast_alone_gets_its_month(text, said, dated):
    assert measure(text, said=said) == dated


def test_what_is_moved_into_a_first_half_begins_after_the_spring_festival():
    moved = measure("7月，培训新任组长，11月检查一次。", said="医院工会2027年上半年计划")
    assert moved == "1月，培训新任组长，5月检查一次。"  # no later beginning leaves room for both
    assert measure("7月，培训新任组长。", said="医院工会2027年上半年计划") == "3月，培训新任组长。"
    assert measure("9月，培训新任组长。", said="医院工会2027年上半年计划") == "3月，培训新任组长。"


def test_a_second_term_does_not_plan_for_the_days_before_the_spring_festival():
    assert measure("春节前，走访患病教职工。", said="小学工会2026—2027学年第二学期计划") is None


@pytest.mark.parametrize(
    "text",
    [
        "召开教代会审议绩效方案，由工会小组长汇总意见。",
        "组织师德演讲比赛，各科室推荐一名选手参加。",
        "10月，举行校务公开检查，结果张贴公示。",
    ],
)
def test_another_trades_words_are_refused(text):
    assert measure(text) is None


def test_a_trades_role_words_are_translated():
    text = "9月，校工会走访困难教职工，教代会代表参加。"
    found = measure(text, org=OrgType.KINDERGARTEN, said="小学工会下半年计划")
    assert found == text
    assert (
        measure("10月，职代会听取园工会报告。", said="小学工会下半年计划", org=OrgType.KINDERGARTEN) is None
    )


def test_private_facts_never_come_along():
    facts = (
        (FactKind.UNIT, "梧泽市第二人民医院"),
        (FactKind.UPPER, "梧泽市总工会"),
        (FactKind.COUNT, "1260名"),
    )
    found = measure("9月，梧泽市第二人民医院按梧泽市总工会安排，为1260名职工续保。", facts=facts)
    assert found == "9月，我院按上级工会安排，为【待填：人数】职工续保。"


def test_a_profile_fills_the_slots():
    profile = Profile(upper=("云栖市总工会",), programs=("夜班加油站",))
    facts = ((FactKind.UPPER, "梧泽市总工会"),)
    found = measure("9月，按梧泽市总工会要求检查夜班休息点，每周补充物品。", profile=profile, facts=facts)
    assert found == "9月，按云栖市总工会要求检查夜班休息点，每周补充物品。"


def test_another_units_programme_does_not_come_back_under_our_programmes_name():
    profile = Profile(programs=("灯下读书会",))
    facts = ((FactKind.PROGRAM, "暖夜灯"),)
    text = "9月起，“暖夜灯”活动设跳绳、羽毛球、健步三项，由体育组派人指导。"
    assert measure(text, profile=profile, facts=facts) is None


def test_too_many_unknown_facts_are_refused():
    facts = ((FactKind.PERSON, "张三"), (FactKind.PLACE, "东湖"), (FactKind.MONEY, "五千元"))
    assert measure("9月，张三在东湖发放五千元慰问金。", facts=facts) is None


def test_feast_days_move_to_the_plans_year():
    text = "9月25日中秋节前后，走访夜班职工，每个病区留下一份月饼。"
    assert measure(text, said="医院工会2027年计划", period=Period.YEAR) == text.replace("9月25日", "9月15日")


def test_a_round_anniversary_of_another_year_is_refused():
    text = "8月1日前，结合建军100周年走访退役军人职工。"
    assert measure(text, year=2027) is None
    assert measure(text, said="医院工会2027年计划", year=2027) == text


def test_words_the_person_refuses_or_prefers():
    text = "10月，组织职工健步走，分两批进行。"
    assert measure(text, said="医院工会下半年计划，不写健步走") is None
    assert (
        measure(text, said="医院工会下半年计划，我们叫员工不叫职工") == "10月，组织员工健步走，分两批进行。"
    )
    assert measure(text, profile=Profile(avoid_words=("健步走",))) is None


def test_a_small_unit_holds_no_gala():
    text = "12月，举办迎新文艺晚会，各科室报送节目。"
    assert measure(text) == text
    assert measure(text, profile=Profile(people=38)) is None


def test_a_measure_for_one_kind_of_hospital_is_for_that_kind():
    text = "10月，请药剂科带队识药，认识十种常用中药。"
    assert measure(text) is None
    assert measure(text, profile=Profile(unit="云岭市中医医院")) == text


def test_a_campus_is_not_presupposed():
    assert measure("9月，两个院区各办一场座谈。") is None


@pytest.mark.parametrize(
    "text", ["深入学习贯彻党的十八大精神，办好宣讲。", "10月，以科学发展观为统领抓好学习。"]
)
def test_stale_politics_is_refused(text):
    assert measure(text) is None


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("1月，召开职代会，听取院长报告。", {"congress"}),
        ("9月，走访困难职工。", set()),
        ("职代会提案逐件答复。", set()),
        ("10月，组织全员体检。", {"checkup"}),
    ],
)
def test_things_done_once_are_recognised(text, events):
    assert events_of(text) == events


def test_a_measure_bound_to_no_season_moves_into_the_period():
    assert (
        measure("4月，组织职工代表巡视食堂，意见当周答复。") == "10月，组织职工代表巡视食堂，意见当周答复。"
    )
    assert measure("3月至5月，逐科走访新入职职工。") == "9月至11月，逐科走访新入职职工。"
    assert measure("10月，巡视食堂，意见当周答复。") == "10月，巡视食堂，意见当周答复。"


@pytest.mark.parametrize(
    "text", ["4月，组织春游，当日往返。", "1月，召开职代会，审议预算。", "2月，评比岗位能手，10月表彰。"]
)
def test_a_measure_bound_to_its_season_does_not_move(text):
    assert measure(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "7月，场部职工运动会设拔河、抬圆木两项，按管护所组队。",
        "7月，开展工地职工之家达标验收，缺项限期补齐。",
        "9月，教导处统一调配课务，安排女职工手工体验。",
    ],
)
def test_another_trades_workplaces_are_refused_wherever_they_come_from(text):
    assert measure(text, said="酒店工会下半年计划", org=OrgType.SERVICE) is None


def test_staff_words_are_not_taken_for_an_organiser():
    text = "10月，组织员工趣味赛，按楼层混合组队。"
    assert measure(text, said="酒店工会下半年计划", org=OrgType.SERVICE) == text


def test_a_dated_measure_is_never_moved_by_half_a_year():
    assert measure("3月8日，组织职工参加半天健康跑。") is None


def test_a_measure_under_a_mixed_heading_finds_its_own_section():
    audit = "12月，经费审查委员会审查全年收支，发放表由领取人签字。"
    assert section_for(audit, SectionCode.WOMEN) is SectionCode.FINANCE
    leave = "9月，女职工委员会检查孕期职工排班，问题一周内改正。"
    assert section_for(leave, SectionCode.CULTURE) is SectionCode.WOMEN
    assert section_for(leave, SectionCode.WOMEN) is SectionCode.WOMEN


def test_a_unit_is_called_what_it_calls_itself():
    hospital, town = TABLES.orgs[OrgType.HOSPITAL], TABLES.orgs[OrgType.TOWNSHIP]
    assert called(hospital, "镇卫生院工会计划").roles["unit"] == "卫生院"
    assert called(hospital, "市第三人民医院").roles == hospital.roles
    assert called(town, "街道总工会计划").roles["party"] == "街道党工委"
    found = measure("10月，镇总工会走访企业。", said="街道总工会下半年计划", org=OrgType.TOWNSHIP)
    assert found == "10月，街道总工会走访企业。"


def test_a_handful_of_people_have_no_group_leaders():
    text = "7月，补充工会小组长，重新发放服务联系卡。"
    assert measure(text, said="水管站工会下半年计划", org=OrgType.INSTITUTION) == text
    assert measure(text, said="水管站，六七个人的小工会，下半年计划", org=OrgType.INSTITUTION) is None


def test_ready_sentences_are_for_their_trade_and_months():
    town = TABLES.orgs[OrgType.TOWNSHIP]
    assert ready_lines("外卖骑手", town, (7, 8, 9))[1] == 8
    assert ready_lines("外卖骑手", TABLES.orgs[OrgType.HOSPITAL], (7, 8, 9)) == ((), 0)
    assert ready_lines("安全生产月", town, (7, 8, 9)) == ((), 0)


def test_a_unit_of_groups_is_not_given_sub_unions():
    text = "12月，分工会按四项内容考评，分工会主席当面说明。"
    assert measure(text) == "12月，工会小组按四项内容考评，工会小组长当面说明。"
    assert measure(text, profile=Profile(groups=14)) == "12月，工会小组按四项内容考评，工会小组长当面说明。"
    assert measure(text, profile=Profile(groups=14, bodies=("三个分工会",))) == text


def test_what_speaks_of_the_next_year_is_not_moved_into_a_first_half():
    assert measure("12月，会员打分，三条意见列入下年度首批事项。", said="医院工会2027年上半年计划") is None


def test_an_outing_is_not_moved_into_winter():
    assert measure("6月，组织半天徒步。", said="医院工会2027年下半年计划") is None


def test_a_company_whose_chair_says_factory_is_called_by_its_name():
    factory = called(TABLES.orgs[OrgType.MFG], "某化工厂 化工厂工会下半年计划")
    company = called(TABLES.orgs[OrgType.MFG], "恒源化工有限公司 化工厂工会下半年计划")
    assert (factory.roles["admin"], company.roles["admin"]) == ("厂行政", "公司行政")
