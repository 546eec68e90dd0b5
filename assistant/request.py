"""One sentence -> `Request`. Rules only: the same sentence on the same day gives the same slots.

Understands Chinese, English and mixed sentences. What a sentence leaves open is assumed and said
in one line; at most one question is asked, and it never has to be answered.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.types import Request
from assistant.unit_name import unit_name
from assistant.when import When, looking_back, resolve
from index.errors import UserError
from index.labels import name_of, org_types_in
from index.types import Genre, OrgType, SectionCode

_NAMES_UNIT = 4
_EDUCATION = {OrgType.SCHOOL, OrgType.KINDERGARTEN, OrgType.COLLEGE, OrgType.VOCATIONAL, OrgType.EDU_SYSTEM}
_NOT = (
    r"(?:不要再?|不用|不写|不提|不想写|不需要|不搞|不办|别搞|别办|别写|别提|别出现|别再写|不能有|不要出现|不出现|"
    r"避开|去掉|删掉|不含|不包括|no\s+|without\s+)"
)
_NO_EVENTS = r"(?:别|不要?|少)(?:安排|搞|办|组织)"
_FEW_PEOPLE = re.compile(
    r"(?<!\d)(?:[一二三四五六七八九]?十|\d{1,2})(?:来|几|多)?(?:号|个)人(?!次)|(?<!\d)\d{1,2}人的小"
)
_ASK = "请用一句话说明要写什么，例如：给医院工会起草一份下半年工作计划。"
_SAME_PHRASE = re.compile(r"[^，。；、,;\s和与及]{0,4}")
"""What may stand between a topic and the word of manner that ends its phrase: 夜班 [职工] 关爱."""


def parse_request(text: str, today: date, usual: OrgType | None = None) -> Request:
    """Return the slots of `text`, with relative dates resolved against `today`.

    `usual` is the unit type of the person's profile, meant where the sentence names none.

    :raises UserError: for an empty request or one that is not for a union plan, summary or key points.
    """
    said = " ".join(text.split())
    if not said:
        raise UserError(f"还没有写要求，{_ASK}")
    words = _words()
    said = _written_out(said, words)
    found = org_types_in(said)
    org_type = _org_type(found) or usual
    _refuse_foreign(said, org_type, words)
    genre = _genre(said, words)
    when = resolve(said, today, school=org_type in _EDUCATION)
    if genre in (Genre.SUMMARY, Genre.REPORT):
        when = looking_back(when, said, today)
    style = tuple(code for code, cues in words["style"].items() if _any(cues, said))
    avoid = tuple(dict.fromkeys(_avoid(said, words)))
    use_words = _use_words(said)
    if "small" not in style and _FEW_PEOPLE.search(said):
        style = (*style, "small")
    small = "small" in style or "卫生院" in said
    assumptions, question = _notes(said, org_type, when, genre, (*style, "small") if small else style)
    return Request(
        text=said,
        org_type=org_type,
        period=when.period,
        year=when.year,
        genre=genre,
        part=when.part,
        emphasis=tuple(dict.fromkeys(_emphasis(said, found, avoid, words))),
        avoid=avoid
        + tuple(w for w in use_words if w not in avoid)
        + (("大型活动", "分工会") if small else ()),
        length=_length(said, genre, org_type, small, words),
        org_name=unit_name(said),
        sections=_section_count(said),
        style=style,
        use_words=use_words,
        assumptions=assumptions,
        question=question,
        today=today,
    )


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).with_name("tables") / "request.toml").read_text("utf-8"))


def _written_out(said: str, words: Mapping[str, Any]) -> str:
    """Return the sentence with words typed in pinyin written in Hanzi."""
    for pinyin, hanzi in words["pinyin"].items():
        said = re.sub(rf"\b{pinyin}\b", hanzi, said, flags=re.IGNORECASE)
    return said


def _any(cues: list[str], said: str) -> bool:
    return any(_find(cue, said) for cue in cues)


def _find(cue: str, said: str) -> re.Match[str] | None:
    if cue.lower() not in said.lower():
        return None
    pattern = rf"\b{re.escape(cue)}\b" if cue.isascii() else re.escape(cue)
    return re.search(pattern, said, re.IGNORECASE)


def _org_type(found: list[tuple[OrgType, int, int, float]]) -> OrgType | None:
    return max(found, key=lambda row: (row[3], row[2] - row[1]))[0] if found else None


def _refuse_foreign(said: str, org_type: OrgType | None, words: Mapping[str, Any]) -> None:
    on_topic = org_type or "工会" in said or re.search(r"union|职工|半年|学期|年度", said, re.IGNORECASE)
    ask = words["ask"]
    another = _any(ask["other"], said) and not _any(ask["papers"], said)
    foreign = _any(ask["foreign"], said) and not on_topic
    if another or foreign or not (on_topic or _any(ask["plan"], said)):
        raise UserError(f"我只会起草工会的工作计划、要点和总结，{_ASK}")


def _genre(said: str, words: Mapping[str, Any]) -> Genre:
    if re.search(r"总结.{0,6}(?:加|和|及|与|暨|\+).{0,8}(?:计划|打算|安排)", said):
        return Genre.HYBRID
    for code in ("hybrid", "keypoints", "schedule", "summary", "report"):
        if _any(words["genre"][code], said):
            plan_too = code == "summary" and re.search(r"计划|打算", said)
            return Genre.PLAN if plan_too else Genre(code)
    return Genre.PLAN


def _length(said: str, genre: Genre, org_type: OrgType | None, small: bool, words: Mapping[str, Any]) -> int:
    table = words["length"]
    if exact := _number_of_characters(said):
        return exact
    named = [n for cue, n in table["words"].items() if _find(cue, said)]
    length: int = min(named) if named else table["default"][genre.value]
    if not named and genre is Genre.PLAN:
        length = table["small"] if small else table["org"].get(org_type or "", length)
    extra: int = sum(n for cue, n in table["extra"].items() if _find(cue, said))
    return length + extra


def _number_of_characters(said: str) -> int | None:
    if found := re.search(r"(\d{3,5})\s*(?:来|多|左右)?\s*(?:字|words|characters)", said):
        return int(found[1])
    if found := re.search(
        r"([一二两三四五六七八九])千(?:([一二三四五六七八九])百|([五]))?(?:来|多)?字", said
    ):
        return 1000 * _digit(found[1]) + 100 * _digit(found[2] or found[3] or "零")
    if found := re.search(r"([一二两三四五六七八九])百(?:来|多)?字", said):
        return 100 * _digit(found[1])
    return None


def _digit(character: str) -> int:
    return "零一二三四五六七八九".find(character.replace("两", "二"))


def _section_count(said: str) -> int | None:
    number = r"([一二两三四五六七八九十]|\d{1,2})"
    found = re.search(rf"分(?:成|为)?{number}个?(?:大?部分|大点|大?块|方面|大项|点)", said) or re.search(
        rf"(?<![一二三四五六七八九十\d]){number}个?(?:大部分|部分|大块|大项)", said
    )
    if not found:
        return None
    return int(found[1]) if found[1].isdigit() else 10 if found[1] == "十" else _digit(found[1])


def _emphasis(
    said: str, found: list[tuple[OrgType, int, int, float]], avoid: tuple[str, ...], words: Mapping[str, Any]
) -> Iterator[str]:
    """Yield section codes and the person's own words for them, in the order of the sentence."""
    spans = [(start, end) for _, start, end, weight in found if weight >= _NAMES_UNIT]
    hits: list[tuple[int, str, str]] = []
    for table in (words["topics"], words["events"]):
        for code, cues in table.items():
            for cue in cues:
                match = _find(cue, said)
                if match and not _covered(match.span(), spans) and cue not in avoid:
                    hits.append((match.start(), code, cue))
    refused = {code for code in SectionCode if code in avoid}
    longest = [h for h in hits if not any(h[2] != o[2] and h[2] in o[2] for o in hits)]
    for start, code, cue in sorted(longest):
        if SectionCode(code) in refused or re.search(_NOT + r"[^，。,；;]{0,6}" + re.escape(cue), said):
            continue
        if code not in words["events"] or cue in words["topics"][code]:
            yield code
        before = [place + len(other) for place, _, other in longest if place + len(other) <= start]
        ends = any(_SAME_PHRASE.fullmatch(said[place:start]) for place in before)
        if not (ends and cue in words["manner"]["words"]):
            yield cue
    yield from (implied for cue, implied in words["implies"].items() if cue in said)
    yield from _dated_events(said)
    yield from (word for word in _insisted(said) if not any(word in h[2] or h[2] in word for h in hits))
    if _any(words["style"]["schedule"], said):
        yield SectionCode.SCHEDULE.value


