"""A small version of benchmarks/search_speed.py: the corpus is the same each time, and what is built answers."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))

from search_speed import OURS, ask, build, recall, table
from speed_corpus import asked, made_up, real_passages


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("speed")


def test_made_up_passages_are_of_one_section_and_always_the_same(place):
    real = real_passages(place / "real")

    first, again = list(made_up(real, 50)), list(made_up(real, 50))

    assert [item.text for item in first] == [item.text for item in again]
    assert len({item.text for item in first}) == 50
    for item in first[:10]:
        of_section = "".join(p.text.replace("。", "，") for p in real if p.section is item.like.section)
        assert all(clause in of_section for clause in item.text.rstrip("。").split("，"))
    assert len(asked(real, 9)) == 9


def test_a_built_index_is_measured_with_every_way_in_the_table(place):
    built = build(OURS, 300, place)

    found = ask(OURS, 300, place, 12)

    assert set(found["ways"]) == {"fused", "fused, filtered", "keywords", "meaning"}
    assert all(0 < way["p50"] <= way["p95"] for way in found["ways"].values())
    assert found["disk"] > 300 * 384
    shown = table(300, {OURS: {**built, **found}})
    assert shown.count("\n| Gonghui |") == 4
    assert "| 1.00 |" in shown
    assert recall(300, place, 12).count("100.0% (all ten: 100% of queries)") == 4
