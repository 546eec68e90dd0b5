"""How the built-in encoder begins: the words it knows and their first vectors.

Used by `benchmarks/train_encoder.py`. Words of the corpus become a Unigram vocabulary; latent semantic
analysis gives each a first vector with its SIF weight (Arora et al., 2017) folded in.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from encoder_data import Article
from encoder_texts import TEXT_TOKENS

VOCABULARY = 16_000
DIMENSIONS = 384
THREADS = 2
SIF = 1e-3
STARTER_WEIGHT = 30


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


def encode(tokenizer: Any, texts: Sequence[str], limit: int = TEXT_TOKENS) -> list[np.ndarray]:
    encoded = []
    for start in range(0, len(texts), 4096):
        for item in tokenizer.encode_batch_fast(list(texts[start : start + 4096]), add_special_tokens=False):
            encoded.append(np.array([token for token in item.ids[:limit] if token], dtype=np.int32))
    return encoded


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
