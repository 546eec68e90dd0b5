"""Every form a plan is written in as a file, and the page as an office program sets it."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from papers import printed_plan, section

from assistant.export import export, to_docx, to_markdown
from assistant.jsonform import restore
from assistant.numbering import plain
from assistant.types import Draft
from index.errors import UserError


@pytest.fixture
def draft() -> Draft:
    return printed_plan()


def test_markdown_file(draft, tmp_path):
    path = export(draft, tmp_path / "计划.md")
    rows = path.read_text("utf-8").split("\n\n")
    assert rows[0] == "# 云栖市第三人民医院工会2026年下半年工作计划"
    assert rows[2:4] == ["## 一、工作目标", "1.9月底前办完护理技能比武。"]
    assert "### （一）以比武带练兵" in rows
    assert rows[-1] == "2026年7月3日\n"
    assert path.read_text("utf-8") == to_markdown(draft)


def test_text_file_is_the_plain_plan(draft, tmp_path):
    assert export(draft, tmp_path / "计划.TXT").read_text("utf-8") == plain(draft)


def test_json_file_gives_the_draft_back(draft, tmp_path):
    values = json.loads(export(draft, tmp_path / "计划.json").read_text("utf-8"))
    assert values["request"]["today"] == "2026-07-03"
    assert values["sections"][1]["code"] == "GOAL"
    assert restore(Draft, values) == draft


def test_word_file_is_written_into_a_new_folder(draft, tmp_path):
    path = export(draft, tmp_path / "导出" / "计划.docx")
    assert path.read_bytes() == to_docx(draft)
    assert os.listdir(path.parent) == ["计划.docx"]


@pytest.mark.parametrize("name", ["计划.odt", "计划", ".docx", "计划.doc"])
def test_an_unknown_suffix_is_told(draft, tmp_path, name):
    with pytest.raises(UserError, match=r"\.docx、\.pdf、\.xlsx、\.md、\.txt、\.json"):
        export(draft, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_or_a_file_in_the_way_is_told(draft, tmp_path):
    (tmp_path / "夹.docx").mkdir()
    with pytest.raises(UserError, match="文件夹"):
        export(draft, tmp_path / "夹.docx")
    (tmp_path / "文件").write_text("x")
    with pytest.raises(UserError, match="写不进"):
        export(draft, tmp_path / "文件" / "计划.docx")


def test_a_full_disk_leaves_the_old_file(draft, tmp_path, monkeypatch):
    path = tmp_path / "计划.docx"
    path.write_bytes(b"old")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError, match="磁盘空间"):
        export(draft, path)
    assert path.read_bytes() == b"old"


def rendered(data: bytes, folder: Path) -> list[list[str]]:
    """Return the text lines of every page as LibreOffice sets them."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if not office or not reader:
        pytest.skip("LibreOffice or pdftotext is not installed")
    (folder / "plan.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), "plan.docx"]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    if not (folder / "plan.pdf").exists():
        pytest.skip("LibreOffice could not start here")
    text = subprocess.run(
        [reader, "-layout", str(folder / "plan.pdf"), "-"], capture_output=True, check=True, timeout=60
    ).stdout.decode()
    pages = [
        [re.sub(r"\s", "", row) for row in page.splitlines() if row.strip()] for page in text.split("\f")
    ]
    return [page for page in pages if page]


def test_a_rendered_page_holds_22_lines_of_28_characters(draft, tmp_path):
    body = "".join("工会小组逐科登记夜班人数和休息场所"[spot % 17] for spot in range(28 * 50))
    long = replace(draft, title="", sections=(section("CARE", "", body),), signature="", signed_on="")
    pages = rendered(to_docx(long), tmp_path)
    assert [len(page) - 1 for page in pages[:2]] == [22, 22]
    assert pages[0][-1] == "—1—"
    assert pages[1][-1] == "—2—"
    assert [len(row) for row in pages[0][:-1]] == [26] + [28] * 21
    assert [len(row) for row in pages[1][:-1]] == [28] * 22


def test_a_rendered_plan_keeps_every_line_in_order(draft, tmp_path):
    pages = rendered(to_docx(draft), tmp_path)
    rows = pages[0]
    assert rows[:2] == ["云栖市第三人民医院工会", "2026年下半年工作计划"]
    assert rows[-3:] == ["云栖市第三人民医院工会委员会", "2026年7月3日", "—1—"]
    assert "（二）把夜班关爱落到科室" in rows
