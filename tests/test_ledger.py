"""The number ledger: each figure with who brought it, and what is still to be confirmed."""

from dataclasses import replace

import pytest
from check_helpers import PROFILE, TABLES, TODAY, request_for

from assistant.checks import CheckContext, run
from assistant.figures import FigureKind, figures_in, key_of
from assistant.ledger import LedgerContext, Source, confirm, ledger
from assistant.types import Citation, Draft, Section
from index.types import SectionCode

REQUEST = replace(request_for(), text="医院下半年计划，组织60人的健步走，慰问每户800元")
PROFILE_9 = replace(PROFILE, key_tasks=("培训急救员45名",))


def plan_of(text, writer="范例编排", citations=()):
    section = Section("s1", SectionCode.CARE, "帮扶", text, citations=citations, writer=writer)
    return Draft("d1", REQUEST, PROFILE_9, "2026年下半年工作计划", writer, (section,))


def rows_of(text, writer="范例编排", citations=(), **context):
    plan = plan_of(text, writer, citations)
    return {row.text: row for row in ledger(plan, LedgerContext(TABLES, **context))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.9月10日前慰问12户，每户500元。", [("9月10日", "date"), ("12户", "number"), ("500元", "amount")]),
        ("2.提案三个工作日内答复，答复率100%。", [("三个工作日", "number"), ("100%", "number")]),
        ("3.组织三十名代表巡视，讲座两场。", [("三十名", "number"), ("两场", "number")]),
        ("4.按《某办法（2017年）》执行，【待填：3月】。", []),
        ("10.全年不少于4次。", [("4次", "number")]),
        ("1.一万元以内。", [("一万元", "amount")]),
        ("第十九次大会，第一名。", []),
    ],
)
def test_figures_are_found_with_their_kind(text, expected):
    found = list(figures_in(text))
    assert [(f.text, f.kind.value) for f in found] == expected
    assert all(text[f.start : f.end] == f.text for f in found)


def test_each_figure_has_its_bringer():
    text = "1.组织60人健步走，培训急救员45名，全院320人参加。\n2.每季度检查3次，提案五个工作日内答复。"
    start = text.index("每季度检查")
    cited = (Citation(start, start + 7, 9, "d9", "某院计划", "每季度检查3次"),)
    rows = rows_of(text, citations=cited, passages={9: "每季度检查3次，逐项整改。"})
    sources = {name: row.source for name, row in rows.items()}
    assert sources == {
        "2026年": Source.REQUEST,
        "60人": Source.REQUEST,
        "45名": Source.PROFILE,
        "320人": Source.PROFILE,
        "3次": Source.PRECEDENT,
        "五个工作日": Source.COMPOSED,
    }
    assert rows["3次"].note == "某院计划"
    assert rows["320人"].note == "职工人数"
    assert {name for name, row in rows.items() if row.open} == {"3次", "五个工作日"}


def test_what_a_model_adds_is_told_apart():
    row = rows_of("1.全年走访88户。", writer="某模型")["88户"]
    assert (row.source, row.source_name, row.note) == (Source.MODEL, "模型自拟", "某模型")


def test_a_hand_edit_brings_only_what_the_program_had_not_written():
    rows = rows_of("1.每年慰问2次，培训7期。", writer="人工", written={"s1": "1.每年慰问2次。"})
    assert rows["2次"].source is Source.COMPOSED
    assert (rows["7期"].source, rows["7期"].open) == (Source.HAND, False)


def test_months_and_days_of_the_calendar_need_no_confirming_but_an_exact_day_does():
    rows = rows_of("1.9月10日教师节座谈。\n2.10月走访。\n3.11月23日举办拔河赛。")
    assert [name for name, row in rows.items() if row.open] == ["11月23日"]
    assert rows["9月10日"].note.startswith("日历")


def test_a_confirmed_figure_is_no_longer_asked_about_until_its_sentence_changes():
    plan = plan_of("1.提案五个工作日内答复，答复率100%。")
    rows = ledger(plan, LedgerContext(TABLES))
    sure = confirm(plan, [row for row in rows if row.text == "100%"])
    again = {row.text: row for row in ledger(sure, LedgerContext(TABLES))}
    assert (again["100%"].open, again["五个工作日"].open) == (False, True)
    context = CheckContext(TABLES, PROFILE_9, REQUEST, TODAY)
    (told,) = (f for f in run(sure, context) if f.check == "number")
    assert "五个工作日" in told.message
    assert "100%" not in told.message
    changed = replace(sure.sections[0], text="1.提案五个工作日内答复，满意率100%。")
    newer = ledger(replace(sure, sections=(changed,)), LedgerContext(TABLES))
    assert next(row for row in newer if row.text == "100%").open


def test_the_key_leaves_the_item_number_out():
    text = "1.先做一件。\n12.结对率100%；另一句。"
    start = text.index("100%")
    assert key_of(text, start, start + 4) == ("100%", "结对率100%")
    (figure,) = (f for f in figures_in(text) if f.kind is FigureKind.NUMBER and "%" in f.text)
    assert key_of(text, figure.start, figure.end)[1] == "结对率100%"
