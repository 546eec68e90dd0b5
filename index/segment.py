"""From a page to the documents on it, and from a document to its headings and items.

A page of a sample site holds many documents: parted by markers (篇1, 【篇1】, 第一篇：, 『 1 』), by a second
title, or by nothing but a numbering that starts over. Text comes in cleaned (`index.clean`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.clean_rules import GAP, HAN, load_rules
from index.errors import UserError
from index.headings import Family, Line, headings, is_misnumbered, items, read_lines, value_of
from index.types import Flag, Piece

__all__ = ["headings", "items", "split_pages"]

_FRONT_MATTER = re.compile(r"\A\ufeff?\+\+\+[ \t]*\r?\n(.*?)\r?\n\+\+\+[ \t]*(?:\r?\n|\Z)", re.S)
_N = r"[一二三四五六七八九十\d]{1,3}"
_MARKER = re.compile(
    rf"(?P<title>[^。；]{{0,36}}?)[【\[（(]?\s*(?:篇|范文|例文)\s*(?P<number>{_N})\s*[】\]）)]?\s*(?:[:：]\s*(?P<own>.{{0,40}}))?|"
    rf"[【\[（(]?第(?P<ordinal>{_N})篇[】\]）)]?\s*[:：]?\s*(?P<after>[^。]{{0,40}})"
)
_PAGE_MARK = re.compile(r"(?:『\s*\d{1,2}\s*』\s*)+$")
_MASKED_NAME = rf"{GAP}(?=[省市区县州镇乡村街校院园局厂场站所届中小大学医公])"
_TITLE_LENGTH = 45
_LEAST_DOCUMENT = 20
_SAME = 0.8
_SHINGLE = 5


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines that belong to one document, with the title its marker gave it."""

    lines: tuple[str, ...]
    title: str = ""
    number: int = 0
    cut: bool = False


def split_pages(text: str, name: str = "") -> list[Piece]:
    """Return the documents of a page. `name`, the file's, is the title of a lone document that has none.

    Text before the first marker is dropped unless it is a document itself. A document that is contained in
    another of the page is flagged DUPLICATE. A page with front matter is one document.

    :raises UserError: for front matter that is no TOML.
    """
    if front := _FRONT_MATTER.match(text):
        return [_with_meta(front.group(1), text[front.end() :])]
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    chunks = [part for chunk in _marked(lines) for part in _unmarked(chunk)]
    pieces = [piece for chunk in chunks if (piece := _piece(chunk, alone=len(chunks) == 1)) is not None]
    stem = re.sub(r"\.\w{2,5}$", "", re.split(r"[/\\]", name)[-1]).strip()
    if len(pieces) == 1 and not pieces[0].title and _is_title(stem):
        pieces = [replace(pieces[0], title=_bare(stem))]
    return _flag_duplicates(pieces)


def _with_meta(source: str, body: str) -> Piece:
    try:
        meta = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"文件开头“+++”之间的信息写得不对（{error}），请改正后再导入。") from error
    title = str(meta.get("title", ""))
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    if lines and title and lines[0].lstrip("# ") == title:
        lines = lines[1:]
    whole = "\n".join(lines)
    return Piece(title, whole, _flags(whole), dict(meta))


def _marked(lines: Sequence[str]) -> Iterator[_Chunk]:
    """Part a page at its markers. What stands before the first one must look like a document to stay."""
    chunk, held = _Chunk(()), list[str]()
    first = True
    for line in lines:
        title, number = marker(line)
        if not number:
            held.append(line)
            continue
        if not first or is_document(held, number):
            yield replace(chunk, lines=tuple(held))
        chunk, first = _Chunk((), title or (chunk.title if not held else ""), number), False
        held = []
    yield replace(chunk, lines=tuple(held))


def marker(line: str) -> tuple[str, int]:
    """Return the title a marker line gives and its number, 0 if it is no marker."""
    if len(line) > _TITLE_LENGTH + 10:
        return "", 0
    match = _MARKER.fullmatch(line)
    if not match:
        return "", 0
    title = match["own"] or match["after"] or match["title"] or ""
    if match["ordinal"] and title and not _is_title(title):
        return "", 0
    return _bare(title) if _is_title(title) else "", value_of(match["number"] or match["ordinal"])


