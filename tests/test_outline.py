from dataclasses import replace
from datetime import date

import pytest

from assistant.frame import signed_by, union_name
from assistant.instruct import points_of
from assistant.outline import THEMES, make_outline, make_title
from assistant.outline_text import closest, from_text, to_text
from assistant.request import parse_request
from assistant.tables import load_tables
from assistant.types import Profile
from index.errors import UserError
from index.types import SectionCode

TODAY = date(2026, 11, 21)
TABLES = load_tables()


def outline(text, profile=Profile(), support=None, variant=0):
    return make_outline(parse_request(text, TODAY), profile, TABLES, support or {}, variant)


def level_one(found):
    """Count level-1 headings: wrappers count once, the lead has none."""
    seen = []
    for item in found.items:
        name = item.group or item.heading
        if item.code is not SectionCode.LEAD and (not seen or seen[-1] != name):
            seen.append(name)
    return len(seen)


def test_a_hospital_half_year_has_its_trade_and_an_order():
    codes = [item.code for item in outline("医院工会下半年计划").items]
    assert codes[:3] == [SectionCode.LEAD, SectionCode.GUIDE, SectionCode.GOAL]
    assert {SectionCode.DEMOCRACY, SectionCode.SKILL, SectionCode.CARE} <= set(codes)
    themes = [code for code in codes if code in THEMES]
    assert themes == sorted(themes, key=THEMES.index)
    assert codes[-1] is SectionCode.SAFEGUARD


@pytest.mark.parametrize("count", [3, 4, 5, 6, 7, 8])
def test_an_exact_number_of_parts(count):
    numerals = "零一二三四五六七八"
    assert level_one(outline(f"医院工会下半年计划，分{numerals[count]}个部分")) == count


def test_what_is_stressed_is_there_and_what_is_refused_is_not():
    found = outline("幼儿园下半年工会计划，重点写经费，不写女职工")
    codes = [item.code for item in found.items]
    assert SectionCode.FINANCE in codes
    assert SectionCode.WOMEN not in codes


def test_key_tasks_become_points_of_their_section():
    profile = Profile(key_tasks=("护理技能比武", "换届准备"))
    found = {item.code: item.points for item in outline("医院工会下半年计划", profile).items}
    assert "护理技能比武" in found[SectionCode.SKILL]
    assert "换届准备" in found[SectionCode.SELF]


@pytest.mark.parametrize("length", [600, 800, 1500, 2500, 3500])
def test_targets_add_up_to_the_length_asked_for(length):
    found = outline(f"医院工会下半年计划，{length}字")
    assert sum(item.target + len(item.heading) for item in found.items) == pytest.approx(length, rel=0.15)


def test_a_short_plan_is_flat_and_small():
    found = outline("卫生院下半年计划，800字")
    assert not any(item.group for item in found.items)
    assert len(found.items) <= 8


def test_text_round_trip_keeps_ids_codes_and_points():
    found = outline("医院工会下半年计划", Profile(key_tasks=("护理技能比武",)))
    again = from_text(to_text(found), found, lambda heading: None)
    keep = [(i.id, i.code, i.heading, i.group, i.points) for i in found.items]
    assert [(i.id, i.code, i.heading, i.group, i.points) for i in again.items] == keep
    assert again.title == found.title


def test_a_person_may_add_drop_rename_and_reorder():
    found = outline("医院工会下半年计划")
    text = "我院计划\n# 保障措施\n# 主要工作\n## 夜班关爱\n- 夜班加油站\n## 新加的一节\n"
    known = {"夜班关爱": SectionCode.CARE, "保障措施": SectionCode.SAFEGUARD}
    again = from_text(text, found, known.get)
    assert [(i.code, i.heading, i.group) for i in again.items] == [
        (SectionCode.SAFEGUARD, "保障措施", ""),
        (SectionCode.CARE, "夜班关爱", "主要工作"),
        (SectionCode.SELF, "新加的一节", "主要工作"),
    ]
    assert again.items[1].points == ("夜班加油站",)
    assert len({i.id for i in again.items}) == 3


def test_numbers_before_headings_are_not_headings():
    again = from_text("# 一、总体要求\n# （二）工作目标\n", None, lambda heading: None)
    assert [i.heading for i in again.items] == ["总体要求", "工作目标"]


@pytest.mark.parametrize("text", ["", "没有井号的一段话", "\n\n"])
def test_an_outline_without_headings_is_explained(text):
    with pytest.raises(UserError, match="#"):
        from_text(text, None, lambda heading: None)


