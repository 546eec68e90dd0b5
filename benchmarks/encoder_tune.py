"""The training of the built-in encoder: words and a map of questions, learnt together.

Used by `benchmarks/train_encoder.py`. A passage is the mean of its words' rows. A question is that mean
turned by one square matrix, so what a thousand questions teach about asking holds for words they never used.
A step shows parts of articles and of starter passages, articles with what they cite, and a chair's ways of
asking, each to be told from all other answers. In the second stage it also shows every training question,
each with one article that answers it, articles it wrongly ranks high and random ones. Words are left out at
random, which keeps the questions from being learnt by heart.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from encoder_data import Query
from encoder_texts import ANSWER_TOKENS, Row, Texts, Tokens
from encoder_themes import ThemeTokens

SCALE, SLOWEST = 20.0, 0.02
RANDOM_ARTICLES, WRONG_ARTICLES, WRONG_DEPTH, MINED_EVERY = 1000, 2, 30, 20
WORDS_LEFT_OUT, OTHER_WORDS_LEFT_OUT = 0.55, 0.1
CITING_TOKENS, CITED_SUBJECT = 40, -2

Report = Callable[[str, np.ndarray, np.ndarray], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """How long to learn, at what rates, and how much of each kind a step shows beside the questions, if any.

    `row_rate` is a share of the rows' mean size.
    """

    steps: int
    row_rate: float
    map_rate: float
    statutes: int
    local: int
    starter: int
    citations: int
    themes: int


TEXTS_FIRST = Stage(220, 0.03, 0.0, statutes=1100, local=400, starter=200, citations=200, themes=350)
THEN_QUESTIONS = Stage(30, 0.03, 4e-3, statutes=150, local=50, starter=120, citations=60, themes=600)


@dataclass(frozen=True, slots=True)
class Material:
    """What is learnt from: questions with their tokens; texts, statutes first, then local regulations, then
    starter passages; which article cites which; the themes.
    """

    queries: Sequence[Query]
    asked: Tokens
    texts: Texts
    statutes: int
    local: int
    citations: Sequence[tuple[int, int]]
    themes: ThemeTokens

    def sample(self, stage: Stage, dice: np.random.Generator, choices: random.Random) -> list[Row]:
        """Return what one step shows beside the questions."""
        local = self.statutes + self.local
        rows = self.texts.sample(0, self.statutes, stage.statutes, dice)
        rows += self.texts.sample(self.statutes, local, stage.local, dice)
        rows += self.texts.sample(local, len(self.texts.whole), stage.starter, dice)
        for place in dice.integers(0, len(self.citations), stage.citations):
            rows += self._cited(*self.citations[place], dice)
        return rows + self.themes.sample(stage.themes, choices)

    def _cited(self, citing: int, cited: int, dice: np.random.Generator) -> list[Row]:
        if not self.texts.sentences[citing] or not len(self.texts.whole[cited]):
            return []
        words = np.concatenate(self.texts.sentences[citing])
        start = int(dice.integers(0, max(1, len(words) - CITING_TOKENS)))
        answer = self.texts.whole[cited][:ANSWER_TOKENS]
        return [(words[start : start + CITING_TOKENS], answer, CITED_SUBJECT - cited)]


class Learner:
    """The rows and the map of questions while they learn."""

    def __init__(self, tokenizer: Any, rows: np.ndarray) -> None:
        import torch
        from sentence_transformers.sentence_transformer.modules import StaticEmbedding

        self._words = StaticEmbedding(tokenizer, embedding_weights=rows)
        self._map = torch.nn.Parameter(torch.eye(rows.shape[1]))

    def groups(self, stage: Stage) -> list[dict[str, Any]]:
        """Return what Adam moves, with the highest rate of each."""
        rows = self._words.embedding.weight
        size = float(rows.detach().abs().mean())
        return [
            {"params": [rows], "peak": stage.row_rate * size},
            {"params": [self._map], "peak": stage.map_rate},
        ]

    def answers(self, items: Tokens) -> Any:
        """Return the mean row of each item, scaled to length 1."""
        from torch.nn import functional

        return functional.normalize(self._mean(items), dim=1)

    def asked(self, items: Tokens) -> Any:
        """Return the mean row of each item, mapped as a question is and scaled to length 1."""
        from torch.nn import functional

        return functional.normalize(self._mean(items) @ self._map, dim=1)

    def result(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows and the map."""
        rows: np.ndarray = self._words.embedding.weight.detach().numpy().copy()
        return rows, self._map.detach().numpy().copy()

    def _mean(self, items: Tokens) -> Any:
        import torch

        offsets = np.concatenate([[0], np.cumsum([len(item) for item in items])[:-1]])
        features = {
            "input_ids": torch.from_numpy(np.concatenate(items).astype(np.int64)),
            "offsets": torch.from_numpy(offsets),
        }
        return self._words(features)["sentence_embedding"]


