"""Reading Word files and spreadsheets: numbering, tables, months, and what is left out."""

import io
import shutil
import subprocess
import zipfile
from datetime import datetime

import pytest
from readable import NUMBERING, STYLES, W, docx, paragraph, sentence, table, text_of, write, xlsx

from index import archives
from index.library import examine, items_of
from index.readers import read
from index.types import Genre, PassageKind


def test_word_paragraphs_and_tables_in_order(tmp_path):
    body = (
        paragraph("工作计划")
        + table((paragraph("月份"), paragraph("内容")), (paragraph("7月"), paragraph("送清凉")))
        + paragraph("完")
    )
    assert text_of(write(tmp_path, "a.docx", docx(body))) == "工作计划\n月份｜内容\n7月：送清凉\n完"


def test_a_month_row_with_several_lines_and_with_several_cells(tmp_path):
    body = table(
        (paragraph("九月份"), paragraph("1.庆祝教师节") + paragraph("2.慰问")),
        (paragraph("10月"), paragraph("健步走。") + paragraph("读书会"), paragraph("工会委员")),
    )
    expected = "九月份：\n1.庆祝教师节\n2.慰问\n10月：健步走；读书会｜工会委员"
    assert text_of(write(tmp_path, "a.docx", docx(body))) == expected


def test_automatic_numbering_is_written_out_and_starts_over(tmp_path):
    body = "".join(
        (
            paragraph("指导思想", "1"),
            paragraph("主要工作", style="标题1"),
            paragraph("读书", "1", 1),
            paragraph("添书", "1", 2),
            paragraph("登记", "1", 2),
            paragraph("健走", "1", 1),
            paragraph("报名", "1", 2),
            paragraph("要点", "1", 3),
            paragraph("其他", "2"),
        )
    )
    data = docx(body, numbering=NUMBERING, styles=STYLES)
    lines = [
        "一、指导思想",
        "二、主要工作",
        "（一）读书",
        "1.添书",
        "2.登记",
        "（二）健走",
        "1.报名",
        "要点",
        "三、其他",
    ]
    assert text_of(write(tmp_path, "a.docx", data)) == "\n".join(lines)


def test_deleted_words_text_boxes_and_headers_are_left_out(tmp_path):
    box = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    body = (
        "<w:p><w:r><w:t>保留</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        f"<w:ins><w:r><w:t>添上</w:t></w:r></w:ins>{box}</w:p>"
    )
    data = docx(body, header1=f"<w:hdr {W}>{paragraph('页眉')}</w:hdr>")
    assert text_of(write(tmp_path, "a.docx", data)) == "保留添上"


def test_entities_of_a_word_file_are_never_expanded(tmp_path):
    bomb = '<!DOCTYPE d [<!ENTITY a "哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;">]>'
    body = f"{bomb}<w:document {W}><w:body><w:p><w:r><w:t>计划&b;</w:t></w:r></w:p></w:body></w:document>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", body)
    assert "哈" not in text_of(write(tmp_path, "a.docx", buffer.getvalue()))


def test_a_real_word_file(tmp_path):
    import docx as word

    document = word.Document()
    document.add_paragraph("水厂工会工作计划")
    document.add_paragraph("一、办好读书角")
    document.save(str(tmp_path / "a.docx"))
    assert text_of(tmp_path / "a.docx") == "水厂工会工作计划\n一、办好读书角"


