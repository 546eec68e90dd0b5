"""Another unit's facts: a name, a place, a brand of a precedent that nobody told us about this unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.checks.base import CheckContext, Place, found, places
from assistant.checks.counts import small, small_counts
from assistant.checks.mending import blanked, swapped, without_sentence
from assistant.mask import short_forms
from assistant.tables import Tables
from assistant.types import Draft, Finding, Mend, Severity
from index.types import FactKind

CHECK = "leak"
SHORTEST = 3
_MENDS = {
    FactKind.UNIT: "换成本单位名称。",
    FactKind.SHORT: "换成本单位简称。",
    FactKind.PARTY: "换成本单位党组织的名称。",
    FactKind.UPPER: "换成本单位的上级工会。",
    FactKind.PROGRAM: "换成本单位的活动名称，或改为一般说法。",
}
_MEND = "换成本单位的实际情况，或改为【待填】。"
_NAMES = {
    FactKind.UNIT: "单位名称",
    FactKind.SHORT: "单位简称",
    FactKind.PARTY: "党组织名称",
    FactKind.UPPER: "上级工会名称",
    FactKind.PERSON: "人名",
    FactKind.PLACE: "地名",
    FactKind.MONEY: "金额",
    FactKind.COUNT: "数量",
    FactKind.DATE: "日期",
    FactKind.SESSION: "届次",
    FactKind.DOCNO: "文号",
    FactKind.PROGRAM: "活动名称",
    FactKind.CONTACT: "联系方式",
}
_GENERIC = re.compile(
    r"(上级|本级|市|县|区|省|镇|乡|街道|全国|中华全国)*(总工会|教育工会|系统工会)|工会委员会|[院校园局厂]党[委总支部]+"
    r"|安康杯|工人先锋号|送温暖|送清凉|金秋助学|职工之家|职工小家|教工之家|职工书屋|工会驿站|爱心驿站|中国梦.?劳动美"
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡丁魏薛叶阎潘杜戴钟汪姜范"
    "石马姚谭廖邹熊陆郝孔崔康邱秦顾侯邵孟龙段汤尹黎"
)
_NO_NAMES = (
    "周[一二三四五六日末边到]|马[上路拉力]|钟[点表情]|林[业场区木地]|江[西苏]|陈[列旧]|段[落位长]|龙[头舟]|康[复养乐]|黄[金色]|"
    "张[贴榜]|罗列|何[时人]|许[可多]|顾[问客]|范[围本]|陆续|胡同|石[油化材]|董事|朱红|唐诗|宋词|杜绝|谢绝|曾[任经]"
)
_TITLED = (
    "同志|老师|师傅|工会主席|副?(?:主席|主任|书记|院长|校长|园长)|工程师|教授|律师|会计|医生|医师|大夫|女士|先生|"
    "(?:主管|副主任|主任)?(?:护师|药师|技师|医师)|护士|教练|干事|班长|组长|站长|所长|队长|经理|厂长"
)
_NATIONAL = re.compile(r"(?<![县市区省镇])总工|国发|国办|财会|财税|财行|中发|中办|安监|教育部|人社")
_FORMS = (
    (
        rf"(?:联系人|联络人|负责人|管理人|经办人|主讲人?|讲师|主持人|裁判长|劳模|工匠|标兵|先进个人)[：:为是]?"
        rf"(?!{_NO_NAMES})([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=[，。、；（(\s]|每|讲|作|负|主|带|介|$)",
        FactKind.PERSON,
    ),
    (
        rf"(?:^|[请由：、，。；“和与])(?!{_NO_NAMES})([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=(?:{_TITLED}))",
        FactKind.PERSON,
    ),
    (
        r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9._%+-]{2,40}@[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,20}){1,3})",
        FactKind.CONTACT,
    ),
    (r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}-\d{7,8}|400-?\d{3}-?\d{4})(?!\d)", FactKind.CONTACT),
    (r"([\u4e00-\u9fff]{0,4}[工教卫党政府办发字函]〔20\d\d〕\s*\d{1,4}号)", FactKind.DOCNO),
)
_PARTY_LEVEL = re.compile(r"[院校园厂局场站馆所村](?:机关)?党(?:委|总支|支部|组)(?![织校])")


def check(draft: Draft, context: CheckContext) -> Iterator[Finding]:
    """Yield a finding for each private fact of a precedent, and for a Party body nobody has named."""
    told = context.told
    facts = sorted(_facts(context, told), key=lambda fact: len(fact[1]), reverse=True)
    for place in places(draft):
        taken: list[tuple[int, int]] = []
        for kind, text, title in (*facts, *_short_forms(place, facts, context)):
            if text not in place.text:
                continue
            for match in re.finditer(_pattern(text), place.text):
                if any(start < match.end() and match.start() < end for start, end in taken):
                    continue
                taken.append(match.span())
                yield _leak(place, *match.span(), kind, title, context)
        for start, end, source in small_counts(place, draft, context):
            if not any(left < end and start < right for left, right in taken):
                taken.append((start, end))
                yield _count(place, start, end, source, context)
        yield from _strangers(place, taken, told, context)
        yield from _party_level(place, context, told)


def strangers(context: CheckContext) -> tuple[str, ...]:
    """Return what this check would tell of by name: other units' facts."""
    return tuple(text for _, text, _ in _facts(context, context.told))


