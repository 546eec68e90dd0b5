"""Documents labelled by hand, against what the program says of them: sample pages and invented documents."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from benchmarks.label_quality import PAGES, Score, invented_golds, measure, page_golds
from index.embed import load_encoder
from index.facts import find_facts
from index.intake import prepare
from index.types import FactKind, RawDocument

STARTER = Path(__file__).parents[1] / "index" / "starter"


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


FACTS = ("unit", "person", "place", "money", "count")


@pytest.mark.parametrize("kind", FACTS)
def test_private_facts_of_sample_pages_are_found(pages, kind):
    assert pages.total[f"fact {kind}"] >= 4
    assert pages.share(f"fact {kind}") >= 0.95, pages.misses


@pytest.mark.parametrize("kind", FACTS)
def test_private_facts_of_invented_documents_are_found(invented, kind):
    assert invented.total[f"fact {kind}"] >= 9
    assert invented.share(f"fact {kind}") >= 0.95, invented.misses


def test_few_words_are_taken_for_names(pages, invented):
    for kind in ("unit", "person", "place"):
        assert pages.total[f"false {kind}"] + invented.total[f"false {kind}"] <= 1


def test_no_contact_and_hardly_a_person_reaches_a_passage():
    """Names that are everyday words as well (明亮, 万里云) may stay where nothing beside them tells."""
    reached, people = [], 0
    for raw, (gold,) in invented_golds():
        shown = "".join(
            p.text + p.trail for one in prepare(raw, "user", load_encoder()) for p in one.passages
        )
        people += sum(kind == "person" for kind, _ in gold.facts)
        assert not [words for kind, words in gold.facts if kind == "contact" and words in shown]
        reached += [words for kind, words in gold.facts if kind == "person" and words in shown]
    assert people >= 70
    assert len(reached) <= 0.05 * people, reached


def test_a_person_named_in_a_heading_reaches_no_passage():
    text = "一、学习宣传劳模骆成栋同志先进事迹\n组织观看骆成栋事迹报告会，开展岗位讨论。"
    (one,) = prepare(RawDocument("a.txt", text, "txt"), "user", load_encoder())
    assert all("骆成栋" not in passage.trail + passage.text for passage in one.passages)


def test_no_name_is_found_where_there_is_none():
    names = {FactKind.UNIT, FactKind.UPPER, FactKind.PLACE, FactKind.PERSON}
    for path in sorted(STARTER.glob("*.md")):
        _, front, text = path.read_text("utf-8").split("+++", 2)
        own = [word for words in tomllib.loads(front)["facts"].values() for word in words]
        found = {fact.text for fact in find_facts(text) if fact.kind in names}
        odd = [name for name in found if not any(name in word or word in name for word in own)]
        assert odd == [], path.stem
