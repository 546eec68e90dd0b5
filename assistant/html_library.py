"""Documents and import reports as HTML. Everything from a document is escaped.

Pure functions; what a code is called comes from the shared labels, the looks from page.css.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.html import badge, marked, note, safe
from index.labels import name_of
from index.types import Document, DocumentSummary, Labels

PASSAGE_ID = "passage-here"
"""HTML id of the passage a document was opened at."""

MOST_ROWS = 300
_MOST_REPAIRS = 60


def labels(of: Labels) -> str:
    """Return a document's labels as badges: type, period, year, genre, then what is wrong with it."""
    known = [name_of(code) for code in (of.org_type, of.period, of.genre) if code]
    year = [f"{of.year}年{'（推断）' if of.year_inferred else ''}"] if of.year else []
    good = "".join(badge(text) for text in (*known, *year))
    return good + "".join(badge(name_of(flag), "flag") for flag in sorted(of.flags))


def button(place: str, text: str, kind: str = "plain") -> str:
    """Return a button that names a place; what a click on it does is the tab's business."""
    return f'<button type="button" class="{kind}" data-place="{safe(place)}">{safe(text)}</button>'


def document(whole: Document, start: int = 0, end: int = 0) -> str:
    """Return one document to read: labels, sections, repairs, and its text with `start:end` marked."""
    text = marked(whole.text, [(start, end)] if end > start else [], PASSAGE_ID)
    return (
        f'<section class="document"><h3>{safe(whole.title or "（无标题）")}</h3><p>{labels(whole.labels)}</p>'
        f'{contents(whole)}{_repairs(whole)}<div class="body">{text}</div></section>'
    )


def contents(whole: Document) -> str:
    """Return a document's headings, to be unfolded; nothing where it has none."""
    rows = "".join(
        f'<li class="level{min(section.level, 4)}">{safe(section.number)}{safe(section.heading)}'
        f"{badge(name_of(section.code), 'section') if section.code else ''}</li>"
        for section in whole.sections
    )
    return (
        f"<details><summary>目录（{len(whole.sections)}）</summary><ul>{rows}</ul></details>" if rows else ""
    )


def _repairs(whole: Document) -> str:
    if not whole.repairs:
        return ""
    rows = "".join(
        f"<tr><td>{safe(repair.kind)}</td><td><del>{safe(repair.before)}</del></td>"
        f"<td><ins>{safe(repair.after)}</ins></td></tr>"
        for repair in whole.repairs[:_MOST_REPAIRS]
    )
    more = note(f"只列出前 {_MOST_REPAIRS} 处。") if len(whole.repairs) > _MOST_REPAIRS else ""
    return (
        f"<details><summary>入库时修复了 {len(whole.repairs)} 处</summary>"
        f'<table class="rows"><tr><th>类别</th><th>原来</th><th>改成</th></tr>{rows}</table>{more}</details>'
    )


def matching(summaries: Iterable[DocumentSummary], words: str) -> list[DocumentSummary]:
    """Return the documents whose title or labels hold every one of `words`."""
    wanted = words.split()
    return [row for row in summaries if all(word in _described(row) for word in wanted)]


def _described(row: DocumentSummary) -> str:
    of = row.labels
    codes = [name_of(code) for code in (of.org_type, of.period, of.genre) if code]
    return " ".join([row.title, row.path, *codes, str(of.year or ""), *(name_of(flag) for flag in of.flags)])


def checks(rows: Iterable[tuple[str, bool, str]]) -> str:
    """Return the rows of the self-check: name, whether it will do, detail."""
    body = "".join(
        f'<tr class="{"good" if ok else "bad"}"><td>{"✓" if ok else "✗"} {safe(name)}</td>'
        f"<td>{safe(detail)}</td></tr>"
        for name, ok, detail in rows
    )
    return f'<table class="rows"><tbody>{body}</tbody></table>'


def offers(rows: Iterable[tuple[str, str, str]]) -> str:
    """Return models to choose from: name, what each takes, what it is for."""
    items = (
        f"<li><b>{safe(name)}</b> {safe(needs)}<small>{safe(note)}</small></li>" for name, needs, note in rows
    )
    return f'<ul class="offers">{"".join(items)}</ul>'


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a plain table."""
    top = "".join(f"<th>{safe(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{safe(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="rows"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
