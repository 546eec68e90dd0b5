"""How two rankings are joined, what lifts and lowers a passage, and whether anything fits at all."""

from __future__ import annotations

import pytest
from ranked import passage, weigh

from index.fit import Evidence, Fit, chance, judge
from index.search import DOUBTFUL, fuse, notice, spread
from index.types import Hit, OrgType, Period, SectionCode
from index.weighing import Fused, wording
from index.wish import read

# Fusion


def test_first_in_every_ranking_scores_one():
    (only,) = fuse([("lexical", [(7, 3.2)]), ("semantic", [(7, 0.9)])])

    assert only == Fused(7, 1.0, ("lexical", "semantic"))


def test_fusion_adds_weighted_reciprocal_places():
    fused = fuse(
        [("lexical", [(1, 9.0), (2, 8.0)]), ("semantic", [(2, 0.9), (3, 0.8)])],
        {"lexical": 1, "semantic": 0.5},
    )

    whole = 1 / 21 + 0.5 / 21
    assert [(item.id, item.found_by) for item in fused] == [
        (2, ("lexical", "semantic")),
        (1, ("lexical",)),
        (3, ("semantic",)),
    ]
    assert [item.score for item in fused] == pytest.approx(
        [(1 / 22 + 0.5 / 21) / whole, (1 / 21) / whole, (0.5 / 22) / whole]
    )


def test_of_two_rankings_of_one_name_the_better_place_counts():
    fused = fuse([("lexical", [(1, 2.0), (2, 1.0)]), ("lexical", [(2, 1.0)])])

    assert [(item.id, item.score) for item in fused] == [(1, 1.0), (2, 1.0)]


def test_nothing_fused_is_nothing():
    assert fuse([("lexical", []), ("semantic", [])]) == []


@pytest.mark.parametrize(
    ("query", "text", "share"),
    [
        ("五必访", "落实五必访制度", 1.0),
        ("五必访 院务", "落实五必访，院里事务", 0.5),
        ("五必访", "五（必）访", 1.0),
        ("五必访", "必访五家", 0.0),
        ("ＡＩ培训", "举办ai 培训", 1.0),
        ("院", "院务公开", 0.0),
    ],
)
def test_the_same_wording_is_the_same_characters_in_a_row_whatever_stands_between(query, text, share):
    assert wording(query)(text) == share


def test_wishes_weigh_type_over_period_over_section_over_year():
    wish = read("医院 下半年 院务公开 2026年")
    same = Fused(1, 0.5, ("lexical",))

    def score(**changes: object) -> float:
        return weigh(same, passage(1, "", **changes), wish).score

    org, period = score(org_type=OrgType.HOSPITAL), score(period=Period.H2)
    section, year, none = score(section=SectionCode.DEMOCRACY), score(year=2026), score()
    assert org > period > section > year > none


def test_a_unit_type_of_the_family_comes_before_a_stranger():
    wish = read("小学 提案")
    same = Fused(1, 0.5, ("lexical",))

    near = weigh(same, passage(1, "", org_type=OrgType.KINDERGARTEN), wish)
    far = weigh(same, passage(1, "", org_type=OrgType.BANK), wish)

    assert near.score > far.score


def test_the_rest_of_a_document_follows_only_beyond_the_first_page():
    hits = [Hit(passage(number, "", "same"), 1.0, ()) for number in range(4)]

    assert len(spread(hits, 10)) == 2
    assert [hit.passage.id for hit in spread(hits, 20)] == [0, 1, 2, 3]


# Whether anything fits


def test_near_and_literal_is_an_answer_and_neither_is_none():
    name = "gonghui-static-384-x"

    assert judge(Evidence(0.7, 1.0), name) is Fit.GOOD
    assert judge(Evidence(0.1, 0.0), name) is Fit.NONE
    assert chance(Evidence(0.4, 1.0)) > chance(Evidence(0.4, 0.0)) > chance(Evidence(0.3, 0.0))


def test_between_the_two_is_doubt():
    verdicts = [judge(Evidence(near / 100, 0.0), "gonghui-static-384-x") for near in range(100)]

    assert list(dict.fromkeys(verdicts)) == [Fit.NONE, Fit.DOUBTFUL, Fit.GOOD]


def test_another_encoders_cosines_are_not_judged():
    assert judge(Evidence(0.1, 0.0), "别的模型") is Fit.GOOD


def test_doubt_is_said_unless_something_more_telling_is():
    wish, hits = read("慰问"), [Hit(passage(1, "慰问职工"), 1.0, ())]

    assert notice(wish, hits, True, Fit.DOUBTFUL) == DOUBTFUL
    assert "骑手" in notice(read("骑手 慰问"), hits, True, Fit.DOUBTFUL)


def test_a_shipped_plan_of_another_kind_comes_after_one_whose_title_is_lost():
    wish, same = read("卫生院 慰问"), Fused(1, 0.5, ("lexical",))

    def score(title: str, origin: str) -> float:
        return weigh(same, passage(1, "", title=title, origin=origin, org_type=OrgType.HOSPITAL), wish).score

    assert (
        score("甲镇卫生院工会计划", "starter")
        > score("工会计划", "user")
        > score("乙医院工会计划", "starter")
    )
