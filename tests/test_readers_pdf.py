"""Reading PDF files: joined lines, running heads, scanned pages."""

import io

import numpy as np
import pytest
from PIL import Image
from readable import pdf, sentence, text_of, with_picture, write

from index import ocr
from index.errors import PartlyRead
from index.readers import read

LINES = [
    "水厂工会工作计划",
    "一、办好读书角",
    "每季度添一批新书，由各个班组轮流管理，并且登记借阅的",
    "情况，年底公布一次。",
    "二、关心夜班职工",
    "1.给夜班职工备好热饮。",
]


def test_wrapped_lines_of_a_pdf_are_joined(tmp_path):
    (document,) = read(write(tmp_path, "a.pdf", pdf([LINES])))
    assert document.format == "pdf"
    assert document.text.split("\n") == [*LINES[:2], LINES[2] + LINES[3], *LINES[4:]]


def test_running_heads_and_page_numbers_of_a_pdf_go(tmp_path):
    bodies = ["三月：读书月活动。", "四月：健步走活动。", "五月：技能赛活动。"]
    pages = [["桥头水厂文件", body, f"— {i} —"] for i, body in enumerate(bodies, 1)]
    assert text_of(write(tmp_path, "a.pdf", pdf(pages))) == "\n".join(bodies)


def test_pdfs_that_cannot_be_read(tmp_path, monkeypatch):
    assert "扫描" in sentence(write(tmp_path, "a.pdf", pdf([[]])))
    assert "完整" in sentence(write(tmp_path, "b.pdf", b"%PDF-1.4\nbroken"))
    assert "损坏" in sentence(write(tmp_path, "c.pdf", "纯文本冒充"))
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'11' * 32}> /U <{'22' * 32}> >> /ID [<00> <00>]"
    )
    assert "密码" in sentence(write(tmp_path, "d.pdf", pdf([LINES], lock)))
    monkeypatch.setattr("index.pdf_text.MAX_PAGES", 1)
    assert "超过 1 页" in sentence(write(tmp_path, "e.pdf", pdf([LINES, LINES])))


class Found:
    """What a recogniser returns for a picture."""

    def __init__(self, pieces):
        self.txts = tuple(text for text, _, _ in pieces)
        self.boxes = [np.array([[x, y], [x + 9, y], [x + 9, y + 9], [x, y + 9]]) for _, x, y in pieces]
        self.scores = tuple(0.2 if text == "污迹" else 0.95 for text in self.txts)


def test_scanned_pages_among_others_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: False)
    reading = read(
        write(tmp_path, "a.pdf", with_picture(pdf([["桥头水厂工会工作计划", "一、办好职工读书角"]])))
    )

    assert "职工读书角" in next(reading).text
    with pytest.raises(PartlyRead, match="第2页是扫描的图片"):
        next(reading)


def test_a_wholly_scanned_pdf_is_told_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: False)
    scan = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(scan, "PDF")

    assert "像是扫描件" in sentence(write(tmp_path, "a.pdf", scan.getvalue()))


def test_scanned_pages_are_read_where_there_is_a_recogniser(tmp_path, monkeypatch):
    page = Found(
        [("职工读书角", 60, 30), ("一、办好", 10, 31), ("桥头水厂工会工作计划", 20, 5), ("污迹", 5, 70)]
    )
    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(ocr, "_engine", lambda: lambda picture: page)

    assert (
        text_of(write(tmp_path, "a.pdf", with_picture(pdf([[]]))))
        == "桥头水厂工会工作计划\n一、办好职工读书角"
    )
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "PNG")
    assert "职工读书角" in text_of(write(tmp_path, "a.png", picture.getvalue()))
    assert "打不开" in sentence(write(tmp_path, "b.png", b"\x89PNG broken"))
    monkeypatch.setattr(ocr, "MOST_PIXELS", 100)
    assert "太大" in sentence(write(tmp_path, "c.png", picture.getvalue()))


def test_a_title_that_is_also_the_running_head_stays_on_the_first_page(tmp_path):
    head = "桥头水厂工会2026年工作计划"
    pages = [
        [head, f"{number}、每季度添一批新书，由小组轮流管理", f"第 {i} 页"]
        for i, number in enumerate("一二三四", 1)
    ]

    text = text_of(write(tmp_path, "a.pdf", pdf(pages)))

    assert text.count(head) == 1
    assert text.startswith(head)
    assert "页" not in text.replace("页面", "")
