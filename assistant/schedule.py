"""The months of a plan: which measure falls when, and the short line that says so.

Read from the plan's own measures, so the month table and the body cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.tables import Tables
from assistant.text import han_count, overlap, shingles
from assistant.types import Section
from assistant.when import months_in
from index.types import Period, SectionCode

_TIME = (
    r"(?:从|拟?[在于])?(?:每年)?(?:1[0-2]|[1-9])月(?:\d{1,2}日)?(?:(?:至|到|—|-|、)(?:1[0-2]|[1-9])月(?:\d{1,2}日)?)*"
    r"(?:份|底|初|中旬|上旬|下旬|前后|之前|前|起|以前|开始|间)?(?:，|,)?"
)
_OWNER = r"^(?:由|请|会同|联合|配合|依托|按照|根据|结合|围绕|针对|通过|利用|以|在|为|对|把|将|给|向|与|同|和)[^，。；]{1,24}?(?=组织|开展|举办|召开|完成|启动|检查|印发|拟订|制定|编制|慰问|走访|公布|公开|举行|摸底|核对|登记|学习|整改|评选|通报|修订|安排|落实|送)"
_BODIES = {SectionCode.SCHEDULE, SectionCode.GOAL, SectionCode.LEAD, SectionCode.GUIDE, SectionCode.SAFEGUARD, SectionCode.CLOSE}
_LONGEST = 20
_VERB = (
    r"印发|召开|组织(?!委员|生活|关系)|举办|举行|开展|启动|完成|检查(?!组)|慰问|走访|公布|公开(?!栏|课)|摸底|核对|登记|开通|开放|"
    r"整改|评选|通报|修订|制定|制订|拟订|拟定|编制|办理|送清凉|送温暖|推荐|收集|征集|征求|汇总|梳理|巡查|抽查|排查|审议|"
    r"改选|补选|培训|座谈|演练|比武|竞赛|验收|回访|发放|续保|申报|协助|指导|设立|建立|签订|公示|举荐|讲评|评比|总结|"
    r"开设|开办|办好|联系|安排|参加|张贴|更新|盘点|查看|提醒|陪同|讲解|对照|测算|协商|监督|督促"
)
_NAMED = {"heat", "study-aid"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do in `month`, said in a few words, from section `section_id`."""

    month: int
    label: str
    section_id: str


def entries(sections: Iterable[Section], tables: Tables) -> tuple[Entry, ...]:
    """Return what the measures of a plan's body put into each month, in body order."""
    found: list[Entry] = []
    for section in sections:
        if section.code in _BODIES:
            continue
        for line in section.text.splitlines():
            for entry in _of_item(re.sub(r"^\d+\.", "", line), section.id, tables):
                near = [e for e in found if e.month == entry.month]
                if not any(overlap(shingles(e.label), shingles(entry.label)) > 0.6 for e in near):
                    found.append(entry)
    return tuple(found)


def month_lines(sections: Iterable[Section], months: Iterable[int], tables: Tables, most: int = 5) -> str:
    """Return the month table as lines "7月：……；……。", at most `most` things a month."""
    every = entries(sections, tables)
    lines = []
    for month in months:
        labels = [entry.label for entry in every if entry.month == month][:most]
        if labels:
            lines.append(f"{month}月：" + "；".join(labels) + "。")
    return "\n".join(lines)


def months_for(period: Period, pairs: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    """Return the months of a period in its own order (a term runs 9 to 1)."""
    return tuple(month for _, month in pairs)


def _of_item(text: str, section_id: str, tables: Tables) -> Iterable[Entry]:
    months = months_in(text)
    if not months:
        return
    clauses = [clause for clause in re.split(r"[；。]", text) if clause]
    seen: set[int] = set()
    for clause in clauses:
        here = months_in(clause)
        if not here or here[0] in seen:
            continue
        label = _label(clause, tables) or _label(text, tables)
        if label:
            seen.add(here[0])
            yield Entry(here[0], label, section_id)


def _label(clause: str, tables: Tables) -> str:
    """Return the shortest part of a clause that still says what is done, "" where none is short enough."""
    bare = re.sub(_TIME, "", clause).strip("，。； ")
    bare = re.sub(r"^[\u4e00-\u9fff“”]{2,12}(?:前后|期间|之前|当天|当日|前夕|以前|前|后|起)，", "", bare)
    for row in tables.calendar:
        if row.task and row.id in _NAMED and row.name in bare:
            return row.name
    bare = re.sub(rf"^(?:放假|开学|学期末|期末|假期|节假日|年底|年终|春节|元旦|暑假|寒假)[^，]{{0,3}}?(?={_VERB})", "", bare)
    parts = [re.sub(_OWNER, "", part.strip()) for part in re.split(r"[，：]", bare)]
    short = [part for part in parts if 4 <= han_count(part) <= _LONGEST and "【" not in part]
    acting = [part for part in short if re.match(_VERB, part)]
    return next(iter(acting or [part for part in short[:1] if part == parts[0]]), "")
