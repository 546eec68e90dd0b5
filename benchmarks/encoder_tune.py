"""The last stage of training the built-in encoder: questions against mined and random articles.

Used by `benchmarks/train_encoder.py`. Every step shows the encoder all training questions at once, each
with one article that answers it, articles it wrongly ranks high and random ones; beside them a batch of a
chair's questions, starter passages and articles, so that what the first stage taught is kept. Words are
left out at random on both sides, which keeps a thousand questions from being learnt by heart.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from encoder_data import Article, Query
from encoder_themes import SCALE, SLOWEST, ThemeTokens, Tokenize, Tokens, contrast, parts, pool, thin

RANDOM_ARTICLES, WRONG_ARTICLES, WRONG_DEPTH, MINED_EVERY = 4096, 3, 30, 40
LEFT_OUT = 0.3
MIXED_ARTICLES, MIXED_STARTER, MIXED_CHAIR = 500, 300, 700


@dataclass(frozen=True, slots=True)
class Material:
    """What the last stage reads: questions and statutes with their tokens, and what is mixed in."""

    queries: Sequence[Query]
    asked: Tokens
    statutes: Tokens
    articles: Sequence[Article]
    starter: Sequence[Article]
    themes: ThemeTokens


def tune(
    rows: np.ndarray,
    material: Material,
    tokenize: Tokenize,
    steps: int,
    rate: float,
    seed: int,
    report: Callable[[str, np.ndarray], None],
) -> np.ndarray:
    """Return the rows after `steps` steps of Adam at a rate that falls to nothing."""
    import torch

    torch.manual_seed(seed)
    weights = torch.nn.Parameter(torch.from_numpy(rows.copy()))
    optimizer = torch.optim.Adam([weights], lr=rate)
    dice, numbers = random.Random(seed), np.random.default_rng(seed)
    wrong: list[list[int]] = []
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rate * max(SLOWEST, 1 - step / steps)
        if step % MINED_EVERY == 0:
            wrong = _mined(weights.detach().numpy(), material)
        asked = _questions_loss(weights, material, wrong, dice, numbers)
        mixed = _mixed_loss(weights, material, tokenize, dice, numbers)
        optimizer.zero_grad()
        (asked + mixed).backward()
        optimizer.step()
        if (step + 1) % MINED_EVERY == 0:
            report(f"step {step + 1}: loss {asked.item():.3f} + {mixed.item():.3f}", weights.detach().numpy())
    return weights.detach().numpy().copy()


def pooled(rows: np.ndarray, documents: Tokens) -> np.ndarray:
    """Return the mean row of each document, scaled to length 1."""
    out = np.zeros((len(documents), rows.shape[1]), np.float32)
    for number, document in enumerate(documents):
        if len(document):
            out[number] = rows[document].mean(axis=0)
    unit: np.ndarray = out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-9)
    return unit


def rank(rows: np.ndarray, documents: Tokens, questions: Tokens, depth: int = 100) -> list[list[int]]:
    """Return the numbers of the nearest `depth` documents of each question."""
    scores = pooled(rows, questions) @ pooled(rows, documents).T
    return [list(map(int, np.argsort(-row, kind="stable")[:depth])) for row in scores]


def _mined(rows: np.ndarray, material: Material) -> list[list[int]]:
    """Return for each question the articles it finds first that do not answer it."""
    found = rank(rows, material.statutes, material.asked)
    return [
        [row for row in first if row not in query.relevant][:WRONG_DEPTH]
        for first, query in zip(found, material.queries, strict=True)
    ]


def _questions_loss(
    weights: Any,
    material: Material,
    wrong: Sequence[Sequence[int]],
    dice: random.Random,
    numbers: np.random.Generator,
) -> Any:
    import torch
    from torch.nn import functional

    right = [dice.choice(query.relevant) for query in material.queries]
    hard = [dice.choice(rows) for rows in wrong for _ in range(WRONG_ARTICLES)]
    others = map(int, numbers.integers(0, len(material.statutes), RANDOM_ARTICLES))
    shown = list(dict.fromkeys([*right, *hard, *others]))
    place = {row: number for number, row in enumerate(shown)}
    scores = SCALE * (
        pool(weights, thin(material.asked, numbers, LEFT_OUT))
        @ pool(weights, thin([material.statutes[row] for row in shown], numbers, LEFT_OUT)).T
    )
    also = torch.zeros_like(scores, dtype=torch.bool)
    for number, (query, one) in enumerate(zip(material.queries, right, strict=True)):
        for row in query.relevant:
            if row != one and row in place:
                also[number, place[row]] = True
    return functional.cross_entropy(
        scores.masked_fill(also, -1e4), torch.tensor([place[row] for row in right])
    )


def _mixed_loss(
    weights: Any, material: Material, tokenize: Tokenize, dice: random.Random, numbers: np.random.Generator
) -> Any:
    rows = parts(material.articles, MIXED_ARTICLES, tokenize, dice)
    rows += parts(material.starter, MIXED_STARTER, tokenize, dice)
    rows += material.themes.sample(MIXED_CHAIR, dice)
    return contrast(weights, rows, material.themes, numbers, 0.0)
