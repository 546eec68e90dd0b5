"""The few words that say what a measure does, where its clause with the month alone does not say it.

A clause such as 12月对照验收 or 5月前定方案、定分工 is understood only with its measure before it. From the
whole measure this module takes what it is about: a named thing, an action in a clause nearby, or its object.
Reads text only; what counts as an empty word is in `tables/compose.toml`, words are told apart by rjieba.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from assistant.rules import compose_rules
from assistant.text import han_count

SHORTEST, LONGEST = 4, 18
_BY_ITSELF = 6  # Hanzi of an action that is understood without the one who does it
_TELLING = 2  # Hanzi that must be left when the verb and the empty words are taken away
_QUOTED = re.compile(r"“([^”]{2,16})”")
_BROKEN = re.compile(
    r"【|^(?:缺少|缺乏)|[岁多]$|怎么样$|[由把将被](?!来)|[时前后]$|期间$|^[可能不每各后使并按凭从以，、的]|是[^，]{2,10}的事$|^(?:结合|趁|借|围绕|以)[^，]{0,18}[周月日节]$|(?:之际|契机|之机)$|可(?:拼|申请|点题|登记|自选|以)|(?<![步健行湖友])走$|(?<!张)贴$|[可放]$|[^年一当现时]代$|[\d一二三四五六七八九十]+[人名]$"
    r"|[的得和与及在为给对向同从到按]$|(?:组织|开展|举办|进行|^安排|^[\u4e00-\u9fff]{2,4}安排|举行|参加|优先|到场|(?<![建架])设|(?<!公)开|(?<![承代协举帮经])办|(?<![规约商审制核确鉴稳评])定)$|^是"
)
_UNDONE = re.compile(
    r"(?:每天|交叉|[月周]里|当周|前一天|夜间|上下班|有争议|各一次|同时张贴|一并公开|挂在[^，]*|回头问一遍|[各再]一遍|[一两三四五请]|就岗位)$"
    r"|等.+等$|^(?:最低|学会|逐件|沿途|回头|到回头|意见不一致)|各[演评][\u4e00-\u9fff]{0,3}$|查$(?<=约定查)"
)
_BY = re.compile(
    r"(?:由|把|将|按|(?<!所)在|以|凭|分[一二两三四五六]|[一二两三四五六半]个?(?:天|周|场|批)|[一二两三]个)"
)
_WHEN = re.compile(r"^[\u4e00-\u9fff]{2,8}?(?:前|后|期间|之前|以前|起)")
_WHO = re.compile(r"^(?:由|会同|联合|与)[^，]{1,14}?(?:牵头|负责(?!人)|共同|一道|联合|协同)")
_OWNER = re.compile(r"^[\u4e00-\u9fff]{0,10}(?:委员会|工会)(?=[为对给向])")
_EVENT = re.compile(r"(?:会|沙龙|赛|展|课|节|日|班|活动|行动|联谊|体检|演出|晚会|清凉|温暖|助学|方案|台账)$")
_PEOPLE = re.compile(r"(?:职工|教师|员工|会员|人员|学校|企业|小组|子女|代表)$")
_CLAUSE = re.compile(r"[，；。：]")
_ONE = r"(?:1[0-2]|[1-9])月(?:\d{1,2}日)?"
_MONTH = re.compile(
    rf"(?:安排在|放在|定在|定于|拟于|从|在|于)?(?<!\d){_ONE}(?:(?:至|到|—|-|、|和){_ONE})?"
    r"(?:份|底|初|中旬|上旬|下旬|第[一二三四]周|前后|前|起|开始|期间|间)*"
)
_HELD = re.compile(rf"^(.{{4,}}?){_MONTH.pattern}(?:在[^，]{{2,8}}|借[^，]{{2,4}})?[同合轮]?[办开]$")
_COUNTED = re.compile(
    r"([^、]{2,12})、.*?[^、到在从对向]((?:[三四五六七八九十]|[3-9])[项类种个门][\u4e00-\u9fff]{2,12})"
)
_HELD_LAST = re.compile(r"(?<=[\u4e00-\u9fff]{4})(?:分[级批班]|错峰|集中)?(?:进行|展开|举行|开展|举办)$")
_DOING = re.compile(
    r"(?:继续|接着)?(?:办好|办|办一次|办一场|开展|举办|组织|评选|印发|启动|用好|建好|做实|增设|开设|设立|推出|开辟|开放|评出)$"
)
_KIND = re.compile(
    r"(?!的)[\u4e00-\u9fff]{0,6}?(?:活动|比赛|竞赛|比武|方案|课堂|行动|讲述|恳谈|展示|评选|劳动竞赛|夜谈|沙龙|联赛|分享会"
    r"|课|栏目|专栏|运动周|一栏|一格|信箱|书单|征集|读书会|茶叙|故事会|作品展|展)"
)
_SPOKEN = re.compile(r"(?:[讲问说叫写谈]|讨论|主题|回答|贴上)(?:一[讲问说谈]|清|着|的)?$")
_SUBJECT = re.compile(r"(?:围绕|[就对为把给将])$")
_TOPIC_BY = re.compile(r"^(?P<topic>[\u4e00-\u9fff、“”《》]{4,30})由(?P<rest>[\u4e00-\u9fff、]{4,40})$")
_TELLS_MORE = re.compile(
    "实行|不|只|没有|每[人名]|患|检查|组织|学会|多为|[各考]"
)  # a topic that is a sentence
_TAKING = re.compile(r"(?<![即期])[把将]([\u4e00-\u9fff、“”《》]{5,})$")
_NOTHING_DONE = {"报名", "参加", "负责", "进行", "执行", "提名", "入会", "提出"}
_OFTEN = re.compile(
    r"^(?:每[\u4e00-\u9fff]{1,7}?(?:上午|下午|晚上|晚|午间|早交班后)|[一二三四两]次|自愿|连续[四三两]周)"
)


def tells(label: str) -> bool:
    """Tell whether a label is understood by itself: it names something beyond verbs and empty words."""
    if not SHORTEST <= han_count(label) <= LONGEST + 2 or _BROKEN.search(label):
        return False
    if label.count("“") != label.count("”") or _UNDONE.search(label):
        return False
    if label.endswith("等") and not acts(label):  # the list was cut before its own noun
        return False
    if re.match("|".join(compose_rules()["schedule"]["follow"]), label):
        return False
    tags = [tag for _, tag in _tagged(label)]
    if _PEOPLE.search(label) and not (tags[0].startswith("v") or re.match(_verbs(), label)):
        return False
    done = (
        any(tag.startswith("v") for tag in tags)
        or _EVENT.search(label)
        or re.search(f"^{_verbs()}|{_verbs()}$", label)
    )
    return bool(done) and han_count(_bare(label)) >= _TELLING


def is_sentence(topic: str) -> bool:
    """Tell whether what stands where a topic should is a sentence of its own: 工会采购实行两人询价."""
    return bool(re.search("实行|当天|拿到|多为", topic))


def acts(label: str) -> bool:
    """Tell whether a label begins with what is done, so that it can follow the one who does it."""
    tagged = _tagged(label)
    return bool(tagged) and (tagged[0][1].startswith("v") or bool(re.match(_verbs(), label)))


def headline(measure: str, label: str) -> str:
    """Return the words for a measure whose own clause gave `label`, which says too little or nothing.

    At most about `LONGEST` Hanzi; "" only for a measure of blanks or of a word or two.
    """
    measure = re.sub(r"【[^】]*】", "【】", measure)
    named = _QUOTED.search(measure)
    if named and not _SPOKEN.search(measure[: named.start()]):
        said = label if SHORTEST <= han_count(label) <= 10 and not _BROKEN.search(label) else ""
        return _shortened(f"“{named[1]}”{said}") if said and named[1] not in label else _named(measure, named)
    main, others = _parts(measure)
    found = next((words for words in _candidates(main) if tells(words)), "")
    whole = (words for part in main if han_count(words := _shortened(part)) >= SHORTEST)
    found = found or next((words for words in whole if not _BROKEN.search(words)), "")
    found = found or next((words for words in _candidates(others) if tells(words)), "")
    every = _candidates([*main, *others])
    return found or next((words for words in every if han_count(words) >= SHORTEST), label)


def _named(measure: str, named: re.Match[str]) -> str:
    """Return a quoted name with the verb before it (办好“夜班灯”) or the kind of thing after it."""
    before, kind = _DOING.search(measure[: named.start()]), _KIND.match(measure[named.end() :])
    words = (before[0] if before else "") + named[0] + (kind[0] if kind else "")
    if _SUBJECT.search(measure[: named.start()]) and not kind:
        return f"推进{named[0]}"
    return words if (before or kind) and han_count(words) <= LONGEST else f"做好{named[0]}"


def _parts(measure: str) -> tuple[list[str], list[str]]:
    """Return a measure's main clauses and the others, without their months."""
    clauses = [clause for clause in _CLAUSE.split(measure) if clause]
    parts = [_MONTH.sub("", _HELD.sub(r"办\1", clause)).strip("的 ") for clause in clauses]
    parts = [_HELD_LAST.sub("", part) for part in parts]
    main = _main(clauses, parts)
    if "由" in (dated := next((part for part in main if part.startswith("由")), "")):
        before = next((b for b, part in pairwise(parts) if part == dated and not _only_when(b)), "")
        main.insert(0, before + dated)
    return main, [part for part in parts if part not in main and "【" not in part]


