"""The truth of the library: what goes in comes out, ids are never reused, crashes and rivals do no harm."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from index.catalog import Catalog, document_id
from index.errors import UserError
from index.migrations import MIGRATIONS, migrate, schema_version
from index.types import (
    Document,
    Fact,
    FactKind,
    Filters,
    Flag,
    Genre,
    Labels,
    OrgType,
    PassageDraft,
    PassageKind,
    Period,
    Repair,
    Section,
    SectionCode,
)

TEXT = "一、民主管理\n1.召开职代会。\n2.推行院务公开。"


def make(text: str = TEXT, **changes: object) -> Document:
    document = Document(
        id=document_id(text),
        title="某医院工会计划",
        text=text,
        labels=Labels(
            Genre.PLAN, OrgType.HOSPITAL, Period.H2, 2026, year_inferred=True, flags=frozenset({Flag.STALE})
        ),
        sections=(Section(0, 1, "一、", "民主管理", SectionCode.DEMOCRACY, 7, len(text), ("民主管理",)),),
        facts=(Fact(FactKind.UNIT, "某医院", 0, 3),),
        repairs=(Repair("N1", 0, 1, "\ufeff", ""), Repair("N3", 5, 6, "０", "0")),
        path="计划.docx",
    )
    return replace(document, **changes)


def drafts(*texts: str) -> list[PassageDraft]:
    return [
        PassageDraft(0, SectionCode.DEMOCRACY, PassageKind.ITEM, "一、民主管理", text, 7 + number, 8 + number)
        for number, text in enumerate(texts)
    ]


def members(catalog: Catalog, filters: Filters) -> list[int]:
    found = catalog.passage_ids(filters)
    kept = [id_ for id_ in range(100) if id_ in found]
    assert len(found) == len(kept)
    return kept


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "资料" / "library.db")


def test_a_document_comes_back_as_it_went_in(catalog):
    assert catalog.add(make(), drafts("召开职代会。"))

    assert catalog.document(make().id) == make()


def test_the_id_is_the_first_16_digits_of_the_hash_of_the_text():
    assert document_id("abc") == "ba7816bf8f01cfea"


def test_a_document_without_labels_comes_back_without(catalog):
    bare = make(labels=Labels(None, None, None, None), sections=(), facts=(), repairs=())
    catalog.add(bare, [])

    assert catalog.document(bare.id) == bare


def test_adding_twice_is_no_op(catalog):
    assert catalog.add(make(), drafts("召开职代会。"))
    assert not catalog.add(make(title="另一个标题"), drafts("别的"))

    assert [(row.title, row.passages) for row in catalog.documents()] == [("某医院工会计划", 1)]


def test_two_files_may_hold_the_same_document(catalog):
    catalog.add(make(), [])
    catalog.add_source("hash-1", [make().id])
    catalog.add_source("hash-2", [make().id])

    assert [row.id for row in catalog.of_source("hash-2")] == [make().id]
    assert catalog.of_source("hash-3") == []


def test_passages_carry_the_labels_of_their_document(catalog):
    catalog.add(make(), drafts("召开职代会。"))

    (passage,) = catalog.passages(Filters(), 10)

    assert (passage.org_type, passage.period, passage.genre, passage.year) == ("hospital", "h2", "plan", 2026)
    assert (passage.section, passage.kind, passage.text) == ("DEMOCRACY", "item", "召开职代会。")
    assert (passage.start, passage.end, passage.flags) == (7, 8, {Flag.STALE})


def test_filters_combine_and_genres_can_be_left_out(catalog):
    catalog.add(make(), drafts("甲"))
    school = Labels(Genre.SUMMARY, OrgType.SCHOOL, Period.H2, 2026)
    catalog.add(make("乙", labels=school), drafts("乙"))
    catalog.add(make("丙", labels=Labels(None, None, None, None)), drafts("丙"))

    def texts(filters: Filters, without: tuple[Genre, ...] = ()) -> set[str]:
        return {passage.text for passage in catalog.passages(filters, 10, without)}

    assert texts(Filters()) == {"甲", "乙", "丙"}
    assert texts(Filters(periods=(Period.H2,))) == {"甲", "乙"}
    assert texts(Filters(periods=(Period.H2,), org_types=(OrgType.SCHOOL, OrgType.BANK))) == {"乙"}
    assert texts(Filters(), (Genre.SUMMARY,)) == {"甲", "丙"}
    assert members(catalog, Filters(org_types=(OrgType.SCHOOL,))) == [2]


def test_the_ids_within_filters_follow_every_change_also_another_process_s(catalog, tmp_path):
    hospital = Filters(org_types=(OrgType.HOSPITAL,))
    catalog.add(make(), drafts("甲"))
    assert members(catalog, hospital) == members(catalog, hospital) == [1]

    catalog.add(make("乙"), drafts("乙"))
    assert members(catalog, hospital) == [1, 2]
    Catalog(tmp_path / "资料" / "library.db").remove([make().id])
    assert members(catalog, hospital) == [2]
    assert members(catalog, Filters(org_types=(OrgType.BANK,))) == []


def test_the_order_of_passages_does_not_depend_on_the_order_of_import(tmp_path):
    first, second = Catalog(tmp_path / "a.db"), Catalog(tmp_path / "b.db")
    for catalog, texts in ((first, "甲乙丙"), (second, "丙甲乙")):
        for text in texts:
            catalog.add(make(text), drafts(text + "一", text + "二"))

    assert [p.text for p in first.passages(Filters(), 10)] == [p.text for p in second.passages(Filters(), 10)]


def test_the_limit_is_kept(catalog):
    catalog.add(make(), drafts("甲", "乙", "丙"))

    assert [passage.text for passage in catalog.passages(Filters(), 2)] == ["甲", "乙"]


def test_facts_by_document_unknown_ids_have_none(catalog):
    catalog.add(make(), [])

    assert catalog.facts([make().id, "nobody"]) == {make().id: make().facts, "nobody": ()}


def test_removing_takes_everything_and_leaves_orphans_for_the_indexes(catalog):
    catalog.add(make(), drafts("甲", "乙"))
    catalog.add_source("hash-1", [make().id])

    assert catalog.remove([make().id, "nobody"]) == [make().id]

    assert catalog.documents() == []
    assert catalog.document(make().id) is None
    assert catalog.passages(Filters(), 10) == []
    assert catalog.of_source("hash-1") == []
    assert catalog.orphans() == [1, 2]


def test_passage_ids_are_never_used_twice(catalog):
    catalog.add(make(), drafts("甲"))
    catalog.remove([make().id])
    catalog.add(make("乙"), drafts("乙"))

    assert [passage.id for passage in catalog.passages(Filters(), 10)] == [2]


def test_a_label_set_by_another_process_is_seen_at_once(catalog, tmp_path):
    catalog.add(make(), drafts("甲"))
    assert catalog.passages_by_id([1])[1].org_type is OrgType.HOSPITAL
    other = Catalog(tmp_path / "资料" / "library.db")

    other.correct(make().id, {"org_type": "school", "title": "某小学工会计划"})

    found = catalog.passages_by_id([1])[1]
    assert (found.org_type, found.title) == (OrgType.SCHOOL, "某小学工会计划")
    other.remove([make().id])
    assert catalog.passages_by_id([1]) == {}


def test_the_file_of_a_removed_document_may_come_again(catalog):
    catalog.add(make("甲"), [])
    catalog.add(make("乙"), [])
    catalog.add_source("page", [document_id("甲"), document_id("乙")])

    catalog.remove([document_id("甲")])

    assert catalog.of_source("page") == []


def test_pending_until_settled(catalog):
    catalog.add(make(), drafts("甲", "乙"))
    assert [passage.text for passage in catalog.pending()] == ["甲", "乙"]
    assert catalog.behind()

    catalog.settle([1, 2], [])
    assert not catalog.behind()

    catalog.remove([make().id])
    assert catalog.behind()
    catalog.settle([], [1, 2])
    assert not catalog.behind()


def test_unsettling_makes_all_pending(catalog):
    catalog.add(make(), drafts("甲", "乙"))
    catalog.settle([1, 2], [])

    catalog.unsettle()

    assert catalog.counts() == {"documents": 1, "starter": 0, "passages": 2, "pending": 2}


def test_a_failure_in_the_middle_leaves_nothing(catalog):
    broken = make(facts=(Fact(FactKind.UNIT, "某医院", 0, 3), None))

    with pytest.raises(AttributeError):
        catalog.add(broken, drafts("甲"))

    assert catalog.documents() == []
    assert catalog.passages(Filters(), 10) == []


def test_more_ids_than_one_statement_holds(catalog):
    catalog.add(make(), drafts(*(f"第{number}段" for number in range(1200))))

    assert len(catalog.passages_by_id(range(1, 1300))) == 1200


def test_two_open_catalogs_see_each_other(catalog, tmp_path):
    other = Catalog(tmp_path / "资料" / "library.db")
    catalog.add(make(), drafts("甲"))

    assert not other.add(make(), drafts("甲"))
    assert other.summary(make().id).passages == 1


def test_values_are_remembered_and_replaced(catalog):
    assert catalog.recall("starter") == ""
    catalog.remember("starter", "甲")
    catalog.remember("starter", "乙")

    assert catalog.recall("starter") == "乙"


def test_quotes_and_odd_characters_are_only_text(catalog):
    odd = make("'; DROP TABLE documents; --\x00\U0001f600", title="a'b\"c%_")
    catalog.add(odd, drafts("'); --"))

    assert catalog.document(odd.id) == odd


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    (tmp_path / "library.db").write_text("not a database" * 100)

    with pytest.raises(UserError, match="打不开资料库"):
        Catalog(tmp_path / "library.db")


def test_a_database_of_a_newer_version_is_refused(tmp_path):
    path = tmp_path / "library.db"
    Catalog(path).close()
    with sqlite3.connect(path) as database:
        database.execute("INSERT INTO migrations VALUES (999, 'm999_future')")

    with pytest.raises(UserError, match="升级"):
        Catalog(path)


def test_an_old_schema_is_brought_up_to_date_with_its_rows(tmp_path):
    database = sqlite3.connect(tmp_path / "old.db", isolation_level=None)
    database.execute("CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT)")
    MIGRATIONS[0](database)
    database.execute("INSERT INTO migrations VALUES (1, 'm001_documents')")
    database.execute(
        "INSERT INTO documents VALUES ('x', '旧', NULL, NULL, NULL, NULL, 0, '[]', '文', 'p', 'user', '')"
    )

    migrate(database)

    assert schema_version(database) == len(MIGRATIONS)
    database.close()
    assert [row.title for row in Catalog(tmp_path / "old.db").documents()] == ["旧"]


def test_migrating_twice_changes_nothing(tmp_path):
    Catalog(tmp_path / "library.db").close()
    catalog = Catalog(tmp_path / "library.db")

    assert catalog.documents() == []
