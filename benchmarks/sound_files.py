"""A sound file of every format an import reads, each holding the same invented plan."""

from __future__ import annotations

import io
import zipfile

PLAN = """白沙厂工会2026年下半年工作计划
一、指导思想
以服务职工、促进生产为中心，围绕厂部年度任务，发挥工会桥梁纽带作用，把各项工作落到班组。
二、主要工作
（一）民主管理
1.九月召开职工代表大会，审议绩效分配办法，厂务公开栏每月更新一次，答复率达到百分之百。
2.每季度召开一次职工代表联席会议，通报提案办理情况，由办公室负责督办并公示结果。
（二）关心关爱
1.七月为高温岗位职工送清凉，调整作业时间，设置休息点十处，由劳动保护委员每日检查。
2.走访困难职工二十户，建立档案，帮助解决子女就学问题，联系人王小明，电话13800138000。
三、工作安排
7月：送清凉；开展安全生产知识竞赛。
8月：金秋助学摸底；组织职工子女夏令营。
9月：召开职工代表大会。
白沙厂工会委员会
2026年7月3日
"""
TRADITIONAL = PLAN.replace("职", "職").replace("动", "動").replace("产", "產").replace("务", "務")


def docx(xml: str = "") -> bytes:
    """Return a Word file of the plan, or of the body given as XML."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in PLAN.split("\n"))
    rows = "".join(
        f"<w:tr><w:tc><w:p><w:r><w:t>{m}月</w:t></w:r></w:p></w:tc>"
        f"<w:tc><w:p><w:r><w:t>第{m}项工作</w:t></w:r></w:p></w:tc></w:tr>"
        for m in range(7, 13)
    )
    numbers = (
        f'<w:numbering {space}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    place = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    listed = f"<w:p>{place}<w:r><w:t>保障措施</w:t></w:r></w:p>"
    body = f"<w:body>{xml or lines + listed * 2 + f'<w:tbl>{rows}</w:tbl>'}</w:body>"
    return zipped(
        {
            "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "word/document.xml": f"<w:document {space}>{body}</w:document>".encode(),
            "word/numbering.xml": numbers.encode(),
        }
    )


def xlsx() -> bytes:
    """Return a spreadsheet with a month table."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["白沙厂工会2026年下半年工作安排"],
        ["月份", "内容"],
        *([f"{m}月", f"第{m}批职工送清凉"] for m in range(7, 13)),
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf(pages: int = 3) -> bytes:
    """Return a PDF of the plan whose text is found through a ToUnicode table."""
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange "
        + "".join(f"1 beginbfrange <{i:02X}00> <{i:02X}FF> <{i:02X}00> endbfrange " for i in range(256))
        + "endcmap end end"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{5 + 2 * i} 0 R' for i in range(pages))}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /ToUnicode 4 0 R "
        "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>",
        f"<< /Length {len(table)} >>\nstream\n{table}\nendstream",
    ]
    for page in range(pages):
        lines = ["白沙厂工会文件", *PLAN.split("\n"), f"第 {page + 1} 页"]
        shown = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -20 Td" for line in lines)
        content = f"BT /F1 12 Tf 50 780 Td {shown} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {6 + 2 * page} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table_at = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{p:010d} 00000 n \n" for p in places
    )
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table_at}\n%%EOF\n"
    return out.encode("ascii")


def html() -> bytes:
    """Return a web page of the plan with navigation around it."""
    body = "".join(f"<p>{line}</p>" for line in PLAN.split("\n"))
    rows = "".join(f"<tr><td>{m}月</td><td>第{m}项工作</td></tr>" for m in range(7, 13))
    return (
        f"<!DOCTYPE html><html><head><title>计划</title></head><body><nav><a href='/'>首页</a></nav>"
        f"<article>{body}<table>{rows}</table></article><footer>联系我们</footer></body></html>"
    ).encode()


def mht() -> bytes:
    """Return a page saved as a web archive."""
    return (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + html() + b"\r\n--x--\r\n"
    )  # fmt: skip


def archive() -> bytes:
    """Return a zip of several formats."""
    return zipped(
        {
            "计划.txt": PLAN.encode("gbk"),
            "子/安排.xlsx": xlsx(),
            "计划.docx": docx(),
            "页.html": html(),
            "图.png": b"png",
        }
    )


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip of the members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return out.getvalue()
