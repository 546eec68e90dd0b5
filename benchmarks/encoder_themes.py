"""A chair's ways of asking by subject as the built-in encoder learns them: everyday words and their answers.

Used by `benchmarks/train_encoder.py`. Statutes hardly hold the words of a chair (跑单, 手头紧), so their
first vectors are noise. Each is moved towards what answers the ways of asking it occurs in, the more the
rarer it is elsewhere. Subjects that share a telling word are no wrong answers to each other.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from encoder_data import Theme
from encoder_texts import ANSWER_TOKENS, NO_SUBJECT, Row, Tokenize, Tokens

RARE = 30
FEW_THEMES, TELLING = 6, range(3, 9)
CHATTER = 0.3
CHATTERS = ("怎么办", "有人管吗", "怎么写", "想问问", "有没有说法", "关于", "的事", "我们这儿")


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
        """Return which answers are no wrong ones to which questions, the right one aside.

        A negative subject other than `NO_SUBJECT` is alike only to itself.
        """
        themes = np.array([theme for _, _, theme in rows])
        known = np.maximum(themes, 0)
        same = self.alike[known][:, known] & (themes >= 0)[:, None] & (themes >= 0)[None]
        same |= (themes[:, None] == themes[None]) & (themes < NO_SUBJECT)[:, None]
        np.fill_diagonal(same, False)
        return same


def tokens_of(themes: Sequence[Theme], tokenize: Tokenize) -> ThemeTokens:
    """Return the themes as tokens; what the encoder knows no word of is left out."""

    def known(texts: Sequence[str]) -> Tokens:
        return [tokens for tokens in tokenize(texts, ANSWER_TOKENS) if len(tokens)]

    answers = [known(theme.answers) for theme in themes]
    asked = [
        (number, tokens)
        for number, theme in enumerate(themes)
        for tokens in known(theme.asked)
        if answers[number]
    ]
    chatter = known(CHATTERS)
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
