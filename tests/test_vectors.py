"""The contract of vector stores, with vectors and cosines worked out by hand, and what is FAISS's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import vector_kinds
from index.errors import IndexMismatch, UserError
from index.idset import IdSet
from index.vectors import META_FILE, FaissStore, read_meta

NEAR = 0.01  # an 8-bit code of a number between -1 and 1 is at most 1/255 off
IDS = np.array([10, 20, 30, 40], np.int64)
ROWS = np.array([[1, 0, 0], [0, 1, 0], [0.6, 0.8, 0], [0, 0, -1]], np.float32)
QUERY = np.array([[0.8, 0.6, 0]], np.float32)


@pytest.fixture(params=["flat", "ivf"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Which index holds even four rows."""
    monkeypatch.setattr(vector_kinds, "FLAT_MOST", 100 if request.param == "flat" else 3)
    return request.param


@pytest.fixture(params=["fresh", "reopened"])
def store(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> FaissStore:
    folder = tmp_path / "资料 库" / "vectors"
    store = FaissStore(folder, 3, "e")
    store.add(IDS, ROWS)
    if request.param == "reopened":
        store.save()
        store = FaissStore(folder, 3, "e")
    assert store.kind == kind
    return store


def test_scores_are_cosines_best_first(store):
    ids, scores = store.search(QUERY, 4)

    assert ids.tolist() == [[30, 10, 20, 40]]
    assert scores[0] == pytest.approx([0.96, 0.8, 0.6, 0.0], abs=NEAR)


def test_a_query_a_row(store):
    ids, scores = store.search(np.array([[0, 0, -1], [0, 1, 0]], np.float32), 1)

    assert ids.tolist() == [[40], [20]]
    assert scores.ravel() == pytest.approx([1.0, 1.0], abs=NEAR)


def test_only_allowed_ids_are_found(store):
    ids, scores = store.search(QUERY, 4, np.array([40, 20, 999], np.int64))

    assert ids.tolist() == [[20, 40]]
    assert scores[0] == pytest.approx([0.6, 0.0], abs=NEAR)


def test_allowed_ids_may_come_as_a_set(store):
    assert store.search(QUERY, 4, IdSet.of([40, 20]))[0].tolist() == [[20, 40]]


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


def test_what_is_changed_after_reopening_is_saved(store, tmp_path):
    store.remove(np.array([10], np.int64))
    store.add(np.array([50], np.int64), np.array([[0.8, 0.6, 0]], np.float32))
    store.save()

    again = FaissStore(tmp_path / "资料 库" / "vectors", 3, "e")
    assert again.search(QUERY, 9)[0].tolist() == [[50, 30, 20, 40]]


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


def test_an_index_of_an_older_version_counts_as_none(tmp_path):
    (tmp_path / META_FILE).write_text('{"encoder": "e", "dim": 3, "kind": "flat", "count": 4}', "utf-8")

    assert read_meta(tmp_path) is None
    assert len(FaissStore(tmp_path, 3, "e")) == 0


def test_saving_leaves_one_index_and_no_temporary_file(tmp_path):
    store = FaissStore(tmp_path, 3, "e")
    for _ in range(3):
        store.add(IDS, ROWS)
        store.save()

    assert {path.name for path in tmp_path.iterdir()} == {META_FILE, read_meta(tmp_path).file}


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


@pytest.mark.parametrize("content", [b"", b"not an index", b"x" * 184])
def test_a_damaged_file_is_one_sentence(tmp_path, content):
    store = FaissStore(tmp_path, 3, "e")
    store.add(IDS, ROWS)
    store.save()
    (tmp_path / read_meta(tmp_path).file).write_bytes(content)

    with pytest.raises(UserError, match="rebuild"):
        FaissStore(tmp_path, 3, "e").search(QUERY, 1)


def test_a_damaged_meta_file_is_one_sentence(tmp_path):
    (tmp_path / META_FILE).write_text("{", "utf-8")

    with pytest.raises(UserError, match="rebuild"):
        read_meta(tmp_path)


# Growing


def around(centres: np.ndarray, count: int) -> np.ndarray:
    """Unit rows near the centres, by a fixed seed: row i is near centre i % len(centres)."""
    noise = np.random.default_rng(7).normal(0, 0.2, (count, centres.shape[1]))
    rows = centres[np.arange(count) % len(centres)] + noise
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_it_grows_from_flat_to_cells_and_to_more_cells_and_finds_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_kinds, "FLAT_MOST", 20)
    rows = around(np.eye(8), 600)
    store = FaissStore(tmp_path, 8, "e")
    kinds = []
    for start in range(0, 600, 20):
        store.add(np.arange(start, start + 20), rows[start : start + 20])
        kinds.append(store.kind)

    assert kinds[0] == "flat"
    assert kinds[1] == kinds[-1] == "ivf"
    assert store._index.nlist > 4
    assert len(store) == 600
    best = np.argsort(-(rows @ rows[:5].T), axis=0)[0]
    assert store.search(rows[:5], 1)[0].ravel().tolist() == best.tolist() == [0, 1, 2, 3, 4]


def test_a_narrow_filter_loses_nothing_where_few_cells_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_kinds, "FLAT_MOST", 20)
    monkeypatch.setattr(vector_kinds, "CELLS_READ", 1)
    rows = around(np.eye(8), 400)
    store = FaissStore(tmp_path, 8, "e")
    store.add(np.arange(400), rows)
    farthest = np.arange(400)[np.arange(400) % 8 == 7]

    ids, scores = store.search(rows[:1], 50, farthest)

    assert sorted(ids[0]) == farthest.tolist()
    assert scores[0] == pytest.approx(np.sort(rows[farthest] @ rows[0])[::-1], abs=NEAR)


def test_allowed_rows_lie_evenly_or_together_and_that_is_seen_anew_after_a_change(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_kinds, "FLAT_MOST", 20)
    store = FaissStore(tmp_path, 8, "e")
    numbers = np.arange(400)
    store.add(numbers, around(np.eye(8), 400))
    every_fourth, one_kind = IdSet.of(numbers[numbers // 8 % 4 == 0]), IdSet.of(numbers[numbers % 8 == 7])

    assert store._spread_now().even(every_fourth)
    assert not store._spread_now().even(one_kind)

    store.remove(numbers[numbers % 8 != 7])
    store.save()

    assert store._spread_now().even(one_kind)


# Sets of ids


def test_a_set_of_ids_knows_its_members_and_counts_each_once():
    some = IdSet.of([3, 8, 3, 1_000])

    assert len(some) == 3
    assert [id_ for id_ in (-1, 0, 3, 8, 9, 1_000, 1_001, 50_000) if id_ in some] == [3, 8, 1_000]
    assert len(IdSet.of([])) == 0
    assert 0 not in IdSet.of([])
