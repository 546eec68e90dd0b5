"""The desk's standing parts as HTML: the list of sections, a section's state, a proposal, the printed pages.

Pure functions from nouns to strings; everything from a person or a document is escaped. A click on anything
with `data-place` is an event that names that place; what it does is the tab's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.basis import Basis, basis_of
from assistant.changes import Step, steps
from assistant.html import badge, note, safe, with_blanks
from assistant.numbering import LineKind, lines
from assistant.pages import Page, Piece, pages
from assistant.text import han_count
from assistant.types import Draft, Section, Status

STATUS = {Status.DRAFT: "草稿", Status.REVIEWED: "已审", Status.LOCKED: "锁定"}
_UNTITLED = {"LEAD": "引言", "CLOSE": "结语"}
_TAGS = {LineKind.TITLE: "h1", LineKind.H1: "h2", LineKind.H2: "h3"}
_BASIS = {Basis.SOUND: "good", Basis.SOME: "", Basis.NONE: "medium", Basis.TABLES: ""}


def name_of_section(section: Section) -> str:
    """Return what a section is called where it is listed: its heading, or 引言 and 结语."""
    return section.heading or _UNTITLED.get(section.code.value, "（无标题）")


def button(place: str, text: str, kind: str = "plain", label: str = "") -> str:
    """Return a button that names a place; `label` is said by a screen reader instead of a mere sign."""
    spoken = f' aria-label="{safe(label)}" title="{safe(label)}"' if label else ""
    return f'<button type="button" class="{kind}" data-place="{safe(place)}"{spoken}>{safe(text)}</button>'


def nav(plan: Draft, current: str, writing: str = "") -> str:
    """Return the sections in order, each with its number, its state and how much waits in it."""
    waiting: dict[str, int] = {}
    for finding in plan.findings:
        waiting[finding.section_id] = waiting.get(finding.section_id, 0) + 1
    numbers = _numbers(plan)
    rows, group = [], ""
    for section in plan.sections:
        if section.group and section.group != group:
            rows.append(f'<li class="group">{safe(numbers.get(f"group {section.id}", section.group))}</li>')
        group = section.group
        here = ' aria-current="true"' if section.id == current else ""
        kind = "inner" if section.group else "outer"
        name = f"{numbers.get(section.id, '')}{name_of_section(section)}"
        rows.append(
            f'<li class="{kind}"><button type="button" data-place="go {safe(section.id)}"{here}>'
            f'<span class="name">{safe(name)}</span>'
            f"{_marks(section, waiting.get(section.id, 0), section.id == writing)}</button></li>"
        )
    done = sum(1 for s in plan.sections if s.status is not Status.DRAFT)
    told = f"{len(plan.sections)} 节，{done} 节已审或锁定"
    return (
        f'<nav aria-label="各节"><p class="count">{told}</p><ol class="sections">{"".join(rows)}</ol></nav>'
    )


def _numbers(plan: Draft) -> Mapping[str, str]:
    """Return the number before each section's heading as printed, and each wrapper heading whole."""
    found: dict[str, str] = {}
    for line in lines(plan):
        if line.kind not in (LineKind.H1, LineKind.H2) or not line.section_id:
            continue
        section = next(s for s in plan.sections if s.id == line.section_id)
        if section.heading and line.text.endswith(section.heading):
            found.setdefault(section.id, line.text.removesuffix(section.heading))
        elif line.kind is LineKind.H1:
            found[f"group {section.id}"] = line.text
    return found


def _marks(section: Section, waiting: int, writing: bool) -> str:
    if writing:
        return badge("正在写", "writing")
    if not section.text.strip():
        return badge("待写", "empty")
    state = badge(STATUS[section.status], section.status.value)
    return state + (badge(f"待处理 {waiting}", "medium") if waiting else "")


def state(plan: Draft, section: Section, revision: int, done: str = "") -> str:
    """Return the line under a text: state, length, who wrote it, what it leans on, what was done."""
    item = next((i for i in plan.outline.items if i.id == section.id), None) if plan.outline else None
    basis = basis_of(section, item)
    target = f"，约定 {item.target} 字" if item and item.target else ""
    facts = [
        badge(STATUS[section.status], section.status.value),
        f'<span class="fact">{han_count(section.text)} 字{target}</span>',
        f'<span class="fact">{safe(section.writer)}</span>' if section.writer else "",
        f'<span title="{safe(basis.reason)}">{badge(basis.name, _BASIS[basis.label])}</span>',
        f'<span class="done" role="status">{safe(done)}</span>' if done else "",
    ]
    where = (
        f'data-draft="{safe(plan.id)}" data-section="{safe(section.id)}" data-revision="{revision}"'
        f' data-locked="{int(section.status is Status.LOCKED)}"'
    )
    return (
        f'<div class="state" id="here" {where}>{"".join(facts)}<span class="unsaved">正在输入……</span></div>'
    )


