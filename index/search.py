"""From a query to ranked hits: keyword ranking, vector ranking, rank fusion, wishes, trust, notices.

Functions over a keyword index, a vector store, an encoder and passages; no state, no files. A query is
read for what it names (a unit type, a period, a section, a year): those are wishes that lift a hit, never
limits (weighing.py). Limits are `Filters` alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index import labels
from index.fit import Evidence, Fit, judge
from index.fulltext import FullText, Query, normal, plain
from index.rerank import reranked
from index.types import (
    Encoder,
    Filters,
    Hit,
    NamedKind,
    Passage,
    Reranker,
    SearchResult,
    VectorStore,
)
from index.weighing import Fused, weighed
from index.wish import Wish, is_word, other_names, read, small_words

if TYPE_CHECKING:
    from index.idset import IdSet
    from index.types import Ids

Ranking = Sequence[tuple[int, float]]

LEXICAL, SEMANTIC = "lexical", "semantic"
CANDIDATES, KIND_CANDIDATES = 100, 300
FUSION_CONSTANT = 20
WEIGHTS: Mapping[str, float] = {LEXICAL: 1.0, SEMANTIC: 1.0}  # measured: index/encoder/README.md
LOOKED_AT, FEWEST, COVER_POWER = 10, 0.1, 2
SEMANTIC_FLOOR, FLOOR_ALONE = 0.2, 0.3  # alone: where no passage holds a word of the query
SEMANTIC_SHARE = 0.5
SHORT_QUERY = 3
FIRST_PAGE, PER_DOCUMENT = 10, 2

NOTHING = "资料库里没有找到合适的先例，请换个说法，或在“资料库”里导入更多材料。"
DOUBTFUL = "资料库里可能没有合适的先例，下面是意思最接近的，请留意取舍。"
KEYWORDS_ONLY = "这次只按关键词检索，没有用上语义检索。"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where hits come from. `passages` gives those that exist, `allowed` the ids within filters.

    `judged`: whether to show nothing where nothing seems to fit. That is fitted for union plans, so a
    measurement over any other corpus goes without.
    """

    fulltext: FullText
    store: VectorStore
    encoder: Encoder
    passages: Callable[[Iterable[int]], Mapping[int, Passage]]
    allowed: Callable[[Filters], IdSet | Ids]
    reranker: Reranker | None = None
    judged: bool = True


def find(
    text: str, k: int, filters: Filters, sources: Sources, without: Collection[str] = ()
) -> SearchResult:
    """Return the best `k` hits for a query within the filters, and a notice where one is due.

    What the query names is not wished for if its key is in `without`; its words are then looked for.
    """
    wish = read(text, without)
    if k <= 0 or not (wish.query.words or wish.query.phrases):
        return SearchResult((), "" if text.strip() == "" else NOTHING, wish.named)
    narrowed = narrow(filters, wish)
    scopes = (filters,) if narrowed == filters else (filters, narrowed)
    depth = max(KIND_CANDIDATES if wish.kinds else CANDIDATES, 2 * k)
    keyword = [lexical(sources.fulltext, wish, depth, scope) for scope in scopes]
    meaning = [semantic(sources, wish.text, depth, scope) for scope in scopes]
    close = near(*meaning, floor=SEMANTIC_FLOOR if any(keyword) else FLOOR_ALONE)
    rankings = [(LEXICAL, ranking) for ranking in keyword] + [(SEMANTIC, ranking) for ranking in close]
    passages = sources.passages({id_ for _, ranking in rankings for id_, _ in ranking})
    evidence = weighed_up(wish, keyword, meaning, passages)
    telling = sources.judged and wish.words and not wish.query.phrases
    fit = judge(evidence, sources.encoder.name) if telling else Fit.GOOD
    if fit is Fit.NONE:
        return SearchResult((), NOTHING, wish.named)
    weights = {**WEIGHTS, LEXICAL: WEIGHTS[LEXICAL] * max(FEWEST, evidence.share**COVER_POWER)}
    fused = literal(fuse(rankings, weights), wish)
    kept = [item for item in fused if item.id in passages and fits(passages[item.id], wish.query)]
    hits = weighed(kept, passages, wish)
    hits.sort(key=lambda hit: (-hit.score, hit.passage.id))
    hits = reranked(hits, wish.query.plain, sources.reranker)
    chosen = [replace(hit, highlights=highlights(wish, hit.passage.text)) for hit in spread(folded(hits), k)]
    said = notice(wish, hits, any(meaning), fit)
    return SearchResult(tuple(chosen), said, wish.named, counts(hits))


