import re
from datetime import date

import pytest
from drafting import TABLES, evidence, item, task

from assistant.citations import cite
from assistant.compose import Composer
from assistant.frame import union_name
from assistant.goals import at_odds, names
from assistant.request import parse_request
from assistant.text import han_count
from assistant.types import Profile, Section
from index.types import OrgType, SectionCode

POOL = [
    "7月，为后勤和保安岗位送清凉，检查饮水供应。",
    "8月，摸底职工子女升学情况，协助申报助学。",
    "9月，登记夜班职工就餐方式，问题报院长办公会研究。",
    "10月，走访患病住院职工，三日内到位。",
    "11月，办理职工互助保障续保，逐人提醒到位。",
    "12月，摸底困难职工，拟订慰问方案报上级工会。",
    "每月随机夜访两次，由工会委员轮流带队，现场答复意见。",
    "心理科每月开放两个下午，为职工提供预约咨询。",
]


def pool(**more):
    return [evidence(n, f"{n}.{text}", **more) for n, text in enumerate(POOL, 1)]


def write(*args, **more):
    return "".join(Composer(TABLES).write(task(*args, **more)))


def test_items_are_numbered_from_one_without_gaps():
    numbers = [int(n) for n in re.findall(r"(?m)^(\d+)\.", write(pool()))]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 3


def test_items_follow_the_calendar():
    months = [int(m) for m in re.findall(r"(?m)^\d+\.(\d+)月", write(pool(), item(target=300)))]
    assert months == sorted(months)
    assert len(months) >= 4


def test_the_same_task_gives_the_same_text():
    assert write(pool()) == write(pool())


def test_another_variant_and_another_unit_choose_differently():
    texts = {write(pool(), variant=v) for v in range(6)}
    assert len(texts) > 1
    units = {write(pool(), profile=Profile(unit=f"云栖市第{n}人民医院")) for n in "一二三四五六"}
    assert len(units) > 1


def test_length_follows_the_target():
    for target in (60, 90, 120):
        assert abs(han_count(write(pool(), item(target=target))) - target) <= 40


def test_no_measure_is_used_twice_in_a_plan():
    first = write(pool())
    earlier = (Section("s0", SectionCode.SAFETY, "安全", first),)
    second = write(pool(), earlier=earlier)
    lines = {re.sub(r"^\d+\.", "", line) for line in first.splitlines()}
    assert not lines & {re.sub(r"^\d+\.", "", line) for line in second.splitlines()}


def test_near_twins_do_not_stand_side_by_side():
    twins = [
        evidence(1, "8月，摸底职工子女升学情况，协助申报金秋助学。"),
        evidence(2, "8月，摸底全院职工子女升学情况，帮助申报金秋助学。"),
        evidence(3, "10月，走访患病住院职工，三日内到位。"),
    ]
    assert write(twins, item(target=300)).count("升学") == 1


def test_an_imported_precedents_wording_is_never_pasted():
    own = pool()
    foreign = [evidence(99, "9月，为全体护士建立成长档案并张榜公布进度。", origin="user", score=9.0)]
    assert "成长档案" not in write(own + foreign, item(target=300))


def test_a_key_task_always_gets_a_measure():
    profile = Profile(key_tasks=("夜班加油站",))
    text = write(pool(), item(points=("夜班加油站",)), profile=profile)
    assert "夜班加油站" in text


def test_a_key_task_takes_the_precedent_that_speaks_of_it():
    found = [*pool(), evidence(20, "8月起，急诊先行设置职工子女托管点，十月推广。")]
    assert "托管点" in write(found, item(points=("托管点",)))


def test_a_section_without_precedents_still_says_something_honest():
    text = write([], item(heading="夜班关爱"))
    assert text.startswith("1.")
    assert "夜班关爱" in text


def test_no_document_fills_the_plan_alone():
    one = [evidence(n, text, document="only") for n, text in enumerate(POOL, 1)]
    other = [
        evidence(n + 20, f"{text[:-1]}并公布结果。", document=f"o{n}", score=2.9)
        for n, text in enumerate(POOL)
    ]
    text = write(one + other, item(target=400), text="医院工会下半年计划，800字")
    assert "并公布结果" in text


def test_the_lead_and_the_guide_come_from_the_tables():
    lead = write([], item(SectionCode.LEAD, ""))
    guide = write(
        [], item(SectionCode.GUIDE, "总体要求"), profile=Profile(party="院党总支", upper=("云栖市总工会",))
    )
    assert "下半年" in lead
    assert "院党总支" in guide
    assert "云栖市总工会" in guide
    assert (
        guide.index("习近平新时代")
        < guide.index("二十大")
        < guide.index("中国工会十八大")
        < guide.index("云栖市总工会")
    )
    assert "{" not in lead + guide


