"""Plans, findings and differences as HTML. Everything that comes from a person or a document is escaped.

Pure functions from nouns to strings; the looks are in page.css.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from assistant.numbering import Line, LineKind, lines
from assistant.titling import break_title
from assistant.types import Citation, Draft, Finding, Outline, Section, Severity

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


def page(plan: Draft, current: str = "") -> str:
    """Return the plan as its printed page looks; sections not yet written show their heading only."""
    written = {section.id: bool(section.text.strip()) for section in plan.sections}
    rows = [
        _page_line(line, written.get(line.section_id, True), bool(current) and line.section_id == current)
        for line in lines(plan)
    ]
    return f'<article class="paper">{"".join(rows)}</article>'


def _page_line(line: Line, written: bool, current: bool) -> str:
    rows = break_title(line.text) if line.kind is LineKind.TITLE else [line.text]
    text = "<br>".join(map(_with_blanks, rows))
    tag = {LineKind.TITLE: "h1", LineKind.H1: "h2", LineKind.H2: "h3"}.get(line.kind, "p")
    state = " waiting" if not written else " now" if current else ""
    return f'<{tag} class="{line.kind.value}{state}">{text}</{tag}>'


def _with_blanks(text: str) -> str:
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


def progress(number: int, total: int, heading: str, seconds: float) -> str:
    """Return the line and the bar of a running draft."""
    share = round(100 * max(number - 1, 0) / total) if total else 0
    line = f"第 {number}/{total} 节　{heading or '引言'}　已用 {seconds:.0f} 秒"
    bar = f'<div class="bar"><i style="width:{share}%"></i></div>'
    return f'<div class="progress"><p>{safe(line)}</p>{bar}</div>'


def findings(found: Sequence[Finding], names: Mapping[Severity, str], plan: Draft) -> str:
    """Return the findings, each with its place, its quote, the reason and what to do."""
    if not found:
        return note("检查过了，没有发现问题。", "good")
    headings = {section.id: section.heading or "引言" for section in plan.sections}
    rows = "".join(
        f'<li class="{finding.severity.value}">{badge(names[finding.severity], finding.severity.value)}'
        f'<a href="#section-{safe(finding.section_id)}">{safe(headings.get(finding.section_id, "标题"))}</a>'
        f"{_quote(finding.quote)}<span>{safe(finding.message)}</span>"
        f"<em>{safe(finding.suggestion)}</em></li>"
        for finding in found
    )
    return f'<ul class="findings">{rows}</ul>'


def _quote(quote: str) -> str:
    return f"<q>{safe(quote)}</q>" if quote else ""


def citations(section: Section) -> str:
    """Return the precedents a section leans on, the words it shares with each of them marked."""
    if not section.citations:
        return note("这一节没有和资料库里的先例相同的文字。")
    ordered = sorted(section.citations, key=lambda c: (c.title, c.start))
    blocks = []
    for title, group in groupby(ordered, key=lambda c: c.title):
        quotes = "".join(f"<li>{_in_context(section.text, citation)}</li>" for citation in group)
        blocks.append(f"<p>《{safe(title)}》</p><ul>{quotes}</ul>")
    return f'<div class="citations">{"".join(blocks)}</div>'


def _in_context(text: str, citation: Citation) -> str:
    left = max(0, citation.start - _CONTEXT)
    right = min(len(text), citation.end + _CONTEXT)
    shown = text[left:right].replace("\n", " ")
    around = ("…" if left else "", "…" if right < len(text) else "")
    return around[0] + marked(shown, [(citation.start - left, citation.end - left)]) + around[1]


def difference(before: str, after: str) -> str:
    """Return what changes from one text to the other: clauses taken out red, clauses put in green."""
    old, new = _clauses(before), _clauses(after)
    parts = []
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(_lines("".join(old[i1:i2])))
            continue
        parts += [f"<del>{_lines(''.join(old[i1:i2]))}</del>"] if i1 < i2 else []
        parts += [f"<ins>{_lines(''.join(new[j1:j2]))}</ins>"] if j1 < j2 else []
    return f'<div class="difference">{"".join(parts)}</div>'


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.findall(text) if clause]


def _lines(text: str) -> str:
    return safe(text).replace("\n", "<br>")


def revisions(rows: Iterable[tuple[int, str, str, str, str]]) -> str:
    """Return the states of a section, newest first; a row is number, kind, author, time and text."""
    names = {"edit": "改写", "restore": "取回旧稿", "undo": "撤销", "redo": "恢复"}
    items = "".join(
        f"<li>{badge(f'第{number}稿')}{badge(names.get(kind, kind))}{safe(author)}　"
        f"{safe(at.replace('T', ' '))}"
        f"<details><summary>看这一稿</summary><p>{_lines(text)}</p></details></li>"
        for number, kind, author, at, text in reversed(list(rows))
    )
    return f'<ul class="report">{items}</ul>'
