"""What people call a unit for short, and which unit a document's title names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from index.words import PROPER_TAGS, is_generic, is_known, tokens_of, word_lists

_TITLED = re.compile(
    r"(?:20\d\d年?度?|\{YEAR\}年?|中共|关于)*+([\u4e00-\u9fff（）]{4,24}?)(?:机关)?(?:联合)?工会"
)


def unit_of_title(title: str) -> str:
    """The unit a title names before 工会, "" if it names none: 宏远精密轴承有限公司工会2026年工作计划."""
    match = _TITLED.match(title)
    name = match.group(1) if match else ""
    suffix = next((word for word in _unit_endings() if name.endswith(word)), "")
    return name if suffix and len(name) > len(suffix) and not is_generic(name[: -len(suffix)]) else ""


@lru_cache(maxsize=1)
def _unit_endings() -> tuple[str, ...]:
    return tuple(sorted(word_lists()["unit"]["suffixes"], key=len, reverse=True))


def short_names(units: Iterable[str]) -> set[str]:
    """What people call a unit: 云栖市第三人民医院 -> 市三院, 云栖三院; 宁波恒锐集团 -> 恒锐集团."""
    shorts = {
        short
        for unit in units
        for short in _numbered_short(unit) | _without_place(unit) | _clipped(unit)
        if short != unit
    }
    return {short for short in shorts if len(short) >= 2 and not is_generic(short)}


_CLIPPED = re.compile(r"([\u4e00-\u9fff])[\u4e00-\u9fff]{1,3}(小|中|大)学$")


def _clipped(unit: str) -> set[str]:
    """What is made of single words of a name: 白鹭洲小学 -> 白小, 宏远精密轴承有限公司 -> 宏远轴承."""
    core = unit
    while place := _PLACE_FRONT.match(core):
        core = core[place.end() :]
    if match := _CLIPPED.fullmatch(core):
        short = "".join(match.groups())
        return set() if is_known(short) else {short}
    bare = _COMPANY.sub("", core)
    if bare == core or len(bare) < 4 or bare[:2] in word_lists()["unit"]["goods"]:
        return set()
    parts = [bare[i : i + 2] for i in range(2, len(bare) - 1, 2)]
    return {bare[:2] + part for part in parts} | {bare[:2] + "公司", bare[:2] + "集团"}


_NUMBERED = re.compile(
    r"^(.{2,6}?)([省市县区州])?第([一二三四五六七八九十]+)(?:人民|中心)?(医院|中学|小学|幼儿园)$"
)
_ENDS = {"医院": "院", "中学": "中", "小学": "小", "幼儿园": "幼"}
_PLACE_FRONT = re.compile(
    r"^[\u4e00-\u9fff]{2,4}?(?:自治区|自治州|省|市|县|区|镇|乡|旗|街道)(?=[\u4e00-\u9fff]{3})"
)
_COMPANY = re.compile(r"(?:股份|集团)?(?:有限)?(?:责任)?公司$")


def _numbered_short(unit: str) -> set[str]:
    match = _NUMBERED.match(unit)
    if not match:
        return set()
    place, level, number, kind = match.groups()
    end = _ENDS[kind]
    return {
        f"{level or ''}{number}{end}" if level else "",
        f"{place}{number}{end}",
        f"第{number}{'人民' if kind == '医院' else ''}{kind}",
    }


def _without_place(unit: str) -> set[str]:
    """The name without the place before it, and a company's without its legal form."""
    shorts: set[str] = set()
    core = unit
    while match := _PLACE_FRONT.match(core):
        core = core[match.end() :]
        shorts |= {core} if _has_odd_word(core) else set()
    for name in (unit, core):
        bare = _COMPANY.sub("", name)
        if bare != name and _has_odd_word(bare):
            shorts |= {bare, f"{bare}公司", f"{bare}集团"}
    return shorts


def _has_odd_word(name: str) -> bool:
    """Whether a name holds a word that is not in everybody's dictionary (公共交通 has none)."""
    return any(not is_known(token.word) or token.tag in PROPER_TAGS for token in tokens_of(name))
