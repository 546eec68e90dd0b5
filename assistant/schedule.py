"""The months of a plan: which measure falls when, and the short line that says so.

Read from the plan's own measures, so the month table and the body cannot disagree.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.headline import headline, summed_up, tells
from assistant.rules import compose_rules
from assistant.tables import Tables
from assistant.text import han_count, overlap, shingles
from assistant.types import FRAME, Section
from assistant.when import arabic_months, months_in

_MONTH = r"(?:1[0-2]|[1-9])月(?:\d{1,2}日)?"
_TIME = re.compile(
    rf"(?:安排在|放在|定于|定在|拟在|拟于|从|在|于|拟)?(?:每年)?(?<!\d){_MONTH}(?:(?:至|到|—|-|、|和|或){_MONTH})*"
    r"(?:份|底|初|中旬|上旬|下旬|中下旬|第[一二三四]周|前后|之前|前|起|以前|开始|期间|间|之间)*"
)
_SHORTEST, _ALONE, _PLAIN, _LONGEST = 4, 7, 16, 20
_TOLD = 4  # Hanzi after a verb that say enough of what is done
_SPOKEN = 0.25  # of a usual name's words that the measure has; with fewer nobody finds the one by the other
_NOT_A_NOUN = r"(?![和、码品]|会(?![员议同])|员(?!工)|表(?!彰)|记录|名单|用品|结果)"
_HOW_OFTEN = r"完毕|完成|到位|[一两三几半]?(?:次|遍|轮|天|回|个月)"
_NAMED = {"heat", "study-aid"}  # calendar rows whose bare name says enough
_HOLIDAYS = r"^(?:放假|开学|学期末|期末|假期|节假日|年底|年终|春节|元旦|暑假|寒假)[^，]{0,3}?"
_FEAST = r"^[\u4e00-\u9fff“”]{2,12}(?:前后|期间|之前|当天|当日|前夕|以前|前|后|起|节|日|月)$"


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
        if section.code in FRAME:
            continue
        for line in section.text.splitlines():
            for entry in _of_item(re.sub(r"^\d+\.", "", line), section.id, tables):
                named = {(e.month, e.label) for e in found if e.label in _names()}
                if (entry.month, entry.label) in named:  # two measures under one usual name
                    entry = replace(entry, label=headline(re.sub(r"^\d+\.", "", line), "") or entry.label)
                near = [e for e in found if e.month == entry.month]
                if not any(overlap(shingles(e.label), shingles(entry.label)) > 0.6 for e in near):
                    found.append(entry)
    return tuple(found)


def month_lines(sections: Iterable[Section], months: Iterable[int], tables: Tables) -> str:
    """Return the month table as lines "7月：……；……。", every dated measure of the body in it."""
    every = entries(sections, tables)
    lines = []
    for month in months:
        labels = [entry.label for entry in every if entry.month == month]
        if labels:
            lines.append(f"{month}月：" + "；".join(labels) + "。")
    return "\n".join(lines)


def _of_item(text: str, section_id: str, tables: Tables) -> Iterable[Entry]:
    """Yield an item's entries: its first month, and a later clause's where it names its own action."""
    seen: set[int] = set()
    text = re.sub(rf"（({_MONTH})）", r"\1", arabic_months(text))
    for clause in _clauses(text):
        here = months_in(clause)
        if not here or here[0] in seen:
            continue
        label = ("" if seen else _given(text)) or _by_rule(text, clause, not seen, tables)
        later = seen and not (_stands_alone(label) and tells(label) and not _follows_up(clause, label))
        if label and not later:
            seen.add(here[0])
            yield Entry(here[0], label, section_id)


def _by_rule(text: str, clause: str, first: bool, tables: Tables) -> str:
    """Return the label of a clause of a measure; the first may be named by what the whole measure says."""
    label = _label(clause, tables)
    if first and not (label in _names() or tells(label)):
        whole = _label(text.replace("；", "，").replace("。", "，"), tables)
        label = whole if whole in _names() else headline(text, label or whole)
    if label.count("“") != label.count("”"):  # cut out of a name
        label = headline(text, "")
    if first and re.match("“[^”]{2,16}”", clause) and "“" not in label:  # done with what is named
        label = headline(text, label)
    return label


def _clauses(text: str) -> Iterable[str]:
    """Yield what stands between full stops and semicolons, cut again where a second month begins."""
    for clause in filter(None, re.split(r"[；。]", text)):
        rest = clause
        while cut := re.search(rf"(?<=月)[^月]*?，(?={_MONTH}(?!至|到|—|-|、|和))", rest):
            yield rest[: cut.end() - 1]
            rest = rest[cut.end() :]
        yield rest


def _stands_alone(label: str) -> bool:
    """Tell whether a later clause's label is understood without the beginning of its item."""
    return label in _names() or (bool(re.match(_patterns().verb, label)) and han_count(label) >= _ALONE)


