"""The few words that say what a measure does, where its clause with the month alone does not say it.

A clause such as 12月对照验收 or 5月前定方案、定分工 is understood only with its measure before it. From the
whole measure this module takes what it is about: a named thing, an action in a clause nearby, or its object.
Reads text only; the words it goes by are in `tables/compose.toml`, words are told apart by rjieba.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from assistant.rules import compose_rules
from assistant.text import han_count

SHORTEST, LONGEST = 4, 18
_BY_ITSELF = 6  # Hanzi of an action that is understood without the one who does it
_TELLING = 2  # Hanzi that must be left when the verb and the empty words are taken away
_QUOTED = re.compile(r"“([^”]{2,16})”")
_CLAUSE = re.compile(r"[，；。：]")
_ONE = r"(?:1[0-2]|[1-9])月(?:\d{1,2}日)?"
_MONTH = re.compile(
    rf"(?:安排在|放在|定在|定于|拟于|从|在|于)?(?<!\d){_ONE}(?:(?:至|到|—|-|、|和){_ONE})?"
    r"(?:份|底|初|中旬|上旬|下旬|第[一二三四]周|前后|前|起|开始|期间|间)*"
)
_HELD = re.compile(rf"^(.{{4,}}?){_MONTH.pattern}(?:在[^，]{{2,8}}|借[^，]{{2,4}})?[同合轮]?[办开]$")


def tells(label: str) -> bool:
    """Tell whether a label is understood by itself: it names something beyond verbs and empty words."""
    if not SHORTEST <= han_count(label) <= LONGEST + 2 or _rule("broken").search(label):
        return False
    if label.count("“") != label.count("”") or _rule("undone").search(label):
        return False
    if label.endswith("等") and not acts(label):  # the list was cut before its own noun
        return False
    if _rule("follow").match(label):
        return False
    tags = [tag for _, tag in _tagged(label)]
    if _rule("people").search(label) and not (tags[0].startswith("v") or re.match(_verbs(), label)):
        return False
    done = (
        any(tag.startswith("v") for tag in tags)
        or _rule("event").search(label)
        or re.search(f"^{_verbs()}|{_verbs()}$", label)
    )
    return bool(done) and han_count(_bare(label)) >= _TELLING


def acts(label: str) -> bool:
    """Tell whether a label begins with what is done, so that it can follow the one who does it."""
    tagged = _tagged(label)
    return bool(tagged) and (tagged[0][1].startswith("v") or bool(re.match(_verbs(), label)))


def headline(measure: str, label: str) -> str:
    """Return the words for a measure whose own clause gave `label`, which says too little or nothing.

    At most about `LONGEST` Hanzi; "" only for a measure of blanks or of a word or two.
    """
    measure = re.sub(r"【[^】]*】", "【】", measure)
    named = _QUOTED.search(measure)
    if named and not _rule("spoken").search(measure[: named.start()]):
        said = label if SHORTEST <= han_count(label) <= 10 and not _rule("broken").search(label) else ""
        return _shortened(f"“{named[1]}”{said}") if said and named[1] not in label else _named(measure, named)
    main, others = _parts(measure)
    found = next((words for words in _candidates(main) if tells(words)), "")
    whole = (words for part in main if han_count(words := _shortened(part)) >= SHORTEST)
    found = found or next((words for words in whole if not _rule("broken").search(words)), "")
    found = found or next((words for words in _candidates(others) if tells(words)), "")
    every = _candidates([*main, *others])
    return found or next((words for words in every if han_count(words) >= SHORTEST), label)


def _named(measure: str, named: re.Match[str]) -> str:
    """Return a quoted name with the verb before it (办好“夜班灯”) or the kind of thing after it."""
    ahead, behind = measure[: named.start()], measure[named.end() :]
    before, kind = _rule("doing").search(ahead), _rule("kind").match(behind)
    words = (before[0] if before else "") + named[0] + (kind[0] if kind else "")
    if _rule("subject").search(ahead) and not kind:
        return f"推进{named[0]}"
    return words if (before or kind) and han_count(words) <= LONGEST else f"做好{named[0]}"


def _parts(measure: str) -> tuple[list[str], list[str]]:
    """Return a measure's main clauses and the others, without their months."""
    clauses = [clause for clause in _CLAUSE.split(measure) if clause]
    parts = [_MONTH.sub("", _HELD.sub(r"办\1", clause)).strip("的 ") for clause in clauses]
    parts = [_rule("held_last").sub("", part) for part in parts]
    main = _main(clauses, parts)
    if "由" in (dated := next((part for part in main if part.startswith("由")), "")):
        before = next((b for b, part in pairwise(parts) if part == dated and not _only_when(b)), "")
        main.insert(0, before + dated)
    return main, [part for part in parts if part not in main and "【" not in part]


