"""The middle stage of training the built-in encoder: everyday words learn the subjects they stand for.

Used by `benchmarks/train_encoder.py`. Statutes hardly hold the words of a chair (跑单, 手头紧), so their
first vectors are noise. Each is first moved towards what answers the ways of asking it occurs in, the more
the rarer it is elsewhere; then ways of asking are set against answers of all subjects, beside articles and
starter passages. Subjects that share a telling word are no wrong answers to each other.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from encoder_data import CHATTER, CHATTERS, Article, Theme, halves

RARE = 30
FEW_THEMES, TELLING = 6, range(3, 9)
ASKED, ARTICLES, STARTER = 900, 400, 400
LEFT_OUT = 0.15
SCALE = 20.0
SLOWEST = 0.02
SHOWN_EVERY = 50

Tokens = Sequence[np.ndarray]
Tokenize = Callable[[Sequence[str], int], list[np.ndarray]]
Row = tuple[np.ndarray, np.ndarray, int]


@dataclass(frozen=True, slots=True)
class ThemeTokens:
    """The themes as tokens: ways of asking with their theme's number, what answers each theme, its starter
    passages, what people say around a subject, and which themes are alike (a square of truth values).
    """

    asked: Sequence[tuple[int, np.ndarray]]
    answers: Sequence[Tokens]
    precedents: Sequence[Tokens]
    chatter: Tokens
    alike: np.ndarray

    def sample(self, number: int, dice: random.Random) -> list[Row]:
        """Return ways of asking, each with one thing that answers it and its theme."""
        rows = []
        for theme, said in dice.sample(list(self.asked), min(number, len(self.asked))):
            found = self.precedents[theme] if dice.random() < 0.5 else ()
            answer = dice.choice(found or self.answers[theme])
            asked = np.concatenate([said, dice.choice(self.chatter)]) if dice.random() < CHATTER else said
            rows.append((asked, answer, theme))
        return rows

    def confusable(self, rows: Sequence[Row]) -> np.ndarray:
        """Return which answers are no wrong ones to which questions, the right one aside."""
        themes = np.array([theme for _, _, theme in rows])
        same = self.alike[themes][:, themes] & (themes >= 0)[:, None] & (themes >= 0)[None]
        np.fill_diagonal(same, False)
        return same


def tokens_of(themes: Sequence[Theme], tokenize: Tokenize) -> ThemeTokens:
    """Return the themes as tokens; what the encoder knows no word of is left out."""

    def known(texts: Sequence[str]) -> Tokens:
        return [tokens for tokens in tokenize(texts, 160) if len(tokens)]

    answers = [known(theme.answers) for theme in themes]
    asked = [
        (number, tokens)
        for number, theme in enumerate(themes)
        for tokens in known(theme.asked)
        if answers[number]
    ]
    chatter = known([text.replace("{}", "") for text in CHATTERS])
    precedents = [known(theme.precedents) for theme in themes]
    return ThemeTokens(asked, answers, precedents, chatter, _alike(themes))


def _alike(themes: Sequence[Theme]) -> np.ndarray:
    """Return which themes share a word that answers few themes."""
    telling = [
        {word for text in theme.answers for word in text.split() if len(word) in TELLING} for theme in themes
    ]
    counts = Counter(word for words in telling for word in words)
    alike = np.eye(len(themes), dtype=bool)
    for word in (word for word, count in counts.items() if count <= FEW_THEMES):
        sharing = [number for number, words in enumerate(telling) if word in words]
        alike[np.ix_(sharing, sharing)] = True
    return alike


def drawn(rows: np.ndarray, themes: ThemeTokens, counts: np.ndarray) -> np.ndarray:
    """Return the rows with rare words of the ways of asking moved to what answers them.

    `counts` is how often each word occurs in the texts. A word of many subjects moves less.
    """
    pull, weight = np.zeros_like(rows), np.zeros(len(rows), np.float32)
    centres = [
        _centre(rows, [*answers, *found])
        for answers, found in zip(themes.answers, themes.precedents, strict=True)
    ]
    for theme, said in themes.asked:
        for word in set(said.tolist()):
            pull[word] += centres[theme] / len(said)
            weight[word] += 1 / len(said)
    lengths, norms = np.linalg.norm(pull, axis=1), np.linalg.norm(rows, axis=1)
    usual = float(np.median(norms[counts < RARE]))
    moved = rows.copy()
    for word in np.nonzero(weight)[0]:
        share = RARE / (RARE + counts[word]) * (lengths[word] / weight[word]) ** 2
        target = pull[word] / (lengths[word] + 1e-9) * max(norms[word], usual)
        moved[word] = (1 - share) * rows[word] + share * target
    return moved


def _centre(rows: np.ndarray, texts: Tokens) -> np.ndarray:
    means = np.array([rows[tokens].mean(axis=0) for tokens in texts] or [np.zeros(rows.shape[1])], np.float32)
    centre = (means / (np.linalg.norm(means, axis=1, keepdims=True) + 1e-9)).mean(axis=0)
    return centre / (np.linalg.norm(centre) + 1e-9)


def pool(weights: Any, items: Tokens) -> Any:
    """Return the mean row of each item, scaled to length 1, as a tensor that learns."""
    import torch
    from torch.nn import functional

    starts = np.concatenate([[0], np.cumsum([len(item) for item in items])[:-1]])
    tokens = torch.from_numpy(np.concatenate(items).astype(np.int64))
    bags = functional.embedding_bag(tokens, weights, torch.from_numpy(starts), mode="mean")
    return functional.normalize(bags, dim=1)


def thin(items: Tokens, numbers: np.random.Generator, share: float) -> list[np.ndarray]:
    """Return the items with that share of their words left out at random, never all."""
    thinned = (item[numbers.random(len(item)) >= share] for item in items)
    return [left if len(left) else item for left, item in zip(thinned, items, strict=True)]


def parts(articles: Sequence[Article], number: int, tokenize: Tokenize, dice: random.Random) -> list[Row]:
    """Return parts of articles chosen at random, each with the rest of its article, of no theme."""
    pairs = [pair for article in dice.sample(articles, number) if (pair := halves(article, dice))]
    left, right = tokenize([a for a, _ in pairs], 96), tokenize([b for _, b in pairs], 160)
    return [(a, b, -1) for a, b in zip(left, right, strict=True) if len(a) and len(b)]


def contrast(
    weights: Any, rows: Sequence[Row], themes: ThemeTokens, numbers: np.random.Generator, share: float
) -> Any:
    """Return the loss of finding each question's answer among those of all rows."""
    import torch
    from torch.nn import functional

    asked = pool(weights, thin([row[0] for row in rows], numbers, share))
    scores = SCALE * asked @ pool(weights, [row[1] for row in rows]).T
    masked = scores.masked_fill(torch.from_numpy(themes.confusable(rows)), -1e4)
    return functional.cross_entropy(masked, torch.arange(len(rows)))


def teach(
    rows: np.ndarray,
    themes: ThemeTokens,
    articles: Sequence[Article],
    starter: Sequence[Article],
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
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rate * max(SLOWEST, 1 - step / steps)
        shown = themes.sample(ASKED, dice)
        shown += parts(articles, ARTICLES, tokenize, dice) + parts(starter, STARTER, tokenize, dice)
        loss = contrast(weights, shown, themes, numbers, LEFT_OUT)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if (step + 1) % SHOWN_EVERY == 0:
            report(f"themes, step {step + 1}: loss {loss.item():.3f}", weights.detach().numpy())
    return weights.detach().numpy().copy()
