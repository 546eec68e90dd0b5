"""Passages: exact spans, nothing lost, never longer than the encoder takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from index import clean, segment
from index.classify import sections_of
from index.facts import find_facts, redact
from index.passages import SEPARATOR, split
from index.types import PassageKind, SectionCode

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
STARTER = Path(__file__).parents[1] / "index" / "starter"


@dataclass(frozen=True)
class CharacterEncoder:
    """Counts a token a character."""

    max_tokens: int = 512
    name: str = "characters"
    dim: int = 3

    def count_tokens(self, text: str) -> int:
        return len(text)

    def encode_queries(self, texts: Sequence[str]) -> object:
        raise AssertionError("passages are cut, not encoded")

    def encode_passages(self, texts: Sequence[str]) -> object:
        raise AssertionError("passages are cut, not encoded")


PLAN = """溪口医院工会2027年工作计划

为做好全年工作，制定本计划。
一、总体要求
围绕医院中心工作开展活动。
二、主要工作
（一）院务公开
院务公开要抓实。
1.每月更新公开栏。
2.由李秀兰老师收集意见，电话13800138000。
（二）帮扶
1.看望住院职工。
三、月度安排
1月：召开职代会。
5月：护士节活动。

溪口医院工会
2026年12月30日"""

FLAT = """为做好工作，制定本计划。
1.看望住院和困难职工，做好送温暖。
2.开好职代会，落实提案，推进院务公开。
3.组织职工运动会和文艺活动。"""


def passages_of(text: str, max_tokens: int = 512, meta: dict[str, object] | None = None):
    sections = sections_of(text, segment.headings(text))
    return split(text, sections, find_facts(text, meta or {}), CharacterEncoder(max_tokens))


def test_items_paragraphs_and_month_lines():
    found = [(draft.kind, draft.code, draft.trail, draft.text) for draft in passages_of(PLAN)]
    openness = "二、主要工作 › （一）院务公开"
    assert found == [
        (PassageKind.PROSE, SectionCode.LEAD, "", "为做好全年工作，制定本计划。"),
        (PassageKind.PROSE, SectionCode.GUIDE, "一、总体要求", "围绕医院中心工作开展活动。"),
        (PassageKind.PROSE, SectionCode.DEMOCRACY, openness, "院务公开要抓实。"),
        (PassageKind.ITEM, SectionCode.DEMOCRACY, openness, "1.每月更新公开栏。"),
        (
            PassageKind.ITEM,
            SectionCode.DEMOCRACY,
            openness,
            "2.由〔略〕老师收集意见，电话〔略〕。",
        ),
        (PassageKind.ITEM, SectionCode.CARE, "二、主要工作 › （二）帮扶", "1.看望住院职工。"),
        (PassageKind.LINE, SectionCode.SCHEDULE, "三、月度安排 › 1月", "召开职代会。"),
        (PassageKind.LINE, SectionCode.SCHEDULE, "三、月度安排 › 5月", "护士节活动。"),
    ]


def test_text_differs_from_the_document_only_where_personal_data_stood():
    facts = find_facts(PLAN, {})
    for draft in passages_of(PLAN):
        assert draft.text == redact(PLAN, facts, draft.start, draft.end)
    changed = [draft for draft in passages_of(PLAN) if draft.text != PLAN[draft.start : draft.end]]
    assert [PLAN[draft.start : draft.end] for draft in changed] == [
        "2.由李秀兰老师收集意见，电话13800138000。"
    ]


def test_items_of_a_flat_list_tell_their_own_codes():
    codes = [draft.code for draft in passages_of(FLAT)]
    assert codes == [SectionCode.LEAD, SectionCode.CARE, SectionCode.DEMOCRACY, SectionCode.CULTURE]


def test_a_long_paragraph_is_cut_at_sentence_ends():
    sentence = "工会要把职工的事一件一件办好。"
    text = "一、帮扶\n" + sentence * 10
    found = passages_of(text, max_tokens=60)
    assert len(found) > 1
    assert all(draft.text.endswith("。") for draft in found)
    assert "".join(draft.text for draft in found) == sentence * 10
    assert all(len(f"{draft.trail}\n{draft.text}") <= 60 for draft in found)


@pytest.mark.parametrize("limit", [24, 60, 200, 512])
def test_no_passage_is_longer_than_the_encoder_takes(limit):
    text = (
        "一、帮扶和慰问困难职工及其家庭\n"
        + "没有标点的一长串文字" * 40
        + "。\n1.看望住院职工，送去关怀；登记困难。"
    )
    for draft in passages_of(text, limit):
        assert len(f"{draft.trail}\n{draft.text}" if draft.trail else draft.text) <= limit
    assert not missing(text, limit)


def test_a_trail_too_long_for_the_encoder_is_shortened():
    text = "一、" + "很长的标题" * 6 + "\n看望职工。"
    (draft,) = passages_of(text, max_tokens=20)
    assert draft.text == "看望职工。"
    assert 0 < len(draft.trail) <= 10


def test_an_empty_text_has_no_passages():
    assert passages_of("") == []
    assert split("", (), (), CharacterEncoder()) == []


def test_punctuation_alone_is_no_passage():
    assert passages_of("一、帮扶\n……\n看望职工。") != []
    assert [draft.text for draft in passages_of("一、帮扶\n……\n看望职工。")] == ["看望职工。"]


def missing(text: str, limit: int = 512, meta: dict[str, object] | None = None) -> list[str]:
    """Words of the sections' bodies that no passage covers; overlaps are an error."""
    sections = sections_of(text, segment.headings(text))
    covered: set[int] = set()
    for draft in split(text, sections, find_facts(text, meta or {}), CharacterEncoder(limit)):
        span = set(range(draft.start, draft.end))
        assert not span & covered
        covered |= span
    body = {i for section in sections for i in range(section.start, section.end)}
    return [text[i] for i in sorted(body - covered) if text[i].isalnum()]