def _short_forms(
    place: Place, facts: list[tuple[FactKind, str, str]], context: CheckContext
) -> Iterator[tuple[FactKind, str, str]]:
    """Yield what a place calls another unit for short, where the precedent's own short name is not known."""
    usual = _general_text(context.tables) + context.told
    for kind, text, title in facts:
        if kind is FactKind.UNIT and text[:2] in place.text and text[:2] not in usual:
            yield from ((FactKind.SHORT, form, title) for form in short_forms(text, place.text))


def _strangers(
    place: Place, taken: list[tuple[int, int]], told: str, context: CheckContext
) -> Iterator[Finding]:
    """Yield what has the form of a person's name, a contact or a file number and was told by nobody."""
    for pattern, kind in _FORMS:
        for match in re.finditer(pattern, place.text):
            start, end = match.span(1)
            if match[1] in told or (kind is FactKind.DOCNO and _NATIONAL.search(match[1])):
                continue
            if any(left < end and start < right for left, right in taken):
                continue
            taken.append((start, end))
            message = f"{_NAMES[kind]}“{match[1]}”不是你提供的，也不在单位档案里。"
            mends = _mends(place, start, end, kind, context)
            yield found(CHECK, Severity.HIGH, place, start, end, message, _MENDS.get(kind, _MEND), mends)


def _count(place: Place, start: int, end: int, title: str, context: CheckContext) -> Finding:
    """38名 could be anybody's: to be confirmed, and no disgrace."""
    message = f"数量“{place.text[start:end]}”和先例《{title.strip('《》')}》里的一样，不是你提供的，请核对。"
    mends = _mends(place, start, end, FactKind.COUNT, context)
    return found(CHECK, Severity.MEDIUM, place, start, end, message, _MEND, mends)


def _mends(place: Place, start: int, end: int, kind: FactKind, context: CheckContext) -> tuple[Mend, ...]:
    """Write our own in the place of another's; leave a blank or take the sentence out where there is none."""
    own = _own(kind, context)
    if own:
        return swapped(start, end, own, f"换成“{own}”") + without_sentence(place, start)
    return blanked(start, end, _NAMES[kind]) + without_sentence(place, start)


def _own(kind: FactKind, context: CheckContext) -> str:
    profile, roles = context.profile, context.org.roles if context.org else {}
    upper = profile.upper[-1] if profile.upper else ""
    return {
        FactKind.UNIT: profile.unit or roles.get("we", "本单位"),
        FactKind.SHORT: profile.short or roles.get("we", "本单位"),
        FactKind.PARTY: profile.party or roles.get("party", "党组织"),
        FactKind.UPPER: upper or roles.get("upper", "上级工会"),
    }.get(kind, "")


def _facts(context: CheckContext, told: str) -> Iterator[tuple[FactKind, str, str]]:
    general = _general_text(context.tables)
    seen: set[str] = set()
    for title, facts in context.private.items():
        for name, text in facts:
            kind = FactKind(name)
            text = text.strip('“”"《》 \u3000')
            if len(text) < SHORTEST or text in seen or text in told or text in general:
                continue
            if _GENERIC.fullmatch(text) or _by_chance(kind, text):
                continue
            seen.add(text)
            yield kind, text, title


def _by_chance(kind: FactKind, text: str) -> bool:
    """Tell whether a fact says too little to be recognised: 12人 or 9月10日 stands in any plan."""
    if kind is FactKind.COUNT:
        return small(text)
    if kind is FactKind.DATE:
        return not re.fullmatch(r"20\d\d年\d{1,2}月\d{1,2}日.*", text)
    return False


def _pattern(text: str) -> str:
    pattern = re.escape(text)
    if text[0].isdigit():
        pattern = r"(?<!\d)" + pattern
    return pattern + (r"(?!\d)" if text[-1].isdigit() else "")


def _leak(place: Place, start: int, end: int, kind: FactKind, title: str, context: CheckContext) -> Finding:
    quote = place.text[start:end]
    message = f"{_NAMES[kind]}“{quote}”来自先例《{title.strip('《》')}》，不是本单位的信息。"
    mends = _mends(place, start, end, kind, context)
    return found(CHECK, Severity.HIGH, place, start, end, message, _MENDS.get(kind, _MEND), mends)


def _party_level(place: Place, context: CheckContext, told: str) -> Iterator[Finding]:
    known = (*(context.org.roles.values() if context.org else ()), told)
    for match in _PARTY_LEVEL.finditer(place.text):
        if any(match[0] in text for text in known):
            continue
        message = f"党组织的级别“{match[0]}”没有在单位档案里写明，不能自行认定。"
        yield found(
            CHECK,
            Severity.MEDIUM,
            place,
            *match.span(),
            message,
            "在单位档案里填写党组织名称，或改为“党组织”。",
            swapped(*match.span(), "党组织"),
        )
        return


def _general_text(tables: Tables) -> str:
    return _join(
        tuple(word for org in tables.orgs.values() for words in org.says.values() for word in words)
        + tuple(word for org in tables.orgs.values() for word in org.roles.values())
        + tuple(word for row in tables.calendar for word in (*row.words, row.task, row.advice, row.name))
        + tuple(text for row in tables.sections.values() for texts in row.headings.values() for text in texts)
        + tuple(row.full_name for row in tables.statutes)
        + tuple(tables.slogans.values())
    )


@lru_cache(maxsize=4)
def _join(parts: tuple[str, ...]) -> str:
    return "\n".join(parts)
