"""What a candidate is worth: its places, lifted by what it shares with the wish, lowered by distrust.

The order of weight is unit type, period, section, match, year. What labels alone decide is worked out once
a set of labels, what the wording decides once a passage. Pure functions; no index, no files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from index import labels
from index.fulltext import HAN, plain
from index.types import Flag, Genre, Hit, OrgType, Passage, Period, SectionCode
from index.wish import Wish

SAME_ORG, SAME_FAMILY, SAME_PERIOD, SAME_SECTION, SAME_GENRE, SAME_YEAR = 1.0, 0.25, 0.5, 0.3, 0.3, 0.05
SAME_KIND, SAME_PEOPLE, SAME_WORDING = 1.0, 0.5, 0.4
NOTHING_ELSE = 0.8  # a section asked for by name alone (月度安排) weighs more: no word tells passages apart
OWN_DOCUMENT = 2.0  # what the person imported and says it in these words comes before what ships
STARTER = "starter"
FLAG_FACTOR, LEAST_TRUST, REVIEW_FACTOR, OTHER_ORG_FACTOR, OTHER_KIND_FACTOR = 0.8, 0.5, 0.7, 0.8, 0.6
OTHER_HALF_FACTOR, FRAME_FACTOR = 0.5, 0.6
FRAME = frozenset({SectionCode.LEAD, SectionCode.CLOSE, SectionCode.GOAL})
REVIEWS = (Genre.SUMMARY, Genre.REPORT)
HARMLESS = frozenset({Flag.SUMMARY, Flag.MASKED, Flag.CENSORED, Flag.MISNUMBERED})
HAN_CHARACTER = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Fused:
    """A candidate after rank fusion: `score` is 1 for first in every ranking."""

    id: int
    score: float
    found_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the labels of a document decide. `own`: imported, and of a unit type that was asked for."""

    lift: float
    trust: float
    own: bool


def weighed(items: Iterable[Fused], passages: Mapping[int, Passage], wish: Wish) -> list[Hit]:
    """Return a hit for every candidate, its fused score lifted by what its passage shares with the wish."""
    standings: dict[object, _Standing] = {}
    sections = {code: _section(code, wish) for code in (None, *SectionCode)}
    share = wording(wish.query.plain)
    hits = []
    for item in items:
        found = passages[item.id]
        title = found.title if wish.kinds else ""
        key = (found.org_type, found.period, found.genre, found.year, found.flags, found.origin, title)
        standing = standings.get(key)
        if standing is None:
            standing = standings[key] = _standing(found, wish)
        held, (lift, trust) = share(f"{found.trail} {found.text}"), sections[found.section]
        if standing.own and held == 1:
            trust = 1.0
        worth = standing.lift + lift + (SAME_WORDING + OWN_DOCUMENT * standing.own) * held
        hits.append(Hit(found, round(item.score * worth * standing.trust * trust, 6), item.found_by))
    return hits


def _standing(passage: Passage, wish: Wish) -> _Standing:
    starter, org = passage.origin == STARTER, _org_lift(passage.org_type, wish.orgs)
    same_kind = any(name in passage.title for name in wish.kinds)
    lift = 1.0 + org + SAME_KIND * same_kind + SAME_PEOPLE * (passage.org_type in wish.staffed)
    lift += SAME_PERIOD * (passage.period in wish.periods) + SAME_GENRE * (passage.genre in wish.genres)
    lift += SAME_YEAR * (wish.year is not None and passage.year == wish.year)
    trust = max(LEAST_TRUST, FLAG_FACTOR ** len(passage.flags - HARMLESS))
    if passage.genre in REVIEWS and passage.genre not in wish.genres:
        trust *= REVIEW_FACTOR
    if wish.orgs and not org:
        trust *= OTHER_ORG_FACTOR
    if wish.kinds and not same_kind and starter:  # the title of an imported one may be lost
        trust *= OTHER_KIND_FACTOR
    if wish.half and passage.period in (Period.H1, Period.H2) and passage.period != wish.half:
        trust *= OTHER_HALF_FACTOR
    return _Standing(lift, trust, not starter and (not wish.orgs or passage.org_type in wish.orgs))


def _section(code: SectionCode | None, wish: Wish) -> tuple[float, float]:
    """Return what a section adds to the lift, and its factor where the passage words it otherwise."""
    asked = code in wish.sections
    framing = code in FRAME and not asked and (wish.words or wish.sections)
    return (SAME_SECTION if wish.words else NOTHING_ELSE) * asked, FRAME_FACTOR if framing else 1.0


def _org_lift(org: OrgType | None, wanted: Sequence[OrgType]) -> float:
    if org is None or not wanted:
        return 0.0
    if org in wanted:
        return SAME_ORG
    families = labels.load_labels().orgs
    return SAME_FAMILY if families[org].family in {families[code].family for code in wanted} else 0.0


def wording(query: str) -> Callable[[str], float]:
    """Return what tells the share of the query's runs of characters (五必访) that a text holds just so."""
    runs = tuple((plain(run), HAN_CHARACTER.findall(run)) for run in query.split() if len(run) > 1)

    def share(text: str) -> float:
        held = sum(
            run in text or (all(char in text for char in characters) and run in plain(text))
            for run, characters in runs
        )
        return held / len(runs) if held else 0.0

    return share
