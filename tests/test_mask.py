from assistant.mask import blank, blanks, fill_slots, known_slots, mask, open_slots
from assistant.types import Profile
from index.types import Fact, FactKind

ROLES = {"we": "我院", "union": "院工会", "party": "医院党组织", "upper": "上级工会"}
FACTS = (
    Fact(FactKind.UNIT, "梧泽市第二人民医院", 0, 9),
    Fact(FactKind.SHORT, "市二院", 0, 3),
    Fact(FactKind.UPPER, "梧泽市总工会", 0, 6),
    Fact(FactKind.UPPER, "市卫生健康系统工会", 0, 9),
    Fact(FactKind.PROGRAM, "暖夜灯", 0, 3),
    Fact(FactKind.COUNT, "22个", 0, 3),
    Fact(FactKind.PARTY, "院党委", 0, 3),
)


def test_private_facts_become_typed_slots():
    text = "市二院在院党委领导下，由22个小组办好“暖夜灯”。"
    assert mask(text, FACTS) == "｛单位｝在｛党组织｝领导下，由｛数量｝小组办好“｛品牌｝”。"


def test_the_longer_fact_wins_and_neighbours_are_not_doubled():
    assert mask("落实梧泽市总工会、市卫生健康系统工会部署", FACTS) == "落实｛上级工会｝部署"


def test_slots_are_filled_from_the_profile():
    profile = Profile(party="院党总支", upper=("云栖市总工会",), programs=("夜班加油站",))
    known = known_slots(profile, ROLES)
    text = fill_slots("｛单位｝在｛党组织｝领导下办好“｛品牌｝”，报｛上级工会｝。", known)
    assert text == "我院在院党总支领导下办好“夜班加油站”，报云栖市总工会。"


def test_what_nobody_knows_becomes_a_visible_blank():
    text = fill_slots("由｛姓名｝负责，在｛地点｝举行。", known_slots(Profile(), ROLES))
    assert text == "由【待填：姓名】负责，在【待填：活动地点】举行。"
    assert blanks(text) == ("姓名", "活动地点")


def test_open_slots_are_those_the_unit_cannot_fill():
    assert open_slots("｛单位｝办好｛品牌｝，经费｛金额｝", known_slots(Profile(), ROLES)) == ("品牌", "金额")


def test_a_blank_is_listed_once():
    assert blanks(blank("单位名称") + "和" + blank("单位名称")) == ("单位名称",)


def test_text_without_facts_is_untouched():
    assert mask("每季度公开一次。", ()) == "每季度公开一次。"


def test_a_union_that_is_its_own_unit_stands_for_the_union():
    facts = (Fact(FactKind.UNIT, "青塘镇总工会", 0, 6),)
    assert fill_slots(mask("名单报青塘镇总工会。", facts), known_slots(Profile(), ROLES)) == "名单报院工会。"
