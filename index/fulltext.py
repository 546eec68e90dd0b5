"""Keyword search over passages: rjieba words and character pairs in a tantivy index.

A passage is indexed twice. `words` holds the words and part-words of rjieba's search mode. `pairs` holds
every two neighbouring characters, so that a word is found however the segmenter cut it (师德 in 师德师风)
and an exact phrase is a run of pairs; the last character of a run stands alone, so that a single character
begins exactly one token wherever it occurs. Queries are built from tokens, never parsed by tantivy, so
no character of a query has a hidden meaning. Derived from library.db and rebuildable.
"""

from __future__ import annotations

import re
import shutil
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from index.errors import UserError
from index.types import Filters, Genre, OrgType, Period, SectionCode

WRITER_BYTES = 32_000_000
WRITER_WAIT = 20.0
WRITER_PAUSE = 0.1
PAIR_WEIGHT = 0.6
TITLE_WEIGHT = 0.3
RUN_WEIGHT = 0.5
HAN = "\u3400-\u9fff\uf900-\ufaff"
UNIT = re.compile(rf"[{HAN}]|[a-z0-9]+")
NO_UNIT = re.compile(rf"[^{HAN}a-z0-9]+")
RUN = re.compile(rf"[{HAN}]+|[a-z0-9]+")
QUOTED = re.compile('“([^”]+)”|「([^」]+)」|『([^』]+)』|"([^"]+)"|＂([^＂]+)＂')
EXCLUDED = re.compile(r"(?:(?<=\s)|^)[-－–−]([^\s\-－–−]\S*)")
FOLDED = (
    (0x41, 0x250),  # Latin
    (0x2100, 0x2500),  # Roman numerals, circled digits and letters
    (0x2E80, 0x2FE0),  # radicals, which some PDF files hold in place of characters
    (0x3200, 0x3400),  # squared and circled characters
    (0xF900, 0xFB00),  # compatibility characters
    (0xFF00, 0xFFF0),  # full width
)
FILTER_FIELDS = ("org", "period", "genre", "section")
NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage to index with the labels it can be filtered by."""

    id: int
    text: str
    title: str = ""
    org: OrgType | None = None
    period: Period | None = None
    genre: Genre | None = None
    section: SectionCode | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart: words any of which may match, phrases that must, terms that must not.

    `plain` is the query without quotes and exclusions.
    """

    words: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    plain: str = ""


