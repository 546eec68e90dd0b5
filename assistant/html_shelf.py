"""The library as HTML: its list with counts, a document beside its original, the report of an import.

Pure functions; everything from a document is escaped. The looks are in page.css.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from assistant import sides
from assistant.html import badge, note, safe
from assistant.html_library import MOST_ROWS, button, contents, labels, matching
from index.labels import name_of
from index.library import LABEL_FIELDS
from index.types import (
    Added,
    Document,
    DocumentSummary,
    Failed,
    Genre,
    ImportStep,
    Period,
    Progress,
    Skipped,
)

OPEN, FACET = "open:", "facet:"
_MOST_LINES = 1500
_FACETS: Mapping[str, tuple[str, Callable[[DocumentSummary], Iterable[str]]]] = {
    "origin": ("来源", lambda row: (row.origin,)),
    "org": ("单位类型", lambda row: (str(row.labels.org_type or ""),)),
    "period": ("时段", lambda row: (str(row.labels.period or ""),)),
    "genre": ("文种", lambda row: (str(row.labels.genre or ""),)),
    "flag": ("提醒", lambda row: [str(flag) for flag in sorted(row.labels.flags)] or ["sound"]),
}
_ORIGINS = {"user": "自己加的", "starter": "自带范例"}


def chosen(rows: Iterable[DocumentSummary], words: str, facets: Iterable[str]) -> list[DocumentSummary]:
    """Return the documents that hold all the words and lie in all the facets ("org:hospital")."""
    wanted = [facet.partition(":")[::2] for facet in facets]
    return [
        row
        for row in matching(rows, words)
        if all(value in _FACETS[name][1](row) for name, value in wanted if name in _FACETS)
    ]


def facets(rows: Sequence[DocumentSummary], picked: Sequence[str]) -> str:
    """Return how many documents there are of each kind, as buttons that narrow the list."""
    lines = []
    for name, (title, values) in _FACETS.items():
        counts = Counter(value for row in rows for value in values(row))
        chips = "".join(
            button(
                f"{FACET}{name}:{value}",
                f"{_facet_name(name, value)} {count}",
                "chip on" if f"{name}:{value}" in picked else "chip",
            )
            for value, count in counts.most_common()
        )
        lines.append(f"<p><span>{title}</span>{chips}</p>")
    return f'<div class="facets">{"".join(lines)}</div>'


def _facet_name(name: str, value: str) -> str:
    if name == "origin":
        return _ORIGINS.get(value, value)
    if not value or value == "sound":
        return "没有提醒" if value else "不明"
    kinds = {"period": Period, "genre": Genre}
    return name_of(kinds[name](value)) if name in kinds else name_of(value)


def documents(rows: Sequence[DocumentSummary]) -> str:
    """Return the list; near copies hang under the document they repeat, wherever both are in it."""
    if not rows:
        return note("没有符合的资料。")
    shown = {row.id for row in rows}
    hanging: dict[str, list[DocumentSummary]] = {}
    for row in rows:
        if row.copy_of in shown:
            hanging.setdefault(row.copy_of, []).append(row)
    standing = [row for row in rows if row.copy_of not in shown]
    body = "".join(
        _row(row) + "".join(_row(copy, hangs=True) for copy in hanging.get(row.id, ()))
        for row in standing[:MOST_ROWS]
    )
    more = note(f"只列出前 {MOST_ROWS} 份，请用上面的筛选缩小范围。") if len(standing) > MOST_ROWS else ""
    head = "<tr><th>标题</th><th>标注</th><th>段数</th><th>来源</th></tr>"
    return f'<table class="rows wide"><thead>{head}</thead><tbody>{body}</tbody></table>{more}'


def _row(row: DocumentSummary, hangs: bool = False) -> str:
    copies = badge(f"另有 {row.copies} 份相近", "section") if row.copies else ""
    corrected = badge("人工更正", "section") if row.corrected else ""
    before = '<span class="hangs">└ 相近</span>' if hangs else ""
    return (
        f'<tr class="{"copy" if hangs else ""}"><td>{before}'
        f"{button(OPEN + row.id, row.title or '（无标题）', 'link')}</td>"
        f"<td>{labels(row.labels)}{copies}{corrected}</td><td>{row.passages}</td>"
        f'<td title="{safe(row.path)}">{_ORIGINS.get(row.origin, row.origin)}</td></tr>'
    )


def document(whole: Document) -> str:
    """Return one document to read: labels, sections, and its text beside the file it was made of."""
    fields = "、".join(LABEL_FIELDS.get(field, field) for field in whole.corrected)
    told = note(f"人工更正过：{fields}。") if fields else ""
    near = note("和另一份资料内容相近，检索时排在那一份下面。", "ask") if whole.copy_of else ""
    came = f'<p class="foot">来自 {safe(whole.path)}</p>'
    return (
        f'<section class="document"><h3>{safe(whole.title or "（无标题）")}</h3><p>{labels(whole.labels)}</p>'
        f"{came}{told}{near}{contents(whole)}{beside(whole)}"
        f'<div class="body">{safe(whole.text)}</div></section>'
    )


def beside(whole: Document) -> str:
    """Return old and new side by side, with the changes marked on both; nothing without an original."""
    lines = list(sides.rows(whole))
    if not lines:
        return ""
    body = "".join(
        f'<tr class="{"changed" if line.changed else "same"}"><td>{_parts(line.old, "del")}</td>'
        f"<td>{_parts(line.new, 'ins')}</td></tr>"
        for line in lines[:_MOST_LINES]
    )
    changed = sum(line.changed for line in lines)
    more = note(f"只列出前 {_MOST_LINES} 行。") if len(lines) > _MOST_LINES else ""
    told = f"与原文对照（整理了 {len(whole.repairs)} 处，改动 {changed} 行）"
    return (
        f'<details class="sides"><summary>{told}</summary>'
        '<label><input type="checkbox" class="only"> 只看改动的行</label>'
        "<table><thead><tr><th>原来的文件</th><th>入库的正文（鼠标放在标记上看做了什么）</th></tr></thead>"
        f"<tbody>{body}</tbody></table>{more}</details>"
    )


def _parts(parts: Iterable[sides.Part], mark: str) -> str:
    return "".join(
        f'<{mark} title="{safe(part.change)}">{safe(part.text)}</{mark}>' if part.change else safe(part.text)
        for part in parts
    )


def report(steps: Sequence[ImportStep], done: bool, name: Callable[[str], str]) -> str:
    """Return what an import is doing and what became of each file; `name` shortens a path to be shown.

    What could not be read comes first, with the reason.
    """
    events = [step for step in steps if not isinstance(step, Progress)]
    now = next((step for step in reversed(steps) if isinstance(step, Progress)), None)
    failed = [event for event in events if isinstance(event, Failed)]
    added = [event for event in events if isinstance(event, Added)]
    skipped = [event for event in events if isinstance(event, Skipped)]
    repairs = sum(event.document.repairs for event in added)
    copies = sum(bool(event.document.copy_of) for event in added)
    state = "入库完成" if done else "正在入库"
    head = f"{state}：新增 {len(added)} 份，略过 {len(skipped)} 份，没读成 {len(failed)} 份"
    head += f"；整理文字 {repairs} 处" if repairs else ""
    head += f"；{copies} 份与已有资料相近，排在它们下面" if copies else ""
    rows = [("failed", f"{name(event.path)}：{event.reason}") for event in failed]
    rows += [("added", _added(event)) for event in added]
    rows += [("skipped", f"{name(event.path)}：{event.reason}") for event in skipped]
    more = note(f"另有 {len(rows) - MOST_ROWS} 条没有列出。") if len(rows) > MOST_ROWS else ""
    body = "".join(f'<li class="{kind}">{safe(text)}</li>' for kind, text in rows[:MOST_ROWS])
    bar = "" if done or now is None else _bar(now)
    return f'{bar}{note(head + "。", "good" if done else "plain")}<ul class="report">{body}</ul>{more}'


def _added(event: Added) -> str:
    row = event.document
    flags = "、".join(name_of(flag) for flag in sorted(row.labels.flags))
    repaired = f"，整理 {row.repairs} 处" if row.repairs else ""
    return f"《{row.title}》{row.passages} 段{repaired}{f'（{flags}）' if flags else ''}"


def _bar(now: Progress) -> str:
    share = 100 * now.done // max(now.total, 1)
    return (
        f'<div class="progress"><p>{safe(now.doing)}（{now.done}／{now.total}）</p>'
        f'<div class="bar"><i style="width:{share}%"></i></div></div>'
    )