def _candidates(parts: Iterable[str]) -> Iterator[str]:
    """Yield what might name a measure: what each of its clauses does, then what it is about."""
    for part in parts:
        ways = [_shortened(way) for way in _ways(part)]
        yield from ways[:2]
        yield from _passive(part)
        yield from ways[2:]


def _main(clauses: list[str], parts: list[str]) -> list[str]:
    """Return the clause that opens a measure, what only tells when aside, and the one with its month."""
    opening = next((p for p in parts if p and not _only_when(p) and "【" not in p), "")
    dated = next((p for c, p in zip(clauses, parts, strict=True) if p != c.strip("的 ")), "")
    return [part for part in dict.fromkeys((opening, dated)) if part and not _only_when(part)]


def _only_when(part: str) -> bool:
    """Tell whether a clause tells only when or why: 中秋节前, 为迎接国庆, 结合五一劳动节."""
    if part.startswith("为") and not _serves(part):
        return True
    if re.match(_occasions(), part) and not _serves(part):
        return not re.search(rf"(?:{_verbs()})[\u4e00-\u9fff、“”]{{4,}}$", part)
    return bool(
        re.fullmatch(
            r"[\u4e00-\u9fff“”、]{0,24}(?:前|后|前后|期间|之际|当天|当日|前夕|时|下旬|上旬|年底|年初|节|一周|契机)",
            part,
        )
    )


