from datetime import date

import pytest
from drafting import TABLES, TODAY, item, task

from assistant.compose import Composer
from assistant.mask import blanks
from assistant.outline import make_outline
from assistant.request import parse_request
from assistant.types import Profile
from index.types import Genre, Period, SectionCode


def write(what, text):
    return "".join(Composer(TABLES).write(task((), what, text=text)))


def test_a_summary_is_of_what_was_done_not_of_what_is_to_come():
    request = parse_request("医院工会年度工作总结", TODAY)
    assert (request.genre, request.period, request.year) == (Genre.SUMMARY, Period.YEAR, 2026)
    assert parse_request("医院工会下半年总结", date(2026, 3, 1)).year == 2025


def test_a_summary_asks_for_every_figure_and_invents_none():
    text = write(item(SectionCode.DEMOCRACY, "民主管理"), "医院工会年度工作总结")
    assert "职代会" in text
    assert not any(character.isdigit() for character in text)
    assert len(blanks(text)) >= 3


def test_a_schools_summary_speaks_of_its_own_congress():
    assert "教代会" in write(item(SectionCode.DEMOCRACY, "民主管理"), "小学工会年度工作总结")


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("医院工会年度总结加明年打算，一起写", "2026年工作回顾"),
        ("医院工会上半年总结和2026年下半年计划", "2026年上半年工作回顾"),
    ],
)
def test_a_hybrid_looks_back_first_and_then_plans(text, heading):
    request = parse_request(text, TODAY)
    outline = make_outline(request, Profile(), TABLES, {})
    assert request.genre is Genre.HYBRID
    assert outline.items[0].heading == heading
    assert {SectionCode.GUIDE, SectionCode.SAFEGUARD} <= {i.code for i in outline.items}


def test_key_points_open_with_their_general_requirement():
    lead = write(item(SectionCode.LEAD, ""), "局机关工会2027年要点")
    assert lead.startswith("2027年工会工作的总体要求是：")
    assert "计划" not in lead
