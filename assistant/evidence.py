"""What the library holds for a plan: passages near this unit and period, masked, ranked by fit.

Order of fit: same unit type, then its family, then any; same period before the year; sound text
before damaged. Knows nothing about sentences.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.kindred import GUIDING, strange
from assistant.mask import mask
from assistant.rules import role_words, section_for
from assistant.tables import Tables
from assistant.text import overlap, shingles
from assistant.types import FRAME, Evidence, OutlineItem, Reference, Request
from index.types import Fact, Filters, Flag, Genre, OrgType, Passage, PassageKind, Period, SectionCode

if TYPE_CHECKING:
    from index.library import Library

PLANS = (Genre.PLAN, Genre.KEYPOINTS, Genre.SCHEDULE, Genre.HYBRID)
_OWN, _FAMILY, _ALL = 1500, 3000, 6000  # passages read at most
_CHOSEN = 100.0
DAMAGE = frozenset(
    {
        Flag.TRUNCATED_START,
        Flag.TRUNCATED_END,
        Flag.SPUN,
        Flag.STALE,
        Flag.CENSORED,
        Flag.MASKED,
        Flag.MIXED_TRADES,
        Flag.TITLE_MISMATCH,
        Flag.MACHINE_WRITTEN,
    }
)
"""What makes a precedent less to lean on."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Passages a plan may lean on, the private facts of their documents, and how many documents of
    the same type have each section (`support`: with it, of all). `chosen` are the passages the person put
    beside a section, by its id; these come first there, whatever they are about.
    """

    passages: tuple[Passage, ...]
    facts: Mapping[str, tuple[Fact, ...]]
    support: Mapping[SectionCode, tuple[int, int]]
    chosen: Mapping[str, tuple[Passage, ...]] = field(default_factory=dict)


def gather(
    library: Library, request: Request, tables: Tables, references: Collection[Reference] = ()
) -> Pool:
    """Return the pool for a request: what was chosen, plans of its unit type, and what it may borrow."""
    return with_chosen(shelf(library, own_type(request), tables), library, references)


def shelf(library: Library, own: OrgType, tables: Tables) -> Pool:
    """Return the pool of every plan of a unit type, nothing chosen; the same while the library is."""
    found = _read(library, own, tables)
    unfit = strange(found.values(), own, role_words(tables))
    found = {
        id_: passage for id_, passage in found.items() if id_ not in unfit or passage.origin != "starter"
    }
    passages = tuple(found.values())
    return Pool(passages, _facts(library, passages), _support(passages, own))


def with_chosen(pool: Pool, library: Library, references: Collection[Reference]) -> Pool:
    """Return a pool with the passages that the person put beside sections."""
    wanted = {passage.id: passage for passage in library.passages_of([r.passage_id for r in references])}
    chosen: dict[str, tuple[Passage, ...]] = {}
    for reference in references:
        if one := wanted.get(reference.passage_id):
            chosen[reference.section_id] = (*chosen.get(reference.section_id, ()), one)
    held = {passage.id for passage in pool.passages}
    added = tuple(passage for id_, passage in wanted.items() if id_ not in held)
    facts = {**pool.facts, **_facts(library, added)}
    return replace(pool, passages=(*pool.passages, *added), facts=facts, chosen=chosen)


def _facts(library: Library, passages: Iterable[Passage]) -> Mapping[str, tuple[Fact, ...]]:
    return library.facts(sorted({passage.document_id for passage in passages}))


def _read(library: Library, own: OrgType, tables: Tables) -> dict[int, Passage]:
    """Return the passages of every plan; of a large library the own type's first, then the family's."""
    every = library.passages(Filters(genres=PLANS), limit=_ALL)
    if len(every) == _ALL:
        family = tuple(_family(own, tables))
        every = [
            *library.passages(Filters(org_types=(own,), genres=PLANS), limit=_OWN),
            *library.passages(Filters(org_types=family, genres=PLANS), limit=_FAMILY),
            *every,
        ]
    return {passage.id: passage for passage in every if Flag.DUPLICATE not in passage.flags}


def rank(pool: Pool, item: OutlineItem, request: Request, tables: Tables) -> tuple[Evidence, ...]:
    """Return masked passages for one outline item, those chosen for it first, then best first."""
    wanted = [w for w in (*item.points, *request.emphasis) if not w.isascii()]
    heading = shingles(item.heading)
    family = set(_family(own_type(request), tables))
    chosen = {passage.id for passage in pool.chosen.get(item.id, ())}
    ranked = [
        Evidence(passage, mask(passage.text, pool.facts.get(passage.document_id, ())), score)
        for passage in pool.passages
        if passage.id in chosen or (passage.kind is not PassageKind.LINE and _section(passage) is item.code)
        for score in (_score(passage, request, family, wanted, heading) + _CHOSEN * (passage.id in chosen),)
    ]
    return tuple(sorted(ranked, key=lambda found: (-found.score, found.passage.id)))


def own_type(request: Request) -> OrgType:
    """Return the unit type asked for; a public body's where nobody has said, as for its words."""
    return request.org_type or OrgType.INSTITUTION


def _section(passage: Passage) -> SectionCode | None:
    """Return what a passage is about; one measure of a mixed section may be about something else."""
    if passage.kind is not PassageKind.ITEM or passage.section in FRAME:
        return passage.section
    return section_for(passage.text, passage.section)


def _family(org_type: OrgType | None, tables: Tables) -> Iterable[OrgType]:
    if org_type is None:
        return ()
    return sorted(code for code, row in tables.orgs.items() if row.family == tables.orgs[org_type].family)


def _score(
    passage: Passage, request: Request, family: set[OrgType], wanted: list[str], heading: frozenset[str]
) -> float:
    own = own_type(request)
    guides = passage.org_type in GUIDING and own in GUIDING  # what guides other unions has a trade of its own
    score = 4.0 if passage.org_type is own else 1.5 if passage.org_type in family or guides else 0.0
    score -= 2.0 * ((passage.org_type in GUIDING) != (own in GUIDING))
    score += 0.6 if passage.period is request.period else 0.3 if passage.period is Period.YEAR else 0.0
    score += 1.5 * sum(word in passage.text for word in wanted)
    score += 0.5 * overlap(heading, shingles(passage.trail))
    return score - 1.0 * len(DAMAGE & passage.flags)


def _support(passages: tuple[Passage, ...], org_type: OrgType | None) -> dict[SectionCode, tuple[int, int]]:
    same = [p for p in passages if org_type is None or p.org_type is org_type]
    total = len({p.document_id for p in same})
    holders: dict[SectionCode, set[str]] = {}
    for passage in same:
        if passage.section:
            holders.setdefault(passage.section, set()).add(passage.document_id)
    return {code: (len(documents), total) for code, documents in holders.items()}