def _ways(part: str) -> tuple[str, ...]:
    """Return the ways to name a clause, the best first: without actor, time, manner; what is before 由."""
    part = _OFTEN.sub("", part)
    part = re.sub(rf"^[给向对到][^，]{{1,20}}?(?={_verbs()})", "", part)
    part = re.sub(rf"^(?:{_occasions()})[^，]{{2,24}}?(?={_verbs()})", "", _OWNER.sub("", _WHO.sub("", part)))
    turned = _TAKING.search(part)
    taken = turned[1] if turned and not part.startswith("由") else ""
    return _acting(part), _acting(_WHEN.sub("", part)), taken, _BY.split(part)[0], part


def _passive(part: str) -> Iterator[str]:
    """Yield the action and its object where a clause says what is done by whom: 补休记录由工会抽查."""
    found = _TOPIC_BY.search(part)
    if not found:
        return
    topic = re.split("[，：]", found["topic"])[-1]
    if "、" in found["rest"] or re.search("每[周月天日]", topic) or _TELLS_MORE.search(topic):
        return
    done = [
        word
        for word, tag in _tagged(found["rest"])
        if (tag.startswith("v") or re.fullmatch(_verbs(), word)) and han_count(word) > 1
    ]
    done = [word for word in done if word not in _NOTHING_DONE] or re.findall(
        "(?:[看查评审办算议]|评分|打分|算一遍|议一次|看一遍|走一遍|过一遍)$", found["rest"]
    )
    if done and found["rest"].endswith(done[-1]) and not _acting(topic) and not _BROKEN.search(topic):
        yield done[-1] + (topic if han_count(topic) <= LONGEST - 2 else _shortened(topic))


