"""Private persons in a text: a surname and one or two characters that no ordinary words account for.

Every place where a surname stands apart from the words around it is weighed: how sure the surname is, how
usual the given name, what stands before it (联系人, 由, 车间) and behind it (同志, 负责, 等8名). A name
proven once is one wherever the text says it again. Lists and weights are in `index/facts.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.types import FactKind
from index.words import Span, Token, is_known, is_name_word, is_noun_or_odd, plain_edges, word_lists

_HAN = re.compile(r"[\u4e00-\u9fff]")
_ENOUGH = 3.0
_LEAST_CONTEXT = 1.0
_JOINTS = "、和与及，"
_NO_NAME = "师傅"  # 傅 in it is no surname
_COUNTING = tuple("0123456789一二三四五六七八九十两几各每第多")
_REACH = 8
_OF_SEVERAL = re.compile(r"等\s*(?:\d+|[一二两三四五六七八九十]+)\s*(?:名|位|人)")


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists about persons, ready to match."""

    surnames: frozenset[str]
    weak: frozenset[str]
    compound: frozenset[str]
    given: frozenset[str]
    never: frozenset[str]
    roles_before: re.Pattern[str]
    hands_before: re.Pattern[str]
    places_before: re.Pattern[str]
    titles_after: re.Pattern[str]
    acts_after: re.Pattern[str]
    unnamed: frozenset[str]
    nickname: re.Pattern[str]
    titled: re.Pattern[str]
    minority: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    lists = word_lists()["person"]
    sure = "".join(sorted({*lists["surnames"]} - {*lists["weak"]}))
    return _Words(
        surnames=frozenset(lists["surnames"]),
        weak=frozenset(lists["weak"]),
        compound=frozenset(lists["compound"]),
        given=frozenset(lists["given"]),
        never=frozenset(lists["never"]),
        roles_before=re.compile(rf"(?:{_any(lists['roles'])}|{_any(lists['titles'])})(?:[：:]\s*|是|为)?$"),
        hands_before=re.compile(rf"(?:{_any(lists['hands'])})$"),
        places_before=re.compile(rf"(?:{_any(lists['rooms'])})$"),
        titles_after=re.compile(_any(lists["titles"])),
        acts_after=re.compile("|".join(lists["acts"])),
        unnamed=frozenset((*lists["public"], *lists["not_names"])),
        nickname=re.compile(
            rf"[老小阿][{lists['plain']}](?={'|'.join(lists['nickname_after'])})"
            rf"|[{lists['surnames']}](?:{_any(lists['nickname_ends'])})"
        ),
        minority=re.compile("|".join(lists["minority"])),
        titled=re.compile(
            rf"(?:^|(?<=[由请让经与和及向、，。；：（\n]))[{sure}](?:{_any(lists['titled'])})", re.M
        ),
    )


