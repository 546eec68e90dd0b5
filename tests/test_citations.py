from drafting import evidence

from assistant.citations import cite

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
