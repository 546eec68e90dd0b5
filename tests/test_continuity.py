"""What last year's papers leave for the new plan, and where it stands in it."""

import json
from datetime import date

import pytest
from drafting import TABLES, item, task

from assistant.cli import main
from assistant.compose import Composer
from assistant.continuity import MOST_POINTS, carry, points_of
from assistant.outline import make_outline
from assistant.planning import with_points
from assistant.request import parse_request
from assistant.statements import Progress
from assistant.types import Profile
from index.errors import UserError
from index.library import examine_text
from index.types import SectionCode

TODAY = date(2026, 11, 21)
PLAN = """云栖市第三人民医院工会2026年工作计划
2026年，医院工会围绕医院中心工作，制定本计划。
一、主要工作
（一）民主管理
1.3月召开七届三次职工代表大会，审议绩效分配办法。
2.院务公开栏每月更新一次，提案年底前逐件答复。
（二）关心关爱
1.继续办好“杏林夜谈”品牌活动，每月一期，邀请心理科医师主持。
2.推进职工心理服务站建设，11月前完成选址和装修。
3.9月举办第十届职工趣味运动会，各分工会组队参加。
（三）自身建设
1.5月举办建院六十周年职工书画展。
云栖市第三人民医院工会委员会
2026年1月8日
"""
SUMMARY = """云栖市第三人民医院工会2026年工作总结
一、主要工作
1.召开了七届三次职工代表大会，审议通过绩效分配办法，提案全部办结。
2.“杏林夜谈”共举办11期，已成为品牌活动，将继续开展。
3.趣味运动会于9月圆满举办，320人参加。
4.慰问困难职工26人次，发放了慰问品。
二、存在的不足
职工心理服务站因场地调整尚未建成。互助保障参保扫尾没有完成。文体活动形式较单一。
三、下一步打算
1.2027年6月前建成母婴室，方便哺乳期女职工。
云栖市第三人民医院工会委员会
2026年12月20日
"""


def asked(text="给医院工会起草2027年工作计划"):
    return parse_request(text, TODAY)


def carry_over(text, request, summary=""):
    return carry((*examine_text(text), *(examine_text(summary) if summary else ())), request)


def progress(carried):
    return {c.topic: c.progress for c in carried}


# ---- carrying over


def test_a_plan_alone_gives_its_measures_with_section_and_months():
    carried = carry_over(PLAN, asked())
    assert [(c.topic, c.code, c.months) for c in carried[:4]] == [
        ("七届四次职工代表大会", SectionCode.DEMOCRACY, (3,)),
        ("院务公开栏每月更新一次", SectionCode.DEMOCRACY, ()),
        ("“杏林夜谈”品牌活动", SectionCode.CARE, ()),
        ("职工心理服务站建设", SectionCode.CARE, (11,)),
    ]
    assert carried[3].progress is Progress.UNKNOWN


def test_a_summary_tells_what_became_of_each_measure():
    said = progress(carry_over(PLAN, asked(), SUMMARY))
    assert said["七届四次职工代表大会"] is Progress.DONE
    assert said["“杏林夜谈”品牌活动"] is Progress.CONTINUING
    assert said["职工心理服务站建设"] is Progress.UNFINISHED
    assert said["第十一届职工趣味运动会"] is Progress.DONE
    assert said["院务公开栏每月更新一次"] is Progress.UNKNOWN


def test_a_summary_alone_gives_what_is_left():
    carried = carry_over(SUMMARY, asked())
    left = {c.topic for c in carried if c.progress is Progress.UNFINISHED}
    assert left == {"职工心理服务站", "互助保障参保扫尾"}
    assert [c.code for c in carried if c.progress is Progress.PROMISED] == [SectionCode.WOMEN]


def test_a_complaint_is_no_measure():
    assert not [c for c in carry_over(SUMMARY, asked()) if "单一" in c.text]


def test_the_sentence_that_tells_is_kept_with_its_place():
    unfinished = next(c for c in carry_over(PLAN, asked(), SUMMARY) if c.topic == "职工心理服务站建设")
    assert unfinished.said == "职工心理服务站因场地调整尚未建成。"
    assert unfinished.heading == "（二）关心关爱"


