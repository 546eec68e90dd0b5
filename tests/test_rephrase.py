"""One measure in several orders and wordings: what is said stays, how it is said differs by unit."""

import re
from pathlib import Path

import pytest
from drafting import TABLES

from assistant.rephrase import rephrased
from assistant.when import months_in

SEEDS = range(40)


def wordings(text):
    return {rephrased(text, "院工会", seed) for seed in SEEDS}


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("9月，女职工委员会检查母婴室用品。", {"女职工委员会9月检查母婴室用品。"}),
        ("院领导班子5月到五个科室听意见。", {"5月，院领导班子到五个科室听意见。"}),
        (
            "8月，组织退休医师参观新门诊。",
            {"8月，院工会组织退休医师参观新门诊。", "院工会8月组织退休医师参观新门诊。"},
        ),
        ("每班至少两人值守。", {"每班不少于两人值守。"}),
        ("缺的用品三天内补齐。", {"缺的用品三日内补齐。"}),
        ("年底满意率不低于九成。", {"年底满意率达到九成以上。"}),
    ],
)
def test_a_measure_has_these_wordings_and_no_other(text, others):
    assert wordings(text) == {text, *others}


@pytest.mark.parametrize(
    "text",
    [
        "6月安全生产月，各班组查隐患。",
        "在9月开展的练兵中选出三人。",
        "人事科核对8月的考勤。",
        "8月，由财务科核对账目。",
        "体检名单交院办公会审定。",
    ],
)
def test_what_cannot_be_said_otherwise_stays(text):
    assert wordings(text) == {text}


def test_the_same_unit_says_it_the_same_each_time():
    text = "8月，组织退休医师参观新门诊，至少两人陪同。"
    assert rephrased(text, "院工会", 7) == rephrased(text, "院工会", 7)


def test_no_measure_that_ships_loses_a_month_a_figure_or_its_end(shipped_measures):
    for text in shipped_measures:
        said = rephrased(text, TABLES.orgs["hospital"].roles["union"], 3)
        assert months_in(said) == months_in(text), said
        assert sorted(re.findall(r"\d+", said)) == sorted(re.findall(r"\d+", text)), said
        assert said[-1] == text[-1]
        assert re.findall("“[^”]*”", said) == re.findall("“[^”]*”", text)


@pytest.fixture(scope="module")
def shipped_measures():
    folder = Path(__file__).parents[1] / "index" / "starter"
    texts = (path.read_text("utf-8") for path in sorted(folder.glob("*-h2-*.md")))
    return [line for text in texts for line in re.findall(r"(?m)^\d+\.(.+)$", text)]
