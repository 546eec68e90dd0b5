"""The unit's own name in a sentence: 白鹭小学, 中国银行临江支行, 青石镇总工会; never just its kind.

A name is a kind of unit (医院, 小学 …) after something that is not itself a kind, a size, a trade or a
pronoun. The words are in tables/request.toml. When in doubt there is no name: a visible blank is better.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_LEAD = re.compile(
    r"^.*(?:给|为|帮|替|请|写|做|拟|起草|弄|整|搞|出|要|份|个|是|叫|在|到|来自|关于|咱们?|我们?|你们?|这家|那家|一家|某|的|，|,|。|：|:|、|\s)"
    r"(?=[\u4e00-\u9fff])"
)
_UNION = r"(?:机关|系统)?(?:(?P<union>总工会|联合工会|工会联合会)|工会(?:委员会)?)"
_SYSTEM = re.compile(
    r"[\u4e00-\u9fff]{2,12}?[市县区州旗](?:教育|卫生健康|卫健|医务|教科文卫体)(?:系统)?工会(?:联合会|委员会)?"
)
_NUMBERED = re.compile(r"第[一二三四五六七八九十百\d]+|[一二三四五六七八九十]中$")
_PLACES = ("镇", "乡", "街道", "村", "社区")
_SHORTEST = 2


def unit_name(said: str) -> str:
    """Return the unit's name, with 总工会, 联合工会 or 工会联合会 where that is what was said; "" if none."""
    words = _words()
    for match in words.named.finditer(said):
        name = _LEAD.sub("", match["unit"])
        proper = words.common.sub("", name)
        short = name.endswith(_PLACES) or _NUMBERED.search(name)
        if len(proper) >= (1 if short else _SHORTEST) or _placed(name, words):
            return name + (match["union"] or "")
    named = (_LEAD.sub("", match[0]) for match in _SYSTEM.finditer(said))
    return next((name.removesuffix("委员会") for name in named if _placed(name, words)), "")


def _placed(name: str, words: _Words) -> bool:
    """Tell whether a name begins with a place that has a name of its own: 宁远县教育局, 云栖市第一医院."""
    place = re.match(r"([\u4e00-\u9fff]{1,6}?)(?:省|市|县|区|州|旗|镇|乡|街道)(?=[\u4e00-\u9fff])", name)
    return bool(place and words.common.sub("", place[0]) and words.common.sub("", place[1]))


@dataclass(frozen=True, slots=True)
class _Words:
    """What finds a unit before whatever follows its name, and what finds words that name nothing."""

    named: re.Pattern[str]
    common: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    table = tomllib.loads((Path(__file__).with_name("tables") / "request.toml").read_text("utf-8"))["unit"]
    after = "|".join(table["after"])
    return _Words(
        re.compile(
            rf"(?P<unit>[\u4e00-\u9fff（）]{{2,30}}?(?:{_any(table['kinds'])}))"
            rf"(?:{_UNION}|(?={after}|[，,。；\s]|$))"
        ),
        re.compile(_any([*table["kinds"], *table["common"]])),
    )


def _any(words: list[str]) -> str:
    """Return a pattern of any of `words`, longer ones first."""
    return "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True))
