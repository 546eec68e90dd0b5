"""Reading archives: their members, names in other code pages, damage."""

import os
import zlib

import pytest
from readable import docx, paragraph, sentence, write, zipped

from index import archives
from index.errors import UserError
from index.readers import read


def test_a_zip_yields_its_members_under_their_names(tmp_path):
    data = zipped(
        {
            "计划/一.txt": "工会工作计划一".encode(),
            "二.docx": docx(paragraph("工会工作计划二")),
            "__MACOSX/._一.txt": b"junk",
            "~$二.docx": b"lock",
            "图.png": b"png",
        }
    )
    path = write(tmp_path, "a.zip", data)
    found = [(document.path, document.text, document.format) for document in read(path)]
    assert found == [
        (f"{path}/计划/一.txt", "工会工作计划一", "txt"),
        (f"{path}/二.docx", "工会工作计划二", "docx"),
    ]


def test_names_in_gbk_are_decoded(tmp_path):
    raw = "水厂计划.txt".encode("gbk")
    data = zipped({"x" * len(raw): "工会工作计划".encode()}).replace(b"x" * len(raw), raw)
    (document,) = read(write(tmp_path, "a.zip", data))
    assert document.path.endswith("a.zip/水厂计划.txt")


def test_a_bad_member_does_not_lose_the_others(tmp_path):
    path = write(tmp_path, "a.zip", zipped({"坏.docx": b"PK\x03\x04", "好.txt": "工会工作计划".encode()}))
    reading = read(path)
    assert next(reading).text == "工会工作计划"
    with pytest.raises(UserError, match=r"有 1 个文件没能读出（“坏\.docx”"):
        next(reading)


def test_zips_that_cannot_be_read(tmp_path, monkeypatch):
    assert "损坏" in sentence(write(tmp_path, "a.zip", b"PK\x03\x04broken"))
    assert "损坏" in sentence(write(tmp_path, "b.zip", "纯文本冒充"))
    assert "没有能读的文件" in sentence(write(tmp_path, "c.zip", zipped({"图.png": b"png"})))
    assert "压缩包里的压缩包" in sentence(write(tmp_path, "d.zip", zipped({"里.zip": zipped({})})))
    assert "解开后太大" in sentence(write(tmp_path, "e.zip", zipped({"弹.txt": bytes(8 * 1024 * 1024)})))
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    many = zipped({f"{i}.txt": "工会工作计划".encode() for i in range(3)})
    assert "文件太多" in sentence(write(tmp_path, "f.zip", many))


def test_a_locked_member_of_a_zip(tmp_path):
    data = bytearray(zipped({"密.txt": "工会工作计划".encode()}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert "密码" in sentence(write(tmp_path, "a.zip", bytes(data)))


def test_a_member_whose_bytes_were_damaged(tmp_path):
    data = bytearray(zipped({"a.txt": os.urandom(400)}))
    data[60] ^= 0xFF
    assert zlib.crc32(bytes(data))
    assert "损坏" in sentence(write(tmp_path, "a.zip", bytes(data)))


@pytest.mark.parametrize("encoding", ["gbk", "big5", "utf-8"])
def test_names_in_a_zip_are_read_in_the_code_page_of_their_writer(tmp_path, encoding):
    name = "醫院工會工作計劃.txt" if encoding == "big5" else "医院工会工作计划.txt"
    raw = name.encode(encoding)
    data = zipped({"x" * len(raw): "工会工作计划".encode()}).replace(b"x" * len(raw), raw)

    (document,) = read(write(tmp_path, "a.zip", data))

    assert document.path.endswith(f"a.zip/{name}")
