"""Another text for one section of a plan: to a wish, by a quick action, or simply another version.

A model works on the section as it stands. Without one the rules of `polish` and `instruct` do, and the
Composer where measures are to be added. Either way the note says who changed what. Nothing is stored here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, replace

from assistant.compose import choose, measures_for_points, seed_of
from assistant.draft import Job, write_section, writing_order
from assistant.evidence import rank
from assistant.instruct import carry_out, points_of
from assistant.items import line_at
from assistant.numbering import renumber
from assistant.outline import org_words
from assistant.polish import WISHES, Action, Setting, polish
from assistant.schedule import entries
from assistant.tables import Tables
from assistant.text import han_count
from assistant.types import FRAME, Draft, DraftEvent, OutlineItem, Section, SectionTask
from assistant.when import months_of

RULES = "规则改写"
_WHOLE_LINES = (Action.CONCRETE, Action.DUTY, Action.EXTEND)
_ENDS = "。；！？\n"
_BY_RULE = "没有用模型，按词表和规则改写"
_ADDED = "没有用模型，从资料库里补了 {count} 条合适的工作，原有的没有动"
_READABLE = "能看懂的有：把…放到七月、把…改成…、删掉第2条、加上“…”、更具体一些"
_ANOTHER = "没有用模型，由范例编排另选另写了一版"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a section: words, an action, or neither (another version); `span` is what the person
    had selected in the text, (0, 0) for all of it.
    """

    instruction: str = ""
    action: Action | None = None
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The section as it would be, and one Chinese sentence on how it came about."""

    section: Section
    note: str


def redraft(job: Job, plan: Draft, section: Section, wish: Wish) -> Generator[DraftEvent, None, Outcome]:
    """Yield the new text as a model writes it and return the outcome."""
    item = next(item for item in job.outline.items if item.id == section.id)
    others = tuple(
        s for i in writing_order(job.outline) for s in plan.sections if s.id == i.id and s.id != section.id
    )
    if not section.text.strip() or (not wish.instruction and wish.action in (None, Action.AGAIN)):
        return (yield from _another(job, item, others, wish.instruction))
    if job.writer is not None:
        return (yield from _by_model(job, item, others, section, wish))
    outcome = _by_rule(job, plan, item, others, section, wish)
    return outcome or (yield from _another(job, item, others, wish.instruction, _unread(wish)))


def _another(
    job: Job, item: OutlineItem, others: tuple[Section, ...], instruction: str, note: str = ""
) -> Generator[DraftEvent, None, Outcome]:
    item = replace(item, points=(*item.points, *points_of(instruction)))
    section = yield from write_section(job, item, others, instruction)
    return Outcome(section, note or _told(job, section, _ANOTHER))


def _told(job: Job, section: Section, without: str) -> str:
    problem = getattr(job.writer, "last_problem", "") if job.writer else ""
    return problem or (f"由模型 {section.writer} 改写" if job.writer else without)


def _by_model(
    job: Job, item: OutlineItem, others: tuple[Section, ...], section: Section, wish: Wish
) -> Generator[DraftEvent, None, Outcome]:
    """Let the model work on the text as it stands, or on the selected sentences alone."""
    start, end = _sentences_around(section.text, wish.span)
    part = section.text[start:end]
    asked = "".join(filter(None, (WISHES[wish.action] if wish.action else "", wish.instruction)))
    growth = {Action.EXTEND: 1.5, Action.TIGHTEN: 0.7}.get(wish.action or Action.AGAIN, 1.0)
    item = replace(
        item,
        target=max(40, round(han_count(part) * growth)),
        points=(*item.points, *points_of(wish.instruction)),
    )
    written = yield from write_section(job, item, others, asked, part)
    new = written.text if (start, end) == (0, len(section.text)) else _inserted(part, written.text)
    text = renumber(section.text[:start] + new + section.text[end:])
    return Outcome(replace(written, text=text), _told(job, written, ""))


def _inserted(part: str, new: str) -> str:
    """Return what a model wrote for a few sentences as sentences: on one line where they stood on one."""
    if "\n" in part.strip("\n"):
        return new
    return "".join(re.sub(r"^\s*\d{1,2}[.．、]\s*(?!\d)", "", row) for row in new.split("\n"))


def _by_rule(
    job: Job, plan: Draft, item: OutlineItem, others: tuple[Section, ...], section: Section, wish: Wish
) -> Outcome | None:
    """Return what rules and the Composer make of the text, None where they cannot read the wish."""
    setting = setting_of(plan, section, job.tables, job.variant)
    carried = carry_out(section.text, wish.instruction, setting)
    text, actions = carried.text, (*filter(None, (wish.action,)), *carried.actions)
    for action in actions:
        text = _polished(text, action, wish.span, setting)
    earlier = (*others, replace(section, text=text))
    added = _added(job, item, earlier, carried.points, Action.EXTEND in actions)
    if added:
        text = renumber("\n".join([text.rstrip("\n"), *(f"1.{measure}" for measure in added)]))
    if text == section.text and carried.unread:
        return None
    note = _note(wish, carried.done, len(added), carried.unread)
    return Outcome(replace(section, text=text, writer=RULES), note)


def _note(wish: Wish, said: tuple[str, ...], added: int, unread: tuple[str, ...]) -> str:
    parts = [_ADDED.format(count=added)] if added else []
    if wish.action and wish.action is not Action.EXTEND:
        adds = wish.action in (Action.CONCRETE, Action.DUTY)
        parts.append(_BY_RULE + ("，补上的时间、人和次数只是建议，请核对" if adds else ""))
    parts += [f"没有用模型：{'；'.join(said)}"] if said else []
    parts += [f"没看懂“{'；'.join(unread)}”，这一句没有照办"] if unread else []
    return "。".join(parts) or _BY_RULE


def _unread(wish: Wish) -> str:
    return f"没有用模型，看不懂“{wish.instruction}”，先由范例编排另写了一版；{_READABLE}"


def _polished(text: str, action: Action, span: tuple[int, int], setting: Setting) -> str:
    start, end = _sentences_around(text, span)
    if action in _WHOLE_LINES and (start, end) != (0, len(text)):
        start = text.rfind("\n", 0, start) + 1
        end = text.find("\n", end) if text.find("\n", end) >= 0 else len(text)
    return text[:start] + polish(text[start:end], action, setting) + text[end:]


def _added(
    job: Job, item: OutlineItem, earlier: tuple[Section, ...], points: tuple[str, ...], more: bool
) -> list[str]:
    """Return measures for the points, and others that fit where more is wanted."""
    if item.code in FRAME and not points:
        return []
    evidence = rank(job.pool, item, job.request, job.tables)
    task = SectionTask(job.request, job.profile, job.outline, item, evidence, earlier, variant=job.variant)
    found = []
    if points:
        found += measures_for_points(replace(task, item=replace(item, points=points)), job.tables)
    if more:
        task = replace(task, item=replace(item, points=(), target=max(90, item.target // 2)))
        org = org_words(job.request, job.profile, job.tables)
        found += choose(task, job.tables, org, seed_of(task))
    return found


def setting_of(plan: Draft, section: Section, tables: Tables, turn: int) -> Setting:
    """Return what the rules may know of the plan."""
    request = plan.request
    months = [month for _, month in months_of(request.period, request.year, request.part)]
    busy = Counter(entry.month for entry in entries(plan.sections, tables))
    spare = tuple(sorted(months, key=lambda month: (busy[month], months.index(month))))
    return Setting(section.code, spare, org_words(request, plan.profile, tables).roles, turn)


def _sentences_around(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return the span widened to whole sentences, item numbers left out; the whole text for none."""
    start, end = span
    if not 0 <= start < end <= len(text):
        return 0, len(text)
    while start and text[start - 1] not in _ENDS:
        start -= 1
    while end < len(text) and text[end - 1] not in _ENDS:
        end += 1
    row = text.split("\n")[line_at(text, start)]
    if start == text.rfind("\n", 0, start) + 1 and (number := re.match(r"\s*\d{1,2}[.．、](?!\d)", row)):
        start += len(number[0])
    return start, end
