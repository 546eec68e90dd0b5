"""Which measures of other trades a unit could have planned itself: those that speak in words it uses too.

A measure tells its trade by its nouns (砂浆, 病房, 柜面). One whose every noun stands in a plan of the unit's
own type, or in plans of many types, may be borrowed; any other is strange here. No list of words is kept:
the plans at hand tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from assistant.text import han_count
from index.types import OrgType, Passage, PassageKind

GUIDING = frozenset({OrgType.EDU_SYSTEM, OrgType.HEALTH_SYSTEM, OrgType.TOWNSHIP})  # they guide other unions
COMMON = 7  # unit types, of 17, that have a noun which belongs to no trade
_ENOUGH = 60  # measures of the own type; with fewer its words are not known well enough to judge by
_SHORTEST = 2


def strange(passages: Iterable[Passage], own: OrgType, roles: Collection[str] = ()) -> frozenset[int]:
    """Return the ids of the measures that no unit of type `own` would plan; `roles` are words that every
    trade has in its own form (职工, 教职工), which tell nothing.

    A union that guides other unions and the union of one unit never borrow from each other. Nothing is
    strange where too few plans of the own type are at hand.
    """
    items = [passage for passage in passages if passage.kind is PassageKind.ITEM and passage.org_type]
    ours = [passage.text for passage in items if passage.org_type is own]
    if len(ours) < _ENOUGH:
        return frozenset()
    spoken, common = "\n".join(ours), _common(items) | frozenset(roles)
    guiding = own in GUIDING
    return frozenset(
        passage.id
        for passage in items
        if passage.org_type is not own
        and (
            (passage.org_type in GUIDING) is not guiding
            or any(noun not in common and noun not in spoken for noun in nouns(passage.text))
        )
    )


def _common(items: Iterable[Passage]) -> frozenset[str]:
    """Return the nouns that plans of at least `COMMON` unit types have."""
    types: dict[str, set[OrgType | None]] = {}
    for passage in items:
        for noun in nouns(passage.text):
            types.setdefault(noun, set()).add(passage.org_type)
    return frozenset(noun for noun, having in types.items() if len(having) >= COMMON)


@lru_cache(maxsize=16384)
def nouns(text: str) -> frozenset[str]:
    """Return the nouns of a text, of `_SHORTEST` Hanzi and more."""
    import rjieba

    return frozenset(
        str(word) for word, tag in rjieba.tag(text) if tag.startswith("n") and han_count(word) >= _SHORTEST
    )
