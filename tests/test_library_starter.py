"""The plans that ship, beside the person's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fakes import HashEncoder
from shelves import PLAN, open_with_starter, titles, variant, write

from index import library as library_module
from index.library import Library
from index.types import Period

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


def test_ones_own_documents_come_before_what_ships(ready_home):
    with Library.open(ready_home / "library") as library:
        text = "云杉市第九医院工会2026年工作计划\n一、院务公开\n1.每季度在公开栏公布院务公开内容，接受职工监督。\n"
        list(library.add_text(text, "own.txt"))
        hits = library.search("医院 院务公开").hits
    assert "user" in {hit.passage.origin for hit in hits[:2]}