def is_document(lines: Sequence[str], next_number: int) -> bool:
    families = [line.family for line in read_lines("\n".join(lines))]
    numbered = sum(family <= Family.ARABIC for family in families)
    return numbered >= 3 or (next_number > 1 and sum(map(len, lines)) > 200)


def _unmarked(chunk: _Chunk) -> Iterator[_Chunk]:
    """Part a chunk where another document begins without a marker."""
    begin = 0
    for cut in [*_boundaries(chunk.lines), len(chunk.lines)]:
        lines = chunk.lines[begin:cut]
        torn = bool(lines) and bool(_PAGE_MARK.search(lines[-1]))
        if torn:
            lines = (*lines[:-1], _PAGE_MARK.sub("", lines[-1]))
        yield replace(
            chunk, lines=tuple(filter(None, lines)), title=chunk.title if begin == 0 else "", cut=torn
        )
        begin = cut


def _boundaries(lines: Sequence[str]) -> list[int]:
    """Return the lines that open another document: behind a page mark, a second title, a second 一、."""
    read = [next(read_lines(line)) for line in lines]
    found: list[int] = []
    begin = top = 0
    in_part = False
    for i, line in enumerate(read):
        cut = 0
        behind_mark = i > 0 and _PAGE_MARK.search(lines[i - 1])
        if behind_mark or (i - begin > 4 and _opens_by_title(lines, i)):
            cut = i
        elif _opens_by_guide(read[begin:i], line) and not in_part:
            cut = _lead_start(lines, begin, i)
        elif line.family is Family.ONE and value_of(line.number) == 1 and top >= 1 and not in_part:
            same = any(lines[k] == lines[i] for k in range(begin, i))
            cut = _lead_start(lines, begin, i) if top >= 2 or same else 0
        if cut:
            found.append(cut)
            begin, top, in_part = cut, 0, False
        if line.family is Family.ONE:
            top, in_part = value_of(line.number), False
        elif line.family is Family.PART or _is_part(lines[i]):
            in_part = True
    return found


def _opens_by_guide(above: Sequence[Line], line: Line) -> bool:
    """Whether 一、指导思想 follows measures: nobody says last what guides him."""
    if (
        line.family is not Family.ONE
        or value_of(line.number) != 1
        or not re.match(_segment("guide"), line.rest)
    ):
        return False
    return sum(row.family is Family.ARABIC for row in above) >= 2 and all(
        row.family is not Family.ONE for row in above
    )


def _lead_start(lines: Sequence[str], begin: int, first: int) -> int:
    """Walk back from a first heading over the title and lead that belong to it."""
    start = first
    while start - 1 > begin and first - start < 4:
        line = lines[start - 1]
        if next(read_lines(line)).family < Family.PLAIN:
            break
        if _is_title(line) or _is_open_start(line):
            return start - 1
        if not (re.search(_segment("lead"), line) or re.search(_segment("lead_end"), line)):
            break
        start -= 1
    return start


def _opens_by_title(lines: Sequence[str], i: int) -> bool:
    """Whether line `i` is the title of another plan: it names the union and numbering starts over below."""
    line = lines[i]
    if not (
        _is_title(line) and "工会" in line and re.search(r"(?:计划|要点|总结|汇报|报告|方案)[）)]?$", line)
    ):
        return False
    if next(read_lines(line)).family is not Family.PROSE and not re.fullmatch(_segment("headings"), line):
        return False
    following = [next(read_lines(text)) for text in lines[i + 1 : i + 6]]
    return any(row.family is Family.ONE and value_of(row.number) == 1 for row in following)


def _piece(chunk: _Chunk, alone: bool) -> Piece | None:
    lines = list(chunk.lines)
    while lines and re.fullmatch(rf"[^。]{{0,30}}(?:{_segment('decoration')})", lines[-1]) and len(lines) > 3:
        lines.pop()
    title, lines = _take_title(lines)
    text = "\n".join(lines)
    if not text or (not alone and len(re.findall(rf"[{HAN}]", text)) < _LEAST_DOCUMENT):
        return None
    flags = _flags(text) | ({Flag.TRUNCATED_END} if chunk.cut else set())
    return Piece(title or chunk.title, text.lstrip("，、；。,;"), frozenset(flags))


