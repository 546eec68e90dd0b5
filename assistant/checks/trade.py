"""Another trade's vocabulary: 教代会 in a factory, 校务公开 in a hospital.

Forbidden words are high; words that mixed units may rightly use, and workplaces of another trade
(病区 in a school), are a hint, once a term.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.checks.base import CheckContext, Place, found, hide, hide_words, places, texts
from assistant.checks.mending import swapped, without_sentence
from assistant.rules import compose_rules
from assistant.tables import OrgWords, Tables
from assistant.types import Draft, Finding, Severity

CHECK = "trade"
_AFFILIATED = re.compile(r"附属|教学医院|医学院|医学部")
_STRICT = {"enterprise"}
_MIXED_OK = {"bank"}
_GUESTS = re.compile(r"(?:请|邀|聘|会同|联合|与|走进|参观|到|赴|去|慰问|走访|看望)[^，。；]{0,16}$")
_NOT_PEOPLE = ("教职员工", "教职员", "医护员工", "后勤员工")


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each word of another trade."""
    org = context.org
    if org is None:
        return
    own = {*context.profile.use_words.values(), *context.request.use_words.values()}
    forbid = [word for word in org.forbid if word not in own]
    warn = [word for word in org.warn if word not in own]
    if _AFFILIATED.search(context.told):
        warn = []
    seen: set[str] = set()
    for place in places(draft):
        text = hide_words(hide(place.text, org.allow), (context.profile.unit, context.profile.union))
        yield from _words(place, text, forbid, Severity.HIGH, org, context.tables)
        text = hide_words(text, forbid)
        for finding in _words(place, text, warn, Severity.LOW, org, context.tables):
            if finding.quote not in seen:
                seen.add(finding.quote)
                yield finding
    yield from _workplaces(draft, context, org)
    if org.family in _STRICT and org.code not in _MIXED_OK:
        yield from _mixed(draft, org)


def _words(
    place: Place, text: str, words: list[str], severity: Severity, org: OrgWords, tables: Tables
) -> Iterator[Finding]:
    if not words:
        return
    longest_first = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    for match in re.finditer(longest_first, text):
        ours = our_word(match[0], org, tables)
        why = f"“{match[0]}”不是{org.name}的用语，"
        message = why + (
            "多半是从别的单位的计划里带来的。" if severity is Severity.HIGH else "请确认是否合适。"
        )
        mend = f"改为“{ours}”。" if ours else "删去，或改用本单位的说法。"
        mends = swapped(*match.span(), ours) if ours else ()
        mends += without_sentence(place, match.start())
        yield found(CHECK, severity, place, *match.span(), message, mend, mends)


def _workplaces(draft: Draft, context: CheckContext, org: OrgWords) -> Iterator[Finding]:
    """Yield a hint for each workplace of another trade (病区 in a school), once a word.

    A unit that guides others may speak of theirs, and anyone of people asked in or places gone to.
    """
    if org.family == "area" or org.code.value.endswith("_system"):
        return
    seen: set[str] = set()
    rows = [row for row in compose_rules()["trade"] if "told" in row and not _of(row, org)]
    for place in texts(draft):
        for row in rows:
            for match in re.finditer("|".join(row["told"]), place.text):
                clause = re.split("[，。；！？\n]", place.text[: match.start()])[-1]
                if match[0] in seen or match[0] in context.told or _GUESTS.search(clause):
                    continue
                seen.add(match[0])
                message = (
                    f"“{match[0]}”是{row['place']}里的说法，本单位多半没有，请看是不是从别的计划里带来的。"
                )
                yield found(
                    CHECK,
                    Severity.LOW,
                    place,
                    *match.span(),
                    message=message,
                    suggestion="换成本单位的岗位和场所，或删去这一句。",
                    mends=without_sentence(place, match.start()),
                )


def _of(row: Mapping[str, Any], org: OrgWords) -> bool:
    """Tell whether the workplaces of a row are also this type's."""
    return bool({org.code.value, org.family} & {*row["types"], *row.get("also", ())})


def our_word(word: str, org: OrgWords, tables: Tables) -> str:
    """Return what this unit type says for another type's word, "" where no role has it."""
    for other in tables.orgs.values():
        for role, said in other.says.items():
            if word in said and org.roles.get(role, word) != word:
                return org.roles[role]
    return ""


def _mixed(draft: Draft, org: OrgWords) -> Iterator[Finding]:
    """员工 and 教职工 in one enterprise plan: a leak from a school's template, once a document."""
    staff = re.compile("员工")
    teachers: tuple[Place, int, int] | None = None
    has_staff = False
    for place in places(draft):
        text = hide_words(hide(place.text, org.allow), _NOT_PEOPLE)
        has_staff = has_staff or bool(staff.search(text))
        match = re.search("教职工", text)
        teachers = teachers or ((place, match.start(), match.end()) if match else None)
    if teachers and has_staff:
        message = "同一份计划里既有“员工”又有“教职工”，多半是从学校的计划里带来的。"
        ours = org.roles["member"]
        mends = swapped(*teachers[1:], ours)
        yield found(CHECK, Severity.MEDIUM, *teachers, message, f"统一改为“{ours}”。", mends)
