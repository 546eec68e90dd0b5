"""What a model is told about a section: the two messages of one call.

The first message is the same for every section of a plan, so that a model that remembers the beginning of a
prompt reads it once. Precedents enter masked, fenced and named as data; nothing that could be read as a
model's control mark gets in. Knows nothing about models.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from assistant.headline import headline
from assistant.mask import blank, known_slots
from assistant.numbering import bare_heading, is_item, split_number
from assistant.outline import org_words
from assistant.output_rules import is_chatter
from assistant.tables import OrgWords, Tables, slogans_on
from assistant.text import han_count, han_only
from assistant.types import FRAME, Evidence, Message, Profile, Request, Section, SectionTask
from assistant.when import arabic_months, day_within, months_in, months_of
from index.labels import name_of
from index.types import Period, SectionCode
from prompts import fill_prompt, fixed_lines

MOST_EXAMPLES = 4
EXAMPLE_CHARS = 160
EARLIER_CHARS = 26  # of each item already written: enough to know what it is about
EARLIER_ITEMS = 4
MOST_FORBIDDEN = 24
SAME_HANZI = 12  # how a measure begins or ends: enough to know it again
ITEM_HANZI = 70  # the middle of the 40 to 120 that a measure takes
USUAL_TARGET = 200
NOTHING = "（无）"
CENTRAL = ("theory", "plenum", "exposition", "union_congress", "duty", "five_year")
PROSE = (SectionCode.LEAD, SectionCode.GUIDE, SectionCode.CLOSE)
WORD_ROLES = ("member", "unit", "unit_part", "union", "congress", "openness", "party", "admin", "upper")
_CONTROL = re.compile(r"<\|[^|<>]{1,40}\|>|</?(?:think|thinking|reasoning)>|\[/?INST\]", re.IGNORECASE)
_FENCES = str.maketrans("【】", "〔〕")
_SENTENCE_END = re.compile(r"[。！？；\n]")


def messages_for(task: SectionTask, tables: Tables, evidence: Sequence[Evidence]) -> list[Message]:
    """Return the messages that ask for one section, `evidence` being the precedents there is room for."""
    return [
        {"role": "system", "content": shared_part(task, tables)},
        {"role": "user", "content": section_part(task, evidence)},
    ]


def shared_part(task: SectionTask, tables: Tables) -> str:
    """Return what is the same for all sections of a plan: unit, words, phrases, rules."""
    org = org_words(task.request, task.profile, tables)
    values = {
        "title": task.outline.title.replace(blank("单位名称"), "本单位") or "工作计划",
        "profile": _profile(task.profile, task.request, org),
        "words": _words(task, org),
        "phrases": "；".join(_phrases(task.request, tables)) or NOTHING,
        "forbidden": "、".join(_forbidden(task, org)) or NOTHING,
        "span": _span(task.request),
    }
    return fill_prompt("system", {name: as_data(value) for name, value in values.items()})


def section_part(task: SectionTask, evidence: Sequence[Evidence]) -> str:
    """Return what belongs to one section: heading, points, precedents, earlier sections, first version."""
    item = task.item
    values = {
        "heading": heading_of(task),
        "group": f"，属于“{bare_heading(item.group)}”" if item.group else "",
        "shape": _shape(task),
        "ask": fill_prompt("ask_items" if is_numbered(task) else "ask_prose", {"heading": heading_of(task)}),
        "target": str(target_of(task)),
        "points": "\n".join(item.points) or "按初稿。",
        "earlier": "\n".join(_earlier(section) for section in _measures(task)) or NOTHING,
        "material": task.material or NOTHING,
    }
    values = {name: as_data(value) for name, value in values.items()}
    return fill_prompt("section", values | {"examples": _examples(evidence), "wish": _wish(task)})


def heading_of(task: SectionTask) -> str:
    """Return a section's heading, or what a section without one is called: a model needs a name for it."""
    return bare_heading(task.item.heading) or name_of(task.item.code)


def is_numbered(task: SectionTask) -> bool:
    """Tell whether the section is a list of measures: as its first version is, else by its code."""
    if task.item.code is SectionCode.SCHEDULE:
        return False
    if task.material.strip():
        return any(is_item(line) for line in task.material.split("\n"))
    return task.item.code not in PROSE


def items_of(task: SectionTask) -> int:
    """Return how many items a numbered section is asked for: as its first version has, else by its length."""
    have = sum(is_item(line) for line in task.material.split("\n"))
    return have or max(2, round(target_of(task) / ITEM_HANZI))


def target_of(task: SectionTask) -> int:
    """Return the length to aim at in Hanzi: what is to be kept has room."""
    return max(task.item.target, han_count(task.material)) or USUAL_TARGET


def echoes_of(messages: Sequence[Message]) -> tuple[str, ...]:
    """Return the sentences of the prompt that are instructions: none of them is body text."""
    names = ("section", "items", "prose", "months", "repair", "go_on", "ask_items", "ask_prose")
    fixed = [line for name in names for line in fixed_lines(name)]
    text = "\n".join([messages[0]["content"], *fixed])
    return tuple(sentence for sentence in _SENTENCE_END.split(text) if sentence.strip())


def slots_for(task: SectionTask, tables: Tables) -> dict[str, str]:
    """Return what a slot mark that a model copies from a precedent stands for in this unit."""
    return known_slots(task.profile, org_words(task.request, task.profile, tables).roles)


