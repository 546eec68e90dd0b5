"""From files to raw text: txt, md, html, docx, pdf and zips of those; doc and wps through LibreOffice.

What a file is, is decided by its first bytes, not by its suffix. Every failure is a `UserError` in one
sentence. Knows nothing about what the text says.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.docx_text import docx_text
from index.encodings import decode
from index.errors import PartlyRead, UserError
from index.page_text import html_text, pdf_text
from index.types import RawDocument

SUFFIXES = (".txt", ".md", ".html", ".htm", ".docx", ".pdf", ".zip", ".doc", ".wps")
PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic")
MAX_FILE = 50 * 1024 * 1024
MAX_EXPANDED = 200 * 1024 * 1024
MAX_MEMBERS = 2000
MAX_RATIO = 300
_RATIO_FROM = 1024 * 1024
_OFFICE_SECONDS = 120
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
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
    if path.suffix.lower() == ".zip" and _is_zip(data) and not _is_docx(data):
        yield from _members(data, str(path), path.name)
        return
    text, kind = _text(data, path.name)
    yield RawDocument(str(path), text, kind)


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
    if suffix in PICTURES:
        raise UserError(f"“{name}”是图片，读不出文字，请先用识别软件转成文字再导入。")
    known = "、".join(s[1:] for s in SUFFIXES)
    raise UserError(f"“{name}”的格式不支持，请换成 {known} 中的一种。")


def _text(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of one file and the format it really has."""
    if not data.strip():
        raise UserError(f"“{name}”是空文件，请检查是不是选错了。")
    text, kind = _read_as(_kind(data, name), data, name)
    if not text.strip():
        raise UserError(f"“{name}”里没有文字，请检查是不是选错了。")
    return text, kind


def _kind(data: bytes, name: str) -> str:
    """Return what the bytes are: docx, pdf, ole, rtf, zip or text."""
    if data.lstrip()[:5] == b"%PDF-" or (b"%PDF-" in data[:1024] and name.lower().endswith(".pdf")):
        return "pdf"
    if data.startswith(_OLE):
        return "ole"
    if data.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    if _is_zip(data):
        return "docx" if _is_docx(data) else "zip"
    return "text"


def _read_as(kind: str, data: bytes, name: str) -> tuple[str, str]:
    suffix = Path(name).suffix.lower()
    if kind == "docx":
        return _docx(data, name), "docx"
    if kind == "pdf":
        return pdf_text(data, name), "pdf"
    if kind == "ole" and _ENCRYPTED in data:
        raise UserError(f"“{name}”加了密码，请在 Word 或 WPS 里取消密码后另存再导入。")
    if kind in ("ole", "rtf"):
        return _docx(_to_docx(data, name), name), "doc"
    if kind == "zip" or suffix in (".docx", ".pdf", ".zip"):
        raise UserError(f"“{name}”已经损坏或不是真正的 {suffix[1:]} 文件，请用原来的软件打开后另存再试。")
    text = decode(data, name)
    if suffix in (".html", ".htm") or _HTML.match(text):
        return html_text(text, name), "html"
    if suffix in (".doc", ".wps") and not re.search(r"[\u4e00-\u9fff]{4}", text):
        raise UserError(f"“{name}”读不出文字，请在 Word 或 WPS 里另存为 docx 再导入。")
    return text, "md" if suffix == ".md" else "txt"


def _docx(data: bytes, name: str) -> str:
    from lxml import etree

    try:
        return docx_text(data)
    except OverflowError as error:
        raise UserError(f"“{name}”展开后太大，请拆分后再导入。") from error
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        OSError,
        RuntimeError,
        NotImplementedError,
        etree.XMLSyntaxError,
    ) as error:
        raise UserError(f"“{name}”已经损坏，请用 Word 或 WPS 打开修复后另存再试。") from error


def _to_docx(data: bytes, name: str) -> bytes:
    """Convert an old Word or WPS file with LibreOffice, where there is one."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    advice = f"“{name}”是旧版格式，请在 Word 或 WPS 里另存为 docx 再导入。"
    if office is None:
        raise UserError(advice)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / ("old" + (Path(name).suffix.lower() or ".doc"))
        source.write_bytes(data)
        command = [office, f"-env:UserInstallation={(Path(folder) / 'office').as_uri()}", "--headless",
                   "--convert-to", "docx", "--outdir", str(Path(folder) / "new"), str(source)]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=_OFFICE_SECONDS, check=True)
            return (Path(folder) / "new" / "old.docx").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise UserError(advice) from error


def _members(data: bytes, path: str, name: str) -> Iterator[RawDocument]:
    """Yield what can be read in a zip, then raise for what cannot."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UserError(f"压缩包“{name}”已经损坏，请重新压缩或下载后再试。") from error
    with archive:
        wanted = _wanted(archive, name)
        failures: list[tuple[str, str]] = []
        for info, member in wanted:
            try:
                text, kind = _text(_extract(archive, info, member), Path(member).name)
            except UserError as error:
                failures.append((member, str(error)))
                continue
            yield RawDocument(f"{path}/{member}", text, kind)
    if failures:
        first = "；".join(reason.rstrip("。") for _, reason in failures[:3])
        sentence = f"压缩包“{name}”里有 {len(failures)} 个文件没能读出（{first}），请改好后单独导入。"
        raise PartlyRead(sentence, tuple(failures))
    if not wanted:
        raise UserError(f"压缩包“{name}”里没有能读的文件，请放入 txt、docx、pdf 等文件再试。")


def _wanted(archive: zipfile.ZipFile, name: str) -> list[tuple[zipfile.ZipInfo, str]]:
    """Return the members to read with their names in Chinese.

    :raises UserError: when the zip would expand beyond the limits.
    """
    infos = [info for info in archive.infolist() if not info.is_dir()]
    total = sum(info.file_size for info in infos)
    swollen = any(
        i.file_size > _RATIO_FROM and i.file_size > MAX_RATIO * max(i.compress_size, 1) for i in infos
    )
    if len(infos) > MAX_MEMBERS or total > MAX_EXPANDED or swollen:
        raise UserError(f"压缩包“{name}”解开后太大或文件太多，请分成几个小的再导入。")
    named = [(info, _member_name(info)) for info in infos]
    return [
        (info, member)
        for info, member in named
        if Path(member).suffix.lower() in SUFFIXES and not any(map(_is_hidden, Path(member).parts))
    ]


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, member: str) -> bytes:
    name = Path(member).name
    if info.flag_bits & 1:
        raise UserError(f"“{name}”加了密码，请解开压缩包后再导入。")
    if info.file_size > MAX_FILE:
        raise UserError(f"“{name}”超过 {MAX_FILE // 1024 // 1024} MB，请拆分后再导入。")
    if name.lower().endswith(".zip"):
        raise UserError(f"“{name}”是压缩包里的压缩包，请解开后再导入。")
    try:
        with archive.open(info) as stream:
            return stream.read(MAX_FILE + 1)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise UserError(f"“{name}”在压缩包里已经损坏，请重新压缩后再试。") from error


def _member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; names without the UTF-8 mark were stored in the writer's own code page."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_zip(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _is_docx(data: bytes) -> bool:
    return b"word/document" in data or b"[Content_Types].xml" in data[:4096]


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$", "__MACOSX")) or name == "Thumbs.db"