def learn(
    rows: np.ndarray, tokenizer: Any, material: Material, stage: Stage, seed: int, report: Report
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows and the map of questions after a stage of Adam at rates that fall to nothing.

    Training questions are shown where the map is to learn.
    """
    import torch

    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    learner = Learner(tokenizer, rows)
    optimizer = torch.optim.Adam(learner.groups(stage), lr=0.0, fused=True)
    dice, choices = np.random.default_rng(seed), random.Random(seed)
    wrong: list[list[int]] = []
    for step in range(stage.steps):
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * max(SLOWEST, 1 - step / stage.steps)
        loss = _others_loss(learner, material.sample(stage, dice, choices), material.themes, dice)
        if stage.map_rate:
            if step % MINED_EVERY == 0:
                wrong = _mined(*learner.result(), material)
            loss += _questions_loss(learner, material, wrong, dice, choices)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    report(f"{stage.steps} steps, loss {loss.item():.3f}", *learner.result())
    return learner.result()


def thin(items: Tokens, dice: np.random.Generator, share: float) -> list[np.ndarray]:
    """Return the items with that share of their words left out at random, never all."""
    thinned = (item[dice.random(len(item)) >= share] for item in items)
    return [left if len(left) else item for left, item in zip(thinned, items, strict=True)]


def pooled(rows: np.ndarray, items: Tokens) -> np.ndarray:
    """Return the mean row of each item, scaled to length 1."""
    out = np.zeros((len(items), rows.shape[1]), np.float32)
    for number, item in enumerate(items):
        if len(item):
            out[number] = rows[item].mean(axis=0)
    return _unit(out)


def rank(
    rows: np.ndarray, turned: np.ndarray, documents: Tokens, questions: Tokens, depth: int = 100
) -> list[list[int]]:
    """Return the numbers of the nearest `depth` documents of each question, whose means are `turned`."""
    scores = _unit(pooled(rows, questions) @ turned) @ pooled(rows, documents).T
    return [list(map(int, np.argsort(-row, kind="stable")[:depth])) for row in scores]


def _unit(rows: np.ndarray) -> np.ndarray:
    unit: np.ndarray = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)
    return unit


def _mined(rows: np.ndarray, turned: np.ndarray, material: Material) -> list[list[int]]:
    """Return for each question the articles it finds first that do not answer it."""
    found = rank(rows, turned, material.texts.whole[: material.statutes], material.asked)
    return [
        [row for row in first if row not in query.relevant][:WRONG_DEPTH]
        for first, query in zip(found, material.queries, strict=True)
    ]


def _questions_loss(
    learner: Learner,
    material: Material,
    wrong: Sequence[Sequence[int]],
    dice: np.random.Generator,
    choices: random.Random,
) -> Any:
    """Return the loss of finding each question's article among right, wrong and random ones."""
    import torch
    from torch.nn import functional

    right = [choices.choice(query.relevant) for query in material.queries]
    hard = [choices.choice(rows) for rows in wrong for _ in range(WRONG_ARTICLES)]
    others = map(int, dice.integers(0, material.statutes, RANDOM_ARTICLES))
    shown = list(dict.fromkeys([*right, *hard, *others]))
    place = {row: number for number, row in enumerate(shown)}
    asked = learner.asked(thin(material.asked, dice, WORDS_LEFT_OUT))
    answers = learner.answers(thin([material.texts.whole[row] for row in shown], dice, WORDS_LEFT_OUT))
    also = np.zeros((len(right), len(shown)), bool)
    for number, query in enumerate(material.queries):
        also[number, [place[row] for row in query.relevant if row in place]] = True
    also[np.arange(len(right)), [place[row] for row in right]] = False
    scores = (SCALE * asked @ answers.T).masked_fill(torch.from_numpy(also), -1e4)
    return functional.cross_entropy(scores, torch.tensor([place[row] for row in right]))


def _others_loss(
    learner: Learner, rows: Sequence[Row], themes: ThemeTokens, dice: np.random.Generator
) -> Any:
    """Return the loss of finding what answers each row's question among the answers of all."""
    import torch
    from torch.nn import functional

    asked, answers = (thin([row[side] for row in rows], dice, OTHER_WORDS_LEFT_OUT) for side in (0, 1))
    scores = SCALE * learner.asked(asked) @ learner.answers(answers).T
    masked = scores.masked_fill(torch.from_numpy(themes.confusable(rows)), -1e4)
    return functional.cross_entropy(masked, torch.arange(len(rows)))