def test_the_title_names_the_unit_or_leaves_a_blank():
    request = parse_request("医院工会下半年计划", TODAY)
    assert make_title(request, Profile()) == "【待填：单位名称】工会2026年下半年工作计划"
    assert (
        make_title(request, Profile(unit="云栖市第三人民医院"))
        == "云栖市第三人民医院工会2026年下半年工作计划"
    )
    named = parse_request("给云栖市第三人民医院工会写2026年下半年工作要点", TODAY)
    assert make_title(named, Profile()) == "云栖市第三人民医院工会2026年下半年工作要点"


def test_another_variant_reads_differently_and_the_same_one_does_not():
    assert outline("医院工会下半年计划") == outline("医院工会下半年计划")
    headings = {tuple(i.heading for i in outline("医院工会下半年计划", variant=v).items) for v in range(4)}
    assert len(headings) >= 2


def test_headings_never_hold_an_unfilled_slot():
    for text in (
        "医院",
        "小学",
        "幼儿园",
        "机械厂",
        "支行",
        "局机关",
        "镇总工会",
        "村联合工会",
        "高职院校",
        "酒店",
    ):
        assert "{" not in to_text(outline(f"{text}工会2027年计划"))


def test_the_closest_heading_is_found_by_its_words():
    found = outline("医院工会下半年计划")
    care = next(i for i in found.items if i.code is SectionCode.CARE)
    assert closest(care.heading[:-1], found.items) == care
    assert closest("完全无关的话题", found.items) is None


@pytest.mark.parametrize(
    ("wish", "points"),
    [
        ("加上“夜班加油站”", ("夜班加油站",)),
        ("补充消防演练", ("消防演练",)),
        ("更具体一些", ()),
        ("", ()),
    ],
)
def test_points_in_an_instruction(wish, points):
    assert points_of(wish) == points


def test_a_fixed_event_of_another_half_is_not_planned():
    profile = Profile(fixed_events=("8月医师节座谈", "4月春季健步走", "重阳节走访"))
    points = [p for i in outline("医院工会2027年上半年计划", profile).items for p in i.points]
    assert points == ["4月春季健步走"]


@pytest.mark.parametrize(
    ("asked", "profile", "name"),
    [
        ("云栖市第三人民医院", Profile(), "云栖市第三人民医院工会委员会"),
        ("青石镇总工会", Profile(), "青石镇总工会"),
        ("", Profile(), "【待填：单位名称】工会委员会"),
        ("", Profile(unit="白鹭小学"), "白鹭小学工会委员会"),
        ("白鹭小学", Profile(unit="白鹭小学", union="白鹭小学工会"), "白鹭小学工会"),
        ("红杉中学", Profile(unit="白鹭小学", union="白鹭小学工会"), "红杉中学工会委员会"),
    ],
)
def test_the_plan_is_titled_and_signed_by_one_union(asked, profile, name):
    request = replace(parse_request("下半年计划", TODAY), org_name=asked)
    assert union_name(request, profile) == name
    assert make_title(request, profile).startswith(name.removesuffix("委员会"))


def test_a_fixed_event_makes_no_section_the_trade_does_not_have():
    profile = Profile(unit="茶亭村", fixed_events=("9月重阳茶话会",))
    village = outline("村联合工会2027年计划", profile).items
    assert SectionCode.RETIREE not in [item.code for item in village]
    assert ("9月重阳茶话会",) in [item.points for item in village if item.code is SectionCode.CARE]
    asked = outline("村联合工会2027年计划，重点写退休职工", profile).items
    assert SectionCode.RETIREE in [item.code for item in asked]


def test_a_heading_nobody_can_place_promises_its_own_words():
    text = "计划\n# 停车与食堂\n# 班前提醒\n- 晨会五分钟\n# 民主管理\n"
    known = {"民主管理": SectionCode.DEMOCRACY}
    found = from_text(text, None, known.get).items
    assert [(i.code, i.points) for i in found] == [
        (SectionCode.CARE, ("停车", "食堂")),
        (SectionCode.SELF, ("晨会五分钟",)),
        (SectionCode.DEMOCRACY, ()),
    ]


def test_a_plan_is_signed_by_the_unit_its_title_names():
    request = parse_request("医院工会2027年计划", TODAY)
    title = "云栖市第三人民医院工会2027年工作计划"
    assert signed_by(title, request, Profile()) == "云栖市第三人民医院工会委员会"
    assert signed_by("工作计划", request, Profile()) == "【待填：单位名称】工会委员会"
    assert signed_by(title, request, Profile(union="云栖市三院工会")) == "云栖市三院工会"
