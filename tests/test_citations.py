import pytest
from drafting import evidence

from assistant.citations import cite, recited

SOURCE = evidence(7, "2.8月，摸底职工子女升学情况，符合条件的协助申报上级工会金秋助学。", document="d7")


def test_a_citation_points_at_the_shared_words_on_both_sides():
    text = "1.9月，开展座谈。\n2.8月，摸底职工子女升学情况，办理登记。"
    (found,) = cite(text, [SOURCE])
    assert text[found.start : found.end] == found.quote
    assert found.quote in SOURCE.passage.text
    assert "摸底职工子女升学情况" in found.quote
    assert (found.passage_id, found.document_id) == (7, "d7")


def test_seven_shared_hanzi_are_not_a_citation():
    assert cite("1.摸底职工子女升，另行安排。", [SOURCE]) == ()


def test_the_longest_run_wins():
    other = evidence(8, "1.摸底职工子女升学情况，符合条件的逐户登记。")
    (found,) = cite("1.摸底职工子女升学情况，符合条件的协助申报。", [other, SOURCE])
    assert found.passage_id == 7


def test_nothing_in_common_nothing_cited():
    assert cite("1.组织羽毛球比赛，按年龄分组。", [SOURCE]) == ()
    assert cite("", [SOURCE]) == ()
    assert cite("1.组织羽毛球比赛。", []) == ()


# --- a section changed by hand

BEFORE = "1.8月，摸底职工子女升学情况，符合条件的协助申报。\n2.10月，组织球赛。"


def changed(after):
    return recited(cite(BEFORE, [SOURCE]), BEFORE, after, lambda: [SOURCE])


def test_words_that_still_stand_keep_their_citation_and_nothing_is_looked_up():
    def never():
        pytest.fail("precedents were looked up though no line is new")

    after = "1.10月，组织球赛。\n2.8月，摸底职工子女升学情况，符合条件的协助申报。"
    (found,) = recited(cite(BEFORE, [SOURCE]), BEFORE, after, never)
    assert after[found.start : found.end] == "8月，摸底职工子女升学情况，符合条件的协助申报"


def test_a_line_changed_in_the_middle_of_its_quote_leans_on_what_is_left_of_it():
    after = BEFORE.replace("升学情况，符合", "升学、就医情况，符合")
    (found,) = changed(after)
    assert after[found.start : found.end] == found.quote == "情况，符合条件的协助申报"
    assert found.passage_id == 7


def test_a_line_a_person_wrote_anew_leans_on_nothing():
    assert changed("1.请家长志愿者讲消防。\n2.10月，组织球赛。") == ()


def test_a_line_added_by_hand_leans_on_the_precedent_it_repeats():
    after = BEFORE + "\n3.协助申报上级工会金秋助学的，由小组长送材料。"
    assert [after[c.start : c.end] for c in changed(after)][1] == "协助申报上级工会金秋助学"
