"""What the built-in encoder is trained on: articles, starter passages, themes, and the questions' two splits.

Used by `benchmarks/train_encoder.py`.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import random
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

PRECEDENTS_FOUND = 6
QUERY_FOLD = 5
STRICT_SEED = 20261121


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


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def read_queries(path: Path) -> list[Query]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Query(row["query"], tuple(row["relevant"])) for row in rows]


def split_randomly(queries: Sequence[Query]) -> tuple[list[Query], list[Query]]:
    """Return four fifths to train with and the fifth to measure with, drawn by a hash of each question."""
    drawn = sorted(queries, key=lambda query: hashlib.sha256(query.text.encode()).digest())
    held = len(queries) // QUERY_FOLD
    return drawn[held:], drawn[:held]


def split_for_settings(queries: Sequence[Query]) -> tuple[list[Query], list[Query]]:
    """Return three fifths to train with and another fifth to choose settings by, without the measured one."""
    kept, held = split_randomly(queries)
    return kept[len(held) :], kept[: len(held)]


def split_strictly(queries: Sequence[Query]) -> tuple[list[Query], list[Query]]:
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
    random.Random(STRICT_SEED).shuffle(order)
    train: list[Query] = []
    held: list[Query] = []
    for key in order:
        (held if len(held) < len(queries) / QUERY_FOLD else train).extend(groups[key])
    return train, held
