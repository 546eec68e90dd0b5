"""What a document is, from its content; and which section a heading opens."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from index import segment
from index.classify import label, section_code, sections_of
from index.labels import org_type_of
from index.passages import whole_items
from index.types import Flag, Genre, Heading, OrgType, Period, SectionCode

STARTER = Path(__file__).parents[1] / "index" / "starter"

HOSPITAL_H2 = """上半年，院工会组织了护士技能比武，职工反映食堂排队时间长。下半年工作安排如下。

一、工作目标
1.年底前，职代会提案全部答复。
二、主要工作
1.8月，医师节前看望夜班医务人员。
2.9月，院务公开栏增设提问专栏，由各科室答复。
3.11月，组织急救比武，护士和医师混合编组。"""

SCHOOL_SUMMARY = """一年来，我校工会在学校党支部领导下开展工作，取得了较好成绩。
1.召开了两次教代会，征集了提案二十三件，全部得到答复。
2.组织了教师趣味运动会，一百多名教师参加了比赛。
3.慰问了生病教师九人次，为教职工办理了互助保险。
4.开展了师德演讲，表彰了十名先进教师。"""

FACTORY_YEAR = """2027年，公司工会围绕安全生产开展工作，计划如下。
一、劳动竞赛
1.3月，各车间班组开展节能竞赛。
2.10月，评选生产线上的优秀班组。
二、职代会和厂务公开
1.1月，召开职代会，审议集体合同。"""

TOWN_HYBRID = """一、上半年工作回顾
1.全镇新建工会6家，发展了会员三百多人，完成了年初任务。
2.镇工会调解了劳资纠纷12件，得到企业和职工好评。
3.组织了安全培训，辖区企业职工参加了学习。
二、下半年工作打算
1.继续推进建会入会，力争辖区快递网点全部建会。
2.进一步加强基层工会规范化建设，组织星级评定。
3.做好困难职工摸底，落实金秋助学。"""

TERM_SCHEDULE = """三月份：
召开教代会，庆祝三八节。
四月份：
教师春季运动会。
五月份：
教学基本功竞赛。
六月份：
教职工体检，学期总结。"""

VILLAGE = """我村联合工会由村民和个体工商户组成，在村党支部领导下，全年做好以下工作。
一、入会
1.上门动员灵活就业的村民入会。
二、帮扶
1.春节前走访困难会员，中秋前看望老会员。"""

CASES = [
    ("", HOSPITAL_H2, Genre.PLAN, OrgType.HOSPITAL, Period.H2, None),
    ("某医院工会2026年下半年工作计划", HOSPITAL_H2, Genre.PLAN, OrgType.HOSPITAL, Period.H2, 2026),
    ("下半年工会工作计划", SCHOOL_SUMMARY, Genre.SUMMARY, OrgType.SCHOOL, Period.YEAR, None),
    ("", FACTORY_YEAR, Genre.PLAN, OrgType.MFG, Period.YEAR, 2027),
    ("公司工会2027年工作要点", FACTORY_YEAR, Genre.KEYPOINTS, OrgType.MFG, Period.YEAR, 2027),
    ("", TOWN_HYBRID, Genre.HYBRID, OrgType.TOWNSHIP, Period.H2, None),
    ("工会工作总结", TOWN_HYBRID, Genre.HYBRID, OrgType.TOWNSHIP, Period.H2, None),
    ("第二学期工会行事历", TERM_SCHEDULE, Genre.SCHEDULE, OrgType.SCHOOL, Period.TERM2, None),
    ("中学工会行事历", TERM_SCHEDULE, Genre.SCHEDULE, OrgType.SCHOOL, Period.TERM2, None),
    ("", VILLAGE, Genre.PLAN, OrgType.VILLAGE, Period.YEAR, None),
    (
        "实验小学工会2026—2027学年第二学期工作计划",
        "组织教师学习，开好教代会。",
        Genre.PLAN,
        OrgType.SCHOOL,
        Period.TERM2,
        2026,
    ),
    (
        "向县总工会的汇报",
        "现将我园工会工作汇报如下：我园保育员参加了培训。",
        Genre.REPORT,
        OrgType.KINDERGARTEN,
        Period.YEAR,
        None,
    ),
]


@pytest.mark.parametrize(("title", "text", "genre", "org_type", "period", "year"), CASES)
def test_labels_of_a_document(title, text, genre, org_type, period, year):
    found = label(title, text)
    assert (found.genre, found.org_type, found.period, found.year) == (genre, org_type, period, year)


def test_front_matter_wins_over_content():
    meta = {"genre": "hybrid", "org_type": "bank", "period": "quarter", "year": 2025}
    found = label("", HOSPITAL_H2, meta)
    assert (found.genre, found.org_type, found.period, found.year) == (
        Genre.HYBRID,
        OrgType.BANK,
        Period.QUARTER,
        2025,
    )
    assert not found.year_inferred


def test_an_unknown_code_in_front_matter_is_passed_over():
    assert label("", HOSPITAL_H2, {"org_type": "zoo"}).org_type is OrgType.HOSPITAL


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("我校工会在{YEAR}年继续做好工作，迎接建党95周年，组织教师唱红歌。", 2016),
        ("为庆祝建国60周年，各学校工会组织歌咏会。", 2009),
        ("{YEAR}年是学校十一五规划开局之年，教师队伍要提高。", 2006),
        ("“十五五”收官之年，教师队伍要提高。", 2030),
        ("按照工发〔2018〕3号文件要求，教师积极参加。", 2018),
    ],
)
def test_a_masked_year_is_inferred_from_inside_evidence(text, year):
    found = label("", text)
    assert (found.year, found.year_inferred) == (year, True)


def test_a_masked_year_without_evidence_stays_unknown():
    found = label("20xx年工会工作计划", "20xx年，我校工会做好工作。{YEAR}年召开教代会。")
    assert (found.year, found.year_inferred) == (None, False)


def test_a_plan_signed_in_december_is_for_the_next_year():
    text = VILLAGE + "\n\n溪口村联合工会\n2026年12月20日"
    found = label("", text)
    assert (found.year, found.year_inferred) == (2027, True)


def test_flags_of_a_summary_under_a_plan_title():
    flags = label("下半年工会工作计划", SCHOOL_SUMMARY).flags
    assert flags == {Flag.SUMMARY, Flag.TITLE_MISMATCH}


def test_stale_phrases_and_their_current_look_alikes():
    stale = "以三个代表重要思想为指导，我校教师认真学习。"
    assert Flag.STALE in label("", stale).flags
    assert Flag.STALE in label("", "贯彻党的十八大精神，我校教师认真学习。").flags
    current = "以习近平新时代中国特色社会主义思想为指导，落实中国工会十八大精神和“十五五”规划，我校教师学习。"
    assert Flag.STALE not in label("", current).flags


def test_words_of_another_trade_are_noticed():
    leak = FACTORY_YEAR + "\n关心教职工生活。"
    assert Flag.MIXED_TRADES in label("", leak).flags
    assert Flag.MIXED_TRADES not in label("", FACTORY_YEAR).flags
    allowed = FACTORY_YEAR + "\n参加市教育工会和子弟学校教职工联谊。"
    assert Flag.MIXED_TRADES not in label("", allowed).flags


def test_word_swapping_is_noticed():
    assert Flag.SPUN in label("", "我校坚定不够地依靠教职工，培养主动分子。").flags
    assert Flag.SPUN not in label("", "我校坚定不移地依靠教职工，培养积极分子。").flags


def test_title_of_another_trade_is_a_mismatch():
    assert Flag.TITLE_MISMATCH in label("医院工会工作计划", FACTORY_YEAR).flags


@pytest.mark.parametrize("text", ["", "  \n ", "。"])
def test_an_empty_text_has_no_labels(text):
    found = label("", text)
    assert (found.org_type, found.period, found.year, found.flags) == (None, None, None, frozenset())


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["9" * 100_000, "月" * 50_000, "1月：\n" * 5_000, "一、" * 30_000])
def test_a_page_of_nonsense_does_not_stall(text):
    assert label("", text).org_type is None


# ------------------------------------------------------------ sections

HEADINGS = [
    ("一、指导思想", "GUIDE"),
    ("一、总体要求", "GUIDE"),
    ("二、总的要求", "GUIDE"),
    ("二、工作目标：", "GOAL"),
    ("二、2027年主要目标", "GOAL"),
    ("二、学期目标", "GOAL"),
    ("（一）加强思想政治引领，凝聚职工力量", "POLITICS"),
    ("（一）深入学习理论，提高政治素质", "POLITICS"),
    ("（二）不断提高学校民主管理水平", "DEMOCRACY"),
    ("三、推进院务公开", "DEMOCRACY"),
    ("三、开好教代会，落实提案", "DEMOCRACY"),
    ("（一）请职工代表参与医院的事", "DEMOCRACY"),
    ("四、维护职工合法权益，构建和谐劳动关系", "RIGHTS"),
    ("五、集体协商和集体合同", "RIGHTS"),
    ("强化服务意识，维护教职工的合法权益", "RIGHTS"),
    ("开展劳动竞赛和岗位练兵", "SKILL"),
    ("加强师德建设，打造过硬教师队伍", "SKILL"),
    ("练在岗位，比在平时", "SKILL"),
    ("做好群众性劳动保护监督检查", "SAFETY"),
    ("夏季送清凉，防暑保安康", "SAFETY"),
    ("守住身边的安全", "SAFETY"),
    ("做好困难职工帮扶和送温暖", "CARE"),
    ("把关心送到需要的人手上", "CARE"),
    ("丰富职工文化生活", "CULTURE"),
    ("组织各种文体活动，培养兴趣爱好", "CULTURE"),
    ("发挥女职工半边天作用", "WOMEN"),
    ("关爱女职工", "WOMEN"),
    ("协助退教协会做好工作", "RETIREE"),
    ("做好宣传报道和信息工作", "PUBLICITY"),
    ("加强工会经费管理", "FINANCE"),
    ("做好经审工作", "FINANCE"),
    ("加强工会自身建设，提高工作水平", "SELF"),
    ("推进建会入会", "SELF"),
    ("具体工作安排", "SCHEDULE"),
    ("附：第二学期工会行事历", "SCHEDULE"),
    ("九月份：", "SCHEDULE"),
    ("7、8月份", "SCHEDULE"),
    ("次年元月份", "SCHEDULE"),
    ("五、保障措施", "SAFEGUARD"),
    ("六、结束语", "CLOSE"),
    ("三、主要工作", None),
    ("三、2027年重点任务", None),
    ("工作思路和措施", None),
    ("四、其他工作", None),
    ("", None),
]


@pytest.mark.parametrize(("heading", "code"), HEADINGS)
def test_code_of_a_heading(heading, code):
    assert section_code(heading) == (SectionCode(code) if code else None)


def test_a_heading_below_goals_is_a_goal():
    assert section_code("完善职代会制度", parents=("二、工作目标",)) is SectionCode.GOAL
    assert section_code("完善职代会制度", parents=("三、主要工作",)) is SectionCode.DEMOCRACY


def test_the_body_speaks_where_the_heading_does_not():
    body = "慰问住院职工，走访困难家庭，发放助学金，组织金秋助学，办理互助保障。"
    assert section_code("第一件事", body) is SectionCode.CARE
    assert section_code("第一件事", "") is None


def heading(text: str, level: int, number: str, name: str, end: int | None = None) -> Heading:
    """A heading as segmentation reports it: its body starts where its line ends."""
    start = text.index(number + name) + len(number + name)
    return Heading(level, number, name, start, len(text) if end is None else end)


PLAN = """溪口医院工会2027年工作计划

