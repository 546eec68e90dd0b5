"""The fixed parts of a Word file in the layout of GB/T 9704-2012: page, grid, styles, fonts, footers.

Written out rather than taken from a template: no theme fonts, no unused styles, the same bytes every
time. Lengths are twips (1/20 pt) unless named otherwise. Knows nothing about drafts.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

# 7.1-7.2 of the standard: A4, 37 mm above and 28 mm left of a type area of 156 x 225 mm, which holds
# 22 lines of 28 characters: 22 x 28.95 pt = 636.9 of 637.8 pt; 28 x (16 - 848/4096) pt = 442.2 pt.
# The grid is declared for Word and WPS, yet no text leans on it: LibreOffice gives a character wider
# than its cell two cells, and a fallback font taller than a line takes two lines. So every style sets
# the same pitch itself, as an exact line height and 0.3 pt less between characters (28 x 15.7 pt).
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
TOP, BOTTOM, LEFT, RIGHT = 2098, 1984, 1587, 1474
LINE_PITCH = 579
CHARACTER_SPACE = -848
SQUEEZE = -6
CHARACTER = 314
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
BODY_SIZE, TITLE_SIZE, FOOTER_SIZE, CELL_SIZE = 32, 44, 28, 24  # half points: 三号, 二号, 四号, 小四
# The dash of the page number lies 7 mm below the type area (7.5).
FOOTER = 1433
FOOTER_LINE = CELL_LINE = 400

BODY, HEI, KAI, SONG, TITLE_FONT = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"
LATIN = "Times New Roman"
# What to use where the named font is not installed.
ALTERNATIVES = {BODY: "仿宋", KAI: "楷体", TITLE_FONT: "宋体", HEI: "SimHei", SONG: "SimSun"}

TITLE_STYLE, H1_STYLE, H2_STYLE = "PlanTitle", "Heading1", "Heading2"
CLOSING_STYLE, FOOTER_STYLE, BODY_STYLE = "PlanClosing", "Footer", "Normal"
ANNEX_STYLE, ADDRESS_STYLE, NUMBER_STYLE, CELL_STYLE = "PlanAnnex", "PlanAddress", "PlanNumber", "PlanCell"

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMESPACES = f'xmlns:w="{_W}" xmlns:r="{_R}"'
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def package(body: str, title: str, day: str = "", landscape: bool = False) -> bytes:
    """Return the .docx file around the paragraphs `body` (WordprocessingML).

    `day` (ISO date) becomes the creation date. No author is named. The same input gives the same bytes.
    """
    document = f"<w:document {NAMESPACES}><w:body>{body}{_section(landscape)}</w:body></w:document>"
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _package_relations(),
        "docProps/core.xml": _core(title, day),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _document_relations(),
        "word/styles.xml": styles(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _font_table(),
        "word/footer1.xml": _footer("right"),
        "word/footer2.xml": _footer("left"),
    }
    return _zip(parts)


def fonts(east_asia: str, latin: str = LATIN) -> str:
    """Return w:rFonts naming every script, so that no default or theme font is left to chance."""
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east_asia}" w:cs="{latin}"/>'


def styles() -> str:
    """Return styles.xml: document defaults and the styles a plan uses, all black, none bold."""
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts(BODY)}{_look(BODY_SIZE)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    flush = '<w:ind w:firstLine="0" w:firstLineChars="0"/>'
    indent = f'<w:ind w:firstLine="{2 * CHARACTER}" w:firstLineChars="200"/>'
    normal = (
        '<w:widowControl w:val="0"/><w:kinsoku/><w:overflowPunct/><w:autoSpaceDE w:val="0"/>'
        f'<w:autoSpaceDN w:val="0"/>{_pitch(LINE_PITCH)}{indent}<w:jc w:val="both"/>'
    )
    title = f'<w:keepNext/>{_pitch(LINE_PITCH)}{flush}<w:jc w:val="center"/>'
    h1 = f'<w:keepNext/>{_pitch(LINE_PITCH)}{indent}<w:outlineLvl w:val="0"/>'
    h2 = f'<w:keepNext/>{_pitch(LINE_PITCH)}{indent}<w:outlineLvl w:val="1"/>'
    closing = f'{_pitch(LINE_PITCH)}{flush}<w:jc w:val="right"/>'
    footer = f"{_pitch(FOOTER_LINE)}{flush}"
    return _root(
        "styles",
        defaults,
        _style(BODY_STYLE, "Normal", normal, fonts(BODY)),
        _style(TITLE_STYLE, "公文标题", title, fonts(TITLE_FONT), TITLE_SIZE),
        _style(H1_STYLE, "heading 1", h1, fonts(HEI)),
        _style(H2_STYLE, "heading 2", h2, fonts(KAI)),
        _style(CLOSING_STYLE, "公文落款", closing, fonts(BODY)),
        _style(ADDRESS_STYLE, "公文主送机关", _pitch(LINE_PITCH) + flush, fonts(BODY)),
        _style(
            NUMBER_STYLE, "公文发文字号", f'{_pitch(LINE_PITCH)}{flush}<w:jc w:val="center"/>', fonts(BODY)
        ),
        _style(ANNEX_STYLE, "公文附件", f"<w:keepNext/>{_pitch(LINE_PITCH)}{flush}", fonts(HEI)),
        _style(CELL_STYLE, "公文表格", _pitch(CELL_LINE) + flush, fonts(BODY), CELL_SIZE),
        _style(FOOTER_STYLE, "footer", footer, fonts(SONG, SONG), FOOTER_SIZE),
    )


def _style(style_id: str, name: str, paragraph: str, run: str, size: int = BODY_SIZE) -> str:
    root = style_id == BODY_STYLE
    default = ' w:default="1"' if root else ""
    own = ' w:customStyle="1"' if style_id.startswith("Plan") else ""
    based = "" if root else f'<w:basedOn w:val="{BODY_STYLE}"/>'
    following = (
        "" if style_id in (FOOTER_STYLE, CLOSING_STYLE, CELL_STYLE) else f'<w:next w:val="{BODY_STYLE}"/>'
    )
    return (
        f'<w:style w:type="paragraph"{default}{own} w:styleId="{style_id}">'
        f'<w:name w:val="{name}"/>{based}{following}<w:qFormat/><w:pPr>{paragraph}</w:pPr>'
        f'<w:rPr>{run}<w:b w:val="0"/><w:bCs w:val="0"/>{_look(size)}'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:style>'
    )


def _pitch(line: int) -> str:
    return (
        f'<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>'
    )


def _look(size: int) -> str:
    """Black, of `size` half points; body text squeezed to 28 characters a line."""
    squeeze = SQUEEZE if size == BODY_SIZE else 0
    return (
        f'<w:snapToGrid w:val="0"/><w:color w:val="000000"/><w:spacing w:val="{squeeze}"/>'
        f'<w:kern w:val="0"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    )


def _section(landscape: bool) -> str:
    """The page; a table lies across it, turned a quarter to the left (7.4 of the standard)."""
    size = f'w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}"'
    margins = f'w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}"'
    if landscape:
        size = f'w:w="{PAGE_HEIGHT}" w:h="{PAGE_WIDTH}" w:orient="landscape"'
        margins = f'w:top="{LEFT}" w:right="{TOP}" w:bottom="{RIGHT}" w:left="{BOTTOM}"'
    return (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/>'
        '<w:footerReference w:type="even" r:id="rId5"/>'
        f"<w:pgSz {size}/>"
        f'<w:pgMar {margins} w:header="851" w:footer="{min(FOOTER, RIGHT - 400) if landscape else FOOTER}"'
        f' w:gutter="0"/>'
        f'<w:cols w:space="425"/><w:docGrid w:type="linesAndChars" w:linePitch="{LINE_PITCH}"'
        f' w:charSpace="{CHARACTER_SPACE}"/></w:sectPr>'
    )


def _footer(side: str) -> str:
    """Page number with a dash on each side, one character in from the edge (7.5)."""
    indent = f'<w:ind w:{side}="280" w:{side}Chars="100" w:firstLine="0" w:firstLineChars="0"/>'
    named = fonts(SONG, SONG).replace("<w:rFonts", '<w:rFonts w:hint="eastAsia"')

    def run(inner: str) -> str:
        return f"<w:r><w:rPr>{named}</w:rPr>{inner}</w:r>"

    return _root(
        "ftr",
        f'<w:p><w:pPr><w:pStyle w:val="{FOOTER_STYLE}"/>{indent}<w:jc w:val="{side}"/></w:pPr>',
        run('<w:t xml:space="preserve">— </w:t>'),
        run('<w:fldChar w:fldCharType="begin"/>'),
        run('<w:instrText xml:space="preserve"> PAGE </w:instrText>'),
        run('<w:fldChar w:fldCharType="separate"/>'),
        run("<w:t>1</w:t>"),
        run('<w:fldChar w:fldCharType="end"/>'),
        run('<w:t xml:space="preserve"> —</w:t>'),
        "</w:p>",
    )


def _settings() -> str:
    return _root(
        "settings",
        '<w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>'
        '<w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        "<w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
        "<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/></w:compat>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>',
    )


def _font_table() -> str:
    chinese = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, other in ALTERNATIVES.items()
    )
    latin = (
        f'<w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/>'
        '<w:pitch w:val="variable"/></w:font>'
    )
    return _root("fonts", chinese, latin)


def _core(title: str, day: str) -> str:
    stamp = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
        if day
    )
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms='
        '"http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>zh-CN</dc:language>{stamp}</cp:coreProperties>"
    )


def _content_types() -> str:
    kinds = {
        "document": "document.main",
        "styles": "styles",
        "settings": "settings",
        "fontTable": "fontTable",
        "footer1": "footer",
        "footer2": "footer",
    }
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_OFFICE}.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _package_relations() -> str:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    return _relations({f"{_R}/officeDocument": ("word/document.xml",), core: ("docProps/core.xml",)})


def _document_relations() -> str:
    return _relations(
        {
            f"{_R}/styles": ("styles.xml",),
            f"{_R}/settings": ("settings.xml",),
            f"{_R}/fontTable": ("fontTable.xml",),
            f"{_R}/footer": ("footer1.xml", "footer2.xml"),
        }
    )


def _relations(targets: Mapping[str, tuple[str, ...]]) -> str:
    pairs = [(kind, target) for kind, names in targets.items() for target in names]
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_HEAD}<Relationships xmlns="{space}">{rows}</Relationships>'


def _root(name: str, *inner: str) -> str:
    return f"{_HEAD}<w:{name} {NAMESPACES}>{''.join(inner)}</w:{name}>"


def _zip(parts: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, (text if text.startswith("<?xml") else _HEAD + text).encode())
    return buffer.getvalue()
