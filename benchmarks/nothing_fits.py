"""Fit and measure the judgement whether anything in the library answers a query (`index/fit.py`).

    python benchmarks/nothing_fits.py [--encoder FOLDER]

Reads benchmarks/data/fit_queries.jsonl (`query`, `fits`) and the everyday queries of union_queries.jsonl,
which all have an answer, and searches the starter library. The weights are fitted on every second query of
each kind, the lines below which to doubt and to refuse on these and the everyday sets up to the fourth; what
they do on the rest is printed.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from retrieval_quality import encoder_of, library_passages, sources_over  # noqa: E402

from index.fit import Evidence  # noqa: E402
from index.search import Sources, evidence_of  # noqa: E402
from index.wish import read  # noqa: E402

DATA = Path(__file__).with_name("data")
DOUBTED, REFUSED = 0.08, 0.015  # shares of the answerable queries that may be doubted, and shown nothing
FITTED_SETS = ("paraphrase", "paraphrase-2", "paraphrase-3", "paraphrase-4")
ROUNDS, RIDGE = 50, 0.01


@dataclass(frozen=True, slots=True)
class Judged:
    """A query, whether something answers it, what the search found out about it, and its set, if any."""

    query: str
    fits: bool
    evidence: Evidence
    group: str = ""


def rows_of(sources: Sources, path: Path) -> list[Judged]:
    """Return the queries of a file; those that do not say otherwise have an answer."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return [
        Judged(
            row["query"],
            bool(row.get("fits", True)),
            evidence_of(read(row["query"]), sources),
            str(row.get("set", "")),
        )
        for row in rows
    ]


def fit(rows: Sequence[Judged]) -> np.ndarray:
    """Return bias, nearness and share of a logistic regression with a little ridge, by Newton's method.

    Queries with an answer and without one weigh the same together, however many there are of each.
    """
    points = np.array([[1.0, row.evidence.nearness, row.evidence.share] for row in rows])
    truth = np.array([float(row.fits) for row in rows])
    weights = np.zeros(3)
    worth = np.where(truth, 0.5 / truth.sum(), 0.5 / (1 - truth).sum()) * len(truth)
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-points @ weights))
        slope = points.T @ (worth * (truth - chances)) - RIDGE * weights
        bend = (points * (worth * chances * (1 - chances))[:, None]).T @ points + RIDGE * np.eye(3)
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def chances_of(rows: Sequence[Judged], weights: np.ndarray) -> list[float]:
    """Return the chance of an answer for each query."""
    sums = (weights @ [1.0, row.evidence.nearness, row.evidence.share] for row in rows)
    return [1 / (1 + math.exp(-float(total))) for total in sums]


def threshold(chances: Sequence[float], rows: Sequence[Judged], share: float) -> float:
    """Return the chance below which at most that share of the answerable queries lie, 0.5 at most."""
    answered = sorted(chance for chance, row in zip(chances, rows, strict=True) if row.fits)
    return min(0.5, answered[int(len(answered) * share)])


def report(
    name: str, rows: Sequence[Judged], weights: np.ndarray, doubt: float, least: float, shown: bool = False
) -> None:
    """Print how many queries are answered, doubted and refused, and `shown`, which of them wrongly."""
    judged = list(zip(rows, chances_of(rows, weights), strict=True))
    for fits, kind in ((True, "with an answer"), (False, "without one")):
        mine = [(row.query, chance) for row, chance in judged if row.fits is fits]
        if not mine:
            continue
        refused = sum(chance < least for _, chance in mine)
        doubted = sum(least <= chance < doubt for _, chance in mine)
        good = len(mine) - refused - doubted
        print(f"{name}, {len(mine)} {kind}: {good} answered, {doubted} doubted, {refused} refused")
        if shown:
            print(
                "  wrong:", "、".join(query for query, chance in mine if (chance >= doubt) is not fits) or "-"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--encoder", default="")
    options = parser.parse_args()
    encoder = encoder_of(options.encoder)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        sources = sources_over(folder, library_passages(folder / "library", encoder, ()), encoder)
        rows = rows_of(sources, DATA / "fit_queries.jsonl")
        everyday = rows_of(sources, DATA / "union_queries.jsonl")
    kinds = [[row for row in rows if row.fits is fits] for fits in (True, False)]
    fitted, measured = ([row for kind in kinds for row in kind[half::2]] for half in (0, 1))
    weights = fit(fitted)
    fitted += [row for row in everyday if row.group in FITTED_SETS]
    chances = chances_of(fitted, weights)
    doubt, least = (threshold(chances, fitted, share) for share in (DOUBTED, REFUSED))
    print("bias = {:.2f}\nnearness = {:.2f}\nshare = {:.2f}".format(*weights))
    print(f"doubt = {doubt:.2f}\nleast = {least:.2f}")
    report("fitted", fitted, weights, doubt, least)
    report("measured half", measured, weights, doubt, least, shown=True)
    for group in dict.fromkeys(row.group for row in everyday if row.group not in FITTED_SETS):
        report(group, [row for row in everyday if row.group == group], weights, doubt, least)


if __name__ == "__main__":
    main()
