"""Train the built-in encoder on this machine's CPU, the same weights for the same data and seed.

    python benchmarks/train_encoder.py DATA_FOLDER [--output index/encoder] [--split strict]

DATA_FOLDER holds statutes.jsonl.xz and local_regulations.jsonl.xz (`law`, `article`, `text` a line) and
statute_queries.jsonl (`query`, `relevant` row numbers of statutes.jsonl). The starter library and
benchmarks/data/chair_pairs.tsv and plain_words.tsv join them. Steps: 1) words of the corpus become a Unigram
vocabulary, 2) latent semantic analysis gives each word a first vector with its SIF weight folded in,
3) contrastive training moves the vectors, first over all texts, then with the questions, and learns the map
that turns a question (encoder_tune.py), 4) rows are stored as int8 with a scale each, the map as float16.
No text of the data is in the result, only single words and numbers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from encoder_data import (
    Article,
    Query,
    Theme,
    read_articles,
    read_queries,
    read_starter,
    read_themes,
    with_precedents,
)
from encoder_texts import TEXT_TOKENS, citations, texts_of
from encoder_themes import drawn, tokens_of
from encoder_tune import TEXTS_FIRST, THEN_QUESTIONS, Material, learn, rank
from encoder_words import (
    DIMENSIONS,
    SIF,
    STARTER_WEIGHT,
    THREADS,
    VOCABULARY,
    build_tokenizer,
    encode,
    first_vectors,
)
from retrieval_quality import SPLITS, Question, compare, encoder_of, passages_of, sources_over, table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

OWN_DATA = ROOT / "benchmarks" / "data"


@dataclass(frozen=True, slots=True)
class Data:
    """What is read: statutes, local regulations, starter passages, themes, questions to train with or not."""

    statutes: list[Article]
    local: list[Article]
    starter: list[Article]
    themes: list[Theme]
    questions: list[Query]
    held: list[Query]

    @property
    def articles(self) -> list[Article]:
        """All texts, statutes first."""
        return [*self.statutes, *self.local, *self.starter]


def _spoken(themes: Sequence[Theme]) -> list[Article]:
    return [Article(" ".join(theme.asked), " ".join(theme.answers)) for theme in themes]


def read_data(folder: Path, split: str) -> Data:
    """Return everything the training reads."""
    starter = read_starter(ROOT / "index" / "starter")
    return Data(
        read_articles(folder / "statutes.jsonl.xz"),
        read_articles(folder / "local_regulations.jsonl.xz"),
        starter,
        with_precedents(read_themes(OWN_DATA), starter),
        *SPLITS[split](read_queries(folder / "statute_queries.jsonl")),
    )


# Result ---------------------------------------------------------------------------------------------


def recall(ranked: Sequence[Sequence[int]], queries: Sequence[Query], k: int) -> float:
    """Return the mean share of a query's relevant rows among its first `k`."""
    shares = [
        len(set(found[:k]) & set(query.relevant)) / len(query.relevant)
        for found, query in zip(ranked, queries, strict=True)
    ]
    return float(np.mean(shares))