def narrow(filters: Filters, wish: Wish) -> Filters:
    """Return the filters narrowed to the unit types a query names, itself or by their people, so that these
    are among the candidates.
    """
    orgs = wish.orgs or wish.staffed
    return filters if filters.org_types or not orgs else replace(filters, org_types=orgs)


# Rankings ----------------------------------------------------------------------------------------------


def lexical(fulltext: FullText, wish: Wish, k: int, filters: Filters) -> Ranking:
    """Return passages by BM25 over the words of a query."""
    return fulltext.run(wish.query, k, filters)


def semantic(sources: Sources, text: str, k: int, filters: Filters) -> Ranking:
    """Return passages by cosine; none where the encoder knows no word of the text."""
    vector = sources.encoder.encode_queries([text])
    if not text.strip() or not vector.any():
        return []
    allowed = None if filters == Filters() else sources.allowed(filters)
    ids, scores = sources.store.search(vector, k, allowed)
    return [(int(id_), float(score)) for id_, score in zip(ids[0], scores[0], strict=True) if id_ >= 0]


def fuse(rankings: Sequence[tuple[str, Ranking]], weights: Mapping[str, float] = WEIGHTS) -> list[Fused]:
    """Return the weighted reciprocal rank fusion of named rankings, best first.

    A place in a ranking is worth weight / (FUSION_CONSTANT + place). Of several rankings of one name, an
    item's best place counts. Scores are scaled so that first in all of them is 1.
    """
    worth: dict[str, dict[int, float]] = {}
    for name, ranking in rankings:
        known = worth.setdefault(name, {})
        for place, (id_, _) in enumerate(ranking, FUSION_CONSTANT + 1):
            known[id_] = max(known.get(id_, 0.0), weights[name] / place)
    whole = sum(weights[name] for name in worth) / (FUSION_CONSTANT + 1)
    found: dict[int, tuple[float, tuple[str, ...]]] = {}
    for name in sorted(worth):
        for id_, value in worth[name].items():
            score, by = found.get(id_, (0.0, ()))
            found[id_] = score + value, (*by, name)
    fused = [Fused(id_, score / whole, by) for id_, (score, by) in found.items()]
    return sorted(fused, key=lambda item: (-item.score, item.id))


def covered(wish: Wish, rankings: Sequence[Ranking], passages: Mapping[int, Passage]) -> float:
    """Return the largest share of a query's words that one of the first passages found by them holds.

    Squared, it is what keywords are worth: much for 五必访 慰问, little for an everyday sentence of which
    a passage happens to hold one word; at least FEWEST, so that a keyword alone still counts.
    """
    whole = sum(map(len, wish.words))
    if not whole:
        return 1.0
    first = {id_ for ranking in rankings for id_, _ in ranking[:LOOKED_AT]}
    looked_at = (passages[id_] for id_ in first if id_ in passages)
    texts = (plain(f"{item.title} {item.trail} {item.text}") for item in looked_at)
    shares = (sum(len(word) for word in wish.words if word in text) / whole for text in texts)
    return max(shares, default=0.0)


def weighed_up(
    wish: Wish, keyword: Sequence[Ranking], meaning: Sequence[Ranking], passages: Mapping[int, Passage]
) -> Evidence:
    """Return what speaks for the library holding an answer at all."""
    nearest = max((score for ranking in meaning for _, score in ranking[:1]), default=0.0)
    return Evidence(nearest, covered(wish, keyword, passages))


def evidence_of(wish: Wish, sources: Sources) -> Evidence:
    """Return what speaks for an answer in the whole library, as `find` sees it without filters."""
    keyword = lexical(sources.fulltext, wish, CANDIDATES, Filters())
    meaning = semantic(sources, wish.text, CANDIDATES, Filters())
    return weighed_up(wish, [keyword], [meaning], sources.passages(id_ for id_, _ in keyword))


