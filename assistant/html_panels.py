"""The desk's right side as HTML: what a section leans on, what waits, its past, the year at a glance; and the
list of drafts.

Pure functions from nouns to strings; everything from a person or a document is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.basis import BASIS_NAMES, Basis, basis_of
from assistant.history_marks import ARCHIVED, Mark
from assistant.html import badge, marked, note, safe
from assistant.html_desk import button, comparison, name_of_section
from assistant.ledger import LedgerRow
from assistant.months import Months
from assistant.text import han_count
from assistant.types import Citation, Draft, Finding, Reference, Section, Severity
from assistant.views import SEVERITY_NAMES

if TYPE_CHECKING:
    from assistant.history import DraftSummary, Revision

_AROUND = 70
_MOST_SHOWN = 160
_LEFT_OVER = re.compile(r"(?:\d{0,2}[.．、])?\s*")
"""What a shared run of words may begin with of the number before it."""
_KINDS = {"edit": "", "restore": "取回旧稿", "undo": "撤销", "redo": "重做"}
_TEACH_NOTHING = "检查过了，没有发现问题。可以点“已审”，再看下一节。"


def evidence(section: Section, plan: Draft, sources: Mapping[str, str]) -> str:
    """Return what the person put beside a section, then the precedents it leans on, the words they share
    marked in both; `sources` has the text of their documents by id.
    """
    item = next((i for i in plan.outline.items if i.id == section.id), None) if plan.outline else None
    basis = basis_of(section, item)
    kind = "good" if basis.label is Basis.SOUND else "ask" if basis.label is Basis.NONE else "plain"
    head = note(f"{BASIS_NAMES[basis.label]}：{basis.reason}", kind)
    cards = "".join(_leaning(section, c, sources.get(c.document_id, "")) for c in section.citations)
    teach = note("想找别的写法，到“检索”页按词查，或在这里换一版。") if not section.citations else ""
    return f'<div class="evidence">{head}{_references(section, plan)}{cards}{teach}</div>'


def _references(section: Section, plan: Draft) -> str:
    rows = [reference for reference in plan.references if reference.section_id == section.id]
    if not rows:
        return ""
    return (
        f'<h4>您放入的参考（{len(rows)}）</h4><p class="hint">换一版或改写这一节时先看它们。</p>'
        f"{''.join(map(_reference, rows))}"
    )


def _reference(row: Reference) -> str:
    short = row.text if len(row.text) <= _MOST_SHOWN else f"{row.text[:_MOST_SHOWN]}…"
    title = row.title or "无标题"
    place = f"doc {row.document_id}:{row.start}:{row.end}"
    off = button(f"unrefer {row.section_id}:{row.passage_id}", "去掉", label=f"去掉参考《{title}》")
    return (
        f'<section class="card reference"><h4>《{safe(title)}》{badge("参考", "section")}</h4>'
        f'<p class="text">{safe(short)}</p><p class="foot">{button(place, "打开原文")}{off}</p></section>'
    )


def _leaning(section: Section, citation: Citation, source: str) -> str:
    skip = len(_LEFT_OVER.match(citation.quote)[0])  # type: ignore[index]
    own = _in_context(section.text, citation.start + (skip if citation.kind == "match" else 0), citation.end)
    at = source.find(citation.quote)
    theirs = _in_context(source, at + skip, at + len(citation.quote)) if at >= 0 else safe(citation.quote)
    how = "字句相同" if citation.kind == "match" else f"意思相近 {citation.score:.0%}"
    place = f"doc {citation.document_id}:{max(at, 0)}:{max(at, 0) + len(citation.quote)}"
    return (
        f'<section class="card"><h4>《{safe(citation.title or "无标题")}》{badge(how)}</h4>'
        f'<p class="own">本节：{own}</p><p class="text">先例：{theirs}</p>'
        f'<p class="foot">{button(f"at {section.id}:{citation.start}:{citation.end}", "看本节这一句")}'
        f"{button(place, '打开原文')}</p></section>"
    )


def _in_context(text: str, start: int, end: int) -> str:
    left, right = max(0, start - _AROUND), min(len(text), end + _AROUND)
    shown = text[left:right].replace("\n", " ")
    return (
        ("…" if left else "")
        + marked(shown, [(start - left, end - left)])
        + ("…" if right < len(text) else "")
    )


def problems(plan: Draft, current: str, blanks: Sequence[str], ledger: Sequence[LedgerRow]) -> str:
    """Return what waits: blanks to fill in, findings of this section, of the others, figures to confirm."""
    own = [(n, f) for n, f in enumerate(plan.findings) if f.section_id == current]
    others = [(n, f) for n, f in enumerate(plan.findings) if f.section_id != current]
    able = sum(1 for finding in plan.findings if finding.mends)
    every = f'<p class="row">{button("mendall", f"能一键改的都改好（{able} 处）")}</p>' if able > 1 else ""
    nothing = "" if plan.findings else note(_TEACH_NOTHING, "good")
    return (
        f'<div class="problems">{_blanks(blanks)}{every}{nothing}{_findings("这一节", own, plan)}'
        f"{_findings('其他各节', others, plan)}{_ledger(plan, ledger)}</div>"
    )


def _blanks(names: Sequence[str]) -> str:
    if not names:
        return ""
    fields = "".join(
        f'<label>{safe(name)}<input type="text" name="{safe(name)}" autocomplete="off"></label>'
        for name in names
    )
    return (
        f'<section class="fill" id="blanks" data-form><h4>填空（{len(names)}）</h4><p class="hint">'
        f'同名的空一次填好，全文都换；没有把握的先空着。</p><div class="fields">{fields}</div>'
        f'<p class="row">{button("fill", "填进计划", "primary")}</p></section>'
    )


def _findings(title: str, rows: Sequence[tuple[int, Finding]], plan: Draft) -> str:
    if not rows:
        return ""
    names = {section.id: name_of_section(section) for section in plan.sections}
    body = "".join(
        _finding(number, finding, names.get(finding.section_id, "标题")) for number, finding in rows
    )
    return f'<h4>{title}（{len(rows)}）</h4><ul class="findings">{body}</ul>'


def _finding(number: int, finding: Finding, name: str) -> str:
    severity = badge(SEVERITY_NAMES[finding.severity], finding.severity.value)
    quote = f"<q>{safe(finding.quote)}</q>" if finding.quote else ""
    place = f"at {finding.section_id}:{finding.start}:{finding.end}" if finding.section_id else "title"
    mend = button(f"mend {number}", finding.mends[0].label, "mend") if finding.mends else ""
    advice = f"<em>{safe(finding.suggestion)}</em>" if finding.suggestion else ""
    serious = ' class="grave"' if finding.severity is Severity.HIGH else ""
    return (
        f"<li{serious}>{severity}{button(place, name, 'link', f'到“{name}”去看')}{quote}"
        f"<span>{safe(finding.message)}</span>{advice}{mend}</li>"
    )


def _ledger(plan: Draft, rows: Sequence[LedgerRow]) -> str:
    waiting = [(number, row) for number, row in enumerate(rows) if row.open]
    if not waiting:
        return ""
    names = {section.id: name_of_section(section) for section in plan.sections}
    body = "".join(
        f"<li>{button(f'at {row.section_id}:{row.start}:{row.end}', row.text, 'link')}"
        f'<span class="from">{safe(row.source_name)}　{safe(names.get(row.section_id, "标题"))}</span>'
        f"<em>{safe(row.clause)}</em>{button(f'confirm {number}', '没错', 'mend')}</li>"
        for number, row in waiting
    )
    return (
        f"<details><summary>数字来源：{len(waiting)} 个数字请您确认</summary>"
        f'<p class="hint">先例带入或编排拟定的数字只是建议，核对无误按“没错”，不对就改。</p>'
        f'<ul class="findings">{body}</ul></details>'
    )


def past(revisions: Sequence[Revision], chosen: Sequence[int], snapshots: Sequence[Mark], now: str) -> str:
    """Return a section's revisions, newest first, the chosen two compared, and the plan's snapshots."""
    rows = "".join(_revision(row, row.number in chosen, row is revisions[-1]) for row in reversed(revisions))
    return (
        f'<div class="past">{_compared(revisions, chosen, now)}<h4>这一节的各稿（{len(revisions)}）</h4>'
        f'<p class="hint">点“比较”选两稿对照；“取回”会成为新的一稿，原来的都留着。</p>'
        f'<ol class="revisions">{rows}</ol>{_snapshots(snapshots)}</div>'
    )


def _compared(revisions: Sequence[Revision], chosen: Sequence[int], now: str) -> str:
    texts = {row.number: row.section.text for row in revisions}
    picked = sorted(number for number in chosen if number in texts)
    if not picked:
        return ""
    first, second = picked[0], picked[-1]
    if len(picked) == 1:
        shown = comparison(texts[first], now)
        return f'<section class="card"><h4>第{first}稿 和现在的文字</h4>{shown}</section>'
    shown = comparison(texts[first], texts[second])
    return f'<section class="card"><h4>第{first}稿 和 第{second}稿</h4>{shown}</section>'


def _revision(row: Revision, chosen: bool, last: bool) -> str:
    kind = _KINDS.get(row.kind, row.kind)
    tell = badge(kind) if kind else ""
    size = f"{han_count(row.section.text)} 字"
    back = "" if last else button(f"back {row.number}", "取回", label=f"取回第{row.number}稿")
    pressed = f' aria-pressed="{"true" if chosen else "false"}"'
    compare = (
        f'<button type="button" class="plain" data-place="compare {row.number}"{pressed}>'
        f"{'正在比较' if chosen else '比较'}</button>"
    )
    return (
        f"<li><b>第{row.number}稿</b> {safe(row.author)}{tell}"
        f"<span class='from'>{size}　{_when(row.saved_at)}</span>"
        f'<span class="row">{compare}{back}</span></li>'
    )


def _snapshots(marks: Sequence[Mark]) -> str:
    rows = "".join(
        f"<li><b>{safe(mark.name)}</b><span class='from'>{_when(mark.saved_at)}</span>"
        f'<span class="row">{button(f"version {mark.version}", "整篇恢复到这时")}</span></li>'
        for mark in marks
    )
    return (
        '<h4>整篇快照</h4><div class="snap" data-form><input type="text" name="name" aria-label="快照的名字"'
        f' placeholder="如：交院长看之前">{button("snapshot", "存一份快照")}</div>'
        f'<ol class="revisions">{rows}</ol>'
    )


def _when(at: str) -> str:
    return safe(at[5:16].replace("T", " "))


def months(picture: Months) -> str:
    """Return the year at a glance: a column a month, a row a section, gaps and crowding in words too."""
    counts = "，".join(f"{m}月 {c} 件" for (_, m), c in zip(picture.months, picture.counts, strict=True))
    head = "".join(f'<th scope="col">{month}月</th>' for _, month in picture.months)
    most = max((*picture.counts, 1))
    bars = "".join(
        f'<td class="{_load(month, picture)}"><i style="height:{round(44 * count / most)}px"></i>'
        f"<b>{count}</b></td>"
        for (_, month), count in zip(picture.months, picture.counts, strict=True)
    )
    rows = "".join(
        f'<tr><th scope="row">{button(f"go {row.section_id}", row.heading, "link")}</th>'
        + "".join(f"<td>{''.join(_thing(e.label, row.section_id) for e in cell)}</td>" for cell in row.cells)
        + "</tr>"
        for row in picture.rows
    )
    return (
        f'<div class="months">{_told(picture)}'
        f'<div class="scroll" tabindex="0" role="group" aria-label="各月安排">'
        f"<table><caption>{safe(counts)}</caption><thead>"
        f'<tr><td></td>{head}</tr><tr class="bars"><th scope="row">件数</th>{bars}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></div>"
    )


def _thing(label: str, section_id: str) -> str:
    place = f"find {section_id}:{label}"
    return f'<span class="thing" data-place="{safe(place)}" title="{safe(label)}">{safe(label)}</span>'


def _load(month: int, picture: Months) -> str:
    return "none" if month in picture.empty else "crowded" if month in picture.crowded else "some"


def _told(picture: Months) -> str:
    if not picture.rows:
        return note("还没有写明月份的工作。在措施里写上“9月”这样的时间，这里就会出现。")
    parts = []
    if picture.empty:
        parts.append(f"{'、'.join(f'{m}月' for m in picture.empty)}没有安排")
    if picture.crowded:
        parts.append(f"{'、'.join(f'{m}月' for m in picture.crowded)}排得太满")
    return note("，".join(parts) + "。", "ask") if parts else note("各月都有安排，没有特别挤的月份。", "good")


def drafts(rows: Sequence[DraftSummary], words: str, archived: bool, gone: str = "") -> str:
    """Return the saved plans as cards; `gone` is the id of one just deleted, to be brought back."""
    wanted = words.split()
    found = [row for row in rows if (row.state == ARCHIVED) == archived]
    found = [row for row in found if all(word in f"{row.title} {row.updated}" for word in wanted)]
    undo = (
        f'<p class="note">已删除一份计划。{button(f"undelete {gone}", "撤销删除", "link")}</p>'
        if gone
        else ""
    )
    if not found:
        teach = "没有符合的计划。" if wanted else "归档的计划会在这里。" if archived else "还没有写过计划。"
        return f'<div class="drafts">{undo}{note(teach)}</div>'
    return f'<div class="drafts">{undo}{"".join(map(_draft, found))}</div>'


def _draft(row: DraftSummary) -> str:
    keep = ("active", "移出归档") if row.state == ARCHIVED else (ARCHIVED, "归档")
    return (
        f'<section class="kept"><h4>{button(f"open {row.id}", row.title, "link")}</h4>'
        f'<p class="from">{row.sections} 节　{safe(row.writer)}　改于 {_when(row.updated)}</p>'
        f'<p class="row">{button(f"copy {row.id}", "复制")}{button(f"{keep[0]} {row.id}", keep[1])}'
        f"{button(f'delete {row.id}', '删除')}</p></section>"
    )
