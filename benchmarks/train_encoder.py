"""Train the built-in encoder on this machine's CPU, the same weights for the same data and seed.

    python benchmarks/train_encoder.py DATA_FOLDER [--output index/encoder] [--epochs 2] [--steps 200]

DATA_FOLDER holds statutes.jsonl.xz and local_regulations.jsonl.xz (`law`, `article`, `text` a line) and
statute_queries.jsonl (`query`, `relevant` row numbers of statutes.jsonl). The starter library and
benchmarks/data/chair_pairs.tsv and plain_words.tsv join them. Steps: 1) words of the corpus become a Unigram
vocabulary, 2) latent semantic analysis gives each word a first vector with its SIF weight folded in,
3) contrastive training moves the vectors, first over all texts, then over everyday words
(encoder_themes.py), then over the questions (encoder_tune.py), 4) rows are stored as int8 with a scale
each. No text of the data is in the result, only single words and numbers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from encoder_data import (
    Article,
    Query,
    Theme,
    pairs_of_epoch,
    read_articles,
    read_queries,
    read_starter,
    read_themes,
    split_queries,
    with_precedents,
)
from encoder_themes import drawn, teach, tokens_of
from encoder_tune import Material, rank, tune

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

VOCABULARY = 16_000
DIMENSIONS = 384
THREADS = 2
BATCH = 2048
LEARNING_RATE, THEME_RATE, TUNING_RATE = 0.03, 0.06, 0.008
SIF = 1e-3
STARTER_WEIGHT = 30
STARTER_PAIRS = 5
TOKENS_READ = 160
OWN_DATA = ROOT / "benchmarks" / "data"


# 1) Vocabulary -----------------------------------------------------------------------------------------


def build_tokenizer(articles: Sequence[Article], starter: Sequence[Article]) -> Any:
    """Return a Unigram tokenizer over the most frequent words; every common character is a word too."""
    import rjieba
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    counts: Counter[str] = Counter()
    for group, weight in ((articles, 1), (starter, STARTER_WEIGHT)):
        for article in group:
            for word in rjieba.cut(article.head + "\n" + article.text):
                counts[word.lower()] += weight
    common = [
        bytes([high, low]).decode("gb2312", "ignore")
        for high in range(0xB0, 0xD8)
        for low in range(0xA1, 0xFF)
    ]
    singles = Counter({character: 1 for character in common if character})
    singles.update({character: 1 for character in "0123456789abcdefghijklmnopqrstuvwxyz"})
    for word, count in counts.items():
        for character in word:
            if "\u4e00" <= character <= "\u9fff":
                singles[character] += max(1, count // 20)
    singles = Counter(
        {character: count for character, count in singles.items() if count > 2 or character in common}
    )
    words = {word: count for word, count in counts.items() if re.fullmatch(r"[\u4e00-\u9fff]{2,6}", word)}
    room = VOCABULARY - 1 - len(singles)
    chosen = sorted(words.items(), key=lambda item: (-item[1], item[0]))[:room]
    total = sum(words.values()) + sum(singles.values())
    pieces = [("[UNK]", -30.0)]
    pieces += [(piece, math.log(count / total)) for piece, count in sorted(singles.items())]
    pieces += [(piece, math.log(count / total)) for piece, count in sorted(chosen)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"[^\u4e00-\u9fff0-9a-z]+"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def encode(tokenizer: Any, texts: Sequence[str], limit: int = TOKENS_READ) -> list[np.ndarray]:
    encoded = []
    for start in range(0, len(texts), 4096):
        for item in tokenizer.encode_batch_fast(list(texts[start : start + 4096]), add_special_tokens=False):
            encoded.append(np.array([token for token in item.ids[:limit] if token], dtype=np.int32))
    return encoded


def _spoken(themes: Sequence[Theme]) -> list[Article]:
    return [Article(" ".join(theme.asked), " ".join(theme.answers)) for theme in themes]


# 2) First vectors --------------------------------------------------------------------------------------


def first_vectors(documents: Sequence[np.ndarray], seed: int) -> np.ndarray:
    """Return rows of a truncated SVD of the document-word matrix, each scaled by its word's SIF weight."""
    from scipy.sparse import csr_matrix
    from sklearn.utils.extmath import randomized_svd
    from threadpoolctl import threadpool_limits

    lengths = np.array([len(document) for document in documents])
    columns = np.concatenate(documents)
    probability = np.bincount(columns, minlength=VOCABULARY) / max(1, len(columns))
    weight = (SIF / (SIF + probability)).astype(np.float32)
    rows = np.repeat(np.arange(len(documents)), lengths)
    matrix = csr_matrix(
        (np.ones(len(columns), np.float32), (rows, columns)), shape=(len(documents), VOCABULARY)
    )
    matrix.sum_duplicates()
    matrix.data = np.log1p(matrix.data) * weight[matrix.indices]
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()) + 1e-6
    matrix.data /= np.repeat(norms, np.diff(matrix.indptr)).astype(np.float32)
    with threadpool_limits(THREADS):
        _, _, vectors = randomized_svd(matrix, DIMENSIONS, n_iter=2, random_state=seed)
    vectors = vectors.T.astype(np.float32)
    noise = np.random.default_rng(seed).normal(size=vectors.shape).astype(np.float32)
    vectors = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6)
    vectors += 0.3 * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    weighted: np.ndarray = vectors * weight[:, None]
    return weighted


