"""A passage that was found goes into a plan: as a reference of a section, or as a proposal, never silently."""

from dataclasses import replace

import pytest
from drafting import TODAY

from assistant.borrow import borrowed, joined
from assistant.settings import load_settings
from assistant.studio import Studio
from assistant.types import Profile, Section, Status
from index.errors import UserError
from index.types import Fact, FactKind, Filters, Genre, OrgType, Passage, PassageKind, Period, SectionCode

TEXT = "3.云杉九院工会在云杉市第九医院门诊大厅设服务台，经费8000元，联系李建国同志。"
FACTS = (
    Fact(FactKind.UNIT, "云杉市第九医院", 0, 7),
    Fact(FactKind.MONEY, "8000元", 0, 5),
    Fact(FactKind.PERSON, "李建国", 0, 3),
)
PLAN = """云杉市第九医院工会2026年下半年工作计划
一、主要工作
（一）关心关爱
1.八月医师节前，云杉市第九医院工会走访急诊科夜班护士，发放慰问金20000元，由王建军主席带队。
（二）民主管理
1.九月召开职代会，院务公开栏每月更新一次。
"""


def passage(text=TEXT, origin="user"):
    labels = (Genre.PLAN, OrgType.HOSPITAL, Period.H2, 2026, SectionCode.CARE)
    return Passage(7, "d", "计划", *labels, PassageKind.ITEM, "", text, 0, len(text), origin=origin)


@pytest.fixture
def plan(studio):
    profile = Profile(unit="松江市人民医院", short="松江人医")
    request = studio.request("给医院工会起草一份下半年计划", TODAY, profile)
    list(studio.draft(request, studio.outline(request, profile), profile))
    return studio.load(studio.drafts()[0].id)


@pytest.fixture
def found(studio):
    list(studio.library.add_text(PLAN, "云杉"))
    rows = studio.library.passages(Filters(org_types=(OrgType.HOSPITAL,)), 5000)
    return next(row for row in rows if "夜班护士" in row.text and row.origin == "user")


def care(plan):
    return next(section for section in plan.sections if section.code is SectionCode.CARE)


# The text


def test_private_facts_become_the_units_own_values_or_blanks_and_the_number_falls_away():
    text = borrowed(passage("3.在云杉市第九医院设服务台，经费8000元，联系李建国。"), FACTS, {"单位": "本院"})

    assert text == "在本院设服务台，经费【待填：金额】，联系【待填：姓名】。"


def test_what_merely_looks_private_in_an_imported_passage_is_masked_too():
    shown = "组织义诊，联系电话13912345678，由张小明主席带队。"

    assert (
        borrowed(passage(shown), (), {}) == "组织义诊，联系电话【待填：联系方式】，由【待填：姓名】主席带队。"
    )
    assert borrowed(passage(shown, "starter"), (), {}) == shown


def test_a_name_or_a_contact_that_the_import_left_out_is_a_blank():
    text = borrowed(passage("由〔略〕主席带队，联系电话：〔略〕。"), (), {})

    assert text == "由【待填：姓名】主席带队，联系电话：【待填：联系方式】。"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.甲。\n2.乙。", "1.甲。\n2.乙。\n3.新的一条。"),
        ("一段话。", "一段话。\n新的一条。"),
        ("", "新的一条。"),
    ],
)
def test_it_comes_last_and_is_numbered_where_the_others_are(before, after):
    section = Section("s", SectionCode.CARE, "关爱", before)

    assert joined(section, "新的一条。").text == after


def test_what_is_there_already_is_not_put_there_twice():
    with pytest.raises(UserError, match="已经有这段话"):
        joined(Section("s", SectionCode.CARE, "关爱", "1.甲。\n2.新的一条。"), "新的一条。")


# A proposal


def test_a_passage_is_proposed_to_the_section_of_its_kind_and_nothing_is_saved(studio, plan, found):
    before = care(plan)

    proposal = studio.borrow(plan.id, "", found.id)

    assert proposal.section.id == before.id
    assert proposal.before == before.text == care(studio.load(plan.id)).text
    assert proposal.section.text.startswith(before.text)
    new = proposal.section.text.removeprefix(before.text)
    assert "走访急诊科夜班护士" in new
    assert not any(private in new for private in ("云杉", "20000", "王建军"))
    assert "【待填：金额】" in new


def test_an_accepted_passage_is_in_its_section_and_every_other_stays_byte_for_byte(studio, plan, found):
    section = next(s for s in plan.sections if s.code is SectionCode.DEMOCRACY)

    after = studio.accept(studio.borrow(plan.id, section.id, found.id))

    changed = [(a.id, a.text) for a, b in zip(plan.sections, after.sections, strict=True) if a.text != b.text]
    assert [key for key, _ in changed] == [section.id]
    assert "夜班护士" in next(s for s in after.sections if s.id == section.id).text


def test_a_locked_section_takes_nothing(studio, plan, found):
    studio.set_status(plan.id, care(plan).id, Status.LOCKED)

    with pytest.raises(UserError, match="锁定"):
        studio.borrow(plan.id, "", found.id)


def test_a_passage_that_is_gone_is_one_sentence(studio, plan):
    with pytest.raises(UserError, match="不在资料库里"):
        studio.borrow(plan.id, "", 10**9)


def test_a_passage_of_a_kind_the_plan_lacks_asks_for_a_section(studio, plan, found):
    studio.history.change(
        plan.id, lambda p: replace(p, sections=tuple(s for s in p.sections if s.id != care(p).id)), "人工"
    )

    with pytest.raises(UserError, match="放进哪一节"):
        studio.borrow(plan.id, "", found.id)


# References


def test_a_reference_is_kept_with_the_plan_and_read_first_when_its_section_is_written(studio, plan, found):
    section = studio.refer(plan.id, "", found.id)

    again = Studio(load_settings())
    try:
        kept = again.load(plan.id)
        (reference,) = kept.references
        assert (
            (reference.section_id, reference.passage_id)
            == (care(plan).id, found.id)
            == (section.id, found.id)
        )
        assert reference.text == found.text
        pool = again._pool(kept.request, kept.references)
        item = next(i for i in kept.outline.items if i.id == section.id)
        from assistant.evidence import rank

        first = rank(pool, item, kept.request, again.tables)[0]
        assert first.passage.id == found.id
        assert "云杉市第九医院" not in first.masked
    finally:
        again.close()


def test_a_reference_may_stand_beside_a_section_of_another_kind(studio, plan, found):
    section = next(s for s in plan.sections if s.code is SectionCode.DEMOCRACY)

    assert studio.refer(plan.id, section.id, found.id).id == section.id
    assert [r.section_id for r in studio.load(plan.id).references] == [section.id]


def test_a_reference_is_taken_once_and_taken_out_again(studio, plan, found):
    section = studio.refer(plan.id, "", found.id)
    with pytest.raises(UserError, match="已经在"):
        studio.refer(plan.id, "", found.id)

    assert studio.unrefer(plan.id, section.id, found.id).references == ()
    assert studio.unrefer(plan.id, section.id, found.id).references == ()


def test_references_survive_another_version_and_a_removed_document(studio, plan, found):
    section = studio.refer(plan.id, "", found.id)
    studio.library.remove(found.document_id)

    list(studio.propose(plan.id, section.id))
    list(studio.rewrite_all(plan.id))

    assert [r.text for r in studio.load(plan.id).references] == [found.text]
