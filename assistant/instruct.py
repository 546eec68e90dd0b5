"""An instruction in plain words carried out by rule: 把送清凉放到七月, 删掉第2条, 把甲改成乙, 加上职工书屋.

What the rules cannot read is handed back as not understood, never guessed. Pure functions over a section's
text; what needs precedents (扩写, 加上…) is named for the caller to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.items import moved, removed
from assistant.numbering import renumber
from assistant.polish import Action, Setting, polish
from assistant.text import overlap, shingles
from assistant.when import arabic_months

_CHINESE = {digit: n for n, digit in enumerate("一二三四五六七八九十", 1)}
_MONTH = r"(1[0-2]|[1-9])月"
_QUOTES = "“”「」\"'‘’"
_ACTIONS: tuple[tuple[str, Action], ...] = (
    ("精简|简练|简短|短一[点些]|压缩|删减|啰嗦", Action.TIGHTEN),
    ("时间.{0,4}责任|责任人|谁负责|谁来做|补.{0,2}时间", Action.DUTY),
    ("具体|细化|落地|可操作|空话|太空", Action.CONCRETE),
    ("换[个种一].{0,2}说法|换句话|改写一下", Action.REPHRASE),
    ("正式|书面|公文", Action.FORMAL),
    ("朴实|口语|少.{0,3}套话|不要.{0,3}(?:套话|口号)|接地气|通俗", Action.PLAIN),
    ("扩写|多写|展开|充实|长一[点些]|丰富", Action.EXTEND),
    ("换一版|重写|再来一版", Action.AGAIN),
)


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of an instruction: the text so far, what was done in words, points and actions that are
    left for the caller, and the parts nobody understood.
    """

    text: str
    done: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    unread: tuple[str, ...] = ()


def carry_out(text: str, instruction: str, setting: Setting) -> Carried:
    """Return what the rules make of `text` under an instruction; its parts are taken one after another."""
    done: list[str] = []
    points: list[str] = []
    actions: list[Action] = []
    unread: list[str] = []
    for part in _parts(instruction):
        edited = next((found for rule in _EDITS if (found := rule(text, part))), None)
        if edited:
            text, said = edited
            done.append(said)
        elif named := points_of(part):
            points += [point for point in named if point not in text]
        elif action := _action_in(part):
            changed = polish(text, action, setting)
            done += [f"按“{part}”调整了用语和做法"] if changed != text else []
            actions += [] if changed != text else [action]
            text = changed
        else:
            unread.append(part)
    return Carried(text, tuple(done), tuple(points), tuple(actions), tuple(unread))


def _parts(instruction: str) -> Iterator[str]:
    for part in re.split(r"[；;。！!\n]|，(?=把|将|删|去掉|加|再|第|并)", instruction):
        if bare := part.strip(" ，,、"):
            yield bare


def _action_in(part: str) -> Action | None:
    return next((action for words, action in _ACTIONS if re.search(words, part)), None)


def _to_month(text: str, part: str) -> tuple[str, str] | None:
    """把…放到…月: set the month of the line that speaks of it."""
    found = re.match(
        rf"(?:请)?(?:把|将)?(.+?)(?:活动|工作)?(?:改|放|移|挪|调|调整|提前|推迟|安排)(?:到|在|至){_MONTH}",
        arabic_months(part),
    )
    if not found:
        return None
    lines, place = text.split("\n"), _line_about(text, found[1])
    if place is None:
        return None
    month, line = f"{found[2]}月", arabic_months(lines[place])
    number = re.match(r"\s*\d{1,2}\.(?=\d)|", line)
    start = number.end() if number else 0
    old = re.search(_MONTH, line[start:])
    if old:
        line = line[:start] + line[start:].replace(old[0], month, 1)
    else:
        mark = re.match(r"\s*(?:\d{1,2}[.．、]|[（(]\d{1,2}[)）])?", line)
        cut = mark.end() if mark else 0
        line = f"{line[:cut]}{month}，{line[cut:]}"
    if line == arabic_months(lines[place]):
        return None
    lines[place] = line
    return "\n".join(lines), f"把“{found[1].strip(_QUOTES)}”改到{month}"


