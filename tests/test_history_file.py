"""The file of the drafts: broken off, old, strange, busy, shared by processes."""

import multiprocessing
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from histories import section, small, text_of, ticking

from assistant import history_store
from assistant.history import History
from index.errors import UserError


def test_a_save_that_breaks_off_leaves_nothing_behind(history, monkeypatch):
    draft_id = history.save(small(section("s1", "甲")))

    def breaking(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("assistant.history._add_version", breaking)
    with pytest.raises(RuntimeError, match="power cut"):
        history.save(replace(small(section("s1", "乙")), id=draft_id))
    assert text_of(history, draft_id) == "甲"
    assert len(history.revisions(draft_id, "s1")) == 1


def test_the_database_refuses_to_change_or_delete(history, edited_draft):
    for statement in ("UPDATE revisions SET body = ''", "DELETE FROM versions"):
        with (
            sqlite3.connect(history.path) as database,
            pytest.raises(sqlite3.IntegrityError, match="append-only"),
        ):
            database.execute(statement)
    assert text_of(history, edited_draft) == "三"


def test_a_file_of_the_first_version_is_brought_up_to_date(tmp_path, monkeypatch):
    path = tmp_path / "drafts.db"
    with monkeypatch.context() as old:
        old.setattr(history_store, "MIGRATIONS", history_store.MIGRATIONS[:1])
        draft_id = History(path, ticking()).save(small(section("s1", "旧")))
    assert text_of(History(path), draft_id) == "旧"
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA user_version").fetchone()[0] == len(history_store.MIGRATIONS)
        assert database.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_file_of_a_newer_program_is_left_alone(history):
    history.save(small())
    with sqlite3.connect(history.path) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(UserError, match="升级"):
        history.list()


def test_a_record_with_an_unknown_code_is_told(history):
    draft_id = history.save(small(section("s1", "甲")))
    with sqlite3.connect(history.path) as database:
        database.execute("DROP TRIGGER revisions_keep_UPDATE")
        database.execute("UPDATE revisions SET body = replace(body, 'CARE', 'SPACE')")
    with pytest.raises(UserError, match="升级"):
        history.load(draft_id)


def test_a_field_added_later_takes_its_default(history):
    draft_id = history.save(small(section("s1", "甲")))
    with sqlite3.connect(history.path) as database:
        database.execute("DROP TRIGGER revisions_keep_UPDATE")
        database.execute("""UPDATE revisions SET body = replace(body, ',"writer":""', '')""")
    assert history.load(draft_id).sections == (section("s1", "甲"),)


def test_a_file_that_is_no_database_is_told(tmp_path):
    path = tmp_path / "drafts.db"
    path.write_text("这不是数据库" * 100)
    with pytest.raises(UserError, match="不是草稿库"):
        History(path).list()
    assert path.read_text().startswith("这不是数据库")


def test_a_place_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "文件").write_text("x")
    with pytest.raises(UserError, match="打不开"):
        History(tmp_path / "文件" / "drafts.db").list()
    (tmp_path / "drafts.db").mkdir()
    with pytest.raises(UserError, match="打不开"):
        History(tmp_path / "drafts.db").list()


def test_a_busy_file_is_told(history, edited_draft, monkeypatch):
    monkeypatch.setattr(history_store, "BUSY_SECONDS", 0.05)
    with sqlite3.connect(history.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UserError, match="占用"):
            history.save_section(edited_draft, section("s1", "四"), "我")
        assert text_of(history, edited_draft) == "三"
        other.execute("ROLLBACK")


def _write_many(start: Barrier, path: Path, draft_id: str, name: str, count: int) -> None:
    history = History(path)
    start.wait(60)
    for number in range(count):
        history.save_section(draft_id, section("s1", f"{name}{number}"), name)


def _create(start: Barrier, path: Path, name: str) -> None:
    start.wait(60)
    History(path).save(small(section("s1", name), title=name))


def _in_processes(target: Callable[..., None], calls: list[tuple[object, ...]]) -> list[int | None]:
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(len(calls))
    workers = [spawn.Process(target=target, args=(start, *arguments)) for arguments in calls]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    return [worker.exitcode for worker in workers]


def test_two_processes_lose_no_revision(history):
    draft_id = history.save(small(section("s1", "开头")))
    calls = [(history.path, draft_id, name, 25) for name in ("甲", "乙")]
    assert _in_processes(_write_many, calls) == [0, 0]
    found = history.revisions(draft_id, "s1")
    assert [r.number for r in found] == list(range(1, 52))
    assert {r.section.text for r in found} == {"开头"} | {f"{n}{i}" for n in "甲乙" for i in range(25)}


def test_processes_may_create_the_file_together(tmp_path):
    path = tmp_path / "drafts.db"
    names = ["甲", "乙", "丙", "丁"]
    assert _in_processes(_create, [(path, name) for name in names]) == [0, 0, 0, 0]
    assert sorted(found.title for found in History(path).list()) == sorted(names)
