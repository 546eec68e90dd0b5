"""One page, several documents; what is damaged in them is flagged."""

import hashlib
from pathlib import Path

import pytest
from plan_texts import PLAN

from index.clean import clean
from index.errors import UserError
from index.segment import headings, split_pages
from index.types import Flag

SEEDS = sorted((Path(__file__).parents[2] / "shared" / "seeds").glob("*.txt"))
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
