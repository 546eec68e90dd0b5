"""Small versions of benchmarks/fuzz_import.py and kill_import.py: damaged files, bombs, and kills."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import kill_import, sound_files
from benchmarks.fuzz_import import is_sentence
from benchmarks.mutations import SOUND, _bombs, mutants
from benchmarks.plans import write
from index import ocr, office
from index.errors import UserError
from index.library import examine

BOMBS = {
    ".docx": ("entities", "outside entity", "deep", "deep tables"),
    ".xlsx": ("entities", "far cell"),
    ".pdf": ("kids of itself", "wrong count", "deep", "huge page"),
    ".zip": ("in itself", "long path", "climbing", "same name", "lying size"),
    ".html": ("deep", "tables", "comments"),
    ".txt": ("nulls", "surrogates", "front matter", "too long"),
    ".doc": ("locked",),
}


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch):
    monkeypatch.setattr(office, "office", lambda: None)
    monkeypatch.setattr(ocr, "available", lambda: False)


def outcome(path: Path) -> str:
    """Return "" for a file that was read, else its refusal."""
    try:
        examine(path)
    except UserError as error:
        return str(error)
    return ""


def read_or_refused(path: Path) -> bool:
    """Whether a file was read, or refused with one sentence; any other error comes through."""
    refusal = outcome(path)
    return not refusal or is_sentence(refusal, path)


@pytest.mark.parametrize("suffix", SOUND)
def test_a_damaged_file_is_read_or_refused_with_a_sentence(tmp_path, suffix):
    for mutant in mutants(suffix, 25, seed=7, with_bombs=False):
        path = tmp_path / mutant.name
        path.write_bytes(mutant.data)
        assert read_or_refused(path), mutant.name
        path.unlink()


@pytest.mark.parametrize(
    ("suffix", "name"), [(suffix, name) for suffix, names in BOMBS.items() for name in names]
)
def test_what_is_made_to_hurt_is_survived(tmp_path, suffix, name):
    data = next(data for how, data in _bombs(suffix) if how == name)
    path = tmp_path / f"弹{suffix}"
    path.write_bytes(data)
    assert read_or_refused(path)


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".pdf", ".zip", ".html", ".mht", ".txt"])
def test_a_sound_file_of_each_format_is_read(tmp_path, suffix):
    path = tmp_path / f"计划{suffix}"
    path.write_bytes(SOUND[suffix](random.Random(1)))
    assert outcome(path) == ""


def test_no_entity_reads_a_file_of_this_machine(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容", "utf-8")
    entity = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    part = entity.encode() + b"<d>&x;</d>"
    path = tmp_path / "a.docx"
    path.write_bytes(sound_files.zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": part}))
    assert "机密" not in outcome(path)


def test_a_killed_import_leaves_a_library_that_opens_and_finishes(tmp_path):
    write(tmp_path / "files", 12)
    rng = random.Random(3)
    kept: set[str] = set()
    for _ in range(3):
        child = kill_import.start(tmp_path, "library")
        for _ in range(rng.randint(1, 5)):
            child.stdout.readline()
        child.kill()
        child.communicate()
        faults, now = kill_import.faults_of(tmp_path / "library", kept, None)
        assert faults == []
        kept = now

    children = [kill_import.start(tmp_path, "library") for _ in range(2)]
    for child in children:
        child.communicate()
        assert child.returncode == 0
    faults, now = kill_import.faults_of(tmp_path / "library", kept, None)
    assert (faults, len(now)) == ([], 12)