def _serves(part: str) -> bool:
    """Tell whether 为 names those something is done for (为职工送清凉), not what for (为迎接国庆)."""
    tagged = _tagged(part)
    return part.startswith("为") and len(tagged) > 2 and not tagged[1][1].startswith("v")


def _acting(part: str) -> str:
    """Return a part from its first verb on, "" where what stands before the verb is no actor."""
    tagged = _tagged(part)
    for place, (word, tag) in enumerate(tagged):
        if tag in ("v", "vn", "vd") and (han_count(word) > 1 or (place and word in "办开设讲教")):
            actor = "".join(word for word, _ in tagged[:place])
            rest = "".join(word for word, _ in tagged[place:])
            if actor and han_count(rest) < _BY_ITSELF and han_count(part) <= LONGEST:
                return ""
            return rest if not actor or re.search(_actors(), actor) else ""
        if tag == "p":
            return ""
    return ""


def _shortened(words: str) -> str:
    """Return words cut where an enumeration or a word ends, so that they are short enough."""
    words = words.strip("，、 ")
    if han_count(words) <= LONGEST + 2:
        return words
    if (summed := summed_up(words)) and han_count(summed) <= LONGEST:
        return summed
    listed = re.match(rf"(.{{6,{LONGEST}}}?)、", words)
    if listed and tells(listed[1]):
        return listed[1] + "等"
    kept = ""
    for word, _ in _tagged(words):
        if han_count(kept + word) > LONGEST - 2:
            break
        kept += word
    return re.sub(r"[的和与及、在对为将把由]+$", "", kept)


def summed_up(words: str) -> str:
    """Return a list that is counted and named at its end by its first member: 点钞等四项竞赛; else ""."""
    found = _COUNTED.fullmatch(words) or _COUNTED.fullmatch(re.sub("、[^、]{2,3}$", "", words))
    return f"{found[1]}等{found[2]}" if found else ""


def _bare(label: str) -> str:
    """Return what is left of a label without its first action and without words that say nothing alone."""
    words = [pair for pair in _tagged(label) if not pair[1].startswith(("p", "c", "d", "f", "u"))]
    if words and words[0][1].startswith("v"):
        words = words[1:]
    said = "".join(w for w, tag in words if not (tag.startswith("v") and re.fullmatch(_verbs(), w)))
    return re.sub("|".join(compose_rules()["schedule"]["empty"]), "", said)


@lru_cache(maxsize=1)
def _verbs() -> str:
    return "(?:" + "|".join(compose_rules()["schedule"]["verbs"]) + ")"


@lru_cache(maxsize=1)
def _actors() -> str:
    return "(?:" + "|".join(compose_rules()["schedule"]["agents"]) + ")"


@lru_cache(maxsize=1)
def _occasions() -> str:
    """What begins a clause that tells why or on what occasion, not what."""
    return "|".join(compose_rules()["schedule"]["occasions"])


@lru_cache(maxsize=4096)
def _tagged(text: str) -> tuple[tuple[str, str], ...]:
    """Return words with their parts of speech (ICTCLAS letters)."""
    import rjieba

    return tuple((str(word), str(tag)) for word, tag in rjieba.tag(text))
