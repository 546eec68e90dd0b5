"""What the built-in encoder is trained on: articles, starter passages, questions, and the pairs made of them.

Used by `benchmarks/train_encoder.py`. The rows of an epoch depend on the data and the seed alone.
"""

from __future__ import annotations

import json
import lzma
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

QUERY_WEIGHT = 6
ANSWERS, PRECEDENTS, PRECEDENTS_FOUND = 4, 4, 6
CHATTER = 0.3
QUERY_FOLD = 5
CHATTERS = (
    "{}怎么办",
    "{}有人管吗",
    "{}怎么写",
    "想问问{}",
    "{}有没有说法",
    "关于{}",
    "{}的事",
    "我们这儿{}",
)
SENTENCE_END = re.compile(r"(?<=[。；！？\n])")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Article:
    """One article: `head` names it, `text` is its body."""

    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Theme:
    """One subject: ways of asking for it, what answers them, its own words and starter passages on it."""

    asked: tuple[str, ...]
    answers: tuple[str, ...]
    words: str
    precedents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the rows of the statutes that answer it."""

    text: str
    relevant: tuple[int, ...]


def read_articles(path: Path) -> list[Article]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Article(f"{row['law']} {row['article']}", row["text"]) for row in rows]


def read_starter(folder: Path) -> list[Article]:
    """Return the starter documents cut at their headings; the heading is the head."""
    articles = []
    for path in sorted(folder.glob("*.md")):
        text = re.sub(r"\A---\n.*?\n---\n|\A\+\+\+\n.*?\n\+\+\+\n", "", path.read_text("utf-8"), flags=re.S)
        head = ""
        for line in filter(None, map(str.strip, text.splitlines())):
            if re.match(r"#|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）", line) and len(line) < 40:
                head = line.lstrip("# ")
            elif len(line) >= 12:
                articles.append(Article(head, line))
    return articles


def read_themes(folder: Path) -> list[Theme]:
    """Return a chair's ways of asking by topic, and everyday words with the words plans use for them."""
    rows = [line.split("\t") for line in _lines(folder / "chair_pairs.tsv")]
    themes = []
    for topic in dict.fromkeys(row[0] for row in rows):
        asked = [row[1] for row in rows if row[0] == topic]
        answers = [row[2] for row in rows if row[0] == topic]
        themes.append(
            Theme(tuple(dict.fromkeys(asked)), tuple(dict.fromkeys(answers)), f"{topic} {asked[0]}")
        )
    for everyday, formal in (line.split("\t") for line in _lines(folder / "plain_words.tsv")):
        themes.append(Theme(tuple(everyday.split()), (formal, *formal.split()), formal))
    return themes


def with_precedents(themes: Sequence[Theme], starter: Sequence[Article]) -> list[Theme]:
    """Return the themes with the starter passages that the keyword index finds for their own words."""
    from index.fulltext import Entry, FullText

    with tempfile.TemporaryDirectory() as folder:
        index = FullText(Path(folder))
        index.add(Entry(number, f"{article.head} {article.text}") for number, article in enumerate(starter))
        found = [index.search(theme.words, PRECEDENTS_FOUND) for theme in themes]
    return [
        replace(theme, precedents=tuple(f"{starter[row].head} {starter[row].text}" for row, _ in rows))
        for theme, rows in zip(themes, found, strict=True)
    ]


def theme_pairs(themes: Sequence[Theme], dice: random.Random) -> Iterator[tuple[str, str, int]]:
    """Yield questions with answers and precedents of their theme, and the theme's number."""
    for number, theme in enumerate(themes):
        for asked in theme.asked:
            answers = dice.choices(theme.answers, k=ANSWERS)
            answers += dice.choices(theme.precedents, k=PRECEDENTS) if theme.precedents else []
            for answer in answers:
                said = dice.choice(CHATTERS).format(asked) if dice.random() < CHATTER else asked
                yield said, answer, number


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def read_queries(path: Path) -> list[Query]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Query(row["query"], tuple(row["relevant"])) for row in rows]


def split_queries(queries: Sequence[Query], seed: int) -> tuple[list[Query], list[Query]]:
    """Return training and held-out queries; queries that share an article stay on one side."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for query in queries:
        for row in query.relevant[1:]:
            parent[root(row)] = root(query.relevant[0])
    groups: dict[int, list[Query]] = {}
    for query in queries:
        groups.setdefault(root(query.relevant[0]), []).append(query)
    order = sorted(groups)
    random.Random(seed).shuffle(order)
    train: list[Query] = []
    held: list[Query] = []
    for key in order:
        (held if len(held) < len(queries) / QUERY_FOLD else train).extend(groups[key])
    return train, held


def halves(article: Article, dice: random.Random) -> Pair | None:
    """Return a question-like part of an article and what is left of it, or None for one too short."""
    sentences = [part for part in SENTENCE_END.split(article.text) if part.strip()]
    name = article.head.split(" ")[0]
    if len(sentences) < 2:
        return (article.head, article.text) if len(article.text) >= 12 else None
    chosen = dice.randrange(len(sentences))
    rest = "".join(sentences[:chosen] + sentences[chosen + 1 :])
    kind = dice.random()
    if kind < 0.25:
        return article.head, article.text
    question = sentences[chosen] if kind < 0.75 else name + " " + sentences[chosen]
    return question, (rest if dice.random() < 0.8 else article.text)


def pairs_of_epoch(
    groups: Sequence[tuple[Sequence[Article], int]],
    queries: Sequence[Query],
    statutes: Sequence[Article],
    themes: Sequence[Theme],
    dice: random.Random,
) -> Iterator[Pair]:
    """Yield the question and answer pairs of one epoch, in order: articles, questions, a chair's own."""
    for articles, weight in groups:
        for article in articles:
            for _ in range(weight):
                if pair := halves(article, dice):
                    yield pair
    for query in queries:
        for _ in range(QUERY_WEIGHT):
            article = statutes[dice.choice(query.relevant)]
            yield query.text, (article.head + " " + article.text if dice.random() < 0.5 else article.text)
    for asked, answer, _ in theme_pairs(themes, dice):
        yield asked, answer
