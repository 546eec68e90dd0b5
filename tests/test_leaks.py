"""Two hundred invented facts in ten precedents: none may reach a plan without a high finding that quotes it.

Drafted by the Composer, by a model that copies the precedents in its prompt, by one that knows the
precedents by heart and writes their sentences as they stood, and pasted in.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fakes import HashEncoder

from assistant.checks import CheckContext, copies, run
from assistant.draft import Job, draft, finish, write_section
from assistant.evidence import gather
from assistant.outline import make_outline
from assistant.request import parse_request
from assistant.tables import load_tables
from assistant.types import Draft, DraftDone, Profile, Section, Severity
from assistant.write import ModelWriter
from index.library import Library
from index.types import SectionCode

TODAY = date(2026, 11, 21)
TABLES = load_tables()
UNITS = tomllib.loads((Path(__file__).parent / "data" / "planted_facts.toml").read_text("utf-8"))["unit"]
ASKED = (
    "给医院工会起草一份2027年工作计划，1500字",
    "给中学工会起草一份2026—2027学年第二学期工作计划，1500字",
    "给机械厂工会起草一份2027年下半年工作计划，1500字",
    "给银行工会起草一份2027年上半年工作计划，1500字",
    "给乡镇总工会起草一份2027年工作计划，1500字",
    "给机关工会起草一份2027年工作计划，1500字",
    "给幼儿园工会起草一份2026—2027学年第二学期工作计划，1500字",
    "给林场工会起草一份2027年工作计划，1500字",
    "给村联合工会起草一份2027年工作计划，1500字",
    "给酒店工会起草一份2027年工作计划，1500字",
)
PATTERNS = (
    """{unit}（以下简称{short}）现有会员{count0}。在{party0}领导下，按照{upper}部署，制定本计划。
一、加强思想引领
1.3月，邀请{person0}同志到{short}作劳模事迹宣讲，结合岗位谈体会，宣讲稿发到各工会小组。
2.按照{docno}文件要求，每月组织一次集中学习，由{party0}派员指导，学习记录按季归档。
二、推进民主管理
1.4月，召开{session}职工代表大会，{person1}主席作工会工作报告，审议经费使用方案，表决结果当场公布。
2.每季度更新公开栏，{place0}两处公开栏同步张贴，接受{unit}全体会员监督。
三、开展技能竞赛
1.9月，在{place1}举办“{program0}”技能竞赛，由{person2}主任负责命题，奖励经费{money0}。
四、做实服务帮扶
1.12月，走访{count1}困难家庭，发放慰问金{money1}，由{upper}派人参加。
2.开通“{program1}”服务热线，联系人：{person3}，电话{contact0}，每周二下午接听。
五、加强自身建设
1.{date}前完成工会小组换届，材料报{upper}备案，电子版发至{contact1}。
""",
    """{upper}今年要求各单位把服务送到一线。{unit}共有会员{count0}，{short}工会在{party0}领导下安排如下。
一、思想政治工作
1.每月一次由{party0}出题、工会组织的读书分享，5月请{person0}老师主讲，地点在{place0}。
2.落实{docno}精神，11月对照检查一次，检查情况向{upper}报告。
二、民主管理工作
1.6月召开{session}代表大会，听取{person1}副主席关于提案办理的说明，代表当场评分。
2.意见箱设在{place1}，{short}工会每周开箱一次，五个工作日内答复。
三、素质提升工作
1.“{program0}”活动每两个月一期，请{person2}师傅带队，全年经费控制在{money0}以内。
四、关爱服务工作
1.春节前后，为{count1}职工办理互助保障，工会补助{money1}，名单由{person3}会计核对。
2.“{program1}”服务点延长到晚上九点，咨询电话：{contact0}，来信寄{contact1}。
五、组织建设工作
1.{date}成立的经费审查小组每季度查账一次，结果在{unit}公示栏张贴。
""",
    """为做好全年工作，{unit}工会根据{upper}通知和{party0}意见，结合{short}{count0}职工的实际，制定本计划。
