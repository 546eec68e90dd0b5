"""Whole pages with one kind of damage each: how they are parted, what each document is called and hides.

`fixtures/pages/Nxx_name.before.txt` is a page, `.after.txt` what becomes of it: for each document a line
`== title | genre unit type period year | flags`, then its text with private facts as [kind|words].
"""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embed import load_encoder
from index.intake import prepare
from index.types import Document, FactKind, RawDocument

PAGES = Path(__file__).parent / "fixtures" / "pages"
CASES = sorted(path.name.removesuffix(".before.txt") for path in PAGES.glob("*.before.txt"))


def shown(document: Document) -> str:
    """A document as the fixtures write it."""
    labels = document.labels
    codes = " ".join(
        str(code.value) if code else "-" for code in (labels.genre, labels.org_type, labels.period)
    )
    text, place = "", 0
    for fact in document.facts:
        text += f"{document.text[place : fact.start]}[{fact.kind.value}|{fact.text}]"
        place = fact.end
    flags = " ".join(sorted(flag.value for flag in labels.flags))
    return f"== {document.title} | {codes} {labels.year or '-'} | {flags}\n{text}{document.text[place:]}\n"


def read(case: str) -> list[Document]:
    raw = RawDocument(f"{case}.txt", (PAGES / f"{case}.before.txt").read_text("utf-8"), "txt")
    return [one.document for one in prepare(raw, "user", load_encoder())]


@pytest.mark.parametrize("case", CASES)
def test_a_damaged_page_becomes_what_a_person_would_make_of_it(case):
    assert "".join(map(shown, read(case))) == (PAGES / f"{case}.after.txt").read_text("utf-8")


@pytest.mark.parametrize("case", CASES)
def test_no_character_of_a_page_is_out_of_sight(case):
    """Every document keeps its part of the page as it was, and the parts make the page."""
    whole = (PAGES / f"{case}.before.txt").read_text("utf-8")
    assert "".join(document.original.text for document in read(case) if document.original) == whole


def test_people_of_a_page_are_in_no_passage():
    raw = RawDocument("a.txt", (PAGES / "N31_people.before.txt").read_text("utf-8"), "txt")
    (one,) = prepare(raw, "user", load_encoder())
    private = [f.text for f in one.document.facts if f.kind in (FactKind.PERSON, FactKind.CONTACT)]
    assert len(private) == 5
    assert not [words for words in private if any(words in passage.text for passage in one.passages)]
