"""Every phrasing of a request shows in the draft itself, written by the Composer over the shipped library."""

import re
from dataclasses import replace
from datetime import date

import pytest

from assistant.asked import in_own_words
from assistant.concreteness import counted
from assistant.draft import Job, draft
from assistant.evidence import gather
from assistant.numbering import LineKind, lines, plain
from assistant.outline import make_outline
from assistant.repetition import repetition
from assistant.request import parse_request
from assistant.tables import load_tables
from assistant.text import han_count
from assistant.types import FRAME, DraftDone, Profile, Request
from index.library import Library

TODAY = date(2026, 11, 21)
TABLES = load_tables()


@pytest.fixture(scope="module")
def written(indexed_home):
    """A function from a request's sentence to the finished plan."""
    with Library.open(indexed_home / "library") as library:

        def write(asked: str, last_year: tuple[str, ...] = ()):
            request = replace(parse_request(asked, TODAY), last_year=last_year)
            pool = gather(library, request, TABLES)
            outline = make_outline(request, Profile(), TABLES, pool.support)
            events = draft(Job("d", request, Profile(), outline, pool, TABLES))
            return next(event.draft for event in events if isinstance(event, DraftDone))

        yield write


def asked_for(plan) -> list[str]:
    return [f.message for f in plan.findings if f.check in ("request", "outline")]


@pytest.mark.parametrize("count", ["三", "五", "八"])
def test_as_many_parts_as_asked(written, count):
    plan = written(f"给医院工会起草一份2027年工作计划，分{count}个部分")
    assert sum(line.kind is LineKind.H1 for line in lines(plan)) == "零一二三四五六七八".index(count)
    assert asked_for(plan) == []


def test_no_amounts(written):
    assert not re.search(r"\d+元|[十百千万]元(?!旦)", plain(written("机械厂工会2027年计划，不要提具体金额")))


def test_no_section_on_women(written):
    plan = written("给医院工会起草一份2027年工作计划，不写女职工")
    assert "WOMEN" not in [section.code for section in plan.sections]
    assert asked_for(plan) == []


def test_our_word_everywhere_but_in_official_terms(written):
    plan = written("给银行工会起草一份2027年工作计划，我们叫伙伴不叫员工")
    assert "员工" not in plain(plan)
    assert "伙伴" in plain(plan)
    request = Request("", use_words={"职工": "员工"})
    text = "关心职工，开好职工代表大会，学习《职工带薪年休假条例》，维护职工合法权益、竭诚服务职工群众。"
    expected = "关心员工，开好职工代表大会，学习《职工带薪年休假条例》，维护职工合法权益、竭诚服务职工群众。"
    assert in_own_words(text, request, Profile(), TABLES) == expected


def test_length_within_ten_in_a_hundred(written):
    assert abs(han_count(plain(written("医院工会2027年计划，两千字左右"))) - 2000) <= 300


def test_what_must_be_in_is_in_and_what_must_not_is_not(written):
    plan = written("给医院工会起草一份2027年工作计划，智慧食堂和停车位一定要写进去，别搞联欢")
    assert "智慧食堂" in plain(plan)
    assert "停车位" in plain(plan)
    assert "联欢" not in plain(plan)


def test_a_plain_tone_shortens_the_guide_and_drops_ornament(written):
    usual, modest = (written(f"给医院工会起草一份2027年工作计划{wish}") for wish in ("", "，口气朴实"))
    guides = [next(s.text for s in plan.sections if s.code == "GUIDE") for plan in (usual, modest)]
    assert han_count(guides[1]) < han_count(guides[0])


def counts(plan) -> int:
    body = (line for s in plan.sections if s.code not in FRAME for line in s.text.splitlines())
    return sum(map(counted, body))


def goals(plan) -> list[str]:
    return next(section.text for section in plan.sections if section.code == "GOAL").splitlines()


@pytest.mark.parametrize("unit", ["医院", "机械厂"])
def test_who_likes_figures_gets_more_of_them_and_more_goals(written, unit):
    usual, counting = (written(f"{unit}工会2027年计划，1500字{wish}") for wish in ("", "，领导爱看数据"))
    assert counts(counting) >= 1.2 * counts(usual)
    assert len(goals(counting)) > len(goals(usual))


def test_a_short_plan_has_goals_too_where_figures_are_liked(written):
    assert "GOAL" not in [s.code for s in written("医院工会2027年计划，800字").sections]
    assert len(goals(written("医院工会2027年计划，800字，领导爱看数据"))) >= 2


def test_a_plan_keeps_off_what_last_years_said(written):
    asked = "医院工会2027年计划，1500字，避免和去年重复"
    usual = written(asked)
    last = tuple(line for s in usual.sections if s.code not in FRAME for line in s.text.splitlines())
    now = repetition(written(asked, last), "\n".join(last), TABLES)
    assert repetition(usual, "\n".join(last), TABLES).whole > 0.6
    assert now.whole < 0.1


@pytest.mark.parametrize("wish", ["，领导爱看数据", "，避免和去年重复"])
def test_a_wish_that_needs_something_of_hers_is_asked_about_once(wish):
    request = parse_request(f"给医院工会起草一份2027年工作计划{wish}", TODAY)
    assert request.question.count("？") == 1


@pytest.mark.parametrize("text", ["下个月工会活动安排，小学", "12月工会工作计划"])
def test_a_month_is_a_period_of_its_own(text):
    request = parse_request(text, TODAY)
    assert (request.period, request.year, request.part) == ("month", 2026, 12)