def _replaced(text: str, part: str) -> tuple[str, str] | None:
    """把甲改成乙: words for words, wherever they stand in the section."""
    found = re.match(r"(?:请)?(?:把|将)(.+?)(?:全部|都)?(?:改成|改为|换成|替换成|替换为)(.+)$", part)
    if not found:
        return None
    old, new = found[1].strip(_QUOTES), found[2].strip(_QUOTES)
    return (text.replace(old, new), f"把“{old}”改成“{new}”") if old and old in text and old != new else None


def _deleted(text: str, part: str) -> tuple[str, str] | None:
    """删掉第2条, 去掉…: the line with that number, or the one that speaks of it."""
    found = re.match(r"(?:请)?(?:把)?(?:删掉|删去|删除|去掉|不要|不写|取消)(.+)$", part)
    found = found or re.match(r"(?:请)?把(.+?)(?:删掉|删去|删除|去掉|删了)$", part)
    if not found:
        return None
    place = _numbered(text, found[1])
    if place is None:
        place = _line_about(text, re.sub(r"^关于|的?(?:那|这)?一?条(?:内容)?$|的内容$", "", found[1]))
    if place is None or len([line for line in text.split("\n") if line.strip()]) < 2:
        return None
    kept, _ = removed(text, _offset(text, place))
    return kept, f"删去了第{place + 1}条"


def _reordered(text: str, part: str) -> tuple[str, str] | None:
    """第3条放到最前 (最后)."""
    found = re.match(r"(?:请)?(?:把)?(第.{1,3}条|.+?)(?:放|移|挪|提|调)到(最前|最后|第一条|开头|末尾)", part)
    if not found:
        return None
    place = _numbered(text, found[1])
    place = _line_about(text, found[1]) if place is None else place
    if place is None:
        return None
    rows = text.split("\n")
    by = -len(rows) if found[2] in ("最前", "第一条", "开头") else len(rows)
    changed, _ = moved(text, _offset(text, place), by)
    return (renumber(changed), f"把第{place + 1}条放到了{found[2]}") if changed != text else None


def _numbered(text: str, said: str) -> int | None:
    """Return the line that 第2条 means, from 0."""
    found = re.search(r"第(\d{1,2}|[一二三四五六七八九十])条", said)
    if not found:
        return None
    number = int(found[1]) if found[1].isdigit() else _CHINESE[found[1]]
    return number - 1 if number <= len(text.split("\n")) else None


def _line_about(text: str, words: str) -> int | None:
    """Return the line that holds the words, or most of their pairs of Hanzi."""
    words = words.strip(_QUOTES + " ")
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if words and words in line:
            return number
    grams = shingles(words)
    best = max(range(len(lines)), key=lambda n: overlap(grams, shingles(lines[n])), default=None)
    if best is None or len(grams) < 2 or overlap(grams, shingles(lines[best])) < 0.6:
        return None
    return best


def _offset(text: str, line: int) -> int:
    return sum(len(row) + 1 for row in text.split("\n")[:line])


_EDITS: tuple[Callable[[str, str], tuple[str, str] | None], ...] = (
    _to_month,
    _replaced,
    _deleted,
    _reordered,
)


def points_of(instruction: str) -> tuple[str, ...]:
    """Return the points an instruction wants covered: what stands in quotes, or after 加上 and the like."""
    quoted = re.findall(r"[“「\"]([^”」\"]{2,20})[”」\"]", instruction)
    named = re.findall(r"(?:加上|加入|增加|补充|写上|提到|突出)(?:一条)?([\u4e00-\u9fff]{2,12})", instruction)
    return tuple(dict.fromkeys((*quoted, *named)))
