"""How many people an old plan says its unit has. A figure of some of them, or of an event, is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.guesses import Guess, guess_at
from assistant.rolling import number_of
from assistant.topic import words

_COUNT = r"(\d[\d,，]{0,6})\s*(余|多)?\s*(?:名|人|位)(?!次)"
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


def counts_in(text: str) -> Iterator[Guess]:
    """Yield how many people, women and union groups there are."""
    people = [*_people(text)]
    most = max((int(guess.value) for guess in people if guess.field == "people"), default=None)
    fitting = (
        replace(g, sure=g.sure and (g.field == "people" or most is None or int(g.value) <= most))
        for g in people
    )
    yield from _agreed([*fitting])
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
        members = lists["member_words"]
        stated = bool(re.search(rf"{lists['people']}|有[^，。；]{{0,4}}(?:{members})", said))
        how_many = rf"(?:总数|人数)?(?:共有|共|为|达|有)?{_COUNT}"
        pattern = rf"(?<!女)(?:{members}){how_many}|{_COUNT}(?:在职|在岗)?(?:{members})"
        for match in re.finditer(pattern, said):
            number, about = match[1] or match[3], match[2] or match[4]
            if text[offset + match.start() - 1 : offset + match.start()] == "女":
                continue
            value = int(re.sub(r"[,，]", "", number))
            span = (offset + match.start(), offset + match.end())
            yield guess_at("people", value, text, span, stated and not about)
        yield from _women(said, offset, text, stated)


def _women(said: str, offset: int, text: str, stated: bool) -> Iterator[Guess]:
    women = r"(?:女(?:性)?(?:教?职工|教职员工|员工|会员|干部)|其中女性?)"
    how_many = rf"(?:总数|人数)?(?:共有|共|为|达|有|占)?{_COUNT}"
    pattern = rf"{women}{how_many}|{_COUNT}女(?:教?职工|员工|会员)"
    for match in re.finditer(pattern, said):
        value = int(re.sub(r"[,，]", "", match[1] or match[3]))
        yield guess_at(
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
        before = text[max(0, match.start() - 12) : match.start()]
        partial = re.search(r"评选|表彰|评出|试点|新建|新增|联系|组织|推荐|各", before)
        stated = re.search(r"设|有|共|分为|辖", before[-5:]) or match[2]
        if value:
            yield guess_at("groups", value, text, match.span(), bool(stated) and not partial)
