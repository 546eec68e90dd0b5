"""A library after crashes, under another encoder, shared by threads and processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from fakes import HashEncoder
from shelves import PLAN, open_at, titles, variant, write

from index.errors import IndexMismatch, UserError
from index.library import Library
from index.types import Skipped

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


def test_the_library_can_live_in_a_folder_with_any_name(tmp_path):
    with Library.open(tmp_path / "我的 资料（2026）", HashEncoder(), starter=False) as library:
        list(library.add_text(PLAN, "计划"))
        assert titles(library, "院务公开")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(UserError, match="打不开资料库"):
        Library.open(tmp_path / "file" / "library", HashEncoder(), starter=False)


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