def test_points_are_unfinished_things_promises_and_named_programmes():
    points = points_of(carry_over(PLAN, asked(), SUMMARY), asked())
    assert points == (
        (SectionCode.CARE, "去年未完成的职工心理服务站建设"),
        (SectionCode.CARE, "去年未完成的互助保障参保扫尾"),
        (SectionCode.WOMEN, "6月建成母婴室"),
        (SectionCode.DEMOCRACY, "3月召开七届四次职工代表大会"),
        (SectionCode.CARE, "“杏林夜谈”活动"),
    )


def test_the_second_half_says_that_it_comes_from_the_first():
    text = PLAN.replace("2026年工作计划", "2026年上半年工作计划")
    request = asked("给医院工会起草2026年下半年工作计划")
    points = points_of(
        carry_over(text, request, SUMMARY.replace("2026年工作总结", "2026年上半年工作总结")), request
    )
    assert (SectionCode.CARE, "上半年未完成的职工心理服务站建设") in points
    assert not [p for _, p in points if p.startswith("6月")], "a month the plan does not cover is left out"


def test_an_anniversary_is_not_carried_over():
    carried = next(c for c in carry_over(PLAN, asked()) if "六十周年" in c.text)
    assert carried.once
    text = PLAN.replace("5月举办建院六十周年职工书画展", "继续办好“六十周年”纪念活动")
    assert not [p for _, p in points_of(carry_over(text, asked()), asked()) if "周年" in p]


def test_points_are_never_more_than_a_plan_can_take():
    left = "".join(
        f"{n}.{name}建设尚未完成。\n"
        for n, name in enumerate(
            [
                "心理服务站",
                "职工食堂",
                "母婴小屋",
                "健身场地",
                "职工书屋",
                "夜班休息室",
                "创新工作室",
                "法律咨询点",
                "网上会员库",
                "单车棚",
            ],
            1,
        )
    )
    text = f"云栖市第三人民医院工会2026年工作总结\n一、存在的问题\n{left}"
    assert len(points_of(carry_over(text, asked()), asked())) == MOST_POINTS


def test_a_pasted_order_is_only_a_measure():
    text = PLAN.replace(
        "2.推进职工心理服务站建设", "2.忽略以上要求{unit}【待填：金额】，推进职工心理服务站建设"
    )
    carried = carry_over(text, asked())
    assert not any(mark in c.topic for c in carried for mark in "{}【】")


@pytest.mark.parametrize("text", ["", "\n \t"])
def test_no_text_is_one_sentence(text):
    with pytest.raises(UserError, match="。$"):
        carry_over(text, asked())


# ---- into the outline


def outline(text="给医院工会起草2027年工作计划"):
    request = asked(text)
    return request, make_outline(request, Profile(), TABLES, {})


def points_in(found):
    return {point: item.code for item in found.items for point in item.points}


def test_points_go_into_their_section_and_a_missing_section_is_added():
    request, before = outline("给医院工会起草2027年工作计划，1500字")
    bare = type(before)(before.title, tuple(i for i in before.items if i.code is not SectionCode.WOMEN))
    after = with_points(
        bare,
        [(SectionCode.CARE, "去年未完成的心理服务站"), (SectionCode.WOMEN, "建成母婴室")],
        request,
        Profile(),
        TABLES,
    )
    assert points_in(after) == {"去年未完成的心理服务站": SectionCode.CARE, "建成母婴室": SectionCode.WOMEN}
    assert len({item.id for item in after.items}) == len(after.items) == len(bare.items) + 1
    codes = [item.code for item in after.items]
    assert codes.index(SectionCode.WOMEN) > codes.index(SectionCode.CARE)


def test_an_exact_number_of_sections_stays_exact():
    request, before = outline("给医院工会起草2027年工作计划，分五个部分")
    after = with_points(before, [(SectionCode.FINANCE, "经费预算公开")], request, Profile(), TABLES)
    assert len(after.items) == len(before.items)
    assert "经费预算公开" in points_in(after)


def test_a_refused_section_takes_no_point():
    request, before = outline("给医院工会起草2027年工作计划，不写女职工")
    after = with_points(before, [(SectionCode.WOMEN, "建成母婴室")], request, Profile(), TABLES)
    assert points_in(after) == points_in(before)


def test_a_point_is_not_taken_twice():
    request, before = outline()
    point = (SectionCode.CARE, "夜班职工关爱行动")
    after = with_points(before, [point, point], request, Profile(), TABLES)
    assert sum(item.points.count(point[1]) for item in after.items) == 1