def _follows_up(clause: str, label: str) -> bool:
    """Tell whether a later clause only says by when a measure is looked back on, not what is done then."""
    by_then = re.search(rf"(?:{_MONTH})?(?:底|上旬|中旬|下旬)前", clause)
    held = label in _names() or re.match("举办|召开|举行|完成|验收|评出|签订|开展|启动|推广|建立|清理", label)
    return bool(by_then) and not held


def _given(text: str) -> str:
    """Return the name written by hand for a starter measure that rules name badly, "" where there is none."""
    name = next((name for held, name in _measure_names().items() if held in text), "")
    return name if name and overlap(shingles(name), shingles(text)) >= _SPOKEN else ""


@lru_cache(maxsize=1)
def _measure_names() -> Mapping[str, str]:
    path = Path(__file__).with_name("tables") / "measure_names.toml"
    return dict(tomllib.loads(path.read_text("utf-8"))["names"])


def _names() -> frozenset[str]:
    return frozenset(row["label"] for row in _patterns().names)


def _label(clause: str, tables: Tables) -> str:
    """Return the few words that say what a clause does, "" where none are short enough.

    The words stand in the part that names the month or, if that says only when, beside it.
    """
    month = months_in(clause)[:1]
    for name in _patterns().names:
        said = str(name["label"])
        fits = month and month[0] in name["months"] and re.search(name["match"], clause)
        if fits and overlap(shingles(said), shingles(clause)) >= _SPOKEN:
            return said
    for row in tables.calendar:
        if row.task and row.id in _NAMED and row.name in clause:
            return row.name
    parts = [part.strip() for part in re.split(r"[，：]", clause) if part.strip()]
    place = next(number for number, part in enumerate(parts) if _TIME.search(part))
    timed = parts[place]
    head, tail = _around(timed)
    told = _action(head, tail)
    if re.fullmatch(_FEAST, tail) and not head:
        near = [_bare(part) for part in parts[place + 1 :][:2]]
        acts = [_cut(act) for part in near for act in (part, _action("", part))]
        return _verbal(acts) or re.sub(r"(?:活动)?(?:前后|期间|前|后)?$", "", tail) + "活动"
    ahead = [_bare(p) for p in parts[:place] if not re.match(_FEAST, p) and not _patterns().purpose.match(p)]
    behind = [_bare(part) for part in parts[place + 1 :]]
    acting = [part for part in ahead if re.match(_patterns().verb, part)]
    if not told and not head and not tail:
        told = next((_action("", part) for part in behind[:1]), "")
        told = told or _verbal(behind[1:2] if behind and _says_when_or_why(behind[0]) else [])
    plain = (
        tail if not head and han_count(tail) <= _PLAIN and not re.search(r"[由把将对以为的用]", tail) else ""
    )
    verbal = [label for label in (*acting[:1], told) if re.match(_patterns().verb, label)]
    for label in (*map(_cut, verbal), told, plain):
        label = re.sub(rf"[、，]?{_MONTH}.*$", "", label)
        if _SHORTEST <= han_count(label) <= _LONGEST and not re.search(
            r"【|[时前后]$|期间$|^[可能不每]", label
        ):
            return label
    if not head and not tail:
        return _verbal([_cut(part) for part in behind[:1]])
    whole = head + tail
    speaks = (
        head and _SHORTEST <= han_count(whole) <= _LONGEST and not re.search(r"[【把将]|[时前后]$", whole)
    )
    return whole if speaks and not _says_when_or_why(whole) else ""


def _says_when_or_why(part: str) -> bool:
    """Tell whether a clause only tells on what occasion something is done."""
    why = "|".join(compose_rules()["schedule"]["occasions"])
    return bool(
        re.match(why, part) or re.match(_FEAST, part) or re.search("(?:前|后|时|期间|契机|起点)$", part)
    )


