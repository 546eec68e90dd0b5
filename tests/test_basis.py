"""依据: what a section leans on, counted from its citations."""

from dataclasses import replace

from drafting import evidence

from assistant.basis import Basis, bases, basis_of
from assistant.citations import cite
from assistant.types import Draft, Outline, OutlineItem, Profile, Request, Section
from index.types import SectionCode

ONE = evidence(1, "1.8月，摸底职工子女升学情况，符合条件的协助申报上级工会金秋助学。", document="d1")
TWO = evidence(2, "1.9月，举办护理技能比武，由护理部命题，前三名推荐参加市级比赛。", document="d2")


def section(text, code=SectionCode.CARE, writer="范例编排"):
    return Section("s1", code, "帮扶", text, citations=cite(text, [ONE, TWO]), writer=writer)


def test_lines_of_two_precedents_are_well_founded():
    found = basis_of(section("1.摸底职工子女升学情况，逐户登记。\n2.举办护理技能比武，由护理部命题。"))
    assert (found.label, found.name, found.cited, found.lines, found.documents) == (
        Basis.SOUND, "依据充分", 2, 2, 2,
    )  # fmt: skip
    assert "2条里有2条" in found.reason


def test_one_line_in_three_is_some():
    found = basis_of(section("1.摸底职工子女升学情况，逐户登记。\n2.开设象棋角。\n3.更新阅览室图书。"))
    assert (found.label, found.name, found.cited) == (Basis.SOME, "一般", 1)


def test_nothing_found_is_no_precedent():
    found = basis_of(section("1.开设象棋角。\n2.更新阅览室图书。", writer="某模型"))
    assert (found.label, found.name, found.documents) == (Basis.NONE, "无先例", 0)


def test_a_section_the_tables_write_says_so_and_one_a_model_writes_does_not():
    text = "以习近平新时代中国特色社会主义思想为指导。"
    assert basis_of(section(text, SectionCode.GUIDE)).label is Basis.TABLES
    assert basis_of(section(text, SectionCode.GUIDE, "某模型")).label is Basis.NONE


def test_support_of_the_outline_is_told():
    item = OutlineItem("s1", SectionCode.CARE, "帮扶", support=(28, 32))
    plan = Draft(
        "d",
        Request(""),
        Profile(),
        "计划",
        "c",
        (section("1.开设象棋角。"),),
        outline=Outline("计划", (item,)),
    )
    (found,) = bases(plan)
    assert found.support == (28, 32)
    assert "同类32份计划里有28份" in found.reason
    assert bases(replace(plan, outline=None))[0].support == (0, 0)


def test_a_sentence_said_anew_is_cited_whole_as_similar():
    text = "1.8月份摸底职工子女的升学情况，凡符合条件的，协助其申报上级工会的金秋助学。"
    (found,) = cite(
        text,
        [
            evidence(3, "2.八月摸清子女升学状况。按条件协助职工申报金秋助学，上级工会批准。", document="d3"),
            ONE,
        ],
    )
    assert found.document_id == "d1"
    paraphrase = "1.协助符合条件的职工，向上级工会申报子女金秋助学。"
    (similar,) = cite(
        paraphrase, [evidence(4, "1.符合条件的职工子女，协助向上级工会申报金秋助学。", document="d4")]
    )
    assert similar.kind == "similar"
    assert paraphrase[similar.start : similar.end] == "协助符合条件的职工，向上级工会申报子女金秋助学。"
    assert similar.quote == "符合条件的职工子女，协助向上级工会申报金秋助学。"
    assert 0.45 <= similar.score < 1
