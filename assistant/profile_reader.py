"""What an old plan says of its unit, offered as guesses a person confirms. Saves nothing.

Every guess carries the words it was read from. A guess is `sure` when the text says it plainly or twice;
what an old plan set for its own year (key tasks) is never sure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

from assistant.rolling import number_of
from assistant.topic import topic, words
from assistant.types import Profile
from assistant.when import months_in
from index.labels import org_type_of, org_types_in
from index.library import examine_text
from index.types import Document, FactKind, OrgType

_ORDER = {field.name: place for place, field in enumerate(fields(Profile))}
_LISTS = frozenset({"upper", "bodies", "programs", "key_tasks", "fixed_events"})
_MOST_EVENTS = 8
_ABOUT = re.compile(
    r"关于|印发|《|》|的通知|20\d\d\s*(?:[-—–~至]+\s*(?:20)?\d\d)?\s*(?:学年度?|年度|年)?|[上下]半年|第?[一二]学期|[上下]学期"
    r"|[一二三四]季度|(?:工作|年度)?(?:计划|要点|总结|安排|打算|汇报|报告|方案).*$|工作$|\s"
)
_SIGNED = re.compile(r"^([\u4e00-\u9fff]{2,28}?)((?:基层)?工会(?:委员会|联合会)?|总工会|工会工作委员会)$")
_UNION_NAMES_ITSELF = re.compile(r"(?:总工会|工会联合会)$")
_COUNT = r"(\d[\d,，]{0,6})\s*(余|多)?\s*(?:名|人|位)(?!次)"
_ALIAS = re.compile(r"[（(](?:以下|下)?简称[：:为]?[“\"]?([\u4e00-\u9fff]{2,10})[”\"]?[）)]")
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


@dataclass(frozen=True, slots=True)
class Guess:
    """A value for `field` of the profile, read at `start:end` of the text, where `quote` stands.

    Of a list field each guess is one entry. `sure` guesses may be accepted together.
    """

    field: str
    value: str | int
    quote: str
    start: int
    end: int
    sure: bool


def read_profile(text: str) -> tuple[Guess, ...]:
    """Return what a pasted plan says of its unit, in the order of the profile's fields.

    Offsets are into `text`; both are 0 where cleaning had to mend the words.

    :raises UserError: if there is no text.
    """
    document = max(examine_text(text), key=lambda found: len(found.text))
    return tuple(_placed(guess, text) for guess in read_document(document))


def read_document(document: Document) -> tuple[Guess, ...]:
    """Return what a document says of its unit; offsets are into `whole_text`."""
    text = whole_text(document)
    found = [
        *_names(document, text),
        *_party(document, text),
        *_upper(document, text),
        *_counts(text),
        *_bodies(text),
        *_programs(document, text),
        *_events(text),
        *_priorities(text),
        *_province(document, text),
    ]
    kept: dict[tuple[str, str | int], Guess] = {}
    for guess in sorted(found, key=lambda g: (not g.sure, g.start)):
        kept.setdefault((guess.field, guess.value), guess)
    own = {guess.value for guess in kept.values() if guess.field in ("unit", "union")}
    wanted = [
        g for g in kept.values() if g.field != "upper" or not any(str(g.value) in str(name) for name in own)
    ]
    order = {"upper": lambda g: (_rank(str(g.value)), g.start)}
    return tuple(
        sorted(
            wanted,
            key=lambda g: (_ORDER[g.field], order.get(g.field, lambda g: (0, 0))(g), not g.sure, g.start),
        )
    )


def whole_text(document: Document) -> str:
    """Return a document's title and text as one."""
    titled = document.text.lstrip().startswith(document.title) or not document.title
    return document.text if titled else f"{document.title}\n{document.text}"


def accept(profile: Profile, guesses: Iterable[Guess]) -> Profile:
    """Return `profile` with the sure guesses in it: what it already says stays, lists grow."""
    values: dict[str, Any] = {}
    for guess in guesses:
        known = values.get(guess.field, getattr(profile, guess.field))
        if not guess.sure:
            continue
        if guess.field in _LISTS:
            values[guess.field] = (*known, *(() if guess.value in known else (str(guess.value),)))
        elif known in ("", None):
            values[guess.field] = OrgType(str(guess.value)) if guess.field == "org_type" else guess.value
    return replace(profile, **values)


def _placed(guess: Guess, text: str) -> Guess:
    """Return a guess with its place in the text as it was pasted."""
    start = text.find(guess.quote)
    return replace(guess, start=max(start, 0), end=start + len(guess.quote) if start >= 0 else 0)


def _at(field: str, value: str | int, text: str, span: tuple[int, int], sure: bool) -> Guess:
    return Guess(field, value, text[span[0] : span[1]], span[0], span[1], sure)


def _find(field: str, value: str, text: str, sure: bool) -> Guess:
    start = max(text.find(value), 0)
    return Guess(field, value, text[start : start + len(value)], start, start + len(value), sure)


# ---- names


