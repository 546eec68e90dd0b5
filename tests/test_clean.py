"""Cleaning: each kind of damage, what must stay as it is, the log, and stability."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.clean import clean
from index.clean_rules import load_rules

ROOT = Path(__file__).parents[1]
DAMAGE = ROOT / "tests" / "fixtures" / "damage"
STARTER = sorted((ROOT / "index" / "starter").glob("*.md"))
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
CASES = sorted(path.name.removesuffix(".before.txt") for path in DAMAGE.glob("*.before.txt"))


def raw(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def seed(number: str) -> str:
    found = [path for path in SEEDS if path.name.startswith(number)]
    if not found:
        pytest.skip("the sample pages are not here")
    return raw(found[0])


def test_every_kind_of_damage_has_a_fixture():
    """What cleaning mends is here; what is told by parting, labelling or masking is in fixtures/pages."""
    pages = (path.name for path in (ROOT / "tests" / "fixtures" / "pages").glob("*.before.txt"))
    kinds = {case.split("_")[0] for case in (*CASES, *pages)}
    assert kinds == {f"N{number}" for number in range(1, 41)}


@pytest.mark.parametrize("case", CASES)
def test_damage_is_repaired_and_logged(case):
    result = clean(raw(DAMAGE / f"{case}.before.txt"))
    assert result.text == raw(DAMAGE / f"{case}.after.txt")
    assert case.split("_")[0] in {repair.kind for repair in result.repairs}


@pytest.mark.parametrize("case", CASES)
def test_a_repair_shows_where_it_was_made(case):
    text, kind = raw(DAMAGE / f"{case}.before.txt"), case.split("_")[0]
    made = [repair for repair in clean(text).repairs if repair.kind == kind]
    assert any(text[repair.raw_start : repair.raw_end] == repair.before for repair in made)


@pytest.mark.parametrize("case", CASES)
def test_cleaning_twice_changes_nothing(case):
    once = clean(raw(DAMAGE / f"{case}.before.txt")).text
    assert clean(once).text == once
    assert clean(once).repairs == ()


PAGES = sorted((ROOT / "tests" / "fixtures" / "pages").glob("*.before.txt"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_cleaning_a_page_twice_changes_nothing(path):
    once = clean(raw(path)).text
    assert clean(once).repairs == ()


@pytest.mark.parametrize("path", STARTER, ids=lambda path: path.stem)
def test_a_sound_document_passes_untouched(path):
    text = raw(path)
    result = clean(text)
    assert result.repairs == ()
    assert result.text == text


def test_there_are_sound_documents_to_try():
    assert STARTER


SOUND = [
    "职工可在“学习强国”APP（手机端）上下载学习资料，也可关注公众号。",
    "分享会定在10:30，地点在3号楼，费用不超过2.5元/人。",
    "请X光室、CT室和WPS培训班的职工分组报名。",
    "一、名著力作阅读会与李乾坤师傅的讲座",
    "目的的确定要听职工的。打的的费用自理。",
    "以'五必访'为抓手，把'一法三卡'挂上墙。",
    "时间：9月10日上午",
    "时间：2026年9月10日",
    "来源：会员会费和行政拨款",
    "联系我们工会小组，把困难说出来",
    "更多活动请关注职工之家公众号",
    "联系邮箱：gh@example.com，网址 https://example.org/a?b=1",
    "参加人数为20人，20家企业、20余名骑手到场。",
    "一年一度的运动会，年年开、月月练。",
    "以上就是今年的安排。欢迎大家参加。",
    "是不是五一定要加班？听职工的。",
    "2026年7月—12月",
    "{YEAR}年，在{PARTY_REF}指引下，〔缺〕市总工会印发{DOCNO}。",
    "表1｜7月｜送清凉",
    "『 1 』『 2 』",
]


@pytest.mark.parametrize("text", SOUND)
def test_sound_lines_are_left_alone(text):
    assert clean(text).text == text


def test_empty_and_blank_text():
    assert clean("").text == ""
    assert clean("").repairs == ()
    assert clean(" \n\t\n").text.strip() == ""


def test_front_matter_passes_untouched_and_offsets_count_it():
    front = '+++\ntitle = "a,b"\nfacts = ["20xx年"]\n+++\n'
    result = clean(front + "工会金费,专款专用。")
    assert result.text == front + "工会经费，专款专用。"
    first = result.repairs[0]
    assert (first.kind, first.before, first.after, first.raw_start) == ("N5", "金费", "经费", len(front) + 2)


def test_front_matter_with_windows_line_ends_passes_untouched():
    front = '+++\r\ntitle = "a"\r\n+++\r\n'
    assert clean(front + "好,好。").text == front + "好，好。"


def test_spans_lie_in_the_text_their_step_received():
    repair = clean("一、办实事\n关(guān)心职工").repairs[0]
    assert (repair.raw_start, repair.raw_end, repair.before) == (7, 13, "(guān)")


def test_a_syllable_in_brackets_stays_where_nothing_else_is_spelled_out():
    assert clean("打开手机(app)登记。").text == "打开手机（app）登记。"


def test_unknown_words_are_never_guessed():
    text = clean("落实工会**观，履行**职责。").text
    assert text.count("〔缺〕") == 2
    assert "维权" not in text


def test_a_shifted_run_that_makes_no_sense_is_left_as_it_is():
    assert clean("。ㄒ唬⒉龘靐齉W").text.startswith("（一）⒉")


def test_text_read_with_the_wrong_table_is_turned_back():
    text = "学校工会要关心全体教职工生活"
    assert clean(text.encode().decode("gb18030")).text == text
    assert clean(text.encode("gb18030").decode("latin-1")).text == text


def test_related_list_in_the_middle_of_a_page_ends_at_the_next_document():
    first, second = "工会工作计划篇1\n十二月开小结会。\n", "工会工作计划篇2\n一、办好读书角。"
    page = f"{first}相关文章：\n水厂工会总结\n车间工会计划\n{second}"
    assert clean(page).text == first + second


def test_a_repeated_sentence_in_another_paragraph_stays():
    text = "通过小组会把大家的意见收集上来并逐条答复。\n通过小组会把大家的意见收集上来并逐条答复。"
    assert clean(text).text == text


def test_a_line_broken_after_a_comma_is_joined_unless_a_heading_follows():
    assert clean("备好热饮、\n躺椅和雨具。").text == "备好热饮、躺椅和雨具。"
    for text in (
        "送去温暖，\n五、办好活动",
        "送去温暖，\n十月份：健走",
        "送去温暖，\n水厂工会",
        "送去温暖，\n1.健走",
    ):
        assert clean(text).text == text


def test_the_tables_load_and_every_row_is_a_pattern_with_a_kind():
    rules = load_rules()
    assert {rule.kind for rule in rules.masks} >= {"N7", "N8", "N9", "N10", "N11", "N38"}
    assert {rule.kind for rule in rules.slips} >= {"N5", "N35", "N36"}
    assert len(rules.numerals) == 10


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(
        alphabet="工会学习職裡著的的一二三（）()[]【】《》“”\"'`,，。；;:：?！.、 "
        "\n\t20xX_*年月篇关guānā?ǘ<>p｜〔〕{}#+",
        max_size=60,
    )
)
def test_cleaning_is_stable_on_any_text(text):
    once = clean(text)
    again = clean(once.text)
    assert again.text == once.text
    assert again.repairs == ()


def test_hostile_text_takes_no_time():
    for text in ("(" * 30_000, "a" * 60_000, " " * 60_000, "\n" * 60_000, "一、" * 30_000, "<p " * 20_000):
        assert isinstance(clean(text).text, str)


def test_sample_with_pinyin_and_shifted_bytes_comes_out_readable():
    result = clean(seed("000"))
    assert "关于小学工会工作计划" in result.text
    assert "（一）增强三个意识" in result.text
    assert "（四）加强女职工的工作" in result.text
    assert "实打实服务职工" in result.text
    assert Counter(repair.kind for repair in result.repairs)["N1"] == 328
    assert not set("āáǎàēéěèīíǐìōóǒòūúǔùǘㄒㄈㄋㄎㄆ") & set(result.text)
    assert "相关文章" not in result.text


@pytest.mark.parametrize("number", ["000", "001", "002", "003"])
def test_samples_are_stable_and_keep_their_length(number):
    text = seed(number)
    once = clean(text).text
    assert clean(once).repairs == ()
    assert len(once) > 0.65 * len(text)


@pytest.mark.parametrize(
    ("number", "gone"), [("001", "下载"), ("002", "收集整理"), ("002", "2021年幼儿园"), ("003", "标准下载网")]
)
def test_site_words_are_gone_from_samples(number, gone):
    assert gone in seed(number)
    assert gone not in clean(seed(number)).text
