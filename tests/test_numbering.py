from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.numbering import Line, LineKind, bare_heading, closing_blanks, lines, numeral, plain, renumber
from assistant.types import Draft, Profile, Request, Section
from index.types import SectionCode


def section(code: str, heading: str, text: str, group: str = "") -> Section:
    return Section(id=code.lower() + heading, code=SectionCode(code), heading=heading, text=text, group=group)


def draft(*sections: Section, **changes: str) -> Draft:
    base = Draft(
        id="",
        request=Request(text=""),
        profile=Profile(),
        title="柳湖小学工会工作计划",
        writer="",
        sections=sections,
    )
    return replace(base, **changes)


def shown(*sections: Section, **changes: str) -> list[tuple[str, str]]:
    return [(line.kind.value, line.text) for line in lines(draft(*sections, **changes))][1:]


def test_numbers_run_over_groups_and_single_sections_in_order():
    assert shown(
        section("LEAD", "", "为做好工作，制定本计划。"),
        section("GOAL", "工作目标", "1.建好一个小家"),
        section("SKILL", "练本领", "1.比武", group="主要工作"),
        section("CARE", "办实事", "1.慰问", group="主要工作"),
        section("SAFEGUARD", "保障措施", "经费按预算使用。"),
        section("CLOSE", "", "以上请审议。"),
    ) == [
        ("lead", "为做好工作，制定本计划。"),
        ("h1", "一、工作目标"),
        ("item", "1.建好一个小家"),
        ("h1", "二、主要工作"),
        ("h2", "（一）练本领"),
        ("item", "1.比武"),
        ("h2", "（二）办实事"),
        ("item", "1.慰问"),
        ("h1", "三、保障措施"),
        ("body", "经费按预算使用。"),
        ("body", "以上请审议。"),
    ]


def test_second_level_restarts_under_a_new_group():
    found = shown(
        section("SKILL", "练兵", "", group="甲项"),
        section("CARE", "帮扶", "", group="乙项"),
        section("CULTURE", "文体", "", group="甲项"),
    )
    assert [text for _, text in found] == [
        "一、甲项",
        "（一）练兵",
        "二、乙项",
        "（一）帮扶",
        "三、甲项",
        "（一）文体",
    ]


def test_lead_and_close_have_only_a_heading_of_their_own():
    assert shown(section("LEAD", "", "开头。")) == [("lead", "开头。")]
    assert shown(section("LEAD", "2026年工作回顾", "回顾。"))[0] == ("h1", "一、2026年工作回顾")
    assert shown(section("CLOSE", "结语", "收尾。")) == [("h1", "一、结语"), ("body", "收尾。")]


def test_every_line_names_its_section():
    found = lines(
        draft(section("GOAL", "目标", "一句话。"), signature="柳湖小学工会", signed_on="2026年9月1日")
    )
    assert found == (
        Line(LineKind.TITLE, "柳湖小学工会工作计划", ""),
        Line(LineKind.H1, "一、目标", "goal目标"),
        Line(LineKind.BODY, "一句话。", "goal目标"),
        Line(LineKind.SIGNATURE, "柳湖小学工会", ""),
        Line(LineKind.DATE, "2026年9月1日", ""),
    )


@pytest.mark.parametrize(
    ("typed", "shown_as"),
    [
        ("一、工作目标", "工作目标"),
        ("（三）办实事", "办实事"),
        ("（一）、办实事。", "办实事"),
        ("## 保障措施：", "保障措施"),
        ("**一、练兵**", "练兵"),
        ("一线职工关爱", "一线职工关爱"),
        ("三八节活动", "三八节活动"),
        ("十", "十"),
    ],
)
def test_a_number_typed_before_a_heading_is_not_doubled(typed, shown_as):
    assert bare_heading(typed) == shown_as


def test_no_markdown_reaches_a_line():
    found = shown(section("CARE", "帮扶", "## 小标题\n- 慰问**困难**职工\n* 走访\n`办实事`\n1. **送清凉**"))
    assert [text for _, text in found] == [
        "一、帮扶",
        "小标题",
        "慰问困难职工",
        "走访",
        "办实事",
        "1. 送清凉",
    ]


def test_a_stray_star_or_minus_inside_a_sentence_stays():
    assert shown(section("CARE", "", "按3*5分组，气温-5度时停工。")) == [
        ("body", "按3*5分组，气温-5度时停工。")
    ]