def _cut(label: str) -> str:
    """Return a label without the last of what it enumerates, where that makes it short enough."""
    short = label
    if han_count(label) >= _LONGEST and (summed := summed_up(label)):
        return summed
    while han_count(short) > _LONGEST - 1:
        shorter = re.split(r"、(?=[^、]*$)", short, maxsplit=1)[0]
        if shorter == short:
            return label
        short = shorter
    return short if short == label else short + "等"


def _around(part: str) -> tuple[str, str]:
    """Return what stands before and after the time a part names."""
    found = _TIME.search(part)
    if found is None:
        return "", part
    head, tail = part[: found.start()], part[found.end() :]
    return head.strip("的 "), _bare(tail.strip("的 "))


def _bare(part: str) -> str:
    """Return a part without who does it, on what occasion, and in what manner."""
    rules = _patterns()
    part = re.sub(_HOLIDAYS + f"(?={rules.verb})", "", part)
    part = re.sub(rf"^[\u4e00-\u9fff“”]{{2,8}}(?:期间|前夕|当天|前后)(?={rules.verb})", "", part)
    part = re.sub(
        rf"^[\u4e00-\u9fff]{{2,16}}?(?:会同|联合)[\u4e00-\u9fff、]{{2,12}}?(?={rules.long})", "", part
    )
    part = re.sub(rules.owner, "", part)
    part = re.sub(rules.manner, "", part)
    part = re.sub(r"(?<=[办举行开做看贴设])(?:一次|一场|一遍)", "", part)
    return re.sub(r"(?:一次|一轮|一遍|各一次)$", "", part)


def _action(head: str, tail: str) -> str:
    """Return the action of a part that has `head` before the month and goes on with `tail`."""
    rules = _patterns()
    verb = re.match(rules.verb, tail)
    if verb is None:
        later = re.match(r"[\u4e00-\u9fff、“”]{2,18}?(" + rules.long + r"[\u4e00-\u9fff“”《》、]{3,})$", tail)
        if later and not head:
            subject, done = tail[: later.start(1)], re.sub(rules.verb, "", later[1], count=1)
            alone = re.match(rules.agent, subject) or han_count(tail) > _PLAIN
            if alone and han_count(done) >= _TOLD:
                return later[1]
            return tail if han_count(tail) <= _PLAIN else ""
        named = (
            head + tail
            if head and not re.match(rules.agent, head) and han_count(head + tail) <= _LONGEST
            else ""
        )
        return named if not re.search(r"[由把将对]", named) else ""
    rest = tail[verb.end() :]
    topic = re.sub(rules.manner, "", re.sub(r"(?:由|请)[^，]{1,12}$", "", head))
    if rest.startswith("并"):
        return topic + tail
    if head and not re.match(rules.agent, topic) and 2 <= han_count(rest) < _TOLD:
        return topic + tail
    if not head or (han_count(rest) >= 2 and not re.fullmatch(_HOW_OFTEN, rest)):
        return tail if han_count(rest) >= 2 else ""
    if re.match(rules.agent, topic):
        return ""
    if rules.swap.fullmatch(verb[0]) and not re.match(rules.verb, topic):
        return verb[0] + topic
    return topic + verb[0]


def _verbal(parts: list[str]) -> str:
    """Return the first of `parts` that begins with an action and is short enough."""
    fitting = (p for p in parts if re.match(_patterns().verb, p) and "【" not in p)
    return next((p for p in fitting if _SHORTEST <= han_count(p) <= _LONGEST), "")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What matches a verb that begins an action, who does it, how, and names for whole measures."""

    verb: str
    long: str
    swap: re.Pattern[str]
    owner: str
    purpose: re.Pattern[str]
    manner: str
    agent: str
    names: tuple[Mapping[str, Any], ...]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    table: Mapping[str, Any] = compose_rules()["schedule"]
    verb = "(?:" + "|".join(table["verbs"]) + ")" + _NOT_A_NOUN
    return _Patterns(
        verb,
        "(?:" + "|".join(v for v in table["verbs"] if han_count(v) > 1) + ")" + _NOT_A_NOUN,
        re.compile("|".join(table["swap"])),
        "^(?:" + "|".join(table["before"]) + ")[^，。；]{1,24}?(?=" + verb + ")",
        re.compile("|".join(table["occasions"])),
        "^(?:" + "|".join(table["manner"]) + ")+",
        "(?:" + "|".join(table["agents"]) + ")",
        tuple(table["name"]),
    )
