"""The measures a section may be made of, each as the unit would say it, the best evidence first.

Its own trade's come first; where that has too few to choose from, borrowed ones count nearly as much. Knows
nothing of what the plan holds already; `selection` judges that.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.concreteness import counted
from assistant.frame import words_for
from assistant.goals import names
from assistant.recompose import recomposed
from assistant.request import topics_of
from assistant.revise import Measure, Reviser
from assistant.rules import belongs
from assistant.tables import OrgWords, goals_for
from assistant.text import han_count, shingles
from assistant.types import Profile, SectionTask
from index.types import Passage, PassageKind

_SHORTEST, _LONGEST = 16, 115
_POOL = 120
_NEAR, _FEW = 2.0, 4
_BREADTH, _LINE = 5, 38  # measures to choose from for each one taken; Hanzi of a measure
_FEWEST_TO_CHOOSE_FROM = 12
_OWN = 4.2  # what a measure of the own trade fits by, all else equal (`evidence`)
_COUNTS, _MOST_COUNTED = 1.5, 3  # worth of each thing a measure counts, to one who likes figures
_OUTCOME = re.compile(
    r"^[^；]{0,34}(?:率(?:达到|不低于)?\d+[%％]|件件有[^，；。]{2,8})(?:，[^，；]{0,14})?。?$"
)  # a goal, not a measure
_MOST_FOREIGN = 40  # passages of imported plans looked at for a section


def candidates(task: SectionTask, reviser: Reviser, seed: int) -> list[Measure]:
    """Return the measures that fit, best evidence first; other trades only where the own one has too few."""
    found: list[Measure] = []
    again = "no_repeat" not in task.request.style
    words = words_for(task.request, task.profile, reviser.tables, reviser.org)
    foreign = 0
    enough = _enough(task)
    for evidence in task.evidence:
        if len(found) >= enough and evidence.score < _NEAR:
            break
        ours = reusable(evidence.passage, task.profile)
        own_plan = ours and not reusable(evidence.passage)
        foreign += not ours
        if (
            evidence.passage.kind is not PassageKind.ITEM
            or (own_plan and not again)
            or (not ours and foreign > _MOST_FOREIGN)
        ):
            continue
        measure = reviser.measure(evidence)
        if measure and not ours:
            measure = recomposed(measure, task.item.code, words, seed)
        if measure and (not belongs(measure.text, task.item.code) or _OUTCOME.search(measure.text)):
            continue
        if measure and _about(task, measure.text):
            measure = replace(measure, fit=measure.fit + 1.2)
        if measure and "data" in task.request.style:
            measure = replace(measure, fit=measure.fit + _figures(measure.text, task, reviser))
        if measure:
            measure = replace(measure, fit=measure.fit + reviser.kinship(evidence.passage.title))
        if measure and _SHORTEST <= han_count(measure.text) <= _LONGEST:
            found.append(measure)
    complete = [measure for measure in found if not measure.open_slots]
    return _levelled((complete if len(complete) >= _FEW else found)[:_POOL], reviser.org, enough)


def _enough(task: SectionTask) -> int:
    """Return how many measures a section is to be chosen from, so that two units seldom take the same."""
    return max(_FEWEST_TO_CHOOSE_FROM, _BREADTH * task.item.target // _LINE)


def _levelled(measures: list[Measure], org: OrgWords, enough: int) -> list[Measure]:
    """Return the measures, borrowed ones as much nearer to the own trade's as that has too few."""
    own = sum(measure.evidence.passage.org_type is org.code for measure in measures)
    scarcity = max(0.0, 1 - own / enough)
    return [
        m
        if m.evidence.passage.org_type is org.code
        else replace(m, fit=m.fit + scarcity * max(0.0, _OWN - m.fit))
        for m in measures
    ]


def _figures(text: str, task: SectionTask, reviser: Reviser) -> float:
    """Return what a measure is worth to one who likes figures: what it counts, and a goal to be set by it."""
    goals = goals_for(reviser.tables.sections[task.item.code], reviser.org, task.request.period)
    measured = any(names(text, goal.needs) for goal in goals)
    return _COUNTS * (min(_MOST_COUNTED, counted(text)) + measured)


def own_lines(task: SectionTask) -> list[str]:
    """Return the lines of the unit's own imported plans, which no measure may repeat where asked."""
    passages = (evidence.passage for evidence in task.evidence)
    return [p.text for p in passages if not reusable(p) and reusable(p, task.profile)]


def _about(task: SectionTask, text: str) -> bool:
    """Tell whether a measure speaks of what the section's heading promises."""
    heading = task.item.heading
    return any(cue in text for cue in topics_of(task.item.code) if cue in heading)


def reusable(passage: Passage, profile: Profile | None = None) -> bool:
    """Tell whether a passage's wording is ours to reuse: the starter library's is, and that of the plans the
    profile's own unit wrote in other years.
    """
    own = profile.unit if profile else ""
    return passage.origin == "starter" or bool(own and own in passage.title)


def support(task: SectionTask) -> tuple[frozenset[str], ...]:
    """Return the topics of imported precedents: what other units of this kind also plan."""
    imported = [e for e in task.evidence if not reusable(e.passage)][:60]
    return tuple(shingles(e.masked) for e in imported)
