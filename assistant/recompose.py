"""A measure of another unit's imported plan, said anew from its parts: what is done, when, by whom.

Case-based reuse without copying: of the precedent's sentence only the few words that name the action come
along (`headline`, under 20 Hanzi) and its month; who does it is this unit's own body, how it is followed up
comes from `tables/compose.toml`. Figures stay behind: they are the other unit's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assistant.evidence import DAMAGE
from assistant.headline import acts, headline, tells
from assistant.revise import Measure
from assistant.rules import compose_rules, events_of
from assistant.text import fill, han_count, shingles, stable_number, worded
from assistant.when import months_in
from index.types import Flag, SectionCode

_LONGEST_ACTION, _SHORTEST_ACTION = 16, 6
_PRIVATE = re.compile(
    r"[｛｝【】“”《》\d]|[我本][院校园厂局场行站]|[一二三四五六七八九十百]+(?:名|人|家|所|个)|[国省市县区]级|荣誉|称号|先进"
)
_SLOGAN = re.compile(
    r"^(?:继续|坚持|加强|擦亮|推进|推动|鼓励|提高|提升|完善|发挥|强化|深化|弘扬|营造|树立|增强|促进|努力|切实|落实|做好|抓好)"
)
_DAMAGED = DAMAGE - {Flag.TITLE_MISMATCH}
_LESS = 0.5  # how much a recomposed measure yields to one of the starter library


def recomposed(measure: Measure, code: SectionCode, words: Mapping[str, str], seed: int) -> Measure | None:
    """Return `measure`, already revised for this unit, in the program's own sentence; None where its action
    cannot be told apart, has no month, is a slogan, damaged, or holds anything of the other unit.

    `words` fill the slots of the sentences.
    """
    passage = measure.evidence.passage
    action = re.sub(r"等$", "", headline(measure.text, ""))
    sentences = compose_rules()["recompose"].get(code.value)
    if sentences is None or not measure.months or _DAMAGED & passage.flags or not _usable(action):
        return None
    turn = stable_number((seed, passage.id))
    follow = fill(worded(sentences[turn % len(sentences)], turn), words)
    text = f"{measure.months[0]}月，{_body(measure.text, words)}{action}，{follow}。"
    return replace(
        measure,
        text=text,
        months=months_in(text),
        grams=shingles(text),
        fit=measure.fit - _LESS,
        events=events_of(text),
        recomposed=True,
    )


def _usable(action: str) -> bool:
    sized = _SHORTEST_ACTION <= han_count(action) <= _LONGEST_ACTION
    return sized and acts(action) and tells(action) and not (_PRIVATE.search(action) or _SLOGAN.match(action))


def _body(text: str, words: Mapping[str, str]) -> str:
    """Return which of this unit's own bodies does what `text` tells of."""
    for sign, role in (("女", "women_body"), ("组长", "group_head"), ("小组", "group_head")):
        if sign in text:
            return words[role]
    return "经费审查委员会" if re.search("经审|经费审查", text) else words["union"]
