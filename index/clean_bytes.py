"""Repairs of bytes that went wrong before there was text: injected pinyin (N1), numerals and runs whose
two-byte GBK codes lost step (N2, N3, N4), and a text decoded with the wrong table.

A run out of step shows the second byte of one character and the first of the next as one character. Bytes
are put back in pairs; where a pair fell outside GBK and was dropped, words of the trade decide what stood
there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from index.clean_rules import HAN, converter, load_rules
from index.types import Repair

TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿêɑɡ"
_TONED = re.compile(rf"(?<=[{HAN}A-Za-z])[(（]([a-zü{TONES}]{{1,7}})[)）]")
_SYLLABLE = re.compile(r"[bpmfdtnlgkhjqxzcsryw]?h?[iuü]?[aeiouü]{1,2}[nr]?g?")
_TORN = re.compile(rf"\?([a-zü{TONES}]{{1,7}})\)")
_MAX_RUN = 40
_MAX_TORN = 12
_BEAM = 40
_STOPS = "，。；：、！？“”‘’（）《》\n \t"
Cell = tuple[int | None, int | None]


def pinyin(text: str) -> Iterator[Repair]:
    """N1: syllables in brackets after the character they spell. Toneless ones only beside toned ones."""
    toned = sum(any(c in TONES for c in match.group(1)) for match in _TONED.finditer(text))
    for match in _TONED.finditer(text):
        syllable = match.group(1)
        has_tone = any(c in TONES for c in syllable)
        if has_tone or (toned >= 3 and _SYLLABLE.fullmatch(syllable)):
            yield Repair("N1", match.start(), match.end(), match.group(), "")


def shifted(text: str) -> Iterator[Repair]:
    """N2 and N3: a bracketed numeral at a line's start that lost step, and the run behind it."""
    rules = load_rules()
    names = "|".join(
        sorted((re.escape(name) for name in rules.numerals if name != "。"), key=len, reverse=True)
    )
    for match in re.finditer(rf"(?m)^[ \t\u3000]*({names}|。(?=、))(、?)", text):
        numeral = f"（{rules.numerals[match.group(1)]}）"
        yield Repair("N2", match.start(), match.end(), match.group(), numeral)
        if match.group(2):
            continue
        run = _run_after(text, match.end())
        if run and (whole := _restore(run, text[match.end() + len(run) :][:1])):
            yield Repair("N3", match.end(), match.end() + len(run), run, whole)


def torn(text: str) -> Iterator[Repair]:
    """N4: a run that lost step inside a sentence, where the first character left only its pinyin: ?qū)."""
    position = 0
    while match := _TORN.search(text, position):
        position = match.end()
        end, has_tail = _torn_end(text, match.end())
        if end is None:
            continue
        run = text[match.end() : end]
        cells = _cells(_run_bytes(run), head=True, tail=has_tail)
        tail = _TORN.match(text, end) if has_tail else None
        stop = tail.end() if tail else end
        whole = _solve(cells, text[match.start() - 1 : match.start()], text[stop : stop + 1])
        if whole:
            yield Repair("N4", match.start(), stop, text[match.start() : stop], whole)
            position = stop


def misread(text: str) -> Iterator[Repair]:
    """A whole text decoded with the wrong table: UTF-8 read as GBK, or GBK read as Latin-1."""
    letters = re.sub(r"[\s\x21-\x7e]", "", text)
    if len(letters) < 8 or _familiar(letters) > 0.15:
        return
    for written, read in (("gb18030", "utf-8"), ("latin-1", "gb18030"), ("cp1252", "gb18030")):
        try:
            whole = text.encode(written).decode(read)
        except UnicodeError:
            continue
        if _familiar(re.sub(r"[\s\x21-\x7e]", "", whole)) > 0.35:
            yield Repair("N0", 0, len(text), text, whole)
            return


def _familiar(text: str) -> float:
    """Share of frequent Chinese characters."""
    return sum(c in _ranks() for c in text) / max(len(text), 1)


def _run_after(text: str, start: int) -> str:
    """Return the run out of step that begins at `start`, "" if the text is sound there."""
    first = text[start : start + 1]
    if not first or not (_lead_of(first) in (0xA2, 0xA9) or (first.isascii() and first.isalpha())):
        return ""
    for end in range(start, min(start + _MAX_RUN, len(text))):
        if text[end].isascii() and text[end].isalpha():
            return text[start : end + 1]
        if text[end] in _STOPS or not _two_bytes(text[end]):
            return text[start:end]
    return text[start : start + _MAX_RUN]


def _restore(run: str, following: str) -> str:
    if run.isascii():
        return _solve(((None, ord(run[0])),), "", following)
    data = _run_bytes(run)[1:]
    return _solve(_cells(data, head=False, tail=len(data) % 2 == 1), "", following)


