"""Keyword search: Chinese words of any length, exact phrases, exclusions, filters, odd queries."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import fulltext as index_module
from index.errors import UserError
from index.fulltext import Entry, FullText, normal, parse, plain
from index.types import Filters, Genre, OrgType, Period, SectionCode

TEXTS = {
    1: "深化院务公开，落实职代会各项职权。",
    2: "加强师德师风建设，继续实施青蓝工程，开展建家活动。",
    3: "“三八”妇女节慰问女职工，2026年共二百人。",
    4: "五必访制度：婚丧病困必访，送温暖到家。",
    5: "员工 AND 职工 OR (会员) NOT 患者 ＷＰＳ",
}


@pytest.fixture
def index(tmp_path: Path) -> FullText:
    index = FullText(tmp_path / "全文 索引")
    index.add(Entry(number, text) for number, text in TEXTS.items())
    return index


def found(index: FullText, query: str, **filters: tuple) -> list[int]:
    return [number for number, _ in index.search(query, 10, Filters(**filters))]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("院务", 1),
        ("师德", 2),
        ("三八", 3),
        ("职权", 1),
        ("师风", 2),
        ("德师", 2),
        ("到家", 4),
        ("五必访", 4),
    ],
)
def test_short_words_are_found_however_the_text_was_cut(index, query, expected):
    assert found(index, query) == [expected]


def test_a_single_character_is_found_at_the_start_middle_and_end_of_a_run(index):
    assert found(index, "院") == [1]
    assert sorted(found(index, "家")) == [2, 4]


def test_a_word_that_is_not_there_finds_nothing(index):
    assert found(index, "无人机") == []


def test_more_matching_words_rank_higher(index):
    assert found(index, "师德 建家 慰问")[0] == 2


def test_full_width_letters_match_narrow_ones(index):
    assert found(index, "wps") == [5]


@pytest.mark.parametrize("query", ["“院务公开”", "「院务公开」", '"院务公开"', "『院务公开』"])
def test_an_exact_phrase_in_any_quotes(index, query):
    assert found(index, query) == [1]


def test_a_phrase_does_not_match_its_words_apart(index):
    assert found(index, "“公开职代会”") == []
    assert found(index, "“公开落实”") == []


def test_a_phrase_that_mixes_digits_and_characters(index):
    assert found(index, "“2026年”") == [3]
    assert found(index, "“2025年”") == []


def test_a_phrase_must_match_while_words_need_not(index):
    assert found(index, "“青蓝工程” 慰问") == [2]


def test_a_minus_excludes(index):
    assert sorted(found(index, "慰问 建家")) == [2, 3]
    assert found(index, "慰问 建家 -师德") == [3]
    assert found(index, "慰问 建家 －师德") == [3]


def test_a_hyphen_inside_a_word_excludes_nothing():
    assert parse("2026-2027学年").excluded == ()


@pytest.mark.parametrize("query", ["", "   ", "。，！", "(((", "-", "+-*?:[]{}~^\\/", '"', "“”", "-师德"])
def test_queries_without_a_word_find_nothing(index, query):
    assert found(index, query) == []


def test_operators_of_other_engines_are_plain_words(index):
    assert found(index, "AND") == [5]
    assert found(index, "id:1") == []


def test_stop_words_are_dropped_unless_nothing_else_is_left():
    assert parse("院务公开 怎么", frozenset({"怎么"})).words[-1] != "怎么"
    assert parse("怎么", frozenset({"怎么"})).words == ("怎么",)


def test_filters_limit_and_combine(tmp_path):
    index = FullText(tmp_path)
    hospital = dict(org=OrgType.HOSPITAL, period=Period.H2, genre=Genre.PLAN)
    index.add(
        [
            Entry(1, "慰问职工", section=SectionCode.CARE, **hospital),
            Entry(2, "慰问职工", section=SectionCode.WOMEN, **hospital),
            Entry(3, "慰问职工", org=OrgType.SCHOOL),
            Entry(4, "慰问职工"),
        ]
    )

    assert found(index, "慰问") == [1, 2, 3, 4]
    assert found(index, "慰问", org_types=(OrgType.HOSPITAL, OrgType.SCHOOL)) == [1, 2, 3]
    assert found(index, "慰问", org_types=(OrgType.HOSPITAL,), sections=(SectionCode.WOMEN,)) == [2]
    assert found(index, "慰问", periods=(Period.H1,)) == []


def test_filters_do_not_change_scores(tmp_path):
    index = FullText(tmp_path)
    index.add([Entry(1, "慰问职工", org=OrgType.HOSPITAL), Entry(2, "其他内容")])

    assert index.search("慰问", 5) == index.search("慰问", 5, Filters(org_types=(OrgType.HOSPITAL,)))


def test_a_word_of_the_title_alone_is_found_but_ranks_lower(tmp_path):
    index = FullText(tmp_path)
    index.add([Entry(1, "护林防火", "松坡林场计划"), Entry(2, "林场护林防火", "计划")])

    assert found(index, "林场") == [2, 1]


def test_adding_again_replaces(index):
    index.add([Entry(1, "换成别的")])

    assert len(index) == 5
    assert found(index, "院务") == []
    assert found(index, "换成") == [1]


def test_removing_and_removing_what_is_not_there(index):
    index.remove([1, 99])

    assert len(index) == 4
    assert found(index, "院务") == []


def test_a_reopened_index_holds_what_was_added(index, tmp_path):
    assert found(FullText(tmp_path / "全文 索引"), "院务") == [1]


def test_an_open_index_sees_what_another_adds(index, tmp_path):
    FullText(tmp_path / "全文 索引").add([Entry(9, "后来加入")])

    assert found(index, "后来") == [9]


def test_a_writer_that_never_ends_is_one_sentence(index, tmp_path, monkeypatch):
    monkeypatch.setattr(index_module, "WRITER_WAIT", 0.2)
    writer = FullText(tmp_path / "全文 索引")._writer()

    with pytest.raises(UserError, match="另一个窗口"):
        index.remove([1])

    del writer


def test_positions_survive_narrowing():
    assert normal("ＡＢ①工㈱İ⼯") == "ab1工㈱İ工"


def test_a_phrase_is_looked_for_without_punctuation():
    assert plain("公开，落实") in plain("院务公开，落实职权")
    assert plain("公开栏") not in plain("院务公开")
