"""The library: importing, searching, taking documents out."""

from __future__ import annotations

import logging
import zipfile
from pathlib import Path

import pytest
from shelves import DOCUMENTS, PLAN, TITLE, open_at, titles, variant, write

from index import readers
from index.errors import UserError
from index.types import Added, Failed, Genre, OrgType, Period, Skipped

# Reading


def test_each_document_has_its_labels(library):
    rows = {row.title: row.labels for row in library.documents()}

    assert rows[TITLE].org_type is OrgType.HOSPITAL
    assert rows[TITLE].period is Period.H2
    assert rows["松坡林场工会2026年上半年工作总结"].genre is Genre.SUMMARY
    assert len(rows) == 6


def test_a_two_character_word_finds_its_passage(library):
    assert titles(library, "师德")[0].startswith("石桥实验小学")


def test_a_unit_type_lifts_its_documents(library):
    assert titles(library, "医院 送清凉")[0].startswith("云杉市第九医院")
    assert titles(library, "乡镇工会 送清凉")[0].startswith("青溪镇")


def test_filters_are_kept(library):
    assert set(titles(library, "民主管理", org_types=(OrgType.MFG,))) == {"北岭机械厂工会2026年工作计划"}


def test_a_hit_says_where_it_stands(library):
    hit = library.search("“院务公开栏”").hits[0]
    document = library.document(hit.passage.document_id)

    assert document.text[hit.passage.start : hit.passage.end].strip().endswith(hit.passage.text[-6:])
    assert any(hit.passage.text[start:end] == "院务公开栏" for start, end in hit.highlights)


def test_an_empty_query_finds_nothing(library):
    assert library.search("  ").hits == ()


def test_a_whole_document_comes_back(library):
    row = next(row for row in library.documents() if row.title == TITLE)

    document = library.document(row.id)

    assert "院务公开栏每月更新一次" in document.text
    assert document.sections
    assert library.facts([row.id])[row.id] == document.facts


def test_an_unknown_document_is_one_sentence(library):
    with pytest.raises(UserError, match="没有编号为“nobody”"):
        library.document("nobody")
    with pytest.raises(UserError, match="没有编号为“nobody”"):
        library.remove("nobody")


def test_passages_can_leave_genres_out(library):
    every = library.passages()
    plans = library.passages(without=(Genre.SUMMARY, Genre.REPORT))

    assert {passage.genre for passage in every} - {passage.genre for passage in plans} == {Genre.SUMMARY}
    assert library.passages(limit=3) == every[:3]


def test_stats_count(library):
    stats = library.stats()

    assert (stats.documents, stats.starter, stats.pending) == (6, 0, 0)
    assert (stats.passages, stats.encoder) == (len(library.passages()), "hash-encoder")


# Importing


def test_files_and_folders_are_imported(tmp_path):
    write(tmp_path / "in", "计划.txt")
    write(tmp_path / "in" / "子文件夹", "另一份.txt", PLAN.replace("九月", "十月"))

    with open_at(tmp_path) as library:
        events = list(library.add([tmp_path / "in"]))

        assert [type(event) for event in events] == [Added, Added]
        assert events[0].document.passages > 0
        assert titles(library, "院务公开")


def test_the_same_file_twice_is_skipped(tmp_path):
    path = write(tmp_path, "计划.txt")
    with open_at(tmp_path) as library:
        list(library.add([path]))
        (event,) = library.add([path])

        assert isinstance(event, Skipped)
        assert event.reason == "这份资料已经在库里"
        assert event.document == library.documents()[0]
        assert len(library.documents()) == 1


def test_the_same_text_in_another_file_is_skipped(tmp_path):
    with open_at(tmp_path) as library:
        list(library.add([write(tmp_path, "计划.txt")]))
        (event,) = library.add([write(tmp_path, "副本.md", PLAN + "\n")])

        assert isinstance(event, Skipped)
        assert len(library.documents()) == 1


def test_a_known_file_is_not_even_read(tmp_path, monkeypatch):
    path = write(tmp_path, "计划.txt")
    with open_at(tmp_path) as library:
        list(library.add([path]))
        monkeypatch.setattr(readers, "read", lambda path: pytest.fail("read again"))

        assert isinstance(next(library.add([path])), Skipped)


