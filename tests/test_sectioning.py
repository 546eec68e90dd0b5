"""Headings and numbered measures inside one document."""

import pytest
from plan_texts import PLAN

from index.clean import clean
from index.sectioning import sections_of
from index.segment import headings, items, split_pages


def outline(text: str) -> list[tuple[int, str, str]]:
    return [(h.level, h.number, h.text) for h in headings(text)]


def bodies(text: str) -> list[str]:
    return [text[h.start : h.end].strip() for h in headings(text)]


def parts(text: str, start: int = 0, end: int | None = None) -> list[str]:
    return [text[a:b] for a, b in items(text, start, len(text) if end is None else end)]


# Headings


def test_headings_have_level_number_text_and_body():
    assert outline(PLAN) == [
        (1, "一、", "指导思想"),
        (1, "二、", "主要工作"),
        (2, "（一）", "办好读书角"),
        (2, "（二）", "关心夜班职工"),
        (1, "三、", "月度安排"),
        (2, "", "7月"),
        (2, "", "8月"),
    ]
    found = bodies(PLAN)
    assert found[0] == "围绕水厂中心工作，办好职工的事。"
    assert (found[1][:3], found[1][-7:]) == ("（一）", "由小组长补充。")
    assert (found[2][:5], found[2][-5:]) == ("1.每季度", "年底公布。")
    assert found[5:] == ["送清凉", "技能比武"]


def test_a_level_that_is_skipped_is_not_counted():
    text = "一、主要工作\n1、抓好组织建设\n每月开一次会，听取小组意见。\n2、抓好素质提升\n每季度办一次培训。"
    assert outline(text) == [(1, "一、", "主要工作"), (2, "1、", "抓好组织建设"), (2, "2、", "抓好素质提升")]


def test_numbered_measures_are_items_not_headings():
    text = "一、主要工作\n1.抓好培训工作。分三批组织小组长学习，每批三天，回来讲课。\n2.抓好读书。每季一次。"
    assert outline(text) == [(1, "一、", "主要工作")]
    text = (
        "一、工作目标\n1.三季度末提案有答复。\n2.9月底前完成比武\n3.10月、11月各走访一次。\n4、2026年度总结。"
    )
    assert outline(text) == [(1, "一、", "工作目标")]
    assert len(parts(text, 7)) == 4
    text = "一、工作目标\n1、增强服务意识\n2、增强创新意识\n二、其他\n做好台账。"
    assert [h[1] for h in outline(text)] == ["一、", "二、"]


def test_a_heading_that_runs_into_its_text():
    text = (
        "一、加强民主管理。每年开两次职代会，提案件件有答复。\n"
        "（一）搞好公开：每季度公布一次账目。\n（二）听取意见：每月设一次接待日。"
    )
    assert outline(text)[0] == (1, "一、", "加强民主管理")
    assert outline(text)[1] == (2, "（一）", "搞好公开")
    assert bodies(text)[0].startswith("每年开两次")
    assert bodies(text)[1] == "每季度公布一次账目。"


def test_a_section_of_one_sentence_keeps_it_as_its_body():
    text = "一、办好读书角。每季度添书。\n二、开展评议，规范小家建设。\n三、办好食堂。每月征求意见。"
    assert bodies(text)[1] == "开展评议，规范小家建设。"


def test_goals_in_brackets_that_are_sentences_are_items():
    goals = "一、工作目标\n（一）全面加强宣传教育。\n（二）全面加强自身建设。\n"
    text = goals + "二、主要工作\n（一）抓宣传\n每月一期墙报。"
    assert outline(text) == [
        (1, "一、", "工作目标"),
        (1, "二、", "主要工作"),
        (2, "（一）", "抓宣传"),
    ]


def test_months_with_numbered_lines_below_an_unnumbered_heading():
    months = "九月份：\n1、开会定计划\n2、慰问教师\n十月份：\n1、办球赛"
    text = f"五、协助退教协会\n办好重阳节。\n具体工作安排如下：\n{months}"
    assert outline(text) == [
        (1, "五、", "协助退教协会"),
        (1, "", "具体工作安排如下"),
        (2, "", "九月份"),
        (2, "", "十月份"),
    ]
    assert bodies(text)[2] == "1、开会定计划\n2、慰问教师"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("7月：送清凉", "7月"),
        ("7、8月份：外出学习", "7、8月份"),
        ("次年元月份：开职代会", "次年元月份"),
        ("十一月份：冬锻", "十一月份"),
        ("7月—8月：托管班", "7月—8月"),
        ("第三季度：技能赛", "第三季度"),
    ],
)
def test_month_lines(line, name):
    assert outline(f"一、安排\n{line}\n12月：总结")[1] == (2, "", name)


def test_a_date_or_a_measure_that_begins_with_a_month_is_no_heading():
    text = "一、安排\n9月15日前完成比武。\n4.3、4月份开展调研。\n3月召开职代会，听取意见。"
    assert outline(text) == [(1, "一、", "安排")]


def test_unnumbered_standalone_headings():
    text = "一、组织建设\n今年建会十家。\n下半年工作计划\n1.建会。\n附：工会行事历\n二月份\n1、定计划"
    assert outline(text) == [
        (1, "一、", "组织建设"),
        (1, "", "下半年工作计划"),
        (1, "", "附：工会行事历"),
        (2, "", "二月份"),
    ]