def writing(text: str) -> str:
    """Return a proposal while a model still writes it."""
    return f'<div class="offer"><p class="count">正在写……</p><p class="growing">{_broken(text)}</p></div>'


def offer(before: str, after: str, told: str, conflict: bool = False) -> str:
    """Return a proposal: what goes red, what comes green, sentence by sentence, each to be left out."""
    rows = steps(before, after)
    count = len({row.change for row in rows if row.change is not None})
    if not count:
        return f'<div class="offer">{note(told)}{note("没有可改的地方，文字没有动。")}</div>'
    head = f"{count} 处改动，绿的换红的。不要哪一句，就按那一句的“不用”。"
    take = "用我的字" if conflict else "采用"
    return (
        f'<div class="offer">{note(told, "ask" if conflict else "plain")}<p class="count">{safe(head)}</p>'
        f'<div class="steps">{_steps(rows)}</div><div class="row">'
        f'<button type="button" class="primary" data-place="take">{take}'
        f'<span class="n">（{count} 处）</span></button>{button("drop", "全部不用")}</div></div>'
    )


def _steps(rows: Sequence[Step]) -> str:
    """Return the sentences in order, items numbered as they will be when every change is taken."""
    parts, number = [], 0
    for row in rows:
        head = next((s.head for s in (row.new, row.old) if s and s.head is not None), None)
        if head == "1." and row.new:
            number += 1
        parts.append(
            _step(row, "－" if not row.new and head == "1." else f"{number}." if head == "1." else head)
        )
    return "".join(parts)


def _step(row: Step, head: str | None) -> str:
    start = "<br>" if head is not None else ""
    number = f"{safe(head)} " if head else ""
    if row.change is None:
        return f"{start}<span>{number}{safe(row.new.text if row.new else '')}</span>"
    old = f"<del>{safe(row.old.text)}</del>" if row.old else ""
    new = f"<ins>{safe(row.new.text)}</ins>" if row.new else ""
    toggle = '<button type="button" class="toggle" aria-pressed="false">不用</button>'
    return f'{start}<span class="change" data-n="{row.change}">{number}{old}{new}{toggle}</span>'


def comparison(before: str, after: str) -> str:
    """Return what differs between two texts, sentence by sentence, to read only."""
    rows = _steps(steps(before, after))
    return f'<div class="steps plain">{rows or note("两稿一样。")}</div>'


def paper(plan: Draft, current: str = "") -> str:
    """Return the plan as it prints, page by page; a click on a paragraph goes to its section."""
    empty = {section.id for section in plan.sections if not section.text.strip()}
    sheets = pages(plan)
    shown = "".join(_sheet(page, number, current, empty) for number, page in enumerate(sheets, 1))
    label = f"打印的样子，共 {len(sheets)} 页"
    return f'<div class="sheets" role="group" tabindex="0" aria-label="{label}">{shown}</div>'


def _sheet(page: Page, number: int, current: str, empty: set[str]) -> str:
    side = "right" if number % 2 else "left"
    rows = "".join(_piece(piece, current, empty) for piece in page)
    folio = f'<p class="folio {side}">— {number} —</p>'
    return f'<article class="paper"><div class="inside">{rows}</div>{folio}</article>'


def _piece(piece: Piece, current: str, empty: set[str]) -> str:
    line = piece.line
    kinds = [line.kind.value, *([] if piece.begins else ["goes-on"])]
    kinds += ["waiting"] if line.section_id in empty else []
    kinds += ["now"] if line.section_id and line.section_id == current else []
    place = f' data-place="go {safe(line.section_id)}"' if line.section_id else ""
    text = "<br>".join(with_blanks(row) for row in piece.text.split("\n"))
    tag = _TAGS.get(line.kind, "p")
    return f'<{tag} class="{" ".join(kinds)}"{place}>{text}</{tag}>'


def progress(number: int, total: int, heading: str, seconds: float, left: float | None) -> str:
    """Return the line and the bar of a running draft; `left` is the time still expected, None if unknown."""
    share = round(100 * max(number - 1, 0) / total) if total else 0
    expected = f"　大约还要 {_clock(left)}" if left is not None else ""
    line = f"第 {number}/{total} 节　{heading or '引言'}　已用 {_clock(seconds)}{expected}"
    bar = (
        f'<div class="bar" role="progressbar" aria-valuemin="0" aria-valuemax="{total}"'
        f' aria-valuenow="{number}" aria-label="写到第 {number} 节，共 {total} 节">'
        f'<i style="width:{share}%"></i></div>'
    )
    return f'<div class="progress"><p>{safe(line)}</p>{bar}</div>'


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} 秒" if whole < 60 else f"{whole // 60} 分 {whole % 60} 秒"


def _broken(text: str) -> str:
    return safe(text).replace("\n", "<br>")