def _insisted(said: str) -> Iterator[str]:
    """Yield the person's own words for what must be in the plan: 智慧食堂和停车位一定要写进去."""
    for match in re.finditer(
        r"(?:^|[，。；,;\s])(?:另外|还有|请|要)?把?([\u4e00-\u9fff、]{2,20}?)(?:都|也)?"
        r"(?:一定要写|必须写|必须有|不能少|要写进去|写进去|要写上|要提到|要提)(?![\u4e00-\u9fff]{3})",
        said,
    ):
        yield from (word for word in re.split("[、和与及]", match[1]) if 2 <= len(word) <= 10)


def _dated_events(said: str) -> Iterator[str]:
    """Yield events the sentence itself dates: 三月开会员代表大会 -> 3月召开会员代表大会."""
    for match in re.finditer(
        r"(十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])月份?(?:要|准备|计划)?(?:召?开|举?办|搞)([\u4e00-\u9fff]{2,12})",
        said,
    ):
        month = match[1] if match[1].isdigit() else str(_month_number(match[1]))
        verb = "召开" if match[2].endswith(("会", "大会", "会议")) else "举办"
        yield f"{month}月{verb}{match[2]}"


def _month_number(numeral: str) -> int:
    return 10 + _digit(numeral[1:] or "零") if numeral.startswith("十") else _digit(numeral)