def test_a_lead_that_announces_the_plan_is_no_heading():
    assert outline("现将下半年工作安排如下：\n一、抓学习\n每月一次。") == [(1, "一、", "抓学习")]


def test_a_title_above_the_text_is_no_heading():
    assert outline("桥头水厂工会2027年工作计划\n一、抓学习\n每月一次。") == [(1, "一、", "抓学习")]
    assert outline("指导思想\n办好职工的事。")[0] == (1, "", "指导思想")


def test_markdown_headings():
    assert outline("## 一、指导思想\n办好事。\n### 读书角\n每季度添书。")[0] == (1, "一、", "指导思想")


def test_text_without_headings():
    assert headings("") == ()
    assert headings("办好职工的事，护好每一片林。") == ()


# Items


def test_items_are_the_numbered_lines_with_what_belongs_to_them():
    text = "以职代会为主渠道。\n1、征集提案。\n（1）发表。\n（2）汇总。\n2、公开账目。"
    assert parts(text) == ["以职代会为主渠道。", "1、征集提案。\n（1）发表。\n（2）汇总。", "2、公开账目。"]


def test_a_broken_line_belongs_to_its_item_and_a_closing_sentence_does_not():
    text = "1.把“爱岗、敬业、\n奉献”落到实处。\n2.办好食堂。\n总之，大家的事商量着办。"
    assert parts(text) == ["1.把“爱岗、敬业、\n奉献”落到实处。", "2.办好食堂。", "总之，大家的事商量着办。"]


def test_a_decimal_at_the_start_of_a_line_is_no_number():
    assert parts("1.走路。\n3.5公里健步走在十月办。\n5.12护士节办座谈。") == [
        "1.走路。",
        "3.5公里健步走在十月办。",
        "5.12护士节办座谈。",
    ]


def test_paragraphs_where_nothing_is_numbered():
    assert parts("第一段。\n\n第二段。") == ["第一段。", "第二段。"]


def test_a_long_paragraph_is_parted_at_its_ordinals():
    sentence = "把困难职工的情况摸清楚，逐户登记，按季度更新，做到家庭情况清、困难原因清、措施清，" * 2
    text = f"一是{sentence}。二是{sentence}。三是{sentence}。"
    assert [part[:2] for part in parts(text)] == ["一是", "二是", "三是"]
    assert parts("一是读书。二是下棋。") == ["一是读书。二是下棋。"]


def test_items_stay_inside_their_bounds():
    start, end = PLAN.index("1.每季度"), PLAN.index("（二）")
    assert parts(PLAN, start, end) == [
        "1.每季度添一批新书，由班组轮流管理。",
        "2.每月登记一次借阅情况，年底公布。",
    ]
    assert items(PLAN, 5, 5) == []


NUMERALS = "一二三四"
NUMBERINGS = {
    "第一部分": lambda i: f"第{NUMERALS[i]}部分 ",
    "一、": lambda i: f"{NUMERALS[i]}、",
    "（一）": lambda i: f"（{NUMERALS[i]}）",
    "(一)、": lambda i: f"({NUMERALS[i]})、",
    "㈠": lambda i: "㈠㈡㈢㈣"[i],
    "1.": lambda i: f"{i + 1}.",
    "⒈": lambda i: "⒈⒉⒊⒋"[i],
    "1、": lambda i: f"{i + 1}、",
    "（1）": lambda i: f"（{i + 1}）",
    "⑴": lambda i: "⑴⑵⑶⑷"[i],
    "①": lambda i: "①②③④"[i],
    "第一，": lambda i: f"第{NUMERALS[i]}，",
    "一是": lambda i: f"{NUMERALS[i]}是",
    "#": lambda i: "# ",
    "nothing": lambda i: "",
}
SAME = ({"（一）", "(一)、", "㈠"}, {"1.", "1、", "⒈"}, {"（1）", "⑴"})
MEASURES = {
    "加强民主管理": ("四月召开职代会，审议绩效分配办法。", "每季度公布一次采购情况，接受职工询问。"),
    "办好文体活动": ("五月组织拔河、健步走，各班组都派队。", "每周开放一次阅览室，书目由职工点选。"),
    "关心困难职工": ("走访困难职工家庭，建立台账，一户一策。", "给住院职工送去慰问品，由小组长代办。"),
}


@pytest.mark.parametrize("inner", [name for name in NUMBERINGS if name not in ("#", "一、", "第一部分")])
@pytest.mark.parametrize("outer", [name for name in NUMBERINGS if name != "nothing"])
def test_headings_and_items_in_numbering_of_every_form(outer, inner):
    if outer == inner or any({outer, inner} <= alike for alike in SAME):
        pytest.skip("one form for both levels tells nobody which is which")
    lines = ["水厂工会2026年工作计划"]
    for place, (heading, measures) in enumerate(MEASURES.items()):
        lines.append(NUMBERINGS[outer](place) + heading)
        lines += [NUMBERINGS[inner](number) + measure for number, measure in enumerate(measures)]
    text = split_pages(clean("\n".join(lines)).text)[0].text
    assert [heading.text for heading in headings(text)] == list(MEASURES)
    sections = sections_of(text, headings(text))
    found = [part.lstrip("0123456789一二是、.（）①②第，") for part in whole_parts(text, sections)]
    assert found == [measure for measures in MEASURES.values() for measure in measures]


def whole_parts(text, sections):
    return [text[a:b] for section in sections for a, b in items(text, section.start, section.end)]