def _run_bytes(run: str) -> bytes:
    """Return the bytes of a run; its last character may be a single byte that looks like a letter."""
    if run[-1:].isascii():
        return _two_bytes(run[:-1]) + run[-1:].encode()
    return _two_bytes(run)


def _torn_end(text: str, start: int) -> tuple[int | None, bool]:
    """Return where a torn run ends and whether its last character left only a byte."""
    for end in range(start, min(start + _MAX_TORN, len(text))):
        if text[end] == "?" and _TORN.match(text, end):
            return end, True
        if text[end].isascii() and text[end].isalpha():
            return end + 1, False
        if text[end] in _STOPS or not _two_bytes(text[end]):
            return None, False
    return None, False


def _cells(data: bytes, head: bool, tail: bool) -> tuple[Cell, ...]:
    """Pair bytes up; `head` means the first byte of all was lost, `tail` the last."""
    whole: list[int | None] = [*([None] if head else []), *data, *([None] if tail else [])]
    if len(whole) % 2:
        return ()
    return tuple((whole[i], whole[i + 1]) for i in range(0, len(whole), 2))


@lru_cache(maxsize=1024)
def _solve(cells: tuple[Cell, ...], before: str, after: str) -> str:
    """Return the likeliest characters for `cells`, "" when none are convincing."""
    beam: list[tuple[float, str]] = [(0.0, before)] if cells else []
    for cell in cells:
        grown = [
            (score + _fit(made[-1:], piece), made + piece) for score, made in beam for piece in _pieces(cell)
        ]
        beam = sorted(grown, reverse=True)[:_BEAM]
    ranked = sorted(((score + _pair(made[-1:], after), made) for score, made in beam), reverse=True)
    if not ranked or ranked[0][0] < 0:
        return ""
    return ranked[0][1][len(before) :]


@lru_cache(maxsize=4096)
def _pieces(cell: Cell) -> tuple[str, ...]:
    """Return what may stand in a cell: one character, or two whose inner bytes were dropped together."""
    lead, trail = cell
    if lead is not None and trail is not None:
        whole = _character(lead, trail)
        if whole and _rank(whole) > 0:
            return (whole,)
        split = [
            a + b
            for a in _known(lead, None)
            for b in _known(None, trail)
            if _dropped(_two_bytes(a)[1], _two_bytes(b)[0])
        ]
        return (*split, *([whole] if whole else []))
    return _known(lead, trail)


@lru_cache(maxsize=1024)
def _known(lead: int | None, trail: int | None) -> tuple[str, ...]:
    """Return the familiar characters with this first or second byte."""
    leads = range(0x81, 0xFF) if lead is None else (lead,)
    trails = range(0x40, 0xFF) if trail is None else (trail,)
    found = (_character(a, b) for a in leads for b in trails)
    return tuple(c for c in found if c and _rank(c) > 0)


def _fit(previous: str, piece: str) -> float:
    joined = previous + piece
    pairs = sum(_pair(joined[i], joined[i + 1]) for i in range(len(joined) - 1))
    return pairs + sum(_rank(c) if _rank(c) > 0 else -12.0 for c in piece)


def _pair(first: str, second: str) -> float:
    if not first or not second:
        return 0.0
    return 10.0 if _simple(first) + _simple(second) in load_rules().pairs else 0.0


def _rank(character: str) -> float:
    """Return 0 for an unfamiliar character, up to 3 for the most frequent."""
    place = _ranks().get(_simple(character))
    return 0.0 if place is None else 3.0 - 2.0 * place / len(_ranks())


@lru_cache(maxsize=1)
def _ranks() -> dict[str, int]:
    rules = load_rules()
    words = sorted({c for pair in rules.pairs for c in pair} - set(rules.common))
    return {c: i for i, c in enumerate(dict.fromkeys(rules.common + "".join(words)))}


@lru_cache(maxsize=8192)
def _simple(character: str) -> str:
    return str(converter().convert(character))


def _character(lead: int, trail: int) -> str:
    try:
        decoded = bytes((lead, trail)).decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return decoded if len(decoded) == 1 and not "\ue000" <= decoded <= "\uf8ff" else ""


def _dropped(lead: int, trail: int) -> bool:
    """Whether this pair is no character, so that a decoder dropped it."""
    return not _character(lead, trail)


def _lead_of(character: str) -> int:
    data = _two_bytes(character)
    return data[0] if data else 0


def _two_bytes(text: str) -> bytes:
    """Return GBK bytes of `text`, nothing when a character of it has no two-byte code."""
    data = text.encode("gb18030", "ignore")
    return data if len(data) == 2 * len(text) else b""
