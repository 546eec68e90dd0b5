"""The texts the built-in encoder learns from as tokens, and the pairs drawn of them.

Used by `benchmarks/train_encoder.py`. A pair is what is asked, what answers it, and the number of the
theme or article it belongs to; what is drawn depends on the texts and the seed alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from encoder_data import Article

SENTENCE_END = re.compile(r"(?<=[。；！？\n])")
HEAD_TOKENS, SENTENCE_TOKENS, ASKED_TOKENS, ANSWER_TOKENS, TEXT_TOKENS = 60, 200, 96, 160, 512
SHORTEST, PIECE = 5, (5, 19)
NAME_GIVEN, HEADED, ASKING, REST_ALONE = 0.2, 0.35, 0.6, 0.7
NUMBER = "第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十])?"
CITED = re.compile(
    rf"(?:《([^》]{{2,40}})》|(本(?:法|条例|办法|规定|解释|细则|规则|章程)))?((?:[、和或及与至到]?{NUMBER})+)"
)
STATE = "中华人民共和国"
NAME_BEFORE = 12
NO_SUBJECT = -1
QUESTIONS = (
    "怎么办", "有人管吗", "怎么写", "想问问", "有没有说法", "关于", "的事", "我们这儿", "是否", "可以吗",
    "如何", "什么是", "需要吗", "有什么规定", "怎么处理", "能不能", "会怎么样", "谁", "怎样认定", "有效吗",
    "应当承担什么责任", "哪些情况",
)  # fmt: skip

Tokens = Sequence[np.ndarray]
Tokenize = Callable[[Sequence[str], int], list[np.ndarray]]
Row = tuple[np.ndarray, np.ndarray, int]


@dataclass(frozen=True, slots=True)
class Texts:
    """Articles as tokens: their heads, names, sentences and whole texts, and words that ask."""

    heads: Tokens
    names: Tokens
    sentences: Sequence[Tokens]
    whole: Tokens
    questions: Tokens

    def sample(self, start: int, end: int, number: int, dice: np.random.Generator) -> list[Row]:
        """Return parts of as many articles of a range, each with what is left of its article."""
        drawn = (self._parted(int(row), dice) for row in dice.integers(start, end, number))
        return [
            (asked[:ASKED_TOKENS], answer[:ANSWER_TOKENS], NO_SUBJECT)
            for asked, answer in drawn
            if len(asked) and len(answer)
        ]

    def _parted(self, row: int, dice: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return a question-like part of an article and what is left of it; empty for one too short."""
        sentences, head = self.sentences[row], self.heads[row]
        if not sentences or (len(sentences) == 1 and len(sentences[0]) < SHORTEST):
            return head, head[:0]
        number = int(dice.integers(len(sentences)))
        chosen, whole = sentences[number], np.concatenate(sentences)
        others = [*sentences[:number], *sentences[number + 1 :]]
        rest = np.concatenate(others) if others and dice.random() < REST_ALONE else whole
        kind = dice.random()
        if kind < NAME_GIVEN and len(head):
            return head, whole
        if dice.random() < HEADED:
            rest = np.concatenate([head, rest])
        if kind < 2 * NAME_GIVEN:
            return np.concatenate([self.names[row], chosen]), rest
        return (chosen if kind < 3 * NAME_GIVEN and others else self._asking(chosen, dice)), rest

    def _asking(self, sentence: np.ndarray, dice: np.random.Generator) -> np.ndarray:
        """Return a run of a sentence's words, often with words that ask."""
        if len(sentence) > PIECE[0]:
            length = int(dice.integers(PIECE[0], min(PIECE[1], len(sentence) + 1)))
            start = int(dice.integers(len(sentence) - length + 1))
            sentence = sentence[start : start + length]
        if dice.random() < ASKING:
            sentence = np.concatenate([sentence, self.questions[dice.integers(len(self.questions))]])
        return sentence


def texts_of(articles: Sequence[Article], tokenize: Tokenize) -> Texts:
    """Return articles as tokens; what the encoder knows no word of is left out."""
    parts = [[part for part in SENTENCE_END.split(article.text) if part.strip()] for article in articles]
    tokens = iter(tokenize([part for sentences in parts for part in sentences], SENTENCE_TOKENS))
    sentences = [[said for _ in found if len(said := next(tokens))] for found in parts]
    return Texts(
        tokenize([article.head for article in articles], HEAD_TOKENS),
        tokenize([article.head.split(" ")[0] for article in articles], HEAD_TOKENS),
        sentences,
        tokenize([f"{article.head} {article.text}" for article in articles], TEXT_TOKENS),
        tokenize(QUESTIONS, HEAD_TOKENS),
    )


def citations(articles: Sequence[Article]) -> list[tuple[int, int]]:
    """Return which article names which other by law and number, in order.

    Who cites tells a case, what is cited a rule: that is what a question and its answer are like.
    """
    rows: dict[tuple[str, str], int] = {}
    for row, article in enumerate(articles):
        law, _, number = article.head.partition(" ")
        rows.setdefault((law.removeprefix(STATE), number), row)
    laws = {law for law, _ in rows}
    return sorted(
        {
            (row, cited)
            for row, article in enumerate(articles)
            for law, number in _cited(article, laws)
            if (cited := rows.get((law, number), row)) != row
        }
    )


def _cited(article: Article, laws: set[str]) -> Iterator[tuple[str, str]]:
    own = article.head.partition(" ")[0].removeprefix(STATE)
    for match in CITED.finditer(article.text):
        before = article.text[max(0, match.start() - NAME_BEFORE) : match.start()]
        endings = (before[start:] for start in range(len(before)))
        named = match.group(1) or ("" if match.group(2) else next(filter(laws.__contains__, endings), None))
        if named is not None:
            for number in re.findall(NUMBER, match.group(3)):
                yield named.removeprefix(STATE) or own, number
