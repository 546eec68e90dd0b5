"""Private facts of a precedent <-> typed slots.

A writer sees ｛单位｝ where the precedent named its unit. A slot is filled from the profile and the
request, or becomes a visible blank 【待填：字段】 that is filled everywhere at once when it is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

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


def mask(text: str, facts: Iterable[Fact]) -> str:
    """Return `text` with every fact replaced by its slot, longer facts first; a slot is never doubled."""
    words = {fact.text: f"｛{_slot(fact)}｝" for fact in facts if len(fact.text) > 1}
    masked = replace_words(text, words)
    return re.sub(r"(｛[^｛｝]+｝)(?:[、和及]?\1)+", r"\1", masked)


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
