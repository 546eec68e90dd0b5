"""Private facts of a precedent <-> typed slots.

A writer sees ｛单位｝ where the precedent named its unit. A slot is filled from the profile and the
request, or becomes a visible blank 【待填：字段】 that is filled everywhere at once when it is known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from assistant.text import replace_words
from assistant.types import Profile
from index.types import Fact, FactKind

SLOTS: Mapping[FactKind, str] = {
    FactKind.UNIT: "单位",
    FactKind.SHORT: "单位",
    FactKind.PARTY: "党组织",
    FactKind.UPPER: "上级工会",
    FactKind.PERSON: "姓名",
    FactKind.PLACE: "地点",
    FactKind.MONEY: "金额",
    FactKind.COUNT: "数量",
    FactKind.DATE: "日期",
    FactKind.SESSION: "届次",
    FactKind.DOCNO: "文号",
    FactKind.PROGRAM: "品牌",
    FactKind.CONTACT: "联系方式",
}
SHORTEST_FORM = 4
_EVERYBODYS = frozenset(
    (
        "人民",
        "中心",
        "中国",
        "国家",
        "全国",
        "第一",
        "第二",
        "第三",
        "实验",
        "中华",
        "职业",
        "中等",
        "某某",
        "会员",
        "职工",
        "员工",
        "工会",
    )
)
_TITLE = (
    "同志|老师|师傅|副?(?:主席|主任|书记|院长|校长|园长|[局处科站场厂馆所镇行]长)|教授|工程师|医[生师]|大夫|律师|"
    "劳模|会计|出纳|护士长|先生|女士|经理|代表|委员|干事"
)
_DUTY = "负责|主持|担任|整理|核对|带队|主讲"
_STREET = "路|街|巷|大道|工业区|开发区|产业园|广场|大厦|[镇乡村县]"
_SHAPES = tuple(
    (re.compile(pattern), slot)
    for pattern, slot in (
        (r"[A-Za-z0-9._%+-]{2,}@[A-Za-z0-9.-]{3,}", "联系方式"),
        (r"(?<!\d)(?:1\d{10}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4})(?!\d)", "联系方式"),
        (r"[\u4e00-\u9fff]{0,5}(?:｛文号｝|[〔\[（(]20\d\d[〕\])）]\s*第?\d{1,4}号)", "文号"),
        (rf"(?<=[请由：、，与和向])[\u4e00-\u9fff]{{2,3}}(?={_TITLE})", "姓名"),
        (rf"(?<=由)[\u4e00-\u9fff]{{2,3}}(?={_DUTY})|(?<=联系人[：:])[\u4e00-\u9fff]{{2,4}}", "姓名"),
        (rf"(?<=[在到于把、，])[\u4e00-\u9fff]{{2,5}}(?:{_STREET})", "地点"),
    )
)
_MARK = re.compile(r"｛([^｛｝]{1,6})｝")
_BLANK = re.compile(r"【待填：([^】]+)】")
_FIELDS = {
    "品牌": "品牌活动名称",
    "姓名": "姓名",
    "地点": "活动地点",
    "金额": "金额",
    "数量": "人数",
    "日期": "日期",
    "届次": "届次",
    "文号": "文号",
    "联系方式": "联系方式",
    "单位": "单位名称",
}


def mask(text: str, facts: Collection[Fact]) -> str:
    """Return `text` with every fact replaced by its slot, longer facts first; a slot is never doubled.

    Short forms of a unit's name (铁岩重机 for 铁岩重型机械厂) are masked with it.
    """
    words = {fact.text: f"｛{_slot(fact)}｝" for fact in facts if len(fact.text) > 1}
    units = [fact for fact in facts if fact.kind is FactKind.UNIT]
    short = {form: f"｛{_slot(fact)}｝" for fact in units for form in short_forms(fact.text, text)}
    masked = replace_words(text, short | words)
    return re.sub(r"(｛[^｛｝]+｝)(?:[、和及]?\1)+", r"\1", masked)


def short_forms(unit: str, text: str) -> Iterator[str]:
    """Yield the short names of a unit in `text`: runs that begin as its name does and pick from the rest."""
    head = unit[:2]
    if head in _EVERYBODYS or len(unit) < SHORTEST_FORM or head not in text:
        return
    for match in re.finditer(re.escape(head), text):
        end, rest = match.end(), 2
        while end < len(text) and (place := unit.find(text[end], rest)) >= 0:
            end, rest = end + 1, place + 1
        if end - match.start() >= SHORTEST_FORM:
            yield text[match.start() : end]


def mask_shapes(masked: str) -> str:
    """Return masked text with what still looks like a person, a contact, an address or a file number masked.

    For prompts alone: it takes too much rather than too little, so what it leaves is no text to reuse.
    """
    for pattern, slot in _SHAPES:
        masked = pattern.sub(f"｛{slot}｝", masked)
    return masked


def _slot(fact: Fact) -> str:
    """Return the slot of a fact; a town union is its own unit, so its name stands for the union."""
    names_unit = fact.kind in (FactKind.UNIT, FactKind.SHORT)
    return "工会" if names_unit and fact.text.endswith(("工会", "工会联合会")) else SLOTS[fact.kind]


def open_slots(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the slots of `text` that `known` does not fill."""
    return tuple(match[1] for match in _MARK.finditer(text) if not known.get(match[1]))


def known_slots(profile: Profile, roles: Mapping[str, str]) -> dict[str, str]:
    """Return what each slot is filled with for this unit; generic words where the profile is silent."""
    return {
        "单位": roles["we"],
        "工会": roles["union"],
        "党组织": profile.party or roles["party"],
        "上级工会": profile.upper[-1] if profile.upper else roles["upper"],
        "品牌": f"“{profile.programs[0]}”" if profile.programs else "",
    }


def fill_slots(text: str, known: Mapping[str, str]) -> str:
    """Return `text` with each slot filled, or turned into a visible blank."""
    filled = _MARK.sub(lambda match: known.get(match[1]) or blank(_FIELDS.get(match[1], match[1])), text)
    return re.sub(r"“(“[^”]+”)”", r"\1", filled)


def blank(field: str) -> str:
    """Return the visible blank for `field`."""
    return f"【待填：{field}】"


def blanks(text: str) -> tuple[str, ...]:
    """Return the fields still blank in `text`, each once, in order."""
    return tuple(dict.fromkeys(_BLANK.findall(text)))