def as_data(text: str) -> str:
    """Return `text` without marks that a chat template would take for its own."""
    return _CONTROL.sub("", text)


def _profile(profile: Profile, request: Request, org: OrgWords) -> str:
    rows = (
        ("单位", profile.unit or request.org_name),
        ("简称", profile.short),
        ("类型", org.name.split("、")[0]),
        ("工会", profile.union),
        ("职工人数", _people(profile.people)),
        ("女职工人数", _people(profile.women)),
        ("工会小组", f"{profile.groups}个" if profile.groups else ""),
        ("党组织", profile.party),
        ("上级工会", "、".join(profile.upper)),
        ("工会机构", "、".join(profile.bodies)),
        ("品牌活动", "、".join(profile.programs)),
        ("重点任务", "；".join(profile.key_tasks)),
        ("固定活动", "；".join(_inside(profile.fixed_events, request))),
    )
    return "\n".join(f"{name}：{value}" for name, value in rows if value)


def _inside(events: Iterable[str], request: Request) -> Iterator[str]:
    """Yield the fixed events within the plan: a small model would write of the others all the same."""
    months = {month for _, month in months_of(request.period, request.year, request.part)}
    return (event for event in events if set(months_in(event)) <= months)


def _people(count: int | None) -> str:
    return f"{count}人" if count else ""


def _words(task: SectionTask, org: OrgWords) -> str:
    used = {**task.profile.use_words, **task.request.use_words}
    words = [org.roles[role] for role in WORD_ROLES if org.roles.get(role)]
    replaced = [f"“{ours}”写作“{theirs}”" for ours, theirs in used.items()]
    return "；".join(["、".join(dict.fromkeys(words)), *replaced])


def _phrases(request: Request, tables: Tables) -> Iterable[str]:
    """Return the wording in force while the plan runs: few, for a small model uses all it is shown."""
    day = day_within(request.today, request.period, request.year, request.part) if request.year else None
    held = slogans_on(tables, day) if day and request.today != date.min else tables.slogans
    return dict.fromkeys(held[name] for name in CENTRAL if name in held)


def _forbidden(task: SectionTask, org: OrgWords) -> list[str]:
    codes = {code.value for code in SectionCode}
    asked = [word for word in task.request.avoid if word not in codes]
    return list(dict.fromkeys([*asked, *task.profile.avoid_words, *org.forbid]))[:MOST_FORBIDDEN]


def _span(request: Request) -> str:
    if not request.year or request.period in (Period.QUARTER, Period.MONTH):
        return "标题所写的时间"
    months = months_of(request.period, request.year)
    (first_year, first), (last_year, last) = months[0], months[-1]
    return f"{first_year}年{first}月至{last_year}年{last}月"


def _shape(task: SectionTask) -> str:
    if task.item.code is SectionCode.SCHEDULE:
        return fill_prompt("months", {})
    if not is_numbered(task):
        return fill_prompt("prose", {})
    have = items_of(task) if any(map(is_item, task.material.split("\n"))) else f"约{items_of(task)}"
    return fill_prompt("items", {"count": str(have)})


def _examples(evidence: Sequence[Evidence]) -> str:
    """Masked text alone: a precedent's title may name its unit."""
    if not evidence:
        return ""
    texts = (_cut(as_data(_obedient(split_number(found.masked)[1]).translate(_FENCES))) for found in evidence)
    passages = "\n".join(f"〔范例{n}开始〕{text}〔范例{n}结束〕" for n, text in enumerate(texts, 1))
    return fill_prompt("examples", {"passages": passages}) + "\n\n"


def _cut(text: str) -> str:
    """Return the first sentences of a precedent, within its room."""
    whole = text[:EXAMPLE_CHARS].rpartition("。")
    return text if len(text) <= EXAMPLE_CHARS else "".join(whole[:2]) or text[:EXAMPLE_CHARS]


def fresh(evidence: Iterable[Evidence], material: str) -> Iterator[Evidence]:
    """Yield the precedents that the first version does not hold already, word for word."""
    have = han_only(material)
    for found in evidence:
        text = han_only(found.masked)
        if text[:SAME_HANZI] not in have and text[-SAME_HANZI:] not in have:
            yield found


def _obedient(text: str) -> str:
    """Return a precedent without sentences that speak to a model: a small one would do what they say."""
    return "".join(part for part in re.split(r"(?<=[。！？；\n])", text) if not is_chatter(part))


def _measures(task: SectionTask) -> tuple[Section, ...]:
    """Return the sections whose measures are not to come again; what tables write may well say them again."""
    if task.item.code in FRAME:
        return ()
    return tuple(section for section in task.earlier if section.code not in FRAME)


def _earlier(section: Section) -> str:
    lines = [line for line in section.text.split("\n") if line.strip()][:EARLIER_ITEMS]
    named = (
        headline(arabic_months(split_number(line)[1]), "")[:EARLIER_CHARS] or line[:EARLIER_CHARS]
        for line in lines
    )
    return f"{bare_heading(section.heading) or name_of(section.code)}：" + "；".join(named)


def _wish(task: SectionTask) -> str:
    parts = []
    if task.instruction.strip():
        instruction = as_data(task.instruction.strip().translate(_FENCES))
        parts.append(fill_prompt("wish", {"instruction": instruction}))
    if task.variant:
        parts.append(fill_prompt("variant", {"number": str(task.variant + 1)}))
    return "".join(f"{part}\n\n" for part in parts)
