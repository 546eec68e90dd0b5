"""Models that misbehave, a precedent to leak from, and what of it all must not be in a plan.

Shared by tests/test_model_plans.py (three plans) and benchmarks/model_writer_plans.py (all twelve).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from string import Template

from assistant.bench import units
from assistant.draft import Job, draft
from assistant.evidence import gather
from assistant.outline import make_outline
from assistant.request import parse_request
from assistant.tables import load_tables
from assistant.text import han_only
from assistant.types import Draft, DraftDone, Profile, Severity
from assistant.write import ModelWriter
from index.library import Library
from index.types import OrgType
from prompts import fixed_texts

TODAY = date(2026, 11, 21)
TABLES = load_tables()
RUN = 10  # Hanzi in a row that a prompt and a plan share: no chance

FACTS = {
    "person": "石建功",
    "program": "炉火杯",
    "contact": "0431-58826190",
    "docno": "铁工发〔2025〕3号",
    "money": "26800元",
}
PRECEDENT = """$unit工会2025年工作计划
为做好全年工作，$unit工会结合实际制定本计划。
一、加强思想引领
1.每月组织一次集中学习，按照$docno文件要求由$unit工会安排，学习记录按季归档。
二、推进民主管理
1.4月召开职工代表大会，审议经费使用方案，$unit全体会员监督，表决结果当场公布。
三、开展技能竞赛
1.9月举办“$program”技能竞赛，由$person同志担任裁判长，奖励经费$money，联系电话：$contact。
四、做实服务帮扶
1.12月走访$unit困难职工，发放慰问金$money，由$person同志负责。
"""
STRANGER_TEXT = (
    "1.10月，$unit工会举办“$program”技能竞赛，由$person同志担任裁判长，奖励经费$money，结果当月公布。\n"
    "2.$unit按照$docno文件要求每月组织一次对口练兵，报名电话$contact，成绩记入档案并在公开栏公布。\n"
)
GOOD = (
    "1.整理一次会员意见，逐条写明承办部门和答复时间，在公开栏公布。\n"
    "2.组织一次岗位练兵，每个小组推荐两名选手，成绩记入业务档案，优胜者给予表扬。\n"
)
MARKDOWN = (
    "### 本节标题\n**1. 开展练兵**：由工会牵头组织**岗位练兵**，每个小组推荐两名选手参加并公布成绩。\n"
    "- 会同有关部门开展`隐患排查`，问题逐条列表并限期整改，整改结果向会员公布。\n> 走访困难会员。\n"
    "| 时间 | 内容 |\n|---|---|\n| 本月 | 组织健步走 |\n---\n```\n以上是本节正文\n```\n"
)
ENGLISH = "Here is the section you asked for. The union will organize a skills contest soon. " * 8
ALOUD = (
    "好的，用户让我写工会计划的一节。首先我需要看初稿，然后控制字数。\n让我先分析一下要点。\n"
    + GOOD
    + "希望对您有帮助！如需修改请告诉我。"
)
SLOTS = (
    "1.｛单位｝工会在｛党组织｝支持下，由{姓名}牵头组织岗位练兵，{{上级工会}}派员指导，{UNIT}公布成绩。\n"
    "2.按照｛文号｝要求走访困难会员｛数量｝，发放慰问金｛金额｝，联系〔略〕登记，〔缺〕由$party补上。\n"
)


CHEMICAL = Profile(
    unit="梧川化工厂",
    union="梧川化工厂工会委员会",
    short="梧川化工",
    org_type=OrgType.MFG,
    people=760,
    women=190,
    groups=21,
    party="梧川化工厂党委",
    upper=("梧川市总工会", "市化工行业工会"),
    bodies=("女职工委员会", "经费审查委员会"),
    programs=("控制室夜谈",),
    key_tasks=("受限空间作业应急练兵", "倒班职工浴室改造"),
    fixed_events=("9月化工总控工技能比武", "11月消防运动会"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One request, and an invented unit of its kind whose plan is planted in the library."""

    name: str
    asked: str
    org: OrgType
    stranger: str
    unit: int = 0
    own: Profile | None = None

    @property
    def profile(self) -> Profile:
        """An invented unit of the type: its own, or one from the tables of `gonghui bench drafts`."""
        return self.own or units()[self.org][self.unit]

    @property
    def planted(self) -> dict[str, str]:
        """Facts of the planted precedent, and the words its text is made with."""
        return {"unit": self.stranger, **FACTS}


PLANS = (
    Plan("hospital h2", "给医院工会起草一份2027年下半年工作计划，1500字", OrgType.HOSPITAL, "青禾县中医院"),
    Plan(
        "clinic h2", "给乡镇卫生院工会写个2027年下半年计划，简短点", OrgType.HOSPITAL, "柳浪镇中心卫生院", 1
    ),
    Plan(
        "primary term1",
        "写一份小学工会2027—2028学年第一学期工作计划，要有逐月安排",
        OrgType.SCHOOL,
        "望舒实验小学",
        1,
    ),
    Plan("kindergarten h1", "幼儿园工会2027年上半年工作计划", OrgType.KINDERGARTEN, "望舒第三幼儿园"),
    Plan("bank year", "银行工会2027年工作计划，1500字", OrgType.BANK, "鹭洲农商银行"),
    Plan("chemical h2", "化工厂工会2027年下半年工作计划", OrgType.MFG, "铁岩化工厂", own=CHEMICAL),
    Plan("forest year", "林场工会2027年工作计划", OrgType.FORESTFARM, "青梧林场"),
    Plan("office keypoints", "机关工会2027年工作要点", OrgType.GOV, "铁岩市财政局"),
    Plan("town h2", "乡镇总工会2027年下半年工作计划", OrgType.TOWNSHIP, "柳浪镇总工会"),
    Plan("village year", "村工会2027年工作计划", OrgType.VILLAGE, "柳浪村"),
    Plan(
        "vocational term2",
        "职业学院工会2026—2027学年第二学期工作计划",
        OrgType.VOCATIONAL,
        "望舒职业技术学院",
    ),
    Plan("hotel year", "酒店工会2027年工作计划", OrgType.SERVICE, "鹭洲大酒店"),
)


