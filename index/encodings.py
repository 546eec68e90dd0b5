"""Bytes of a Chinese text file to text: byte order marks, UTF-8, UTF-16, GB18030 or Big5, never Latin-1.

Where more than one table can read the bytes, the one that yields more frequent characters is right.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from functools import lru_cache

from index.clean_rules import converter, load_rules
from index.errors import UserError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_GUESSES = ("gb18030", "big5", "utf-16-le", "utf-16-be")
_SAMPLE = 20_000
_JUNK = re.compile("[\ufffd\x00-\x08\x0b\x0e-\x1f\ue000-\uf8ff]")
_LEAST_SHARE = 0.15
_MOST_JUNK = 0.10


def decode(data: bytes, name: str = "") -> str:
    """Return the text of `data`.

    :raises UserError: when it is no text in any of the known encodings.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, "replace"), name)
    if (text := _utf8(data)) is not None and "\x00" not in text:
        return _checked(text, name)
    best = max(_GUESSES, key=lambda encoding: _share(data, encoding))
    if _share(data, best) < _LEAST_SHARE:
        raise UserError(f"“{name}”里的文字认不出编码，请用记事本或 WPS 打开后另存为 UTF-8 文本再试。")
    return _checked(data.decode(best, "replace"), name)


def likeliest(data: bytes, encodings: Sequence[str]) -> str:
    """Return the encoding that reads `data` without error and with most frequent characters."""

    def merit(encoding: str) -> float:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            return -1.0
        return _share(data, encoding)

    return max(encodings, key=merit)


def _utf8(data: bytes) -> str | None:
    """Decode strictly, but let a file that was cut inside its last character pass."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(data) - 3 or error.reason != "unexpected end of data" or error.start < 12:
            return None
        return data[: error.start].decode("utf-8") + "\ufffd"


def _share(data: bytes, encoding: str) -> float:
    """Share of frequent characters among those that are not ASCII, read in this encoding."""
    if encoding.startswith("utf-16") and len(data) % 2:
        return 0.0
    text = data[:_SAMPLE].decode(encoding, "replace")
    odd = [c for c in text if not c.isascii() or _JUNK.match(c)]
    return sum(c in _frequent() for c in odd) / len(odd) if odd else 0.0


def _checked(text: str, name: str) -> str:
    junk = len(_JUNK.findall(text))
    if junk > _MOST_JUNK * max(len(text), 1):
        raise UserError(f"“{name}”里大部分是乱码，请用原来的软件打开、确认文字正常后另存再试。")
    return text


@lru_cache(maxsize=1)
def _frequent() -> frozenset[str]:
    simple = load_rules().common
    return frozenset(simple + str(converter("s2t").convert(simple)) + "，。、：；“”（）")
