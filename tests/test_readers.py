"""Reading files: what each format yields, and the sentence for each that cannot be read."""

import io
import os
import shutil
import subprocess
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index import archives, ocr, readers
from index.errors import PartlyRead, UserError
from index.library import examine, items_of
from index.readers import expand, read
from index.types import Genre, PassageKind

TEXT = "桥头水厂工会工作计划\n一、办好职工读书角，每季度添一批新书。\n二、关心夜班职工的生活和健康。\n"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def write(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def text_of(path: Path) -> str:
    (document,) = read(path)
    return document.text


def sentence(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        list(read(path))
    said = str(caught.value)
    assert said.endswith("。")
    assert said.count("。") == 1
    assert "\n" not in said
    assert str(path.parent) not in said
    return said


# Encodings


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


# Word


def docx(body: str, **parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, xml in parts.items():
            archive.writestr(f"word/{name}.xml", xml)
    return buffer.getvalue()


def paragraph(text: str, number: str = "", depth: int = 0, style: str = "") -> str:
    numbering = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{numbering}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def level(depth: int, kind: str, pattern: str) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


NUMBERING = (
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "bullet", "·")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    + '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    + '<w:startOverride w:val="3"/></w:lvlOverride></w:num></w:numbering>'
)
STYLES = (
    f'<w:styles {W}><w:style w:styleId="标题1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    "</w:style></w:styles>"
)


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


# PDF


def pdf(pages: list[list[str]], trailer: str = "") -> bytes:
    """A PDF whose text is found through a ToUnicode table, one line of text a line."""
    unicode_map = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange "
        + "".join(f"1 beginbfrange <{i:02X}00> <{i:02X}FF> <{i:02X}00> endbfrange " for i in range(256))
        + "endcmap end end"
    )
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /ToUnicode 4 0 R "
        "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>",
        f"<< /Length {len(unicode_map)} >>\nstream\n{unicode_map}\nendstream",
    ]
    for i, lines in enumerate(pages):
        shown = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -20 Td" for line in lines)
        content = f"BT /F1 12 Tf 50 780 Td {shown} ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {6 + 2 * i} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, offsets = "%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{item}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"trailer << /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF"
    return f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


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


# Web pages


PAGE = """<!DOCTYPE html><html><head><title>题</title><style>p{}</style></head><body>
<nav>首页 | 计划</nav><header>网站名</header><script>var a = 1;</script>
<article><header><h1>水厂工会计划</h1></header><p>一、读书<br>每季&nbsp;添书 &lt;十&gt; 本</p>
<table><tr><td>7月</td><td>送清凉</td></tr><tr><th>项目</th><td>时间</td></tr></table></article>
<aside>广告</aside><footer>版权</footer></body></html>"""


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


# Zips


def zipped(members: dict[str, bytes], **options: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


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


# Files that are no documents


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


# Folders


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


# Scans


class Found:
    """What a recogniser returns for a picture."""

    def __init__(self, pieces):
        self.txts = tuple(text for text, _, _ in pieces)
        self.boxes = [np.array([[x, y], [x + 9, y], [x + 9, y + 9], [x, y + 9]]) for _, x, y in pieces]
        self.scores = tuple(0.2 if text == "污迹" else 0.95 for text in self.txts)


def with_picture(document: bytes) -> bytes:
    """Add a page that is nothing but a picture to a PDF."""
    import pypdfium2

    whole = pypdfium2.PdfDocument(document)
    scan = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(scan, "PDF")
    whole.import_pages(pypdfium2.PdfDocument(scan.getvalue()))
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


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


# Spreadsheets


def xlsx(sheets: dict[str, list[list]], hidden: str = "") -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


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


# Archives of browsers, names in other code pages, limits


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


@pytest.mark.parametrize("encoding", ["gbk", "big5", "utf-8"])
def test_names_in_a_zip_are_read_in_the_code_page_of_their_writer(tmp_path, encoding):
    name = "醫院工會工作計劃.txt" if encoding == "big5" else "医院工会工作计划.txt"
    raw = name.encode(encoding)
    data = zipped({"x" * len(raw): "工会工作计划".encode()}).replace(b"x" * len(raw), raw)

    (document,) = read(write(tmp_path, "a.zip", data))

    assert document.path.endswith(f"a.zip/{name}")


def test_a_text_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_TEXT", 30)
    assert "请拆成几份" in sentence(write(tmp_path, "a.txt", "工会工作计划" * 6))
    assert "请拆成几份" in sentence(write(tmp_path, "b.txt", "工会工作计划" * 60))


def test_text_that_stands_in_text_boxes_alone_is_read(tmp_path):
    box = "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>桥头水厂工会工作计划</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"

    assert "桥头水厂工会工作计划" in text_of(write(tmp_path, "a.docx", docx(box)))
    assert (
        text_of(write(tmp_path, "b.docx", docx(box + paragraph("一、办好职工读书角")))).strip()
        == "一、办好职工读书角"
    )
