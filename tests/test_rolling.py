"""How a measure is named in a few words, and how sessions and years move on."""

import pytest

from assistant.rolling import roll_forward
from assistant.topic import duty, topic

# ---- topics


@pytest.mark.parametrize(
    ("measure", "name"),
    [
        ("1.推进职工心理服务站建设，11月前完成选址。", "职工心理服务站建设"),
        ("（3）每年9月举办职工趣味运动会。", "职工趣味运动会"),
        ("按照上级部署，做好困难职工帮扶。", "困难职工帮扶"),
        ("建成母婴室", "母婴室"),
        ("趣味运动会于9月圆满举办", "趣味运动会"),
        ("", ""),
        ("1.", ""),
    ],
)
def test_a_measure_is_named_in_a_few_words(measure, name):
    assert topic(measure) == name


def test_a_duty_keeps_its_verb():
    assert duty("2.规范职工代表大会制度，提高提案办理质量。") == "规范职工代表大会制度"


# ---- sessions and years


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("3月召开七届三次职工代表大会", "3月召开七届四次职工代表大会"),
        ("召开第七届职代会第三次会议", "召开第七届职代会第四次会议"),
        ("第十届职工趣味运动会", "第十一届职工趣味运动会"),
        ("第19届职工技能大赛", "第20届职工技能大赛"),
        ("2026年经费预算", "2027年经费预算"),
        ("2026—2027学年第一学期", "2027—2028学年第一学期"),
        ("连续第五年开展", "连续第六年开展"),
    ],
)
def test_what_is_counted_by_years_moves_on(before, after):
    assert roll_forward(before, 2026, 2027)[0] == after


@pytest.mark.parametrize(
    "text",
    [
        "选举产生第八届工会委员会",
        "筹备第八届职工代表大会",
        "第七次会员代表大会",
        "党的二十届三中全会",
        "全总十八届三次执委会",
        "总工发〔2026〕3号",
        "《工会经费收支管理办法（2026年修订）》",
        "2026年修订的管理办法",
        "2019年以来",
        "2026年",
    ],
)
def test_what_is_not_counted_by_years_stays(text):
    new = 2026 if text == "2026年" else 2027
    assert roll_forward(text, 2026, new) == (text, ())


def test_two_sessions_a_year_stay_two_a_year():
    text = "1月召开七届三次职代会，12月召开七届四次职代会"
    assert roll_forward(text, 2026, 2027)[0] == "1月召开七届五次职代会，12月召开七届六次职代会"


def test_a_session_past_the_longest_term_is_to_be_checked():
    _, rolls = roll_forward("召开七届五次教代会", 2026, 2027)
    assert [(roll.before, roll.after) for roll in rolls] == [("七届五次", "七届六次")]
    assert "换届" in rolls[0].note


def test_every_roll_points_at_what_it_changed():
    text = "2026年召开七届三次职代会，举办第十届运动会"
    for roll in roll_forward(text, 2026, 2027)[1]:
        assert text[roll.start : roll.end] == roll.before
