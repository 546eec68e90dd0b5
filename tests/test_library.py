"""The library as a person meets it: import, search, remove, crash, another encoder, two processes."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest
from conftest import DOCUMENTS
from fakes import HashEncoder

from index import library as library_module
from index import readers
from index.errors import IndexMismatch, UserError
from index.library import Library
from index.types import Added, Failed, Filters, Genre, OrgType, Period, Skipped

TITLE, BODY = next(iter(DOCUMENTS.items()))
PLAN = f"{TITLE}\n{BODY}"


def variant(mark: str) -> str:
    """Return another document: the same plan with a line of its own."""
    return f"{PLAN}2.为{mark}科室添置休息用品，九月底前到位。\n"


def write(folder: Path, name: str, text: str = PLAN) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def titles(library: Library, query: str, **filters: tuple) -> list[str]:
    return [hit.passage.title for hit in library.search(query, 10, Filters(**filters)).hits]


def open_at(tmp_path: Path, encoder: HashEncoder | None = None) -> Library:
    return Library.open(tmp_path / "l", encoder or HashEncoder(), starter=False)


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


# Crashes, encoders, processes


def test_opening_finishes_what_a_crash_left(tmp_path, monkeypatch):
    library = open_at(tmp_path)
    monkeypatch.setattr(library._indexes, "catch_up", lambda: iter(()))
    list(library.add_text(PLAN, "计划"))
    assert library.stats().pending > 0
    library.close()

    with open_at(tmp_path) as again:
        assert again.stats().pending == 0
        assert titles(again, "院务公开")


@pytest.mark.parametrize("broken", ["index.fulltext.FullText.update", "index.vectors.FaissStore.save"])
def test_a_failure_between_the_two_indexes_is_mended_at_the_next_opening(tmp_path, monkeypatch, broken):
    def fail(*arguments: object) -> None:
        raise UserError("磁盘满了。")

    library = open_at(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(broken, fail)
        with pytest.raises(UserError, match="磁盘满了"):
            list(library.add_text(PLAN, "计划"))
    library.close()

    with open_at(tmp_path) as again:
        assert again.stats().pending == 0
        assert len(again._indexes.store) == len(again._indexes.fulltext) == again.stats().passages


@pytest.mark.parametrize("folder", ["vectors", "fulltext"])
def test_a_lost_index_is_built_again_at_the_next_opening(tmp_path, folder):
    with open_at(tmp_path) as library:
        list(library.add_text(PLAN, "计划"))
    shutil.rmtree(tmp_path / "l" / folder)

    with open_at(tmp_path) as again:
        assert titles(again, "院务公开")
        assert len(again._indexes.store) == again.stats().passages


@pytest.mark.parametrize("also_vectors", [True, False])
def test_indexes_of_an_older_version_are_built_again_at_the_next_opening(tmp_path, also_vectors):
    import tantivy

    with open_at(tmp_path) as library:
        list(library.add_text(PLAN, "计划"))
    folder = tmp_path / "l" / "fulltext"
    shutil.rmtree(folder)
    folder.mkdir()
    older = tantivy.SchemaBuilder()
    older.add_integer_field("id", stored=True, indexed=True)
    tantivy.Index(older.build(), path=str(folder))
    if also_vectors:
        (tmp_path / "l" / "vectors" / "meta.json").write_text(
            '{"encoder": "hash-encoder", "dim": 64, "kind": "flat", "count": 3}', "utf-8"
        )

    with open_at(tmp_path) as again:
        assert titles(again, "院务公开")
        assert len(again._indexes.store) == len(again._indexes.fulltext) == again.stats().passages


@pytest.mark.parametrize("file", ["vectors/meta.json", "vectors/vectors-1.faiss", "fulltext/meta.json"])
def test_a_damaged_index_opens_says_so_and_is_mended_by_a_rebuild(tmp_path, file):
    with open_at(tmp_path) as library:
        list(library.add_text(PLAN, "计划"))
    (tmp_path / "l" / file).write_bytes(b"{ damaged")

    with open_at(tmp_path) as again:
        assert len(again.documents()) == 1
        with pytest.raises(UserError, match="gonghui library rebuild"):
            again.search("院务公开")
        list(again.rebuild())
        assert titles(again, "院务公开")


def test_opening_again_encodes_nothing(tmp_path):
    with open_at(tmp_path) as library:
        list(library.add_text(PLAN, "计划"))
    encoder = HashEncoder()

    with open_at(tmp_path, encoder) as again:
        assert titles(again, "院务公开")
        assert encoder.encoded == 0


def test_another_encoder_is_refused_until_rebuilt(tmp_path):
    with open_at(tmp_path) as library:
        list(library.add_text(PLAN, "计划"))

    with open_at(tmp_path, HashEncoder(32, "别的模型")) as other:
        assert len(other.documents()) == 1
        with pytest.raises(IndexMismatch, match="gonghui library rebuild"):
            other.search("院务公开")
        with pytest.raises(IndexMismatch, match="gonghui library rebuild"):
            list(other.add_text(variant("乙"), "乙"))

        messages = list(other.rebuild())

        assert messages[-1] == "索引已重建，可以检索了。"
        assert titles(other, "院务公开")


def test_removing_under_another_encoder_is_settled_by_the_rebuild(tmp_path):
    with open_at(tmp_path) as library:
        list(library.add_text(PLAN, "计划"))

    with open_at(tmp_path, HashEncoder(32, "别的模型")) as other:
        other.remove(other.documents()[0].id)
        list(other.rebuild())

        assert len(other._indexes.store) == len(other._indexes.fulltext) == 0


def test_rebuilding_gives_the_same_hits(library):
    before = library.search("民主管理 职代会")

    list(library.rebuild())

    assert library.search("民主管理 职代会") == before


def test_two_open_libraries_see_each_other(tmp_path):
    with open_at(tmp_path) as first, open_at(tmp_path) as second:
        assert titles(second, "院务公开") == []

        list(first.add_text(PLAN, "计划"))

        assert titles(second, "院务公开")
        (event,) = second.add_text(PLAN, "计划")
        assert isinstance(event, Skipped)


class SlowEncoder(HashEncoder):
    """Something happens once while it encodes passages."""

    def encode_passages(self, texts):
        happening, self.happening = self.happening, lambda: None
        happening()
        return super().encode_passages(texts)


def test_a_document_removed_while_it_is_being_indexed_leaves_no_trace(tmp_path):
    slow = SlowEncoder()
    with open_at(tmp_path) as other, open_at(tmp_path, slow) as library:
        slow.happening = lambda: other.remove(other.documents()[0].id)
        list(library.add_text(PLAN, "计划"))

        assert library.documents() == []
        assert len(library._indexes.store) == len(library._indexes.fulltext) == 0


def test_searching_does_not_wait_for_encoding(tmp_path):
    slow = SlowEncoder()
    found: list[int] = []
    with open_at(tmp_path, slow) as library:
        slow.happening = lambda: None
        list(library.add_text(PLAN, "计划"))

        def search_elsewhere() -> None:
            thread = threading.Thread(target=lambda: found.append(len(titles(library, "院务公开"))))
            thread.start()
            thread.join(10)

        slow.happening = search_elsewhere
        list(library.add_text(variant("乙"), "乙"))

    assert found
    assert found[0] > 0


def test_threads_may_share_a_library(library):
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(len(titles(library, "民主管理")))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1


def test_two_processes_adding_at_once_lose_nothing(tmp_path):
    for name in ("甲", "乙"):
        for number in range(6):
            write(tmp_path / name, f"{number}.txt", variant(f"{name}{number}号"))
    code = (
        "import sys; sys.path[:0] = sys.argv[3:]\n"
        "from pathlib import Path; from fakes import HashEncoder; from index.library import Library\n"
        "with Library.open(Path(sys.argv[1]), HashEncoder(), starter=False) as library:\n"
        "    for path in sorted(Path(sys.argv[2]).iterdir()): list(library.add([path]))\n"
    )
    folders = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "l"), str(tmp_path / name), *folders],
            env={**os.environ, "PYTHONUTF8": "1"},
        )
        for name in ("甲", "乙")
    ]
    assert [process.wait(120) for process in running] == [0, 0]

    with open_at(tmp_path) as library:
        assert len(library.documents()) == 12
        stored = {passage.id for passage in library.passages()}
        assert library.stats().pending == 0
        assert len(library._indexes.fulltext) == len(library._indexes.store) == len(stored)
        ids, _ = library._indexes.store.search(np.ones((1, 64), np.float32), len(stored))
        assert set(ids[0].tolist()) == stored


# The starter library


@pytest.fixture
def starter(tmp_path, monkeypatch):
    folder = tmp_path / "starter"
    monkeypatch.setattr(library_module, "STARTER_FOLDER", folder)
    lines = ['title = "示例医院工会计划"', 'org_type = "hospital"', 'period = "h1"', 'genre = "plan"']
    front = "\n".join(["+++", *lines, "+++", ""])
    write(folder, "甲.md", front + PLAN)
    write(folder, "乙.md", front.replace("示例医院", "第二医院") + variant("乙"))
    return folder


def open_with_starter(tmp_path: Path, encoder: HashEncoder | None = None) -> Library:
    return Library.open(tmp_path / "s", encoder or HashEncoder())


def test_starter_documents_are_there_at_once_with_their_own_labels(tmp_path, starter):
    with open_with_starter(tmp_path) as library:
        rows = library.documents()

        assert [row.origin for row in rows] == ["starter", "starter"]
        assert {row.labels.period for row in rows} == {Period.H1}
        assert {passage.origin for passage in library.passages()} == {"starter"}
        assert titles(library, "院务公开")


def test_starter_documents_follow_what_ships(tmp_path, starter):
    with open_with_starter(tmp_path) as library:
        list(library.add_text(variant("丙"), "自己的"))
    (starter / "乙.md").unlink()
    write(starter, "甲.md", variant("丁"))
    write(starter, "戊.md", variant("戊"))

    with open_with_starter(tmp_path) as library:
        assert sorted(row.origin for row in library.documents()) == ["starter", "starter", "user"]
        texts = [library.document(row.id).text for row in library.documents() if row.origin == "starter"]
        assert sorted(mark for mark in "甲乙丙丁戊" for text in texts if f"为{mark}科室" in text) == [
            "丁",
            "戊",
        ]
        assert len(library._indexes.store) == library.stats().passages


def test_an_unchanged_starter_library_is_not_read_again(tmp_path, starter):
    open_with_starter(tmp_path).close()
    encoder = HashEncoder()

    open_with_starter(tmp_path, encoder).close()

    assert encoder.encoded == 0


def test_a_raised_pipeline_number_reads_starter_documents_again(tmp_path, starter, monkeypatch):
    open_with_starter(tmp_path).close()
    monkeypatch.setattr(library_module, "PIPELINE", "next")
    encoder = HashEncoder()

    with open_with_starter(tmp_path, encoder) as library:
        assert len(library.documents()) == 2
        assert encoder.encoded == library.stats().passages


def test_a_removed_starter_document_stays_away(tmp_path, starter):
    with open_with_starter(tmp_path) as library:
        library.remove(library.documents()[0].id)

    with open_with_starter(tmp_path) as library:
        assert len(library.documents()) == 1


def test_the_library_can_live_in_a_folder_with_any_name(tmp_path):
    with Library.open(tmp_path / "我的 资料（2026）", HashEncoder(), starter=False) as library:
        list(library.add_text(PLAN, "计划"))
        assert titles(library, "院务公开")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(UserError, match="打不开资料库"):
        Library.open(tmp_path / "file" / "library", HashEncoder(), starter=False)


def test_searching_the_starter_library_loads_no_torch(tmp_path):
    code = (
        "import sys; from pathlib import Path; from index.library import Library\n"
        "with Library.open(Path(sys.argv[1])) as library: library.search('院务公开')\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'gradio', 'model2vec', 'openai'}\n"
        "sys.exit(len(heavy & set(sys.modules)))\n"
    )
    root = Path(__file__).parents[1]

    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "l")], cwd=root, check=False)

    assert done.returncode == 0


def test_a_newer_built_in_encoder_rebuilds_the_vectors_by_itself(tmp_path):
    folder = tmp_path / "library"
    with Library.open(folder, HashEncoder(name="gonghui-static-old"), starter=False) as library:
        list(
            library.add_text(
                "云杉市第九医院工会计划\n一、民主管理\n1.九月召开职代会，审议绩效分配办法。\n", "计划"
            )
        )
    with Library.open(folder, starter=False) as library:
        assert library.search("职代会").hits


def test_a_file_without_chinese_is_refused_with_a_sentence(library):
    (event,) = library.add_text("Lorem ipsum dolor sit amet, consectetur adipiscing elit. " * 5, "lorem.txt")
    assert isinstance(event, Failed)
    assert "几乎没有中文" in event.reason


def test_a_lost_title_is_said_and_not_made_up(library):
    text = "一、指导思想\n围绕医院中心工作，做好服务。\n二、主要工作\n1.九月召开职代会，审议绩效办法。\n"
    events = list(library.add_text(text, "旧计划.txt"))
    assert events[0].document.title in ("旧计划", "（原题缺失）旧计划")


def test_ones_own_documents_come_before_what_ships(tmp_path):
    with Library.open(tmp_path / "library") as library:
        text = "云杉市第九医院工会2026年工作计划\n一、院务公开\n1.每季度在公开栏公布院务公开内容，接受职工监督。\n"
        list(library.add_text(text, "own.txt"))
        hits = library.search("医院 院务公开").hits
    assert "user" in {hit.passage.origin for hit in hits[:2]}