def _names(document: Document, text: str) -> Iterator[Guess]:
    named = Counter(fact.text for fact in document.facts if fact.kind is FactKind.UNIT)
    title, (signed, union) = _of_title(document.title), _signed(document.text)
    votes = Counter({name: 1 for name in {title, signed} if name})
    if title and title == signed:
        votes[title] = 2
    for name, count in named.items():
        if name in votes or count > 1:
            votes[name] += 1
    unit = max(votes, key=lambda name: (votes[name], name == signed, name == title, len(name)), default="")
    proper = bool(unit) and _is_proper(unit)
    if unit:
        yield _find("unit", unit, text, proper and (votes[unit] > 1 or unit == signed))
    if union and signed == unit:
        yield _find("union", union, text, proper)
    elif unit and unit == title and f"{unit}工会" in text:
        yield _find("union", unit if _UNION_NAMES_ITSELF.search(unit) else f"{unit}工会", text, False)
    yield from _short(document, text, unit)
    if kind := document.labels.org_type:
        name = unit or document.title
        yield Guess("org_type", kind.value, *_quote_of(text, name), bool(unit) and org_type_of(unit) is kind)


def _quote_of(text: str, name: str) -> tuple[str, int, int]:
    start = max(text.find(name), 0)
    return text[start : start + len(name)], start, start + len(name)


def _of_title(title: str) -> str:
    """Return the unit a title names: 云栖市第三人民医院工会2025年工作计划 -> 云栖市第三人民医院."""
    name = _ABOUT.sub("", title)
    if _UNION_NAMES_ITSELF.search(name):
        return name
    name = re.sub(r"(?:基层)?工会(?:委员会)?$", "", name)
    return name if len(name) > 3 and re.fullmatch(r"[\u4e00-\u9fff（）]+", name) else ""


def _signed(text: str) -> tuple[str, str]:
    """Return the unit and the union that signed a plan, "" where its last lines name none."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    for line in reversed(lines[-4:]):
        if match := _SIGNED.match(line):
            whole = bool(_UNION_NAMES_ITSELF.search(line))
            return (line, line) if whole else (match[1], line)
    return "", ""


def _is_proper(unit: str) -> bool:
    """Tell whether a name is somebody's own: 云栖市第三人民医院 is, 县人民医院 and 某医院 are not."""
    if re.search(r"某|[Xx×＊*]{2}", unit):
        return False
    spans = [(start, end) for _, start, end, _ in org_types_in(unit)]
    own = "".join(char for place, char in enumerate(unit) if not any(a <= place < b for a, b in spans))
    return len(re.sub(r"[省市县区镇乡村]|人民|中心|实验|第[一二三四五六七八九十]|工会|总", "", own)) >= 2


def _short(document: Document, text: str, unit: str) -> Iterator[Guess]:
    for match in _ALIAS.finditer(text):
        if unit and text[: match.start()].endswith(unit):
            yield _at("short", match[1], text, match.span(1), True)
            return
    counts = Counter(fact.text for fact in document.facts if fact.kind is FactKind.SHORT)
    for name, count in counts.most_common(1):
        yield _find("short", name, text, count > 1)


def _party(document: Document, text: str) -> Iterator[Guess]:
    named = Counter(fact.text for fact in document.facts if fact.kind is FactKind.PARTY)
    generic = Counter(match[0] for match in re.finditer(words()["profile"]["generic_party"], text))
    every = [(count, -len(name), name) for table in (generic, named) for name, count in table.items()]
    if every:
        count, _, name = max(every)
        rivals = [n for n in generic if n[-2:] != name[-2:] and generic[n] >= count]
        led = re.search(rf"在[^，。；]{{0,10}}{re.escape(name)}[^，。；]{{0,16}}领导", text)
        yield _find("party", name, text, (count > 1 or name in named or bool(led)) and not rivals)


def _upper(document: Document, text: str) -> Iterator[Guess]:
    named = {fact.text for fact in document.facts if fact.kind is FactKind.UPPER}
    spans = [m.span() for m in re.finditer(words()["profile"]["generic_upper"], text)]
    for name in named:
        spans += [m.span() for m in re.finditer(re.escape(name), text)]
    spans = [s for s in set(spans) if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)]
    counts = Counter(text[start:end] for start, end in spans)
    for start, end in sorted(spans):
        before, after = text[max(0, start - 6) : start], text[end : end + 12]
        said = re.search(words()["profile"]["upper_before"], before) and re.search(
            words()["profile"]["upper_after"], after
        )
        name = text[start:end]
        if not any(name != other and other.endswith(name) for other in counts):
            yield _at("upper", name, text, (start, end), bool(said) or counts[name] > 1)


def _rank(name: str) -> int:
    """Order unions from far to near: the province first, the own system or group last."""
    if re.search(r"系统|教育|教科文|金融|局|集团|园区|机关|产业", name):
        return 5
    levels = {"省": 0, "市": 1, "州": 1, "县": 2, "区": 2, "旗": 2, "镇": 3, "乡": 3, "街道": 3}
    return max((rank for word, rank in levels.items() if word in name), default=4)