def test_sub_heading_in_a_text_is_a_heading_only_when_it_stands_alone():
    text = "（一）练兵\n（二）开展比武。每月一次；成绩公布。"
    assert [kind for kind, _ in shown(section("SKILL", "技能", text))] == ["h1", "h2", "body"]


def test_empty_lines_and_empty_sections_leave_no_line():
    assert shown(section("CARE", "", "\n\n　　\n第一段。\n\n第二段。\n"), section("CLOSE", "", "")) == [
        ("body", "第一段。"),
        ("body", "第二段。"),
    ]


def test_an_empty_draft_has_no_lines_and_no_blank_numbers():
    assert lines(draft(title="")) == ()


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")],
)
def test_numerals(number, text):
    assert numeral(number) == text


@pytest.mark.parametrize("number", [0, 100, -1])
def test_numerals_outside_their_range_are_refused(number):
    with pytest.raises(ValueError, match="1 to 99"):
        numeral(number)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.甲\n3.乙\n5.丙", "1.甲\n2.乙\n3.丙"),
        ("1、甲\n２．乙\n（5）丙\n１.丁", "1.甲\n2.乙\n3.丙\n4.丁"),
        ("9.甲\n9.乙", "1.甲\n2.乙"),
        ("导语。\n2、甲\n说明不动。\n4、乙", "导语。\n1.甲\n说明不动。\n2.乙"),
        ("1.甲\n（1）子\n（3）丑\n2.乙\n(1)寅", "1.甲\n（1）子\n（2）丑\n2.乙\n（1）寅"),
        ("（1）甲\n（2）乙", "1.甲\n2.乙"),
        ("1) 甲\n2) 乙", "1.甲\n2.乙"),
        ("　　3. 甲", "　　1.甲"),
        ("（一）上篇\n1.甲\n2.乙\n（二）下篇\n3.丙", "（一）上篇\n1.甲\n2.乙\n（二）下篇\n1.丙"),
        ("2.9月底前办完\n4.10月底前办完", "1.9月底前办完\n2.10月底前办完"),
    ],
)
def test_renumber(before, after):
    assert renumber(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "",
        "一段没有编号的话。",
        "7月：送清凉\n8月：助学",
        "2026年办三件事。",
        "1.5万元用于慰问。",
        "3.8妇女节前后座谈。",
        "7、8月：送清凉",
        "100.是个数",
        "第一段。\n\n第二段。\n",
    ],
)
def test_lines_without_item_numbers_are_untouched(text):
    assert renumber(text) == text


@given(st.text(alphabet="（）()1２39.、．) 甲月一\n　", max_size=60))
def test_renumbering_twice_changes_nothing_more(text):
    once = renumber(text)
    assert renumber(once) == once
    assert once.count("\n") == text.count("\n")


def test_plain_text_as_pasted():
    whole = draft(
        section("LEAD", "", "为做好工作，制定本计划。"),
        section("SKILL", "练本领", "1.比武。\n（1）初赛；", group="主要工作"),
        section("SCHEDULE", "时间安排", "9月：比武。"),
        signature="青禾县柳湖镇中心小学工会委员会",
        signed_on="2026年9月1日",
    )
    assert plain(whole) == (
        "柳湖小学工会工作计划\n"
        "\n"
        "　　为做好工作，制定本计划。\n"
        "一、主要工作\n"
        "（一）练本领\n"
        "　　1.比武。\n"
        "　　（1）初赛；\n"
        "二、时间安排\n"
        "　　9月：比武。\n"
        "\n"
        "　　　　　　　　　　　青禾县柳湖镇中心小学工会委员会\n"
        "　　　　　　　　　　　　　2026年9月1日\n"
    )


def test_plain_without_signature_or_title():
    assert plain(draft(section("CARE", "", "一句。"), title="")) == "　　一句。\n"
    assert plain(draft(title="", signed_on="2026年9月1日")).endswith("　2026年9月1日\n")


def test_closing_blanks_follow_the_standard():
    # 14 characters, date 6: the date begins two right of the signature, so 14 - 6 stay empty after it.
    assert closing_blanks("云栖市第三人民医院工会委员会", "2026年7月3日") == (2.0, 8.0)
    # A date as long as or longer than the signature leaves two; the signature moves left of it.
    assert closing_blanks("厂工会", "2026年11月21日") == (8.0, 2.0)
    assert closing_blanks("", "2026年11月21日") == (2.0, 2.0)


def test_a_signature_wider_than_the_line_is_kept_whole():
    name = "很长的名字" * 8
    assert f"\n{name}\n" in plain(draft(signature=name, signed_on="2026年7月3日"))