def outside(text: str) -> list[str]:
    """Lines that lie in no section and are neither heading, title nor signature."""
    headings = segment.headings(text)
    sections = sections_of(text, headings)
    body = {i for section in sections for i in range(section.start, section.end)}
    names = {section.heading for section in sections} | {head.text for head in headings}
    lost = []
    position = 0
    for line in text.split("\n"):
        inside = [line[k] for k in range(len(line)) if position + k not in body and line[k].isalnum()]
        rest = "".join(inside)
        plain = "".join(char for char in line if char.isalnum())
        known = any("".join(c for c in name if c.isalnum()) in rest for name in names if name)
        if (
            rest.strip("一二三四五六七八九十")
            and not known
            and not plain.endswith(("计划", "要点", "安排", "打算", "总结"))
        ):
            lost.append(line)
        position += len(line) + 1
    return lost


def documents():
    """Every document at hand: starter library and, where they are, the sample pages."""
    paths = [*sorted(STARTER.glob("*.md")), *(sorted(SEEDS.glob("*.txt")) if SEEDS.exists() else [])]
    for path in paths:
        text = clean.clean(path.read_text("utf-8", errors="replace")).text
        for number, piece in enumerate(segment.split_pages(text, path.stem)):
            yield pytest.param(piece, id=f"{path.stem}-{number}")


@pytest.mark.parametrize("piece", documents())
def test_nothing_of_a_real_document_is_lost(piece):
    assert missing(piece.text, 200, piece.meta) == []
    signature = ("工会", "委员会", "联合会", "日", "月")
    assert [line for line in outside(piece.text) if not line.strip().endswith(signature)] == []


def test_trails_are_joined_by_one_mark():
    assert all(SEPARATOR in draft.trail for draft in passages_of(PLAN) if "（" in draft.trail)
