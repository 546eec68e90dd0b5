from datetime import date

import pytest

from assistant.request import parse_request, topic_of
from index.errors import UserError
from index.types import Genre, OrgType, Period, SectionCode

TODAY = date(2026, 11, 21)

# text, org type, period, year, genre, length, wanted among emphasis, wanted among avoid
REQUESTS = [
    ("帮我写一份2027年医院工会工作计划", "hospital", "year", 2027, "plan", 1500, (), ()),
    (
        "下半年的，我们是个镇卫生院，人不多，别写太长",
        "hospital",
        "h2",
        2026,
        "plan",
        800,
        (),
        ("大型活动", "分工会"),
    ),
    ("小学工会 学期计划 要有每月安排", "school", "term2", 2026, "plan", 1500, ("SCHEDULE",), ()),
    (
        "幼儿园 下半年工会计划，重点写女职工和教师节",
        "kindergarten",
        "h2",
        2026,
        "plan",
        1200,
        ("WOMEN", "教师节"),
        (),
    ),
    (
        "厂里工会明年计划，安全、劳动竞赛、送清凉都要有，不要喊口号",
        "mfg",
        "year",
        2027,
        "plan",
        1500,
        ("SAFETY", "SKILL", "送清凉"),
        (),
    ),
    ("给我整一个支行工会的plan，2027，tone正式一点", "bank", "year", 2027, "plan", 1500, (), ()),
    ("局机关工会2027年要点，领导要求一页纸", "gov", "year", 2027, "keypoints", 600, (), ()),
    (
        "教育局工会，管着39所学校，写2027年计划，要培训工会干部",
        "edu_system",
        "year",
        2027,
        "plan",
        2500,
        ("SELF",),
        (),
    ),
    (
        "乡镇总工会下半年打算，建会入会、劳资纠纷、外卖骑手",
        "township",
        "h2",
        2026,
        "plan",
        1800,
        ("建会入会", "RIGHTS", "外卖骑手"),
        (),
    ),
    ("林场工会年度计划，防火期要避开搞活动", "forestfarm", "year", 2027, "plan", 1500, (), ("防火期活动",)),
    ("水管站，六七个人的小工会，简单写写", "institution", "year", 2027, "plan", 600, (), ("大型活动",)),
    (
        "高职院校工会，2026-2027第二学期，结合产教融合和职业教育法",
        "vocational",
        "term2",
        2026,
        "plan",
        2000,
        ("产教融合", "职业教育法"),
        (),
    ),
    (
        "建筑公司项目部工会，农民工工资、夏天防暑、安全生产月，上半年",
        "construction",
        "h1",
        2027,
        "plan",
        1500,
        ("农民工工资", "防暑", "安全生产月"),
        (),
    ),
    ("村里的联合工会，写2027工作计划，别出现职代会", "village", "year", 2027, "plan", 900, (), ("职代会",)),
    ("酒店工会，员工流动大，想多搞文体", "service", "year", 2027, "plan", 1500, ("CULTURE", "入会"), ()),
    ("把去年的计划改成今年的，十八大改掉", None, "year", 2026, "plan", 1500, (), ("十八大",)),
    (
        "我们医院工会要换届，2027年三月开会员代表大会，写进计划",
        "hospital",
        "year",
        2027,
        "plan",
        1500,
        ("SELF", "换届", "3月召开会员代表大会"),
        (),
    ),
    ("工会经费怎么花写清楚点，符合规定", None, "year", 2027, "plan", 1700, ("FINANCE",), ()),
    ("年度总结加明年打算，一起写", None, "year", 2027, "hybrid", 2500, (), ()),
    ("随便写个工会计划", None, "year", 2027, "plan", 1500, (), ()),
]


