"""The Word file of a plan, part by part."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pytest
from papers import W, document, printed_plan, section

from assistant.export import to_docx
from assistant.types import Draft


@pytest.fixture
def draft() -> Draft:
    return printed_plan()


def paragraphs(data: bytes) -> list[tuple[str, str]]:
    """(style, text) of every paragraph; a line break inside one reads as "/"."""
    found = []
    for paragraph in document(data, "word/document.xml").iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        pieces = [_piece(node) for node in paragraph.iter()]
        found.append(("" if style is None else style.get(f"{W}val"), "".join(pieces)))
    return found


def _piece(node: ElementTree.Element) -> str:
    return "/" if node.tag == f"{W}br" else (node.text or "") if node.tag == f"{W}t" else ""


def attributes(node: ElementTree.Element | None) -> dict[str, str]:
    assert node is not None
    return {key.removeprefix(W): value for key, value in node.attrib.items()}


def test_paragraphs_in_order_with_their_styles(draft):
    assert paragraphs(to_docx(draft)) == [
        ("PlanTitle", "云栖市第三人民医院工会/2026年下半年工作计划"),
        ("", ""),
        ("", "上半年，夜间值班人员吃热饭的事还没有办好。为做好下半年工作，制定本计划。"),
        ("Heading1", "一、工作目标"),
        ("", "1.9月底前办完护理技能比武。"),
        ("", "2.10月底前为【待填：夜班科室数】个科室配齐休息角。"),
        ("Heading1", "二、主要工作"),
        ("Heading2", "（一）以比武带练兵"),
        ("", "1.9月，举办决赛。"),
        ("Heading2", "（二）把夜班关爱落到科室"),
        ("", "1.7月，逐科登记夜班人数。"),
        ("", "（1）提供热饮；"),
        ("", "（2）配躺椅。"),
        ("", "2.每月夜访两次。"),
        ("Heading1", "三、保障措施"),
        ("", "经费按预算使用 & 接受<经审>监督。"),
        ("", ""),
        ("PlanClosing", "云栖市第三人民医院工会委员会"),
        ("PlanClosing", "2026年7月3日"),
    ]


def test_page_and_grid_of_the_standard(draft):
    layout = document(to_docx(draft), "word/document.xml").find(f"{W}body/{W}sectPr")
    assert layout is not None
    size, margins = attributes(layout.find(f"{W}pgSz")), attributes(layout.find(f"{W}pgMar"))
    millimetres = {key: round(int(value) / 1440 * 25.4, 1) for key, value in {**size, **margins}.items()}
    assert (millimetres["w"], millimetres["h"]) == (210.0, 297.0)
    sides = [millimetres[side] for side in ("top", "bottom", "left", "right")]
    assert sides == [37.0, 35.0, 28.0, 26.0]
    grid = attributes(layout.find(f"{W}docGrid"))
    assert grid["type"] == "linesAndChars"
    high = (int(size["h"]) - int(margins["top"]) - int(margins["bottom"])) / int(grid["linePitch"])
    wide = (int(size["w"]) - int(margins["left"]) - int(margins["right"])) / 20
    assert int(high) == 22
    assert int(wide / (16 + int(grid["charSpace"]) / 4096)) == 28


def styles_of(data: bytes) -> dict[str, ElementTree.Element]:
    return {
        style.get(f"{W}styleId", ""): style for style in document(data, "word/styles.xml").iter(f"{W}style")
    }


@pytest.mark.parametrize(
    ("style", "name", "chinese", "latin", "half_points"),
    [
        ("Normal", "Normal", "仿宋_GB2312", "Times New Roman", "32"),
        ("PlanTitle", "公文标题", "方正小标宋简体", "Times New Roman", "44"),
        ("Heading1", "heading 1", "黑体", "Times New Roman", "32"),
        ("Heading2", "heading 2", "楷体_GB2312", "Times New Roman", "32"),
        ("PlanClosing", "公文落款", "仿宋_GB2312", "Times New Roman", "32"),
        ("Footer", "footer", "宋体", "宋体", "28"),
    ],
)
def test_every_style_names_its_fonts(draft, style, name, chinese, latin, half_points):
    found = styles_of(to_docx(draft))[style]
    assert attributes(found.find(f"{W}name")) == {"val": name}
    look = found.find(f"{W}rPr")
    assert attributes(look.find(f"{W}rFonts")) == {
        "ascii": latin,
        "hAnsi": latin,
        "eastAsia": chinese,
        "cs": latin,
    }
    assert attributes(look.find(f"{W}sz")) == {"val": half_points}
    assert attributes(look.find(f"{W}color")) == {"val": "000000"}
    assert attributes(look.find(f"{W}b")) == {"val": "0"}
    assert attributes(look.find(f"{W}lang"))["eastAsia"] == "zh-CN"


def test_document_defaults_name_the_body_font(draft):
    look = document(to_docx(draft), "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert attributes(look.find(f"{W}rFonts"))["eastAsia"] == "仿宋_GB2312"
    assert attributes(look.find(f"{W}rFonts"))["ascii"] == "Times New Roman"
    assert attributes(look.find(f"{W}lang"))["eastAsia"] == "zh-CN"


def test_body_is_justified_and_indented_and_leaves_no_space_between_paragraphs(draft):
    for style_id, style in styles_of(to_docx(draft)).items():
        spacing = attributes(style.find(f"{W}pPr/{W}spacing"))
        assert (spacing["before"], spacing["after"], spacing["lineRule"]) == ("0", "0", "exact")
        if style_id not in ("Footer", "PlanCell"):
            assert spacing["line"] == "579"
    normal = styles_of(to_docx(draft))["Normal"].find(f"{W}pPr")
    assert attributes(normal.find(f"{W}jc")) == {"val": "both"}
    assert attributes(normal.find(f"{W}ind"))["firstLineChars"] == "200"
    assert attributes(normal.find(f"{W}widowControl")) == {"val": "0"}


def test_headings_stay_with_what_follows_and_show_in_the_navigation_pane(draft):
    for style_id, level in (("Heading1", "0"), ("Heading2", "1")):
        look = styles_of(to_docx(draft))[style_id].find(f"{W}pPr")
        assert look.find(f"{W}keepNext") is not None
        assert attributes(look.find(f"{W}outlineLvl")) == {"val": level}


def test_no_theme_font_and_no_text_box_anywhere(draft):
    with zipfile.ZipFile(BytesIO(to_docx(draft))) as archive:
        assert not [name for name in archive.namelist() if "theme" in name]
        whole = "".join(archive.read(name).decode() for name in archive.namelist())
    assert not re.search(r"(?:ascii|hAnsi|eastAsia|cs)(?:theme)", whole, re.IGNORECASE)
    assert "w:sdt" not in whole
    assert "txbx" not in whole


def test_substitutes_for_fonts_an_office_pc_lacks(draft):
    fonts = document(to_docx(draft), "word/fontTable.xml")
    names = {
        attributes(font)["name"]: attributes(font.find(f"{W}altName"))["val"]
        for font in fonts
        if font.find(f"{W}altName") is not None
    }
    assert names["仿宋_GB2312"] == "仿宋"
    assert names["楷体_GB2312"] == "楷体"
    assert names["方正小标宋简体"] == "宋体"


def test_page_number_between_dashes_outside_on_each_side(draft):
    data = to_docx(draft)
    assert document(data, "word/settings.xml").find(f"{W}evenAndOddHeaders") is not None
    with zipfile.ZipFile(BytesIO(data)) as archive:
        relations = ElementTree.fromstring(archive.read("word/_rels/document.xml.rels"))
    targets = {node.get("Id"): node.get("Target") for node in relations}
    layout = document(data, "word/document.xml").find(f"{W}body/{W}sectPr")
    r_id = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    kinds = {node.get(f"{W}type"): targets[node.get(r_id)] for node in layout.iter(f"{W}footerReference")}
    for kind, side in (("default", "right"), ("even", "left")):
        footer = document(data, f"word/{kinds[kind]}")
        assert "".join(node.text for node in footer.iter(f"{W}t")) == "— 1 —"
        assert next(footer.iter(f"{W}instrText")).text.strip() == "PAGE"
        look = footer.find(f"{W}p/{W}pPr")
        assert attributes(look.find(f"{W}jc")) == {"val": side}
        assert attributes(look.find(f"{W}ind"))[f"{side}Chars"] == "100"


def test_blanks_to_fill_in_are_yellow_and_nothing_else_is(draft):
    runs = document(to_docx(draft), "word/document.xml").iter(f"{W}r")
    marked = [
        "".join(t.text for t in run.iter(f"{W}t"))
        for run in runs
        if run.find(f"{W}rPr/{W}highlight") is not None
    ]
    assert marked == ["【待填：夜班科室数】"]


def test_a_blank_in_title_and_heading_is_yellow_too(draft):
    held = replace(draft, title="【待填：单位】工会计划", sections=(section("GOAL", "【待填：目标】", ""),))
    whole = document(to_docx(held), "word/document.xml")
    assert len(list(whole.iter(f"{W}highlight"))) == 2


def test_signature_and_date_stand_as_the_standard_says(draft):
    closing = [
        attributes(paragraph.find(f"{W}pPr/{W}ind"))
        for paragraph in document(to_docx(draft), "word/document.xml").iter(f"{W}p")
        if paragraph.find(f"{W}pPr/{W}pStyle") is not None
        and attributes(paragraph.find(f"{W}pPr/{W}pStyle"))["val"] == "PlanClosing"
    ]
    # 8845 twips wide, a character 314: the signature (14) ends two before the edge, the date begins
    # two after the signature's first, that is 14 before the edge.
    assert closing == [{"right": "628"}, {"left": str(8845 - 14 * 314)}]


def test_no_signature_leaves_no_blank_line_at_the_end(draft):
    data = to_docx(replace(draft, signature="", signed_on=""))
    assert paragraphs(data)[-1] == ("", "经费按预算使用 & 接受<经审>监督。")


def test_no_markdown_leaks(draft):
    text = "## 小标题\n- **慰问**职工\n* 走访"
    data = to_docx(replace(draft, sections=(section("CARE", "**帮扶**", text),)))
    shown = "".join(text for _, text in paragraphs(data))
    assert not re.search(r"[#*`]|(?<!\d)- ", shown)


def test_properties_name_the_plan_and_nobody(draft):
    core = document(to_docx(draft), "docProps/core.xml")
    values = {node.tag.split("}")[1]: node.text for node in core}
    assert values == {
        "title": "云栖市第三人民医院工会2026年下半年工作计划",
        "language": "zh-CN",
        "created": "2026-07-03T00:00:00Z",
        "modified": "2026-07-03T00:00:00Z",
    }


def test_the_same_draft_gives_the_same_bytes(draft):
    assert to_docx(draft) == to_docx(replace(draft))
    assert to_docx(draft) != to_docx(replace(draft, signed_on="2026年7月4日"))


def test_python_docx_opens_it(draft):
    import docx

    document = docx.Document(BytesIO(to_docx(draft)))
    assert document.paragraphs[3].style.name == "Heading 1"
    assert document.sections[0].page_height.mm == pytest.approx(297, abs=0.1)
    assert document.core_properties.title == draft.title
    assert document.core_properties.author == ""


def test_an_empty_draft_is_still_a_document(draft):
    data = to_docx(replace(draft, title="", sections=(), signature="", signed_on=""))
    assert paragraphs(data) == [("", "")]


def test_characters_xml_cannot_hold_do_not_break_the_file(draft):
    data = to_docx(
        replace(draft, title="计\x00划\ud800", sections=(section("CARE", "", "甲\x0b乙\x07丙\ufffe丁"),))
    )
    assert [text for _, text in paragraphs(data)][:4] == ["计划", "", "甲", "乙丙丁"]
