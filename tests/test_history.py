import multiprocessing
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from assistant import history_store
from assistant.history import History
from assistant.types import Citation, Draft, Finding, Profile, Request, Section, Severity, Status
from index.errors import UserError
from index.types import Genre, OrgType, Period, SectionCode

NOON = datetime(2026, 11, 21, 12, 0, 0)


def ticking(start: datetime = NOON, step: timedelta = timedelta(seconds=1)) -> Callable[[], datetime]:
    """A clock that moves by `step` at every look."""
    moments = [start - step]

    def look() -> datetime:
        moments[0] += step
        return moments[0]

    return look


def section(section_id: str, text: str, code: str = "CARE") -> Section:
    return Section(id=section_id, code=SectionCode(code), heading="办实事", text=text)


def small(*sections: Section, title: str = "柳湖小学工会工作计划") -> Draft:
    return Draft(
        id="", request=Request(text=""), profile=Profile(), title=title, writer="composer", sections=sections
    )


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "drafts.db", ticking())


@pytest.fixture
def full() -> Draft:
    citation = Citation(2, 9, 17, "abc", "某校计划", "慰问困难职工")
    finding = Finding("period", Severity.HIGH, "s2", 0, 4, "三八节", "不在下半年。", "删去")
    return Draft(
        id="",
        request=Request(
            text="写计划",
            org_type=OrgType.HOSPITAL,
            period=Period.H2,
            year=2026,
            genre=Genre.KEYPOINTS,
            emphasis=("CARE", "夜班"),
            length=800,
            sections=5,
            use_words={"职工": "员工"},
            assumptions=("按2026年写。",),
            today=date(2026, 11, 21),
        ),
        profile=Profile(unit="市三院", org_type=OrgType.HOSPITAL, people=486, upper=("市总工会", "卫生工会")),
        title="市三院工会下半年工作计划",
        writer="model:qwen",
        sections=(
            Section("s1", SectionCode.LEAD, "", "开头。"),
            Section(
                "s2",
                SectionCode.CARE,
                "办实事",
                "1.慰问。\n2.【待填：人数】",
                "主要工作",
                (citation,),
                Status.LOCKED,
                "composer",
            ),
        ),
        signature="市三院工会委员会",
        signed_on="2026年7月3日",
        findings=(finding,),
    )


def test_a_draft_comes_back_exactly(history, full):
    draft_id = history.save(full)
    loaded = history.load(draft_id)
    assert loaded == replace(full, id=draft_id)
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


def test_another_history_on_the_same_file_sees_it(history, full):
    draft_id = history.save(full)
    assert History(history.path).load(draft_id).title == full.title


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


def test_saving_a_section_changes_that_section_only(history, full):
    draft_id = history.save(full)
    changed = replace(full.sections[1], text="1.走访。")
    assert history.save_section(draft_id, changed, "张主席") == 2
    loaded = history.load(draft_id)
    assert loaded.sections == (full.sections[0], changed)
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


def text_of(history: History, draft_id: str) -> str:
    return history.load(draft_id).sections[0].text


@pytest.fixture
def edited(history: History) -> str:
    draft_id = history.save(small(section("s1", "一")))
    for text in ("二", "三"):
        history.save_section(draft_id, section("s1", text), "我")
    return draft_id


def test_undo_twice_goes_further_back(history, edited):
    assert history.undo(edited, "s1") == 4
    assert text_of(history, edited) == "二"
    assert history.undo(edited, "s1") == 5
    assert text_of(history, edited) == "一"
    with pytest.raises(UserError, match="没有可以撤销"):
        history.undo(edited, "s1")
    kinds = [(r.number, r.kind, r.section.text) for r in history.revisions(edited, "s1")]
    assert kinds == [
        (1, "edit", "一"),
        (2, "edit", "二"),
        (3, "edit", "三"),
        (4, "undo", "二"),
        (5, "undo", "一"),
    ]


def test_redo_takes_undo_back_step_by_step(history, edited):
    history.undo(edited, "s1")
    history.undo(edited, "s1")
    history.redo(edited, "s1")
    assert text_of(history, edited) == "二"
    history.redo(edited, "s1")
    assert text_of(history, edited) == "三"
    with pytest.raises(UserError, match="没有可以恢复"):
        history.redo(edited, "s1")
    history.undo(edited, "s1")
    assert text_of(history, edited) == "二"


