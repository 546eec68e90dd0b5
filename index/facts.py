"""The private facts of a document: names, places, figures and dates that belong to one unit alone.

Two kinds of proof: patterns for what has a fixed form (money, counts, dates, sessions, file numbers,
contacts), and word lists plus a segmenter for names (`index.names`). What the document's own front matter
lists counts wherever it occurs. Words every union shares (我院, 市总工会, “安康杯”, 3月8日) are no facts.
Lists are in `index/facts.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from index.names import named_spans, short_names
from index.types import Fact, FactKind
from index.words import Span
from index.words import word_lists as _lists

REDACTED = "〔略〕"
_PERSONAL = frozenset({FactKind.PERSON, FactKind.CONTACT})

_PHONE = re.compile(
    r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8}|400[ -]?\d{3}[ -]?\d{4})(?!\d)"
)
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,5}"
)
_ACCOUNT = re.compile(
    r"(?:QQ群?|微信号?|电话|手机|传真|热线)[号码]{0,2}\s*[:：为是]?\s*([A-Za-z0-9_\-]{5,20})", re.I
)
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_AGE = re.compile(r"\d{1,3}岁")
_AGE_REACH = 14

_NUMBER = r"(?<!\d)\d[\d,，]{0,14}(?:\.\d{1,6})?"  # bounded: a page of digits must not stall the search
_MONEY = re.compile(
    rf"{_NUMBER}\s*(?:余|多)?(?:[百千万亿]{{1,2}})?(?:余|多)?元"
    r"|(?<![一二三四五六七八九十百千万])[一二两三四五六七八九十百千万]{1,7}(?:余|多)?(?:万|亿|百|千|十|块)?元(?![旦宵素月年老首])"
    rf"|(?<=[金费款入])\D{{0,3}}?({_NUMBER}[万亿])(?![名人家件次户个])"
)
_NO_COUNT_AFTER = (
    r"(?!月|工作日|小时|星期|学期|方面|阶段|重点|必|确立|意识|自信|维护|普遍|代表|文明|百年|一百年|五年)"
)
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*[日号]"
    r"|(?<!\d)(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}(?!\d)"
    r"|[一二][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号]"
)
_MONTH_DAY = re.compile(r"^(\d{1,2})\s*月\s*(\d{1,2})")
_SESSION = re.compile(
    r"第?[一二三四五六七八九十]{1,3}届(?:第)?[一二三四五六七八九十]{1,3}次|第[一二三四五六七八九十]{1,3}届(?=教|职|会员|工会)"
)
_DOCNO = re.compile(
    r"([\u4e00-\u9fff]{1,7}?)?[〔\[【（(]\s*(?:\d{4}|20[x_X]{2}|\{YEAR\})?\s*[〕\]】）)]\s*第?\s*\d{1,4}\s*号|(?<!\d)\d{1,4}号(?=文件|文精神)"
)
_DOCNO_AGENCY = re.compile(r"[\u4e00-\u9fff]{1,5}(?:发|字|办|函|会|教|党|政|工)$")
_QUOTED = re.compile(r"[“\"「]([^”\"」\n]{2,14})[”\"」]")


def find_facts(text: str, meta: Mapping[str, object] | None = None) -> tuple[Fact, ...]:
    """Facts of a text, sorted and not overlapping; `meta["facts"]` maps kinds to strings to look for.

    Where two overlap, one the front matter lists wins, then the longer. An unknown kind in `meta` is
    passed over.
    """
    listed = list(_listed(text, meta or {}))
    found = [*_forms(text), *named_spans(text)]
    if FactKind.PROGRAM not in _kinds_listed(meta or {}):
        found += _programs(text)
    units = {text[start:end] for kind, start, end in (*listed, *found) if kind is FactKind.UNIT}
    found += [
        (FactKind.SHORT, start, end)
        for short in short_names(units)
        for start, end in occurrences(text, short)
    ]
    found += _ages(text, found)
    return tuple(Fact(kind, text[start:end], start, end) for kind, start, end in _settle(listed, found))


def redact(text: str, facts: Sequence[Fact], start: int, end: int) -> str:
    """Return `text[start:end]` with persons and contacts replaced by 〔略〕.

    A fact that lies half inside is cut at the edge.
    """
    parts: list[str] = []
    position = start
    for fact in facts:
        if fact.kind not in _PERSONAL or fact.end <= position or fact.start >= end:
            continue
        parts += [text[position : max(position, fact.start)], REDACTED]
        position = min(fact.end, end)
    return "".join([*parts, text[position:end]])


def occurrences(text: str, phrase: str) -> Iterator[tuple[int, int]]:
    """Every place where a phrase stands, left to right."""
    if not phrase:
        return
    start = text.find(phrase)
    while start >= 0:
        yield start, start + len(phrase)
        start = text.find(phrase, start + len(phrase))


def _listed(text: str, meta: Mapping[str, object]) -> Iterator[Span]:
    table = meta.get("facts")
    if not isinstance(table, Mapping):
        return
    for name, phrases in table.items():
        if name not in FactKind._value2member_map_ or not isinstance(phrases, Iterable):
            continue
        for phrase in [phrases] if isinstance(phrases, str) else phrases:
            for start, end in occurrences(text, str(phrase).strip()):
                if name != FactKind.COUNT or not text[max(0, start - 1) : start].isdigit():
                    yield FactKind(name), start, end


def _kinds_listed(meta: Mapping[str, object]) -> frozenset[str]:
    """Kinds the front matter speaks about; its author knows the unit's brands better than any rule."""
    table = meta.get("facts")
    return frozenset(map(str, table)) if isinstance(table, Mapping) else frozenset()


