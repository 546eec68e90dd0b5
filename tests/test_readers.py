"""Reading text, web pages and folders, and the sentence for each file that cannot be read."""

import os
from pathlib import Path

import pytest
from readable import PAGE, TEXT, sentence, text_of, write

from index import ocr, readers
from index.readers import expand, read


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312", "utf-32"],
)
def test_text_in_every_chinese_encoding(tmp_path, encoding):
    assert text_of(write(tmp_path, "计划.txt", TEXT.encode(encoding))) == TEXT


def test_traditional_text_in_big5(tmp_path):
    text = "工會工作計劃\n一、辦好職工讀書角，每季度添一批新書，由各小組輪流管理。\n"
    assert text_of(write(tmp_path, "計劃.txt", text.encode("big5"))) == text


def test_traditional_text_in_gbk_is_not_taken_for_big5(tmp_path):
    text = "工會工作計劃\n一、辦好職工讀書角，每季度添一批新書，由各小組輪流管理。\n"
    assert text_of(write(tmp_path, "計劃.txt", text.encode("gbk"))) == text


def test_a_short_gbk_line(tmp_path):
    assert text_of(write(tmp_path, "a.txt", "工会工作计划".encode("gbk"))) == "工会工作计划"


def test_a_file_cut_inside_its_last_character_is_read(tmp_path):
    text = text_of(write(tmp_path, "a.txt", TEXT.encode()[:-3]))
    assert text == TEXT[:-2] + "\ufffd"


def test_plain_english_is_text(tmp_path):
    assert text_of(write(tmp_path, "a.txt", "work plan\n")) == "work plan\n"


def test_bytes_that_are_no_text(tmp_path):
    noise = bytes((i * 7919 + (i >> 3) * 31) % 256 for i in range(4000))
    assert "a.txt" in sentence(write(tmp_path, "a.txt", noise))
    assert "a.txt" in sentence(write(tmp_path, "a.txt", b"\x00\x01\x02\x03" * 500))
    assert "乱码" in sentence(write(tmp_path, "a.txt", "\ufffd" * 50 + "工会"))


def test_a_web_page_yields_its_text_only(tmp_path):
    (document,) = read(write(tmp_path, "a.html", PAGE))
    assert document.format == "html"
    expected = ["水厂工会计划", "一、读书", "每季 添书 <十> 本", "7月：送清凉", "项目｜时间"]
    assert document.text.split("\n") == expected


def test_a_web_page_in_gbk_and_one_that_calls_itself_text(tmp_path):
    page = PAGE.replace("&nbsp;", "")
    assert "水厂工会计划" in text_of(write(tmp_path, "a.htm", page.encode("gbk")))
    (document,) = read(write(tmp_path, "b.txt", page))
    assert document.format == "html"
    assert "<p>" not in document.text


def test_a_web_page_without_text(tmp_path):
    assert "没有正文" in sentence(write(tmp_path, "a.html", "<html><script>x</script></html>"))


def test_a_deeply_nested_web_page_is_read(tmp_path):
    assert "计划" in text_of(write(tmp_path, "a.html", "<div>" * 3000 + "计划" + "</div>" * 3000))


def test_markdown_is_kept_as_it_is(tmp_path):
    (document,) = read(write(tmp_path, "a.md", "+++\nyear = 2026\n+++\n# 计划\n"))
    assert (document.text, document.format) == ("+++\nyear = 2026\n+++\n# 计划\n", "md")


def test_a_picture_without_a_recogniser(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: False)
    assert "是图片" in sentence(write(tmp_path, "a.JPG", b"x"))


def test_what_is_missing_empty_or_unknown(tmp_path):
    assert "找不到" in sentence(tmp_path / "无.txt")
    assert "空文件" in sentence(write(tmp_path, "a.txt", b""))
    assert "空文件" in sentence(write(tmp_path, "a2.txt", b" \r\n"))
    assert "格式不支持" in sentence(write(tmp_path, "a.pptx", b"x"))
    assert "格式不支持" in sentence(write(tmp_path, "noname", b"x"))
    assert "解压后" in sentence(write(tmp_path, "a.rar", b"x"))
    (tmp_path / "folder.txt").mkdir()
    assert "是文件夹" in sentence(tmp_path / "folder.txt")


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_FILE", 10)
    assert "超过" in sentence(write(tmp_path, "a.txt", "工会工作计划" * 5))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind this user")
def test_a_file_that_may_not_be_read(tmp_path):
    path = write(tmp_path, "a.txt", TEXT)
    path.chmod(0)
    assert "打不开" in sentence(path)


def test_a_file_that_cannot_be_opened(tmp_path, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, "a.txt", TEXT)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "打不开" in sentence(path)


def test_suffixes_in_capitals_are_known(tmp_path):
    assert text_of(write(tmp_path, "A.TXT", TEXT)) == TEXT


def test_folders_are_walked_sorted_without_hidden_and_lock_files(tmp_path):
    for name in ("b.txt", "a.docx", "~$a.docx", ".hidden.txt", "note.pptx", "子/c.md", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path, name, "x")
    found = [path.relative_to(tmp_path).as_posix() for path in expand([tmp_path])]
    assert found == ["a.docx", "b.txt", "子/c.md"]


def test_a_named_file_is_yielded_whatever_it_is(tmp_path):
    paths = [tmp_path / "无.txt", write(tmp_path, "a.png", "x")]
    assert list(expand(paths)) == paths
    assert list(expand([])) == []


def test_a_page_saved_as_a_web_archive(tmp_path):
    body = PAGE.replace("&nbsp;", "").encode("gbk")
    archive = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + body
        + b"\r\n--x\r\nContent-Type: image/png\r\n\r\npng\r\n--x--\r\n"
    )

    assert "水厂工会计划" in text_of(write(tmp_path, "a.mht", archive))
    assert "没有网页" in sentence(write(tmp_path, "b.mht", "工会工作计划"))


def test_a_text_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_TEXT", 30)
    assert "请拆成几份" in sentence(write(tmp_path, "a.txt", "工会工作计划" * 6))
    assert "请拆成几份" in sentence(write(tmp_path, "b.txt", "工会工作计划" * 60))