def _covered(span: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def _avoid(said: str, words: Mapping[str, Any]) -> Iterator[str]:
    for match in re.finditer(_NOT + r"([^，。,；;！!？?]{1,16})", said, re.IGNORECASE):
        refused = match[1].strip()
        if re.search(r"太长|太短|口号|重复|空话|^搞?活动", refused):
            continue
        codes = [code for code, cues in words["topics"].items() if any(cue in refused for cue in cues)]
        whole = [code for code in codes if refused.startswith(tuple(words["topics"][code][:1]))]
        yield from whole
        for word in re.split(r"[、和及与]", refused):
            if word and word not in ("具体金额", "金额"):
                yield word
    if "no_amounts" in [code for code, cues in words["style"].items() if _any(cues, said)]:
        yield "具体金额"
    if season := re.search(rf"(防火期|汛期|考试周|农忙|旺季|期末)[^，。]{{0,6}}(?:避开|{_NO_EVENTS})", said):
        yield season[1] + "活动"
    for match in re.finditer(r"([\u4e00-\u9fff]{2,6})改掉", said):
        yield match[1]


def _use_words(said: str) -> dict[str, str]:
    found = re.search(
        r"我们(?:都)?(?:叫|说|称)([\u4e00-\u9fff]{2,4}?)[，,]?(?:不叫|不说|不称)([\u4e00-\u9fff]{2,4})", said
    )
    return {found[2]: found[1]} if found else {}


def _notes(
    said: str, org_type: OrgType | None, when: When, genre: Genre, style: tuple[str, ...]
) -> tuple[tuple[str, ...], str]:
    """Return what was assumed, and the one question worth asking."""
    assumptions = list(when.assumptions)
    if org_type is None:
        assumptions.insert(0, "没有说单位类型，先按一般单位的通用写法起草。")
    if "small" in style:
        assumptions.append("按人少的单位写，不安排大型活动，不提分工会。")
    if "revise" in style and not re.search(r"20\d\d", said):
        return tuple(assumptions), f"是改成{when.year}年的，还是{when.year + 1}年的？"
    if org_type is None:
        return tuple(assumptions), "是什么单位（医院、学校、企业、机关……），写哪个时段？补上一句会贴切得多。"
    if genre in (Genre.HYBRID, Genre.SUMMARY):
        return tuple(assumptions), "总结部分的数据（活动次数、人数、办结件数）手头有吗？没有的先留空。"
    if "防火期" in said:
        return tuple(assumptions), "当地防火期是哪几个月？说明后会避开这些月份安排活动。"
    if re.search(r"局", said) and org_type is OrgType.GOV and re.search(r"矿务局|铁路局|工程局", said):
        return tuple(assumptions), f"贵单位是机关还是企业？先按{name_of(org_type)}起草。"
    noted = tuple(assumptions)
    if "data" in style:
        return noted, "手头有哪些数字（人数、场次、办结件数）？填进单位档案会写进计划，没有的先留空。"
    if "no_repeat" in style:
        return (
            noted,
            "去年的计划在手边吗？导入资料库（或起草时加 --last 文件），会避开它写过的事，并说明重复了多少。",
        )
    return noted, when.question


def topic_of(word: str) -> SectionCode | None:
    """Return the section a topic belongs to, None when no table row speaks of it: that of its longest cue, of
    two as long the later one's; a word of manner (职代会规范化) counts only where nothing else does.
    """
    hits = [
        (len(cue), word.rfind(cue), SectionCode(code), cue)
        for table in (_words()["topics"], _words()["events"])
        for code, cues in table.items()
        for cue in cues
        if cue in word
    ]
    telling = [hit for hit in hits if hit[3] not in _words()["manner"]["words"]]
    return max(telling or hits)[2] if hits else None


def topics_of(code: SectionCode) -> tuple[str, ...]:
    """Return the topics that belong to a section."""
    return tuple(_words()["topics"].get(code.value, ()))