# 3) Training -------------------------------------------------------------------------------------------


def features(batch: Sequence[np.ndarray]) -> dict[str, Any]:
    import torch

    offsets = np.concatenate([[0], np.cumsum([len(item) for item in batch])[:-1]])
    return {
        "input_ids": torch.from_numpy(np.concatenate(batch).astype(np.int64)),
        "offsets": torch.from_numpy(offsets),
    }


def train(tokenizer: Any, vectors: np.ndarray, pairs: Any, epochs: int, seed: int, report: Any) -> np.ndarray:
    """Return the rows after contrastive training; `pairs(dice)` yields an epoch's (question, answer)."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(THREADS)
    module = StaticEmbedding(tokenizer, embedding_weights=vectors)
    model = SentenceTransformer(modules=[module], device="cpu")
    loss_of = MultipleNegativesRankingLoss(model, scale=20.0)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE * float(np.abs(vectors).mean()))
    dice, done, total = random.Random(seed), 0, 0
    for epoch in range(epochs):
        rows = list(pairs(dice))
        dice.shuffle(rows)
        left, right = encode(tokenizer, [a for a, _ in rows], 96), encode(tokenizer, [b for _, b in rows])
        keep = [i for i in range(len(rows)) if len(left[i]) and len(right[i])]
        steps = len(keep) // BATCH
        total = total or steps * epochs
        losses = []
        for step in range(steps):
            for group in optimizer.param_groups:
                group["lr"] = group.setdefault("peak", group["lr"]) * max(0.02, 1 - done / total)
            chosen = keep[step * BATCH : (step + 1) * BATCH]
            loss = loss_of([features([left[i] for i in chosen]), features([right[i] for i in chosen])], None)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            done += 1
        report(
            f"epoch {epoch + 1}: {len(keep)} pairs, loss {np.mean(losses):.3f}",
            module.embedding.weight.detach().numpy(),
        )
    return module.embedding.weight.detach().numpy().copy()


# 4) Result ---------------------------------------------------------------------------------------------


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


def save(folder: Path, tokenizer: Any, rows: np.ndarray) -> str:
    """Write tokenizer.json, model.safetensors and config.json; return the encoder's name."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    codes, scale = quantize(rows)
    save_file({"embeddings": codes, "weights": scale}, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    mark = hashlib.sha256(
        codes.tobytes() + scale.tobytes() + (folder / "tokenizer.json").read_bytes()
    ).hexdigest()[:8]
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
        values, table=table, dimensions=DIMENSIONS, sif=SIF, batch=BATCH, weight=STARTER_WEIGHT
    )
    (folder / "README.md").write_text(card, "utf-8")


