"""Drafts and their revisions as they are kept."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from histories import NOON, section, small

from assistant.history import History
from assistant.types import Severity, Status
from index.types import Period


def test_a_draft_comes_back_exactly(history, full_draft):
    draft_id = history.save(full_draft)
    loaded = history.load(draft_id)
    assert loaded == replace(full_draft, id=draft_id)
    assert type(loaded.request.period) is Period
    assert type(loaded.request.today) is date
    assert type(loaded.sections[1].citations) is tuple
    assert loaded.sections[1].status is Status.LOCKED
    assert loaded.findings[0].severity is Severity.HIGH


def test_half_a_surrogate_pair_and_odd_signs_survive(history):
    text = "甲\ud800乙\x00丙\u2028丁\n\t“'\"\\"
    draft_id = history.save(small(section("s1", text), title="题\udfff"))
    assert history.load(draft_id).sections[0].text == text
    assert history.list()[0].title == "题\udfff"


def test_another_history_on_the_same_file_sees_it(history, full_draft):
    draft_id = history.save(full_draft)
    assert History(history.path).load(draft_id).title == full_draft.title


def test_ids_are_short_sorted_by_time_and_unique(tmp_path):
    same_moment = History(tmp_path / "drafts.db", lambda: NOON)
    ids = [same_moment.save(small(title=str(number))) for number in range(40)]
    assert ids[0] == "d20261121-ht0x"
    assert ids == sorted(ids)
    assert len(set(ids)) == 40
    later = History(tmp_path / "drafts.db", lambda: NOON + timedelta(minutes=5)).save(small())
    tomorrow = History(tmp_path / "drafts.db", lambda: datetime(2026, 11, 22)).save(small())
    assert ids[-1] < later < tomorrow == "d20261122-0000"


def test_a_draft_with_an_id_of_its_own_keeps_it(history):
    assert history.save(replace(small(), id="d20260101-zzzz")) == "d20260101-zzzz"
    assert history.load("d20260101-zzzz").id == "d20260101-zzzz"


def test_list_shows_the_one_changed_last_first(history):
    first = history.save(small(section("s1", "甲"), title="第一份"))
    second = history.save(small(title="第二份"))
    assert [found.id for found in history.list()] == [second, first]
    history.save_section(first, section("s1", "乙"), "我")
    summaries = history.list()
    assert [found.id for found in summaries] == [first, second]
    assert summaries[0].title == "第一份"
    assert summaries[0].sections == 1
    assert summaries[0].versions == 1
    assert summaries[0].created == "2026-11-21T12:00:00"
    assert summaries[0].updated > summaries[1].updated


def test_an_empty_history_lists_nothing(history):
    assert history.list() == ()


def test_saving_a_section_changes_that_section_only(history, full_draft):
    draft_id = history.save(full_draft)
    changed = replace(full_draft.sections[1], text="1.走访。")
    assert history.save_section(draft_id, changed, "张主席") == 2
    loaded = history.load(draft_id)
    assert loaded.sections == (full_draft.sections[0], changed)
    assert [r.number for r in history.revisions(draft_id, "s1")] == [1]
    second = history.revisions(draft_id, "s2")[1]
    assert (second.author, second.kind, second.section.text) == ("张主席", "edit", "1.走访。")


def test_saving_the_same_content_adds_nothing(history):
    draft_id = history.save(small(section("s1", "甲")))
    assert history.save_section(draft_id, section("s1", "甲"), "我") == 1
    assert history.save(history.load(draft_id)) == draft_id
    assert len(history.revisions(draft_id, "s1")) == 1
    assert history.list()[0].versions == 1


def test_each_saved_whole_can_be_loaded_again(history):
    draft_id = history.save(small(section("s1", "甲"), section("s2", "子")))
    first = history.load(draft_id)
    history.save_section(draft_id, section("s1", "乙"), "我")
    history.save(replace(first, title="新题目", sections=(section("s2", "丑"), section("s3", "寅"))))
    assert history.load(draft_id, version=1) == first
    now = history.load(draft_id)
    assert now.title == "新题目"
    assert [(s.id, s.text) for s in now.sections] == [("s2", "丑"), ("s3", "寅")]
    # The section that left the plan keeps its history.
    assert [r.section.text for r in history.revisions(draft_id, "s1")] == ["甲", "乙"]


def test_two_sections_with_one_id_are_a_bug(history):
    with pytest.raises(ValueError, match="same id"):
        history.save(small(section("s1", "甲"), section("s1", "乙")))
    assert history.list() == ()
