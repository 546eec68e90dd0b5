"""The upper union's key points: read, held against a plan, and covered by a draft."""

import json
from datetime import date

import pytest
from drafting import TABLES, evidence

from assistant.cli import main
from assistant.compose import measures_for_points
from assistant.evidence import Pool
from assistant.planning import offers_for
from assistant.points import findings_of, matrix, read_points, strength, uncovered
from assistant.request import parse_request
from assistant.types import Draft, Outline, OutlineItem, Profile, Section, SectionTask
from index.errors import UserError
from index.types import SectionCode

KEYPOINTS = """云栖市卫健系统工会2027年工作要点
2027年，全市卫健系统工会工作的总体要求是：围绕健康云栖建设，服务医务职工。
一、加强思想政治引领
1.建好用好职工书屋，推动职工阅读常态化。
二、维护职工合法权益
2.规范职工代表大会制度，提高提案办理质量。
3.签订女职工权益保护专项集体合同。
三、做实职工服务
4.推进夜班职工关爱行动，改善夜班就餐和休息条件。
5.做好职工医疗互助保障参保工作。
四、加强工会自身建设
6.推进智慧工会建设，会员实名制信息采集率达到95%以上。
"""
CARE = "1.7月登记夜班职工就餐和休息需求，改善夜班休息室条件。\n2.11月办理职工医疗互助保障参保，逐人提醒。"
SELF = "1.12月核对会员名册。"


def plan(*sections):
    request = parse_request("给医院工会起草2027年工作计划", date(2026, 11, 21))
    made = tuple(Section(f"s{n}", code, heading, text) for n, (code, heading, text) in enumerate(sections, 1))
    return Draft("d", request, Profile(), "计划", "", made)


def example():
    return plan((SectionCode.CARE, "关爱职工", CARE), (SectionCode.SELF, "自身建设", SELF))


def test_points_are_the_numbered_items_without_the_opening():
    points = read_points(KEYPOINTS)
    assert [point.number for point in points] == [1, 2, 3, 4, 5, 6]
    assert points[3].text == "推进夜班职工关爱行动，改善夜班就餐和休息条件。"
    assert not any("总体要求" in point.text for point in points)


def test_a_point_goes_to_the_section_of_its_own_topic():
    codes = [point.code for point in read_points(KEYPOINTS)]
    assert codes == [
        SectionCode.CULTURE,  # a reading room, though its heading is one of ideology
        SectionCode.DEMOCRACY,
        SectionCode.RIGHTS,
        SectionCode.CARE,
        SectionCode.CARE,
        SectionCode.SELF,
    ]


def test_pasted_lines_without_numbers_are_points_too():
    points = read_points("推进职工书屋建设\n做好职工医疗互助保障工作\n")
    assert [point.topic for point in points] == ["职工书屋建设", "职工医疗互助保障工作"]


def test_the_same_point_twice_is_one():
    assert len(read_points("1.推进职工书屋建设。\n2.推进职工书屋建设。\n3.办好职工夜校。\n")) == 2


@pytest.mark.parametrize("text", ["", "  \n", "。\n。"])
def test_nothing_to_read_is_one_sentence(text):
    with pytest.raises(UserError) as raised:
        read_points(text)
    assert str(raised.value).count("。") == 1


def test_the_matrix_quotes_the_sentence_that_covers_a_point():
    rows = matrix(read_points(KEYPOINTS), example())
    best = rows[3].best
    assert rows[3].covered
    assert best.section_id == "s1"
    assert best.sentence == "1.7月登记夜班职工就餐和休息需求，改善夜班休息室条件。"
    assert CARE[best.start : best.end] == best.sentence
    assert rows[4].best.sentence.startswith("2.11月办理职工医疗互助保障参保")


def test_what_nothing_speaks_of_is_uncovered():
    missing = uncovered(matrix(read_points(KEYPOINTS), example()))
    assert [point.number for point in missing] == [1, 2, 3, 6]


def test_slogans_of_the_opening_cover_nothing():
    opening = plan(
        (SectionCode.GUIDE, "指导思想", "建好用好职工书屋，推进夜班职工关爱行动，规范职工代表大会制度。")
    )
    assert len(uncovered(matrix(read_points(KEYPOINTS), opening))) == 6


