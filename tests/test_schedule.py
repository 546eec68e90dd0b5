import tomllib
from pathlib import Path

import pytest
from drafting import TABLES

from assistant.headline import tells
from assistant.schedule import entries, month_lines
from assistant.types import Section
from index.types import SectionCode


def labels(*items, code=SectionCode.CARE):
    text = "\n".join(f"{n}.{item}" for n, item in enumerate(items, 1))
    return [(e.month, e.label) for e in entries((Section("s1", code, "帮扶", text),), TABLES)]


@pytest.mark.parametrize(
    ("item", "entry"),
    [
        ("9月，举办决赛，项目为静脉穿刺、心肺复苏。", (9, "举办决赛")),
        ("8月19日前后，举办中国医师节座谈会，听取意见。", (8, "举办中国医师节座谈会")),
        ("10月，会同护理部印发比武方案，分两步走。", (10, "印发比武方案")),
        ("职工互助保障续保在11月办理，逐人提醒。", (11, "职工互助保障续保办理")),
        ("7月至8月，为后勤、保安等高温岗位职工送清凉，检查饮水。", (7, "送清凉")),
        ("会员名单8月核实，派遣工同步登记。", (8, "核实会员名单")),
        ("支行职工大会1月召开，听取工作报告。", (1, "召开支行职工大会")),
        ("3月，召开会员代表大会，选举新一届工会委员会。", (3, "召开会员代表大会")),
        ("女职工委员会9月组织专项检查，逐科核对排班。", (9, "组织专项检查")),
        ("摸清患重病职工的情况，12月拟出元旦春节送温暖方案，报上级工会。", (12, "元旦春节送温暖摸底")),
        ("8月，组织员工趣味赛，分两批进行。", (8, "组织员工趣味赛")),
        ("点钞、传票录入、假币识别、机具引导四项技能竞赛4月报名，人人参加。", (4, "点钞等四项技能竞赛报名")),
        ("困难家庭升学情况8月由班组核实，够条件的帮着申请。", (8, "核实困难家庭升学情况")),
        ("场部运动会7月办，设拔河、跳绳两项。", (7, "办场部运动会")),
        ("医疗互助9月开展互查，甲组看乙组。", (9, "医疗互助开展互查")),
        ("12月下旬，举办迎新联欢，节目当场抽签。", (12, "举办迎新联欢")),
        ("7月，给室外引导、保洁人员每周送一次清凉。", (7, "送清凉")),
        ("结合12月宪法宣传周，请律师讲解合同纠纷案例。", (12, "讲解合同纠纷案例")),
        ("校务公开栏增设“办到哪了”一格，11月起每两周换一次内容。", (11, "增设“办到哪了”一格")),
        ("7月，支行工会修订信息发布规定，涉及客户的一律退回。", (7, "修订信息发布规定")),
        ("放假前走访困难和退休教职工，1月完成，记录在册。", (1, "走访困难和退休教职工")),
    ],
)
def test_the_label_says_what_is_done(item, entry):
    assert labels(item) == [entry]


def test_a_usual_name_the_measure_never_says_is_not_its_label():
    item = "看一遍各单位的病困档案和冬季慰问方案，12月对大病家庭逐户定下联系人。"
    assert labels(item) == [(12, "看一遍各单位的病困档案和冬季慰问方案")]


def test_each_month_of_an_item_counts_once():
    found = labels("8月起，急诊先行设置服务点；10月底前推广到其余科室；10月公布名单。")
    assert [month for month, _ in found] == [8, 10]


def test_items_without_months_are_not_in_the_table():
    assert labels("每月随机夜访两次，由工会委员轮流带队。") == []


def test_frame_sections_put_nothing_into_the_table():
    assert labels("9月，举办决赛。", code=SectionCode.GOAL) == []


def test_the_same_thing_stands_once_a_month():
    assert len(labels("9月，举办技能比武决赛。", "9月，举办技能比武决赛，评出前三名。")) == 1


def test_a_blank_is_never_a_label():
    assert labels("9月，【待填：品牌活动名称】开放。") == []


def test_lines_run_in_the_order_of_the_term():
    section = Section("s1", SectionCode.CARE, "帮扶", "1.1月，召开总结会。\n2.9月，组织座谈。")
    assert month_lines((section,), (9, 10, 11, 12, 1), TABLES) == "9月：组织座谈。\n1月：召开总结会。"


