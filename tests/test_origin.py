"""Every character of a cleaned text is traced to the file it came from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.clean import clean
from index.clean_rules import apply
from index.intake import documents_in
from index.origin import Origin
from index.types import RawDocument, Repair

PAGE = """关注公众号下载文档
第一篇：临江厂工会工作计划
一、关心(guān)职工
1.关(guān)心职工生活，夏季送清凉,冬季送温暖。
二、劳动竞赛
1.组织技能比武一次，评出技术能手十名。
第二篇：临江小学工会工作计划
一、民主管理
1.召開教代會，審議學校發展規劃，公開校務。
2.徵集教師提案並逐條答覆。
"""


def test_a_replaced_character_is_the_only_one_that_is_not_kept():
    text, repairs = apply("关心取工生活", [Repair("N5", 2, 4, "取工", "职工")])

    origin = Origin.same(6).after(repairs)

    assert text == "关心职工生活"
    assert origin.runs == ((0, 0, 2), (3, 3, 3))
    assert origin.span(2, 3) == (2, 3)


def test_spans_after_a_deletion_point_at_the_original():
    origin = Origin.same(12).after([Repair("N1", 1, 7, "(guān)", "")])

    assert origin.runs == ((0, 0, 1), (7, 1, 5))
    assert origin.span(0, 1) == (0, 1)
    assert origin.span(1, 3) == (7, 9)
    assert origin.span(0, 3) == (0, 9)


def test_what_was_put_in_stands_in_the_gap_it_fills():
    origin = Origin.same(4).after([Repair("N25", 2, 2, "", "\n")])

    assert origin.span(2, 3) == (2, 2)


def test_a_repair_of_a_repaired_text_says_where_it_was_in_the_file():
    raw = "一、办实事\n关(guān)心职工，工会金费到位。"
    places = {repair.kind: raw[repair.raw_start : repair.raw_end] for repair in clean(raw).repairs}

    assert places == {"N1": "(guān)", "N5": "金费"}


def test_a_file_is_shared_out_whole_among_its_documents():
    first, second = documents_in(RawDocument("a.txt", PAGE, "txt"), "user")

    assert first.original.text + second.original.text == PAGE
    assert first.original.text.startswith("关注公众号")
    assert second.original.text.startswith("\n第二篇")
    assert "开教代会，审议学校" in second.text
    assert {repair.kind for repair in first.repairs} >= {"N1", "N27"}
    assert {repair.kind for repair in second.repairs} == {"N37"}


def test_what_a_document_keeps_stands_in_the_file_in_the_same_words():
    for document in documents_in(RawDocument("a.txt", PAGE, "txt"), "user"):
        original = document.original
        assert sum(length for _, _, length in original.runs) > 0.5 * len(document.text)
        for raw, there, length in original.runs:
            assert original.text[raw : raw + length] == document.text[there : there + length]


@given(
    st.text("工会职abc\n", max_size=40),
    st.lists(
        st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.text("新x", max_size=3)), max_size=6)
    ),
)
def test_runs_always_hold_the_same_characters_on_both_sides(raw, steps):
    text, origin = raw, Origin.same(len(raw))
    for step in steps:
        places = sorted((start % (len(text) + 1), length) for start, length, _ in step)
        wanted = [
            Repair("N0", start, min(start + length, len(text)), text[start : start + length], put)
            for (start, length), (_, _, put) in zip(places, step, strict=True)
        ]
        new, made = apply(text, wanted)
        text, origin = new, origin.after(made)

    for start, there, length in origin.runs:
        assert length > 0
        assert raw[start : start + length] == text[there : there + length]
    for before, after in zip(origin.runs, origin.runs[1:], strict=False):
        assert before[0] + before[2] <= after[0]
        assert before[1] + before[2] <= after[1]
