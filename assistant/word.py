"""A plan as a Word file: alone, with its task table as an annex, or as the annex of a 通知 that issues it.

A plan is none of the fifteen kinds of official document, so a unit that issues one formally sends it as the
annex of a 通知 (《党政机关公文处理工作条例》第八条). Letterhead and document number are the office's own: the
number is a visible blank, no letterhead is imitated. Layout is GB/T 9704-2012, see docx_style.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from assistant import docx_style as style
from assistant.docx_body import PAGE_BREAK, body, clean, paragraph, runs
from assistant.docx_table import table
from assistant.numbering import Line, LineKind, lines
from assistant.tasks import HEADINGS, tasks, values
from assistant.types import Draft

TASK_TABLE = "工作任务分解表"
_NUMBER = "【待填：发文字号】"
_CLOSING = (LineKind.SIGNATURE, LineKind.DATE)
_ANNEX = ("序号", "工作事项", "完成时间", "责任部门（人）")
_ANNEX_SHARES = (7, 52, 18, 23)
_SHEET_SHARES = (5, 13, 34, 12, 13, 19, 10, 9)


class Form(StrEnum):
    """What a Word file is to be: `asked` follows the request (要红头, 加个表)."""

    ASKED = "asked"
    PLAN = "plan"
    NOTICE = "notice"
    TASKS = "tasks"


def to_docx(draft: Draft, form: Form = Form.ASKED, addressee: str = "工会小组") -> bytes:
    """Return the plan as a Word file in `form`; the same draft gives the same bytes.

    `addressee` is whom a 通知 goes to, such as 工会小组 or 基层工会.
    """
    if form is Form.TASKS:
        return _packed(draft, _heading(draft) + _sheet(draft), landscape=True)
    asked = form is Form.ASKED
    with_table = asked and "table" in draft.request.style
    if form is Form.NOTICE or (asked and "notice" in draft.request.style):
        return _packed(draft, _notice(draft, addressee, with_table))
    return _packed(draft, _plan(draft, with_table))


def _packed(draft: Draft, inner: str, landscape: bool = False) -> bytes:
    today = draft.request.today
    title = clean("".join(draft.title.split("\n"))).strip()
    return style.package(inner, title, "" if today == date.min else today.isoformat(), landscape)


def _plan(draft: Draft, with_table: bool) -> str:
    shown = lines(draft)
    if not with_table:
        return body(shown)
    text, closing = _split(shown)
    note = [Line(LineKind.BODY, ""), Line(LineKind.BODY, f"附件：{TASK_TABLE}")]
    return body([*text, *note, *closing]) + PAGE_BREAK + _annexed("附件", _annex_table(draft))


def _notice(draft: Draft, addressee: str, with_table: bool) -> str:
    """The 通知, then the plan without its own signature, then the task table when one was asked for."""
    issuer = draft.signature.strip()
    name = issuer.removesuffix("委员会")
    own = "".join(draft.title.split("\n"))
    title = f"{name}关于印发《{own.removeprefix(name)}》的通知"
    text, closing = _split(lines(draft))
    annexes = [own, TASK_TABLE] if with_table else [own]
    numbered = [f"{number}.{one}" for number, one in enumerate(annexes, 1)] if with_table else annexes
    said = [
        Line(LineKind.BODY, f"现将《{own}》印发给你们，请结合实际，认真抓好落实。"),
        Line(LineKind.BODY, ""),
        *(Line(LineKind.BODY, f"{'附件：' if not at else '　　　'}{one}") for at, one in enumerate(numbered)),
        *closing,
    ]
    parts = [
        paragraph(style.NUMBER_STYLE, runs(_NUMBER)),
        paragraph("", ""),
        body([Line(LineKind.TITLE, title)]),
        paragraph(style.ADDRESS_STYLE, runs(f"各{addressee.removeprefix('各')}：")),
        body(said),
        PAGE_BREAK,
        _annexed("附件1" if with_table else "附件", body(text)),
    ]
    if with_table:
        parts += [PAGE_BREAK, _annexed("附件2", _annex_table(draft))]
    return "".join(parts)


def _split(shown: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return the text of a plan and its closing lines."""
    text = [line for line in shown if line.kind not in _CLOSING]
    return text, [line for line in shown if line.kind in _CLOSING]


def _annexed(mark: str, inner: str) -> str:
    """An annex on its own page: its mark flush left in 黑体, one line below it the annex (7.3.4)."""
    return paragraph(style.ANNEX_STYLE, runs(mark)) + paragraph("", "") + inner


def _heading(draft: Draft) -> str:
    own = "".join(draft.title.split("\n"))
    return body([Line(LineKind.TITLE, f"{own}{TASK_TABLE.removeprefix('工作')}")])


def _annex_table(draft: Draft) -> str:
    rows = [(str(n), t.matter, t.time, t.owner) for n, t in enumerate(tasks(draft), 1)]
    heading = body([Line(LineKind.TITLE, TASK_TABLE)])
    return heading + table(_ANNEX, rows, _ANNEX_SHARES, style.TEXT_WIDTH) + paragraph("", "")


def _sheet(draft: Draft) -> str:
    rows = [(str(number), *values(task)) for number, task in enumerate(tasks(draft), 1)]
    width = style.PAGE_HEIGHT - style.TOP - style.BOTTOM
    return table(("序号", *HEADINGS.values()), rows, _SHEET_SHARES, width) + paragraph("", "")