def test_no_measures_no_table():
    assert month_lines((), (7, 8), TABLES) == ""


def test_a_later_clause_is_named_only_if_it_is_understood_alone():
    assert labels("改进夜间就餐，9月统计各病区用餐时段，11月回访评价。") == [(9, "改进夜间就餐")]


def test_what_is_too_long_ends_where_an_enumeration_allows():
    [(month, label)] = labels("9月，检查值班室取暖设备、车辆防滑链、野外食品储备和通信设备，缺的补齐。")
    assert month == 9
    assert label.startswith("检查值班室取暖设备")
    assert label.endswith("等")


@pytest.mark.parametrize(
    ("item", "entry"),
    [
        ("把“食堂提质”列为重点事项，4月前定方案、定分工，每季度检查一次。", (4, "“食堂提质”定方案、定分工")),
        ("12月，困难家庭走访由工会、行政、同班组职工三人同行，看住处、看收入。", (12, "困难家庭走访")),
        ("女员工岁末沙龙安排在12月一个周末上午，插花、烘焙三选一。", (12, "女员工岁末沙龙")),
        ("5月，雨季前演练山洪和落石避险，每个管护站画出两条下山路。", (5, "雨季前演练山洪和落石避险")),
        ("升学职工子女8月由工会小组报名，场工会核对录取凭证和家庭负担。", (8, "核对录取凭证和家庭负担")),
    ],
)
def test_what_its_own_clause_does_not_tell_is_taken_from_the_whole_measure(item, entry):
    assert labels(item) == [entry]


@pytest.mark.parametrize(
    ("label", "understood"),
    [
        ("组织青年教师赛课", True),
        ("家属开放日", True),
        ("定方案、定分工", False),
        ("向职工通报结果", False),
        ("走访由工会三人同行", False),
        ("高龄退休教师", False),
    ],
)
def test_a_label_names_something_beyond_verbs_and_empty_words(label, understood):
    assert tells(label) is understood


def test_a_day_in_brackets_leaves_no_empty_brackets():
    text = "1.全民健身日（8月8日）前后启动每日步行打卡，按小组通报参与面。"
    (entry,) = entries([Section("s1", SectionCode.CULTURE, "", text)], TABLES)
    assert entry.month == 8
    assert "步行打卡" in entry.label
    assert "（）" not in entry.label


def test_what_is_done_stands_before_where_and_how():
    text = "会同保卫科开展扰乱诊疗秩序的应急演练，9月在急诊、门诊和儿科各演一场，结束后试按报警装置。"
    assert labels(text) == [(9, "开展扰乱诊疗秩序的应急演练")]


def test_a_label_is_not_cut_before_its_own_noun():
    text = "停工、窝工和点工的计薪约定11月查一遍，未写入合同的补签。"
    assert not labels(text)[0][1].endswith("等")


def test_what_is_done_with_a_named_activity_keeps_its_name():
    text = "“石桥驿站”8月起逐点登记使用人次和意见，用得少的先问原因再改时间。"
    assert labels(text) == [(8, "“石桥驿站”登记使用人次和意见")]


def test_a_starter_measure_that_rules_name_badly_has_a_name_of_its_own():
    text = "值班室8月换洗被褥、修好热水器，夜间加餐由食堂留灶，值班人第二天在本子上写满意或者不满意。"
    assert labels(text) == [(8, "换洗值班室被褥、修好热水器")]


def test_a_name_written_by_hand_is_not_given_to_another_measure_with_the_same_run():
    assert labels("11月，借消防宣传活动讲解灭火器用法。") == [(11, "借消防宣传活动讲解灭火器用法")]


def test_every_name_written_by_hand_is_of_one_starter_measure():
    root = Path(__file__).parents[1]
    names = tomllib.loads((root / "assistant/tables/measure_names.toml").read_text("utf-8"))["names"]
    lines = [
        line
        for plan in (root / "index/starter").glob("*.md")
        for line in plan.read_text("utf-8").splitlines()
    ]
    measures = "\n".join(lines)
    assert [held for held in names if measures.count(held) != 1] == []
    assert [name for name in names.values() if not 4 <= len(name) <= 20 or name[-1] in "，；。"] == []
