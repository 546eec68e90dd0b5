"""A small plan and readers of Word files, for the tests of what leaves the product as paper."""

import zipfile
from datetime import date
from io import BytesIO
from xml.etree import ElementTree

from assistant.types import Draft, Profile, Request, Section
from index.types import SectionCode

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEAD = "上半年，夜间值班人员吃热饭的事还没有办好。为做好下半年工作，制定本计划。"
SKILL = "1.9月，举办技能比武决赛，由护理部和院工会共同评分。\n2.每季度公开一次经费使用情况。"
CARE = (
    "1.7月底前，工会小组长逐科登记夜班人数，问题三个工作日内回复。\n（1）提供热饮；\n（2）配躺椅。\n"
    "2.《女职工劳动保护特别规定》学习会10月召开，所需经费在年度预算中列支。"
)


def section(code, heading, text, group=""):
    return Section(id=code.lower(), code=SectionCode(code), heading=heading, text=text, group=group)


def plan(**changes):
    values = {
        "id": "d20260703-0001",
        "request": Request(text="给医院工会写下半年计划", today=date(2026, 7, 3)),
        "profile": Profile(),
        "title": "云栖市第三人民医院工会2026年下半年工作计划",
        "writer": "composer",
        "sections": (
            section("LEAD", "", LEAD),
            section("SKILL", "以比武带练兵", SKILL, "主要工作"),
            section("CARE", "把夜班关爱落到科室", CARE, "主要工作"),
        ),
        "signature": "云栖市第三人民医院工会委员会",
        "signed_on": "2026年7月3日",
    }
    return Draft(**{**values, **changes})


def printed_plan():
    """A plan of five sections with a blank to fill in and characters that XML escapes."""
    sections = (
        section("LEAD", "", LEAD),
        section(
            "GOAL",
            "工作目标",
            "1.9月底前办完护理技能比武。\n2.10月底前为【待填：夜班科室数】个科室配齐休息角。",
        ),
        section("SKILL", "以比武带练兵", "1.9月，举办决赛。", "主要工作"),
        section(
            "CARE",
            "把夜班关爱落到科室",
            "1.7月，逐科登记夜班人数。\n（1）提供热饮；\n（2）配躺椅。\n2.每月夜访两次。",
            "主要工作",
        ),
        section("SAFEGUARD", "保障措施", "经费按预算使用 & 接受<经审>监督。"),
    )
    return plan(sections=sections)


def document(data, name="word/document.xml"):
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read(name))


def texts(root):
    """The text of every paragraph outside tables, a line break inside one as nothing."""
    body = root.find(f"{W}body")
    return ["".join(node.text or "" for node in p.iter(f"{W}t")) for p in body.findall(f"{W}p")]


def tables(root):
    """The cells of every table, row by row."""
    return [
        [
            ["".join(node.text or "" for node in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")]
            for row in table.iter(f"{W}tr")
        ]
        for table in root.iter(f"{W}tbl")
    ]


def resolved(data, accept):
    """The paragraphs of a redline with all its changes accepted or rejected, by the rules of the format:
    what is dropped goes with its text, and a dropped paragraph mark joins its paragraph to the next.
    """
    dropped = f"{W}del" if accept else f"{W}ins"
    found, open_text = [], ""
    for p in document(data).find(f"{W}body").findall(f"{W}p"):
        gone = {id(node) for change in p.iter(dropped) for node in change.iter()}
        pieces = (n.text or "" for n in p.iter() if n.tag in (f"{W}t", f"{W}delText") and id(n) not in gone)
        open_text += "".join(pieces)
        if p.find(f"{W}pPr/{W}rPr/{dropped}") is None:
            found.append(open_text)
            open_text = ""
    return [text for text in found if text]
