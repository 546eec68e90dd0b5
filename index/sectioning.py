"""What a section is about: heading to section code, and the sections of a document.

Aliases in a heading decide, the earlier the stronger; hint words and the body only speak where no alias
does. Words are in `index/labels.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.headings import items
from index.labels import load_labels
from index.types import Heading, Section, SectionCode

_STRUCTURAL = frozenset(
    {
        SectionCode.LEAD,
        SectionCode.GUIDE,
        SectionCode.GOAL,
        SectionCode.SCHEDULE,
        SectionCode.SAFEGUARD,
        SectionCode.CLOSE,
    }
)
_CLOSED = _STRUCTURAL - {SectionCode.LEAD}  # a section under one of these is part of it, whatever it says
_NUMBER = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]{1,3}(?:是|要)?[、.．，,章节部分]+|[（(][一二三四五六七八九十\d]{1,3}[）)][、.．]?"
    r"|\d{1,2}\s*[.、．)）]\s*(?:(?!\d)|(?=\d{1,2}(?:月|日|号|、)))|[①-⑳]|[一二三四五六七八九十](?:是|要)(?!否)|第[一二三四五六七八九十][，,]\s*|附[件表]?\d*[:：]\s*)+"
)
_SPAN = re.compile(
    r"^(?:(?:\d{4}|\d{2}|20[x_X]{2}|\{YEAR\}|今|明|本|新)(?:—\d{4})?(?:学?年度?|学期)的?"
    r"|(?:上|下)半年|本学期|第[一二]学期|全年)+"
)
_MONTH_LABEL = re.compile(
    r"^(?:次年|翌年|第二年)?(?:\d{1,2}|[一二三四五六七八九十元]{1,3})"
    r"(?:\s*[、，,—–\-~～至到]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:月)?)*\s*月份?(?:工作|安排|活动)?$"
)
MONTH_LINE = re.compile(
    r"^[ \t\u3000]*(?:\d{1,2}[.、]\s*)?(?:次年|翌年)?(?:\d{1,2}|[一二三四五六七八九十元]{1,3})"
    r"(?:\s*[、，,—–\-~～至到]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:月)?)*\s*月份?\s*(?:[:：]|$|(?=\s))",
    re.MULTILINE,
)
_SCHEDULE_TITLE = re.compile(
    r"^[ \t\u3000]*(?:[一二三四五六七八九十]+、)?[^。\n]{0,24}(?:安排|行事历|活动)(?:如下)?[ \t]*[:：]?$"
)
_TITLE_LINE = re.compile(
    r"^[^。，；：\n]{2,50}(?:计划|要点|安排|总结|汇报|打算|报告|行事历|方案|规划)(?:（[^）\n]{1,12}）)?$"
)
_MIXED_LEAST, _MIXED_OWN = 4, 0.2
_SIGN_LINE = re.compile(
    r"^[^。；：:\n]{0,40}(?:工会|委员会|联合会)[^。；：:\n]{0,6}$"
    r"|^\s*(?:\d{4}|20[x_X]{2}|\{YEAR\}|[二〇○零一九]{4})\s*年\s*[\dx_一二三四五六七八九十]{1,3}\s*月"
    r"\s*(?:[\dx_一二三四五六七八九十]{1,3}\s*日)?\s*$"
)
_CLOSING = re.compile(r"^[ \t\u3000]*(?:总之|我们相信|让我们|新的一年|展望)[^\n]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Words:
    """The aliases and hint words of one section code, ready to match."""

    code: SectionCode
    aliases: re.Pattern[str]
    cues: re.Pattern[str]


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[_Words, ...]:
    return tuple(
        _Words(row.code, _longest_first(row.aliases), _longest_first(row.cues))
        for row in load_labels().sections.values()
    )


def _longest_first(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def bare_heading(heading: str) -> str:
    """A heading without its number, a leading span of time and the marks around it."""
    text = _NUMBER.sub("", heading.strip()).strip(' \u3000:：。.，,；;、“”"「」')
    shorter = _SPAN.sub("", text).strip(" \u3000:：、，的")
    return shorter or text


def is_month_label(heading: str) -> bool:
    """Whether a heading names a month (九月份, 7、8月) and nothing else."""
    return bool(_MONTH_LABEL.match(heading.strip().rstrip("：: ")))


def begins_numbered(text: str) -> bool:
    """Whether a text begins with a number or an ordinal (1. （2） ① 一是)."""
    return bool(_NUMBER.match(text))


def section_code(heading: str, body: str = "", parents: tuple[str, ...] = ()) -> SectionCode | None:
    """What a section is about, or None for a wrapper (主要工作) and for what no word tells.

    `parents` are the headings above it, outermost first: below 工作目标 everything is a goal.
    """
    if is_month_label(heading):
        return SectionCode.SCHEDULE
    for parent in parents:
        bare, wording = bare_heading(parent), load_labels().wording
        above = None if bare in wording.wrappers | wording.soft_wrappers else _by_alias(bare)
        if above in _CLOSED:
            return above
    bare = bare_heading(heading)
    if bare in load_labels().wording.wrappers:
        return None
    if code := _by_alias(bare):
        return code
    return None if load_labels().wording.catch_alls.search(bare) else _by_hints(bare, body)


@lru_cache(maxsize=4096)
def _by_alias(bare: str) -> SectionCode | None:
    scores = {words.code: _alias_score(words, bare) for words in _vocabulary()}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] > 0 else None


def _alias_score(words: _Words, bare: str) -> float:
    """Weight of the aliases in a heading: the first counts whole, later places count less."""
    found = [
        match
        for match in words.aliases.finditer(bare)
        if words.code not in _STRUCTURAL or len(bare) <= len(match.group()) + 6
    ]
    weights = sorted((3.0 / (1 + match.start() / 8) for match in found), reverse=True)
    return weights[0] + 0.5 * sum(weights[1:3]) if weights else 0.0


def _by_hints(bare: str, body: str) -> SectionCode | None:
    """The code most hint words speak for: those of the heading count double those of the body."""
    scores: dict[SectionCode, float] = {}
    size = max(len(body), 200) / 200
    for words in _vocabulary():
        if words.code in _STRUCTURAL:
            continue
        in_heading = sum(
            min(len(match.group()), 2) / 2 / (1 + match.start() / 8) for match in words.cues.finditer(bare)
        )
        aliases, cues = words.aliases.findall(body), words.cues.findall(body)
        in_body = (len(aliases) + len(set(aliases)) + 0.3 * len(set(cues))) / size
        scores[words.code] = 2 * in_heading + min(in_body, 4.0) * 0.6
    ranked = sorted(scores, key=lambda code: -scores[code])
    best, second = ranked[0], ranked[1]
    return best if scores[best] >= 0.6 and scores[best] > scores[second] else None


def sections_of(text: str, headings: Sequence[Heading]) -> tuple[Section, ...]:
    """The sections of a document in reading order; title, headings and signature belong to none.

    Text before the first heading is LEAD, month tables are SCHEDULE even without a heading of their
    own, a last paragraph such as 总之… is CLOSE. A section nothing tells about takes its parent's code.
    """
    begin, end = _body_span(text)
    ordered = sorted((head for head in headings if head.start <= end), key=lambda head: head.start)
    lines = _heading_starts(text, ordered, 0)
    titles = sum(1 for line in lines if line < begin)
    ordered, lines = ordered[titles:], lines[titles:]
    first = lines[0] if lines else end
    drafts = _lead(text, begin, first, whole=not ordered)
    trail: list[Heading] = []
    codes: dict[tuple[str, ...], SectionCode | None] = {}
    for position, head in enumerate(ordered):
        trail = [*(above for above in trail if above.level < head.level), head]
        stop = lines[position + 1] if position + 1 < len(ordered) else end
        names = tuple(_written(above) for above in trail)
        span_end = head.end if head.end < stop and not text[head.end : stop].strip() else stop
        code = _code_of(text, ordered, position, names, codes)
        codes[names] = code
        drafts.append(
            Section(0, head.level, head.number, head.text, code, head.start, max(head.start, span_end), names)
        )
    parts = [
        part for draft in drafts for piece in _with_schedule(text, draft) for part in _parted(text, piece)
    ]
    return _numbered(_with_close(text, parts))


def _body_span(text: str) -> tuple[int, int]:
    """The text without its title line and its signature."""
    begin, end = 0, len(text.rstrip())
    lines = list(re.finditer(r"[^\n]+", text))
    filled = [line for line in lines if line.group().strip()]
    if len(filled) > 1 and _TITLE_LINE.match(filled[0].group().strip()):
        begin = filled[0].end()
    for line in reversed(filled[1:][-3:]):
        if not _SIGN_LINE.match(line.group().strip()) or _NUMBER.match(line.group()):
            break
        end = line.start()
    return begin, max(begin, len(text[:end].rstrip()))


def _heading_starts(text: str, headings: Sequence[Heading], floor: int) -> list[int]:
    """Where the line of each heading begins; a Heading itself only knows where its body does."""
    starts: list[int] = []
    for head in headings:
        begin = text.rfind("\n", 0, head.start) + 1
        if begin and not text[begin : head.start].strip():
            begin = text.rfind("\n", 0, begin - 1) + 1
        starts.append(max(floor, begin))
        floor = starts[-1]
    return starts


def _written(head: Heading) -> str:
    return f"{head.number}{head.text}".strip()


def _code_of(
    text: str,
    headings: Sequence[Heading],
    position: int,
    names: tuple[str, ...],
    codes: Mapping[tuple[str, ...], SectionCode | None],
) -> SectionCode | None:
    """The code of one heading, given the codes of those above it; None inherits from the parent."""
    head = headings[position]
    children = [later for later in _below(headings, position) if later.level == head.level + 1]
    topics = [child for child in children if not is_month_label(child.text)]
    if bare_heading(head.text) in load_labels().wording.soft_wrappers and len(topics) > 1:
        return None
    parents = [codes.get(names[:depth]) for depth in range(1, len(names))]
    for above in parents:
        if above in _CLOSED:
            return above
    if children and not topics:
        return SectionCode.SCHEDULE
    body = "" if children else text[head.start : max(head.start, head.end)]
    own = section_code(head.text, body[:1200])
    return own or next((code for code in reversed(parents) if code is not None), None)


def _below(headings: Sequence[Heading], position: int) -> list[Heading]:
    below: list[Heading] = []
    for later in headings[position + 1 :]:
        if later.level <= headings[position].level:
            break
        below.append(later)
    return below


def _lead(text: str, begin: int, end: int, *, whole: bool) -> list[Section]:
    """The text before the first heading; without any heading only its first paragraph is a lead."""
    if not text[begin:end].strip():
        return []
    if not whole:
        return [Section(0, 0, "", "", SectionCode.LEAD, begin, end)]
    paragraph = re.compile(r"[^\n]*\S[^\n]*").search(text, begin, end)
    if paragraph is None or paragraph.end() >= end or _NUMBER.match(paragraph.group()):
        return [Section(0, 0, "", "", None, begin, end)]
    return [
        Section(0, 0, "", "", SectionCode.LEAD, begin, paragraph.end()),
        Section(1, 0, "", "", None, paragraph.end(), end),
    ]


def _parted(text: str, section: Section) -> list[Section]:
    """Set items apart that speak of anything but their heading's subject (常规工作, or a heading was lost).

    Four and more of them must name three and more other subjects, and hardly one that of the heading.
    """
    if section.code is None or section.code in _STRUCTURAL:
        return [section]
    spans = [(a, b) for a, b in items(text, section.start, section.end) if begins_numbered(text[a:b])]
    told = [code for a, b in spans if (code := _by_alias(bare_heading(_opening(text[a:b]))))]
    own = told.count(section.code)
    if len(told) < _MIXED_LEAST or len({*told} - {section.code}) < 3 or own > _MIXED_OWN * len(told):
        return [section]
    first = spans[0][0]
    rest = replace(section, code=None, start=first, trail=section.trail)
    if not text[section.start : first].strip():
        return [rest]
    return [replace(section, end=first), replace(rest, number="", heading="")]


def _opening(item: str) -> str:
    """The first clause of an item, number included: what it is about."""
    return re.split("[。；：，\n]", item, maxsplit=1)[0][:40]


def _with_schedule(text: str, section: Section) -> list[Section]:
    """Cut a month table out of a section: a title line such as 具体工作安排如下： and the lines below it."""
    months = [match for match in MONTH_LINE.finditer(text, section.start, section.end)]
    if len(months) < 3:
        return [section]
    start, title = months[0].start(), ""
    before = text[section.start : start].rstrip()
    last_line = before.rsplit("\n", 1)[-1]
    if last_line.strip() and _SCHEDULE_TITLE.match(last_line):
        title, before = last_line.strip().rstrip("：:"), before[: len(before) - len(last_line)].rstrip()
    trail = (*(section.trail if section.code is SectionCode.SCHEDULE else ()), *((title,) if title else ()))
    kept = [replace(section, end=section.start + len(before))] if before.strip() else []
    level = section.level or 1
    table = Section(0, level, "", title, SectionCode.SCHEDULE, start, section.end, trail)
    if not kept and section.code is SectionCode.SCHEDULE:
        table = replace(table, number=section.number, heading=title or section.heading)
    return [*kept, *_months(text, table, months)]


def _months(text: str, table: Section, months: Sequence[re.Match[str]]) -> list[Section]:
    """A table whose months stand on lines of their own becomes a section a month; else it stays whole."""
    alone = [match for match in months if not text[match.end() : _line_end(text, match.end())].strip(" ：:")]
    if len(alone) < 3:
        return [table]
    parts: list[Section] = []
    for position, match in enumerate(alone):
        label = match.group().strip().rstrip("：: ")
        stop = alone[position + 1].start() if position + 1 < len(alone) else table.end
        parts.append(
            Section(
                0,
                table.level + 1,
                "",
                label,
                SectionCode.SCHEDULE,
                _line_end(text, match.end()),
                stop,
                (*table.trail, label),
            )
        )
    if alone[0].start() > table.start:
        parts.insert(0, replace(table, end=alone[0].start()))
    return parts


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _with_close(text: str, sections: list[Section]) -> list[Section]:
    """Set a closing paragraph of the last section apart."""
    if not sections or sections[-1].code is SectionCode.LEAD:
        return sections
    last = sections[-1]
    lines = list(re.finditer(r"[^\n]*\S[^\n]*", text[last.start : last.end]))
    if not lines or not _CLOSING.match(lines[-1].group()) or len(lines) < 2:
        return sections
    cut = last.start + lines[-1].start()
    close = Section(0, 1, "", "", SectionCode.CLOSE, cut, last.end)
    return [*sections[:-1], replace(last, end=cut), close]


def _numbered(sections: Sequence[Section]) -> tuple[Section, ...]:
    return tuple(replace(section, order=order) for order, section in enumerate(sections))
