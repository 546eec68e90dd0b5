"""The contract of vector stores, with vectors and cosines worked out by hand, and what is FAISS's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexMismatch, UserError
from index.vectors import INDEX_FILE, META_FILE, FaissStore, read_meta

Reopen = Callable[[FaissStore], FaissStore]
IDS = np.array([10, 20, 30, 40], np.int64)
ROWS = np.array([[1, 0, 0], [0, 1, 0], [0.6, 0.8, 0], [0, 0, -1]], np.float32)
QUERY = np.array([[0.8, 0.6, 0]], np.float32)


@pytest.fixture(params=["fresh", "reopened"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FaissStore:
    folder = tmp_path / "资料 库" / "vectors"
    store = FaissStore(folder, 3, "e")
    store.add(IDS, ROWS)
    if request.param == "fresh":
        return store
    store.save()
    return FaissStore(folder, 3, "e")


def test_scores_are_cosines_best_first(store):
    ids, scores = store.search(QUERY, 4)

    assert ids.tolist() == [[30, 10, 20, 40]]
    assert scores[0] == pytest.approx([0.96, 0.8, 0.6, 0.0])


def test_a_query_a_row(store):
    ids, scores = store.search(np.array([[0, 0, -1], [0, 1, 0]], np.float32), 1)

    assert ids.tolist() == [[40], [20]]
    assert scores.ravel() == pytest.approx([1.0, 1.0])


def test_only_allowed_ids_are_found(store):
    ids, scores = store.search(QUERY, 4, np.array([40, 20, 999], np.int64))

    assert ids.tolist() == [[20, 40]]
    assert scores[0] == pytest.approx([0.6, 0.0])


def test_no_id_allowed_finds_nothing(store):
    ids, scores = store.search(QUERY, 4, np.array([], np.int64))

    assert ids.shape == scores.shape == (1, 0)


def test_allowed_ids_that_do_not_exist_find_nothing(store):
    assert store.search(QUERY, 4, np.array([7, 8], np.int64))[0].tolist() == [[]]


def test_k_of_zero_and_k_beyond_the_end(store):
    assert store.search(QUERY, 0)[0].shape == (1, 0)
    assert store.search(QUERY, 99)[0].shape == (1, 4)


def test_removed_ids_are_gone_and_unknown_ones_no_error(store):
    store.remove(np.array([30, 12345], np.int64))

    assert len(store) == 3
    assert store.search(QUERY, 1)[0].tolist() == [[10]]


def test_adding_an_id_again_replaces_its_vector(store):
    store.add(np.array([40], np.int64), np.array([[0.8, 0.6, 0]], np.float32))

    assert len(store) == 4
    assert store.search(QUERY, 1)[0].tolist() == [[40]]


def test_adding_nothing_changes_nothing(store):
    store.add(np.array([], np.int64), np.zeros((0, 3), np.float32))

    assert len(store) == 4


def test_a_wrong_dimension_is_an_error(store):
    with pytest.raises(ValueError, match="rows of 3"):
        store.add(np.array([1], np.int64), np.zeros((1, 4), np.float32))


def test_an_empty_store_finds_nothing(tmp_path):
    store = FaissStore(tmp_path, 3, "e")

    assert len(store) == 0
    assert store.search(QUERY, 5)[0].shape == (1, 0)


def test_meta_says_what_it_was_built_with(tmp_path):
    store = FaissStore(tmp_path, 3, "模型甲")
    store.add(IDS, ROWS)
    store.save()

    meta = read_meta(tmp_path)

    assert meta is not None
    assert (meta.encoder, meta.dim, meta.kind, meta.count) == ("模型甲", 3, "flat", 4)


def test_saving_leaves_no_temporary_file(tmp_path):
    store = FaissStore(tmp_path, 3, "e")
    store.add(IDS, ROWS)
    store.save()

    assert sorted(path.name for path in tmp_path.iterdir()) == [META_FILE, INDEX_FILE]


def test_a_change_saved_elsewhere_is_seen(tmp_path):
    reader, writer = FaissStore(tmp_path, 3, "e"), FaissStore(tmp_path, 3, "e")
    assert len(reader) == 0

    writer.add(IDS, ROWS)
    writer.save()

    assert len(reader) == 4


def test_another_encoder_is_refused_with_the_remedy(tmp_path):
    store = FaissStore(tmp_path, 3, "甲")
    store.add(IDS, ROWS)
    store.save()

    with pytest.raises(IndexMismatch, match="gonghui library rebuild"):
        FaissStore(tmp_path, 3, "乙").search(QUERY, 1)


def test_a_damaged_file_is_one_sentence(tmp_path):
    store = FaissStore(tmp_path, 3, "e")
    store.add(IDS, ROWS)
    store.save()
    (tmp_path / INDEX_FILE).write_bytes(b"not an index")

    with pytest.raises(UserError, match="rebuild"):
        FaissStore(tmp_path, 3, "e").search(QUERY, 1)


def test_a_damaged_meta_file_is_one_sentence(tmp_path):
    (tmp_path / META_FILE).write_text("{", "utf-8")

    with pytest.raises(UserError, match="rebuild"):
        read_meta(tmp_path)
