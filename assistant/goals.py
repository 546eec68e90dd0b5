"""The goals of a plan: each is bound to a measure the body really has, and says nothing against it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from assistant.concreteness import counted
from assistant.tables import Goal, OrgWords, Tables, goals_for
from assistant.text import fill, stable_number, worded
from assistant.types import Request, SectionTask
from assistant.when import months_in, months_of
from index.types import SectionCode

_SEVERAL = re.compile("不少于|归档|答复率|办满|月月|集中展示|办好1次|以上|办结")
_RHYTHM = re.compile(r"每(?:个)?(半年|季度?|月|周|年|学期)|按(季|月)|(月)月")
_WITHIN = re.compile(r"([\d一二两三四五六七八九十]+)个?(?:工作日|天|日)(?:内|以内|之内)")
_SENTENCE = re.compile(r"[^。；\n]+")
_FIGURES = "零一二三四五六七八九"


def goal_lines(task: SectionTask, tables: Tables, org: OrgWords, words: Mapping[str, str], seed: int) -> str:
    """Return three to five goals in the order of the body; the unit's weightier sections choose first.

    For one who likes figures there are two more, and those that count most come first.
    """
    liked = "data" in task.request.style
    bodies: dict[SectionCode, str] = {}
    for section in task.earlier:
        bodies[section.code] = bodies.get(section.code, "") + section.text + "\n"
    offered: list[tuple[int, SectionCode, str]] = []
    for code, body in bodies.items():
        goals = goals_for(tables.sections[code], org, task.request.period)
        fitting = [goal for goal in goals if names(body, goal.needs)]
        turn = stable_number((seed, code)) % len(fitting) if fitting else 0
        texts = [_text(goal, task, words, seed, body) for goal in (*fitting[turn:], *fitting[:turn])]
        told = sorted(filter(None, texts), key=lambda text: -counted(text) if liked else 0)
        offered.extend((place, code, text) for place, text in enumerate(told[: 2 if liked else 1]))
    offered.sort(key=lambda row: (row[0], -org.weights.get(row[1], 0)))
    most = (3 if task.request.length < 1200 else 4 if task.request.length < 2200 else 5) + 2 * liked
    order = list(bodies)
    chosen = sorted(offered[:most], key=lambda row: order.index(row[1]))
    return "\n".join(f"{number}.{text}" for number, (_, _, text) in enumerate(chosen, 1))


def _text(goal: Goal, task: SectionTask, words: Mapping[str, str], seed: int, body: str) -> str:
    """Return a goal in words, "" where its measures in the body say otherwise."""
    wording = worded(goal.text, seed)
    dates = _deadlines(wording, goal.needs, body, task.request, words)
    text = fill(wording, {**words, **dates}).rstrip("。；") + "。"
    return "" if at_odds(text, goal.needs, body) else text


def _deadlines(
    wording: str, needs: Collection[str], body: str, request: Request, words: Mapping[str, str]
) -> dict[str, str]:
    """Return the days a goal names, taken from the measures it sums up, so that the two cannot disagree.

    Of one day it is the last month of those measures, of two the first month and the period's own end.
    """
    slots = list(dict.fromkeys(re.findall(r"\{(start|mid|late|end)\}", wording)))
    lines = [line for line in body.splitlines() if names(line, needs)]
    order = [month for _, month in months_of(request.period, request.year, request.part)]
    first = 1 if "召开" in wording else None  # a meeting's own month; what a line names later follows from it
    named = sorted({m for line in lines for m in months_in(line)[:first] if m in order}, key=order.index)
    said = months_in(words[slots[0]]) if slots else ()
    if not slots or not named or (slots[0] == "end" and _SEVERAL.search(wording)):
        return {}
    fitting = named if len(slots) > 1 else named[-1:]
    if set(said) & set(fitting):
        return {}
    month = fitting[0]
    return {slots[0]: words["end"] if month == order[-1] else f"{month}月底"}


def names(text: str, needs: Collection[str]) -> bool:
    """Tell whether a text has one of the measures (regular expressions) that a goal sums up."""
    return any(re.search(need, text) for need in needs)


def at_odds(goal: str, needs: Collection[str], body: str) -> bool:
    """Whether the sentences of `body` that name one of `needs` give another rhythm (每月, 按季) or another
    time limit (5个工作日内) than `goal` does.
    """
    said = "。".join(line for line in _SENTENCE.findall(body) if names(line, needs))
    for told in (_rhythms, _limits):
        there = told(said)
        if there and told(goal) - there:
            return True
    return False


def _rhythms(text: str) -> set[str]:
    return {next(filter(None, found)).removesuffix("度") for found in _RHYTHM.findall(text)}


def _limits(text: str) -> set[str]:
    return {_number(found) for found in _WITHIN.findall(text)}


def _number(digits: str) -> str:
    """Return a small number in figures: 两 and 2 are the same, 十五 is 15."""
    if digits.isdecimal():
        return digits
    tens, ten, ones = digits.replace("两", "二").rpartition("十")
    return str((_FIGURES.index(tens or "一") * 10 if ten else 0) + (_FIGURES.index(ones) if ones else 0))
