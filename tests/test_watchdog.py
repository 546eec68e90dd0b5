"""A model that goes astray in mid-answer: what is good stands, it is asked once more, the rest is the Composer's."""

import itertools

import pytest
from model_fakes import QueueModel
from test_write import ANSWER, MATERIAL, prompt_of, task, written

from assistant.output import StreamCleaner
from assistant.output_rules import foreign_letters, is_foreign
from assistant.text import han_count
from assistant.watchdog import Trouble
from index.types import SectionCode

ENGLISH = (
    "The trade union will organize a skills contest in September, and every department shall send two "
    "nurses to take part; the results will be published on the notice board within one week. "
)
JAPANESE = "労働組合は九月に技能競技会を開催し、各部署から二名が参加します。結果は掲示板で公表されます。"
LONG = "\n".join(
    f"{n}.{text}" for n, text in enumerate(
        ("一月走访困难职工家庭，登记需要帮助的事项并逐户回访。", "三月组织女职工健康讲座，邀请专科医生当面答疑。",
         "五月评选先进班组，事迹在宣传栏张贴一个月。", "六月检查防暑物资，缺少的品种当周补齐。",
         "九月举办岗位练兵，成绩记入业务档案。", "十二月公开全年经费收支，接受会员询问。"), 1,
    )
)  # fmt: skip

FOREIGN = [
    ENGLISH,
    JAPANESE,
    "每季度召开座谈会听取意见 and then publish the results on the board，逐条答复。",
    "Профсоюз проводит собрание в сентябре。",
    "노동조합은 회의를 개최한다。",
    "Hội nghị công đoàn tháng chín。",
]
CHINESE = [
    "用WPS或Excel登记，报名邮箱gonghui@example.cn。",
    "组织KTV歌会和VR体验，发放e-mail通知。",
    "引入Lean Six Sigma Green Belt课程，分两批培训班组长。",
    "办好Microsoft Office软件培训。",
    "评选“の”字之类不规范用字。",
    "α因子讲座。",
    "每季度召开一次座谈会。",
]


@pytest.mark.parametrize("sentence", FOREIGN)
def test_prose_in_another_language_is_told(sentence):
    assert is_foreign(sentence)
    assert foreign_letters(sentence) > 10


@pytest.mark.parametrize("sentence", CHINESE)
def test_names_in_chinese_prose_are_no_other_language(sentence):
    assert not is_foreign(sentence)
    assert foreign_letters(sentence) == 0


ASTRAY = {
    "English": ("1.八月召开职工代表会议，通报提案办理。\n" + ENGLISH * 40, Trouble.SWITCH),
    "Japanese": ("1.八月召开职工代表会议，通报提案办理。\n" + JAPANESE * 40, Trouble.SWITCH),
    "English in lines": ("1.八月召开会议，通报提案。\n" + (ENGLISH + "\n") * 40, Trouble.SWITCH),
    "the same line": ("每季度召开一次职工座谈会。\n" * 200, Trouble.LOOP),
    "numbers alone differ": (
        "\n".join(f"第{n}个月组织一次集中学习活动。" for n in "一二三四五六七八九十" * 9),
        Trouble.LIST,
    ),
    "line breaks": ("1.八月召开职工代表会议。\n" + "\n" * 9_000, Trouble.ASTRAY),
    "headings": ("1.八月召开职工代表会议。\n" + "## 具体措施\n" * 900, Trouble.ASTRAY),
}


@pytest.mark.parametrize(("raw", "trouble"), ASTRAY.values(), ids=ASTRAY)
def test_an_answer_that_goes_astray_is_ended_early(raw, trouble):
    cleaner, pieces = StreamCleaner("民主管理"), iter(raw)
    while not cleaner.done:
        cleaner.feed(next(pieces))
    assert cleaner.trouble is trouble
    assert len(raw) - len(list(pieces)) < 2_800


def test_a_list_has_an_end():
    cleaner, text = StreamCleaner("民主管理", numbered=True, most_items=6), ""
    for n in itertools.count(1):
        text += cleaner.feed(f"{n}.由{chr(0x4E00 + n * 31)}{chr(0x5E00 + n * 17)}组负责到底。\n")
        if cleaner.done:
            break
    text += cleaner.close()
    assert cleaner.trouble is Trouble.LIST
    assert text.count("\n") == 5


def test_a_plan_for_every_month_and_quarter_is_no_trouble():
    raw = "\n".join(f"第{n}季度召开一次工会委员会。" for n in "一二三四") + "\n" + LONG
    cleaner = StreamCleaner("民主管理")
    text = cleaner.feed(raw) + cleaner.close()
    assert cleaner.trouble is Trouble.NONE
    assert text.count("召开一次工会委员会") == 4


START = "1.一月走访困难职工家庭，登记需要帮助的事项并逐户回访，三月底前把情况报工会委员会逐件研究，结果告知本人。\n"


def long_task():
    return task(SectionCode.CARE, "做实关爱服务", LONG)


@pytest.mark.parametrize("astray", [ENGLISH * 9, "每月开职工座谈会。\n" * 9], ids=["English", "loop"])
def test_a_model_that_goes_astray_in_the_middle_is_asked_to_go_on(astray):
    more = "1.四月请专科医生讲女职工健康，现场答疑。\n2.九月举办岗位练兵，成绩当场公布并记入档案。\n"
    model = QueueModel(START + astray, START + more)
    text, writer = written(model, long_task())
    kept = [line for line in text.split("\n") if "座谈会" not in line]
    assert kept[0] == START.strip()
    assert text.count("一月走访") == 1
    assert text.endswith("九月举办岗位练兵，成绩当场公布并记入档案。")
    assert [line[:2] for line in text.split("\n")] == [f"{n}." for n in range(1, len(text.split("\n")) + 1)]
    assert START.strip() in prompt_of(model, 1)
    assert "接着写" in prompt_of(model, 1)
    assert writer.last_problem == ""


def test_after_two_breakdowns_the_first_version_says_the_rest():
    model = QueueModel(START + ENGLISH * 9, ENGLISH * 20)
    text, writer = written(model, long_task())
    assert text.startswith(START)
    assert "organize" not in text
    assert text.count("走访困难职工家庭") == 1
    assert text.endswith("十二月公开全年经费收支，接受会员询问。")
    assert "中途乱了（写的不是中文）" in writer.last_problem
    assert len(model.calls) == 2


def test_a_breakdown_after_most_of_the_section_costs_nothing():
    model = QueueModel(LONG + "\n" + ENGLISH * 9)
    text, writer = written(model, long_task())
    assert text == LONG
    assert writer.last_problem == ""


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (ENGLISH * 40, "写的不是中文"),
        ("\n" * 5_000, "什么也没有写"),
        ("## 具体措施\n" * 900, "一直没有写到正文"),
        ("", "什么也没有写"),
    ],
    ids=["English", "line breaks", "headings", "empty"],
)
def test_two_useless_answers_leave_the_composers_text(bad, reason):
    model = QueueModel(bad, bad)
    text, writer = written(model, task())
    assert text == MATERIAL
    assert f"（{reason}）" in writer.last_problem
    assert len(model.calls) == 2
    assert reason in prompt_of(model, 1)


def test_one_bad_answer_and_a_good_one():
    text, writer = written(QueueModel(JAPANESE * 60, ANSWER), task())
    assert (text, writer.last_problem) == (ANSWER, "")
    assert han_count(text) > 40
