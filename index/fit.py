"""Whether anything in the library answers a query at all, judged by how near and how literal the best is.

Two numbers decide: the cosine of the nearest passage, and the largest share of the query's words that one
of the first passages holds. Their weights are in search.toml, fitted and measured on queries with and
without an answer by `benchmarks/nothing_fits.py`. Cosines of one encoder mean nothing for another, so
the judgement is made for the encoder it was fitted for and no other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from index.wish import fit_weights


class Fit(StrEnum):
    """How well what was found answers a query."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer: `nearness` is a cosine, `share` 0 to 1."""

    nearness: float
    share: float


def chance(evidence: Evidence) -> float:
    """Return how likely the library holds an answer, 0 to 1."""
    weights = fit_weights()
    sum_ = weights["bias"] + weights["nearness"] * evidence.nearness + weights["share"] * evidence.share
    return 1 / (1 + math.exp(-sum_))


def judge(evidence: Evidence, encoder: str) -> Fit:
    """Return whether to show what was found, to show it with a warning, or to say that nothing fits."""
    weights = fit_weights()
    if not encoder.startswith(weights["encoder"]):
        return Fit.GOOD
    likely = chance(evidence)
    return Fit.NONE if likely < weights["least"] else Fit.DOUBTFUL if likely < weights["doubt"] else Fit.GOOD
