"""The writer that needs no model: case-based drafting by retrieve, reuse, revise.

Measures of the starter library may be reused whole; an imported precedent's wording is never pasted:
it weighs in by the topics it supports. Same task in, same text out; `variant` gives another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.candidates import candidates, own_lines, support
from assistant.frame import body_sections, words_for, write_frame
from assistant.outline import org_words
from assistant.ready import has_fixed_words, plain_measure, point_kind, ready_lines
from assistant.rephrase import rephrased
from assistant.request import topics_of
from assistant.review import looks_back, write_review
from assistant.revise import Measure, Reviser
from assistant.rules import events_of, hallmarks
from assistant.selection import Selector, standing_of
from assistant.tables import OrgWords, Tables
from assistant.text import han_count, overlap, shingles, stable_number
from assistant.topic import telling, topic
from assistant.types import FRAME, SectionTask
from assistant.when import months_in, months_of

_DOCUMENT_SHARE = 0.19
_MOST_GROWN = 2  # times its target: so much of what earlier sections lack does a section make up for
_HALF_A_MEASURE = 22
_ROOM_FOR_MORE = 100  # Hanzi from which a section has room for what its readers look for
_FEWEST = 2  # measures below a heading, where its length allows
_SPEAKS, _NAMES = 0.75, 0.65


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes a section from masked precedents, the tables and the profile."""

    tables: Tables
    name: str = "范例编排"

    def write(self, task: SectionTask) -> Iterator[str]:
        """Yield the section's lines, one at a time."""
        org = org_words(task.request, task.profile, self.tables)
        seed = seed_of(task)
        if looks_back(task):
            yield write_review(task, words_for(task.request, task.profile, self.tables, org), org.family)
            return
        if task.item.code in FRAME:
            turn = seed_of(replace(task, variant=0)) + task.variant  # each 换一版 takes the next wording
            yield write_frame(task, self.tables, org, turn)
            return
        measures = choose(task, self.tables, org, seed)
        if not measures:
            yield _fallback(task, self.tables, org, seed)
            return
        for number, measure in enumerate(measures, 1):
            yield ("\n" if number > 1 else "") + f"{number}.{measure}"


def seed_of(task: SectionTask) -> int:
    """Return what makes one unit's plan unlike another's: its name and type, the period, the variant."""
    request = task.request
    unit = request.org_name or task.profile.unit
    return stable_number((unit, request.org_type, request.year, request.period, task.variant))