def test_broken_and_locked_word_files(tmp_path):
    good = docx(paragraph("工作计划") * 50)
    assert "损坏" in sentence(write(tmp_path, "a.docx", good[: len(good) // 2]))
    assert "损坏" in sentence(write(tmp_path, "b.docx", b"PK\x03\x04 nothing else"))
    assert "损坏" in sentence(write(tmp_path, "c.docx", "纯文本冒充"))
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    assert "密码" in sentence(write(tmp_path, "d.docx", locked))


def test_a_word_file_without_text(tmp_path):
    assert "没有文字" in sentence(write(tmp_path, "a.docx", docx(paragraph(""))))


def test_an_old_word_file_without_an_office(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "另存为 docx" in sentence(write(tmp_path, "a.doc", b"\xd0\xcf\x11\xe0" + bytes(2000)))
    assert "另存为 docx" in sentence(write(tmp_path, "b.wps", b"\xd0\xcf\x11\xe0" + bytes(2000)))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
def test_an_old_word_file_through_the_office(tmp_path):
    rtf = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}\f0 \u24037?\u20250?\u35745?\u21010?\par}"
    assert text_of(write(tmp_path, "a.doc", rtf)).strip() == "工会计划"


def test_a_word_file_under_an_old_suffix_is_read_by_content(tmp_path):
    (document,) = read(write(tmp_path, "a.doc", docx(paragraph("工作计划"))))
    assert (document.text, document.format) == ("工作计划", "docx")


def test_a_month_table_that_runs_down(tmp_path):
    rows = [
        ["桥头水厂工会2026年工作安排"],
        ["序号", "月份", "工作内容", "责任人"],
        [1, "7月", "送清凉；", "劳动保护委员"],
        [2, None, "职工健步走", "文体委员"],
        [3, "8月份", "慰问退伍职工\n金秋助学摸底", None],
        ["备注", "以上由工会办公室督办"],
    ]

    text = text_of(write(tmp_path, "a.xlsx", xlsx({"表": rows})))

    assert text.split("\n") == [
        "桥头水厂工会2026年工作安排",
        "7月：送清凉｜劳动保护委员；职工健步走｜文体委员。",
        "8月：慰问退伍职工；金秋助学摸底。",
        "备注｜以上由工会办公室督办",
    ]


def test_a_month_table_that_runs_across(tmp_path):
    rows = [
        ["安排"],
        ["类别", "7月", "8月", "9月"],
        ["关爱", "送清凉", None, "中秋慰问"],
        ["文体", None, "球赛", "书画展"],
    ]

    text = text_of(write(tmp_path, "a.xlsx", xlsx({"表": rows})))

    assert text.split("\n") == [
        "安排",
        "7月：关爱：送清凉。",
        "8月：文体：球赛。",
        "9月：关爱：中秋慰问；文体：书画展。",
    ]


def test_months_as_numbers_and_as_dates(tmp_path):
    numbers = [["月份", "内容"], [7, "送清凉"], [12.0, "送温暖"]]
    dates = [["时间", "内容"], [datetime(2026, 9, 1), "教师节慰问"]]

    text = text_of(
        write(tmp_path, "a.xlsx", xlsx({"甲": numbers, "乙": dates, "选项": [["9月", "x"]]}, hidden="选项"))
    )

    assert text.split("\n") == ["7月：送清凉。", "12月：送温暖。", "9月：教师节慰问。"]


def test_month_tables_become_lines_of_a_schedule(tmp_path):
    rows = [
        ["桥头水厂工会2026年下半年工作安排"],
        *([f"{m}月", f"第{m}批职工体检和读书分享会"] for m in range(7, 13)),
    ]
    (document,) = examine(write(tmp_path, "安排.xlsx", xlsx({"表": rows})))

    assert document.labels.genre is Genre.SCHEDULE
    assert [item.kind for item in items_of(document)] == [PassageKind.LINE] * 6
    assert [item.trail for item in items_of(document)][:2] == ["7月", "8月"]


def test_spreadsheets_that_cannot_be_read(tmp_path, monkeypatch):
    good = xlsx({"表": [["工会", "计划"]] * 50})
    assert "损坏" in sentence(write(tmp_path, "a.xlsx", good[: len(good) // 2]))
    assert "没有文字" in sentence(write(tmp_path, "b.xlsx", xlsx({"表": [[None]]})))
    monkeypatch.setattr("index.sheet_text.MAX_ROWS", 10)
    assert "太大" in sentence(write(tmp_path, "c.xlsx", good))
    monkeypatch.setattr(archives, "MAX_PART", 100)
    assert "太大" in sentence(write(tmp_path, "d.xlsx", good))


def test_an_old_spreadsheet_without_an_office(tmp_path, monkeypatch):
    monkeypatch.setattr("index.office.office", lambda: None)
    assert "另存为 xlsx" in sentence(write(tmp_path, "a.et", b"\xd0\xcf\x11\xe0" + bytes(2000)))
    assert "另存为 xlsx" in sentence(write(tmp_path, "a.xls", b"\xd0\xcf\x11\xe0" + bytes(2000)))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
def test_an_old_spreadsheet_through_the_office(tmp_path):
    from index.office import convert

    write(tmp_path, "new.xlsx", xlsx({"表": [["7月", "送清凉"], ["8月", "健步走"]]}))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'p').as_uri()}", "--headless", "--convert-to", "xls",
               "--outdir", str(tmp_path / "old"), str(tmp_path / "new.xlsx")]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    old = (tmp_path / "old" / "new.xls").read_bytes()

    assert old.startswith(b"\xd0\xcf\x11\xe0")
    assert convert(old, ".xls", "soffice").startswith(b"PK")
    assert text_of(write(tmp_path, "安排.et", old)).split("\n") == ["7月：送清凉。", "8月：健步走。"]


def test_text_that_stands_in_text_boxes_alone_is_read(tmp_path):
    box = "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>桥头水厂工会工作计划</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"

    assert "桥头水厂工会工作计划" in text_of(write(tmp_path, "a.docx", docx(box)))
    assert (
        text_of(write(tmp_path, "b.docx", docx(box + paragraph("一、办好职工读书角")))).strip()
        == "一、办好职工读书角"
    )
