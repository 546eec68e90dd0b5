"""A plan taken apart into tasks: what is to be done, when, by whom, how it is counted, with what money.

Only what a measure says stands in a field; what it leaves open stays empty for the person to fill in.
Pure functions over a draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from assistant.numbering import bare_heading, is_item
from assistant.types import FRAME, Draft
from assistant.when import arabic_months

_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.．、]|[（(]\d{1,2}[)）])\s*")
_DAY = r"(?<!\d)(?:1[0-2]|[1-9])月(?:\d{1,2}日)?"
_EDGE = r"(?:份|底|初|中旬|上旬|下旬|中下旬|第[一二三四]周)?(?:之前|以前|前后|期间|前|起)?"
_WHEN = re.compile(
    rf"{_DAY}(?:(?:至|到|—|-|、|和){_DAY})*{_EDGE}"
    r"|每(?:两|半|个)?(?:个)?(?:天|日|周|旬|月|季度|季|半年|年|学期)(?:末|初|底|中旬)?"
    r"|第[一二三四]季度(?:末|底)?(?:前)?|(?:季度|学期|年|月)(?:底|末|初|中)(?:前)?|全年|[上下]半年"
)
_BODY = (
    r"(?:工会小组长?|委员会|委员|办公室|总工会|分?工会|小组|经审委|女工委|支部|党委|党组织|部门?|科室?|处室?|站|所|中心|车间|"
    r"班组长?|项目部|支行|网点|教研组|年级组|主席|行政|人事|后勤|财务|代表|组长|律师|骨干|师傅)"
)
_ACTOR = rf"(?!逐|每|各项|全)[\u4e00-\u9fff]{{0,8}}?{_BODY}"
_CHAIN = rf"{_ACTOR}(?:(?:、|与|和|会同|联合){_ACTOR})*"
_DUTY = (
    r"(?:牵头|牵线|负责|主持|会同|联合|配合|组织|汇总|登记|核对|检查|收集|整理|走访|讲|带队|上门|对|把|将|举办|举行|召开|"
    r"开展|抽查|公布|公开|到|逐|每|完成|启动|制定|学习|参加|邀请|请|听取|通报|建立|做|看|给|为|向)"
)
_OWNERS = (
    re.compile(rf"由(?P<who>{_CHAIN}|[^，。；由]{{2,8}}?(?=(?:共同|一起)?{_DUTY}))"),
    re.compile(rf"(?:^|[，。；])(?:{_WHEN.pattern})?，?(?P<who>{_CHAIN})(?:{_WHEN.pattern})?(?={_DUTY})"),
    re.compile(rf"(?:会同|联合)(?P<who>{_CHAIN})"),
)
_COUNTED = re.compile(
    r"\d+(?:\.\d+)?\s*(?:%|％)|百分之|[\d一两二三四五六七八九十百]+(?:次|场|项|件|个(?!月)|篇|期|份|人|名|家|户|条|支|组)"
    r"|不少于|不低于|不超过|全覆盖|覆盖率|[答回]复率|办结|[一二两三四五六七八九十\d]+个工作日"
)
_MONEY = re.compile(
    r"所需(?:经费|费用|资金)|(?:经费|费用|资金)(?:从|由|在|按)|列支|报销|自筹|预算内|\d[\d万千百]*元"
)
_NAMED = re.compile(r"《[^》]{2,40}》")


@dataclass(frozen=True, slots=True)
class Task:
    """One measure as a row: every field but `matter` may be empty."""

    section: str
    matter: str
    time: str = ""
    owner: str = ""
    measure: str = ""
    money: str = ""
    basis: str = ""


HEADINGS = {
    "section": "工作板块",
    "matter": "工作事项",
    "time": "完成时间",
    "owner": "责任部门（人）",
    "measure": "量化指标",
    "money": "经费",
    "basis": "依据",
}
"""What each field of a `Task` is called in a table's head, in order."""


def tasks(draft: Draft) -> tuple[Task, ...]:
    """Return the measures of the plan's body in reading order; sub-items belong to the item above them."""
    return tuple(
        task(bare_heading(section.heading), text)
        for section in draft.sections
        if section.code not in FRAME
        for text in _items(section.text.splitlines())
    )


def task(section: str, text: str) -> Task:
    """Return what one measure says, field by field."""
    text = arabic_months(_NUMBER.sub("", text.strip()))
    clauses = [clause for clause in re.split(r"[，；。]", text) if clause]
    return Task(
        section,
        _matter(text),
        _joined(match[0] for match in _WHEN.finditer(text)),
        _owner(text),
        _joined(clause for clause in clauses if _COUNTED.search(clause) and not _MONEY.search(clause)),
        _joined(clause for clause in clauses if _MONEY.search(clause)),
        _joined(match[0] for match in _NAMED.finditer(text)),
    )


def values(found: Task) -> tuple[str, ...]:
    """Return the fields of a task in the order of `HEADINGS`."""
    return tuple(getattr(found, field.name) for field in fields(Task))


def _items(lines: Iterable[str]) -> Iterator[str]:
    """Yield each item whole; lines before the first item are introductions and no tasks."""
    whole = ""
    for line in lines:
        if is_item(line) and not line.lstrip().startswith(("（", "(")):
            if whole:
                yield whole
            whole = line.strip()
        elif whole and line.strip():
            whole += _NUMBER.sub("", line.strip())
    if whole:
        yield whole


def _matter(text: str) -> str:
    """Return the first sentence without the time it begins with."""
    first = re.split(r"[。；]", text, maxsplit=1)[0]
    return re.sub(rf"^(?:在|于)?(?:{_WHEN.pattern})，?", "", first) or first


def _owner(text: str) -> str:
    found = (match for pattern in _OWNERS if (match := pattern.search(text)))
    who = next(found, None)
    if who is None:
        return ""
    return who["who"]


def _joined(found: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(found))
