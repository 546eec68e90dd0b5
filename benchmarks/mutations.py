"""Damaged files of every format, for trying the import: a sound file each, and what can be done to it.

Everything follows from a seed. No text of any real plan: the files hold an invented one.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.sound_files import PLAN, TRADITIONAL, archive, docx, html, mht, pdf, xlsx, zipped


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged file: its name, its bytes, and what was done to it."""

    name: str
    data: bytes
    how: str


SOUND: dict[str, Callable[[random.Random], bytes]] = {
    ".txt": lambda rng: rng.choice([PLAN, TRADITIONAL]).encode(
        rng.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]), "ignore"
    ),
    ".md": lambda rng: ('+++\ntitle = "计划"\nperiod = "h2"\n+++\n' + PLAN).encode(),
    ".html": lambda rng: html(),
    ".mht": lambda rng: mht(),
    ".docx": lambda rng: docx(),
    ".xlsx": lambda rng: xlsx(),
    ".pdf": lambda rng: pdf(rng.randint(1, 4)),
    ".zip": lambda rng: archive(),
    ".doc": lambda rng: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rng.randbytes(600) + PLAN.encode("utf-16-le"),
    ".rtf": lambda rng: (
        b"{\\rtf1\\ansi\\ansicpg936 " + b"".join(b"\\u%d?" % ord(c) for c in PLAN if ord(c) > 127) + b"}"
    ),
}


def mutants(suffix: str, count: int, seed: int = 1, with_bombs: bool = True) -> Iterator[Mutant]:
    """Yield damaged files of one format: each of its hand-made bombs once, the others by chance."""
    rng = random.Random(f"{suffix}{seed}")
    bombs = list(_bombs(suffix)) if with_bombs else []
    for number in range(count):
        if number < len(bombs):
            how, data = bombs[number]
            yield Mutant(f"{number}{suffix}", data, how)
            continue
        name, change = rng.choice(_CHANGES)
        if name == "inside" and suffix not in (".docx", ".xlsx", ".zip"):
            name, change = "flip", _flip
        data = change(SOUND[suffix](rng), rng)
        shown = rng.choice(list(SOUND)) if name == "suffix" else suffix
        yield Mutant(f"{number}{shown}", data, name)


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _flip(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice([1, 3, 10, 100])):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _noise(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + rng.randbytes(rng.choice([1, 16, 400])) + data[start + rng.choice([0, 16, 400]) :]


def _drop(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.randrange(1, 2000) :]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.choice([3, 30, 300])]
    return data[:start] + piece * rng.choice([2, 50, 3000]) + data[start:]


