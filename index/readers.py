"""From files to raw text: txt, md, html, docx, xlsx, pdf and zips of those; old Office through LibreOffice.

What a file is, is decided by its first bytes, not by its suffix. Every failure is a `UserError` in one
sentence. Knows nothing about what the text says.
"""

from __future__ import annotations

import logging
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from index import archives, ocr, office
from index.docx_text import docx_text
from index.encodings import decode
from index.errors import PartlyRead, UserError
from index.page_text import html_text, mht_page
from index.pdf_text import joined, pdf_text
from index.sheet_text import sheet_text
from index.types import RawDocument

SUFFIXES = (
    ".txt", ".md", ".html", ".htm", ".mht", ".mhtml", ".docx", ".xlsx", ".pdf", ".zip",
    ".doc", ".wps", ".xls", ".et", ".rtf",
)  # fmt: skip
PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic")
MAX_FILE = 50 * 1024 * 1024
MAX_TEXT = 500_000
"""Characters of one file; more are no plan but a collection that should be parted."""

LOGGER = logging.getLogger(__name__)
_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".bz2", ".xz")
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD = (".doc", ".wps", ".xls", ".et", ".rtf")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|div|table|p)\b", re.I | re.S
)


def expand(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files to read: folders in full, sorted; hidden files, Word's lock files and files of other
    kinds inside folders are passed over. A path that was named itself is always yielded.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for inner in sorted(path.rglob("*")):
            parts = inner.relative_to(path).parts
            if inner.is_file() and inner.suffix.lower() in SUFFIXES and not any(map(_is_hidden, parts)):
                yield inner


def read(path: Path) -> Iterator[RawDocument]:
    """Yield the documents of a file: one, or for a zip one a member, named "a.zip/b.txt".

    :raises UserError: when it cannot be read; for a zip after all that could be read.
    """
    data = _load(path)
    if path.suffix.lower() == ".zip" and _is_zip(data) and not _is_docx(data) and not _is_xlsx(data):
        yield from _members(data, str(path), path.name)
        return
    yield from _read(data, str(path), path.name)


def _load(path: Path) -> bytes:
    if not path.exists():
        raise UserError(f"找不到“{path.name}”，请检查文件名和位置。")
    if path.is_dir():
        raise UserError(f"“{path.name}”是文件夹，请选里面的文件或导入整个文件夹。")
    _check_suffix(path.name)
    try:
        if path.stat().st_size > MAX_FILE:
            raise UserError(f"“{path.name}”超过 {MAX_FILE // 1024 // 1024} MB，请拆分或删去图片后再导入。")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"“{path.name}”打不开（{error.strerror}），请关闭占用它的软件或检查权限。") from error


def _check_suffix(name: str) -> None:
    suffix = Path(name).suffix.lower()
    if suffix in SUFFIXES:
        return
    if suffix in PICTURES and ocr.available():
        return
    if suffix in PICTURES:
        raise UserError(f"“{name}”是图片，读不出文字，{ocr.ADVICE}")
    if suffix in _ARCHIVES:
        raise UserError(f"“{name}”是打不开的压缩格式，请解压后导入文件夹，或压缩成 zip 再导入。")
    known = "、".join(s[1:] for s in SUFFIXES)
    raise UserError(f"“{name}”的格式不支持，请换成 {known} 中的一种。")


def _read(data: bytes, path: str, name: str) -> Iterator[RawDocument]:
    """Yield the document of one file.

    :raises PartlyRead: after it, when some of its pages could not be read.
    """
    if not data.strip():
        raise UserError(f"“{name}”是空文件，请检查是不是选错了。")
    text, kind, unread = _read_as(_kind(data, name), data, name)
    if not text.strip():
        raise UserError(f"“{name}”里没有文字，请检查是不是选错了。")
    if len(text) > MAX_TEXT:
        raise UserError(f"“{name}”有 {len(text)} 字，超过 {MAX_TEXT} 字，请拆成几份再导入。")
    yield RawDocument(path, text, kind)
    if unread:
        pages = "、".join(map(str, unread[:5])) + ("等" if len(unread) > 5 else "")
        reason = f"“{name}”第{pages}页是扫描的图片，没有读出文字，请用识别软件转成文字后另外导入。"
        raise PartlyRead(reason, (("", reason),))


def _kind(data: bytes, name: str) -> str:
    """Return what the bytes are: docx, xlsx, pdf, ole, rtf, picture, zip or text."""
    if data.lstrip()[:5] == b"%PDF-" or (b"%PDF-" in data[:1024] and name.lower().endswith(".pdf")):
        return "pdf"
    if data.startswith(_OLE):
        return "ole"
    if data.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    if _is_zip(data):
        return "docx" if _is_docx(data) else "xlsx" if _is_xlsx(data) else "zip"
    return "text"