def quantize(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int8 rows and the float32 scale of each."""
    scale = (np.abs(rows).max(axis=1) / 127 + 1e-12).astype(np.float32)
    return np.round(rows / scale[:, None]).astype(np.int8), scale


def save(folder: Path, tokenizer: Any, rows: np.ndarray, turned: np.ndarray) -> str:
    """Write tokenizer.json, model.safetensors and config.json; return the encoder's name."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    codes, scale = quantize(rows)
    tensors = {"embeddings": codes, "weights": scale, "question_map": turned.astype(np.float16)}
    save_file(tensors, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    whole = b"".join(tensor.tobytes() for tensor in tensors.values())
    mark = hashlib.sha256(whole + (folder / "tokenizer.json").read_bytes()).hexdigest()[:8]
    name = f"gonghui-static-{DIMENSIONS}-{mark}"
    config = {
        "name": name,
        "model_type": "model2vec",
        "normalize": True,
        "hidden_dim": DIMENSIONS,
        "embedding_dtype": "int8",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    return name


def write_card(folder: Path, table: str, **values: object) -> None:
    """Write README.md beside the weights, with the table of figures."""
    card = Template((ROOT / "benchmarks" / "encoder_card.md").read_text("utf-8")).substitute(
        values, table=table, dimensions=DIMENSIONS, sif=SIF, weight=STARTER_WEIGHT
    )
    (folder / "README.md").write_text(card, "utf-8")


def measure(statutes: Sequence[Article], held: Sequence[Query], folder: Path) -> str:
    """Return the table of the held-out questions over the statutes, through the product's own search."""
    rows = [{"head": article.head, "text": article.text} for article in statutes]
    passages, _ = passages_of(rows, ["head"])
    questions = [Question(query.text, frozenset(query.relevant)) for query in held]
    with tempfile.TemporaryDirectory() as place:
        sources = sources_over(Path(place), passages, encoder_of(str(folder)), judged=False)
        return table(compare(sources, questions))


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--output", type=Path, default=ROOT / "index" / "encoder")
    parser.add_argument("--split", choices=SPLITS, default="random", help="which questions are kept back")
    parser.add_argument("--seed", type=int, default=20261121)
    return parser.parse_args(arguments)


def trained(
    data: Data, tokenizer: Any, seed: int, say: Callable[[str], None]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the words' rows and the map of questions."""
    import torch

    torch.set_num_threads(THREADS)

    def tokenize(texts: Sequence[str], limit: int) -> list[np.ndarray]:
        return encode(tokenizer, texts, limit)

    texts = texts_of(data.articles, tokenize)
    themes = tokens_of(data.themes, tokenize)
    material = Material(
        data.questions,
        tokenize([query.text for query in data.questions], TEXT_TOKENS),
        texts,
        len(data.statutes),
        len(data.local),
        citations([*data.statutes, *data.local]),
        themes,
    )
    asked = tokenize([query.text for query in data.held], TEXT_TOKENS)

    def report(text: str, rows: np.ndarray, turned: np.ndarray) -> None:
        ranked = rank(rows, turned, texts.whole[: len(data.statutes)], asked)
        first, hundred = (recall(ranked, data.held, depth) for depth in (5, 100))
        say(f"{text}; held out R@5 {first:.3f} R@100 {hundred:.3f}")

    say(f"{len(material.citations)} citations, {len(themes.asked)} ways of asking")
    rows = first_vectors(texts.whole, seed)
    say("latent semantic analysis")
    rows, _ = learn(rows, tokenizer, material, TEXTS_FIRST, seed, report)
    rows = drawn(rows, themes, np.bincount(np.concatenate(texts.whole), minlength=VOCABULARY))
    return learn(rows, tokenizer, material, THEN_QUESTIONS, seed, report)


def main() -> None:
    options = options_of()
    began = time.perf_counter()

    def say(text: str) -> None:
        print(f"{time.perf_counter() - began:6.1f} s  {text}", flush=True)

    data = read_data(options.data, options.split)
    tokenizer = build_tokenizer([*data.statutes, *data.local], [*data.starter, *_spoken(data.themes)])
    rows, turned = trained(data, tokenizer, options.seed, say)
    name = save(options.output, tokenizer, rows, turned)
    seconds = round(time.perf_counter() - began)
    say(f"saved as {name}")
    figures = measure(data.statutes, data.held, options.output)
    say(f"\n{figures}")
    write_card(
        options.output,
        figures,
        name=name,
        words=tokenizer.get_vocab_size() - 1,
        seconds=seconds,
        seed=options.seed,
        articles=len(data.statutes) + len(data.local),
        starter=len(data.starter),
        themes=len(data.themes),
        asked=sum(len(theme.asked) for theme in data.themes),
        train=len(data.questions),
        held=len(data.held),
        statutes=len(data.statutes),
        text_steps=TEXTS_FIRST.steps,
        question_steps=THEN_QUESTIONS.steps,
        split=options.split,
    )


if __name__ == "__main__":
    main()