为做好全年工作，制定本计划。
一、总体要求
围绕医院中心工作开展活动。
二、主要工作
（一）院务公开
1.每月更新公开栏。
（二）帮扶
1.看望住院职工。
具体安排如下：
1月：召开职代会。
5月：护士节活动。
12月：年终总结。
总之，要把工作做到职工心里。

溪口医院工会
2026年12月30日"""


def test_sections_leave_out_title_headings_and_signature():
    found = sections_of(PLAN, segment.headings(PLAN))
    assert [section.order for section in found] == list(range(len(found)))
    codes = [section.code for section in found]
    assert codes[:5] == [
        SectionCode.LEAD,
        SectionCode.GUIDE,
        None,
        SectionCode.DEMOCRACY,
        SectionCode.CARE,
    ]
    assert set(codes[5:-1]) == {SectionCode.SCHEDULE}
    assert codes[-1] is SectionCode.CLOSE
    bodies = [PLAN[section.start : section.end].strip() for section in found]
    assert bodies[0] == "为做好全年工作，制定本计划。"
    assert bodies[3] == "1.每月更新公开栏。"
    assert bodies[4] == "1.看望住院职工。"
    assert bodies[-1] == "总之，要把工作做到职工心里。"
    assert found[3].trail == ("二、主要工作", "（一）院务公开")


def test_sections_do_not_overlap_and_stay_inside_the_text():
    found = sections_of(PLAN, segment.headings(PLAN))
    edges = [(section.start, section.end) for section in found]
    assert all(start <= end for start, end in edges)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(edges))
    assert edges[-1][1] <= len(PLAN)


def test_a_month_table_inside_a_section_becomes_a_schedule():
    text = "一、帮扶\n看望职工。\n活动安排：\n1月：座谈。\n2月：走访。\n3月：读书。"
    found = sections_of(text, [heading(text, 1, "一、", "帮扶")])
    assert [(section.code, text[section.start : section.end].strip()) for section in found] == [
        (SectionCode.CARE, "看望职工。"),
        (SectionCode.SCHEDULE, "1月：座谈。\n2月：走访。\n3月：读书。"),
    ]
    assert found[1].trail == ("活动安排",)


def test_a_section_nothing_tells_about_takes_its_parents_code():
    text = "一、民主管理\n（一）三件事\n做好它们。"
    found = sections_of(text, [heading(text, 1, "一、", "民主管理"), heading(text, 2, "（一）", "三件事")])
    assert [section.code for section in found] == [SectionCode.DEMOCRACY, SectionCode.DEMOCRACY]


def test_a_text_without_headings_has_a_lead_and_a_rest():
    text = "为做好工作，制定本计划。\n1.看望职工。\n2.开好职代会。"
    found = sections_of(text, ())
    assert [(section.code, text[section.start : section.end].strip()) for section in found] == [
        (SectionCode.LEAD, "为做好工作，制定本计划。"),
        (None, "1.看望职工。\n2.开好职代会。"),
    ]


def test_items_that_leave_their_heading_behind_tell_their_own_subject():
    text = """一、文体活动
