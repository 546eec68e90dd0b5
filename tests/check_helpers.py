"""A unit, drafts of one section, and what one check says of them; shared by the tests of the checks."""

from dataclasses import replace
from datetime import date

from assistant.checks import CheckContext, run
from assistant.tables import load_tables
from assistant.types import Draft, Finding, Profile, Request, Section
from index.types import OrgType, Period, SectionCode

TABLES = load_tables()
TODAY = date(2026, 7, 6)
PROFILE = Profile(
    unit="清河县人民医院",
    union="清河县人民医院工会委员会",
    short="县医院",
    org_type=OrgType.HOSPITAL,
    province="",
    people=320,
    women=210,
    groups=12,
    upper=("县总工会", "县卫生健康系统工会"),
    programs=("暖心小屋",),
    key_tasks=("急诊急救技能比武",),
)


def request_for(org=OrgType.HOSPITAL, period=Period.H2, year=2026, **changes) -> Request:
    return replace(Request("请写计划", org, period, year, today=TODAY, length=0), **changes)


def draft_of(
    *sections: tuple[SectionCode, str, str], request=None, profile=PROFILE, title="工作计划"
) -> Draft:
    made = tuple(Section(f"s{i}", code, heading, text) for i, (code, heading, text) in enumerate(sections, 1))
    return Draft("d1", request or request_for(), profile, title, "composer", made)


def judge(
    check: str, text: str, code=SectionCode.CARE, private=None, today=TODAY, **changes
) -> list[Finding]:
    """Return what one check says of one section, the unit's profile left out unless given."""
    profile = changes.pop("profile", Profile())
    request = request_for(**changes)
    plan = draft_of((code, "", text), request=request, profile=profile)
    context = CheckContext(TABLES, profile, request, today, private or {})
    return [finding for finding in run(plan, context) if finding.check == check]


def quotes(findings: list[Finding]) -> list[str]:
    return [finding.quote for finding in findings]


def assert_exact(findings: list[Finding], text: str) -> None:
    """Spans are exact, and a person is told why and what to do."""
    for finding in findings:
        assert text[finding.start : finding.end] == finding.quote
        assert finding.message
        assert finding.suggestion


PRIVATE = {
    "东岭镇中心卫生院工作计划": (
        ("unit", "东岭镇中心卫生院"),
        ("short", "东岭卫生院"),
        ("person", "欧阳明德"),
        ("program", "杏林夜话"),
        ("docno", "东工发〔2019〕7号"),
        ("session", "第九届二次"),
        ("count", "186人"),
        ("count", "12人"),
        ("date", "9月10日"),
        ("program", "安康杯"),
        ("upper", "县总工会"),
        ("place", "东岭"),
        ("money", "8600元"),
    )
}