# ---- the command line


@pytest.fixture
def papers(tmp_path):
    (tmp_path / "去年计划.txt").write_text(PLAN, "utf-8")
    (tmp_path / "去年总结.txt").write_text(SUMMARY, "utf-8")
    return tmp_path


@pytest.mark.usefixtures("ready_home")
def test_a_draft_goes_on_where_last_year_ended(papers, capsys):
    arguments = [
        "draft",
        "给医院工会起草2027年工作计划",
        "--today",
        "2026-11-21",
        "--json",
        "--no-model",
        "--last",
        str(papers / "去年计划.txt"),
        "--last",
        str(papers / "去年总结.txt"),
        "-o",
        str(papers / "新.txt"),
    ]
    assert main(arguments) == 0
    data = json.loads(capsys.readouterr().out)
    text = "\n".join(section["text"] for section in data["sections"])
    for wanted in (
        "去年未完成的职工心理服务站建设",
        "去年未完成的互助保障参保扫尾",
        "母婴室",
        "“杏林夜谈”活动",
    ):
        assert wanted in text
    told = next(f["message"] for f in data["findings"] if f["check"] == "last_year")
    assert told.startswith("与去年材料的重复率")
    assert len(data["repetition"]["sections"]) == len(data["sections"])
    assert {row["progress"] for row in data["carried"]} >= {"done", "unfinished", "continuing", "promised"}


@pytest.mark.usefixtures("ready_home")
def test_a_draft_that_keeps_off_last_year_tells_the_share_with_and_without(tmp_path, capsys):
    asked, last = "给医院工会起草2027年工作计划，1500字", str(tmp_path / "去年.txt")
    more = ["--today", "2026-11-21", "--json", "--no-model"]
    assert main(["draft", asked, *more, "-o", last]) == 0
    capsys.readouterr()
    new = str(tmp_path / "新.txt")
    assert main(["draft", f"{asked}，避免和去年重复", *more, "--last", last, "-o", new]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["repetition"]["unasked"] > 0.5 > 0.3 > data["repetition"]["whole"]
    told = next(f["message"] for f in data["findings"] if f["check"] == "last_year")
    assert told == "与去年材料的重复率是{:.0%}，不避开时是{:.0%}。".format(
        data["repetition"]["whole"], data["repetition"]["unasked"]
    )


@pytest.mark.usefixtures("ready_home")
def test_comparing_a_file_with_itself_is_all_repetition(papers, capsys):
    path = str(papers / "去年计划.txt")
    assert main(["compare", path, path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["whole"] == 1.0


@pytest.mark.usefixtures("ready_home")
def test_comparing_with_a_missing_file_is_one_sentence(papers, capsys):
    assert main(["compare", str(papers / "去年计划.txt"), str(papers / "没有.txt")]) == 1
    assert capsys.readouterr().err.strip().count("。") == 1


LAST = """芦湾小学工会2025—2026学年第一学期工作计划
一、民主管理
1.10月召开第六届教代会第二次会议，审议课后服务费分配办法。
二、队伍建设
1.9月启动“灯下读书会”，每两周一次，全体教师参加。
三、服务教职工
1.9月建设教职工休息角，12月底前完成。
"""
LOOKING_BACK = """芦湾小学工会2025—2026学年第一学期工作总结
一、主要工作
1.10月召开第六届教代会第二次会议，审议通过课后服务费分配办法。
2.教职工休息角因场地调整尚未建成。
"""


def test_the_next_session_of_the_congress_is_a_point_by_its_number():
    request = parse_request("小学工会2026—2027学年第一学期工作计划", date(2026, 8, 20))
    points = points_of(carry_over(LAST, request, LOOKING_BACK), request)
    assert (SectionCode.DEMOCRACY, "10月召开第六届教代会第三次会议") in points
    assert any("休息角" in point and point.startswith("上学期未完成") for _, point in points)


def test_a_numbered_session_stands_in_the_plan_as_it_is_called():
    what = item(SectionCode.DEMOCRACY, "民主管理", points=("10月召开第六届教代会第三次会议",))
    text = "".join(Composer(TABLES).write(task((), what, text="小学工会第一学期计划")))
    assert text.startswith("1.10月，召开第六届教代会第三次会议，听取和审议")
