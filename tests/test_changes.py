"""Proposals by sentence: each change taken or left by itself, item numbers following."""

import pytest

from assistant.changes import changes, merged, sentences_of, steps

BEFORE = "1.7月走访高温岗位。发放防暑药品。\n2.9月召开职代会。\n3.12月拟订送温暖方案。"
AFTER = (
    "1.7月走访高温岗位。发放防暑药品和饮用水，由女工委员登记。\n2.8月慰问医师。\n3.9月召开职代会。\n"
    "4.12月完成送温暖方案，报院党委。"
)


def test_numbers_are_no_part_of_what_is_compared():
    assert [(c.before, c.after) for c in changes(BEFORE, AFTER)] == [
        ("发放防暑药品。", "发放防暑药品和饮用水，由女工委员登记。"),
        ("", "8月慰问医师。"),
        ("12月拟订送温暖方案。", "12月完成送温暖方案，报院党委。"),
    ]


def test_one_sentence_left_and_the_rest_taken():
    assert merged(BEFORE, AFTER, {0, 2}) == (
        "1.7月走访高温岗位。发放防暑药品和饮用水，由女工委员登记。\n2.9月召开职代会。\n3.12月完成送温暖方案，报院党委。"
    )


def test_a_new_item_alone_renumbers_what_follows():
    assert merged(BEFORE, AFTER, {1}) == (
        "1.7月走访高温岗位。发放防暑药品。\n2.8月慰问医师。\n3.9月召开职代会。\n4.12月拟订送温暖方案。"
    )


@pytest.mark.parametrize("before", ["", BEFORE, "一段话。没有编号。\n\n第二段"])
@pytest.mark.parametrize("after", ["", AFTER, "一段话。换了一句！\n第二段"])
def test_none_is_the_old_text_and_all_is_the_new_one(before, after):
    every = {c.number for c in changes(before, after)}
    assert merged(before, after, ()) == before
    assert merged(before, after, every) == (after if every else before)


def test_an_item_taken_out_and_one_kept():
    assert merged(BEFORE, "1.9月召开职代会。", {0, 1}) == "1.9月召开职代会。\n2.12月拟订送温暖方案。"
    assert merged(BEFORE, "1.9月召开职代会。", {2}) == "1.7月走访高温岗位。发放防暑药品。\n2.9月召开职代会。"


def test_when_an_items_first_sentence_goes_the_second_begins_the_line():
    assert merged("1.甲事先做好。乙事跟上。\n2.丙事。", "1.丁完全不同。\n2.丙事。戊。", {0}) == (
        "1.乙事跟上。\n2.丙事。"
    )


def test_an_unchanged_style_of_numbers_stays_when_nothing_is_taken():
    before = "1、甲事。\n2、乙事。"
    assert changes(before, "1.甲事。\n2.乙事。") == ()
    assert merged(before, "1.甲事。\n2.乙事。", {0}) == before


def test_bracketed_numbers_stay_what_they_are():
    texts = [(s.head, s.text) for s in sentences_of("1.甲。\n（1）乙。\n（2）丙；丁。\n1.5万元经费。")]
    assert texts == [
        ("1.", "甲。"),
        ("（1）", "乙。"),
        ("（2）", "丙；"),
        (None, "丁。"),
        ("", "1.5万元经费。"),
    ]


def test_every_sentence_of_both_texts_stands_in_the_comparison():
    rows = steps(BEFORE, AFTER)
    assert [r.old.text for r in rows if r.old] == [s.text for s in sentences_of(BEFORE)]
    assert [r.new.text for r in rows if r.new] == [s.text for s in sentences_of(AFTER)]
