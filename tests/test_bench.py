"""The bench: its figures against hand-made texts, its limits, and one type of unit end to end."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from drafting import TABLES, TODAY, passage

from assistant import bench
from assistant.bench_figures import concrete, copied, index_copies, same_sentences
from assistant.bench_table import LIMITS, Row, as_data, table, verdicts
from assistant.settings import load_settings
from assistant.studio import Studio
from assistant.types import Draft, Profile, Request, Section
from index.types import OrgType, SectionCode


def plan(*texts: str, profile: Profile | None = None) -> Draft:
    sections = tuple(Section(f"s{n}", SectionCode.CARE, "做实帮扶", text) for n, text in enumerate(texts, 1))
    return Draft("d", Request("x", today=TODAY), profile or Profile(), "工作计划", "c", sections)


ROW = Row("医院", "年度", 1000, 1, 1000, Counter(), Counter(), 0, 0, 1.0, 0.1, 0, "", 0.2, 0.3)


# --- figures


@pytest.mark.parametrize(
    "item",
    [
        "1.9月，走访困难职工。",
        "2.由女职工委员会检查母婴室。",
        "3.每季度更新公开栏。",
        "4.满意率不低于百分之九十。",
        "5.提案逐件列表并公开。",
        "6.重阳节前看望退休职工。",
        "7.会同人事部门办好培训。",
    ],
)
def test_an_item_that_names_a_time_a_body_or_a_measure_is_concrete(item):
    assert concrete(item)


@pytest.mark.parametrize(
    "item",
    [
        "1.进一步加强学习，提高思想认识。",
        "2.大力弘扬劳模精神，营造良好氛围。",
        "10.不断丰富职工文化生活。",
        "3.切实关心职工。",
    ],
)
def test_a_slogan_is_not_concrete(item):
    assert not concrete(item)


SHIPPED = passage(1, "把走访记录装订成册放在工会办公室供会员随时翻阅", document="a")
IMPORTED = passage(2, "护林员两人一组在瞭望塔留下签到并由场部每周抽查一次", document="b", origin="user")


def test_the_share_and_the_run_are_counted_in_hanzi():
    copies = index_copies((SHIPPED, IMPORTED), TABLES)
    found = copied(plan("1.护林员两人一组，在瞭望塔留下签到。", "1.别的事情另有安排。"), copies)
    assert (found.run, found.words) == (15, "护林员两人一组在瞭望塔留下签到")
    assert found.share == pytest.approx(15 / 23)


def test_a_shipped_document_counts_for_the_share_alone():
    found = copied(plan("1.把走访记录装订成册放在工会办公室。"), index_copies((SHIPPED, IMPORTED), TABLES))
    assert (found.run, found.share) == (0, 1.0)


def test_official_terms_are_nobodys_words():
    term = "学习习近平新时代中国特色社会主义思想和中华人民共和国工会法"
    copies = index_copies((passage(3, term, document="c", origin="user"),), TABLES)
    assert copied(plan(f"1.{term}。"), copies).run < 8


def test_same_sentences_are_those_left_when_own_names_are_put_aside():
    one = plan("1.梧泽医院每月走访住院职工。\n2.九月办好急救练兵。", profile=Profile(unit="梧泽医院"))
    other = plan("1.青禾医院每月走访住院职工。\n2.十月办好护理练兵。", profile=Profile(unit="青禾医院"))
    assert same_sentences(one, other) == 0.5


def test_an_empty_plan_has_figures_too():
    assert copied(plan(), index_copies((), TABLES)).share == 0
    assert same_sentences(plan(), plan()) == 0


# --- limits


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("必改问题", {"severities": Counter(high=1)}),
        ("别人的信息", {"leaks": 1}),
        ("字数偏差", {"length": 1160}),
        ("字数偏差", {"length": 840}),
        ("待填（无档案）", {"unit": 0, "blanks": 6}),
        ("待填（有档案）", {"blanks": 1}),
        ("单篇占比", {"share": 0.26}),
        ("照搬导入资料", {"run": 21}),
        ("两单位相同句", {"same": 0.41}),
        ("月度安排缺漏", {"unlisted": 1}),
        ("不具体的条目", {"concrete": 0.59}),
        ("中位用时", {"seconds": 1.2}),
    ],
)
def test_each_limit_is_broken_by_its_own_figure_alone(name, changes):
    passed = as_data([replace(ROW, **changes)], 0)["passed"]
    assert [key for key, kept in passed.items() if not kept] == [name]


def test_a_good_row_keeps_every_limit_and_the_table_says_so():
    assert all(as_data([ROW], 3)["passed"].values())
    assert sum(line.startswith("✓") for line in verdicts([ROW])) == len(
        LIMITS
    )  # one has no data, the time has
    assert "导入资料 3 份，" in table([ROW], 3)


def test_the_worst_rows_are_named():
    rows = [ROW, replace(ROW, org="银行", share=0.3), replace(ROW, org="机关", share=0.4)]
    line = next(line for line in verdicts(rows) if "单篇占比" in line)
    assert line.startswith("✗")
    assert "2 份超出；最差：机关年度1000字·单位1 40.0%；银行" in line


# --- cases


def test_every_type_has_two_full_and_different_units():
    for org in OrgType:
        one, other = bench.units()[org]
        for unit in (one, other):
            told = (unit.unit, unit.union, unit.party, unit.upper, unit.people, unit.programs, unit.key_tasks)
            assert all(told), unit.unit
        assert not set(one.key_tasks) & set(other.key_tasks)


def test_there_are_more_than_120_combinations_each_once():
    found = [(case.org, case.period, case.length, case.unit) for case in bench.cases()]
    assert len(found) == len(set(found)) == 17 * 3 * 3 * 3


def test_a_bench_over_one_case_measures_it_and_saves_nothing(ready_home, monkeypatch):
    first = [case for case in bench.cases() if case.org is OrgType.BANK and case.length == 800][:3]
    monkeypatch.setattr(bench, "cases", lambda: iter(first))
    studio = Studio(load_settings())
    data, text = bench.bench_drafts(studio, TODAY)
    assert [row["unit"] for row in data["rows"]] == [0, 1, 2]
    assert [row["same"] is None for row in data["rows"]] == [True, True, False]
    assert all(600 < row["length"] < 1000 for row in data["rows"])
    assert all(row["wanted"] == 800 for row in data["rows"])
    assert "没有导入的资料" in text
    assert list(studio.drafts()) == []
    studio.close()