def _settle(listed: Sequence[Span], found: Sequence[Span]) -> list[Span]:
    """Drop overlaps: listed before found, longer before shorter, then the order of the kinds."""
    order = {kind: position for position, kind in enumerate(FactKind)}
    ranked = [(0, span) for span in listed] + [(1, span) for span in found]
    ranked.sort(key=lambda item: (item[0], item[1][1] - item[1][2], item[1][1], order[item[1][0]]))
    taken: set[int] = set()
    kept: list[Span] = []
    for _, (kind, start, end) in ranked:
        if start < end and taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            kept.append((kind, start, end))
    return sorted(kept, key=lambda span: span[1])


def _forms(text: str) -> Iterator[Span]:
    """Facts known by their form alone."""
    yield from _contacts(text)
    yield from ((FactKind.MONEY, *_group_span(match)) for match in _MONEY.finditer(text))
    yield from _counts(text)
    yield from _dates(text)
    yield from _sessions(text)
    yield from _document_numbers(text)


def _group_span(match: re.Match[str]) -> tuple[int, int]:
    """The span of the first group that matched, else of the whole match."""
    return match.span(1) if match.lastindex and match.group(1) else match.span()


def _contacts(text: str) -> Iterator[Span]:
    for pattern in (_PHONE, _MAIL, _IDENTITY):
        yield from ((FactKind.CONTACT, *match.span()) for match in pattern.finditer(text))
    for match in _ACCOUNT.finditer(text):
        if any(char.isdigit() for char in match.group(1)) and match.group(1) != "12351":
            yield FactKind.CONTACT, *match.span(1)


def _ages(text: str, found: Sequence[Span]) -> list[Span]:
    """The age of a named person: a figure with 岁 shortly after the name."""
    ages: list[Span] = []
    for kind, _, end in found:
        match = _AGE.search(text, end, end + _AGE_REACH) if kind is FactKind.PERSON else None
        if match and not re.search(r"[。！？\n]", text[end : match.start()]):
            ages.append((FactKind.CONTACT, *match.span()))
    return ages


def _counts(text: str) -> Iterator[Span]:
    units = "|".join(sorted(_lists()["count"]["units"], key=len, reverse=True))
    digits = re.compile(
        rf"(?<![\d.第〔\[]){_NUMBER}\s*(?:余|多|来)?[万千百]?(?:余|多)?(?:{units}){_NO_COUNT_AFTER}"
    )
    words = re.compile(
        r"(?<![第一二三四五六七八九十百])(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]百[一二三四五六七八九十]*)"
        rf"(?:余|多|几)?(?:名|家|户|人次|余人){_NO_COUNT_AFTER}"
    )
    for pattern in (digits, words):
        yield from ((FactKind.COUNT, *match.span()) for match in pattern.finditer(text))
    for match in re.finditer(rf"(?<![\d.]){_NUMBER}\s*[%％]", text):
        if not match.group().startswith("100"):
            yield FactKind.COUNT, *match.span()


def _dates(text: str) -> Iterator[Span]:
    public, feasts = set(_lists()["date"]["public"]), _lists()["date"]["feasts"]
    for match in _DATE.finditer(text):
        day = _MONTH_DAY.match(match.group())
        if day and f"{int(day.group(1))}-{int(day.group(2))}" in public:
            continue
        near = text[max(0, match.start() - 5) : match.end() + 4]
        if day and any(feast in near for feast in feasts):
            continue
        yield FactKind.DATE, *match.span()


def _sessions(text: str) -> Iterator[Span]:
    official = tuple(_lists()["session"]["official"])
    for match in _SESSION.finditer(text):
        if not text.endswith(official, 0, match.start()):
            yield FactKind.SESSION, *match.span()


def _document_numbers(text: str) -> Iterator[Span]:
    official = tuple(_lists()["docno"]["official"])
    for match in _DOCNO.finditer(text):
        bracket = match.start() + len(match.group(1) or "")
        before = text[max(0, bracket - 8) : bracket]
        if before.endswith(official):
            continue
        agency = _DOCNO_AGENCY.search(before)
        yield FactKind.DOCNO, bracket - _agency_length(before) if agency else bracket, match.end()


def _agency_length(before: str) -> int:
    """Length of the agency code before a file number: the last two to five characters of its word."""
    code = re.search(
        r"(?:[\u4e00-\u9fff]{0,3}[工教卫党政办会委府](?:发|字|办|函|办发)|[\u4e00-\u9fff]{1,3}[发字函办])$",
        before,
    )
    word = code.group() if code else ""
    return len(re.sub(r"^.*[据照按彻实行到发布](?=[\u4e00-\u9fff]{2,})", "", word))


def _programs(text: str) -> Iterator[Span]:
    """Quoted names of a unit's own brands: followed by a word such as 服务点, and nobody else's slogan."""
    lists = _lists()["program"]
    official = re.compile("|".join(lists["official"]))
    kinds, ends = tuple(lists["kinds"]), tuple(lists["ends"])
    for match in _QUOTED.finditer(text):
        name = match.group(1)
        branded = text[match.end() :].startswith(kinds) or name.endswith((*kinds, *ends))
        if branded and not official.search(name) and not re.search(r"[，。、；：,;]", name):
            yield FactKind.PROGRAM, *match.span(1)
