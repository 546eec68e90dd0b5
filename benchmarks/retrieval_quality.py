"""How well the product's own search finds: keywords, meaning and both, over any corpus and queries.

    python benchmarks/retrieval_quality.py QUERIES.jsonl --corpus CORPUS.jsonl [--head law article]
    python benchmarks/retrieval_quality.py benchmarks/data/union_queries.jsonl [--add FOLDER ...]

A corpus line is an object with `text`, an optional `id` (else its line number, from 0) and whatever fields
`--head` names as its heading. Without `--corpus` the starter library is searched, and what `--add` imports.
A query line has `query` and either `relevant` (a list of ids) or `answer` (a regular expression that a
passage must hold) with an optional list `org_types`; lines of one `set` are counted together. Files may be
packed as .xz. Prints R@5/10/20/100, MRR@10, nDCG@10 and success@5 (the share of queries with an answer
among the first five).
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from encoder_data import read_queries, split_for_settings, split_randomly, split_strictly  # noqa: E402

from index.embed import StaticEncoder, load_encoder  # noqa: E402
from index.fulltext import FullText  # noqa: E402
from index.indexing import entry_of, passage_text  # noqa: E402
from index.library import Library  # noqa: E402
from index.search import Sources, find, lexical, semantic  # noqa: E402
from index.types import Encoder, Filters, Passage, PassageKind  # noqa: E402
from index.vectors import FaissStore  # noqa: E402
from index.wish import read  # noqa: E402

DEPTH = 100
CUTS = (5, 10, 20, 100)
EVERYTHING = Filters()
SPLITS = {"random": split_randomly, "settings": split_for_settings, "strict": split_strictly}
Ranker = Callable[[str], list[int]]


@dataclass(frozen=True, slots=True)
class Question:
    """A query, the passages that answer it and the set it is counted in."""

    text: str
    relevant: frozenset[int]
    group: str = ""


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON lines file, packed as .xz or not."""
    data = path.read_bytes()
    text = (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def encoder_of(name: str) -> Encoder:
    """Return the built-in encoder for "", one trained like it from its folder, or any other by name."""
    folder = Path(name or ".")
    static = (
        name and (folder / "config.json").exists() and "model2vec" in (folder / "config.json").read_text()
    )
    return StaticEncoder(folder) if static else load_encoder(name)


def passages_of(
    rows: Iterable[Mapping[str, Any]], head: Sequence[str]
) -> tuple[list[Passage], dict[Any, int]]:
    """Return a passage a row, each a document of its own, and which passage each row's id became."""
    passages, numbers = [], {}
    for number, row in enumerate(rows):
        trail = " ".join(str(row[name]) for name in head if row.get(name))
        numbers[row.get("id", number)] = number
        passages.append(
            Passage(number, str(number), "", None, None, None, None, None, PassageKind.PROSE, trail,
                    str(row["text"]), 0, 0, origin="starter")
        )  # fmt: skip
    return passages, numbers


def library_passages(folder: Path, encoder: Encoder, added: Sequence[Path]) -> list[Passage]:
    """Return the passages of the starter library and of what is imported beside it."""
    with Library.open(folder, encoder) as library:
        for _ in library.add(added):
            pass
        return library.passages(limit=1_000_000)


def questions_of(
    rows: Iterable[Mapping[str, Any]], passages: Sequence[Passage], numbers: Mapping[Any, int]
) -> list[Question]:
    """Return the queries with their answers as passage ids; those without any answer are left out."""
    questions = []
    for row in rows:
        if "relevant" in row:
            relevant = frozenset(numbers[id_] for id_ in row["relevant"])
        else:
            relevant = frozenset(_answering(row, passages))
        if relevant:
            questions.append(Question(row["query"], relevant, row.get("set", "")))
    return questions


def _answering(row: Mapping[str, Any], passages: Sequence[Passage]) -> Iterable[int]:
    answer, orgs = re.compile(row["answer"]), row.get("org_types", ())
    for passage in passages:
        if answer.search(passage_text(passage)) and (not orgs or passage.org_type in orgs):
            yield passage.id


def sources_over(folder: Path, passages: Sequence[Passage], encoder: Encoder, judged: bool = True) -> Sources:
    """Return both indexes over the passages, built in the folder; `judged` as in `Sources`."""
    fulltext = FullText(folder / "fulltext")
    fulltext.add(map(entry_of, passages))
    store = FaissStore(folder / "vectors", encoder.dim, encoder.name)
    ids = np.array([passage.id for passage in passages], np.int64)
    store.add(ids, encoder.encode_passages([passage_text(passage) for passage in passages]))
    known = {passage.id: passage for passage in passages}
    of_org: dict[Any, list[int]] = {}
    for passage in passages:
        of_org.setdefault(passage.org_type, []).append(passage.id)
    sorted_out = {org: np.array(members, np.int64) for org, members in of_org.items()}

    def within(filters: Filters) -> Any:
        kept = [sorted_out[org] for org in filters.org_types if org in sorted_out]
        return np.concatenate(kept) if kept else ids[:0]

    return Sources(
        fulltext,
        store,
        encoder,
        lambda wanted: {i: known[i] for i in wanted if i in known},
        within,
        judged=judged,
    )


def rankers(sources: Sources) -> dict[str, Ranker]:
    """Return the three ways to search, each from a query to passage ids."""
    return {
        "keywords": lambda text: [i for i, _ in lexical(sources.fulltext, read(text), DEPTH, EVERYTHING)],
        "meaning": lambda text: [i for i, _ in semantic(sources, read(text).text, DEPTH, EVERYTHING)],
        "both": lambda text: [hit.passage.id for hit in find(text, DEPTH, EVERYTHING, sources).hits],
    }


def figures(found: Sequence[Sequence[int]], questions: Sequence[Question]) -> dict[str, float]:
    """Return the mean of each measure over the questions."""
    pairs = list(zip(found, questions, strict=True))
    recalls = {
        f"R@{cut}": [len(set(ids[:cut]) & q.relevant) / len(q.relevant) for ids, q in pairs] for cut in CUTS
    }
    first = [next((1 / n for n, id_ in enumerate(ids[:10], 1) if id_ in q.relevant), 0.0) for ids, q in pairs]
    hits = [float(any(id_ in q.relevant for id_ in ids[:5])) for ids, q in pairs]
    values = {**recalls, "MRR@10": first, "nDCG@10": [_gain(*pair) for pair in pairs], "success@5": hits}
    return {name: float(np.mean(numbers)) for name, numbers in values.items()}


def _gain(ids: Sequence[int], question: Question) -> float:
    got = sum(1 / math.log2(n + 1) for n, id_ in enumerate(ids[:10], 1) if id_ in question.relevant)
    best = sum(1 / math.log2(n + 1) for n in range(1, min(10, len(question.relevant)) + 1))
    return got / best


def compare(sources: Sources, questions: Sequence[Question]) -> dict[str, dict[str, float]]:
    """Return the measures of each way to search."""
    return {
        name: figures([ranker(question.text) for question in questions], questions)
        for name, ranker in rankers(sources).items()
    }


def table(results: Mapping[str, Mapping[str, float]]) -> str:
    """Return the measures as a Markdown table, a way to search a row."""
    names = list(next(iter(results.values())))
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    lines += [
        f"| {way} | " + " | ".join(f"{row[name]:.3f}" for name in names) + " |"
        for way, row in results.items()
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("queries", type=Path)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--head", nargs="*", default=[], help="fields of a corpus line that head its text")
    parser.add_argument(
        "--add", nargs="*", type=Path, default=[], help="folders to import beside the starter"
    )
    parser.add_argument("--encoder", default="", help="a sentence-transformers folder, or a static one")
    parser.add_argument("--held-out", choices=SPLITS, help="only the fifth that a split left out")
    options = parser.parse_args()
    encoder = encoder_of(options.encoder)
    rows = rows_of(options.queries)
    if options.held_out:
        held = {query.text for query in SPLITS[options.held_out](read_queries(options.queries))[1]}
        rows = [row for row in rows if row["query"] in held]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if options.corpus:
            passages, numbers = passages_of(rows_of(options.corpus), options.head)
        else:
            passages, numbers = library_passages(folder / "library", encoder, options.add), {}
        questions = questions_of(rows, passages, numbers)
        sources = sources_over(folder, passages, encoder, judged=not options.corpus)
        print(f"{len(passages)} passages, {encoder.name}")
        for group in dict.fromkeys(question.group for question in questions):
            members = [question for question in questions if question.group == group]
            print(f"\n{group or 'all'}: {len(members)} queries\n\n{table(compare(sources, members))}")


if __name__ == "__main__":
    main()