class Scripted:
    """A model that answers with what `answer` makes of the prompt, a few characters at a time."""

    name = "失常模型"
    truncated = False
    context = None

    def __init__(self, answer: Callable[[str], str | Iterator[str]]) -> None:
        self._answer = answer
        self.prompts: list[list[dict[str, str]]] = []

    def stream(self, messages, max_tokens, stop) -> Iterator[str]:
        self.prompts.append([dict(message) for message in messages])
        answer = self._answer("\n".join(message["content"] for message in messages))
        yield from (
            (answer[i : i + 5] for i in range(0, len(answer), 5)) if isinstance(answer, str) else answer
        )


def misbehaviours(plan: Plan) -> dict[str, Callable[[str], str | Iterator[str]]]:
    """Return every way to misbehave by name."""
    other = Template(STRANGER_TEXT).substitute(plan.planted)
    orders = "\n".join(fixed_texts())
    return {
        "empty": lambda prompt: "",
        "endless": lambda prompt: (
            f"{n}.第{n}项由第{n}小组负责，在第{n}周完成并报告结果。\n" for n in itertools.count(1)
        ),
        "loop": lambda prompt: itertools.cycle(["每月组织一次学习，做好记录。"]),
        "echo": lambda prompt: prompt,
        "echo end": lambda prompt: prompt.partition("【要点】")[2],
        "echo one line": lambda prompt: prompt.replace("\n", "，"),
        "Markdown": lambda prompt: MARKDOWN,
        "English": lambda prompt: ENGLISH,
        "aloud": lambda prompt: ALOUD,
        "think tags": lambda prompt: f"<think>用户要求写一节，我先想想。</think>\n{GOOD}",
        "slots": lambda prompt: SLOTS,
        "other unit": lambda prompt: other,
        "instructions": lambda prompt: orders + "\n" + GOOD,
        "good": lambda prompt: GOOD,
    }


@contextmanager
def planted(library: Library, plan: Plan) -> Iterator[None]:
    """Hold the precedent of a plan's stranger in the library; two at once would be each other's doubles."""
    text = Template(PRECEDENT).substitute(plan.planted)
    list(library.add_text(text, text.partition("\n")[0]))
    yield
    for row in [row for row in library.documents() if row.origin == "user"]:
        library.remove(row.id)


def write_plan(library: Library, plan: Plan, model: object) -> Draft:
    """Return the plan as the model and what guards it write it."""
    profile = plan.profile
    request = parse_request(plan.asked, TODAY)
    pool = gather(library, request, TABLES)
    outline = make_outline(request, profile, TABLES, pool.support)
    job = Job("d", request, profile, outline, pool, TABLES, ModelWriter(model, tables=TABLES))
    return next(event.draft for event in draft(job) if isinstance(event, DraftDone))


def _runs() -> frozenset[str]:
    texts = map(han_only, fixed_texts())
    return frozenset(text[i : i + RUN] for text in texts for i in range(len(text) - RUN + 1))


RUNS = _runs()
ORDERS = {han_only(text) for piece in fixed_texts() for text in re.split("[。！？；]", piece)} - {""}
"""What the prompts say, sentence by sentence: a short one (直接输出正文) has no run of `RUN` Hanzi."""
MARKS = {
    "slots": r"[｛｝{}]|\$[A-Za-z]",
    "masks": r"〔[缺略]〕",
    "fences": r"【(?!待填：)[^】\n]*】|〔范例|〔材料|【初稿|初稿结束|范例\d",
    "Markdown": r"\*\*|```|`|^\s*[#>|]|\|\s*-|^-{3,}|^\s*[-*+]\s",
    "thinking": r"</?think|<\||用户[让要]|我需要|让我|希望对您",
    "English": r"\b(?!APP|Excel|PPT|LED|VR)[A-Za-z]{3,}",
    "profile": r"^(?:\d+\.)?(?:单位|简称|类型|工会|职工人数|女职工人数|工会小组|上级工会|品牌活动|重点任务)：",
}


def survivors(draft_: Draft, plan: Plan) -> Counter[str]:
    """Count what must not be in a plan, by kind. `other unit` is a planted fact that stands in it at all,
    `untold` one that no finding of high severity covers.
    """
    found: Counter[str] = Counter()
    for section in draft_.sections:
        for kind, pattern in MARKS.items():
            found[kind] += len(re.findall(pattern, section.text, re.MULTILINE))
        said = {han_only(line) for line in re.split(r"[。！？；\n]", section.text)}
        found["instructions"] += len(said & ORDERS)
        han = han_only(section.text)
        found["instructions"] += sum(han[i : i + RUN] in RUNS for i in range(len(han) - RUN + 1))
        high = [f for f in draft_.findings if f.section_id == section.id and f.severity is Severity.HIGH]
        for fact in plan.planted.values():
            for match in re.finditer(re.escape(fact), section.text):
                found["other unit"] += 1
                found["untold"] += not any(f.start < match.end() and match.start() < f.end for f in high)
    return +found