@pytest.mark.parametrize(
    ("goal", "odd"),
    [
        ("院务公开按季更新。", True),
        ("院务公开每季度不少于1次。", True),
        ("院务公开栏每月更新1次。", False),
        ("公开栏上的疑问2日内说明。", False),
        ("公开栏上的疑问5个工作日内说明。", True),
        ("公开事项全部上栏。", False),
    ],
)
def test_a_goal_says_nothing_that_its_measure_contradicts(goal, odd):
    body = "1.公开栏每月五日前更新，有疑问的两天内找经办人问清。\n2.每季度检查一次食堂，10个工作日内整改。\n"
    assert at_odds(goal, ["公开栏"], body) is odd


def test_goals_speak_only_of_what_the_body_has():
    body = (Section("s1", SectionCode.DEMOCRACY, "民主管理", "1.8月，通报职代会提案办理进度。"),)
    goals = write([], item(SectionCode.GOAL, "工作目标", id="s2"), earlier=body)
    assert "提案" in goals
    assert "比武" not in goals


@pytest.mark.parametrize(
    ("measure", "id", "there"),
    [
        ("8月，走访困难职工和住院职工。", "needy", False),
        ("8月，核对困难职工家庭情况，更新档案。", "needy", True),
        ("9月，职代会代表参加院务公开事项抽查。", "openness", False),
        ("院务公开栏每月五日前更新。", "openness", True),
        ("9月，新任工会主席张榜。", "chairs", False),
        ("9月，女职工委员会检查哺乳期职工排班。", "women-check", True),
    ],
)
def test_a_goal_is_offered_only_where_a_measure_does_it(measure, id, there):
    assert (
        names(
            measure,
            next(goal.needs for row in TABLES.sections.values() for goal in row.goals if goal.id == id),
        )
        is there
    )


def test_a_goal_names_the_month_of_the_measure_it_sums_up():
    body = (Section("s1", SectionCode.WOMEN, "女职工", "1.11月，安排女职工妇科检查，结果由本人领取。"),)
    goals = write([], item(SectionCode.GOAL, "工作目标", id="s2"), earlier=body)
    assert "11月底" in goals
    assert "12月底" not in goals


def test_a_goal_is_not_due_before_the_last_of_its_measures():
    text = "1.业务技能竞赛10月报名、11月比赛，以工会小组为单位组队，业务部门负责命题。"
    body = (Section("s1", SectionCode.SKILL, "技能竞赛", text),)
    goals = write([], item(SectionCode.GOAL, "工作目标", id="s2"), "工厂工会2026年下半年计划", earlier=body)
    assert "11月底" in goals
    assert "10月底" not in goals


def test_what_readers_of_the_trade_look_for_comes_first():
    common = [
        evidence(n, f"{n}.{n}月，检查母婴室{n}次，缺什么补什么，由女职工委员登记。") for n in range(4, 9)
    ]
    found = [*common, evidence(20, "1.3月8日前后，女职工自选插花或健走，半天以内。", score=2.5)]
    text = "工厂工会2027年计划"
    what = item(SectionCode.WOMEN, "服务女职工", target=100)
    assert "3月8日" in write(found, what, text, Profile(unit="甲厂"))
    assert "3月8日" not in write(found, what, "工厂工会2027年下半年计划", Profile(unit="甲厂"))


def test_the_month_table_is_read_off_the_body():
    body = (Section("s1", SectionCode.CARE, "帮扶", "1.8月，走访患病住院职工。\n2.11月，办理互助保障续保。"),)
    table = write([], item(SectionCode.SCHEDULE, "时间安排", id="s2"), earlier=body)
    assert table == "8月：走访患病住院职工。\n11月：办理互助保障续保。"


def test_a_school_speaks_of_its_congress_and_a_hospital_of_its_own():
    school = write([], item(SectionCode.SAFEGUARD, "保障措施"), text="小学工会2026—2027学年第一学期计划")
    assert "职代会" not in school
    assert TABLES.orgs[OrgType.SCHOOL].roles["congress"] == "教代会"


def test_a_named_programme_stands_by_its_name_and_only_once():
    profile = Profile(programs=("夜班加油站",), key_tasks=("夜班关爱",))
    text = write(pool(), item(points=("夜班关爱", "“夜班加油站”"), target=200), profile=profile)
    assert text.count("“夜班加油站”") == 1


def test_a_heading_is_followed_by_two_measures_where_there_is_room():
    long = evidence(
        50,
        "7月，" + "院务公开栏增设职工提问专栏，一般问题由科室在五个工作日内答复，" * 2 + "结果公布。",
        score=9.0,
    )
    text = write([long, *pool()], item(target=130))
    assert len(text.splitlines()) >= 2


def test_each_other_version_of_a_frame_section_is_worded_otherwise():
    versions = [write([], item(SectionCode.GUIDE, "总体要求"), variant=v) for v in range(3)]
    assert versions[0] != versions[1] != versions[2]