@pytest.mark.parametrize("row", REQUESTS, ids=lambda row: row[0])
def test_the_twenty_requests(row):
    text, org_type, period, year, genre, length, emphasis, avoid = row
    request = parse_request(text, TODAY)
    assert (request.org_type, request.period, request.year, request.genre, request.length) == (
        org_type and OrgType(org_type),
        Period(period),
        year,
        Genre(genre),
        length,
    )
    assert set(emphasis) <= set(request.emphasis)
    assert set(avoid) <= set(request.avoid)


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("医院工会下半年计划，不要提具体金额", lambda r: "no_amounts" in r.style and "具体金额" in r.avoid),
        ("医院工会下半年计划，避免和去年重复", lambda r: "no_repeat" in r.style),
        ("医院工会下半年计划，领导爱看数据", lambda r: "data" in r.style),
        ("医院工会下半年计划，口气朴实", lambda r: "plain" in r.style),
        ("医院工会下半年计划，两千字左右", lambda r: r.length == 2000),
        ("医院工会下半年计划，一千五百字", lambda r: r.length == 1500),
        ("医院工会下半年计划，3000字", lambda r: r.length == 3000),
        ("医院工会下半年计划，八百字", lambda r: r.length == 800),
        ("医院工会下半年计划，分五个部分", lambda r: r.sections == 5),
        ("医院工会下半年计划，不写女职工", lambda r: "WOMEN" in r.avoid and "WOMEN" not in r.emphasis),
        ("医院工会下半年计划，我们叫员工不叫职工", lambda r: r.use_words == {"职工": "员工"}),
        ("医院工会下半年计划，加个表", lambda r: {"table", "schedule"} <= set(r.style)),
        ("医院工会下半年计划，要红头", lambda r: "notice" in r.style),
        (
            "draft a 下半年 plan for a hospital union",
            lambda r: (r.org_type, r.period) == (OrgType.HOSPITAL, Period.H2),
        ),
        (
            "annual plan 2027 for a primary school union",
            lambda r: (r.org_type, r.year) == (OrgType.SCHOOL, 2027),
        ),
        ("给云栖市第三人民医院工会写2026年下半年计划", lambda r: r.org_name == "云栖市第三人民医院"),
        ("帮我们医院工会写个计划", lambda r: r.org_name == ""),
    ],
)
def test_phrasings_a_chair_uses(text, check):
    assert check(parse_request(text, TODAY))


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_request_is_told_what_to_write(text):
    with pytest.raises(UserError, match="还没有写要求"):
        parse_request(text, TODAY)


@pytest.mark.parametrize("text", ["今天天气怎么样", "给我写一首诗", "tell me a joke", "帮我写一份简历"])
def test_another_subject_is_declined_kindly(text):
    with pytest.raises(UserError, match="只会起草工会"):
        parse_request(text, TODAY)


def test_at_most_one_question_and_never_a_dead_end():
    request = parse_request("随便写个工会计划", TODAY)
    assert request.question.count("？") <= 2
    assert request.assumptions


def test_the_usual_unit_type_fills_in_but_never_overrules():
    assert parse_request("下半年计划", TODAY, OrgType.BANK).org_type is OrgType.BANK
    assert parse_request("小学下半年计划", TODAY, OrgType.BANK).org_type is OrgType.SCHOOL


def test_the_same_sentence_gives_the_same_slots():
    assert parse_request(REQUESTS[4][0], TODAY) == parse_request(REQUESTS[4][0], TODAY)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("护理技能比武", SectionCode.SKILL),
        ("送清凉", SectionCode.SAFETY),
        ("夜班关爱", SectionCode.CARE),
        ("换届准备", SectionCode.SELF),
        ("量子力学", None),
    ],
)
def test_topics_find_their_section(word, code):
    assert topic_of(word) is code


def test_what_is_left_out_for_a_small_unit_is_said():
    understood = parse_request("给镇卫生院工会写一份下半年计划，突出夜班职工关爱", TODAY)
    assert {"大型活动", "分工会"} <= set(understood.avoid)
    assert "按人少的单位写，不安排大型活动，不提分工会。" in understood.assumptions


@pytest.mark.parametrize(
    ("stressed", "words"),
    [
        ("夜班职工关爱", {"夜班"}),
        ("困难职工帮扶、女职工权益和夜班护士关爱", {"困难职工", "女职工", "夜班"}),
        ("困难职工和关爱", {"困难职工", "关爱"}),
        ("送温暖，慰问", {"送温暖", "慰问"}),
        ("帮扶", {"帮扶"}),
    ],
)
def test_a_word_of_manner_at_the_end_of_a_phrase_is_no_topic_of_its_own(stressed, words):
    emphasis = parse_request(f"医院工会下半年计划，突出{stressed}", TODAY).emphasis
    assert {word for word in emphasis if not word.isascii()} == words