def _any(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def persons_in(text: str, tokens: Sequence[Token] = ()) -> list[Span]:
    """Private persons of a text, overlaps included. `tokens` are words with the segmenter's guesses."""
    found = _weighed(text, _guessed(tokens))
    names = {text[start:end] for start, end in found}
    again = [match.span() for name in names for match in re.finditer(re.escape(name), text)]
    titled = [match.span() for match in _words().titled.finditer(text)]
    titled += [match.span() for match in _words().minority.finditer(text)]
    nicknames = [match.span() for match in _words().nickname.finditer(text) if not is_known(match.group())]
    return [(FactKind.PERSON, *span) for span in sorted({*again, *titled, *nicknames})]


def _guessed(tokens: Sequence[Token]) -> frozenset[tuple[int, int]]:
    """Spans the segmenter guesses to be names: a hint that is often wrong alone."""
    names = [token for token in tokens if token.tag in ("nr", "nrt", "nrfg")]
    pairs = ((a.start, b.end) for a, b in pairwise(names) if a.end == b.start)
    return frozenset({(token.start, token.end) for token in names} | set(pairs))


def _weighed(text: str, guessed: frozenset[tuple[int, int]]) -> list[tuple[int, int]]:
    """The names that carry enough weight, left to right; each proves its neighbours in a list."""
    edges = plain_edges(text)
    found: list[tuple[int, int]] = []
    for start, ends in _candidates(text, edges):
        if found and start < found[-1][1]:
            continue
        weights = {end: _weight(text, start, end, edges, found, (start, end) in guessed) for end in ends}
        best = max(ends, key=lambda end: (weights[end], end))
        if weights[best] >= _ENOUGH:
            found += [*_neighbours(text, start, edges, found), (start, best)]
    return found


def _candidates(text: str, edges: frozenset[int]) -> Iterator[tuple[int, list[int]]]:
    """Where a surname stands apart, and where a name begun there may end."""
    words = _words()
    for start in sorted(edges):
        double = text[start : start + 2] in words.compound
        if not double and text[start : start + 1] not in words.surnames:
            continue
        if text[start - 1 : start] in _COUNTING or text[start - 1 : start + 1] == _NO_NAME:
            continue
        first = start + (2 if double else 1)
        ends = [
            end
            for end in (first + 1, first + 2)
            if end in edges and _is_han(text[start:end]) and is_private_name(text[start:end])
        ]
        if not double and first not in edges:  # 王建国 is a word of the dictionary, 胡同|康 begins with one
            ends = [end for end in ends if end == first + 2]
        if ends:
            yield start, ends


def _weight(
    text: str,
    start: int,
    end: int,
    edges: frozenset[int],
    found: Sequence[tuple[int, int]],
    guessed: bool,
) -> float:
    before, after = _before(text, start, found), _after(text, end, edges)
    name = text[start:end]
    torn = start + 1 not in edges and not is_known(name) and name[:2] not in _words().compound
    if torn and (not is_noun_or_odd(name[:2]) or (not guessed and (before < 2 or not after))):
        return 0.0
    if before + after < _LEAST_CONTEXT:
        return 0.0
    return _name_weight(name, start, edges) + before + after + guessed


def _name_weight(name: str, start: int, edges: frozenset[int]) -> float:
    """How much a name says for itself: its surname, and given names that are usual or no word."""
    words = _words()
    double = name[:2] in words.compound
    given = name[2 if double else 1 :]
    usual = 0.5 * sum(char in words.given for char in given)
    apart = 0.5 if start + len(name) - 1 in edges else 0.0 if usual == 1 else -0.5
    apart -= 0.5 if len(given) == 1 and not usual else 0.0
    if double:
        return 1.2 + usual + apart
    if name[0] in words.weak:
        return -0.5 + 2 * usual - 0.5 * len(given) + apart
    return 1.0 + usual + apart


def _before(text: str, start: int, found: Sequence[tuple[int, int]]) -> float:
    """What stands before a name speaks for it: a role, a hand that passes something on, a room, a pause."""
    words = _words()
    ahead = text[max(0, start - _REACH) : start]
    if found and found[-1][1] + 1 == start and text[start - 1] in _JOINTS:
        return 2.0
    if words.roles_before.search(ahead):
        return 2.0
    if words.hands_before.search(ahead) or words.places_before.search(ahead):
        return 1.0
    return 0.5 if not ahead or ahead[-1] in "，。；：、！？（\n“" else 0.0


def _after(text: str, end: int, edges: frozenset[int]) -> float:
    """What stands behind a name speaks for it: a title, what people do, another name, a pause."""
    words = _words()
    behind = text[end : end + 12]
    if words.titles_after.match(behind) or _OF_SEVERAL.match(behind):
        return 2.0
    if words.acts_after.match(behind):
        return 1.5
    if behind[:1] in tuple("、和与及") and _name_follows(text, end + 1, edges):
        return 1.0
    return 0.5 if not behind or behind[0] in "，。；：、！？（）\n”" else 0.0


def _name_follows(text: str, start: int, edges: frozenset[int]) -> bool:
    """Whether another likely name stands at a place."""
    words = _words()
    for size in (3, 2, 4):
        name = text[start : start + size]
        if start + size not in edges or not _is_han(name) or not is_private_name(name):
            continue
        if name[:2] in words.compound or (start + 1 in edges and name[0] not in words.weak):
            return True
    return False


def _neighbours(
    text: str, start: int, edges: frozenset[int], found: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Earlier members of a list whose last name is proven: 李明、王芳和赵静老师."""
    earlier: list[tuple[int, int]] = []
    floor = found[-1][1] if found else 0
    while start - 1 > floor and text[start - 1] in "、和与及":
        end = start - 1
        begin = next(
            (
                end - size
                for size in (3, 2, 4)
                if end - size in edges
                and end - size >= floor
                and _is_han(text[end - size : end])
                and is_private_name(text[end - size : end])
                and (end - size + 1 in edges or text[end - size : end - size + 2] in _words().compound)
            ),
            None,
        )
        if begin is None:
            break
        earlier.insert(0, (begin, end))
        start = begin
    return earlier


def _is_han(text: str) -> bool:
    return len(_HAN.findall(text)) == len(text)


def is_private_name(name: str) -> bool:
    """Whether two to four characters look like a private person's name."""
    words = _words()
    if name in words.unnamed or not 2 <= len(name) <= 4:
        return False
    if words.never & set(name[1:]):
        return False
    if name[:2] in words.compound and len(name) >= 3:
        return True
    return name[0] in words.surnames and len(name) <= 3 and (not is_known(name) or is_name_word(name))