def measure(statutes: Sequence[Article], held: Sequence[Query], folder: Path) -> str:
    """Return the table of the held-out questions over the statutes, through the product's own search."""
    from retrieval_quality import Question, compare, encoder_of, passages_of, sources_over, table

    rows = [{"head": article.head, "text": article.text} for article in statutes]
    passages, _ = passages_of(rows, ["head"])
    questions = [Question(query.text, frozenset(query.relevant)) for query in held]
    with tempfile.TemporaryDirectory() as place:
        return table(compare(sources_over(Path(place), passages, encoder_of(str(folder))), questions))


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--output", type=Path, default=ROOT / "index" / "encoder")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--theme-steps", type=int, default=150)
    parser.add_argument("--steps", type=int, default=160)
    parser.add_argument("--seed", type=int, default=20261121)
    return parser.parse_args(arguments)


def main() -> None:
    options = options_of()
    began = time.perf_counter()

    def say(text: str) -> None:
        print(f"{time.perf_counter() - began:6.1f} s  {text}", flush=True)

    statutes = read_articles(options.data / "statutes.jsonl.xz")
    local = read_articles(options.data / "local_regulations.jsonl.xz")
    starter = read_starter(ROOT / "index" / "starter")
    themes = with_precedents(read_themes(OWN_DATA), starter)
    questions, held = split_queries(read_queries(options.data / "statute_queries.jsonl"), options.seed)
    say(f"{len(statutes)} + {len(local)} articles, {len(starter)} starter passages, {len(themes)} themes")
    tokenizer = build_tokenizer([*statutes, *local], [*starter, *_spoken(themes)])
    articles = [*statutes, *local, *starter]
    documents = encode(tokenizer, [f"{a.head} {a.text}" for a in articles], 512)
    asked = encode(tokenizer, [query.text for query in held])

    def report(text: str, rows: np.ndarray) -> None:
        ranked = rank(rows, documents[: len(statutes)], asked)
        say(f"{text}; held out R@5 {recall(ranked, held, 5):.3f} R@100 {recall(ranked, held, 100):.3f}")

    def tokenize(texts: Sequence[str], limit: int) -> list[np.ndarray]:
        return encode(tokenizer, texts, limit)

    vectors = first_vectors(documents, options.seed)
    report("latent semantic analysis", vectors)
    groups = [(statutes, 1), (local, 1), (starter, STARTER_PAIRS)]
    rows = train(
        tokenizer,
        vectors,
        lambda dice: pairs_of_epoch(groups, questions, statutes, themes, dice),
        options.epochs,
        options.seed,
        report,
    )
    themed = tokens_of(themes, tokenize)
    counts = np.bincount(np.concatenate(documents), minlength=VOCABULARY)
    rows = drawn(rows, themed, counts)
    rate = THEME_RATE * float(np.abs(rows).mean())
    rows = teach(
        rows, themed, [*statutes, *local], starter, tokenize, options.theme_steps, rate, options.seed, report
    )
    material = Material(
        questions,
        encode(tokenizer, [query.text for query in questions]),
        documents[: len(statutes)],
        articles,
        starter,
        themed,
    )
    rate = TUNING_RATE * float(np.abs(rows).mean())
    rows = tune(rows, material, tokenize, options.steps, rate, options.seed, report)
    name = save(options.output, tokenizer, rows)
    seconds = round(time.perf_counter() - began)
    say(f"saved as {name}")
    figures = measure(statutes, held, options.output)
    say(f"\n{figures}")
    write_card(
        options.output,
        figures,
        name=name,
        words=tokenizer.get_vocab_size() - 1,
        seconds=seconds,
        seed=options.seed,
        articles=len(statutes) + len(local),
        starter=len(starter),
        themes=len(themes),
        asked=sum(len(theme.asked) for theme in themes),
        epochs=options.epochs,
        theme_steps=options.theme_steps,
        steps=options.steps,
        train=len(questions),
        held=len(held),
        statutes=len(statutes),
    )


if __name__ == "__main__":
    main()
