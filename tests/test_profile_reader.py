"""What is read out of an old plan about its unit, and what is not."""

import json
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.guesses import Guess
from assistant.profile import load_profile
from assistant.profile_reader import accept, read_document, whole_text
from assistant.types import Profile
from index.errors import UserError
from index.library import examine, examine_text
from index.types import OrgType

PLAN = """云栖市第三人民医院工会2026年工作计划
2026年，医院工会在院党委领导下，按照云栖市总工会、市卫健系统工会部署，以民主管理、夜班关爱为重点开展工作。全院现有职工486人，其中女职工342人，下设分工会12个。
一、主要工作
（一）民主管理
1.3月召开七届三次职工代表大会，审议医院工作报告和绩效分配办法。
2.工会经费审查委员会每半年审查一次经费，女职工委员会5月检查一次专项集体合同落实情况。
（二）关心关爱
1.继续办好“杏林夜谈”品牌活动，每月一期。
2.春节前慰问困难职工28人，走访住院职工。
3.每年9月举办职工趣味运动会，各分工会组队参加。
4.成立劳动争议调解委员会，选好调解员。
云栖市第三人民医院工会委员会
2026年1月8日
"""


def longest(text):
    return max(examine_text(text), key=lambda found: len(found.text))


def read_profile(text):
    return read_document(longest(text))


def guessed(text, field):
    return [(guess.value, guess.sure) for guess in read_profile(text) if guess.field == field]


def test_names_of_unit_union_and_type():
    assert guessed(PLAN, "unit") == [("云栖市第三人民医院", True)]
    assert guessed(PLAN, "union") == [("云栖市第三人民医院工会委员会", True)]
    assert guessed(PLAN, "org_type") == [("hospital", True)]


def test_party_and_upper_unions_the_nearest_last():
    assert guessed(PLAN, "party") == [("院党委", True)]
    assert guessed(PLAN, "upper") == [("云栖市总工会", True), ("市卫健系统工会", True)]


def test_counts_are_those_of_the_whole_unit():
    assert guessed(PLAN, "people") == [(486, True)]
    assert guessed(PLAN, "women") == [(342, True)]
    assert guessed(PLAN, "groups") == [(12, True)]


def test_bodies_brands_and_yearly_events():
    bodies = [("经费审查委员会", True), ("女职工委员会", True), ("劳动争议调解委员会", False)]
    assert guessed(PLAN, "bodies") == bodies, "one that is yet to be set up is not sure"
    assert guessed(PLAN, "programs") == [("杏林夜谈", True)]
    assert guessed(PLAN, "fixed_events") == [("9月职工趣味运动会", True), ("3月职工代表大会", False)]


def test_key_tasks_of_last_year_are_never_sure():
    assert guessed(PLAN, "key_tasks") == [("民主管理", False), ("夜班关爱", False)]


def test_every_guess_shows_where_it_was_read():
    guesses = read_profile(PLAN)
    text = whole_text(longest(PLAN))
    assert len(guesses) > 12
    for guess in guesses:
        assert text[guess.start : guess.end] == guess.quote
        assert guess.quote


def test_two_different_figures_are_both_left_to_the_person():
    text = PLAN.replace("下设分工会12个。", "下设分工会12个。全院共有职工512人。")
    assert [sure for _, sure in guessed(text, "people")] == [False, False]


def test_more_women_than_people_is_not_sure():
    text = PLAN.replace("女职工342人", "女职工842人")
    assert guessed(text, "women") == [(842, False)]


def test_a_rounded_figure_is_not_sure():
    assert guessed(PLAN.replace("职工486人", "职工480余人"), "people") == [(480, False)]


