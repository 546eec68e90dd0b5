"""Undo, redo and restore of one section."""

from dataclasses import replace

import pytest
from histories import section, small, text_of

from assistant.types import Status
from index.errors import UserError


def test_undo_twice_goes_further_back(history, edited_draft):
    assert history.undo(edited_draft, "s1") == 4
    assert text_of(history, edited_draft) == "二"
    assert history.undo(edited_draft, "s1") == 5
    assert text_of(history, edited_draft) == "一"
    with pytest.raises(UserError, match="没有可以撤销"):
        history.undo(edited_draft, "s1")
    kinds = [(r.number, r.kind, r.section.text) for r in history.revisions(edited_draft, "s1")]
    assert kinds == [
        (1, "edit", "一"),
        (2, "edit", "二"),
        (3, "edit", "三"),
        (4, "undo", "二"),
        (5, "undo", "一"),
    ]


def test_redo_takes_undo_back_step_by_step(history, edited_draft):
    history.undo(edited_draft, "s1")
    history.undo(edited_draft, "s1")
    history.redo(edited_draft, "s1")
    assert text_of(history, edited_draft) == "二"
    history.redo(edited_draft, "s1")
    assert text_of(history, edited_draft) == "三"
    with pytest.raises(UserError, match="没有可以恢复"):
        history.redo(edited_draft, "s1")
    history.undo(edited_draft, "s1")
    assert text_of(history, edited_draft) == "二"


def test_an_edit_after_undo_ends_redo_and_is_itself_undone_to_what_it_replaced(history, edited_draft):
    history.undo(edited_draft, "s1")
    history.save_section(edited_draft, section("s1", "四"), "我")
    with pytest.raises(UserError, match="没有可以恢复"):
        history.redo(edited_draft, "s1")
    history.undo(edited_draft, "s1")
    assert text_of(history, edited_draft) == "二"
    history.redo(edited_draft, "s1")
    assert text_of(history, edited_draft) == "四"
    history.undo(edited_draft, "s1")
    history.undo(edited_draft, "s1")
    assert text_of(history, edited_draft) == "一"


def test_restore_brings_an_old_state_back_and_can_be_undone(history, edited_draft):
    assert history.restore(edited_draft, "s1", 1, "我") == 4
    assert text_of(history, edited_draft) == "一"
    history.undo(edited_draft, "s1")
    assert text_of(history, edited_draft) == "三"


def test_undo_brings_back_the_whole_section(history, full_draft):
    draft_id = history.save(full_draft)
    history.save_section(
        draft_id, replace(full_draft.sections[1], text="新", citations=(), status=Status.DRAFT), "我"
    )
    history.undo(draft_id, "s2")
    assert history.load(draft_id).sections[1] == full_draft.sections[1]


def test_undo_passes_over_a_change_of_status(history, edited_draft):
    current = history.load(edited_draft).sections[0]
    history.save_section(edited_draft, replace(current, status=Status.REVIEWED), "我")
    history.undo(edited_draft, "s1")
    assert text_of(history, edited_draft) == "二"
    history.redo(edited_draft, "s1")
    assert text_of(history, edited_draft) == "三"


def test_undo_does_not_go_back_to_the_section_not_yet_written(history):
    draft_id = history.save(small(section("s1", "")))
    history.save_section(draft_id, section("s1", "写成的"), "composer")
    with pytest.raises(UserError, match="没有可以撤销"):
        history.undo(draft_id, "s1")
    history.save_section(draft_id, section("s1", ""), "我")
    history.undo(draft_id, "s1")
    assert text_of(history, draft_id) == "写成的"


def test_a_stale_edit_is_refused_and_changes_nothing(history, edited_draft):
    with pytest.raises(UserError, match="第2稿，现在是第3稿"):
        history.save_section(edited_draft, section("s1", "旧窗口里的字"), "我", expected=2)
    with pytest.raises(UserError, match="别处改过"):
        history.undo(edited_draft, "s1", expected=1)
    assert len(history.revisions(edited_draft, "s1")) == 3
    assert history.save_section(edited_draft, section("s1", "四"), "我", expected=3) == 4


@pytest.mark.parametrize(
    "call",
    [
        lambda history, known: history.load("d20200101-0000"),
        lambda history, known: history.load(known, version=9),
        lambda history, known: history.revisions("d20200101-0000", "s1"),
        lambda history, known: history.revisions(known, "s9"),
        lambda history, known: history.save_section(known, section("s9", "字"), "我"),
        lambda history, known: history.save_section("d20200101-0000", section("s1", "字"), "我"),
        lambda history, known: history.restore(known, "s1", 9),
        lambda history, known: history.undo(known, "s9"),
        lambda history, known: history.redo("", "s1"),
    ],
)
def test_the_unknown_is_told_in_one_sentence(history, edited_draft, call):
    with pytest.raises(UserError, match=r"。$"):
        call(history, edited_draft)
