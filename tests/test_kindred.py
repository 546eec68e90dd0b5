"""Which measures of other trades may be borrowed: those whose nouns the own plans, or many trades', have too."""

from drafting import TODAY, passage

from assistant.evidence import gather
from assistant.kindred import nouns, strange
from assistant.request import parse_request
from assistant.tables import load_tables
from index.types import OrgType

OWN = [
    passage(number, f"支行工会{number % 12 + 1}月走访困难员工，网点小组长登记名单。", OrgType.BANK)
    for number in range(1, 81)
]


def test_nouns_are_told_from_verbs_and_single_signs():
    found = nouns("技师配砂浆，工会检查图纸。")
    assert found >= {"技师", "砂浆", "工会", "图纸"}
    assert "检查" not in found


def test_a_noun_of_another_trade_makes_a_measure_strange():
    known = passage(101, "小组长登记困难员工名单。", OrgType.CONSTRUCTION)
    trade = passage(102, "小组长登记砂浆名单。", OrgType.CONSTRUCTION)
    assert strange([*OWN, known, trade], OrgType.BANK) == {102}


def test_a_noun_that_seven_types_have_belongs_to_no_trade():
    types = [org for org in OrgType if org is not OrgType.BANK][:7]
    everywhere = [passage(200 + n, "请走访的员工看灯谜。", org) for n, org in enumerate(types)]
    guiding = {p.id for p in everywhere if p.org_type in (OrgType.EDU_SYSTEM, OrgType.HEALTH_SYSTEM)}
    assert strange([*OWN, *everywhere], OrgType.BANK) == guiding
    assert strange([*OWN, *everywhere[:6]], OrgType.BANK) == {p.id for p in everywhere[:6]}


def test_a_union_that_guides_others_and_one_units_union_lend_each_other_nothing():
    guiding = passage(300, "小组长登记困难员工名单。", OrgType.EDU_SYSTEM)
    assert strange([*OWN, guiding], OrgType.BANK) == {300}


def test_with_few_plans_of_its_own_type_nothing_is_strange():
    trade = passage(102, "小组长登记砂浆名单。", OrgType.CONSTRUCTION)
    assert strange([*OWN[:10], trade], OrgType.BANK) == frozenset()


class Shelf:
    """A library of passages in memory."""

    def __init__(self, passages):
        self.kept = passages

    def passages(self, filters, limit):
        return [p for p in self.kept if not filters.org_types or p.org_type in filters.org_types][:limit]

    def passages_of(self, ids):
        return [p for p in self.kept if p.id in ids]

    def facts(self, document_ids):
        return {}


def test_a_plan_is_drawn_from_its_own_trade_and_from_what_it_may_borrow():
    lent = passage(101, "小组长登记困难员工名单。", OrgType.CONSTRUCTION)
    trade = passage(102, "小组长登记砂浆名单。", OrgType.CONSTRUCTION)
    imported = passage(103, "小组长登记砂浆名单。", OrgType.CONSTRUCTION, origin="user")
    request = parse_request("支行工会2027年计划", TODAY)
    pool = gather(Shelf([*OWN, lent, trade, imported]), request, load_tables())
    assert {p.id for p in pool.passages} == {*range(1, 81), 101, 103}