def _read_as(kind: str, data: bytes, name: str) -> tuple[str, str, tuple[int, ...]]:
    """Return the text of a file, the format it really has, and the pages that could not be read."""
    suffix = Path(name).suffix.lower()
    if kind == "pdf":
        text, unread = pdf_text(data, name)
        return text, "pdf", unread
    if kind in ("docx", "xlsx"):
        return _office_text(data, kind, name), kind, ()
    if kind in ("ole", "rtf"):
        return _old_office(data, suffix, name), "xls" if office.is_workbook(data, suffix) else "doc", ()
    if suffix in PICTURES:
        return "\n".join(joined([ocr.lines(ocr.pixels(data, name))])), "picture", ()
    if kind == "zip" or suffix in (".docx", ".xlsx", ".pdf", ".zip"):
        raise UserError(f"“{name}”已经损坏或不是真正的 {suffix[1:]} 文件，请用原来的软件打开后另存再试。")
    return *_plain(data, suffix, name), ()


def _plain(data: bytes, suffix: str, name: str) -> tuple[str, str]:
    if len(data) > 4 * MAX_TEXT:
        raise UserError(f"“{name}”文字太多，超过 {MAX_TEXT} 字，请拆成几份再导入。")
    if suffix in (".mht", ".mhtml"):
        return html_text(mht_page(data, name), name), "html"
    text = decode(data, name)
    if suffix in (".html", ".htm") or _HTML.match(text):
        return html_text(text, name), "html"
    if suffix in _OLD and not re.search(r"[\u4e00-\u9fff]{4}", text):
        raise UserError(f"“{name}”读不出文字，请在 Word 或 WPS 里另存为 docx 或 xlsx 再导入。")
    return text, "md" if suffix == ".md" else "txt"


def _office_text(data: bytes, kind: str, name: str) -> str:
    try:
        archives.check_office(data)
        return docx_text(data) if kind == "docx" else sheet_text(data)
    except OverflowError as error:
        raise UserError(f"“{name}”展开后太大，请拆分后再导入。") from error
    except Exception as error:
        LOGGER.info("cannot read %s", name, exc_info=error)
        raise UserError(f"“{name}”已经损坏，请用 Word 或 WPS 打开修复后另存再试。") from error


def _old_office(data: bytes, suffix: str, name: str) -> str:
    """Return the text of a file of the old Office, through LibreOffice where there is one."""
    if _ENCRYPTED in data:
        raise UserError(f"“{name}”加了密码，请在 Word 或 WPS 里取消密码后另存再导入。")
    kind = "xlsx" if office.is_workbook(data, suffix) else "docx"
    advice = f"“{name}”是旧版格式，请在 Word 或 WPS 里另存为 {kind} 再导入。"
    program = office.office()
    if program is None:
        raise UserError(advice)
    try:
        converted = office.convert(data, suffix, program)
    except (OSError, subprocess.SubprocessError) as error:
        raise UserError(advice) from error
    return _office_text(converted, kind, name)


def _members(data: bytes, path: str, name: str) -> Iterator[RawDocument]:
    """Yield what can be read in a zip, then raise for what cannot."""
    failures: list[tuple[str, str]] = []
    with archives.opened(data, name) as archive:
        wanted = [(info, member) for info, member in archives.members(archive) if _is_wanted(member)]
        for info, member in wanted:
            try:
                content = archives.extract(archive, info, member, MAX_FILE)
                yield from _read(content, f"{path}/{member}", Path(member).name)
            except UserError as error:
                failures.append((member, str(error)))
    if failures:
        first = "；".join(reason.rstrip("。") for _, reason in failures[:3])
        sentence = f"压缩包“{name}”里有 {len(failures)} 个文件没能读出（{first}），请改好后单独导入。"
        raise PartlyRead(sentence, tuple(failures))
    if not wanted:
        raise UserError(f"压缩包“{name}”里没有能读的文件，请放入 txt、docx、pdf 等文件再试。")


def _is_wanted(member: str) -> bool:
    place = Path(member)
    return place.suffix.lower() in SUFFIXES and not any(map(_is_hidden, place.parts))


def _is_zip(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _is_docx(data: bytes) -> bool:
    return b"word/document" in data or (b"[Content_Types].xml" in data[:4096] and not _is_xlsx(data))


def _is_xlsx(data: bytes) -> bool:
    return b"xl/workbook.xml" in data


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$", "__MACOSX")) or name == "Thumbs.db"
