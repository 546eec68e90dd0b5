"""The text of a web page: what a reader reads, without navigation. Knows saved pages (.mht) too."""

from __future__ import annotations

import re
from typing import Any

from index.errors import UserError

_DROPPED = (
    "script",
    "style",
    "nav",
    "footer",
    "aside",
    "noscript",
    "form",
    "iframe",
    "select",
    "button",
    "template",
    "head",
    "svg",
)
_BLOCKS = (
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "blockquote",
    "ul",
    "ol",
    "dd",
    "dt",
    "pre",
    "table",
    "hr",
)
_MONTH = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?")


_BOX = re.compile(r"<(/?)(div|span|table)\b", re.I)
_DEEPEST = {"div": 4000, "span": 4000, "table": 50}


def mht_page(data: bytes, name: str) -> str:
    """Return the source of the page in a web archive (.mht), which is an e-mail with the page in it.

    :raises UserError: when there is no page in it.
    """
    import email
    import email.policy

    from index.encodings import decode

    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            return decode(content, name) if isinstance(content, bytes) else ""
    raise UserError(f"“{name}”里没有网页，请用浏览器打开后另存为“仅 HTML”再导入。")


def html_text(source: str, name: str) -> str:
    """Return the text of a web page, block by block; table rows are lines, a month's row reads "7月：…".

    :raises UserError: when the page holds no text.
    """
    from bs4 import BeautifulSoup

    _check_depth(source, name)
    soup = BeautifulSoup(source, "lxml")
    for tag in soup.find_all(_DROPPED):
        tag.decompose()
    for tag in soup.find_all("header"):
        if not tag.find_parent(["article", "main"]):
            tag.decompose()
    for row in soup.find_all("tr"):
        row.replace_with("\n" + _html_row(row) + "\n")
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    for tag in soup.find_all(_BLOCKS):
        tag.insert_before("\n")
        tag.insert_after("\n")
    lines = (re.sub(r"[ \t\xa0\r]+", " ", line).strip() for line in soup.get_text().split("\n"))
    text = "\n".join(line for line in lines if line)
    if not text:
        raise UserError(f"网页“{name}”里没有正文，请打开网页把正文复制到文本文件里再导入。")
    return text


def _check_depth(source: str, name: str) -> None:
    """Refuse a page whose boxes lie so deep within each other that no reader would ever see its end."""
    depth = {"div": 0, "span": 0, "table": 0}
    for match in _BOX.finditer(source):
        tag = match.group(2).lower()
        depth[tag] = max(0, depth[tag] + (-1 if match.group(1) else 1))
        if depth[tag] > _DEEPEST[tag]:
            raise UserError(f"网页“{name}”的层次太深，请打开网页把正文复制到文本文件里再导入。")


def _html_row(row: Any) -> str:
    cells = [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["td", "th"])]
    cells = [cell for cell in cells if cell]
    if len(cells) > 1 and _MONTH.fullmatch(cells[0]):
        return f"{cells[0]}：" + "｜".join(cells[1:])
    return "｜".join(cells)
