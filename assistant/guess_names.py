"""What an old plan calls its unit: the names of unit, union and Party body, and the unions above them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from assistant.guesses import Guess, guess_at, guess_of
from assistant.topic import words
from index.labels import org_type_of, org_types_in
from index.types import Document, FactKind

_ABOUT = re.compile(
    r"关于|印发|《|》|的通知|20\d\d\s*(?:[-—–~至]+\s*(?:20)?\d\d)?\s*(?:学年度?|年度|年)?|[上下]半年|第?[一二]学期|[上下]学期"
    r"|[一二三四]季度|(?:工作|年度)?(?:计划|要点|总结|安排|打算|汇报|报告|方案).*$|工作$|\s"
)
_SIGNED = re.compile(r"^([\u4e00-\u9fff]{2,28}?)((?:基层)?工会(?:委员会|联合会)?|总工会|工会工作委员会)$")
_NAMES_ITSELF = re.compile(r"(?:总工会|工会联合会|联合工会|教育工会|系统工会)$")
_OFFICE = re.compile(r"(?<=[局委办会室府部院])机关$")
_ALIAS = re.compile(r"[（(](?:以下|下)?简称[：:为]?[“\"]?([\u4e00-\u9fff]{2,10})[”\"]?[）)]")


def names_in(document: Document, text: str) -> Iterator[Guess]:
    """Yield the unit, its union, its short name and its type."""
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
        yield guess_of("unit", unit, text, proper and (votes[unit] > 1 or unit == signed))
    if union and signed == unit:
        yield guess_of("union", union, text, proper)
    elif unit and unit == title and f"{unit}工会" in text:
        yield guess_of("union", unit if _NAMES_ITSELF.search(unit) else f"{unit}工会", text, False)
    yield from _short(document, text, unit)
    if kind := document.labels.org_type:
        name = unit or document.title
        yield guess_of("org_type", kind.value, text, bool(unit) and org_type_of(unit) is kind, quote=name)


def _of_title(title: str) -> str:
    """Return the unit a title names: 云栖市第三人民医院工会2025年工作计划 -> 云栖市第三人民医院."""
    name = _ABOUT.sub("", title)
    if _NAMES_ITSELF.search(name):
        return name
    name = _OFFICE.sub("", re.sub(r"(?:基层)?工会(?:委员会)?$", "", name))
    return name if len(name) > 3 and re.fullmatch(r"[\u4e00-\u9fff（）]+", name) else ""


def _signed(text: str) -> tuple[str, str]:
    """Return the unit and the union that signed a plan, "" where its last lines name none."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    for line in reversed(lines[-4:]):
        if match := _SIGNED.match(line):
            whole = line.removesuffix("委员会")
            return (whole, line) if _NAMES_ITSELF.search(whole) else (_OFFICE.sub("", match[1]), line)
    return "", ""


def _is_proper(unit: str) -> bool:
    """Tell whether a name is somebody's own: 云栖市第三人民医院 is, 县人民医院 and 某医院 are not."""
    if re.search(r"某|[Xx×＊*]{2}|^[我本该贵各]", unit):
        return False
    spans = [(start, end) for _, start, end, _ in org_types_in(unit)]
    own = "".join(char for place, char in enumerate(unit) if not any(a <= place < b for a, b in spans))
    return len(re.sub(r"[省市县区镇乡村]|人民|中心|实验|第[一二三四五六七八九十]|工会|总", "", own)) >= 2


def _short(document: Document, text: str, unit: str) -> Iterator[Guess]:
    for match in _ALIAS.finditer(text):
        if unit and text[: match.start()].endswith(unit):
            yield guess_at("short", match[1], text, match.span(1), True)
            return
    counts = Counter(fact.text for fact in document.facts if fact.kind is FactKind.SHORT)
    for name, count in counts.most_common(1):
        yield guess_of("short", name, text, count > 1)


def party_in(document: Document, text: str) -> Iterator[Guess]:
    """Yield the Party organisation above the union, as the text most often calls it."""
    named = Counter(fact.text for fact in document.facts if fact.kind is FactKind.PARTY)
    generic = Counter(match[0] for match in re.finditer(words()["profile"]["generic_party"], text))
    every = [(count, -len(name), name) for table in (generic, named) for name, count in table.items()]
    if every:
        count, _, name = max(every)
        rivals = [n for n in generic if n[-2:] != name[-2:] and generic[n] >= count]
        led = re.search(rf"在[^，。；]{{0,10}}{re.escape(name)}[^，。；]{{0,16}}领导", text)
        yield guess_of("party", name, text, (count > 1 or name in named or bool(led)) and not rivals)


_AND, _AREA = ("和", "与", "及"), ("省", "市", "县", "区", "州", "旗")


def upper_in(document: Document, text: str) -> Iterator[Guess]:
    """Yield the unions above this one; the whole name where a shorter one stands too."""
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
            cut = before.endswith(_AND) and name.startswith(_AREA)  # 安和县总工会 after its 和
            yield guess_at("upper", name, text, (start, end), not cut and (bool(said) or counts[name] > 1))


def distance_rank(name: str) -> int:
    """Order unions from far to near: the province first, the own system or group last."""
    if re.search(r"系统|教育|教科文|金融|局|集团|园区|机关|产业", name):
        return 5
    levels = {"省": 0, "市": 1, "州": 1, "县": 2, "区": 2, "旗": 2, "镇": 3, "乡": 3, "街道": 3}
    return max((rank for word, rank in levels.items() if word in name), default=4)


def province_in(document: Document, text: str) -> Iterator[Guess]:
    """Yield the province a title names."""
    match = re.search(
        r"(?<![全我本各外])([\u4e00-\u9fff]{2,3}省|内蒙古|广西|西藏|宁夏|新疆|北京市|天津市|上海市|重庆市)",
        document.title,
    )
    if match:
        yield guess_of("province", match[1], text, False)
