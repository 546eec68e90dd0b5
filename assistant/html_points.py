"""An upper union's key points beside a plan, as HTML: what covers each, and a ready measure for the rest.

Pure functions from nouns to strings; everything pasted is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.html import badge, note, safe
from assistant.html_desk import button
from assistant.planning import Offer
from assistant.points import Row

_TEACH = "把上级工会的工作要点贴在下面，按“对照”，看每一条落实在哪一节；没有落实的，可以一键补上。"
_NEW = "新增一节"


def points(text: str, rows: Sequence[Row], offers: Sequence[Offer]) -> str:
    """Return the panel: the box with the pasted text, then a block for each of its points."""
    ready = {offer.number: offer for offer in offers}
    blocks = "".join(_point(row, ready.get(row.point.number)) for row in rows)
    done = sum(row.covered for row in rows)
    told = note(f"共 {len(rows)} 条要点，已落实 {done} 条。", "good" if done == len(rows) else "ask")
    return (
        f'<div class="points" data-form><p class="hint">{_TEACH}</p><div class="fields">'
        f'<label>上级工会的要点<textarea name="points" rows="5">{safe(text)}</textarea></label></div>'
        f'<p class="row">{button("points", "对照", "primary")}</p>'
        f"{told if rows else ''}<ul class='findings'>{blocks}</ul></div>"
    )


def _point(row: Row, offer: Offer | None) -> str:
    state = badge("已落实", "good") if row.covered else badge("未落实", "medium")
    return f"<li>{state}<b>{row.point.number}.{safe(row.point.text)}</b>{_place(row)}{_ready(offer)}</li>"


def _place(row: Row) -> str:
    best = row.best
    if best is None:
        return ""
    said = "落实于" if row.covered else "只提到于"
    where = button(f"at {best.section_id}:{best.start}:{best.end}", best.heading or "这一节", "link")
    return f"<span>{said}{where}</span><em>{safe(best.sentence)}</em>"


def _ready(offer: Offer | None) -> str:
    if offer is None:
        return ""
    take = button(f"takepoint {offer.number}", "补进计划", "mend", f"把第{offer.number}条要点的措施补进计划")
    return f"<span>可补进“{safe(offer.heading or _NEW)}”：</span><em>{safe(offer.text)}</em>{take}"