def near(*rankings: Ranking, floor: float = SEMANTIC_FLOOR) -> list[Ranking]:
    """Return the rankings without what is too far in meaning to be an answer, measured by the best of all."""
    best = max((score for ranking in rankings for _, score in ranking), default=0.0)
    least = max(floor, SEMANTIC_SHARE * best)
    return [[(id_, score) for id_, score in ranking if score >= least] for ranking in rankings]


def literal(fused: list[Fused], wish: Wish) -> list[Fused]:
    """Return, for a query of one short word, only what holds it, if anything does: 三八 means 三八."""
    if len(wish.core) > SHORT_QUERY:
        return fused
    return [item for item in fused if LEXICAL in item.found_by] or fused


def fits(passage: Passage, query: Query) -> bool:
    """Return whether a passage holds every phrase of the query and no excluded term."""
    if not query.excluded and not query.phrases:
        return True
    text = plain(f"{passage.trail} {passage.text}")
    if any(plain(term) in text for term in query.excluded):
        return False
    return all(plain(phrase) in text for phrase in query.phrases)


def folded(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits without near copies of a document that has a hit itself."""
    standing = {hit.passage.document_id for hit in hits}
    return [hit for hit in hits if hit.passage.copy_of not in standing]


def spread(hits: Sequence[Hit], k: int) -> list[Hit]:
    """Return the first `k` hits with at most two of a document among the first ten.

    What that leaves out comes after the rest, and only where more than ten were asked for.
    """
    page: list[Hit] = []
    later: list[Hit] = []
    seen: dict[str, int] = {}
    for hit in hits:
        if len(page) >= k <= FIRST_PAGE:
            break
        family = hit.passage.copy_of or hit.passage.document_id
        count = seen.get(family, 0)
        if len(page) >= FIRST_PAGE or count >= PER_DOCUMENT:
            later.append(hit)
        else:
            page.append(hit)
            seen[family] = count + 1
    return page[:k] if k <= FIRST_PAGE else [*page, *later][:k]


# What the person sees ----------------------------------------------------------------------------------


def highlights(wish: Wish, text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of a passage's text that are words or phrases of the query, merged, in order."""
    plain = normal(text)
    terms = {normal(phrase) for phrase in wish.query.phrases} | {*wish.query.words, *wish.words}
    spans = sorted(match.span() for term in terms if term for match in re.finditer(re.escape(term), plain))
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def counts(hits: Sequence[Hit]) -> dict[str, int]:
    """Return how many passages have each label."""
    labelled = (
        (NamedKind.ORG, [hit.passage.org_type for hit in hits]),
        (NamedKind.PERIOD, [hit.passage.period for hit in hits]),
        (NamedKind.GENRE, [hit.passage.genre for hit in hits]),
        (NamedKind.SECTION, [hit.passage.section for hit in hits]),
    )
    return {
        f"{kind}:{code}": count
        for kind, codes in labelled
        for code, count in Counter(codes).items()
        if code is not None
    }


def notice(wish: Wish, hits: Sequence[Hit], with_meaning: bool, fit: Fit = Fit.GOOD) -> str:
    """Return the one sentence a person must know about all that was found, "" if there is none."""
    if not hits:
        return NOTHING
    if missing := _missing(wish, hits):
        words = "、".join(f"“{word}”" for word in missing[:3])
        return f"没有先例提到{words}，下面是意思相近的内容，请留意取舍。"
    if wish.orgs and not any(hit.passage.org_type in wish.orgs for hit in hits):
        names = "、".join(labels.name_of(code) for code in wish.orgs)
        return f"没有找到{names}的先例，下面是其他单位的，用词请留意改换。"
    if fit is Fit.DOUBTFUL:
        return DOUBTFUL
    return "" if with_meaning else KEYWORDS_ONLY


def _missing(wish: Wish, hits: Sequence[Hit]) -> list[str]:
    whole = [f"{hit.passage.title} {hit.passage.trail} {hit.passage.text}" for hit in hits]
    small = [word for word in wish.words if word in small_words()]
    telling = (word for word in wish.words if is_word(word) and not any(word in other for other in small))
    named = [word for word in telling if not any(word in text for text in whole)]
    texts = [plain(text) for text in whole] if named else []
    lost = [
        word
        for word in named
        if not any(name in text for name in (word, *other_names(word)) for text in texts)
    ]
    return [word for word in lost if not any(word != other and word in other for other in lost)]
