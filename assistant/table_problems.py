"""What is wrong with the tables, as Chinese sentences: `gonghui tables check`.

Looks at the shipped tables with the person's own laid over them. An empty list means all is well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

from assistant.table_files import FILE_KEY, ROW_KEYS, SHIPPED, as_rows, read_file, read_tables
from assistant.tables import OrgWords, SectionRow, SloganRow, Tables
from assistant.types import Severity
from index.errors import UserError

STALE_AFTER_DAYS = 366
# What a template may ask for besides roles, slogans and period words; the draft fills these.
DRAFT_SLOTS = frozenset({"year", "term", "focus"})


def problems(folder: Path | None = None, today: date | None = None) -> list[str]:
    """Return a sentence for each fault; rows are judged as expired only when `today` is given."""
    raw_faults = [*_unknown_files(folder), *_duplicates(folder)]
    try:
        tables = read_tables(folder)
    except UserError as error:
        return list(dict.fromkeys([*raw_faults, str(error)]))
    faults: list[str] = list(raw_faults)
    checks: tuple[Callable[[Tables], Iterable[str]], ...] = (
        breaking, _orgs, _calendar, _phrases, _slogans, _statutes,
    )  # fmt: skip
    for check in checks:
        faults.extend(check(tables))
    if today is not None:
        faults.extend(_expired(tables, today))
    return list(dict.fromkeys(faults))


def breaking(tables: Tables) -> Iterator[str]:
    """Yield the faults that would stop a draft or a check half-way: patterns, templates, severities."""
    yield from _patterns(tables)
    yield from _templates(tables)
    yield from _unusable_phrases(tables)


def _unknown_files(folder: Path | None) -> Iterator[str]:
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.glob("*.toml")):
        if path.stem not in ROW_KEYS:
            known = "、".join(f"{name}.toml" for name in ROW_KEYS)
            yield f"词表文件夹里的“{path.name}”不会被用到，文件名只能是：{known}。"


def _duplicates(folder: Path | None) -> Iterator[str]:
    for name, kinds in ROW_KEYS.items():
        for path in (SHIPPED / f"{name}.toml", *([folder / f"{name}.toml"] if folder else [])):
            try:
                raw = read_file(path)
                for kind, keys in kinds.items():
                    rows = as_rows(raw.get(kind, []), path, kind)
                    yield from _repeated(path, kind, [tuple(row.get(key) for key in keys) for row in rows])
            except UserError as error:
                yield str(error)
                continue
            if not isinstance(raw.get(FILE_KEY, {}), dict):
                yield f"词表“{path.name}”里 file 应写成 [file] 开头的一段。"


def _repeated(path: Path, kind: str, keys: list[tuple[object, ...]]) -> Iterator[str]:
    for key, times in Counter(keys).items():
        if times > 1:
            name = "，".join(str(part) for part in key if part is not None)
            yield f"词表“{path.name}”里“{kind} {name}”写了{times}遍，只有最后一遍会生效，请合并。"


def _orgs(tables: Tables) -> Iterator[str]:
    every = {role for org in tables.orgs.values() for role in org.roles}
    for org in tables.orgs.values():
        if missing := sorted(every - set(org.roles)):
            yield f"单位类型“{org.name}”缺少用词“{'、'.join(missing)}”，请补上。"
        if both := sorted(set(org.forbid) & set(org.warn)):
            yield f"单位类型“{org.name}”里“{'、'.join(both)}”既禁用又提醒，请留一处。"
        yield from _forbidden_roles(org)


def _forbidden_roles(org: OrgWords) -> Iterator[str]:
    for role, word in org.roles.items():
        hit = next((term for term in (*org.forbid, *org.warn) if term in word), "")
        if hit and not any(re.search(pattern, word) for pattern in _compiling(org.allow)):
            yield f"单位类型“{org.name}”的用词“{word}”（{role}）含有自己禁用或提醒的“{hit}”，请改正。"


def _templates(tables: Tables) -> Iterator[str]:
    roles = set().union(*(org.roles for org in tables.orgs.values()))
    periods = set().union(*(words for words in tables.period_words.values()))
    known = roles | periods | set(tables.slogans) | DRAFT_SLOTS
    keys = (
        {"*", "brief", "keypoints"}
        | {org.family for org in tables.orgs.values()}
        | {code.value for code in tables.orgs}
    )
    for row in tables.sections.values():
        for text in _section_texts(row):
            for slot in re.findall(r"\{(\w*)\}", text):
                if slot not in known:
                    yield f"板块“{row.name}”的“{text[:16]}…”里用了不认识的词位“{{{slot}}}”，请改正。"
        for key in (*row.headings, *(name.split("/")[0] for name in row.lines)):
            if key not in keys:
                yield f"板块“{row.name}”里“{key}”不是单位大类或单位类型，请改正。"


def _section_texts(row: SectionRow) -> Iterator[str]:
    for texts in (*row.headings.values(), *row.lines.values()):
        yield from texts
    yield from (goal.text for goal in row.goals)


def _calendar(tables: Tables) -> Iterator[str]:
    for row in tables.calendar:
        if wrong := [month for month in row.months if not 1 <= month <= 12]:
            yield f"节令“{row.name}”的月份“{wrong[0]}”不存在，请改正。"
        if row.day is not None:
            if not _exists(*row.day):
                yield f"节令“{row.name}”的日期{row.day[0]}月{row.day[1]}日不存在，请改正。"
            elif row.day[0] not in row.months:
                yield f"节令“{row.name}”的日期不在它的月份里，请改正。"
        if row.movable and any(row.movable not in days for days in tables.feasts.values()):
            yield f"农历节日表缺少“{row.movable}”的日期，请补上。"
    for year, days in tables.feasts.items():
        for name, day in days.items():
            if day.year != year:
                yield f"农历节日表{year}年“{name}”写成了{day.year}年，请改正。"


def _exists(month: int, day: int) -> bool:
    try:
        date(2024, month, day)
    except ValueError:
        return False
    return True


def _unusable_phrases(tables: Tables) -> Iterator[str]:
    known = set(tables.slogans)
    levels = {level.value for level in Severity}
    for wording in tables.wording:
        if wording.severity not in levels:
            yield f"用字“{wording.right}”的轻重“{wording.severity}”不认识，只能是 high、medium、low。"
    for row in tables.phrases:
        if row.severity not in levels:
            yield f"表述“{row.id}”的轻重“{row.severity}”不认识，只能是 high、medium、low。"
        for slot in re.findall(r"\{(\w*)\}", row.replace):
            if slot not in known:
                yield f"表述“{row.id}”的改法里“{{{slot}}}”不是固定表述的名称，请改正。"


def _phrases(tables: Tables) -> Iterator[str]:
    for row in tables.phrases:
        if row.valid_from and row.valid_to and row.valid_from > row.valid_to:
            yield f"表述“{row.id}”的有效期起止颠倒，请改正。"
    for left, right in combinations(tables.phrases, 2):
        if left.match == right.match and _overlap(
            left.valid_from, left.valid_to, right.valid_from, right.valid_to
        ):
            yield f"表述“{left.id}”和“{right.id}”找的是同一句话，请留一条。"


def _slogans(tables: Tables) -> Iterator[str]:
    for row in tables.slogan_rows:
        if row.valid_from and row.valid_to and row.valid_from > row.valid_to:
            yield f"固定表述“{row.id}”（{row.text}）的有效期起止颠倒，请改正。"
    for left, right in combinations(tables.slogan_rows, 2):
        if left.id == right.id and _clash(left, right):
            yield f"固定表述“{left.id}”里“{left.text}”和“{right.text}”的有效期重叠，请写明前一条到哪天为止。"


def _clash(left: SloganRow, right: SloganRow) -> bool:
    """An open-ended row is ended by a later one; only two rows with stated ends can clash."""
    earlier, later = sorted((left, right), key=lambda row: row.valid_from or date.min)
    if earlier.valid_to is None:
        return earlier.valid_from == later.valid_from
    return earlier.valid_to >= (later.valid_from or date.min)


def _overlap(from_a: date | None, to_a: date | None, from_b: date | None, to_b: date | None) -> bool:
    return (from_a or date.min) <= (to_b or date.max) and (from_b or date.min) <= (to_a or date.max)


def _patterns(tables: Tables) -> Iterator[str]:
    for name, patterns in _all_patterns(tables):
        for pattern in patterns:
            try:
                found = re.compile(pattern).match("")
            except re.error as error:
                yield f"{name}里的正则“{pattern}”写错了（{error}），请改正。"
                continue
            if found:
                yield f"{name}里的正则“{pattern}”什么都能匹配上，请写具体些。"


def _all_patterns(tables: Tables) -> Iterator[tuple[str, tuple[str, ...]]]:
    for org in tables.orgs.values():
        yield f"单位类型“{org.name}”", org.allow
    for row in tables.calendar:
        yield f"节令“{row.name}”", row.not_words
    for phrase in tables.phrases:
        yield f"表述“{phrase.id}”", (phrase.match, *phrase.allow)
    for statute in tables.statutes:
        yield f"法规“{statute.name}”", statute.wrong
    for term in tables.money_terms:
        yield f"经费说法“{term.id}”", (term.match, *term.allow)
    for wording in tables.wording:
        yield f"用字“{wording.right or wording.message}”", wording.wrong


def _compiling(patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error:
            continue
        yield pattern


def _statutes(tables: Tables) -> Iterator[str]:
    right = {name for row in tables.statutes for name in (row.name, row.full_name)}
    wrong = [(row.name, name) for row in tables.statutes for name in row.wrong]
    for name, text in wrong:
        if text in right:
            yield f"法规“{name}”的误名“{text}”同时是另一部法规的正名，请改正。"
    for text, times in Counter(text for _, text in wrong).items():
        if times > 1:
            yield f"误名“{text}”列在{times}部法规下面，请留一处。"


def _expired(tables: Tables, today: date) -> Iterator[str]:
    for name in dict.fromkeys(row.id for row in tables.slogan_rows):
        rows = [row for row in tables.slogan_rows if row.id == name]
        if not any((row.valid_from or date.min) <= today <= (row.valid_to or date.max) for row in rows):
            yield f"固定表述“{name}”没有{today.year}年{today.month}月有效的写法，请按上级最新文件补一条。"
    if today.year not in tables.feasts:
        yield f"农历节日表没有{today.year}年，请补上。"
    dated = [(f"单位类型“{org.name}”", org.checked_on) for org in tables.orgs.values()]
    dated += [(f"固定表述“{row.text}”", row.checked_on) for row in tables.slogan_rows]
    dated += [(f"法规“{row.name}”", row.checked_on) for row in tables.statutes]
    dated += [(f"{row.province}的经费标准", row.checked_on) for row in tables.money]
    for name, day in dated:
        if (today - day).days > STALE_AFTER_DAYS:
            yield f"{name}自{day.year}年{day.month}月以来没有核对过，请核对后更新 checked_on。"
