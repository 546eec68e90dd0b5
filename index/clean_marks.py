"""Repairs of words: stray marks (N6), masks (N7-N11, N38), slips (N5, N35, N36), repeated phrases and
sentences (N23, N24), items glued into one line (N25). What cannot be known becomes a visible slot.

Slots are `{YEAR}`, `{PARTY_REF}`, `{DOCNO}` and 〔缺〕. Words and patterns: `index/repairs.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.clean_rules import HAN, Step, lines_of, load_rules, substitute
from index.types import Repair

_STRAY = re.compile(rf"(?<=[{HAN}，。、；])[.．]?[`´](?=[{HAN}“《])|(?<=[的了和])[.．]['’](?=[{HAN}])")
_APOSTROPHE = re.compile(rf"(?<=[{HAN}，])'(?=[{HAN}“《])")
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,40}?)(?<=\S)\1")
_SPAM = re.compile(rf"((?:20\d\d|\{{YEAR\}})年[{HAN}]{{2,16}}(?:总结|计划|报告))\1+")
_SPAM_TAIL = "(?:(?:工作)?(?:总结|计划|报告))?"
_TWICE = re.compile(rf"([{HAN}]{{3,16}})\1(?!\1)")
_DOUBLED = re.compile(rf"(?<=[{HAN}])(?<![目标打])的的(?![确士])|(?<=[，。、；\d])参参(?=与)")
_PLACE_TWICE = re.compile(rf"(?<=[{HAN}])(道德|统一到|组织的|学校|工作的)\1(?=[{HAN}])")
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_ITEM = re.compile(r"^\s*(\d{1,2})[.、．]")
_GLUED = re.compile(r"(?<=[。；;])\s*(\d{1,2})([.、．])(?=[^\d\s]|\d{1,2}月)")
_LEAST_SENTENCE = 16


def stray_marks(text: str) -> Iterator[Repair]:
    """N6: back-ticks and lone apostrophes planted between characters. Quoted words keep their pair."""
    found = list(_STRAY.finditer(text))
    for start, line in lines_of(text):
        if line.count("'") % 2:
            found += [
                m
                for m in _APOSTROPHE.finditer(text, start, start + len(line))
                if text[m.start() - 1] in "的了和，"
            ]
    for match in sorted(found, key=lambda m: m.start()):
        yield Repair("N6", match.start(), match.end(), match.group(), "")


def bold(text: str) -> Iterator[Repair]:
    """N39: Markdown bold around a phrase that stands at a line's start or between marks of its own."""
    for match in _BOLD.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        opens = before in ("", "\n", " ", "\t", "\u3000") or before in "。：:，、；（(.．-"
        closes = after in ("", "\n", " ") or after in "。：:，、；）)"
        if match.group(1) == "**" and opens and (closes or match.group(2)[-1] in "：:。"):
            yield Repair("N39", match.start(), match.end(), match.group(), match.group(2))


def masks() -> tuple[Step, ...]:
    """N7-N11 and N38: one step for each row of the table, in its order."""
    return tuple(substitute(rule.kind, rule.find, rule.put) for rule in load_rules().masks)


def slips() -> tuple[Step, ...]:
    """N5, N35, N36: one step for each row of the table."""
    return tuple(substitute(rule.kind, rule.find, rule.put) for rule in load_rules().slips)


def planted_titles(text: str) -> Iterator[Repair]:
    """N24: a title printed twice in a row inside a sentence; wherever else it interrupts one, it goes too."""
    titles = {match.group(1) for match in _SPAM.finditer(text)}
    if not titles:
        return
    names = "|".join(sorted(map(re.escape, titles), key=len, reverse=True))
    for match in re.finditer(
        rf"(?<=[{HAN}，])(?:{names})(?:{names})*{_SPAM_TAIL}(?=[。，；\n{HAN}]|$)", text
    ):
        yield Repair("N24", match.start(), match.end(), match.group(), "")


def doubled_words(text: str) -> Iterator[Repair]:
    """N23: words typed twice in a row: three characters and more, and a few known shorter ones."""
    found = [*_TWICE.finditer(text), *_PLACE_TWICE.finditer(text), *_DOUBLED.finditer(text)]
    for match in sorted(found, key=lambda m: (m.start(), -m.end())):
        after = match.group()[: len(match.group()) // 2]
        yield Repair("N23", match.start(), match.end(), match.group(), after)


def doubled_sentences(text: str) -> Iterator[Repair]:
    """N23: a sentence said twice in one paragraph; the second goes."""
    for start, line in lines_of(text):
        seen: set[str] = set()
        for match in _SENTENCE.finditer(line):
            sentence = re.sub(r"^\s*\d{1,2}[.、．]\s*", "", match.group()).strip()
            whole = len(sentence) >= _LEAST_SENTENCE and sentence[-1] in "。！？"
            if whole and sentence in seen:
                yield Repair("N23", start + match.start(), start + match.end(), match.group(), "")
            seen.add(sentence)


def glued_items(text: str) -> Iterator[Repair]:
    """N25: items in one line are parted where the numbering goes on: …。3.负责 after an item 2."""
    previous = 0
    for start, line in lines_of(text):
        if not line.strip():
            continue
        head = _ITEM.match(line)
        previous = int(head.group(1)) if head else 0
        for match in _GLUED.finditer(line):
            number = int(match.group(1))
            starts_inside = (
                previous == 0 and number == 1 and re.search(r"[。；]\s*2[.、．]\D", line[match.end() :])
            )
            if number != previous + 1 or (previous == 0 and not starts_inside):
                continue
            previous = number
            before = match.group()
            yield Repair("N25", start + match.start(), start + match.end(), before, "\n" + before.lstrip())
