"""Three whole plans by models that misbehave: nothing of prompt, precedent or manners is left in them.

All twelve, with a real small model and every prompt to read: benchmarks/model_writer_plans.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from misbehaviour import PLANS, Plan, Scripted, misbehaviours, planted, survivors, write_plan

from assistant.text import han_count
from index.library import Library

CHOSEN = tuple(plan for plan in PLANS if plan.name in ("clinic h2", "bank year", "office keypoints"))
KINDS = tuple(misbehaviours(CHOSEN[0]))


@pytest.fixture(scope="module")
def library(indexed_home) -> Iterator[Library]:
    """The starter library alone."""
    with Library.open(indexed_home / "library") as opened:
        yield opened


@pytest.fixture(scope="module", params=CHOSEN, ids=lambda plan: plan.name.replace(" ", "-"))
def plan(library, request) -> Iterator[Plan]:
    """A plan to write, its stranger's precedent in the library."""
    with planted(library, request.param):
        yield request.param


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_misbehaving_model_is_left(library, plan, kind):
    draft = write_plan(library, plan, Scripted(misbehaviours(plan)[kind]))
    assert survivors(draft, plan) == {}
    assert all(section.text.strip() for section in draft.sections)


def test_a_section_of_another_units_sentences_is_not_taken(library, plan):
    draft = write_plan(library, plan, Scripted(misbehaviours(plan)["other unit"]))
    assert {section.writer for section in draft.sections} == {"范例编排"}


def test_prompts_ask_for_what_can_be_done(library, plan):
    """No precedent the first version holds already, room for all of it, and nothing written out of nothing."""
    model = Scripted(misbehaviours(plan)["good"])
    write_plan(library, plan, model)
    for messages in model.prompts:
        prompt = messages[-1]["content"]
        first = re.search(r"【初稿开始】\n(.*)\n【初稿结束】", prompt, re.DOTALL)[1]
        shown = re.findall(r"〔范例\d+开始〕(.*?)〔范例", prompt, re.DOTALL)
        assert not [text for text in shown if text[:20] in first]
        assert int(re.search(r"全节约(\d+)字", prompt)[1]) >= han_count(first)
        assert first != "（无）"


def test_short_sections_do_not_swell_those_after_them(library, plan):
    """A model that writes little does not make the Composer pour the rest into the sections to come."""
    model = Scripted(misbehaviours(plan)["good"])
    write_plan(library, plan, model)
    firsts = [
        re.search(r"【初稿开始】\n(.*)\n【初稿结束】", m[-1]["content"], re.DOTALL)[1] for m in model.prompts
    ]
    assert max(map(han_count, firsts)) < 420
