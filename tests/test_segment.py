"""Splitting pages into documents, and finding headings and items."""

import hashlib
from pathlib import Path

import pytest

from index.clean import clean
from index.errors import UserError
from index.sectioning import sections_of
from index.segment import headings, items, split_pages
from index.types import Flag

SEEDS = sorted((Path(__file__).parents[2] / "shared" / "seeds").glob("*.txt"))

PLAN = """一、指导思想
围绕水厂中心工作，办好职工的事。
二、主要工作
（一）办好读书角
1.每季度添一批新书，由班组轮流管理。
2.每月登记一次借阅情况，年底公布。
（二）关心夜班职工
给夜班职工备好热饮和躺椅，由小组长补充。
三、月度安排
7月：送清凉
8月：技能比武
"""
OTHER = """一、总体要求
紧扣林场防火，护好每一片林。
二、重点任务
1.春季开展护林技能练兵，分三个工区进行。
2.秋季看望一线护林员，送去防寒用品。
三、保障措施
每月通报一次进度，经费按预算执行。
"""


def titles(page: str, name: str = "") -> list[str]:
    return [piece.title for piece in split_pages(page, name)]


def outline(text: str) -> list[tuple[int, str, str]]:
    return [(h.level, h.number, h.text) for h in headings(text)]


def bodies(text: str) -> list[str]:
    return [text[h.start : h.end].strip() for h in headings(text)]


def parts(text: str, start: int = 0, end: int | None = None) -> list[str]:
    return [text[a:b] for a, b in items(text, start, len(text) if end is None else end)]


# Pages


@pytest.mark.parametrize(
    "marks",
    [
        ("工会工作计划篇1", "工会工作计划篇2"),
        ("工会工作计划【篇1】", "工会工作计划【篇2】"),
        ("工会工作计划通用 篇一", "工会工作计划通用 篇二"),
        ("第一篇：水厂工会工作计划", "第二篇：林场工会工作计划"),
        ("范文一", "范文二"),
        ("篇1：水厂工会工作计划", "篇2：林场工会工作计划"),
    ],
)
def test_every_family_of_markers_parts_a_page(marks):
    pieces = split_pages(f"前言说明一句话，与计划无关。\n{marks[0]}\n{PLAN}{marks[1]}\n{OTHER}")
    assert [piece.text.split("\n")[0] for piece in pieces] == ["一、指导思想", "一、总体要求"]
    assert pieces[0].text.endswith("8月：技能比武")


def test_a_marker_gives_its_title_without_decoration():
    assert (
        titles(f"水厂工会工作计划通用 篇1\n{PLAN}水厂工会工作计划通用 篇2\n{OTHER}")
        == ["水厂工会工作计划"] * 2
    )
    assert titles(f"第一篇：水厂工会工作计划\n{PLAN}第二篇：林场工会工作计划\n{OTHER}") == [
        "水厂工会工作计划",
        "林场工会工作计划",
    ]


def test_markers_inside_a_marked_document_part_it_again():
    third = PLAN.replace("水厂", "泵站")
    page = f"第一篇：水厂工会工作计划\n{PLAN}第二篇：林场工会工作计划\n篇一\n{OTHER}篇二\n{third}"
    assert len(split_pages(page)) == 3


def test_text_before_the_first_marker_stays_when_it_is_a_document():
    assert len(split_pages(f"{PLAN}工会工作计划 篇2\n{OTHER}")) == 2


def test_numbering_that_starts_over_opens_a_document_with_its_lead():
    lead = "2026年，林场工会将在林场党委领导下开展工作，特制定以下计划："
    pieces = split_pages(f"水厂工会工作计划\n{PLAN}{lead}\n{OTHER}")
    assert [piece.title for piece in pieces] == ["水厂工会工作计划", ""]
    assert pieces[1].text.startswith(lead)


def test_a_second_title_opens_a_document():
    pieces = split_pages(f"水厂工会工作计划\n{PLAN}林场工会工作计划\n{OTHER}")
    assert [piece.title for piece in pieces] == ["水厂工会工作计划", "林场工会工作计划"]


def test_a_closing_sentence_is_no_lead_of_the_next_document():
    pieces = split_pages(f"{PLAN}总之，大家的事要大家商量着办。\n{OTHER}")
    assert pieces[0].text.endswith("商量着办。")


def test_review_and_plan_in_one_document_stay_together():
    page = f"水厂工会总结和计划\n{OTHER}下半年工作计划\n{PLAN}"
    assert len(split_pages(page)) == 1
    page = f"第一部分 上半年工作回顾\n{OTHER}第二部分 下半年工作打算\n{PLAN}"
    assert len(split_pages(page)) == 1


def test_page_marks_part_documents_and_flag_the_lost_page():
    pieces = split_pages(f"{PLAN.rstrip()}『 1 』『 2 』\n新的一年要护好林。\n{OTHER}")
    assert len(pieces) == 2
    assert Flag.TRUNCATED_END in pieces[0].flags
    assert "『" not in pieces[0].text


def test_a_lone_document_is_one_piece_without_its_title_line():
    (piece,) = split_pages(f"水厂工会2026年工作计划\n\n{PLAN}")
    assert piece.title == "水厂工会2026年工作计划"
    assert piece.text.startswith("一、指导思想")
    assert piece.flags == frozenset()


def test_a_unit_name_above_the_title_belongs_to_it():
    assert titles(f"桥头水厂工会\n2026年下半年工作计划\n{PLAN}") == ["桥头水厂工会2026年下半年工作计划"]


