import json
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.export import export, to_docx, to_markdown
from assistant.jsonform import restore
from assistant.numbering import plain, width
from assistant.titling import break_title
from assistant.types import Draft, Profile, Request, Section
from index.errors import UserError
from index.types import SectionCode

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
GOALS = "1.9月底前办完护理技能比武。\n2.10月底前为【待填：夜班科室数】个科室配齐休息角。"
CARE = "1.7月，逐科登记夜班人数。\n（1）提供热饮；\n（2）配躺椅。\n2.每月夜访两次。"


def section(code: str, heading: str, text: str, group: str = "") -> Section:
    return Section(id=code.lower(), code=SectionCode(code), heading=heading, text=text, group=group)


@pytest.fixture
def draft() -> Draft:
    return Draft(
        id="d20260703-0001",
        request=Request(text="给医院工会写下半年计划", today=date(2026, 7, 3)),
        profile=Profile(),
        title="云栖市第三人民医院工会2026年下半年工作计划",
        writer="composer",
        sections=(
            section("LEAD", "", "上半年，夜间值班人员吃热饭的事还没有办好。为做好下半年工作，制定本计划。"),
            section("GOAL", "工作目标", GOALS),
            section("SKILL", "以比武带练兵", "1.9月，举办决赛。", "主要工作"),
            section("CARE", "把夜班关爱落到科室", CARE, "主要工作"),
            section("SAFEGUARD", "保障措施", "经费按预算使用 & 接受<经审>监督。"),
        ),
        signature="云栖市第三人民医院工会委员会",
        signed_on="2026年7月3日",
    )


def part(data: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read(name))


def paragraphs(data: bytes) -> list[tuple[str, str]]:
    """(style, text) of every paragraph; a line break inside one reads as "/"."""
    found = []
    for paragraph in part(data, "word/document.xml").iter(f"{W}p"):
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
    layout = part(to_docx(draft), "word/document.xml").find(f"{W}body/{W}sectPr")
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
    return {style.get(f"{W}styleId", ""): style for style in part(data, "word/styles.xml").iter(f"{W}style")}


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
    look = part(to_docx(draft), "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
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
    fonts = part(to_docx(draft), "word/fontTable.xml")
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
    assert part(data, "word/settings.xml").find(f"{W}evenAndOddHeaders") is not None
    with zipfile.ZipFile(BytesIO(data)) as archive:
        relations = ElementTree.fromstring(archive.read("word/_rels/document.xml.rels"))
    targets = {node.get("Id"): node.get("Target") for node in relations}
    layout = part(data, "word/document.xml").find(f"{W}body/{W}sectPr")
    r_id = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    kinds = {node.get(f"{W}type"): targets[node.get(r_id)] for node in layout.iter(f"{W}footerReference")}
    for kind, side in (("default", "right"), ("even", "left")):
        footer = part(data, f"word/{kinds[kind]}")
        assert "".join(node.text for node in footer.iter(f"{W}t")) == "— 1 —"
        assert next(footer.iter(f"{W}instrText")).text.strip() == "PAGE"
        look = footer.find(f"{W}p/{W}pPr")
        assert attributes(look.find(f"{W}jc")) == {"val": side}
        assert attributes(look.find(f"{W}ind"))[f"{side}Chars"] == "100"


def test_blanks_to_fill_in_are_yellow_and_nothing_else_is(draft):
    runs = part(to_docx(draft), "word/document.xml").iter(f"{W}r")
    marked = [
        "".join(t.text for t in run.iter(f"{W}t"))
        for run in runs
        if run.find(f"{W}rPr/{W}highlight") is not None
    ]
    assert marked == ["【待填：夜班科室数】"]


def test_a_blank_in_title_and_heading_is_yellow_too(draft):
    held = replace(draft, title="【待填：单位】工会计划", sections=(section("GOAL", "【待填：目标】", ""),))
    whole = part(to_docx(held), "word/document.xml")
    assert len(list(whole.iter(f"{W}highlight"))) == 2


def test_signature_and_date_stand_as_the_standard_says(draft):
    closing = [
        attributes(paragraph.find(f"{W}pPr/{W}ind"))
        for paragraph in part(to_docx(draft), "word/document.xml").iter(f"{W}p")
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
    core = part(to_docx(draft), "docProps/core.xml")
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


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("青禾县工会2026年工作计划", ["青禾县工会2026年工作计划"]),
        ("云栖市第三人民医院工会2026年下半年工作计划", ["云栖市第三人民医院工会", "2026年下半年工作计划"]),
        (
            "江州市机械制造有限责任公司工会委员会2026年度工作要点",
            ["江州市机械制造有限责任公司工会委员会", "2026年度工作要点"],
        ),
        (
            "柳湖镇中心小学工会委员会2026—2027学年第一学期工作计划",
            ["柳湖镇中心小学工会委员会", "2026—2027学年第一学期工作计划"],
        ),
        (
            "青禾县教育工会关于深入推进院务公开民主管理和职工之家建设的2026—2027学年第一学期工作计划",
            [
                "青禾县教育工会关于深入推进",
                "院务公开民主管理和职工之家建设的",
                "2026—2027学年第一学期工作计划",
            ],
        ),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("", []),
    ],
)
def test_titles_break_where_they_read_well(title, expected):
    assert break_title(title) == expected


def test_three_title_lines_fit_and_keep_words_whole():
    title = "青禾县卫生健康系统工会联合会关于深入推进院务公开民主管理和职工之家建设的2026年下半年工作计划"
    rows = break_title(title)
    sizes = [width(row) for row in rows]
    assert "".join(rows) == title
    assert len(rows) == 3
    assert max(sizes) <= 20
    for whole in ("工会联合会", "院务公开", "民主管理", "2026年下半年", "工作计划"):
        assert any(whole in row for row in rows)


@pytest.mark.parametrize("title", ["啊" * 50, "A" * 130, "《" + "长" * 30 + "》", "年" * 300])
def test_a_title_without_good_places_is_still_whole_and_fits(title):
    rows = break_title(title)
    assert "".join(rows) == title
    assert all(width(row) <= 20 for row in rows)


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
