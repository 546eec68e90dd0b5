"""A plan somebody wrote in a file -> a `Draft`, so that it can be checked like our own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from assistant.text import han_count
from assistant.types import Draft, Profile, Request, Section
from assistant.when import chinese_date
from index.errors import UserError
from index.library import examine
from index.types import Document, Genre, Period, SectionCode

HAND = "人工"


def read_plan(path: Path, profile: Profile, today: date) -> Draft:
    """Return the first plan in a file as a draft with an empty id. Nothing is stored.

    What the text does not tell (unit type) comes from the profile.

    :raises UserError: when the file cannot be read or holds no plan.
    """
    documents = examine(path)
    if not documents:
        raise UserError(f"“{path.name}”里没有读到计划正文，请检查文件内容。")
    document = documents[0]
    labels = document.labels
    request = Request(
        text="",
        org_type=profile.org_type or labels.org_type,
        period=labels.period or Period.YEAR,
        year=labels.year or today.year,
        genre=labels.genre or Genre.PLAN,
        length=han_count(document.text),
        today=today,
    )
    sections = tuple(_sections(document))
    return Draft("", request, profile, document.title, HAND, sections, "", chinese_date(today))


def _sections(document: Document) -> Iterator[Section]:
    """Yield the sections that have a body; a heading over sub-headings alone becomes their group."""
    group = ""
    for section in document.sections:
        body = document.text[section.start : section.end].strip("\n")
        if section.level == 1:
            group = "" if body.strip() else section.heading
        if body.strip():
            code = section.code or SectionCode.SELF
            inside = group if section.level > 1 else ""
            yield Section(f"s{section.order}", code, section.heading, body, inside, writer=HAND)