def _candidates(parts: Iterable[str]) -> Iterator[str]:
    """Yield what might name a measure: what each of its clauses does, then what it is about."""
    for part in parts:
        yield from map(_shortened, _ways(part))


def _main(clauses: list[str], parts: list[str]) -> list[str]:
    """Return the clause that opens a measure, what only tells when aside, and the one with its month."""
    opening = next((p for p in parts if p and not _only_when(p) and "【" not in p), "")
    dated = next((p for c, p in zip(clauses, parts, strict=True) if p != c.strip("的 ")), "")
    return [part for part in dict.fromkeys((opening, dated)) if part and not _only_when(part)]


def _only_when(part: str) -> bool:
    """Tell whether a clause tells only when or why: 中秋节前, 为迎接国庆, 结合五一劳动节."""
    if part.startswith("为") and not _serves(part):
        return True
    if _rule("occasions").match(part) and not _serves(part):
        return not re.search(rf"(?:{_verbs()})[\u4e00-\u9fff、“”]{{4,}}$", part)
    return bool(_rule("occasion").fullmatch(part))


def _ways(part: str) -> tuple[str, ...]:
    """Return the ways to name a clause, the best first: without actor, time, manner; what is before 由."""
    part = _rule("often").sub("", part)
    part = re.sub(rf"^[给向对到][^，]{{1,20}}?(?={_verbs()})", "", part)
    part = _rule("owner").sub("", _rule("who").sub("", part))
    part = re.sub(rf"^(?:{_rule('occasions').pattern})[^，]{{2,24}}?(?={_verbs()})", "", part)
    turned = _rule("taking").search(part)
    taken = turned[1] if turned and not part.startswith("由") else ""
    return _acting(part), _acting(_rule("when").sub("", part)), taken, _rule("by").split(part)[0], part


def _serves(part: str) -> bool:
    """Tell whether 为 names those something is done for (为职工送清凉), not what for (为迎接国庆)."""
    tagged = _tagged(part)
    return part.startswith("为") and len(tagged) > 2 and not tagged[1][1].startswith("v")


def _acting(part: str) -> str:
    """Return a part from its first verb on, "" where what stands before the verb is no actor."""
    tagged = _tagged(part)
    for place, (word, tag) in enumerate(tagged):
        if tag in ("v", "vn", "vd") and (han_count(word) > 1 or (place and word in "办开设讲教")):
            actor = "".join(word for word, _ in tagged[:place])
            rest = "".join(word for word, _ in tagged[place:])
            if actor and han_count(rest) < _BY_ITSELF and han_count(part) <= LONGEST:
                return ""
            return rest if not actor or _rule("agents").search(actor) else ""
        if tag == "p":
            return ""
    return ""


def _shortened(words: str) -> str:
    """Return words cut where an enumeration or a word ends, so that they are short enough."""
    words = words.strip("，、 ")
    if han_count(words) <= LONGEST + 2:
        return words
    if (summed := summed_up(words)) and han_count(summed) <= LONGEST:
        return summed
    listed = re.match(rf"(.{{6,{LONGEST}}}?)、", words)
    if listed and tells(listed[1]):
        return listed[1] + "等"
    kept = ""
    for word, _ in _tagged(words):
        if han_count(kept + word) > LONGEST - 2:
            break
        kept += word
    return re.sub(r"[的和与及、在对为将把由]+$", "", kept)


def summed_up(words: str) -> str:
    """Return a list that is counted and named at its end by its first member: 点钞等四项竞赛; else ""."""
    counted = _rule("counted")
    found = counted.fullmatch(words) or counted.fullmatch(re.sub("、[^、]{2,3}$", "", words))
    return f"{found[1]}等{found[2]}" if found else ""


def _bare(label: str) -> str:
    """Return what is left of a label without its first action and without words that say nothing alone."""
    words = [pair for pair in _tagged(label) if not pair[1].startswith(("p", "c", "d", "f", "u"))]
    if words and words[0][1].startswith("v"):
        words = words[1:]
    said = "".join(w for w, tag in words if not (tag.startswith("v") and re.fullmatch(_verbs(), w)))
    return _rule("empty").sub("", said)


def _verbs() -> str:
    return f"(?:{_rule('verbs').pattern})"


@lru_cache(maxsize=64)
def _rule(name: str) -> re.Pattern[str]:
    """Return the words of one kind, any of which a pattern finds."""
    table = compose_rules()["schedule"]
    return re.compile("|".join(table["headline"].get(name) or table[name]))


@lru_cache(maxsize=4096)
def _tagged(text: str) -> tuple[tuple[str, str], ...]:
    """Return words with their parts of speech (ICTCLAS letters)."""
    import rjieba

    return tuple((str(word), str(tag)) for word, tag in rjieba.tag(text))
