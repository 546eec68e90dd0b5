"""The text of a PDF and of a web page: what a reader reads, without running heads and navigation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from index.errors import UserError

MAX_PAGES = 2000
_PAGE_NUMBER = re.compile(
    r"[-—–\s·]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:\s*[/／,，共]+\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–\s·]*"
)
_OPENS = re.compile(
    r"\s*(?:第[一二三四五六七八九十]+[部章]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、．]|[①-⑳]|\d{1,2}月份?[:：])"
)
_ENDS = re.compile(r"[。！？：；…”）]\s*$")
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
_LEAST_TEXT = 8


def pdf_text(data: bytes, name: str) -> str:
    """Return the text of a PDF, wrapped lines joined.

    :raises UserError: for a broken, locked, scanned or endless file.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UserError(f"“{name}”加了密码，请先解除密码再导入。") from error
        raise UserError(f"“{name}”不是完整的 PDF，请重新下载或导出后再试。") from error
    try:
        if len(document) > MAX_PAGES:
            raise UserError(f"“{name}”超过 {MAX_PAGES} 页，请拆开后再导入。")
        pages = [_page_lines(document, i) for i in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise UserError(f"“{name}”里有读不出的页，请重新导出 PDF 后再试。") from error
    finally:
        document.close()
    text = "\n".join(_joined(_without_running(pages)))
    if len(re.sub(r"\s", "", text)) < _LEAST_TEXT:
        raise UserError(f"“{name}”像是扫描件，里面没有文字，请先用识别软件转成文字再导入。")
    return text


def _page_lines(document: Any, index: int) -> list[str]:
    page = document[index]
    textpage = page.get_textpage()
    try:
        text = textpage.get_text_range().replace("\ufffe", "").replace("\x02", "")
    finally:
        textpage.close()
        page.close()
    return [line.strip() for line in re.split(r"\r\n|\r|\n", text) if line.strip()]


def _without_running(pages: Sequence[list[str]]) -> list[list[str]]:
    """Drop page numbers, and lines that stand first or last on most pages."""
    edges = Counter(re.sub(r"\d+", "#", line) for page in pages for line in {*page[:1], *page[-2:]})
    running = {line for line, count in edges.items() if count >= 3 and 2 * count > len(pages)}
    kept = []
    for page in pages:
        inner = list(page)
        while inner and (_PAGE_NUMBER.fullmatch(inner[-1]) or re.sub(r"\d+", "#", inner[-1]) in running):
            inner.pop()
        while inner and (_PAGE_NUMBER.fullmatch(inner[0]) or re.sub(r"\d+", "#", inner[0]) in running):
            inner.pop(0)
        kept.append(inner)
    return kept


def _joined(pages: Sequence[list[str]]) -> list[str]:
    """Join a line to the one before it when that one ran to the margin without ending a sentence."""
    widths = sorted(len(line) for page in pages for line in page)
    margin = 0.85 * widths[-1 - len(widths) // 20] if widths else 0
    joined: list[str] = []
    last = 0
    for page in pages:
        for line in page:
            wrapped = (
                joined and last >= margin > 12 and not _ENDS.search(joined[-1]) and not _OPENS.match(line)
            )
            if wrapped or (joined and last >= margin > 12 and not _OPENS.match(line) and len(line) < 4):
                gap = (
                    " "
                    if joined[-1][-1:].isascii() and joined[-1][-1:].isalpha() and line[:1].isascii()
                    else ""
                )
                joined[-1] += gap + line
            else:
                joined.append(line)
            last = len(line)
    return joined


def html_text(source: str, name: str) -> str:
    """Return the text of a web page, block by block; table rows are lines, a month's row reads "7月：…".

    :raises UserError: when the page holds no text.
    """
    from bs4 import BeautifulSoup

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


def _html_row(row: Any) -> str:
    cells = [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["td", "th"])]
    cells = [cell for cell in cells if cell]
    if len(cells) > 1 and _MONTH.fullmatch(cells[0]):
        return f"{cells[0]}：" + "｜".join(cells[1:])
    return "｜".join(cells)