def test_an_event_another_section_must_bring_is_left_to_it():
    care = item(target=300)
    other = item(SectionCode.SELF, "自身建设", points=("11月互助保障续保",), id="s2")
    assert "续保" in write(pool(), care)
    assert "续保" not in write(pool(), care, items=(care, other))


def test_an_imported_measure_comes_back_in_our_own_sentence_with_its_citation():
    own = pool()
    text = "9月，由护理部牵头组织青年护士静脉穿刺观摩，参加86人，评出一等奖三名并在电视台播出。"
    foreign = [evidence(99, text, origin="user", score=20.0)]
    written = write(own + foreign, item(code=SectionCode.SKILL, target=300), text="医院工会下半年计划")
    line = next(line for line in written.splitlines() if "静脉穿刺观摩" in line)
    assert "9月" in line
    assert "86" not in line
    assert "电视台" not in line
    cited = cite(line, tuple(foreign))
    assert cited
    assert max(han_count(one.quote) for one in cited) <= 20


def test_an_imported_slogan_or_honour_gives_no_measure():
    for text in ("9月，继续坚持开展丰富多彩的文体活动。", "9月，擦亮省级先进集体这块牌子，抓好落实。"):
        foreign = [evidence(99, text, origin="user", score=20.0, code=SectionCode.CULTURE)]
        written = write(pool() + foreign, item(code=SectionCode.CULTURE, target=300))
        assert "丰富多彩" not in written
        assert "牌子" not in written


def test_the_units_own_earlier_plan_may_be_rolled_forward_unless_it_must_not_repeat():
    profile = Profile(unit="某单位")  # the hand-made precedents' titles begin with it
    old = [evidence(99, "10月，走访驻村职工家庭，帮着收稻谷、修水管。", origin="user", score=9.0)]
    assert "修水管" in write(pool() + old, item(target=300), profile=profile)
    text = "医院工会下半年计划，避免和去年重复"
    assert "修水管" not in write(pool() + old, item(target=300), profile=profile, text=text)


def lending(own, lent):
    things = ("热水", "热饭", "照明", "风扇", "雨具", "药箱", "座椅", "柜子", "门锁", "网络", "班车", "衣柜")
    ours = [evidence(n, f"9月，为{thing}走访夜班职工，照本院惯例处理。") for n, thing in enumerate(things, 1)]
    theirs = [
        evidence(n, f"10月，为{thing}看望住院职工，照借来办法处理。", org=OrgType.MFG, score=1.5)
        for n, thing in enumerate(things, 101)
    ]
    return [*ours[:own], *theirs[:lent]]


def test_a_thin_section_borrows_so_that_two_units_need_not_say_the_same():
    section = item(target=110)
    units = [Profile(unit=f"云栖市第{n}人民医院") for n in "一二三四五六"]
    thin = [write(lending(4, 12), section, profile=unit) for unit in units]
    assert sum(text.count("照借来办法") for text in thin) > 3
    assert len(set(thin)) > 3


def test_a_section_without_precedents_carries_out_its_points_not_its_heading():
    profile = Profile(fixed_events=("9月重阳茶话会",))
    text = write([], item(heading="请退休职工发挥余热", points=("9月重阳茶话会",)), profile=profile)
    assert re.match("1.9月，?(?:举办|组织|办好)重阳茶话会", text)
    assert "发挥余热" not in text


def test_a_fixed_event_stands_by_its_name():
    profile = Profile(fixed_events=("11月消防演练",))
    near = [evidence(30, "11月，结合消防宣传开展电池冒烟应急演练，每个班组参加。", code=SectionCode.SAFETY)]
    section = item(SectionCode.SAFETY, "安全健康", points=("11月消防演练",))
    assert "消防演练" in write([*pool(), *near], section, profile=profile)


@pytest.mark.parametrize(
    ("org_type", "unit", "name"),
    [
        (OrgType.TOWNSHIP, "青溪镇", "青溪镇总工会"),
        (OrgType.TOWNSHIP, "青溪镇总工会", "青溪镇总工会"),
        (OrgType.TOWNSHIP, "", "【待填：单位名称】总工会"),
        (OrgType.VILLAGE, "柳塘村", "柳塘村联合工会"),
        (OrgType.HOSPITAL, "青溪镇卫生院", "青溪镇卫生院工会委员会"),
    ],
)
def test_a_town_signs_as_a_union_of_unions(org_type, unit, name):
    request = parse_request("工会2027年工作计划", date(2026, 11, 21), org_type)
    assert union_name(request, Profile(unit=unit, org_type=org_type)) == name


def test_a_goal_gives_a_congress_its_own_month():
    body = (
        Section("s1", SectionCode.DEMOCRACY, "民主管理", "1.9月，召开职代会审议分配办法；提案12月底前答复。"),
    )
    goals = write([], item(SectionCode.GOAL, "工作目标", id="s2"), earlier=body)
    assert "9月底前按规定召开" in goals or "按期召开" in goals
    assert "12月底前按规定召开" not in goals
