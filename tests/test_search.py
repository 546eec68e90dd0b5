"""What a search finds, in what order, and what it says of it: over a few passages and hand-made vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import TableEncoder
from ranked import passage, weigh

from index.fulltext import FullText
from index.indexing import entry_of
from index.search import KEYWORDS_ONLY, NOTHING, Sources, find, highlights, near
from index.types import Filters, Flag, Genre, OrgType, Passage, Period, SectionCode
from index.vectors import FaissStore
from index.weighing import Fused
from index.wish import read

NO_FILTERS = Filters()
Build = Callable[..., Sources]


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


def ids(sources: Sources, query: str, k: int = 10, filters: Filters = NO_FILTERS) -> list[int]:
    return [hit.passage.id for hit in find(query, k, filters, sources).hits]


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


def test_small_words_of_talk_are_not_named_as_lost(build):
    text = "合理安排夜班"
    asked = "夜班 是不是 一整天"
    sources = build([passage(1, text)], {asked: [1, 0, 0], text: [1, 0, 0]})

    assert find(asked, 10, Filters(), sources).notice == ""


def test_another_name_in_the_hits_is_not_a_lost_word(build):
    text = "召开职工代表大会"
    sources = build([passage(1, text)], {"职代会": [1, 0, 0], text: [1, 0, 0]})

    assert find("职代会", 10, Filters(), sources).notice == ""


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


def test_the_very_kind_of_unit_comes_before_others_of_its_type(build):
    sources = build(
        [
            passage(1, "推行院务公开，院务公开栏每月更新", title="甲医院工会计划", org_type=OrgType.HOSPITAL),
            passage(2, "推行院务公开和政务公开制度", title="乙镇卫生院工会计划", org_type=OrgType.HOSPITAL),
        ]
    )

    assert ids(sources, "卫生院 院务公开") == [2, 1]
    assert ids(sources, "医院 院务公开") == [1, 2]