def normal(text: str) -> str:
    """Return the text as it is compared: full-width letters and digits narrowed, lower case.

    Characters map one to one, so positions in the result are positions in the text.
    """
    return text.translate(_narrow_characters())


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return the text as it is compared, without punctuation and white space."""
    return NO_UNIT.sub("", normal(text))


def parse(text: str, stop_words: frozenset[str] = frozenset()) -> Query:
    """Take a query apart: “…” or 「…」 is a phrase, a leading minus excludes, the rest are words.

    Stop words are dropped unless nothing else is left.
    """
    phrases = tuple(next(filter(None, found)).strip() for found in QUOTED.findall(text))
    rest = QUOTED.sub(" ", text)
    excluded = tuple(EXCLUDED.findall(rest))
    plain = EXCLUDED.sub(" ", rest)
    words = words_of(plain)
    kept = tuple(word for word in words if word not in stop_words)
    phrases, excluded = tuple(filter(words_of, phrases)), tuple(filter(words_of, excluded))
    return Query(kept or words, phrases, excluded, " ".join([*phrases, plain]).strip())


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """Return the different words of a text in order, part-words included, punctuation left out."""
    import rjieba

    words = (word.strip() for word in rjieba.cut_for_search(normal(text)))
    return tuple(dict.fromkeys(word for word in words if UNIT.search(word)))


def runs_of(text: str) -> tuple[str, ...]:
    """Return the runs of a query between spaces that are more than one word."""
    return tuple(run for run in dict.fromkeys(text.split()) if len(words_of(run)) > 1)


def pairs_of(text: str) -> list[str]:
    """Return neighbouring characters as pairs, in order; letters and digits stay whole."""
    pairs: list[str] = []
    for run in RUN.findall(normal(text)):
        if run[0] < HAN[0]:
            pairs.append(run)
        else:
            pairs += map(str.__add__, run, run[1:])
            pairs.append(run[-1])
    return pairs


class OldFormat(UserError):
    """The index on disk was made by an older version of the program, with other fields."""


class FullText:
    """The keyword index of one folder. Readers never wait; a writer waits for another process's to end."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._tantivy = tantivy
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(_schema(), path=str(folder))
        except (OSError, ValueError) as error:
            kind = OldFormat if "schema does not match" in str(error) else UserError
            raise kind("关键词索引打不开，请运行 gonghui library rebuild 重建索引。") from error
        self._schema = self._index.schema
        self._file = folder / "meta.json"
        self._stamp = 0

    def __len__(self) -> int:
        return int(self._searcher().num_docs)

    def add(self, entries: Iterable[Entry]) -> None:
        """Index passages and save; one that is there already is replaced."""
        self.update(entries, ())

    def remove(self, ids: Iterable[int]) -> None:
        """Forget passages and save; ids that are not there are no error."""
        self.update((), ids)

    def clear(self) -> None:
        """Forget every passage and save."""
        writer = self._writer()
        writer.delete_all_documents()
        self._commit(writer)

    def update(self, entries: Iterable[Entry], removed: Iterable[int]) -> None:
        """Forget some passages, index others and save all of it as one step.

        :raises UserError: when another process holds the index too long or the disk is full.
        """
        writer = self._writer()
        for id_ in removed:
            writer.delete_documents_by_term("id", int(id_))
        for entry in entries:
            writer.delete_documents_by_term("id", entry.id)
            writer.add_document(self._document(entry))
        self._commit(writer)

    def search(self, text: str, k: int, filters: Filters = NO_FILTERS) -> list[tuple[int, float]]:
        """Return passage ids with their BM25 scores for a query as typed, best first."""
        return self.run(parse(text), k, filters)

    def run(self, query: Query, k: int, filters: Filters = NO_FILTERS) -> list[tuple[int, float]]:
        """Return passage ids with their BM25 scores for a query taken apart, best first."""
        if k <= 0 or not (query.words or query.phrases):
            return []
        searcher = self._searcher()
        found = searcher.search(self._query(query, filters), limit=k, count=False).hits
        ids = searcher.fast_field_values("id", [address for _, address in found])
        hits = [(int(id_), float(score)) for id_, (score, _) in zip(ids, found, strict=True)]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def _searcher(self) -> Any:
        """Return what was last saved, by whichever process: tantivy replaces its meta.json each time."""
        stamp = self._file.stat().st_mtime_ns if self._file.exists() else 0
        if stamp != self._stamp:
            self._index.reload()
            self._stamp = stamp
        return self._index.searcher()

    def _document(self, entry: Entry) -> Any:
        words = " ".join(_all_words(entry.text))
        codes = {name: code for name in FILTER_FIELDS if (code := getattr(entry, name))}
        fields = {
            "id": entry.id,
            "words": words,
            "title": " ".join(_all_words(entry.title)),
            "pairs": " ".join(pairs_of(entry.text)),
            **codes,
        }
        return self._tantivy.Document(
            **{key: [value if key == "id" else str(value)] for key, value in fields.items()}
        )

    def _query(self, query: Query, filters: Filters) -> Any:
        must, must_not = self._tantivy.Occur.Must, self._tantivy.Occur.MustNot
        build = self._tantivy.Query
        clauses = [(must, self._phrase(phrase)) for phrase in query.phrases]
        if query.words:
            parts = [*map(self._word, query.words), *map(self._run, runs_of(query.plain))]
            any_word = build.boolean_query([(self._tantivy.Occur.Should, part) for part in parts])
            clauses.append((self._tantivy.Occur.Should if query.phrases else must, any_word))
        clauses += [(must_not, self._phrase(phrase)) for phrase in query.excluded]
        limits = (filters.org_types, filters.periods, filters.genres, filters.sections)
        for name, codes in zip(FILTER_FIELDS, limits, strict=True):
            if codes:
                terms = build.term_set_query(self._schema, name, [str(code) for code in codes])
                clauses.append((must, build.const_score_query(terms, 0.0)))
        return build.boolean_query(clauses)

    def _word(self, word: str) -> Any:
        """Match the word, or its characters in a row where the segmenter cut the text another way."""
        build = self._tantivy.Query
        term = build.term_query(self._schema, "words", word)
        in_title = build.boost_query(build.term_query(self._schema, "title", word), TITLE_WEIGHT)
        return build.disjunction_max_query(
            [term, build.boost_query(self._phrase(word), PAIR_WEIGHT), in_title]
        )

    def _run(self, run: str) -> Any:
        """Lift what holds several words of the query just as typed."""
        return self._tantivy.Query.boost_query(self._phrase(run), RUN_WEIGHT)

    def _phrase(self, phrase: str) -> Any:
        """Match the characters of a phrase in a row."""
        build = self._tantivy.Query
        tokens = pairs_of(phrase)
        last = tokens[-1]
        if len(tokens) > 1 and len(last) == 1 and len(tokens[-2]) == 2 and tokens[-2][1] == last:
            tokens = tokens[:-1]
        elif len(last) == 1 and re.fullmatch(f"[{HAN}]", last):
            tokens[-1] = f"{last}[{HAN}]?"
            if len(tokens) > 1:
                return build.regex_phrase_query(
                    self._schema, "pairs", [*map(re.escape, tokens[:-1]), tokens[-1]]
                )
            return build.const_score_query(build.regex_query(self._schema, "pairs", tokens[0]), 1.0)
        if len(tokens) == 1:
            return build.term_query(self._schema, "pairs", tokens[0])
        return build.phrase_query(self._schema, "pairs", [*tokens])

    def _writer(self) -> Any:
        deadline = time.monotonic() + WRITER_WAIT
        while True:
            try:
                return self._index.writer(heap_size=WRITER_BYTES, num_threads=1)
            except ValueError as error:
                if "lock" not in str(error).lower() or time.monotonic() > deadline:
                    raise UserError("关键词索引正被另一个窗口写入，请等它做完再试。") from error
                time.sleep(WRITER_PAUSE)

    def _commit(self, writer: Any) -> None:
        try:
            writer.commit()
            writer.wait_merging_threads()
        except (OSError, ValueError) as error:
            raise UserError(f"关键词索引写入失败（{error}），请检查磁盘空间后再试。") from error


def wipe(folder: Path) -> None:
    """Delete a damaged index so that a new one can be built."""
    shutil.rmtree(folder, ignore_errors=True)


def _all_words(text: str) -> Iterator[str]:
    import rjieba

    return filter(_tells, map(str.strip, rjieba.cut_for_search(normal(text))))


@lru_cache(maxsize=65_536)
def _tells(word: str) -> bool:
    """Return whether a word is more than punctuation."""
    return UNIT.search(word) is not None


@lru_cache(maxsize=1)
def _narrow_characters() -> dict[int, str]:
    """Return what wide, compatible and capital characters become, where that is one character."""
    table = {}
    for code in (code for start, end in FOLDED for code in range(start, end)):
        narrow = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(narrow) == 1 and narrow != chr(code):
            table[code] = narrow
    return table


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    for name in ("words", "pairs", "title"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in FILTER_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()