def _take_title(lines: list[str]) -> tuple[str, list[str]]:
    """Return the title and the lines below it. A unit's name above the title belongs to it."""
    if lines and _is_title(lines[0]):
        return _bare(lines[0]), lines[1:]
    unit = re.compile(rf"[{HAN}〔〕A-Za-z\d（）]{{3,30}}(?:工会|委员会|总工会|医院|学校|小学|中学|公司)")
    if len(lines) > 2 and _is_title(lines[1]) and unit.fullmatch(lines[0].lstrip("# ")):
        return lines[0].lstrip("# ") + _bare(lines[1]), lines[2:]
    return "", lines


def _is_title(line: str) -> bool:
    line = line.lstrip("# ")
    if not line or len(line) > _TITLE_LENGTH or re.search("[。；，：:！？]", line) or line.startswith("附"):
        return False
    if next(read_lines(line)).family < Family.PLAIN or _is_part(line):
        return False
    return bool(re.search(rf"{_segment('title')}(?:[（(][^）)]*[）)]|{_segment('decoration')}|\s)*$", line))


def _is_part(line: str) -> bool:
    return bool(re.fullmatch(_segment("part"), line.rstrip("：:")))


def _bare(title: str) -> str:
    """Return a title without what sites hang on it."""
    title = re.sub(rf"\s*{_segment('decoration')}\s*", "", title.lstrip("# ")).strip()
    return title.strip("【】[]：:- ")


def _flags(text: str) -> frozenset[Flag]:
    rules = load_rules()
    checks = {
        Flag.TRUNCATED_START: _is_open_start(text.split("\n", 1)[0]) or _starts_late(text),
        Flag.TRUNCATED_END: _is_open_end(text),
        Flag.MISNUMBERED: is_misnumbered(text),
        Flag.MASKED: bool(re.search(rf"\{{(?:YEAR|PARTY_REF|DOCNO)\}}|{_MASKED_NAME}", text)),
        Flag.CENSORED: GAP in re.sub(_MASKED_NAME, "", text),
        Flag.MACHINE_WRITTEN: any(p.search(text) for p in rules.machine_strong)
        or sum(bool(p.search(text)) for p in rules.machine_weak) >= 2,
    }
    return frozenset(flag for flag, seen in checks.items() if seen)


def _is_open_start(line: str) -> bool:
    """Whether a text begins inside a sentence: with a mark, or a bracket closed that never opened."""
    if re.match(r"[，、；。：）》”,;:)]", line):
        return True
    depth = 0
    for character in re.sub(r"^\d{1,2}[)）]", "", line):
        depth += (character in "（《“") - (character in "）》”")
        if depth < 0:
            return True
    return False


def _starts_late(text: str) -> bool:
    """Whether the first numeral of the outermost family is not 一."""
    tops = [value_of(line.number) for line in read_lines(text) if line.family is Family.ONE]
    return bool(tops) and tops[0] > 1


def _is_open_end(text: str) -> bool:
    """Whether a text ends in the middle of a sentence."""
    last = text.rstrip().rsplit("\n", 1)[-1]
    if last.endswith(("，", "、", "；", "“", "（", "《")):
        return len(last) > 12 or not last.endswith("；")
    if (
        last.count("（") > last.count("）")
        or last.count("《") > last.count("》")
        or last.count("“") > last.count("”")
    ):
        return True
    return len(last) > 60 and not re.search(r"[。！？：”）)…]$", last)


def _flag_duplicates(pieces: list[Piece]) -> list[Piece]:
    """Flag every document whose text is nearly all in a longer one of the page."""
    shingles = [_shingles(piece.text) for piece in pieces]
    flagged = []
    for i, piece in enumerate(pieces):
        longer = (j for j in range(len(pieces)) if (len(shingles[j]), -j) > (len(shingles[i]), -i))
        inside = any(len(shingles[i] & shingles[j]) >= _SAME * len(shingles[i]) > 0 for j in longer)
        flagged.append(replace(piece, flags=piece.flags | {Flag.DUPLICATE}) if inside else piece)
    return flagged


def _shingles(text: str) -> frozenset[str]:
    plain = "".join(re.findall(rf"[{HAN}\d]", text))
    return frozenset(plain[i : i + _SHINGLE] for i in range(len(plain) - _SHINGLE + 1))


@lru_cache(maxsize=8)
def _segment(key: str) -> str:
    return load_rules().segment[key]