def choose(task: SectionTask, tables: Tables, org: OrgWords, seed: int) -> list[str]:
    """Return the measures of a section, without numbers, in the order of the calendar."""
    offered = candidates(task, Reviser(task.request, task.profile, tables, org), seed)
    standing = standing_of(task.earlier)
    if "no_repeat" in task.request.style:
        standing = standing.having_said((*own_lines(task), *task.request.last_year))
    for measure in _required(task, tables, org, offered, seed):
        standing = standing.taking(measure)
    bound = frozenset(measure.text for measure in standing.chosen)
    reserved = _reserved(task)
    offered = [measure for measure in offered if not measure.events & reserved]
    allowance = max(110, int(_DOCUMENT_SHARE * task.request.length))
    selector = Selector(support(task), allowance, seed)
    for event in _expected(task, org):
        if event not in standing.events:
            ours = (m for m in offered if event in m.events and m.evidence.passage.org_type is org.code)
            kept = selector.best(ours, standing)
            standing = standing.taking(kept) if kept else standing
    for cue in _promised(task):
        if not any(cue in measure.text for measure in standing.chosen):
            kept = selector.best((m for m in offered if cue in m.text), standing)
            standing = standing.taking(kept) if kept else standing
    budget = _budget(task) - _HALF_A_MEASURE
    fewest = min(_FEWEST, task.item.target // 60)
    while (standing.length < budget or len(standing.chosen) < fewest) and (
        best := selector.best(offered, standing)
    ):
        standing = standing.taking(best)
    pairs = months_of(task.request.period, task.request.year, task.request.part)
    order = {month: place for place, (_, month) in enumerate(pairs)}
    in_order = sorted(standing.chosen, key=lambda m: order.get(m.months[0], 99) if m.months else 99)
    union = org.roles["union"]
    return [m.text if m.text in bound else rephrased(m.text, union, seed) for m in in_order]


def _reserved(task: SectionTask) -> set[str]:
    """Return the events that other sections are bound to bring."""
    others = (item for item in task.outline.items if item.id != task.item.id)
    return {event for item in others for point in item.points for event in events_of(point)}


def _expected(task: SectionTask, org: OrgWords) -> list[str]:
    """Return the events a reader of the trade looks for in the section, none where it has no room."""
    if task.item.target < _ROOM_FOR_MORE:
        return []
    months = [month for _, month in months_of(task.request.period, task.request.year, task.request.part)]
    return list(hallmarks(task.item.code, org, task.request.period, months))


def _promised(task: SectionTask) -> list[str]:
    """Return the topics a heading names, which a reader will look for below it; two at most."""
    cues = [cue for cue in topics_of(task.item.code) if cue in task.item.heading]
    return [cue for cue in cues if not any(cue != other and cue in other for other in cues)][:2]


def _required(
    task: SectionTask, tables: Tables, org: OrgWords, offered: list[Measure], seed: int
) -> list[Measure]:
    """Return a measure for each point the section must cover: a precedent's if one speaks of it."""
    chosen: list[Measure] = []
    already = "".join(section.text for section in body_sections(task.earlier))
    for number, point in enumerate(task.item.points):
        if point in already:
            continue
        by_name = _by_name(task)
        speaking = [m for m in offered if _speaks(m, point, point in by_name)]
        speaking = speaking or (
            [] if point in by_name or point_kind(point) == "carried" else _doing_the_same(offered, point)
        )
        named = set(months_in(point))
        speaking = [m for m in speaking if m not in chosen and not m.open_slots and named <= set(m.months)]
        own = [m for m in speaking if m.evidence.passage.org_type is org.code]
        months = [m for _, m in months_of(task.request.period, task.request.year, task.request.part)]
        if has_fixed_words(point):
            own = speaking = []
        speaking = own if own or ready_lines(point, org, months)[0] else speaking
        if speaking:
            chosen.append(speaking[stable_number((seed, point)) % min(len(speaking), 3)])
        elif task.evidence:
            written = already + "".join(measure.text for measure in chosen)
            text = plain_measure(point, task, tables, org, seed + number, written)
            chosen.append(
                Measure(text, task.evidence[0], months_in(text), 0, shingles(text), 0.0, events_of(text))
            )
    return chosen


def _by_name(task: SectionTask) -> tuple[str, ...]:
    """Return what stands in the plan by its own name: the person's words, tasks, events and programmes."""
    profile = task.profile
    brands = (f"“{name}”" for name in profile.programs)
    return (*task.request.emphasis, *profile.key_tasks, *profile.fixed_events, *brands)


def _speaks(measure: Measure, point: str, literally: bool) -> bool:
    """Tell whether a measure carries a point out; `literally` for the person's own words."""
    grams = shingles(point)
    if point in measure.text or (len(grams) > 2 and overlap(grams, measure.grams) >= _SPEAKS):
        return True
    pairs = telling(topic(point))
    return not literally and len(pairs) > 1 and len(pairs & measure.grams) >= _NAMES * len(pairs)


def _doing_the_same(offered: list[Measure], point: str) -> list[Measure]:
    """Return the measures that do the once-a-plan things a point names: 医疗互助, 爱心托管, 联谊."""
    named = events_of(point)
    most = max((len(named & measure.events) for measure in offered), default=0)
    return [measure for measure in offered if most and len(named & measure.events) == most]


def measures_for_points(task: SectionTask, tables: Tables) -> list[str]:
    """Return a ready measure for each point of the task's section that the earlier text does not name."""
    org = org_words(task.request, task.profile, tables)
    seed = seed_of(task)
    offered = candidates(task, Reviser(task.request, task.profile, tables, org), seed)
    return [measure.text for measure in _required(task, tables, org, offered, seed)]


def _budget(task: SectionTask) -> int:
    """Return the section's length in Hanzi, corrected by most of what earlier sections ran over or under.

    Never beyond twice the length asked for: one section does not make up for a whole plan that was cut short.
    """
    targets = {item.id: item.target for item in task.outline.items}
    drift = sum(han_count(s.text) - targets.get(s.id, 0) for s in task.earlier)
    return min(max(45, task.item.target - drift * 3 // 4), max(45, _MOST_GROWN * task.item.target))


def _fallback(task: SectionTask, tables: Tables, org: OrgWords, seed: int) -> str:
    """Return honest measures for a section no precedent covers: its points', else one of its heading."""
    said = ""
    for number, point in enumerate(task.item.points or (task.item.heading,), 1):
        said += f"\n{number}." + plain_measure(point, task, tables, org, seed + number, said)
    return said.strip()
