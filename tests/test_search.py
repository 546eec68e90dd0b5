"""From query to hits: fusion by hand, wishes, trust, limits and the sentence a person must see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import TableEncoder

from index.fit import Evidence, Fit, chance, judge
from index.fulltext import FullText
from index.indexing import entry_of
from index.search import (
    DOUBTFUL,
    KEYWORDS_ONLY,
    NOTHING,
    Sources,
    find,
    fuse,
    highlights,
    near,
    notice,
    spread,
)
from index.types import (
    Filters,
    Flag,
    Genre,
    Hit,
    NamedKind,
    OrgType,
    Passage,
    PassageKind,
    Period,
    SectionCode,
)
from index.vectors import FaissStore
from index.weighing import Fused, weighed, wording
from index.wish import Wish, read

BASE = Passage(0, "d", "计划", Genre.PLAN, None, None, None, None, PassageKind.ITEM, "", "", 0, 0)
NO_FILTERS = Filters()
Build = Callable[..., Sources]


def passage(number: int, text: str, document: str = "", **changes: object) -> Passage:
    return replace(BASE, id=number, document_id=document or f"d{number}", text=text, **changes)


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def make(passages: Sequence[Passage], vectors: dict[str, Sequence[float]] | None = None) -> Sources:
        """Sources over these passages; `vectors` maps texts and queries to hand-made rows."""
        encoder = TableEncoder(vectors or {})
        fulltext = FullText(tmp_path / "fulltext")
        fulltext.add(map(entry_of, passages))
        store = FaissStore(tmp_path / "vectors", 3)
        ids = np.array([item.id for item in passages], np.int64)
        store.add(ids, encoder.encode_passages([item.text for item in passages]))
        known = {item.id: item for item in passages}

        def allowed(filters: Filters) -> np.ndarray:
            return np.array([i for i, item in known.items() if item.org_type in filters.org_types], np.int64)

        return Sources(fulltext, store, encoder, lambda wanted: {i: known[i] for i in wanted}, allowed)

    return make


def weigh(item: Fused, found: Passage, wish: Wish) -> Hit:
    (hit,) = weighed([item], {item.id: found}, wish)
    return hit


def ids(sources: Sources, query: str, k: int = 10, filters: Filters = NO_FILTERS) -> list[int]:
    return [hit.passage.id for hit in find(query, k, filters, sources).hits]


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


# Reading a query


def test_a_query_names_type_period_section_and_year():
    wish = read("卫生院 2026年下半年 院务公开 怎么写")

    assert wish.orgs == (OrgType.HOSPITAL,)
    assert wish.periods == (Period.H2,)
    assert wish.sections == (SectionCode.DEMOCRACY,)
    assert wish.year == 2026


def test_what_a_query_names_is_not_looked_for_as_a_word():
    words = read("卫生院 2026年下半年 院务公开 怎么写").query.words

    assert "院务" in words
    assert not {"卫生院", "卫生", "2026", "下半年", "怎么"} & set(words)


@pytest.mark.parametrize(
    ("query", "kept"),
    [("计划生育", "计划"), ("企业文化", "企业"), ("职业规划讲座", "规划"), ("工会经费预算", "经费")],
)
def test_a_name_inside_a_longer_word_stays_a_word(query, kept):
    assert any(kept in word for word in read(query).query.words)


def test_a_query_of_nothing_but_names_looks_for_them():
    assert {"医院", "下半年"} <= set(read("医院 下半年 工会 计划").query.words)


# Ranking


def test_keywords_and_meaning_both_find(build):
    sources = build(
        [passage(1, "院务公开栏每月更新"), passage(2, "让职工知情"), passage(3, "组织健步走")],
        {"院务公开": [1, 0, 0], "让职工知情": [0.8, 0.6, 0], "组织健步走": [0, 0, 1]},
    )

    result = find("院务公开", 10, Filters(), sources)

    assert [(hit.passage.id, hit.found_by) for hit in result.hits] == [(1, ("lexical",)), (2, ("semantic",))]
    assert result.notice == ""


def test_one_short_word_means_that_word_if_it_is_anywhere(build):
    texts = ["三八节慰问女职工", "五一节慰问职工"]
    vectors = {text: [1, 0, 0] for text in [*texts, "三八", "七一"]}
    sources = build([passage(number, text) for number, text in enumerate(texts, 1)], vectors)

    assert ids(sources, "三八") == [1]
    assert sorted(ids(sources, "七一")) == [1, 2]


def test_the_same_unit_type_outweighs_a_better_match(build):
    sources = build(
        [
            passage(1, "慰问困难职工，慰问一线职工", org_type=OrgType.SCHOOL),
            passage(2, "开展各类慰问，关心职工生活与身心健康", org_type=OrgType.HOSPITAL),
        ]
    )

    assert ids(sources, "慰问") == [1, 2]
    assert ids(sources, "医院 慰问") == [2, 1]


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


def test_a_unit_type_with_few_passages_is_not_crowded_out(build):
    crowd = [passage(number, f"慰问职工{number}", org_type=OrgType.SCHOOL) for number in range(1, 150)]
    rare = passage(999, "节日期间开展走访活动，看望职工，适时慰问，做好记录和报销", org_type=OrgType.BANK)
    sources = build([*crowd, rare])

    assert ids(sources, "银行 慰问")[0] == 999


def test_distrusted_documents_come_last(build):
    sources = build(
        [
            passage(1, "推行院务公开", flags=frozenset({Flag.SPUN, Flag.STALE})),
            passage(2, "推行院务公开", genre=Genre.SUMMARY),
            passage(3, "推行院务公开"),
        ]
    )

    assert ids(sources, "院务公开") == [3, 2, 1]


def test_reviews_are_not_lowered_when_asked_for(build):
    sources = build([passage(1, "慰问职工"), passage(2, "慰问职工", genre=Genre.SUMMARY)])

    assert ids(sources, "慰问") == [1, 2]
    assert ids(sources, "慰问 总结") == [2, 1]


def test_at_most_two_passages_of_a_document_on_the_first_page(build):
    one = [passage(number, "慰问职工", "same") for number in range(1, 8)]
    sources = build([*one, passage(20, "慰问困难职工和退休职工", "other")])

    assert ids(sources, "慰问", k=10) == [1, 2, 20]


def test_the_rest_of_a_document_follows_only_beyond_the_first_page():
    hits = [Hit(passage(number, "", "same"), 1.0, ()) for number in range(4)]

    assert len(spread(hits, 10)) == 2
    assert [hit.passage.id for hit in spread(hits, 20)] == [0, 1, 2, 3]


def test_filters_are_hard_limits_even_against_the_query(build):
    sources = build(
        [passage(1, "慰问", org_type=OrgType.HOSPITAL), passage(2, "慰问", org_type=OrgType.SCHOOL)],
        {"医院 慰问": [1, 0, 0], "慰问": [1, 0, 0]},
    )

    assert ids(sources, "医院 慰问", filters=Filters(org_types=(OrgType.SCHOOL,))) == [2]


def test_phrases_and_exclusions_bind_meaning_too(build):
    sources = build(
        [passage(1, "走访困难家庭"), passage(2, "走访困难职工"), passage(3, "走访退休人员，困难职工除外")],
        {
            text: [1, 0, 0]
            for text in ("困难职工", "走访困难家庭", "走访困难职工", "走访退休人员，困难职工除外")
        },
    )

    assert ids(sources, "“困难职工” -退休") == [2]


def test_the_same_query_gives_the_same_hits(build):
    sources = build([passage(number, "慰问职工") for number in range(1, 30)])

    assert find("慰问", 10, Filters(), sources) == find("慰问", 10, Filters(), sources)


# What the person sees


def test_highlights_are_merged_spans_of_query_words():
    wish = read("院务公开 “职代会”")
    text = "推行院务公开，召开职代会，公开账目"

    assert [text[start:end] for start, end in highlights(wish, text)] == ["院务公开", "职代会", "公开"]


def test_highlights_ignore_width_and_case():
    text = "使用ＷＰＳ起草"

    assert [text[start:end] for start, end in highlights(read("wps"), text)] == ["ＷＰＳ"]


@pytest.mark.parametrize("query", ["", "   ", "？！", "的"])
def test_a_query_without_content_is_no_error(build, query):
    assert find(query, 10, Filters(), build([passage(1, "慰问职工")])).hits == ()


def test_nothing_near_is_said_instead_of_nonsense(build):
    sources = build([passage(1, "慰问职工")], {"区块链": [1, 0, 0], "慰问职工": [0.2, 0.98, 0]})

    result = find("区块链", 10, Filters(), sources)

    assert result.hits == ()
    assert result.notice == NOTHING


def test_words_that_no_hit_holds_are_named(build):
    text = "送清凉到一线"
    sources = build([passage(1, text)], {"送清凉 骑手": [1, 0, 0], text: [1, 0, 0]})

    assert "“骑手”" in find("送清凉 骑手", 10, Filters(), sources).notice


def test_a_unit_type_without_precedents_is_said(build):
    sources = build([passage(1, "推行校务公开", org_type=OrgType.SCHOOL)], {"校务公开": [1, 0, 0]})

    assert "医院" in find("医院 校务公开", 10, Filters(), sources).notice


def test_keywords_alone_are_said(build):
    assert find("慰问", 10, Filters(), build([passage(1, "慰问职工")])).notice == KEYWORDS_ONLY


def test_an_empty_library_says_there_is_nothing(build):
    assert find("慰问", 10, Filters(), build([])).notice == NOTHING


def test_k_of_zero_gives_no_hits(build):
    assert find("慰问", 0, Filters(), build([passage(1, "慰问职工")])).hits == ()


def test_what_is_far_in_meaning_is_no_answer():
    assert near([]) == [[]]
    assert near([(1, 0.9), (2, 0.5), (3, 0.4)], [(4, 0.43), (5, 0.46)]) == [[(1, 0.9), (2, 0.5)], [(5, 0.46)]]
    assert near([(1, 0.3), (2, 0.19)]) == [[(1, 0.3)]]
    assert near([(1, 0.36), (2, 0.34)], floor=0.35) == [[(1, 0.36)]]


# Other names, halves of the year, frames


def test_another_name_of_the_same_thing_is_looked_for_too(build):
    sources = build([passage(1, "召开职工代表大会"), passage(2, "召开运动会")])

    assert ids(sources, "职代会") == [1]


def test_a_congress_of_teachers_is_not_one_of_workers():
    assert "职代会" not in read("教代会").query.words
    assert read("教代会").alike == ("教职工代表大会", "教工代表大会")


def test_a_feast_lowers_plans_of_the_other_half_of_the_year():
    wish = read("三八")
    same = Fused(1, 0.5, ("lexical",))

    spring = weigh(same, passage(1, "三八节", period=Period.H1), wish)
    autumn = weigh(same, passage(1, "三八节", period=Period.H2), wish)
    year = weigh(same, passage(1, "三八节", period=Period.YEAR), wish)

    assert wish.half is Period.H1
    assert spring.score == year.score > autumn.score


@pytest.mark.parametrize("query", ["慰问", "三八 重阳", "院务公开"])
def test_a_query_of_no_season_or_of_both_names_no_half(query):
    assert read(query).half is None


def test_openings_and_aims_come_after_measures():
    wish = read("合理化建议")
    same = Fused(1, 0.5, ("lexical",))

    measure = weigh(same, passage(1, "合理化建议", section=SectionCode.DEMOCRACY), wish)
    aim = weigh(same, passage(1, "合理化建议", section=SectionCode.GOAL, origin="starter"), wish)
    own = weigh(same, passage(1, "合理化建议", section=SectionCode.GOAL), wish)

    unsorted = weigh(same, passage(1, "合理化建议"), wish)

    assert measure.score > aim.score
    assert own.score == unsorted.score


def test_aims_are_not_lowered_when_asked_for():
    wish = read("工作目标 满意度")
    same = Fused(1, 0.5, ("lexical",))

    assert weigh(same, passage(1, "满意度", section=SectionCode.GOAL), wish).score > 0.5


def test_what_months_hold_asks_for_the_month_table():
    assert SectionCode.SCHEDULE in read("幼儿园 工会 月度活动").sections
    assert SectionCode.SCHEDULE not in read("幼儿园 工会 活动").sections


def test_a_word_that_the_segmenter_only_guessed_is_not_named(build):
    text = "合理安排夜班"
    sources = build([passage(1, text)], {"少上几个晚班": [1, 0, 0], text: [1, 0, 0]})

    assert "少上" not in find("少上几个晚班", 10, Filters(), sources).notice


def test_another_name_in_the_hits_is_not_a_lost_word(build):
    text = "召开职工代表大会"
    sources = build([passage(1, text)], {"职代会": [1, 0, 0], text: [1, 0, 0]})

    assert find("职代会", 10, Filters(), sources).notice == ""


# What a query names, as chips


def test_what_a_query_names_is_told_with_its_place():
    text = "卫生院 2026年下半年 院务公开 计划"

    named = read(text).named

    assert [(item.key, item.text) for item in named] == [
        ("org:hospital", "卫生院"),
        ("year:2026", "2026年"),
        ("period:h2", "下半年"),
        ("section:DEMOCRACY", "院务公开"),
        ("genre:plan", "计划"),
    ]
    assert all(text[item.start : item.end] == item.text for item in named)


@pytest.mark.parametrize(
    ("text", "words", "orgs"),
    [
        ("夜班护士 休息", ["护士"], {OrgType.HOSPITAL, OrgType.HEALTH_SYSTEM}),
        ("教授带年轻老师", ["教授", "老师"], {OrgType.COLLEGE}),
        ("护士 柜员", ["护士", "柜员"], {OrgType.HOSPITAL, OrgType.HEALTH_SYSTEM, OrgType.BANK}),
        ("老师傅带徒弟", ["老师傅"], {OrgType.MFG, OrgType.SOE}),
        ("医院 护士", [], set()),
        ("请医生来讲课", [], set()),
        ("看大夫的钱", [], set()),
    ],
)
def test_people_of_a_trade_speak_for_its_units_and_stay_words(text, words, orgs):
    wish = read(text)

    assert [item.code for item in wish.named if item.kind is NamedKind.PEOPLE] == words
    assert set(wish.staffed) == orgs
    assert set(words) <= set(wish.query.words)


def test_people_taken_away_lift_nothing():
    assert read("夜班护士 休息", without={"people:护士"}).staffed == ()


@pytest.mark.parametrize(
    ("text", "org"),
    [
        ("各学校 换届", OrgType.EDU_SYSTEM),
        ("全县中小学 师德", OrgType.EDU_SYSTEM),
        ("所属医院 职代会", OrgType.HEALTH_SYSTEM),
        ("辖区企业 建会", OrgType.TOWNSHIP),
        ("学校 换届", OrgType.SCHOOL),
        ("各车间 竞赛", OrgType.MFG),
    ],
)
def test_many_units_mean_the_union_above_them(text, org):
    assert read(text).orgs == (org,)


def test_a_name_taken_away_becomes_a_word():
    wish = read("卫生院 下半年 慰问", without={"org:hospital"})

    assert wish.orgs == ()
    assert "卫生院" in wish.query.words
    assert wish.periods == (Period.H2,)


def test_a_search_without_a_name_does_not_lift_it(build):
    sources = build(
        [
            passage(1, "慰问困难职工，慰问一线职工", org_type=OrgType.SCHOOL),
            passage(2, "开展各类慰问，关心职工生活与身心健康", org_type=OrgType.HOSPITAL),
        ]
    )

    result = find("医院 慰问", 10, NO_FILTERS, sources, without={"org:hospital"})

    assert [hit.passage.id for hit in result.hits] == [1, 2]
    assert [item.key for item in result.named] == ["section:CARE"]


def test_what_is_excluded_names_nothing():
    assert read("慰问 -医院").orgs == ()


def test_the_very_kind_of_unit_comes_before_others_of_its_type(build):
    sources = build(
        [
            passage(1, "推行院务公开，院务公开栏每月更新", title="甲医院工会计划", org_type=OrgType.HOSPITAL),
            passage(2, "推行院务公开和政务公开制度", title="乙镇卫生院工会计划", org_type=OrgType.HOSPITAL),
        ]
    )

    assert ids(sources, "卫生院 院务公开") == [2, 1]
    assert ids(sources, "医院 院务公开") == [1, 2]


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


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("站务公开 水利", "甲县水利管理站工会计划"),
        ("图书馆 读书", "乙市图书馆工会计划"),
        ("初中 教代会", "丙县初级中学工会计划"),
        ("社区卫生服务中心 慰问", "丁社区卫生服务中心工会计划"),
    ],
)
def test_words_for_a_kind_of_unit_are_known(query, title):
    assert any(name in title for name in read(query).kinds)


def test_a_health_centre_of_a_community_is_no_community():
    assert "社区" not in read("社区卫生服务中心 慰问").kinds


def test_latin_names_of_units_are_wishes():
    wish = read("hospital 下半年")

    assert (wish.orgs, wish.periods) == ((OrgType.HOSPITAL,), (Period.H2,))
