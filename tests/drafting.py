"""Hand-made precedents, tasks and requests for the drafting tests."""

from datetime import date

from assistant.mask import mask
from assistant.request import parse_request
from assistant.tables import load_tables
from assistant.types import Evidence, Outline, OutlineItem, Profile, Request, SectionTask
from index.types import Fact, Flag, Genre, OrgType, Passage, PassageKind, Period, SectionCode

TODAY = date(2026, 11, 21)
TABLES = load_tables()


def passage(
    number,
    text,
    org=OrgType.HOSPITAL,
    code=SectionCode.CARE,
    period=Period.H2,
    year=2026,
    document="",
    origin="starter",
    flags=(),
    kind=PassageKind.ITEM,
):
    return Passage(
        number,
        document or f"d{number}",
        f"某单位工会计划{document or number}",
        Genre.PLAN,
        org,
        period,
        year,
        code,
        kind,
        "三、服务职工",
        text,
        0,
        len(text),
        frozenset(map(Flag, flags)),
        origin,
    )


def evidence(number, text, facts=(), score=3.0, **more):
    facts = tuple(Fact(kind, words, 0, 0) for kind, words in facts)
    return Evidence(passage(number, text, **more), mask(text, facts), score)


def item(code=SectionCode.CARE, heading="做实日常帮扶", target=120, points=(), id="s1", group=""):
    return OutlineItem(id, code, heading, group, tuple(points), target)


def task(
    found=(), what=None, text="医院工会下半年计划", profile=Profile(), earlier=(), variant=0, items=None
):
    what = what or item()
    return SectionTask(
        parse_request(text, TODAY),
        profile,
        Outline("计划", tuple(items or (what,))),
        what,
        tuple(found),
        tuple(earlier),
        variant=variant,
    )


def hospital_request(**more):
    """A request with a type, a period, three emphases and something to leave out."""
    return Request(
        "医院计划",
        OrgType.HOSPITAL,
        Period.H2,
        2026,
        Genre.PLAN,
        ("WOMEN", "女职工工作", "夜班"),
        ("三八",),
        today=TODAY,
        **more,
    )