def test_an_edit_after_undo_ends_redo_and_is_itself_undone_to_what_it_replaced(history, edited):
    history.undo(edited, "s1")
    history.save_section(edited, section("s1", "四"), "我")
    with pytest.raises(UserError, match="没有可以恢复"):
        history.redo(edited, "s1")
    history.undo(edited, "s1")
    assert text_of(history, edited) == "二"
    history.redo(edited, "s1")
    assert text_of(history, edited) == "四"
    history.undo(edited, "s1")
    history.undo(edited, "s1")
    assert text_of(history, edited) == "一"


def test_restore_brings_an_old_state_back_and_can_be_undone(history, edited):
    assert history.restore(edited, "s1", 1, "我") == 4
    assert text_of(history, edited) == "一"
    history.undo(edited, "s1")
    assert text_of(history, edited) == "三"


def test_undo_brings_back_the_whole_section(history, full):
    draft_id = history.save(full)
    history.save_section(
        draft_id, replace(full.sections[1], text="新", citations=(), status=Status.DRAFT), "我"
    )
    history.undo(draft_id, "s2")
    assert history.load(draft_id).sections[1] == full.sections[1]


def test_undo_passes_over_a_change_of_status(history, edited):
    current = history.load(edited).sections[0]
    history.save_section(edited, replace(current, status=Status.REVIEWED), "我")
    history.undo(edited, "s1")
    assert text_of(history, edited) == "二"
    history.redo(edited, "s1")
    assert text_of(history, edited) == "三"


def test_undo_does_not_go_back_to_the_section_not_yet_written(history):
    draft_id = history.save(small(section("s1", "")))
    history.save_section(draft_id, section("s1", "写成的"), "composer")
    with pytest.raises(UserError, match="没有可以撤销"):
        history.undo(draft_id, "s1")
    history.save_section(draft_id, section("s1", ""), "我")
    history.undo(draft_id, "s1")
    assert text_of(history, draft_id) == "写成的"


def test_a_stale_edit_is_refused_and_changes_nothing(history, edited):
    with pytest.raises(UserError, match="第2稿，现在是第3稿"):
        history.save_section(edited, section("s1", "旧窗口里的字"), "我", expected=2)
    with pytest.raises(UserError, match="别处改过"):
        history.undo(edited, "s1", expected=1)
    assert len(history.revisions(edited, "s1")) == 3
    assert history.save_section(edited, section("s1", "四"), "我", expected=3) == 4


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
def test_the_unknown_is_told_in_one_sentence(history, edited, call):
    with pytest.raises(UserError, match=r"。$"):
        call(history, edited)


def test_two_sections_with_one_id_are_a_bug(history):
    with pytest.raises(ValueError, match="same id"):
        history.save(small(section("s1", "甲"), section("s1", "乙")))
    assert history.list() == ()


def test_a_save_that_breaks_off_leaves_nothing_behind(history, monkeypatch):
    draft_id = history.save(small(section("s1", "甲")))

    def breaking(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("assistant.history._add_version", breaking)
    with pytest.raises(RuntimeError, match="power cut"):
        history.save(replace(small(section("s1", "乙")), id=draft_id))
    assert text_of(history, draft_id) == "甲"
    assert len(history.revisions(draft_id, "s1")) == 1


def test_the_database_refuses_to_change_or_delete(history, edited):
    for statement in ("UPDATE revisions SET body = ''", "DELETE FROM versions"):
        with (
            sqlite3.connect(history.path) as database,
            pytest.raises(sqlite3.IntegrityError, match="append-only"),
        ):
            database.execute(statement)
    assert text_of(history, edited) == "三"


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


def test_a_busy_file_is_told(history, edited, monkeypatch):
    monkeypatch.setattr(history_store, "BUSY_SECONDS", 0.05)
    with sqlite3.connect(history.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UserError, match="占用"):
            history.save_section(edited, section("s1", "四"), "我")
        assert text_of(history, edited) == "三"
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
