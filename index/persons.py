"""Private persons in a text: a likely name beside a title, in a list of names, or with 等8名 after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.types import FactKind
from index.words import PROPER_TAGS, Span, Token, is_known, word_lists

_NAME_ENDS = r"讲|主持|带队|牵头|出席|负责|参加|亲自|任|说|和|与|及|同志|等|[，。、；：（\s]|$"
_LIST_AFTER = re.compile(
    r"等\s*(?:\d+|[一二两三四五六七八九十]+)?\s*(?:名|位|人|同志)|同志|（[男女]|[（(]?[，,]?[男女][，,]"
)


def persons_in(text: str, tokens: Sequence[Token]) -> list[Span]:
    """Private persons: a likely name beside a title, in a list of names, or with 等8名 after it."""
    lists = word_lists()["person"]
    titles, before = tuple(lists["titles"]), tuple(lists["before"])
    found: list[Span] = []
    for index, token in enumerate(tokens):
        titled = _surname_with_title(token, tokens[index + 1 : index + 2], titles)
        if titled is not None:
            found.append((FactKind.PERSON, token.start, titled))
            continue
        end = _name_end(tokens, index, text)
        if end is None or (found and token.start < found[-1][2]):
            continue
        after, ahead = text[end : end + 8], text[max(0, token.start - 6) : token.start]
        listed = bool(found) and text[found[-1][2] : token.start] in ("、", "和", "与", "及", "，")
        called = ahead.rstrip("：: ").endswith(before)
        paired = after[:1] == "、" and _name_end(tokens, index + 2, text) is not None
        if called or listed or paired or after.startswith(titles) or _LIST_AFTER.match(after):
            found.append((FactKind.PERSON, token.start, end))
    return [*found, *_names_before(text, tokens, found), *_titled(text)]


@lru_cache(maxsize=1)
def _titled_pattern() -> re.Pattern[str]:
    lists = word_lists()["person"]
    titles = "|".join(lists["titled"])
    return re.compile(rf"(?:^|(?<=[由请让经与和及向、，。；：（\n]))[{lists['plain']}](?:{titles})")


def _titled(text: str) -> Iterator[Span]:
    """王主任 after a word boundary, whatever the segmenter made of it."""
    for match in _titled_pattern().finditer(text):
        yield FactKind.PERSON, *match.span()
    for match in _named_pattern().finditer(text):
        name = match.group(1)
        if is_private_name(name) and not is_known(name[:2]):
            yield FactKind.PERSON, *match.span(1)


@lru_cache(maxsize=1)
def _named_pattern() -> re.Pattern[str]:
    """院长赵立新讲…: a title, three characters that begin with a surname, and the end of a name."""
    lists = word_lists()["person"]
    titles = "|".join(lists["titled"])
    return re.compile(
        rf"(?:{titles}|联系人|负责人)[：:]?([{lists['plain']}][\u4e00-\u9fff]{{2}})(?={_NAME_ENDS})"
    )


def _surname_with_title(token: Token, following: Sequence[Token], titles: tuple[str, ...]) -> int | None:
    """End of 王主任 or 张老师 when the segmenter saw a person there."""
    plain = word_lists()["person"]["plain"]
    if token.tag not in PROPER_TAGS or token.word[0] not in plain:
        return None
    if token.word[1:] in titles:
        return token.end
    if len(token.word) == 1 and following and following[0].start == token.end:
        title = next(
            (word for word in sorted(titles, key=len, reverse=True) if following[0].word == word), None
        )
        return following[0].end if title else None
    return None


def _name_end(tokens: Sequence[Token], index: int, text: str) -> int | None:
    """End of a name of two to four characters that begins at a token, or None."""
    token = tokens[index] if index < len(tokens) else None
    if token is None or token.tag not in ("nr", "nrt", "nrfg"):
        return None
    end = token.end
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if len(token.word) <= 2 and following and following.tag == "nr" and len(following.word) == 1:
        end = following.end
    name = text[token.start : end]
    return end if is_private_name(name) else None


def is_private_name(name: str) -> bool:
    """Whether two to four characters look like a private person's name."""
    lists = word_lists()["person"]
    if name in lists["public"] or name in lists["not_names"] or not 2 <= len(name) <= 4:
        return False
    return (name[0] in lists["surnames"] and len(name) <= 3) or name[:2] in lists["compound"]


def _names_before(text: str, tokens: Sequence[Token], found: Sequence[Span]) -> Iterator[Span]:
    """Earlier members of a list whose last name is proven: 李明、王芳和赵静老师."""
    starts = {start for _, start, _ in found}
    ends = {token.end: index for index, token in enumerate(tokens)}
    for start in sorted(starts, reverse=True):
        position = start
        while position and text[position - 1] in "、和与及" and position - 1 in ends:
            index = ends[position - 1]
            token = tokens[index]
            if (
                token.tag not in ("nr", "nrt", "nrfg")
                or not is_private_name(token.word)
                or token.start in starts
            ):
                break
            yield FactKind.PERSON, token.start, token.end
            position = token.start