def test_people_helped_trained_or_rewarded_are_no_head_count():
    text = (
        "青禾小学工会2026年工作计划\n一、主要工作\n1.慰问困难职工28人。\n2.培训会员60人，表彰教职工12人。\n"
    )
    assert guessed(text, "people") == []


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("2026年柏塘市青禾小学工会工作计划", "柏塘市青禾小学"),
        ("柏塘市青禾小学2025—2026学年第一学期工会工作计划", "柏塘市青禾小学"),
        ("茗岗镇总工会2026年工作要点", "茗岗镇总工会"),
        ("穗溪县教育工会2026年工作计划", "穗溪县教育工会"),
        ("柏岚市交通运输局机关工会2026年工作计划", "柏岚市交通运输局"),
    ],
)
def test_a_title_names_the_unit(title, unit):
    text = f"{title}\n一、主要工作\n1.5月组织职工体检，结果单独反馈。\n2.按月公布经费收支情况。\n"
    assert [value for value, _ in guessed(text, "unit")] == [unit]


@pytest.mark.parametrize("name", ["某医院", "XX县人民医院", "县人民医院", "我院"])
def test_nobodys_name_is_never_sure(name):
    text = (
        f"{name}工会2026年工作计划\n一、主要工作\n1.5月组织职工体检。\n2.按月公布收支。\n{name}工会委员会\n"
    )
    assert not any(sure for field in ("unit", "union") for _, sure in guessed(text, field))


def test_a_short_name_given_in_brackets():
    text = PLAN.replace("2026年，医院工会", "云栖市第三人民医院（以下简称“市三院”）工会2026年")
    assert guessed(text, "short") == [("市三院", True)]


def test_persons_are_never_read():
    text = PLAN.replace("2.春节前", "2.工会主席周海棠负责，春节前")
    assert not any("周海棠" in str(guess.value) for guess in read_profile(text))


def test_accepting_keeps_what_the_person_wrote_and_takes_only_the_sure():
    profile = accept(Profile(unit="我的单位", people=500, bodies=("女职工委员会",)), read_profile(PLAN))
    assert (profile.unit, profile.people, profile.women) == ("我的单位", 500, 342)
    assert profile.org_type is OrgType.HOSPITAL
    assert profile.bodies == ("女职工委员会", "经费审查委员会")
    assert profile.key_tasks == ()


def test_an_unsure_guess_is_not_accepted():
    assert accept(Profile(), [Guess("people", 480, "职工480余人", 0, 8, False)]) == Profile()


@pytest.mark.parametrize("text", ["", " \n\t ", "。。。"])
def test_no_text_is_one_sentence(text):
    with pytest.raises(UserError, match="。$"):
        read_profile(text)


def test_a_text_of_something_else_gives_nothing_sure():
    assert not [g for g in read_profile("春天来了，河边的柳树发了芽，孩子们放起风筝。") if g.sure]


def test_every_shipped_plan_tells_its_unit():
    paths = sorted((Path(__file__).parents[1] / "index" / "starter").glob("*.md"))
    for path in paths:
        document = examine(path)[0]
        units = [g for g in read_profile(f"{document.title}\n{document.text}") if g.field == "unit"]
        assert len(units) == 1, path.name
        assert units[0].sure, path.name
        assert document.title.startswith(str(units[0].value)), path.name


def test_the_command_lists_guesses_and_saves_nothing(tmp_path, data_home, capsys):
    (tmp_path / "旧计划.txt").write_text(PLAN, "utf-8")
    assert main(["profile", "--from", str(tmp_path / "旧计划.txt"), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"field": "people", "value": 486, "sure": True}.items() <= next(
        row for row in rows if row["field"] == "people"
    ).items()
    assert not (data_home / "profile.toml").exists()


def test_the_command_keeps_the_sure_ones_when_told(tmp_path, data_home, capsys):
    (tmp_path / "旧计划.txt").write_text(PLAN, "utf-8")
    assert main(["profile", "--from", str(tmp_path / "旧计划.txt"), "--accept"]) == 0
    assert "[请核对]" in capsys.readouterr().out
    kept = load_profile(data_home / "profile.toml")
    assert (kept.people, kept.women, kept.key_tasks) == (486, 342, ())


def test_a_missing_file_is_one_sentence(tmp_path, capsys):
    assert main(["profile", "--from", str(tmp_path / "没有.docx")]) == 1
    assert capsys.readouterr().err.strip().count("。") == 1