def test_the_file_name_is_the_title_of_a_document_without_one():
    assert titles(PLAN, "资料/桥头水厂工会2026年工作计划.docx") == ["桥头水厂工会2026年工作计划"]
    assert titles(PLAN, "新建文本文档.txt") == [""]
    assert titles(f"林场工会工作计划\n{OTHER}", "桥头水厂工会工作计划.docx") == ["林场工会工作计划"]


def test_empty_text_has_no_documents():
    assert split_pages("") == []
    assert split_pages("\n \n") == []


def test_a_single_short_line_is_still_a_document():
    assert split_pages("送清凉")[0].text == "送清凉"


def test_front_matter_is_the_meta_of_one_document():
    front = '+++\ntitle = "水厂工会工作计划"\nyear = 2026\n[facts]\nunit = ["水厂"]\n+++\n'
    page = f"{front}水厂工会工作计划\n\n{PLAN}{OTHER}"
    (piece,) = split_pages(page)
    assert piece.title == "水厂工会工作计划"
    assert piece.meta["year"] == 2026
    assert piece.meta["facts"] == {"unit": ["水厂"]}
    assert piece.text.startswith("一、指导思想")


def test_front_matter_that_is_no_toml_is_said_in_one_sentence():
    with pytest.raises(UserError, match=r"请改正后再导入。$"):
        split_pages("+++\ntitle = \n+++\n正文")


# Flags


def flags(text: str) -> set[Flag]:
    return set(split_pages(text)[0].flags)


@pytest.mark.parametrize("start", ["，我站工会继续办好读书角。\n", "11号）文件要求，继续做好宣传。\n"])
def test_text_that_begins_inside_a_sentence_is_flagged(start):
    assert Flag.TRUNCATED_START in flags(start + PLAN)


def test_text_whose_first_sections_are_lost_is_flagged():
    assert Flag.TRUNCATED_START in flags(
        "大家的积极性要调动起来。\n" + PLAN.replace("一、", "四、").replace("二、", "五、")
    )


@pytest.mark.parametrize("end", ["要按县里《关于开展读书活动的意见》（宣教工", "一要把读书角办好，"])
def test_text_that_ends_inside_a_sentence_is_flagged(end):
    assert Flag.TRUNCATED_END in flags(PLAN + end)


def test_a_signature_is_no_cut():
    assert flags(f"{PLAN}桥头水厂工会委员会\n2026年7月1日") == set()


def test_slots_and_gaps_are_flagged():
    assert flags("{YEAR}年的事。\n" + PLAN) == {Flag.MASKED}
    assert flags("由〔缺〕市总工会验收。\n" + PLAN) == {Flag.MASKED}
    assert flags("落实工会〔缺〕观。\n" + PLAN) == {Flag.CENSORED}


def test_machine_written_text_is_flagged():
    assert Flag.MACHINE_WRITTEN in flags("#### 一、目标\n" + PLAN)
    assert Flag.MACHINE_WRITTEN in flags(PLAN + "满意度≥92%，参与率达到95%，形成闭环管理机制。\n")
    assert Flag.MACHINE_WRITTEN not in flags(PLAN + "参赛面达到100%。\n")


def test_a_document_contained_in_another_is_flagged_and_both_stay():
    long = PLAN + "四、保障措施\n每月通报一次进度，经费按预算执行，由经审委员会监督。\n"
    pieces = split_pages(f"工会工作计划篇1\n{PLAN}工会工作计划篇2\n{long}")
    assert [Flag.DUPLICATE in piece.flags for piece in pieces] == [True, False]


def test_of_two_equal_documents_the_second_is_flagged():
    pieces = split_pages(f"工会工作计划篇1\n{PLAN}工会工作计划篇2\n{PLAN}")
    assert [Flag.DUPLICATE in piece.flags for piece in pieces] == [False, True]


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


# Sample pages


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


EXPECTED = {
    "000": ["05bd8311", "e3b0c442"],
    "001": ["d02304ce", "d02304ce", "d02304ce", "d02304ce", "d02304ce", "d02304ce"],
    "002": ["b5a3b3a6", "b5a3b3a6", "b5a3b3a6", "b5a3b3a6", "b5a3b3a6"],
    "003": [
        "e3b0c442",
        "e3b0c442",
        "e3b0c442",
        "e3b0c442",
        "e3b0c442",
        "b4a72804",
        "b4a72804",
        "b4a72804",
        "b4a72804",
    ],
}


@pytest.mark.parametrize("number", sorted(EXPECTED))
def test_sample_pages_come_apart(number):
    found = [path for path in SEEDS if path.name.startswith(number)]
    if not found:
        pytest.skip("the sample pages are not here")
    pieces = split_pages(clean(found[0].read_bytes().decode()).text)
    assert [digest(piece.title) for piece in pieces] == EXPECTED[number]
    for piece in pieces:
        spans = [(h.start, h.end) for h in headings(piece.text)]
        assert all(0 <= start <= end <= len(piece.text) for start, end in spans)


def test_the_months_of_a_sample_are_found():
    found = [path for path in SEEDS if path.name.startswith("001")]
    if not found:
        pytest.skip("the sample pages are not here")
    first = split_pages(clean(found[0].read_bytes().decode()).text)[0]
    assert [h.text for h in headings(first.text) if h.level == 2] == [
        "九月份",
        "十月份",
        "十一月份",
        "十二月份",
    ]


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
