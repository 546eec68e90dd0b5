"""Private facts: found with exact spans, and nothing found in words every union shares."""

from __future__ import annotations

import itertools

import pytest

from index.facts import find_facts, redact
from index.persons import is_private_name
from index.short_names import short_names
from index.types import FactKind
from index.words import is_generic


def facts_of(text: str, meta: dict[str, object] | None = None) -> list[tuple[str, str]]:
    """Kind and text of each fact, after checking that spans are exact, sorted and apart."""
    found = find_facts(text, meta)
    assert all(text[fact.start : fact.end] == fact.text for fact in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    return [(fact.kind.value, fact.text) for fact in found]


POSITIVE = [
    ("在云栖市第三人民医院开展义诊。", [("unit", "云栖市第三人民医院")]),
    ("霖川县枫渡镇中心小学的教师。", [("unit", "霖川县枫渡镇中心小学")]),
    ("青垛市宏川化工集团有限公司召开职代会。", [("unit", "青垛市宏川化工集团有限公司")]),
    ("组织职工到白鹭岭林场参观。", [("unit", "白鹭岭林场")]),
    ("慰问阳光小学教师。", [("unit", "阳光小学")]),
    ("松岚县总工会来院指导。", [("upper", "松岚县总工会")]),
    ("按照云栖区教育工会要求。", [("upper", "云栖区教育工会")]),
    ("在白鹭岭林场党委领导下。", [("party", "白鹭岭林场党委")]),
    ("中共云栖市委员会印发通知。", [("party", "中共云栖市委员会")]),
    ("全镇职工到墨溪镇集合。", [("place", "墨溪镇")]),
    ("参加临汾市职工大病保险。", [("place", "临汾市")]),
    ("赴上海、广州培训。", [("place", "上海"), ("place", "广州")]),
    ("由工会主席李秀兰牵头。", [("person", "李秀兰")]),
    ("请王建国、赵敏协助。", [("person", "王建国"), ("person", "赵敏")]),
    ("由王主任带队。", [("person", "王主任")]),
    ("孙静等8名教师参赛。", [("person", "孙静"), ("count", "8名")]),
    ("陆文兰博士讲课。", [("person", "陆文兰")]),
    ("行政拨款13000元。", [("money", "13000元")]),
    ("筹集资金28万元，每人五十元。", [("money", "28万元"), ("money", "五十元")]),
    ("现有职工1260名，二十余家企业。", [("count", "1260名"), ("count", "二十余家")]),
    ("参保率达到95%以上。", [("count", "95%")]),
    ("2026年3月1日召开。", [("date", "2026年3月1日")]),
    ("1月22号开会。", [("date", "1月22号")]),
    ("二〇二六年三月一日", [("date", "二〇二六年三月一日")]),
    ("召开七届三次教代会。", [("session", "七届三次")]),
    ("按照云工发〔2026〕5号文件。", [("docno", "云工发〔2026〕5号")]),
    ("增设“夜班加油站”服务点。", [("program", "夜班加油站")]),
    ("举办“园丁杯”球赛。", [("program", "园丁杯")]),
    ("电话13800138000", [("contact", "13800138000")]),
    ("邮箱 zhang@example.com。", [("contact", "zhang@example.com")]),
    ("QQ群：12345678", [("contact", "12345678")]),
    ("值班电话0351-8812345。", [("contact", "0351-8812345")]),
]


@pytest.mark.parametrize(("text", "expected"), POSITIVE)
def test_a_private_fact_is_found(text, expected):
    assert facts_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "在院党委领导下，我院工会围绕医院中心工作开展活动。",
        "学校工会在学校党支部领导下，依靠全校教职工。",
        "按照市总工会、县总工会和上级工会要求，贯彻全国总工会部署。",
        "县人民医院、乡镇卫生院、各学校和基层工会。",
        "以习近平新时代中国特色社会主义思想为指导，学习雷锋精神。",
        "开展“安康杯”竞赛、“五小”活动和“中国梦·劳动美”主题宣传。",
        "召开党的二十届四中全会，全总十八届四次执委会。",
        "落实总工发〔2012〕12号和总工办发〔2017〕32号规定。",
        "3月8日、5月12日、9月10日和9月25日中秋节组织活动。",
        "9月底前完成，每月一次，五个工作日内答复，建档率100%。",
        "三个代表、四个意识、两个维护，十个方面。",
        "元旦春节送温暖，次年元月总结，元宵灯会。",
        "教师高度重视安全，职工和谐相处，主席团会议。",
        "小学生、大学习、厂务公开、新格局、城区、社区、农村。",
        "70岁、80岁退休教师。",
        "",
    ],
)
def test_shared_words_are_no_facts(text):
    assert facts_of(text) == []


