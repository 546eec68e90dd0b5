import pytest

from assistant.output import StreamCleaner
from assistant.thinking import ThinkingFilter
from assistant.watchdog import Trouble

GOOD = "1.八月召开职工代表团（组）长会议，通报提案办理进度。\n2.每季度公开一次工会经费使用情况，接受监督。"

FIRST = "1.举办技能比武。"
BOTH = "1.举办技能比武。\n2.办好职工书屋。"

CLEANED = {
    "clean text is left alone": (GOOD, GOOD),
    "thinking block": ("<think>\n用户要一节计划。\n</think>\n\n1.举办技能比武。", FIRST),
    "thinking never closed": ("<think>我想想，举办技能比武。", ""),
    "thinking closed but not opened": (
        "好的，用户让我写一节。内容要具体。\n</think>\n\n1.举办技能比武。",
        FIRST,
    ),
    "thinking aloud": ("首先，我需要看初稿。\n1.举办技能比武。\n2.办好职工书屋。", BOTH),
    "markdown": (
        "## 民主管理\n\n**1. 举办`技能`比武**，*九月*决赛。[1]\n\n---",
        "1.举办技能比武，九月决赛。",
    ),
    "code fence": ("```markdown\n1.举办技能比武。\n```", FIRST),
    "own heading": ("二、民主管理\n1.举办技能比武。", FIRST),
    "own heading with a colon": ("民主管理：\n1.举办技能比武。", FIRST),
    "invented heading": ("一、总体要求\n1.举办技能比武。\n（二）具体措施\n2.办好职工书屋。", BOTH),
    "chatter around": (
        "好的，以下是为您撰写的正文：\n1.举办技能比武。\n希望以上内容对您有所帮助！\n（注：全文约200字）",
        FIRST,
    ),
    "chatter of assistants": ("作为一个AI语言模型，我无法了解情况。\n1.举办技能比武。", FIRST),
    "word count": ("1.举办技能比武。（约20字）", FIRST),
    "english lines": ("Sure! Here is the plan:\n1. Hold a meeting every month.\n1.举办技能比武。", FIRST),
    "latin words in chinese stay": (
        "1.用职工之家APP报名，拨打12351热线。",
        "1.用职工之家APP报名，拨打12351热线。",
    ),
    "label": ("正文：1.举办技能比武。", FIRST),
    "other numbers": (
        "1、举办技能比武。\n２．办好职工书屋。\n4、 组织健步走。",
        "1.举办技能比武。\n2.办好职工书屋。\n3.组织健步走。",
    ),
    "bracketed numbers": (
        "（一）举办技能比武，九月决赛。\n（二）办好职工书屋。",
        "1.举办技能比武，九月决赛。\n2.办好职工书屋。",
    ),
    "bullets": ("- 举办技能比武。\n* 办好职工书屋。", BOTH),
    "bullets under an item": (
        "1.举办技能比武：\n- 初赛在科室。\n- 决赛在九月。\n2.办好职工书屋。",
        "1.举办技能比武：初赛在科室。决赛在九月。\n2.办好职工书屋。",
    ),
    "title above its text": (
        "### 1. 技能比武\n九月举办决赛。\n### 2. 职工书屋\n每月荐书。",
        "1.技能比武：九月举办决赛。\n2.职工书屋：每月荐书。",
    ),
    "items without full stops": ("1.举办技能比武\n2.办好职工书屋", BOTH),
    "decimal is no number": ("1.5万元以内的采购公开。", "1.5万元以内的采购公开。"),
    "months stay lines": ("7月：送清凉；座谈\n8月：金秋助学", "7月：送清凉；座谈\n8月：金秋助学"),
    "table": (
        "| 月份 | 工作内容 |\n|---|---|\n| 7月 | 送清凉 |\n| 8月 | 金秋助学 |",
        "7月：送清凉\n8月：金秋助学",
    ),
    "leaked slots": (
        "1.由{姓名}负责，在｛地点｝设点。",
        "1.由【待填：姓名】负责，在【待填：活动地点】设点。",
    ),
    "blanks stay": ("1.由【待填：姓名】负责。", "1.由【待填：姓名】负责。"),
    "half-width punctuation": ("1.举办技能比武,九月决赛;十月表扬。", "1.举办技能比武，九月决赛；十月表扬。"),
    "end mark": ("1.举办技能比武。<|im_end|>\n<|im_start|>user\n再写一节教代会内容。", FIRST),
    "quotation after the full stop": ("1.喊响“一个不落。”的口号。", "1.喊响“一个不落。”的口号。"),
    "empty": ("", ""),
    "blank": (" \n\n　　\n", ""),
}


def clean_section(text, heading, limit=0):
    cleaner = StreamCleaner(heading, limit)
    return cleaner.feed(text) + cleaner.close()


@pytest.mark.parametrize(("raw", "clean"), CLEANED.values(), ids=CLEANED)
def test_only_body_lines_are_left(raw, clean):
    assert clean_section(raw, "民主管理") == clean


