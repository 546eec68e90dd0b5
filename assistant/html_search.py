"""Search hits as HTML: cards with what was found, where and why, chips, and the page before any search.

Everything from a document or a query is escaped. A thing to click carries `data-act` and `data-value`; what a
click does is the tab's business. Pure functions; the looks are in search.css.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.html import badge, marked, note, safe
from assistant.html_library import labels
from assistant.numbering import bare_heading
from assistant.types import Section
from index.labels import name_of, trades_of
from index.types import Hit, Labels, Named, NamedKind, Passage, SearchResult, SectionCode

EXAMPLES = (
    ("卫生院 院务公开 怎么写", "写出单位和要写的事"),
    ("那个给退休老师祝寿的", "只记得大概也可以"),
    ("「职工代表大会」 学校 -换届", "「」里的词一定要有，减号后的不要"),
)
KIND_NAMES = {
    NamedKind.ORG: "单位类型",
    NamedKind.PEOPLE: "人员",
    NamedKind.PERIOD: "时限",
    NamedKind.GENRE: "文种",
    NamedKind.SECTION: "板块",
    NamedKind.YEAR: "年份",
}
_FOUND_BY = {"lexical": "字面相同", "semantic": "意思相近", "reranked": "经过精排"}
_KEYS = "↑ ↓ 或 j k 选一条，回车打开原文，i 插入草稿，c 复制，/ 回到检索框"


def welcome() -> str:
    """Return what stands there before the first search: three example queries to click."""
    rows = "".join(
        f"<li>{_act('example', query, query, 'link')}<span>{safe(hint)}</span></li>"
        for query, hint in EXAMPLES
    )
    return (
        f'<div class="welcome"><p>用自己的话说要找的内容，按回车。例如：</p><ul>{rows}</ul>'
        f'<p class="keys">{safe(_KEYS)}</p></div>'
    )


def beside() -> str:
    """Return what stands beside the hits until a document is opened there."""
    told = "点“打开原文”，整份文件在这里打开，停在找到的那一段。"
    return f'<div class="beside"><p>{told}</p><p>{safe(_KEYS)}</p></div>'


def hits(result: SearchResult) -> str:
    """Return the notice and the hits as cards."""
    cards = "".join(_card(number, hit, result.named) for number, hit in enumerate(result.hits, 1))
    plain = note(result.notice, "ask") if result.hits else ""
    return f'<div class="hits">{plain}{cards or nothing(result.notice)}</div>'


def nothing(notice: str) -> str:
    """Return, large and plain, that nothing fits."""
    reason = notice or "换个说法，或放宽条件再试。"
    return f'<div class="nothing"><strong>没有合适先例</strong><p>{safe(reason)}</p></div>'


def chips(named: Sequence[Named], dropped: Collection[str]) -> str:
    """Return what a query was understood to name, each removable; what was removed can be put back."""
    on = "".join(
        f'<button type="button" class="chip" data-act="drop" data-value="{safe(one.key)}" '
        f'title="不按这个理解">{safe(KIND_NAMES[one.kind])}：{safe(shown(one.key))} ✕</button>'
        for one in {one.key: one for one in named}.values()
    )
    off = "".join(
        f'<button type="button" class="chip off" data-act="restore" data-value="{safe(key)}" '
        f'title="还按这个理解">＋ {safe(shown(key))}</button>'
        for key in sorted(dropped)
    )
    if not on and not off:
        return ""
    return f'<div class="chips"><span>理解为</span>{on}{off}</div>'


def shown(key: str) -> str:
    """Return the Chinese name of a key such as "org:hospital" or "year:2026"."""
    kind, _, code = key.partition(":")
    if kind == NamedKind.PEOPLE:
        return code
    return f"{code}年" if kind == NamedKind.YEAR else name_of(code)


def section_name(section: Section) -> str:
    """Return what a section of a plan is called in a list."""
    return bare_heading(section.heading) or ("引言" if section.code is SectionCode.LEAD else "结语")


def _card(number: int, hit: Hit, named: Sequence[Named]) -> str:
    passage = hit.passage
    section = badge(name_of(passage.section), "section") if passage.section else ""
    near = badge(f"另有 {passage.copies} 份相近", "section") if passage.copies else ""
    origin = badge("自带范例" if passage.origin == "starter" else "自己的资料", "origin")
    place = f"{passage.document_id}:{passage.start}:{passage.end}"
    return (
        f'<article class="card hit" tabindex="0" aria-label="第 {number} 条" data-passage="{passage.id}">'
        f"<h4><b>{number}</b> {safe(passage.title or '（无标题）')}</h4>"
        f'<p class="trail">{_trail(passage)}</p>'
        f'<p class="text">{marked(passage.text, hit.highlights)}</p>'
        f'<p class="labels">{labels(_of(passage))}{section}{origin}{near}</p>'
        f'<p class="why">{safe(why(hit, named))}</p>'
        f'<p class="acts">{_act("open", place, "打开原文")}{_act("insert", str(passage.id), "插入草稿")}'
        f"{_act('refer', str(passage.id), '放入本节参考')}{_act('copy', '', '复制')}</p></article>"
    )


def _trail(passage: Passage) -> str:
    steps = [step for step in passage.trail.split(" › ") if step]
    return " › ".join(f"<span>{safe(step)}</span>" for step in steps)


def why(hit: Hit, named: Sequence[Named]) -> str:
    """Return in one line why a hit was found: which way, by which words, and what it has in common."""
    passage = hit.passage
    ways = [_FOUND_BY.get(way, way) for way in hit.found_by]
    words = list(dict.fromkeys(passage.text[start:end] for start, end in hit.highlights))
    trades = [one.code for one in named if passage.org_type in trades_of(one.code)]
    mine = {
        NamedKind.ORG: passage.org_type,
        NamedKind.PERIOD: passage.period,
        NamedKind.GENRE: passage.genre,
        NamedKind.SECTION: passage.section,
        NamedKind.YEAR: str(passage.year),
    }
    same = list(dict.fromkeys(shown(one.key) for one in named if mine.get(one.kind) == one.code))
    parts = ["、".join(ways)]
    parts += ["有“" + "”“".join(words[:5]) + "”"] if words else []
    parts += [f"同为{'、'.join(same)}"] if same else []
    parts += [f"有{'、'.join(trades)}的单位"] if trades else []
    return "；".join(parts)


def _act(act: str, value: str, text: str, kind: str = "plain") -> str:
    return (
        f'<button type="button" class="{kind}" data-act="{safe(act)}" data-value="{safe(value)}">'
        f"{safe(text)}</button>"
    )


def _of(passage: Passage) -> Labels:
    return Labels(passage.genre, passage.org_type, passage.period, passage.year, flags=passage.flags)
