"""Precision and recall of each check on hand-written sentences; `pytest -s` prints the table."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from check_helpers import PROFILE, TABLES, TODAY, request_for

from assistant.checks import CheckContext, run
from assistant.types import Draft, Outline, OutlineItem, Profile, Section
from index.types import OrgType, Period, SectionCode

DATA = Path(__file__).parent / "data"
FITTED, FRESH = (
    tomllib.loads((DATA / name).read_text("utf-8"))
    for name in ("check_sentences.toml", "check_sentences_fresh.toml")
)
CASES = [("fitted", family) for family in FITTED] + [("fresh", family) for family in FRESH]
NAMES = {"blank": ("blank", "leftover"), "statute": ("statute", "phrase")}
FLOOR = 0.95


@dataclass(frozen=True, slots=True)
class Score:
    """How a family of checks did: sentences told of rightly and wrongly, and those it should have told of."""

    right: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]
    good: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))


def sentences(case: tuple[str, str], kind: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    for group in (FITTED if case[0] == "fitted" else FRESH)[case[1]]:
        for text in group.get(kind, ()):
            yield group, text


def told(family: str, group: Mapping[str, Any], text: str) -> bool:
    """Whether the checks of a family say anything of a sentence that does not hold for the group alone."""
    profile, request = _unit(family, group), _request(group)
    plan = Draft("d", request, profile, "工作计划", "c", _sections(family, group, text))
    if "points" in group:
        item = OutlineItem("s1", SectionCode.CARE, "做好帮扶", points=tuple(group["points"]))
        plan = replace(plan, outline=Outline("工作计划", (item,)))
    private = {"东岭镇中心卫生院工作计划": tuple(map(tuple, group.get("private", ())))}
    precedents = (("别处的计划", group["body"]),) if family == "copy" else ()
    findings = run(plan, CheckContext(TABLES, profile, request, TODAY, private, precedents))
    return any(finding.check in NAMES.get(family, (family,)) for finding in findings)


def _unit(family: str, group: Mapping[str, Any]) -> Profile:
    if family in ("leak", "repeat"):
        return PROFILE
    if "people" in group:
        return Profile(people=group["people"], groups=group.get("groups"), key_tasks=(group.get("told", ""),))
    return Profile()


def _request(group: Mapping[str, Any]):
    request = request_for(
        OrgType(group.get("org", "hospital")), Period(group.get("period", "h2")), group.get("year", 2026)
    )
    return replace(
        request,
        emphasis=tuple(group.get("emphasis", ())),
        avoid=tuple(group.get("avoid", ())),
        use_words=group.get("use_words", {}),
        sections=group.get("sections"),
        part=group.get("part", 0),
    )


def _sections(family: str, group: Mapping[str, Any], text: str) -> tuple[Section, ...]:
    before = Section("s0", SectionCode.SKILL, "练兵", group.get("body", ""))
    code = SectionCode.SCHEDULE if family == "schedule" else SectionCode.CARE
    own = Section("s1", code, "做好帮扶", text)
    return (before, own) if family in ("schedule", "repeat") else (own,)


def score(case: tuple[str, str]) -> Score:
    missed = tuple(text for group, text in sentences(case, "bad") if not told(case[1], group, text))
    wrong = tuple(text for group, text in sentences(case, "good") if told(case[1], group, text))
    bad, good = len(list(sentences(case, "bad"))), len(list(sentences(case, "good")))
    return Score(bad - len(missed), wrong, missed, good)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_each_family_has_thirty_of_both(case):
    for kind in ("bad", "good"):
        texts = [text for _, text in sentences(case, kind)]
        assert len(texts) >= 30
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_precision_and_recall(case):
    found = score(case)
    total = found.right + len(found.missed)
    print(
        f"\n{'-'.join(case)}\t精确率 {found.precision:.2f}\t召回率 {found.recall:.2f}\t（{total} 句该报，{found.good} 句不该报）"
    )
    for name, texts in (("误报", found.wrong), ("漏报", found.missed)):
        for text in texts:
            print(f"  {name}：{text!r}")
    assert found.precision >= FLOOR, found.wrong
    assert found.recall >= FLOOR, found.missed
