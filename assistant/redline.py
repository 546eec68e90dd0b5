"""What changed between two versions of a plan, as native tracked changes of a Word file.

Accepting all changes gives the newer version, rejecting all the older one. Paragraphs of one kind that
are alike are compared word by word; others are deleted and inserted whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import count

from assistant import docx_style as style
from assistant.docx_body import Row, clean, paragraphs, runs, runs_of
from assistant.numbering import Line, lines
from assistant.types import Draft

AUTHOR = "修改稿"
_ALIKE = 0.45
_NUMBER = re.compile(r"\d{1,2}\.|（\d{1,2}）")
_TOO_SHORT = 2
_Piece = tuple[str, str]
"""A piece of text and what became of it: "" kept, "del" or "ins"."""


def to_redline(before: Draft, after: Draft) -> bytes:
    """Return a Word file of `after` in which every difference from `before` is a tracked change."""
    day = after.request.today.isoformat()
    changes = _Changes(day)
    rows = [row for old, new in _pairs(lines(before), lines(after)) for row in changes.rows(old, new)]
    return style.package(paragraphs(rows), title=clean("".join(after.title.split("\n"))).strip(), day=day)


class _Changes:
    """Writes tracked changes, each with a number of its own."""

    def __init__(self, day: str) -> None:
        self._day = day
        self._numbers = count(1)

    def rows(self, old: Line | None, new: Line | None) -> Iterator[Row]:
        """Yield the paragraphs of one pair of lines; None where one side has none."""
        if old is None and new is not None:
            yield Row(new, self._wrap("ins", runs(new.text)), self._mark("ins"))
        elif old is not None and new is None:
            yield Row(old, self._wrap("del", runs(old.text, "w:delText")), self._mark("del"))
        elif old is not None and new is not None:
            yield Row(new, runs_of(new) if old.text == new.text else self._runs(old.text, new.text))

    def _runs(self, old: str, new: str) -> str:
        return "".join(
            self._wrap(kind, runs(text, "w:delText" if kind == "del" else "w:t")) if kind else runs(text)
            for text, kind in pieces(old, new)
        )

    def _wrap(self, kind: str, inner: str) -> str:
        return f"<w:{kind} {self._who()}>{inner}</w:{kind}>" if inner else ""

    def _mark(self, kind: str) -> str:
        return f"<w:{kind} {self._who()}/>"

    def _who(self) -> str:
        return f'w:id="{next(self._numbers)}" w:author="{AUTHOR}" w:date="{self._day}T00:00:00Z"'


def pieces(old: str, new: str) -> tuple[_Piece, ...]:
    """Return how `old` becomes `new`, word by word; a kept run too short to read is part of the change."""
    left, right = _words(old), _words(new)
    found: list[_Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("".join(left[i:j]), ""))
        else:
            found += [("".join(left[i:j]), "del"), ("".join(right[k:m]), "ins")]
    return _joined(_without_crumbs([piece for piece in found if piece[0]]))


def _words(text: str) -> list[str]:
    """Cut a line into words, its item number apart from a month that follows it (1.9月)."""
    import rjieba

    number = _NUMBER.match(text)
    start = number.end() if number else 0
    return [*filter(None, [text[:start]]), *rjieba.cut(text[start:])]


def _without_crumbs(found: Sequence[_Piece]) -> Iterator[_Piece]:
    """Turn a kept run of one character between two changes into part of both."""
    for number, (text, kind) in enumerate(found):
        inside = 0 < number < len(found) - 1
        if not kind and inside and len(text) < _TOO_SHORT:
            yield text, "del"
            yield text, "ins"
        else:
            yield text, kind


def _joined(found: Iterable[_Piece]) -> tuple[_Piece, ...]:
    """Return the pieces with the deletions and insertions of one place each in one piece."""
    joined: list[_Piece] = []
    gone = come = ""
    for text, kind in (*found, ("", "")):
        if kind == "del":
            gone += text
        elif kind == "ins":
            come += text
        else:
            joined += [(gone, "del"), (come, "ins"), (text, "")]
            gone = come = ""
    return tuple(piece for piece in joined if piece[0])


def _pairs(before: Sequence[Line], after: Sequence[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """Yield the lines of both sides in order, each with the line it came from or became."""
    matcher = SequenceMatcher(None, [_key(line) for line in before], [_key(line) for line in after], False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(before[i:j], after[k:m], strict=True)
        else:
            yield from _alike(before[i:j], after[k:m])


def _key(line: Line) -> tuple[str, str]:
    return line.kind.value, line.text


def _alike(before: Sequence[Line], after: Sequence[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """Pair what is most alike, then what stands before it and after it; the rest stands alone."""
    likeness = {
        (i, j): found
        for i, old in enumerate(before)
        for j, new in enumerate(after)
        if (found := _likeness(old, new)) >= _ALIKE
    }
    done_old = done_new = 0
    for i, j in _chain(likeness, (0, len(before)), (0, len(after))):
        yield from ((old, None) for old in before[done_old:i])
        yield from ((None, new) for new in after[done_new:j])
        yield before[i], after[j]
        done_old, done_new = i + 1, j + 1
    yield from ((old, None) for old in before[done_old:])
    yield from ((None, new) for new in after[done_new:])


def _chain(
    likeness: Mapping[tuple[int, int], float], olds: tuple[int, int], news: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of places to compare inside two ranges, in order, the most alike chosen first."""
    inside = [
        (found, -i, -j)
        for (i, j), found in likeness.items()
        if olds[0] <= i < olds[1] and news[0] <= j < news[1]
    ]
    if not inside:
        return
    _, i, j = max(inside)
    yield from _chain(likeness, (olds[0], -i), (news[0], -j))
    yield -i, -j
    yield from _chain(likeness, (1 - i, olds[1]), (1 - j, news[1]))


def _likeness(old: Line, new: Line) -> float:
    if old.kind is not new.kind:
        return 0.0
    matcher = SequenceMatcher(None, old.text, new.text, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0
