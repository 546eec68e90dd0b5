"""Documents labelled by hand, against what the program says of them: sample pages and invented documents."""

from __future__ import annotations

import pytest

from benchmarks.label_quality import PAGES, Score, invented_golds, measure, page_golds


@pytest.fixture(scope="module")
def pages() -> Score:
    if not PAGES.is_dir():
        pytest.skip("the sample pages are not here")
    return measure(page_golds())


@pytest.fixture(scope="module")
def invented() -> Score:
    return measure(invented_golds())


LEAST = {"document": 1.0, "genre": 0.95, "org_type": 0.95, "period": 0.9, "section": 0.92, "heading": 0.95}


@pytest.mark.parametrize(("column", "least"), LEAST.items())
def test_sample_pages_are_labelled_as_a_person_would(pages, column, least):
    assert pages.total[column] >= 22
    assert pages.share(column) >= least, pages.misses


@pytest.mark.parametrize(("column", "least"), LEAST.items())
def test_invented_documents_are_labelled_as_a_person_would(invented, column, least):
    assert invented.total[column] >= 12
    assert invented.share(column) >= min(least, 0.91), invented.misses