def test_words_that_every_measure_has_prove_nothing():
    point = read_points(KEYPOINTS)[5]
    assert strength(point, "加强工会组织建设，持续推进各项工作，提升服务职工的能力和水平。") < 0.3


def test_a_sentence_in_the_same_words_is_as_strong_as_can_be():
    for point in read_points(KEYPOINTS):
        assert strength(point, point.text) >= 0.85


def test_findings_say_which_point_is_open():
    findings = list(findings_of(matrix(read_points(KEYPOINTS), example())))
    assert [f.message[:7] for f in findings] == [
        "上级要点第1条",
        "上级要点第2条",
        "上级要点第3条",
        "上级要点第6条",
    ]


def pool_of(*passages):
    return Pool(tuple(e.passage for e in passages), {}, {})


def test_an_open_point_gets_a_ready_measure_in_its_section():
    rows = matrix(read_points(KEYPOINTS), example())
    pool = pool_of(evidence(1, "1.会员信息每季度核对一次。", code=SectionCode.SELF))
    offers = {offer.number: offer for offer in offers_for(rows, example(), pool, TABLES)}
    assert offers[6].heading == "自身建设"
    assert "智慧工会建设" in offers[6].text
    assert offers[6].text.endswith("。")


def test_a_precedent_that_speaks_of_the_point_is_preferred():
    rows = matrix(read_points(KEYPOINTS), example())
    told = "1.6月上线智慧工会服务端，智慧工会建设情况向会员公布一次，听取使用意见。"
    pool = pool_of(evidence(1, told, code=SectionCode.SELF))
    offer = next(o for o in offers_for(rows, example(), pool, TABLES) if o.number == 6)
    assert offer.text.startswith(told.removeprefix("1.").rstrip("。"))
    assert offer.text.endswith("会员实名制信息采集率达到95%以上。")  # the figure the union above asks for
    assert offer.source


def test_many_plain_measures_do_not_repeat_each_other():
    points = (
        "规范提案办理",
        "健全劳动争议调解制度",
        "推进职工书屋建设",
        "开展安全隐患排查",
        "完善会员档案",
        "培育职工文体骨干",
    )
    item = OutlineItem("s1", SectionCode.SELF, "自身建设", points=points, target=400)
    request = parse_request("给医院工会起草2027年工作计划", date(2026, 11, 21))
    found = (evidence(1, "1.按月公布经费。", code=SectionCode.SELF),)
    task = SectionTask(request, Profile(), Outline("计划", (item,)), item, found)
    texts = measures_for_points(task, TABLES)
    assert len(texts) == len(points)
    tails = [text.split("，", 1)[1] for text in texts]
    assert len(set(tails)) == len(points)


@pytest.mark.usefixtures("ready_home")
@pytest.mark.parametrize(
    "ask",
    [
        "给医院工会起草2027年工作计划",
        "给小学工会起草2027年上半年工作计划",
        "给化工厂工会起草2027年工作计划",
        "给乡镇总工会写2027年工作要点",
    ],
)
def test_a_draft_covers_every_point(tmp_path, capsys, ask):
    points, written = tmp_path / "要点.txt", tmp_path / "新.txt"
    points.write_text(KEYPOINTS, "utf-8")
    options = ["--today", "2026-11-21", "--json", "--no-model", "--points", str(points), "-o", str(written)]
    assert main(["draft", ask, *options]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [row["topic"] for row in data["points"] if not row["covered"]] == []
    assert not [found for found in data["findings"] if found["check"] == "points"]


@pytest.mark.usefixtures("ready_home")
def test_points_alone_are_listed_and_with_a_file_compared(tmp_path, capsys):
    (tmp_path / "要点.txt").write_text(KEYPOINTS, "utf-8")
    (tmp_path / "计划.txt").write_text(f"某某医院工会2027年工作计划\n一、关爱职工\n{CARE}\n", "utf-8")
    assert main(["points", str(tmp_path / "要点.txt"), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["points"]) == 6
    assert main(["points", str(tmp_path / "要点.txt"), str(tmp_path / "计划.txt"), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [row["number"] for row in data["points"] if row["covered"]] == [4, 5]
    assert {offer["number"] for offer in data["offers"]} == {1, 2, 3, 6}
