"""The text of a PDF: wrapped lines joined, running heads and page numbers gone, scanned pages told apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index import ocr
from index.errors import UserError

MAX_PAGES, MAX_SCANS, MAX_CHARACTERS = 2000, 60, 2_000_000
_DOTS, _MOST_PIXELS = 200, 3000
_PAGE_NUMBER = re.compile(
    r"[-—–\s·]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:\s*[/／,，共]+\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–\s·]*"
)
_OPENS = re.compile(
    r"\s*(?:第[一二三四五六七八九十]+[部章]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、．]|[①-⑳]|\d{1,2}月份?[:：])"
)
_ENDS = re.compile(r"[。！？：；…”）]\s*$")
_LEAST_TEXT = 8
_TITLE = re.compile(r"(?:计划|总结|要点|安排|报告|方案|汇报|打算)[）)]?$")


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a page; `scanned` if it shows a picture and next to no text."""

    lines: list[str]
    scanned: bool = False


def pdf_text(data: bytes, name: str) -> tuple[str, tuple[int, ...]]:
    """Return the text of a PDF and the numbers of scanned pages that could not be read.

    :raises UserError: for a broken, locked, wholly scanned or endless file.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UserError(f"“{name}”加了密码，请先解除密码再导入。") from error
        raise UserError(f"“{name}”不是完整的 PDF，请重新下载或导出后再试。") from error
    try:
        pages = _pages(document, name)
    except pypdfium2.PdfiumError as error:
        raise UserError(f"“{name}”里有读不出的页，请重新导出 PDF 后再试。") from error
    finally:
        document.close()
    text = "\n".join(joined(_without_running([page.lines for page in pages])))
    unread = tuple(number for number, page in enumerate(pages, 1) if page.scanned)
    if len(re.sub(r"\s", "", text)) < _LEAST_TEXT:
        if unread or not text.strip():
            raise UserError(f"“{name}”像是扫描件，里面没有文字，{ocr.ADVICE}")
        unread = ()
    return text, unread


def _pages(document: Any, name: str) -> list[_Page]:
    """Return the pages, scanned ones read by the recogniser where there is one."""
    if len(document) > MAX_PAGES:
        raise UserError(f"“{name}”超过 {MAX_PAGES} 页，请拆开后再导入。")
    pages: list[_Page] = []
    characters = 0
    for index in range(len(document)):
        page = _page(document, index)
        if page.scanned and ocr.available():
            _check_scans(pages, name)
            page = _Page(ocr.lines(_picture(document, index)))
        pages.append(page)
        characters += sum(map(len, page.lines))
        if characters > MAX_CHARACTERS:
            raise UserError(f"“{name}”文字太多，请拆成几份再导入。")
    return pages


def _page(document: Any, index: int) -> _Page:
    page = document[index]
    textpage = page.get_textpage()
    try:
        text = textpage.get_text_range().replace("\ufffe", "").replace("\x02", "")
        lines = [line.strip() for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
        little = len("".join(lines)) < _LEAST_TEXT or all(map(_PAGE_NUMBER.fullmatch, lines))
        return _Page(lines, little and _has_picture(page))
    finally:
        textpage.close()
        page.close()


def _has_picture(page: Any) -> bool:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    return next(iter(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None


def _without_running(pages: Sequence[list[str]]) -> list[list[str]]:
    """Drop page numbers, and lines that stand first or last on most pages.

    The first page keeps a line that is repeated above the others if it is the title of the document.
    """
    edges = Counter(_bare(line) for page in pages for line in {*page[:2], *page[-2:]})
    running = {line for line, count in edges.items() if count >= 3 and 2 * count > len(pages)}
    kept = []
    for number, page in enumerate(pages):
        inner = list(page)
        while inner and (_PAGE_NUMBER.fullmatch(inner[-1]) or _bare(inner[-1]) in running):
            inner.pop()
        while inner and (_PAGE_NUMBER.fullmatch(inner[0]) or _bare(inner[0]) in running):
            if number == 0 and _is_only_title(inner):
                break
            inner.pop(0)
        kept.append(inner)
    return kept


def _is_only_title(lines: Sequence[str]) -> bool:
    """Tell whether the first line is a title and the next ones are not."""
    return bool(_TITLE.search(lines[0])) and not any(map(_TITLE.search, lines[1:3]))


def _bare(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _picture(document: Any, index: int) -> Any:
    """Return a page as an array of pixels, large enough to be recognised, small enough for the memory."""
    page = document[index]
    try:
        scale = min(_DOTS / 72, _MOST_PIXELS / max(*page.get_size(), 1))
        return page.render(scale=scale).to_numpy()
    finally:
        page.close()


def _check_scans(pages: Sequence[_Page], name: str) -> None:
    if len(pages) >= MAX_SCANS:
        raise UserError(f"扫描件“{name}”超过 {MAX_SCANS} 页，请拆开后再导入。")


def joined(pages: Sequence[list[str]]) -> list[str]:
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