def _province(document: Document, text: str) -> Iterator[Guess]:
    match = re.search(
        r"(?<![全我本各外])([\u4e00-\u9fff]{2,3}省|内蒙古|广西|西藏|宁夏|新疆|北京市|天津市|上海市|重庆市)",
        document.title,
    )
    if match:
        yield _find("province", match[1], text, False)


# ---- counts


def _counts(text: str) -> Iterator[Guess]:
    yield from _agreed([*_people(text)])
    yield from _agreed([*_groups(text)])


def _agreed(guesses: list[Guess]) -> Iterator[Guess]:
    """Where a text gives two figures for one thing, none of them is sure."""
    for guess in guesses:
        differs = any(o.field == guess.field and o.value != guess.value and o.sure for o in guesses)
        yield replace(guess, sure=guess.sure and not differs)


def _people(text: str) -> Iterator[Guess]:
    lists = words()["profile"]
    for sentence in _SENTENCE.finditer(text):
        said, offset = sentence[0], sentence.start()
        if re.search(lists["not_all"], said):
            continue
        stated = bool(re.search(lists["people"], said))
        members = lists["member_words"]
        pattern = rf"(?<!女)(?:{members})(?:总数|人数)?(?:共有|共|为|达|有)?{_COUNT}|{_COUNT}(?:在职|在岗)?(?:{members})"
        for match in re.finditer(pattern, said):
            number, about = match[1] or match[3], match[2] or match[4]
            if text[offset + match.start() - 1 : offset + match.start()] == "女":
                continue
            value = int(re.sub(r"[,，]", "", number))
            span = (offset + match.start(), offset + match.end())
            yield _at("people", value, text, span, stated and not about)
        yield from _women(said, offset, text, stated)


def _women(said: str, offset: int, text: str, stated: bool) -> Iterator[Guess]:
    pattern = rf"(?:女(?:性)?(?:教?职工|教职员工|员工|会员|干部)|其中女性?)(?:总数|人数)?(?:共有|共|为|达|有|占)?{_COUNT}|{_COUNT}女(?:教?职工|员工|会员)"
    for match in re.finditer(pattern, said):
        value = int(re.sub(r"[,，]", "", match[1] or match[3]))
        yield _at(
            "women",
            value,
            text,
            (offset + match.start(), offset + match.end()),
            stated and not (match[2] or match[4]),
        )


def _groups(text: str) -> Iterator[Guess]:
    number, kinds = r"(\d{1,3}|[一二三四五六七八九十]{1,3})", words()["profile"]["group_words"]
    for match in re.finditer(rf"{number}个(?:{kinds})|(?:{kinds})(?:共有|共|有)?{number}个", text):
        value = number_of(match[1] or match[2])
        partial = re.search(
            r"评选|表彰|评出|试点|新建|新增", text[max(0, match.start() - 12) : match.start()]
        )
        if value:
            yield _at("groups", value, text, match.span(), not partial)


# ---- what the union has and does


def _bodies(text: str) -> Iterator[Guess]:
    lists = words()["profile"]
    for match in re.finditer(lists["bodies"], text):
        before = text[max(0, match.start() - 8) : match.start()]
        sure = not re.search(lists["body_future"], before) and not text[: match.start()].endswith(
            ("县", "市", "区")
        )
        yield _at("bodies", match[0], text, match.span(), sure)


def _programs(document: Document, text: str) -> Iterator[Guess]:
    counts = Counter(fact.text for fact in document.facts if fact.kind is FactKind.PROGRAM)
    for name, count in counts.items():
        start = text.find(name)
        said = text[max(0, start - 14) : start + len(name) + 8]
        going_on = re.search(words()["profile"]["brand_sure"], said)
        yield _find("programs", name, text, count > 1 or bool(going_on))


def _events(text: str) -> Iterator[Guess]:
    """Yield what falls in one month and is held every year, so far as a plan of one year can tell."""
    lists, found = words()["profile"], 0
    for sentence in _SENTENCE.finditer(text):
        said = sentence[0]
        months = months_in(said)
        if len(months) != 1 or not re.search(lists["eventful"], said) or found >= _MOST_EVENTS:
            continue
        name = re.sub(
            r"第[一二三四五六七八九十\d]{1,3}届|[一二三四五六七八九十]+届[一二三四五六七八九十]+次|^(?:一次|一场)",
            "",
            topic(said),
        )
        if name and re.search(lists["eventful"], name):
            found += 1
            start = sentence.start() + len(said) - len(said.lstrip())
            yield _at(
                "fixed_events",
                f"{months[0]}月{name}",
                text,
                (start, sentence.end()),
                bool(re.search(lists["yearly"], said)),
            )


def _priorities(text: str) -> Iterator[Guess]:
    for pattern in words()["profile"]["priorities"]:
        for match in re.finditer(pattern, text):
            edges = [
                match.start(1) - 1,
                *(m.start() for m in re.finditer("、", text[: match.end(1)]) if m.start() > match.start(1)),
                match.end(1),
            ]
            for left, right in pairwise(edges):
                task = text[left + 1 : right]
                if 4 <= len(task) <= 20:
                    yield _at("key_tasks", task, text, (left + 1, right), False)