def _nulls(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + bytes(rng.choice([1, 500])) + data[start + rng.choice([1, 500]) :]


def _join(data: bytes, rng: random.Random) -> bytes:
    other = SOUND[rng.choice(list(SOUND))](rng)
    return data[: rng.randrange(len(data))] + other[rng.randrange(len(other)) :]


def _same(data: bytes, rng: random.Random) -> bytes:
    return data


def _inside(data: bytes, rng: random.Random) -> bytes:
    """Damage one part of an archive and pack it again, so that the damage reaches the parser."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        members = {info.filename: opened.read(info) for info in opened.infolist()}
    name = rng.choice(list(members))
    change = rng.choice([_cut, _flip, _noise, _drop, _repeat, _nulls])
    return zipped(members | {name: change(members[name], rng) if members[name] else b""})


_CHANGES: list[tuple[str, Callable[[bytes, random.Random], bytes]]] = [
    ("cut", _cut), ("flip", _flip), ("noise", _noise), ("drop", _drop), ("repeat", _repeat),
    ("nulls", _nulls), ("join", _join), ("suffix", _same), ("inside", _inside), ("inside", _inside),
    ("inside", _inside),
]  # fmt: skip


def _bombs(suffix: str) -> Iterator[tuple[str, bytes]]:
    """Yield what is made to hurt a reader of this format."""
    if suffix == ".txt":
        for name, text in _texts():
            yield name, text.encode("utf-8", "surrogatepass")
    elif suffix in (".html", ".mht"):
        wrap = (
            (lambda body: mht().replace(b"<article>", b"<article>" + body))
            if suffix == ".mht"
            else (lambda body: b"<html><body>" + body + b"</body></html>")
        )
        yield "deep", wrap(b"<div>" * 60_000 + "计划".encode())
        yield "tables", wrap(b"<table><tr><td>" * 3_000 + "计划".encode())
        yield (
            "attributes",
            wrap(b"<p " + b" ".join(b'a%d="x"' % i for i in range(30_000)) + b">" + PLAN.encode()),
        )
        yield "entities", wrap(b"&nbsp;&#x5DE5;" * 100_000)
        yield "comments", wrap(b"<!--" * 50_000 + PLAN.encode())
    elif suffix == ".docx":
        yield from _docx_bombs()
    elif suffix == ".xlsx":
        yield "swollen", _replaced(xlsx(), "xl/worksheets/sheet1.xml", b" " * 200_000_000)
        yield "entities", _replaced(xlsx(), "xl/worksheets/sheet1.xml", _laughs(b"worksheet"))
        yield "entities", _replaced(xlsx(), "xl/workbook.xml", _laughs(b"workbook"))
        yield "rows", _replaced(xlsx(), "xl/worksheets/sheet1.xml", _rows(400_000))
        yield "far cell", _replaced(xlsx(), "xl/worksheets/sheet1.xml", _far_cell())
    elif suffix == ".pdf":
        good = pdf(1)
        yield "kids of itself", good.replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]")
        yield (
            "many pages",
            good.replace(b"/Kids [5 0 R]", b"/Kids [" + b"5 0 R " * 3000 + b"]").replace(
                b"/Count 1", b"/Count 3000"
            ),
        )
        yield "wrong count", good.replace(b"/Count 1", b"/Count 99999999")
        yield "deep", good.replace(b"/MediaBox [", b"/X " + b"[" * 50_000 + b" /MediaBox [")
        yield "huge page", good.replace(b"[0 0 595 842]", b"[0 0 99999999 99999999]")
        yield "long text", good.replace(b" Tj", b" Tj " * 20_000, 1)
    elif suffix == ".zip":
        yield "swollen", zipped({"弹.txt": bytes(300_000_000)})
        yield "in itself", zipped({"里.zip": zipped({"里.zip": zipped({"a.txt": PLAN.encode()})})})
        yield "many", zipped({f"{i}.txt": b"" for i in range(25_000)})
        yield "long path", zipped({"子/" * 3000 + "a.txt": PLAN.encode()})
        yield (
            "climbing",
            zipped({"../../../../tmp/爬.txt": PLAN.encode(), "C:\\windows\\计划.txt": PLAN.encode()}),
        )
        yield "same name", zipped({"a.txt": PLAN.encode()}) + zipped({"a.txt": PLAN.encode()})
        yield "lying size", _lying(zipped({"a.txt": bytes(200_000)}))
    elif suffix == ".rtf":
        yield "deep", b"{\\rtf1" + b"{" * 100_000
    elif suffix == ".doc":
        yield "locked", b"\xd0\xcf\x11\xe0" + bytes(500) + "EncryptedPackage".encode("utf-16-le")


def _docx_bombs() -> Iterator[tuple[str, bytes]]:
    part = "word/document.xml"
    yield "swollen", _replaced(docx(), part, b" " * 300_000_000)
    yield "entities", _replaced(docx(), part, _laughs(b"document"))
    yield (
        "outside entity",
        _replaced(docx(), part, b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'),
    )
    yield "deep", docx("<w:sdt>" * 50_000)
    yield "deep tables", docx("<w:tbl><w:tr><w:tc>" * 240 + "</w:tc></w:tr></w:tbl>" * 240)
    yield "tables", docx("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>" * 20_000)
    yield (
        "wide row",
        docx(
            "<w:tbl><w:tr>" + "<w:tc><w:p><w:r><w:t>项</w:t></w:r></w:p></w:tc>" * 20_000 + "</w:tr></w:tbl>"
        ),
    )


def _texts() -> Iterator[tuple[str, str]]:
    """Yield texts that make searching, parting or counting slow where it is done carelessly."""
    size = 200_000
    yield "one long line", "加强职工民主管理，" * (size // 9)
    yield "short lines", "工\n" * (size // 2)
    yield "spaces", PLAN + " " * size + "计划\n"
    yield "tabs and spaces", (PLAN + "\u3000\t \xa0" * 5000) * 4
    yield "open brackets", "工会计划" + "（" * size
    yield "closed brackets", "工会计划" + "）" * size
    yield "quotes", "工会“" * (size // 3)
    yield "dots", "工会" + "." * size + "计划"
    yield "numbers", "1." * (size // 2) + "工会计划"
    yield "numerals", "一、" * (size // 2) + "工会计划"
    yield "headings", "\n".join(f"{i}.工会工作" for i in range(size // 10))
    yield "markers", "篇1\n工会工作计划\n" * (size // 10)
    yield "titles", "白沙厂工会2026年工作计划\n" * (size // 15)
    yield "months", "7月：送清凉。\n" * (size // 9)
    yield "pinyin", "职(zhí)" * (size // 6)
    yield "masks", "xx年" * (size // 3)
    yield "digits", "工会" + "1" * size
    yield "commas", "，" * size + "工会"
    yield "same sentence", "组织职工代表大会审议集体合同草案。" * (size // 16)
    yield "nulls", PLAN + "\x00" * 1000 + PLAN
    yield (
        "odd characters",
        PLAN + "".join(chr(c) for c in (*range(0x200B, 0x2070), 0xFEFF, 0xFFFD, 0x1F600, 0xE000)) * 200,
    )
    yield "surrogates", PLAN + "\ud83d" * 500
    yield "combining", "工" + "\u0301" * size
    yield "shifted", "。ㄒ唬、⒉粩嗵岣邔W習" * (size // 12)
    yield "traditional", TRADITIONAL * (size // len(TRADITIONAL))
    yield "front matter", "+++\n" + "a = [" * 5_000 + "\n+++\n" + PLAN
    yield "too long", PLAN * 3_000


def _replaced(data: bytes, part: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        members = {info.filename: opened.read(info) for info in opened.infolist()}
    return zipped(members | {part: content})


def _laughs(root: bytes) -> bytes:
    """Return XML whose entities would expand to 3 GB."""
    rows = b"".join(b'<!ENTITY e%d "%s">' % (i, b"&e%d;" % (i - 1) * 10) for i in range(1, 10))
    return b'<!DOCTYPE x [<!ENTITY e0 "lol">' + rows + b"]><" + root + b">&e9;</" + root + b">"


def _rows(count: int) -> bytes:
    row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>'
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return (
        b"<worksheet "
        + space
        + b"><sheetData>"
        + b"".join(row % (i, i) for i in range(1, count))
        + b"</sheetData></worksheet>"
    )


def _far_cell() -> bytes:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return (
        b"<worksheet "
        + space
        + b'><sheetData><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
        + b"</sheetData></worksheet>"
    )


def _lying(data: bytes) -> bytes:
    """Return a zip whose directory says that its member is small."""
    out = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = out.index(signature) + offset
        out[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(out)
