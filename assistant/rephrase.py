"""One measure said in another order or in words of the same meaning, as a unit's own number decides.

Two units of a trade that plan the same thing need not print the same sentence. What is done, when, by whom
and how it is counted stays; a month changes its place, an action without an actor names the union, a few
words of `tables/rephrase.toml` stand for each other. The same text and number always give the same wording.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from assistant.rules import compose_rules
from assistant.text import stable_number

_MONTH = r"(?:1[0-2]|[1-9])月"
_WHEN = rf"{_MONTH}(?:(?:至|、|和|到){_MONTH})*(?:[上中下]旬前?|底前|[初底前起]|第[一二三四]周|最后一周)?"
_WHO = (
    r"(?:由|各)?(?!把|对|补|选|换|重)[\u4e00-\u9fff]{0,6}?(?:工会|委员会|经审小组|委员|小组长|工会小组|主席)"
)
_LEADS = r"(?:牵头|负责|逐|按|到|与|和|会同|给|为|把|将|对|从|向|用|轮流|分头|再|先|集中)"
_GOES_ON = r"(?:由|到|向|给|用|再|先|集中|分|逐|请|与|会同|为|把|将|对|(?:各?办|开)[一两])"
_DOES = (
    r"(?:组织|举办|开展|邀请|请|征集|走访|登记|核对|摸底|摸清|检查|慰问|看望|收集|为|对|向|给|到|与|在|协助|更新|"
    r"编印|办|把|用|从)"
)
_HAS_ACTOR = r"[^，。；]*(?:工会|委员|小组|由|会同|联合|牵头|负责|党|行政|校长|院长|园长|经理|组长|主席)"
_NOT_A_TIME = r"(?<![在于从自到至趁截每以按待等离的年和与及把将为对由向给后前])"
_BOUND = r"(?!安全生产月|宪法|全民)"


def rephrased(text: str, union: str, seed: int) -> str:
    """Return a measure as the unit of `seed` says it; `union` is what its union is called."""
    for number, row in enumerate(_rows()):
        turn = stable_number((seed, number, text))
        text = row[0].sub(row[1][turn % len(row[1])], text)
    return _in_order(text, union, stable_number((seed, text)))


def _in_order(text: str, union: str, turn: int) -> str:
    """Return `text` with the time before or behind who acts, or with the union as the one who acts."""
    patterns = _patterns()
    if found := patterns[0].match(text):
        return (text, f"{found[2]}{found[1]}{text[found.end() :]}")[turn % 2]
    if found := patterns[1].match(text):
        rest = text[found.end() :]
        return (text, f"{found[1]}，{union}{rest}", f"{union}{found[1]}{rest}")[turn % 3]
    if found := patterns[2].match(text):
        return (text, f"{found[2]}，{found[1]}{text[found.end() :]}")[turn % 2]
    return text


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what matches a time and an actor, a time and an action, and a subject and a time."""
    verbs = "(?:" + "|".join(compose_rules()["schedule"]["verbs"]) + r")(?=[\u4e00-\u9fff“]{2})"
    return (
        re.compile(rf"({_WHEN})，((?!{verbs}|以){_WHO})(?={verbs}|{_LEADS})"),
        re.compile(rf"({_WHEN})，(?={_DOES}(?!{_HAS_ACTOR}))"),
        re.compile(
            rf"((?!趁|结合)[\u4e00-\u9fff、“”]{{2,24}}?){_NOT_A_TIME}({_WHEN}){_BOUND}(?={verbs}|{_GOES_ON})"
        ),
    )


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Return what may be said otherwise, with its wordings."""
    table = tomllib.loads((Path(__file__).with_name("tables") / "rephrase.toml").read_text("utf-8"))
    return tuple((re.compile(row["match"]), tuple(row["says"])) for row in table["say"])