一、政治引领
1.“{program0}”每季度开讲一次，首讲由{person0}书记担任，三月在{place0}举行，听众意见汇总后公布。
2.学习{docno}文件，{short}各班组讨论后提出两条落实意见，报{party0}。
二、民主管理
1.{session}职代会定于四月召开，大会由{person1}主持，重点讨论休息休假安排。
三、建功立业
1.10月，与{upper}联合举办岗位练兵，一等奖{money0}，裁判长{person2}工程师。
2.建立“{program1}”品牌，把{place1}的闲置房屋改成活动室，每周开放三次。
四、帮扶救助
1.七月至八月，为{count1}户外岗位职工送清凉，支出{money1}，单据由{person3}负责整理。
2.困难职工可拨打{contact0}或发邮件至{contact1}登记，工会三天内上门。
五、工会建设
1.{date}换届产生的委员分片联系班组，年底向{unit}会员报告。
""",
)


def precedent(unit: dict) -> tuple[str, str]:
    """The title and the body of a precedent that names every fact of a unit."""
    words = {}
    for kind, texts in unit["facts"].items():
        words |= {kind: texts[0]} | {f"{kind}{number}": text for number, text in enumerate(texts)}
    return f"{words['unit'].removesuffix('工会')}工会2025年工作计划", PATTERNS[unit["pattern"]].format(
        **words
    )


def facts() -> list[tuple[str, str]]:
    return [(kind, text) for unit in UNITS for kind, texts in unit["facts"].items() for text in texts]


def front_matter(unit: dict, title: str) -> str:
    listed = "\n".join(f"{kind} = {texts!r}" for kind, texts in unit["facts"].items())
    head = f'title = "{title}"\norg_type = "{unit["org_type"]}"\nperiod = "year"\nyear = 2025\ngenre = "plan"'
    return f"+++\n{head}\n[facts]\n{listed}\n+++\n"


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Iterator[Library]:
    """A library of the ten precedents alone, five of them as shipped documents."""
    shipped = tmp_path_factory.mktemp("shipped")
    for number, unit in enumerate(u for u in UNITS if u.get("starter")):
        title, body = precedent(unit)
        (shipped / f"{number}.md").write_text(f"{front_matter(unit, title)}{title}\n\n{body}", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.library.STARTER_FOLDER", shipped)
        with Library.open(tmp_path_factory.mktemp("planted"), HashEncoder()) as library:
            for unit in UNITS:
                if not unit.get("starter"):
                    title, body = precedent(unit)
                    list(library.add_text(f"{title}\n{body}", title))
            yield library


class CopyingModel:
    """Answers with the precedents of its prompt, word for word; `heart` are texts it knows instead."""

    name = "照抄模型"
    truncated = False
    context = None

    def __init__(self, heart: tuple[str, ...] = (), start: int = 0) -> None:
        self.heart = heart
        self.asked = start

    def stream(self, messages, max_tokens, stop) -> Iterator[str]:
        prompt = messages[-1]["content"]
        shown = re.findall(r"〔范例\d+开始〕(.*?)〔范例\d+结束〕", prompt, re.DOTALL)
        if self.heart:
            shown = [self.heart[(self.asked * 3 + at) % len(self.heart)] for at in range(3)]
        self.asked += 1
        yield from (line + "\n" for text in shown for line in text.splitlines())


class CopyingWriter:
    """Writes what it knows by heart with nothing between it and the plan, as a person who pastes would."""

    name = "照抄"

    def __init__(self, heart: tuple[str, ...], start: int) -> None:
        self.heart, self.asked = heart, start

    def write(self, task) -> Iterator[str]:
        for at in range(3):
            yield self.heart[(self.asked * 3 + at) % len(self.heart)] + "\n"
        self.asked += 1


def written(library: Library, asked: str, model=None) -> Draft:
    request = parse_request(asked, TODAY)
    pool = gather(library, request, TABLES)
    outline = make_outline(request, Profile(), TABLES, pool.support)
    writer = model if model is None or hasattr(model, "write") else ModelWriter(model, tables=TABLES)
    job = Job("d", request, Profile(), outline, pool, TABLES, writer)
    plan = next(event.draft for event in draft(job) if isinstance(event, DraftDone))
    rows = [library.document(row.id) for row in library.documents() if row.origin == "user"]
    imported = tuple((row.title, row.text) for row in rows)
    context = CheckContext(TABLES, Profile(), request, TODAY, precedents=imported)
    return replace(plan, findings=(*plan.findings, *copies.check(plan, context)))


def reached(plan: Draft) -> tuple[list[str], list[str]]:
    """The planted facts in a plan: those a high finding quotes, and those nobody told of."""
    told, silent = [], []
    for kind, text in facts():
        spots = [(s.id, at) for s in plan.sections for at in places(s.text, text)]
        spots += [("", at) for at in places(plan.title, text)]
        for section, at in spots:
            high = [f for f in plan.findings if f.severity is Severity.HIGH and f.section_id == section]
            seen = any(f.start < at + len(text) and at < f.end for f in high) or counted(plan, kind, text)
            (told if seen else silent).append(f"{kind} {text}")
    return told, silent


def counted(plan: Draft, kind: str, text: str) -> bool:
    """38名 could stand in any plan and names nobody: a finding to look at is enough, a hint is not."""
    graver = [f for f in plan.findings if f.check == "leak" and f.severity is Severity.MEDIUM]
    return kind == "count" and len(text) < 4 and any(f.quote == text for f in graver)


def places(text: str, words: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(words, at)]


def test_there_are_over_two_hundred_facts_and_the_library_holds_them(planted):
    assert len({text for _, text in facts()}) == 210
    stored = "\n".join(planted.document(row.id).text for row in planted.documents())
    assert [text for _, text in facts() if text not in stored] == []
    assert Counter(row.origin for row in planted.documents()) == {"user": 5, "starter": 5}


@pytest.mark.parametrize("asked", ASKED)
def test_the_composer_lets_no_fact_through(planted, asked):
    told, silent = reached(written(planted, asked))
    assert (told, silent) == ([], [])


@pytest.mark.parametrize("asked", ASKED)
def test_a_model_that_copies_its_prompt_lets_no_fact_through(planted, asked):
    plan = written(planted, asked, CopyingModel())
    assert any(section.writer == CopyingModel.name for section in plan.sections)
    assert reached(plan)[1] == []


@pytest.mark.parametrize("number", range(0, len(ASKED), 2))
def test_of_a_model_that_knows_the_precedents_by_heart_no_fact_is_taken(planted, number):
    model = CopyingModel(heart=heart(planted), start=number * 7)
    assert reached(written(planted, ASKED[number], model)) == ([], [])
    assert model.asked > number * 7


def test_precedents_pasted_into_a_plan_are_found_out(planted):
    told: set[str] = set()
    for number, asked in enumerate(ASKED):
        writer = CopyingWriter(heart(planted), number * 7)
        found, silent = reached(written(planted, asked, writer))
        assert silent == [], asked
        told |= set(found)
    assert len(told) > 170, "too few facts were written for this to prove anything"


def heart(library: Library) -> tuple[str, ...]:
    """Every numbered line of every precedent, unmasked."""
    bodies = (library.document(row.id).text.splitlines() for row in library.documents())
    return tuple(line for body in bodies for line in body if line[:1].isdigit())


@pytest.mark.slow
def test_of_a_real_small_model_that_learnt_another_units_plan_no_fact_is_taken(planted, tmp_path):
    from tiny_model import build

    from assistant.local_model import LocalModel
    from assistant.model_files import find_model

    body = precedent(UNITS[0])[1]
    learnt = "\n".join(line for line in body.splitlines() if line[:1].isdigit() and len(line) > 40)[:120]
    writer = ModelWriter(LocalModel(find_model(str(build(tmp_path / "learnt", learnt)))), tables=TABLES)
    request = parse_request(ASKED[0], TODAY)
    pool = gather(planted, request, TABLES)
    outline = make_outline(request, Profile(), TABLES, pool.support)
    job = Job("d", request, Profile(), outline, pool, TABLES, writer)
    events = write_section(job, next(i for i in outline.items if i.code == "CARE"), ())
    while True:
        try:
            next(events)
        except StopIteration as done:
            section = done.value
            break
    told, silent = reached(finish(job, (section,)))
    assert (told, silent) == ([], [])


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("1.9月底前完成竞赛，主要岗位参赛面不低于80%。", []),
        ("1.9月底前完成竞赛，主要岗位参赛面不低于83%。", ["83%"]),
        ("1.云溪纺织厂工会的参赛面不低于80%。", ["云溪纺织厂", "80%"]),
    ],
)
def test_a_percentage_that_our_goals_propose_is_nobodys_unless_its_line_is_somebodys(text, quotes):
    request = parse_request("给机械厂工会写2027年计划", TODAY)
    plan = Draft(
        "d", request, Profile(), "工作计划", "composer", (Section("s1", SectionCode.SKILL, "", text),)
    )
    facts = (("unit", "云溪纺织厂"), ("count", "80%"), ("count", "83%"))
    context = CheckContext(TABLES, Profile(), request, TODAY, {"《云溪纺织厂计划》": facts})
    assert [f.quote for f in run(plan, context) if f.check == "leak"] == quotes