@pytest.mark.parametrize("raw", [raw for raw, _ in CLEANED.values()], ids=CLEANED)
def test_pieces_give_what_the_whole_gives(raw):
    cleaner = StreamCleaner("民主管理")
    assert "".join(cleaner.feed(char) for char in raw) + cleaner.close() == clean_section(raw, "民主管理")


def test_sentences_come_out_before_the_line_ends():
    cleaner = StreamCleaner()
    assert cleaner.feed("1.举办技能比武。九") == "1.举办技能比武。"
    assert cleaner.feed("月决赛。") + cleaner.close() == "九月决赛。"


LOOPS = {
    "lines": "1.举办岗位技能比武，提升本领。\n"
    + "".join(f"{n}.每季度召开一次座谈会。\n" for n in range(2, 40)),
    "clauses": "1.举办岗位技能比武，提升本领。\n2.每季度召开一次座谈会，" + "凝心聚力，" * 60,
    "words": "1.举办岗位技能比武，提升本领。\n2.每季度召开一次座谈会，" + "学习" * 60,
}


@pytest.mark.parametrize("raw", LOOPS.values(), ids=LOOPS)
def test_a_loop_ends_the_answer_and_keeps_what_came_before(raw):
    cleaner = StreamCleaner()
    text = ""
    for char in raw:
        text += cleaner.feed(char)
    text += cleaner.close()
    assert cleaner.trouble is Trouble.LOOP
    assert text.startswith("1.举办岗位技能比武，提升本领。\n2.每季度召开一次座谈会")
    assert len(text) < 50


def test_a_run_of_thirteen_hanzi_three_times_is_a_loop():
    run = "切实维护全体职工群众的合法权益"
    cleaner = StreamCleaner()
    text = (
        cleaner.feed(f"1.七月{run}到位。\n2.八月{run}落地。\n3.九月{run}见效。\n4.十月健步走。\n")
        + cleaner.close()
    )
    assert cleaner.trouble is Trouble.LOOP
    assert text == f"1.七月{run}到位。\n2.八月{run}落地。"


def test_text_without_any_full_stop_is_given_up():
    cleaner = StreamCleaner()
    words = "".join(chr(0x4E00 + number * 7 % 5000) for number in range(900))
    for char in words:
        cleaner.feed(char)
    assert cleaner.done


def test_the_limit_cuts_between_sentences():
    raw = "1.举办技能比武，九月决赛。\n2.办好职工书屋，每月荐书。\n3.组织秋季健步走。"
    assert clean_section(raw, "", 24) == "1.举办技能比武，九月决赛。\n2.办好职工书屋，每月荐书。"
    assert clean_section(raw, "", 3) == "1.举办技能比武，九月决赛。"


def test_a_truncated_answer_loses_its_half_sentence():
    cleaner = StreamCleaner()
    text = cleaner.feed("1.举办技能比武。\n2.办好职工书") + cleaner.close(truncated=True)
    assert text == "1.举办技能比武。"


def test_a_truncated_answer_keeps_its_last_whole_sentence():
    cleaner = StreamCleaner()
    assert cleaner.feed("1.举办技能比武。") + cleaner.close(truncated=True) == "1.举办技能比武。"


def test_echoes_of_the_prompt_are_dropped():
    cleaner = StreamCleaner(echoes=["只输出这一节的正文，不写标题"])
    text = cleaner.feed("只输出这一节的正文，不写标题。\n1.举办技能比武。") + cleaner.close()
    assert text == "1.举办技能比武。"


def test_known_slots_are_filled():
    cleaner = StreamCleaner(slots={"单位": "我院"})
    assert cleaner.feed("1.在｛单位｝各科室开展比武。") + cleaner.close() == "1.在我院各科室开展比武。"


def test_prose_loses_numbers_and_titles():
    cleaner = StreamCleaner(numbered=False)
    text = cleaner.feed("一、总体要求\n1.围绕中心工作，服务职工。\n落实上级部署。") + cleaner.close()
    assert text == "围绕中心工作，服务职工。\n落实上级部署。"


def test_paragraphs_become_items_where_items_are_wanted():
    cleaner = StreamCleaner(numbered=True)
    assert (
        cleaner.feed("举办技能比武。\n办好职工书屋。") + cleaner.close()
        == "1.举办技能比武。\n2.办好职工书屋。"
    )


def test_nothing_comes_after_close():
    cleaner = StreamCleaner()
    assert cleaner.feed("1.举办技能比武。") + cleaner.close() == "1.举办技能比武。"
    assert cleaner.feed("2.再来一条。") == ""


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_thinking_tags_may_be_split_anywhere(size):
    raw = "前<think>中</think>后<b<THINKING>x</Thinking>末<"
    thinking = ThinkingFilter()
    shown = "".join(thinking.feed(raw[i : i + size]) for i in range(0, len(raw), size)) + thinking.close()
    assert shown == "前后<b末<"
