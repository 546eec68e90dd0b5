"""Labels set by hand stay; what was removed can be brought back."""

from __future__ import annotations

import pytest
from fakes import HashEncoder
from shelves import BODY, TITLE

from index.errors import UserError
from index.library import Library
from index.types import Filters, Flag, Genre, OrgType, Period


@pytest.fixture
def shelf(tmp_path):
    with Library.open(tmp_path / "l", HashEncoder(), starter=False) as opened:
        list(opened.add_text(f"{TITLE}\n{BODY}", "计划.txt"))
        yield opened


def only(shelf: Library):
    (row,) = shelf.documents()
    return row


def test_a_corrected_label_is_the_label_everywhere(shelf):
    id_ = only(shelf).id

    shelf.correct(id_, {"org_type": "school", "时段": "year", "year": "2025", "文种": "工作要点"})

    row = only(shelf)
    assert (row.labels.org_type, row.labels.period, row.labels.year) == (OrgType.SCHOOL, Period.YEAR, 2025)
    assert row.labels.genre is Genre.KEYPOINTS
    assert row.corrected == ("genre", "org_type", "period", "year")
    assert shelf.search("送清凉", filters=Filters(org_types=(OrgType.SCHOOL,))).hits
    assert not shelf.search("送清凉", filters=Filters(org_types=(OrgType.HOSPITAL,))).hits


def test_it_stays_after_a_rebuild_and_after_another_import(shelf):
    id_ = only(shelf).id
    shelf.correct(id_, {"org_type": "school", "title": "更正的标题"})

    list(shelf.rebuild())
    assert only(shelf).labels.org_type is OrgType.SCHOOL

    shelf.remove(id_)
    list(shelf.add_text(f"{TITLE}\n{BODY}", "又一次.txt"))
    assert only(shelf).labels.org_type is OrgType.SCHOOL
    assert only(shelf).title == "更正的标题"


def test_taken_back_the_label_is_what_the_content_says(shelf):
    before = only(shelf)
    shelf.correct(before.id, {"org_type": "school", "year": "", "flags": "spun", "title": "别的"})
    assert only(shelf).labels.year is None
    assert only(shelf).labels.flags == {Flag.SPUN}

    shelf.correct(before.id, {})

    assert only(shelf).labels.org_type is OrgType.HOSPITAL
    assert (only(shelf).title, only(shelf).labels.year) == (before.title, before.labels.year)
    assert only(shelf).corrected == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"org_type": "银河"}, "单位类型没有“银河”"),
        ({"year": "明年"}, "年份要写成四位数字"),
        ({"year": "0026"}, "年份要写成四位数字"),
        ({"title": " "}, "标题不能是空的"),
        ({"colour": "red"}, "没有“colour”这一项"),
        ({"genre": "plan", "flags": "好看"}, "提醒没有“好看”"),
    ],
)
def test_a_wrong_correction_is_one_sentence_and_changes_nothing(shelf, changes, says):
    before = only(shelf)

    with pytest.raises(UserError, match=says):
        shelf.correct(before.id, changes)

    assert only(shelf) == before


def test_an_unknown_document_cannot_be_corrected(shelf):
    with pytest.raises(UserError, match="没有编号为“nobody”"):
        shelf.correct("nobody", {"year": "2026"})


def test_what_was_removed_comes_back_as_it_was(shelf):
    before = shelf.document(only(shelf).id)
    shelf.correct(before.id, {"period": "year"})
    corrected = shelf.document(before.id)
    shelf.remove(before.id)
    assert not shelf.search("送清凉").hits

    shelf.restore(before.id)

    assert shelf.document(before.id) == corrected
    assert shelf.search("送清凉").hits
    shelf.correct(before.id, {})
    assert shelf.document(before.id).labels == before.labels


def test_only_what_was_removed_can_be_restored(shelf):
    with pytest.raises(UserError, match="最近删除的资料里没有"):
        shelf.restore(only(shelf).id)
