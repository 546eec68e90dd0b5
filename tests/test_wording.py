"""Misspelt and doubled words: each is found with what is right, and clean official prose is left alone."""

import re
from pathlib import Path

import pytest

from assistant.mends import applied
from assistant.tables import load_tables
from index.types import SectionCode
from tests.check_helpers import assert_exact, draft_of, judge

STARTER = Path(__file__).parents[1] / "index" / "starter"


def seen(text):
    found = judge("wording", text)
    assert_exact(found, text)
    return found


@pytest.mark.parametrize(
    ("text", "quote", "right"),
    [
        ("1.9月，举办劳动竟赛，由车间工会组织。", "竟赛", "竞赛"),
        ("1.7月，为高温岗位送清涼。", "送清涼", "送清凉"),
        ("1.截止12月底完成决算。", "截止", "截至"),
        ("1.及时反应职工意见。", "反应", "反映"),
        ("1.必需做到公开透明。", "必需", "必须"),
        ("1.学习《工会法》、《劳动法》。", "》、《", "》《"),
        ("1.收支帐目每季度公开。", "帐目", "账目"),
        ("1.会议记要存档。", "会议记要", "会议纪要"),
        ("1.以上内容涉及到职工切身利益。", "涉及到", "涉及"),
    ],
)
def test_a_wrong_word_is_found_with_the_right_one(text, quote, right):
    (finding,) = seen(text)
    assert (finding.quote, finding.mends[0].text) == (quote, right)


@pytest.mark.parametrize("text", ["1.大约三十人左右参加。", "1.各位职工们踊跃报名。", "1.近百余人参加。"])
def test_what_is_said_twice_is_pointed_out_and_left_to_the_person(text):
    (finding,) = seen(text)
    assert finding.mends == ()
    assert "留一个" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "1.报名截止时间为9月10日，逾期不候。",
        "1.试用当月公布署名，过份额部分另计。",
        "1.化学反应演示由物理组协助，血压反应异常者登记。",
        "1.生活必需品由工会统一采购。",
        "1.必要的文具、其它。",
        "1.既使用会费又使用行政补助的，分开列账。",
        "1.渡过难关、再接再厉、一如既往、作出贡献、截至12月底。",
    ],
)
def test_right_words_are_left_alone(text):
    assert seen(text) == []


def test_the_starter_library_has_no_wrong_word():
    patterns = [one for row in load_tables().wording for one in row.wrong]
    every = re.compile("|".join(f"(?:{one})" for one in patterns))
    found = [(p.name, m[0]) for p in STARTER.glob("*.md") for m in every.finditer(p.read_text("utf-8"))]
    assert found == []


def test_no_right_word_is_itself_called_wrong():
    rows = load_tables().wording
    patterns = [one for row in rows for one in row.wrong]
    assert len(patterns) > 240
    assert [row.right for row in rows if any(re.fullmatch(one, row.right) for one in patterns)] == []


def test_one_click_mends_it():
    text = "1.9月，举办劳动竟赛。"
    (finding,) = seen(text)
    plan = draft_of((SectionCode.CARE, "", text))
    assert applied(plan, finding, finding.mends[0]).sections[0].text == "1.9月，举办劳动竞赛。"
