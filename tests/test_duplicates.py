"""Near copies: found, hung under the one that is least damaged, and out of the way of a search."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import HashEncoder
from shelves import DOCUMENTS

from index import kinship
from index.library import Library
from index.types import Added, Flag

TITLE = "白沙厂工会2026年工作计划"
LINES = (
    "一、民主管理",
    "1.三月召开职工代表大会，审议企业年度工作报告和集体合同草案，逐项表决并公示结果。",
    "2.每季度公开一次业务招待费、福利费使用情况，由职工代表现场提问，答复记入会议纪要。",
    "二、劳动保护",
    "1.五月起每月组织班组长开展隐患排查，发现问题当场登记，限七日内整改并由工会复查销号。",
    "2.七月为高温岗位发放防暑用品，调整作业时间，车间设置休息点和饮水点并每日检查。",
    "三、技能竞赛",
    "1.九月与设备科联合举办钳工、电工比武，设一等奖两名、二等奖四名，成绩作为晋级依据。",
)
PLAN = "\n".join(LINES)


def text(lines=LINES, title: str = TITLE) -> str:
    return "\n".join([title, *lines])


@pytest.fixture
def shelf(tmp_path):
    with Library.open(tmp_path / "l", HashEncoder(), starter=False) as opened:
        yield opened


def add(shelf: Library, body: str, name: str = "a.txt"):
    (event,) = shelf.add_text(body, name)
    assert isinstance(event, Added)
    return event.document


def test_another_year_and_a_changed_word_make_a_copy_not_another_plan():
    changed = kinship.shingles(PLAN.replace("三月", "4月").replace("隐患", "风险").replace("2026", "2019"))

    assert kinship.alike(kinship.shingles(PLAN), changed)


def test_two_plans_of_one_trade_are_no_copies():
    other = "\n".join(DOCUMENTS["北岭机械厂工会2026年工作计划"].split("\n"))

    assert not kinship.alike(kinship.shingles(PLAN), kinship.shingles(other))


def test_a_text_without_hanzi_is_like_nothing():
    empty = kinship.shingles("abc 2026")

    assert not len(empty)
    assert kinship.bands(empty) == []
    assert not kinship.alike(empty, empty)


def test_bands_stay_the_same_from_one_version_to_the_next():
    """They are stored: a library kept for years must still find its copies."""
    runs = kinship.shingles("工会工作计划要点")

    assert runs.dtype == np.uint64
    assert len(runs) == 4
    assert kinship.bands(runs)[:2] == [4991495031372201293, 6965199968425551221]
    assert len(kinship.bands(runs)) == 42


def test_the_damaged_copy_hangs_under_the_whole_one_whichever_came_first(shelf):
    cut = add(
        shelf, text((*LINES[:6], "三、技能竞赛", "1.九月与设备科联合举办钳工、电工比武，设一等奖两名，以及"))
    )
    whole = add(shelf, text())

    rows = {row.id: row for row in shelf.documents()}
    assert Flag.TRUNCATED_END in cut.labels.flags or len(cut.title) > 0
    assert rows[cut.id].copy_of == whole.id
    assert Flag.DUPLICATE in rows[cut.id].labels.flags
    assert rows[whole.id].copies == 1
    assert Flag.DUPLICATE not in rows[whole.id].labels.flags


def test_of_two_whole_ones_the_newer_stands(shelf):
    new = add(shelf, text())
    old = add(shelf, text(title="白沙厂工会2024年工作计划").replace("七月", "八月"))

    assert shelf.document(old.id).copy_of == new.id
    assert shelf.document(new.id).copy_of == ""


def test_copies_hang_under_one_document_never_under_a_copy(shelf):
    ids = [add(shelf, text().replace("七月", month), f"{month}.txt").id for month in ("五月", "六月", "七月")]

    heads = {shelf.document(id_).copy_of for id_ in ids}
    (standing,) = (id_ for id_ in ids if shelf.document(id_).copy_of == "")
    assert heads == {"", standing}


def test_a_search_shows_the_standing_document_once_and_says_how_many_hang_under_it(shelf):
    for month in ("五月", "六月", "七月"):
        add(shelf, text().replace("七月", month), f"{month}.txt")

    hits = shelf.search("设备科 钳工 比武").hits

    assert len({hit.passage.document_id for hit in hits}) == 1
    assert hits[0].passage.copies == 2
    assert hits[0].passage.copy_of == ""


def test_words_that_only_a_copy_holds_are_found_in_the_copy(shelf):
    add(shelf, text())
    copy = add(shelf, text((*LINES, "2.十月评选服务明星。"), "白沙厂工会2023年工作计划"))

    hit = shelf.search("“服务明星”").hits[0]

    assert hit.passage.document_id == copy.id


def test_when_the_standing_one_is_removed_the_next_best_stands(shelf):
    ids = [add(shelf, text().replace("七月", month), f"{month}.txt").id for month in ("五月", "六月", "七月")]
    (standing,) = (id_ for id_ in ids if shelf.document(id_).copy_of == "")

    shelf.remove(standing)

    left = [shelf.document(id_) for id_ in ids if id_ != standing]
    assert sorted(document.copy_of == "" for document in left) == [False, True]
    assert {document.copy_of for document in left} == {"", *(d.id for d in left if not d.copy_of)}


def test_of_two_copies_in_one_file_the_longer_stands(shelf):
    page = f"第一篇：{TITLE}\n" + "\n".join(LINES[:4]) + f"\n第二篇：{TITLE}\n{PLAN}\n"
    short, long = (event.document for event in shelf.add_text(page, "page.txt"))

    assert shelf.document(short.id).copy_of == long.id
    assert shelf.document(long.id).copy_of == ""


def test_what_ships_is_never_hung_under_anything(ready_home):
    with Library.open(ready_home / "library") as shelf:
        starter = shelf.documents()[0]
        event, *_ = shelf.add_text(shelf.document(starter.id).text + "\n另加一行：九月开展健步走。", "x.txt")

        assert event.document.copy_of == ""
        assert shelf.document(starter.id).copy_of == ""
