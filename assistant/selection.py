"""Which measures a section takes: those that add most to what the plan already has.

`Standing` is what the plan holds so far, `Selector` how a candidate is judged against it. The same
candidates and seed always give the same choice. Knows nothing about where measures come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from assistant.headline import headline
from assistant.revise import Measure
from assistant.rules import events_of
from assistant.text import han_count, overlap, shingles, stable_number
from assistant.types import Section
from assistant.when import months_in

ALIKE = 0.42  # from this share of common pairs of Hanzi on, two measures say the same
_NEAR = 0.16  # from this share on, what the two are about is compared as well
_ONE_THING = 0.6  # of the few words that say what a measure does
_SHORT_LINE = 8
_LEAST_WORTH = -1.0  # below it a measure asks for more facts than it gives


@dataclass(frozen=True, slots=True)
class Standing:
    """What a plan holds: the pairs of Hanzi of each line and the line, the months covered, the once-a-plan
    events it has, the Hanzi taken from each document, and the measures chosen for the section at hand.
    """

    lines: tuple[tuple[frozenset[str], str], ...] = ()
    months: frozenset[int] = frozenset()
    events: frozenset[str] = frozenset()
    spent: Mapping[str, int] = field(default_factory=dict)
    chosen: tuple[Measure, ...] = ()

    @property
    def length(self) -> int:
        """Hanzi chosen for the section at hand."""
        return sum(han_count(measure.text) for measure in self.chosen)

    def having_said(self, lines: Iterable[str]) -> Standing:
        """Return the standing as if `lines` stood in the plan already."""
        return replace(self, lines=(*self.lines, *((shingles(line), line) for line in lines)))

    def taking(self, measure: Measure) -> Standing:
        """Return the standing with one more measure."""
        document = measure.evidence.passage.document_id
        spent = {**self.spent, document: self.spent.get(document, 0) + han_count(measure.text)}
        return replace(
            self,
            months=self.months | set(measure.months),
            events=self.events | measure.events,
            spent=spent,
            chosen=(*self.chosen, measure),
        )


def standing_of(sections: Iterable[Section]) -> Standing:
    """Return what the sections written so far hold."""
    lines: list[str] = []
    spent: dict[str, int] = {}
    for section in sections:
        lines.extend(section.text.splitlines())
        for citation in section.citations:
            spent[citation.document_id] = spent.get(citation.document_id, 0) + citation.end - citation.start
    return Standing(
        lines=tuple((grams, line) for line in lines if len(grams := shingles(line)) > _SHORT_LINE),
        months=frozenset(month for line in lines for month in months_in(line)),
        events=frozenset(event for line in lines for event in events_of(line)),
        spent=spent,
    )


def same_thing(grams: frozenset[str], text: str, others: frozenset[str], other: str) -> bool:
    """Tell whether two measures say the same in much the same words, or do the same thing in other words."""
    alike = overlap(grams, others)
    if alike > ALIKE:
        return True
    return alike > _NEAR and overlap(_about(text), _about(other)) > _ONE_THING


@lru_cache(maxsize=4096)
def _about(text: str) -> frozenset[str]:
    """Return the pairs of Hanzi of the few words that say what a measure does."""
    return shingles(headline(re.sub(r"^\d+\.", "", text), ""))


@dataclass(frozen=True, slots=True)
class Selector:
    """How a candidate is judged. `support` are topics that imported precedents share, `allowance` is the
    most Hanzi one document may lend, `seed` breaks ties differently for each unit and variant.
    """

    support: Sequence[frozenset[str]]
    allowance: int
    seed: int

    def best(self, candidates: Iterable[Measure], standing: Standing) -> Measure | None:
        """Return the candidate that adds most, None when none may be added."""
        fitting = [measure for measure in candidates if self._may_join(measure, standing)]
        best = max(fitting, key=lambda measure: self._worth(measure, standing), default=None)
        return best if best and self._worth(best, standing) > _LEAST_WORTH else None

    def _may_join(self, measure: Measure, standing: Standing) -> bool:
        document = measure.evidence.passage.document_id
        within = standing.spent.get(document, 0) + han_count(measure.text) <= self.allowance
        if not within or measure.events & standing.events:
            return False
        if measure.recomposed and any(other.recomposed for other in standing.chosen):
            return False
        said = (*standing.lines, *((other.grams, other.text) for other in standing.chosen))
        return not any(same_thing(measure.grams, measure.text, grams, text) for grams, text in said)

    def _worth(self, measure: Measure, standing: Standing) -> float:
        document = measure.evidence.passage.document_id
        fresh = 1 - standing.spent.get(document, 0) / self.allowance
        new_month = bool(set(measure.months) - standing.months)
        backing = min(4, sum(overlap(measure.grams, topic) > 0.3 for topic in self.support))
        taste = (stable_number((self.seed, measure.evidence.passage.text)) % 1000) / 200
        dated = 0.9 * new_month + 0.3 * bool(measure.months)
        return measure.fit + 0.9 * fresh + dated + 0.15 * backing - 3.0 * measure.open_slots + taste
