"""Zips: what is in them, under which names, and how far they may expand. Knows no document format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.encodings import likeliest
from index.errors import UserError

MAX_MEMBERS = 20_000
MAX_EXPANDED = 1024 * 1024 * 1024
MAX_RATIO = 300
MAX_PART = 30 * 1024 * 1024
"""Bytes one part of an Office file may expand to, and all of them three times as many."""

_RATIO_FROM = 1024 * 1024
_NAMES = ("utf-8", "gb18030", "big5")


def opened(data: bytes, name: str) -> zipfile.ZipFile:
    """Return the archive.

    :raises UserError: when it is damaged or would expand beyond the limits.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise UserError(f"压缩包“{name}”已经损坏，请重新压缩或下载后再试。") from error
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > MAX_MEMBERS or total > MAX_EXPANDED or any(map(_is_swollen, infos)):
        raise UserError(f"压缩包“{name}”解开后太大或文件太多，请分成几个小的再导入。")
    return archive


def check_office(data: bytes) -> None:
    """Do nothing if the parts of an Office file stay within the limits.

    :raises OverflowError: if they do not.
    :raises zipfile.BadZipFile: if it is no archive.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [info for info in archive.infolist() if info.filename.lower().endswith((".xml", ".rels"))]
    sizes = [part.file_size for part in parts]
    if max(sizes, default=0) > MAX_PART or sum(sizes) > 3 * MAX_PART:
        raise OverflowError("parts")


def members(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """Yield the files of an archive with their names, in its order."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    encoding = _encoding_of_names(infos)
    yield from ((info, _name(info, encoding)) for info in infos)


def extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, member: str, most: int) -> bytes:
    """Return the bytes of a member.

    :raises UserError: when it is locked, damaged, an archive itself or larger than `most` bytes.
    """
    name = Path(member).name
    if info.flag_bits & 1:
        raise UserError(f"“{name}”加了密码，请解开压缩包后再导入。")
    if info.file_size > most:
        raise UserError(f"“{name}”超过 {most // 1024 // 1024} MB，请拆分后再导入。")
    if name.lower().endswith(".zip"):
        raise UserError(f"“{name}”是压缩包里的压缩包，请解开后再导入。")
    try:
        with archive.open(info) as stream:
            return stream.read(most + 1)
    except Exception as error:
        raise UserError(f"“{name}”在压缩包里已经损坏，请重新压缩后再试。") from error


def _is_swollen(info: zipfile.ZipInfo) -> bool:
    return info.file_size > _RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1)


def _encoding_of_names(infos: Sequence[zipfile.ZipInfo]) -> str:
    """Return the code page the names were written in, judged by all of them together."""
    raw = b"\n".join(filter(None, map(_raw_name, infos)))
    return likeliest(raw, _NAMES) if raw else "utf-8"


def _name(info: zipfile.ZipInfo, encoding: str) -> str:
    raw = _raw_name(info)
    return raw.decode(encoding, "replace") if raw else info.filename


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    """Return a name as it was stored, empty where the archive marks it as UTF-8 or it is no code page's."""
    if info.flag_bits & 0x800:
        return b""
    try:
        return info.filename.encode("cp437")
    except UnicodeEncodeError:
        return b""
