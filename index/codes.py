"""The codes of the command-line contract (docs/architecture.md); what each means: `index/labels.toml`."""

from __future__ import annotations

from enum import StrEnum


class OrgType(StrEnum):
    """What kind of unit a union belongs to."""

    HOSPITAL = "hospital"
    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    COLLEGE = "college"
    VOCATIONAL = "vocational"
    MFG = "mfg"
    SOE = "soe"
    SERVICE = "service"
    BANK = "bank"
    CONSTRUCTION = "construction"
    GOV = "gov"
    INSTITUTION = "institution"
    FORESTFARM = "forestfarm"
    TOWNSHIP = "township"
    VILLAGE = "village"
    EDU_SYSTEM = "edu_system"
    HEALTH_SYSTEM = "health_system"


class Period(StrEnum):
    """The span of time a document covers."""

    YEAR = "year"
    H1 = "h1"
    H2 = "h2"
    TERM1 = "term1"
    TERM2 = "term2"
    SCHOOLYEAR = "schoolyear"
    QUARTER = "quarter"
    MONTH = "month"


class Genre(StrEnum):
    """What kind of document it is, judged by its content, not its title."""

    PLAN = "plan"
    KEYPOINTS = "keypoints"
    SCHEDULE = "schedule"
    SUMMARY = "summary"
    REPORT = "report"
    HYBRID = "hybrid"


class SectionCode(StrEnum):
    """What a section is about."""

    LEAD = "LEAD"
    GUIDE = "GUIDE"
    GOAL = "GOAL"
    POLITICS = "POLITICS"
    DEMOCRACY = "DEMOCRACY"
    RIGHTS = "RIGHTS"
    SKILL = "SKILL"
    SAFETY = "SAFETY"
    CARE = "CARE"
    CULTURE = "CULTURE"
    WOMEN = "WOMEN"
    RETIREE = "RETIREE"
    PUBLICITY = "PUBLICITY"
    FINANCE = "FINANCE"
    SELF = "SELF"
    SCHEDULE = "SCHEDULE"
    SAFEGUARD = "SAFEGUARD"
    CLOSE = "CLOSE"


class FactKind(StrEnum):
    """A private fact of a document: what must never surface in another unit's draft."""

    UNIT = "unit"
    SHORT = "short"
    PARTY = "party"
    UPPER = "upper"
    PERSON = "person"
    PLACE = "place"
    MONEY = "money"
    COUNT = "count"
    DATE = "date"
    SESSION = "session"
    DOCNO = "docno"
    PROGRAM = "program"
    CONTACT = "contact"


class Flag(StrEnum):
    """Why a document deserves less trust. Shown as a badge, ranked lower, filterable."""

    TRUNCATED_START = "truncated_start"
    TRUNCATED_END = "truncated_end"
    SPUN = "spun"
    MASKED = "masked"
    CENSORED = "censored"
    STALE = "stale"
    TITLE_MISMATCH = "title_mismatch"
    MIXED_TRADES = "mixed_trades"
    SUMMARY = "summary"
    DUPLICATE = "duplicate"
    MACHINE_WRITTEN = "machine_written"
    MISNUMBERED = "misnumbered"


class PassageKind(StrEnum):
    """An item is one numbered measure; prose is a paragraph; line is an entry of a month table."""

    ITEM = "item"
    PROSE = "prose"
    LINE = "line"
