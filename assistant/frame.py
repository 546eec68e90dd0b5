"""The sections that never come from a precedent: lead, guide, goals, safeguards, close, month table.

They are filled from the tables, the profile and the plan's own body.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.goals import goal_lines
from assistant.mask import blank
from assistant.request import topic_of
from assistant.rules import focus_words
from assistant.schedule import month_lines
from assistant.tables import OrgWords, Tables, lines_for, slot_words
from assistant.text import fill, worded
from assistant.types import FRAME, Profile, Request, Section, SectionTask
from assistant.unit_name import unit_name
from assistant.when import day_within, label_of, months_of
from index.types import Genre, OrgType, SectionCode

_NAMED_PLAN = re.compile(r"(?<=[本下])计划")
_UNION_OF = {OrgType.TOWNSHIP: "总工会", OrgType.VILLAGE: "联合工会"}
_CALLED = {Genre.KEYPOINTS: "要点", Genre.SCHEDULE: "安排"}


def words_for(
    request: Request, profile: Profile, tables: Tables, org: OrgWords, focus: str = ""
) -> dict[str, str]:
    """Return the value of every slot a template may ask for, the profile's words first."""
    day = day_within(request.today, request.period, request.year, request.part)
    words = slot_words(tables, org, request.period, day)
    period = label_of(request.period, request.year, request.part)
    return {
        **words,
        "party": profile.party or words["party"],
        "upper": "、".join(profile.upper) or words["upper"],
        "year": str(request.year),
        "term": period,
        "focus": focus or words["center"],
    }


def write_frame(task: SectionTask, tables: Tables, org: OrgWords, seed: int) -> str:
    """Return the text of a frame section.

    :raises KeyError: for a section that is not one.
    """
    words = words_for(task.request, task.profile, tables, org, focus_of(task, org.family))
    match task.item.code:
        case SectionCode.SCHEDULE:
            months = [m for _, m in months_of(task.request.period, task.request.year, task.request.part)]
            return month_lines(task.earlier, months, tables)
        case SectionCode.GOAL:
            return goal_lines(task, tables, org, words, seed)
        case _:
            return _lines(task, tables, org, words, seed)


def focus_of(task: SectionTask, family: str) -> str:
    """Return the plan's main points as a phrase: key tasks, else what was stressed, else the heaviest."""
    tasks = [re.sub(r"[。；，].*$", "", t) for t in task.profile.key_tasks[:3]]
    if tasks:
        return "、".join(tasks)
    body = [item for item in task.outline.items if item.code not in FRAME]
    stressed = {code for word in task.request.emphasis if (code := topic_of(word))} | set(
        task.request.emphasis
    )
    heaviest = sorted(body, key=lambda item: (item.code not in stressed, -item.target))[:3]
    words = focus_words(family)
    return "、".join(words[item.code] for item in body if item in heaviest)


def _lines(task: SectionTask, tables: Tables, org: OrgWords, words: Mapping[str, str], seed: int) -> str:
    row = tables.sections[task.item.code]
    templates = lines_for(row, org, task.request.period)
    if task.item.code is SectionCode.LEAD and task.request.genre is Genre.KEYPOINTS:
        templates = row.lines.get("keypoints") or templates
    elif {"few_slogans", "plain"} & set(task.request.style) or task.request.length < 1000:
        templates = row.lines.get("brief") or templates
    text = fill(worded(templates[seed % len(templates)], seed), words) if templates else ""
    return _NAMED_PLAN.sub(_CALLED.get(task.request.genre, r"\g<0>"), text)


def union_name(request: Request, profile: Profile) -> str:
    """Return the union's full name: that of the unit the request names, else the profile's; a visible
    blank stands for a unit that nobody has named. A town's and a village's are unions of unions
    (Trade Union Law, article 11) and called so.
    """
    named = request.org_name
    if profile.union and (not named or named in (profile.unit, profile.short, profile.union)):
        return profile.union
    unit = named or profile.unit or blank("单位名称")
    if unit.endswith(("工会", "工会委员会", "工会联合会")):
        return unit
    kind = request.org_type or profile.org_type
    if kind is OrgType.GOV and "机关工会" in request.text:
        return f"{unit}机关工会委员会"
    return unit + (_UNION_OF.get(kind, "工会委员会") if kind else "工会委员会")


def signed_by(title: str, request: Request, profile: Profile) -> str:
    """Return who signs a plan: its union, or that of the unit its title names where nobody else names one."""
    name, unit = union_name(request, profile), unit_name(title)
    return f"{unit}工会委员会" if unit and name.startswith(blank("单位名称")) else name


def body_sections(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return the sections that hold measures."""
    return tuple(section for section in sections if section.code not in FRAME)
