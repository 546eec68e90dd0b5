"""The private facts of a document: names, places, figures and dates that belong to one unit alone.

Two kinds of proof: patterns for what has a fixed form (money, counts, dates, sessions, file numbers,
contacts), and word lists plus a segmenter for names (`index.names`). What the document's own front matter
lists counts wherever it occurs. Words every union shares (我院, 市总工会, “安康杯”, 3月8日) are no facts.
Lists are in `index/facts.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from index.labels import load_labels
from index.names import named_spans
from index.short_names import short_names, unit_of_title
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
    rf"|{_NUMBER}[万亿](?=以上|以下|以内|左右|资金|经费|产值)"
    rf"|(?<=[金费款入售值])[^\d\n]{{0,3}}?({_NUMBER}[万亿])(?![元名人家件次户个余多])"
)
_NO_COUNT_AFTER = (
    r"(?!月|工作日|小时|星期|学期|方面|阶段|重点|必|确立|意识|自信|维护|普遍"
    r"|代表(?!队|团|小组)|文明|百年|一百年|五年)"
)
_ROUGH = re.compile(r"(?<![\d.])\d+余[天章条页]|(?<![\d.])\d+章\d+条")
_FEW = re.compile(
    r"(?<![第十百千万每])[一两三四五六七八九](?:名|位|户|人次)(?!一|称)"
)  # figures only in what was done
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*[日号]"
    r"|(?<!\d)(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}(?!\d)"
    r"|[一二][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号]"
    r"|(?<![\d.月第])\d{1,2}日?\s*[—―–~～至到-]+\s*\d{1,2}日(?![内之])"
    r"|(?<![\d.月第])\d{1,2}日(?=[，,。；]|左右|上午|下午|晚|工会|组织|召开|举行|在|对|庆)"
)
_MONTH_DAY = re.compile(r"^(\d{1,2})\s*月\s*(\d{1,2})")
_SESSION = re.compile(
    r"第?[一二三四五六七八九十]{1,3}届(?:第)?[一二三四五六七八九十]{1,3}次|第[一二三四五六七八九十]{1,3}届(?=教|职|会员|工会)"
)
_DOCNO = re.compile(
    r"([\u4e00-\u9fff]{1,7}?)?[〔\[【（(]\s*(?:\d{4}|20[x_X]{2}|\{YEAR\})?\s*[〕\]】）)]\s*第?\s*\d{1,4}\s*号|(?<!\d)\d{1,4}号(?=[）)]?文件|文精神)"
)
_QUOTED = re.compile(r"[“\"「]([^”\"」\n]{2,14})[”\"」]")


def find_facts(text: str, meta: Mapping[str, object] | None = None, title: str = "") -> tuple[Fact, ...]:
    """Facts of a text, sorted and not overlapping; `meta["facts"]` maps kinds to strings to look for.

    Units named in `title` are looked for in the text, and what people call them for short. Where two
    overlap, one the front matter lists wins, then the longer. An unknown kind in `meta` is passed over.
    """
    listed = list(_listed(text, meta or {}))
    found = [*_forms(text), *named_spans(text)]
    if FactKind.PROGRAM not in _kinds_listed(meta or {}):
        found += _programs(text)
    units = {text[start:end] for kind, start, end in (*listed, *found) if kind is FactKind.UNIT}
    units |= {unit_of_title(title)} - {""}
    found += [(FactKind.UNIT, *span) for unit in units for span in occurrences(text, unit)]
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


def hide(words: str, facts: Sequence[Fact]) -> str:
    """Return words taken from a document, such as a heading, without the persons and contacts it names."""
    for fact in facts:
        if fact.kind in _PERSONAL:
            words = words.replace(fact.text, REDACTED)
    return words


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
    order = {kind: position for position, kind in enumerate((FactKind.SHORT, *FactKind))}
    order[FactKind.SHORT] = -1
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
    for pattern in (digits, words, _ROUGH):
        yield from ((FactKind.COUNT, *match.span()) for match in pattern.finditer(text))
    for match in _FEW.finditer(text):
        if load_labels().wording.past.search(_sentence_at(text, match.start())):
            yield FactKind.COUNT, *match.span()
    for match in re.finditer(rf"(?<![\d.]){_NUMBER}\s*[%％]", text):
        if not match.group().startswith("100"):
            yield FactKind.COUNT, *match.span()


def _sentence_at(text: str, place: int) -> str:
    """The sentence a place lies in."""
    start = max((text.rfind(mark, 0, place) for mark in "。！？；\n"), default=-1) + 1
    ends = [end for mark in "。！？；\n" if (end := text.find(mark, place)) >= 0]
    return text[start : min(ends, default=len(text))]


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
        if not before.endswith(official):
            yield FactKind.DOCNO, bracket - len(_agency(before)), match.end()


@lru_cache(maxsize=1)
def _not_agency() -> re.Pattern[str]:
    words = [*_lists()["unit"]["stops"], *_lists()["docno"]["before"]]
    return re.compile(rf"^.*(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})", re.S)


def _agency(before: str) -> str:
    """The code of the office before a file number: 临理工会 in 按照临理工会〔2025〕11号."""
    letters = re.search(r"[\u4e00-\u9fff]{0,8}$", before)
    code = _not_agency().sub("", letters.group() if letters else "")
    return code if len(code) >= 2 else ""


def _programs(text: str) -> Iterator[Span]:
    """Quoted names of a unit's own brands: followed by a word such as 服务点, and nobody else's slogan."""
    lists = _lists()["program"]
    official = re.compile("|".join(lists["official"]))
    kinds, ends = tuple(lists["kinds"]), tuple(lists["ends"])
    events = re.compile(rf"[\u4e00-\u9fff]{{0,7}}?(?:{'|'.join(lists['events'])})")
    for match in _QUOTED.finditer(text):
        name = match.group(1)
        after = text[match.end() : match.end() + 12]
        branded = after.startswith(kinds) or name.endswith((*kinds, *ends)) or events.match(after)
        if branded and not official.search(name) and not re.search(r"[，。、；：,;]", name):
            yield FactKind.PROGRAM, *match.span(1)