def test_one_bad_file_never_ends_an_import(tmp_path):
    bad = tmp_path / "坏.docx"
    bad.write_bytes(b"PK\x03\x04 broken")
    with open_at(tmp_path) as library:
        events = list(library.add([bad, tmp_path / "没有.txt", write(tmp_path, "好.txt")]))

        assert [type(event) for event in events] == [Failed, Failed, Added]
        assert "坏.docx" in events[0].path
        assert events[0].reason.endswith("。")


def test_a_bug_in_one_file_is_logged_and_the_rest_goes_on(tmp_path, monkeypatch, caplog):
    real = readers.read
    monkeypatch.setattr(readers, "read", lambda path: 1 / 0 if path.name == "甲.txt" else real(path))
    with open_at(tmp_path) as library, caplog.at_level(logging.ERROR):
        events = list(library.add([write(tmp_path, "甲.txt", variant("甲")), write(tmp_path, "乙.txt")]))

        assert [type(event) for event in events] == [Failed, Added]
        assert "已记入日志" in events[0].reason
        assert "ZeroDivisionError" in caplog.text


def test_a_file_cut_short_is_read_again(tmp_path, monkeypatch):
    """What was stored before the failure stays; the file counts as imported only when all of it is."""
    path = tmp_path / "两份.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, (title, body) in enumerate(list(DOCUMENTS.items())[:2]):
            archive.writestr(f"{number}.txt", f"{title}\n{body}")
    real = readers.read

    def cut(path: Path):
        yield next(iter(real(path)))
        raise UserError("断了。")

    with open_at(tmp_path) as library:
        monkeypatch.setattr(readers, "read", cut)
        assert [type(event) for event in library.add([path])] == [Added, Failed]
        monkeypatch.setattr(readers, "read", real)

        assert [type(event) for event in library.add([path])] == [Skipped, Added]
        assert [type(event) for event in library.add([path])] == [Skipped]


def test_pasted_text_is_imported_under_its_name(tmp_path):
    with open_at(tmp_path) as library:
        (event,) = library.add_text(PLAN, "粘贴的计划")

        assert isinstance(event, Added)
        assert event.path == "粘贴的计划"
        assert titles(library, "院务公开") == [TITLE, TITLE][: len(titles(library, "院务公开"))]


@pytest.mark.parametrize("text", ["", "   \n\n", "\u200b"])
def test_a_text_without_content_fails_in_one_sentence(tmp_path, text):
    with open_at(tmp_path) as library:
        (event,) = library.add_text(text, "空")

        assert isinstance(event, Failed)
        assert library.documents() == []


def test_an_import_left_early_keeps_what_it_had_and_finds_it(tmp_path):
    write(tmp_path / "in", "甲.txt")
    write(tmp_path / "in", "乙.txt", variant("乙"))
    with open_at(tmp_path) as library:
        events = library.add([tmp_path / "in"])
        next(events)
        events.close()

        assert len(library.documents()) == 1
        assert titles(library, "院务公开")
        assert library.stats().pending == 0


def test_a_removed_document_is_gone_and_may_come_again(tmp_path):
    path = write(tmp_path, "计划.txt")
    with open_at(tmp_path) as library:
        (added,) = library.add([path])

        assert library.remove(added.document.id).title == TITLE
        assert titles(library, "院务公开") == []
        assert path.exists()

        (again,) = library.add([path])
        assert isinstance(again, Added)
        assert titles(library, "院务公开")


def test_a_file_without_chinese_is_refused_with_a_sentence(library):
    (event,) = library.add_text("Lorem ipsum dolor sit amet, consectetur adipiscing elit. " * 5, "lorem.txt")
    assert isinstance(event, Failed)
    assert "几乎没有中文" in event.reason


def test_a_lost_title_is_said_and_not_made_up(library):
    text = "一、指导思想\n围绕医院中心工作，做好服务。\n二、主要工作\n1.九月召开职代会，审议绩效办法。\n"
    events = list(library.add_text(text, "旧计划.txt"))
    assert events[0].document.title in ("旧计划", "（原题缺失）旧计划")