组织拔河和健步走。
1.加强工会自身建设，定期开会。
2.做好女职工工作，检查休息室。
3.开好职代会，审议办法。
4.走访困难职工，建立台账。
二、常规工作常抓不懈
1.办好文体活动。
2.管好工会经费。"""
    sections = sections_of(text, segment.headings(text))
    codes = [draft.code.value for draft in whole_items(text, sections) if draft.code]
    assert codes == ["CULTURE", "SELF", "WOMEN", "DEMOCRACY", "CARE", "CULTURE", "FINANCE"]


@pytest.mark.parametrize(
    ("words", "org_type"),
    [
        ("快递员、外卖骑手入会", OrgType.TOWNSHIP),
        ("村里给快递员办驿站", OrgType.VILLAGE),
        ("顺风快递公司工会计划", OrgType.SERVICE),
    ],
)
def test_people_who_deliver_are_no_kind_of_unit(words, org_type):
    assert org_type_of(words) is org_type


def test_an_empty_text_has_no_sections():
    assert sections_of("", ()) == ()


# ------------------------------------------------------------ real documents


@pytest.mark.skipif(not any(STARTER.glob("*.md")), reason="no starter documents yet")
def test_starter_documents_are_recognised_without_their_front_matter():
    misses: list[tuple[str, str]] = []
    total = 0
    for path in sorted(STARTER.glob("*.md")):
        piece = segment.split_pages(path.read_text("utf-8"), path.stem)[0]
        found = label(piece.title, piece.text)
        total += 1
        wanted = (piece.meta["org_type"], piece.meta["period"], piece.meta["genre"], piece.meta["year"])
        if (found.org_type, found.period, found.genre, found.year) != wanted:
            misses.append((path.name, f"{found.org_type} {found.period} {found.genre} {found.year}"))
    assert len(misses) <= total * 0.1, misses
