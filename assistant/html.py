"""Plans, findings and differences as HTML. Everything that comes from a person or a document is escaped.

Pure functions from nouns to strings; the looks are in page.css.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from assistant.types import Outline

_BLANK = re.compile(r"(【待填[^】]*】)")
_CLAUSE = re.compile(r"[^，。；：！？、\n]*[，。；：！？、\n]?")
_CONTEXT = 18
_MORE_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})


def safe(text: object) -> str:
    """Return text for HTML: markup, quotes, and what a page template could take for its own, as entities."""
    return html.escape(str(text), quote=True).translate(_MORE_BRACES)


def marked(text: str, spans: Iterable[tuple[int, int]], start_id: str = "") -> str:
    """Return text with `spans` marked; spans that overlap are one. `start_id` names the first mark."""
    parts, place = [], 0
    for number, (start, end) in enumerate(_joined(spans, len(text))):
        name = f' id="{safe(start_id)}"' if start_id and not number else ""
        parts += [safe(text[place:start]), f"<mark{name}>{safe(text[start:end])}</mark>"]
        place = end
    return "".join([*parts, safe(text[place:])])


def _joined(spans: Iterable[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted((max(0, s), min(size, e)) for s, e in spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def note(text: str, kind: str = "plain") -> str:
    """Return one sentence as a paragraph of a kind (plain, good, bad); nothing for no text."""
    return f'<p class="note {safe(kind)}">{safe(text)}</p>' if text else ""


def badge(text: str, kind: str = "") -> str:
    """Return a small label."""
    return f'<span class="badge {safe(kind)}">{safe(text)}</span>'


def with_blanks(text: str) -> str:
    """Return text with its blanks 【待填：…】 marked."""
    return "".join(
        f'<span class="blank">{safe(piece)}</span>' if _BLANK.fullmatch(piece) else safe(piece)
        for piece in _BLANK.split(text)
    )


def outline_support(outline: Outline) -> str:
    """Return how many of how many precedents have each section, and its target length."""
    rows = "".join(
        f"<tr><td>{safe(item.heading or '（开头或结尾，没有标题）')}</td><td>{_support(item.support)}</td>"
        f"<td>约 {item.target} 字</td></tr>"
        for item in outline.items
    )
    return (
        '<table class="rows"><thead><tr><th>板块</th><th>同类资料里</th><th>篇幅</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _support(support: tuple[int, int]) -> str:
    having, total = support
    return f"{total} 份里有 {having} 份写到" if total else "—"
