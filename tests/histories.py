"""Small drafts and a clock for the tests of what is kept."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.history import History
from assistant.types import Citation, Draft, Finding, Profile, Request, Section, Severity, Status
from index.types import Genre, OrgType, Period, SectionCode

NOON = datetime(2026, 11, 21, 12, 0, 0)


def ticking(start: datetime = NOON, step: timedelta = timedelta(seconds=1)) -> Callable[[], datetime]:
    """A clock that moves by `step` at every look."""
    moments = [start - step]

    def look() -> datetime:
        moments[0] += step
        return moments[0]

    return look


def section(section_id: str, text: str, code: str = "CARE") -> Section:
    return Section(id=section_id, code=SectionCode(code), heading="办实事", text=text)


def small(*sections: Section, title: str = "柳湖小学工会工作计划") -> Draft:
    return Draft(
        id="", request=Request(text=""), profile=Profile(), title=title, writer="composer", sections=sections
    )


@pytest.fixture
def full_draft() -> Draft:
    citation = Citation(2, 9, 17, "abc", "某校计划", "慰问困难职工")
    finding = Finding("period", Severity.HIGH, "s2", 0, 4, "三八节", "不在下半年。", "删去")
    return Draft(
        id="",
        request=Request(
            text="写计划",
            org_type=OrgType.HOSPITAL,
            period=Period.H2,
            year=2026,
            genre=Genre.KEYPOINTS,
            emphasis=("CARE", "夜班"),
            length=800,
            sections=5,
            use_words={"职工": "员工"},
            assumptions=("按2026年写。",),
            today=date(2026, 11, 21),
        ),
        profile=Profile(unit="市三院", org_type=OrgType.HOSPITAL, people=486, upper=("市总工会", "卫生工会")),
        title="市三院工会下半年工作计划",
        writer="model:qwen",
        sections=(
            Section("s1", SectionCode.LEAD, "", "开头。"),
            Section(
                "s2",
                SectionCode.CARE,
                "办实事",
                "1.慰问。\n2.【待填：人数】",
                "主要工作",
                (citation,),
                Status.LOCKED,
                "composer",
            ),
        ),
        signature="市三院工会委员会",
        signed_on="2026年7月3日",
        findings=(finding,),
    )


def text_of(history: History, draft_id: str) -> str:
    return history.load(draft_id).sections[0].text


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "drafts.db", ticking())


@pytest.fixture
def edited_draft(history: History) -> str:
    draft_id = history.save(small(section("s1", "一")))
    for text in ("二", "三"):
        history.save_section(draft_id, section("s1", text), "我")
    return draft_id
