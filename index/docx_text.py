"""The text of a Word document: paragraphs and tables in order, automatic numbering written out.

Reads the parts of ISO/IEC 29500-1 itself: headers, footers, text boxes and deleted revisions are left out,
and no entity of the XML is ever resolved. A table row is one line; a row that begins with a month reads
"7月：…". Raises `zipfile`, `lxml` and `KeyError` errors for a broken file; `readers` says them in Chinese.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = {
    f"{_W}{name}" for name in ("del", "moveFrom", "txbxContent", "pict", "instrText", "delText", "rPr", "pPr")
} | {f"{_MC}Fallback"}
_MONTH = re.compile(
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:[—–~～至、-]+(?:\d{1,2}|[一二三四五六七八九十]{1,2}))?月份?"
)
_MAX_PART = 100 * 1024 * 1024
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographTraditional",
    "taiwaneseCountingThousand",
}


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered: its kind, its pattern such as "（%1）", its first value."""

    kind: str
    pattern: str
    start: int


@dataclass(slots=True)
class _Numbering:
    """The lists of a document and how far each has counted."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def prefix(self, paragraph: Any) -> str:
        """Return the number Word prints before `paragraph`, counting it, "" if it has none."""
        number, depth = self._place(paragraph)
        key = self.lists.get(number, "")
        level = self.levels.get(key, {}).get(depth)
        if level is None:
            return ""
        counts = self.counts.setdefault(key, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        return re.sub(r"%(\d)", lambda match: self._shown(key, int(match.group(1)) - 1), level.pattern)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return "", 0
        own = _list_place(properties.find(f"{_W}numPr"))
        style = properties.find(f"{_W}pStyle")
        inherited = self.styles.get(style.get(f"{_W}val"), ("", 0)) if style is not None else ("", 0)
        return (own[0] or inherited[0], own[1] if own[1] >= 0 else inherited[1]) if own else inherited

    def _shown(self, key: str, depth: int) -> str:
        level = self.levels[key].get(depth)
        if level is None:
            return ""
        return _numeral(self.counts[key].get(depth, level.start), level.kind)


def docx_text(data: bytes) -> str:
    """Return the text of a .docx file, one paragraph or table row a line."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = _parse(archive, "word/document.xml").find(f"{_W}body")
        numbering = _numbering(archive)
    if body is None:
        raise KeyError("body")
    text = "\n".join(_blocks(body, numbering))
    return text if text.strip() else "\n".join(_boxes(body))


def _boxes(body: Any) -> Iterator[str]:
    """Yield what stands in text boxes, for a document that has nothing else."""
    for box in body.iter(f"{_W}txbxContent"):
        if not any(parent.tag == f"{_MC}Fallback" for parent in box.iterancestors()):
            yield from (_text(paragraph) for paragraph in box.iter(f"{_W}p"))


def _parse(archive: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    if archive.getinfo(name).file_size > _MAX_PART:
        raise OverflowError(name)
    parser = etree.XMLParser(resolve_entities=False, huge_tree=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(name), parser)


def _blocks(parent: Any, numbering: _Numbering) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield numbering.prefix(child) + _text(child)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                if _owner(row) is child:
                    yield from _row(row, numbering)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            yield from _blocks(child, numbering)


def _owner(row: Any) -> Any:
    return next(row.iterancestors(f"{_W}tbl"))


def _row(row: Any, numbering: _Numbering) -> Iterator[str]:
    """Yield a table row: cells joined by ｜, or a month and what happens in it."""
    cells = [
        list(filter(None, (line.strip() for line in _blocks(cell, numbering))))
        for cell in row.iterchildren(f"{_W}tc")
    ]
    cells = [cell for cell in cells if cell]
    if not cells:
        return
    month = "".join(cells[0]).replace(" ", "")
    if not _MONTH.fullmatch(month) or len(cells) < 2:
        yield "｜".join(" ".join(cell) for cell in cells)
        return
    if len(cells) == 2 and len(cells[1]) > 1:
        yield f"{month}："
        yield from cells[1]
        return
    yield f"{month}：" + "｜".join("；".join(line.rstrip("；。") for line in cell) for cell in cells[1:])


def _text(element: Any) -> str:
    parts: list[str] = []
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag == f"{_W}tab":
            parts.append(" ")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        else:
            parts.append(_text(child))
    return "".join(parts)


def _numbering(archive: zipfile.ZipFile) -> _Numbering:
    names = set(archive.namelist())
    if "word/numbering.xml" not in names:
        return _Numbering()
    root = _parse(archive, "word/numbering.xml")
    found = _Numbering()
    for abstract in root.iterchildren(f"{_W}abstractNum"):
        found.levels[abstract.get(f"{_W}abstractNumId")] = dict(_levels(abstract))
    for number in root.iterchildren(f"{_W}num"):
        key, base = number.get(f"{_W}numId"), _value(number, "abstractNumId")
        overrides = list(number.iterchildren(f"{_W}lvlOverride"))
        if overrides:
            found.levels[f"{base}/{key}"] = found.levels.get(base, {}) | dict(
                _overridden(overrides, found.levels.get(base, {}))
            )
        found.lists[key] = f"{base}/{key}" if overrides else base
    if "word/styles.xml" in names:
        found.styles.update(_style_places(_parse(archive, "word/styles.xml")))
    return found


def _levels(parent: Any) -> Iterator[tuple[int, _Level]]:
    for level in parent.iterchildren(f"{_W}lvl"):
        kind = _value(level, "numFmt") or "decimal"
        pattern = _value(level, "lvlText")
        shown = kind not in ("bullet", "none")
        yield (
            int(level.get(f"{_W}ilvl")),
            _Level(kind, pattern if shown else "", int(_value(level, "start") or 1)),
        )


def _overridden(overrides: list[Any], base: dict[int, _Level]) -> Iterator[tuple[int, _Level]]:
    for override in overrides:
        depth = int(override.get(f"{_W}ilvl"))
        yield from _levels(override)
        start = _value(override, "startOverride")
        if start and depth in base:
            yield depth, _Level(base[depth].kind, base[depth].pattern, int(start))


def _style_places(root: Any) -> Iterator[tuple[str, tuple[str, int]]]:
    for style in root.iterchildren(f"{_W}style"):
        place = _list_place(style.find(f"{_W}pPr/{_W}numPr"))
        if place and place[0]:
            yield style.get(f"{_W}styleId"), (place[0], max(place[1], 0))


def _list_place(properties: Any) -> tuple[str, int] | None:
    """Return the list and depth a numPr names; depth -1 when it names none."""
    if properties is None:
        return None
    depth = _value(properties, "ilvl")
    return _value(properties, "numId"), int(depth) if depth else 0


def _value(parent: Any, name: str) -> str:
    child = parent.find(f"{_W}{name}")
    return "" if child is None else str(child.get(f"{_W}val") or "")


def _numeral(value: int, kind: str) -> str:
    if kind in _CHINESE:
        return _chinese(value)
    if kind == "decimalEnclosedCircle" and 1 <= value <= 20:
        return chr(0x245F + value)
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26)
        return letter.upper() if kind == "upperLetter" else letter
    return str(value)


def _chinese(value: int) -> str:
    digits = "〇一二三四五六七八九"
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    head = ("" if tens == 1 else digits[tens]) + "十" if tens else ""
    return head + (digits[ones] if ones else "")
