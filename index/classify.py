"""What a document is, judged by its content: genre, unit type, period, year and trust flags.

Titles of pages lie (a "下半年计划" may be last year's 总结), so tense, figures, months and vocabulary decide;
what a document's own front matter states wins over everything. Words are in `index/labels.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from index.labels import LabelTable, load_labels, org_scores
from index.periods import PAST_GENRES, period_of, without_title
from index.sectioning import MONTH_LINE, section_code, sections_of
from index.types import Flag, Genre, Labels, OrgType, Period
from index.years import year_of

__all__ = ["label", "section_code", "sections_of"]

Code = TypeVar("Code", bound=StrEnum)

_SENTENCE = re.compile(r"[^。！？；;\n]+")
_CAP = 5  # how often one word may count
_TITLE_WEIGHT = 1.5
_LEAST_REVIEW = 200  # characters; a shorter look back is only the lead of a plan
_PLAN_GENRES = frozenset({Genre.PLAN, Genre.KEYPOINTS, Genre.SCHEDULE})


def label(title: str, text: str, meta: Mapping[str, object] | None = None) -> Labels:
    """Labels of one document. `meta` may hold org_type, period, year, genre, title: these win.

    An unknown code in `meta` is passed over, and the content decides instead.
    """
    known = meta or {}
    title = str(known.get("title") or title)
    genre = _given(Genre, known.get("genre")) or genre_of(title, text)
    org_type = _given(OrgType, known.get("org_type")) or org_type_of_document(title, text)
    period = _given(Period, known.get("period")) or period_of(title, text, genre, org_type)
    year, inferred = year_of(title, text, period)
    if isinstance(known.get("year"), int):
        year, inferred = int(str(known["year"])), False
    flags = _flags(title, text, genre, org_type)
    return Labels(genre, org_type, period, year, inferred, flags)


def _given(kind: type[Code], value: object) -> Code | None:
    return kind(value) if isinstance(value, str) and value in kind._value2member_map_ else None


# ---------------------------------------------------------------- genre


def genre_of(title: str, text: str) -> Genre | None:
    """Kind of document by tense; an empty text has none."""
    body = without_title(title, text)
    if not body.strip():
        return None
    wording = load_labels().wording
    if wording.report.search(body[:300]) or "汇报" in title:
        return Genre.REPORT
    if _is_hybrid(title, body):
        return Genre.HYBRID
    if _past_share(body) >= (0.2 if _is_called_summary(title, body) else 0.5):
        return Genre.SUMMARY
    if _is_schedule(title, body):
        return Genre.SCHEDULE
    return Genre.KEYPOINTS if "要点" in title or _is_flat_list(title, body) else Genre.PLAN


def _is_called_summary(title: str, body: str) -> bool:
    """Whether a title says 总结 and the text begins as one does."""
    told = re.search(r"总结|回顾", title) and not re.search(r"计划|打算|要点|安排", title)
    return bool(told and re.search(r"一年来|半年来|总结如下|回顾", body[:300]))


def _is_hybrid(title: str, body: str) -> bool:
    """Whether a text looks back first (by its title, a heading or its tense) and then plans ahead."""
    cut = _split_point(body)
    if cut is None:
        return False
    both_in_title = re.search(r"(?:总结|回顾).*(?:计划|打算|安排|要点)", title)
    looks_back = re.search(r"^.{0,14}(?:工作回顾|工作总结|工作情况)\s*$", body[:cut], re.MULTILINE)
    if both_in_title or looks_back:
        return True
    return cut >= _LEAST_REVIEW and _past_share(body[:cut]) >= 0.25 and _past_share(body[cut:]) <= 0.35


def _split_point(body: str) -> int | None:
    """Where 下半年工作计划 begins inside a text that looked back before, if both parts have weight."""
    for match in load_labels().wording.split.finditer(body):
        share = match.start() / len(body)
        if 0.15 <= share <= 0.85:
            return match.start()
    return None


def _past_share(text: str) -> float:
    """Share of characters in sentences that tell what was done, among those with any tense at all."""
    wording = load_labels().wording
    past = future = 0
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        if wording.past.search(sentence):
            past += len(sentence)
        elif wording.future.search(sentence):
            future += len(sentence)
    return past / (past + future) if past + future else 0.0


def _is_schedule(title: str, body: str) -> bool:
    """Whether nearly all of a text is a table of months."""
    months = list(MONTH_LINE.finditer(body))
    if len(months) < 3:
        return False
    before = len("".join(body[: months[0].start()].split()))
    named = re.search(r"行事历|月历|安排", title) and "计划" not in title
    return before <= 80 or bool(named and (before <= 300 or len(months) >= 6))


def _is_flat_list(title: str, body: str) -> bool:
    """Eight or more numbered lines and no 一、 above them: how 要点 are written."""
    items = re.findall(r"^[ \t\u3000]*\d{1,2}[.、．]", body, re.MULTILINE)
    layered = re.search(
        r"^[ \t\u3000]*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])", body, re.MULTILINE
    )
    return "计划" not in title and len(items) >= 8 and layered is None


# ---------------------------------------------------------------- unit type


def org_type_of_document(title: str, text: str) -> OrgType | None:
    """Unit type by weighted words: first the family, then the type within it; None if hardly any."""
    table = load_labels()
    own = _own_scores(table, title, text)
    families = {
        name: _count(row.role_cues, text)
        + max(score for code, score in own.items() if table.orgs[code].family == name)
        for name, row in table.families.items()
    }
    family = max(families, key=lambda name: families[name])
    if families[family] < 3:
        return None
    members = [code for code in own if table.orgs[code].family == family]
    best = max(members, key=lambda code: own[code])
    return best if own[best] >= 2 else table.families[family].default


def _own_scores(table: LabelTable, title: str, text: str) -> dict[OrgType, float]:
    named = org_scores(title)
    return {
        code: _count(row.role_cues, text) + _TITLE_WEIGHT * named.get(code, 0.0)
        for code, row in table.orgs.items()
    }


def _count(cues: Mapping[str, float], text: str) -> float:
    return sum(weight * min(text.count(cue), _CAP) for cue, weight in cues.items())


# ---------------------------------------------------------------- flags


def _flags(title: str, text: str, genre: Genre | None, org_type: OrgType | None) -> frozenset[Flag]:
    flags = {
        Flag.STALE: is_stale(text),
        Flag.SPUN: is_spun(text),
        Flag.SUMMARY: genre in PAST_GENRES,
        Flag.TITLE_MISMATCH: _title_mismatch(title, genre, org_type),
        Flag.MIXED_TRADES: has_mixed_trades(text, org_type),
    }
    return frozenset(flag for flag, raised in flags.items() if raised)


def is_stale(text: str) -> bool:
    """Whether a text leans on phrases of an earlier era (三个代表 at its head, 十二五 …)."""
    wording = load_labels().wording
    for match in wording.stale.finditer(text):
        near = text[max(0, match.start() - 60) : match.end() + 60]
        if not wording.stale_unless.search(near):
            return True
    return False


def is_spun(text: str) -> bool:
    """Whether word-swapping left its traces: one sure phrase or two likely ones."""
    wording = load_labels().wording
    return bool(wording.spun_sure.search(text)) or len(set(wording.spun.findall(text))) >= 2


def _title_mismatch(title: str, genre: Genre | None, org_type: OrgType | None) -> bool:
    says_plan = bool(re.search(r"计划|要点|打算|行事历|安排", title))
    says_past = bool(re.search(r"总结|回顾|汇报", title))
    if genre in PAST_GENRES and says_plan and not says_past:
        return True
    if genre in _PLAN_GENRES and says_past and not says_plan:
        return True
    named = {code: weight for code, weight in org_scores(title).items() if weight >= 4}
    if org_type is None or not named:
        return False
    table = load_labels()
    return table.orgs[org_type].family not in {table.orgs[code].family for code in named}


def has_mixed_trades(text: str, org_type: OrgType | None) -> bool:
    """Whether words of another trade leaked in (教职工 in a forest farm's plan)."""
    if org_type is None:
        return False
    wording = load_labels().wording
    pattern = wording.leaks.get(org_type.value) or wording.leaks.get(load_labels().orgs[org_type].family)
    return pattern is not None and bool(pattern.search(wording.leak_allowed.sub("", text)))