NAMES = [
    ("磨工车间左建国班组连续三个月夺魁。", "person", "左建国"),
    ("院务公开由穆少康、殷小满负责。", "person", "殷小满"),
    ("工友孟三林的女儿患病。", "person", "孟三林"),
    ("厨房老魏的孩子考上大学。", "person", "老魏"),
    ("毕老三家的米粉店先带头。", "person", "毕老三"),
    ("主席申屠岳总负责。", "person", "申屠岳"),
    ("由网格员阿依古丽管理。", "person", "阿依古丽"),
    ("在柳荫路两处公开栏张贴。", "place", "柳荫路"),
    ("到青龙峪开展春季健步走。", "place", "青龙峪"),
    ("安和银行梧桐市分行工会。", "place", "梧桐市"),
    ("讲好凤鸣湖校区建设者的故事。", "place", "凤鸣湖校区"),
    ("按闵行教育工作会议要求。", "place", "闵行"),
    ("在贝士达公司试点。", "unit", "贝士达公司"),
    ("环驰、慈兴、和森等7家企业有场地。", "unit", "和森"),
    ("福达轴承工会主席讲话。", "unit", "福达轴承"),
    ("松岭一中承办合唱节。", "unit", "松岭一中"),
    ("按照临理工会〔2025〕11号文件。", "docno", "临理工会〔2025〕11号"),
    ("20日，慰问了两名职工。", "count", "两名"),
    ("销售500万以上企业。", "money", "500万"),
]


@pytest.mark.parametrize(("text", "kind", "words"), NAMES)
def test_a_name_no_dictionary_has_is_found(text, kind, words):
    assert (kind, words) in facts_of(text)


def test_a_name_proven_once_is_one_everywhere():
    text = "由会计邱志远汇总。大家听邱志远说说想法。"
    assert facts_of(text) == [("person", "邱志远")] * 2


def test_a_title_tells_whose_short_names_a_text_uses():
    found = find_facts("宏远轴承与学校共建基地。", None, "宏远精密轴承有限公司工会2026年工作计划")
    assert [(fact.kind.value, fact.text) for fact in found] == [("short", "宏远轴承")]


def test_front_matter_adds_every_occurrence():
    text = "暖巢小屋开张，院党委支持。暖巢小屋每周开放，共有教职工36名。"
    meta = {"facts": {"program": ["暖巢小屋"], "party": "院党委", "count": ["36名"], "zoo": ["开张"]}}
    assert facts_of(text, meta) == [
        ("program", "暖巢小屋"),
        ("party", "院党委"),
        ("program", "暖巢小屋"),
        ("count", "36名"),
    ]


def test_front_matter_decides_about_brands_when_it_speaks_of_them():
    text = "举办“园丁杯”球赛。"
    assert facts_of(text, {"facts": {"program": []}}) == []


def test_front_matter_wins_where_facts_overlap():
    text = "云栖市第三人民医院工会"
    meta = {"facts": {"short": ["第三人民医院"]}}
    assert facts_of(text, meta) == [("place", "云栖市"), ("short", "第三人民医院")]


def test_a_listed_count_is_not_found_inside_a_longer_number():
    assert facts_of("现有136名职工", {"facts": {"count": ["36名"]}}) == [("count", "136名")]


def test_short_names_follow_from_the_full_one():
    text = "云栖市第三人民医院，简称市三院，也叫云栖三院。"
    assert facts_of(text) == [
        ("unit", "云栖市第三人民医院"),
        ("short", "市三院"),
        ("short", "云栖三院"),
    ]
    assert "恒锐集团" in short_names(["宁波市恒锐集团有限公司"])
    assert short_names(["县人民医院"]) == set()


def test_the_age_of_a_named_person_is_personal():
    assert facts_of("教师王建国，男，45岁，任教二十年。") == [("person", "王建国"), ("contact", "45岁")]


def test_redaction_touches_persons_and_contacts_only():
    text = "由李秀兰老师联系，电话13800138000，地点在墨溪镇。"
    facts = find_facts(text)
    assert FactKind.PLACE in {fact.kind for fact in facts}
    assert redact(text, facts, 0, len(text)) == "由〔略〕老师联系，电话〔略〕，地点在墨溪镇。"


def test_redaction_of_a_slice_cuts_a_fact_at_its_edge():
    text = "由李秀兰老师联系，电话13800138000。"
    facts = find_facts(text)
    assert redact(text, facts, 2, 6) == "〔略〕老师"
    assert redact(text, facts, 0, 2) == "由〔略〕"
    assert redact(text, facts, 6, 8) == "联系"
    assert redact(text, (), 0, 3) == "由李秀"


def test_generic_words_and_private_names():
    assert is_generic("县人民")
    assert not is_generic("云栖市")
    assert is_private_name("李秀兰")
    assert not is_private_name("习近平")
    assert not is_private_name("保健")
    assert not is_private_name("李")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "9" * 100_000,
        "1." * 50_000,
        "市" * 50_000,
        "a@" * 30_000,
        "“" * 50_000,
        "厂厂、" * 20_000,
        "、公司" * 20_000,
    ],
)
def test_a_page_of_nonsense_does_not_stall(text):
    assert all(fact.kind is not FactKind.PERSON for fact in find_facts(text))


def test_the_second_sign_of_a_master_is_no_surname():
    assert facts_of("3月：邀请退休技师和青年教师同讲师傅等；更新档案。") == []
