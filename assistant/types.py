"""The nouns of drafting, the events of long work, and the Writer and Model protocols.

A draft is a flat list of sections in reading order. A wrapper heading such as 三、主要工作 is no
section of its own: its sections carry it as `group`, and numbering is added when the plan is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from index.types import Genre, OrgType, Passage, Period, SectionCode

# Sections that hold no measures of their own: they come from tables, profile and the plan's body.
FRAME = frozenset(
    {
        SectionCode.LEAD,
        SectionCode.GUIDE,
        SectionCode.GOAL,
        SectionCode.SCHEDULE,
        SectionCode.SAFEGUARD,
        SectionCode.CLOSE,
    }
)


@dataclass(frozen=True, slots=True)
class Profile:
    """The unit a plan is written for. Empty fields are unknown, never guessed.

    `unit` is the unit's own name (云栖市第三人民医院), `union` its union's full name
    (云栖市第三人民医院工会委员会), `short` what people call the unit (市三院), `upper` the unions above
    it, nearest last. `use_words` maps our words to theirs (职工 -> 员工). Counts are people.
    """

    unit: str = ""
    union: str = ""
    short: str = ""
    org_type: OrgType | None = None
    level: str = ""
    province: str = ""
    people: int | None = None
    women: int | None = None
    groups: int | None = None
    party: str = ""
    upper: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    key_tasks: tuple[str, ...] = ()
    fixed_events: tuple[str, ...] = ()
    use_words: Mapping[str, str] = field(default_factory=dict)
    avoid_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. `year` is the calendar year, for terms the one the school year begins in.

    `emphasis` and `avoid` hold section codes and plain words; `length` is Hanzi; `sections` is an
    exact count of level-1 sections when one was asked for, `part` the number of a quarter or month.
    `last_year` are lines of last year's plan that the new one must not repeat.
    `assumptions` are Chinese sentences shown to the person, `question` the one thing worth asking
    ("" if nothing is).
    """

    text: str
    org_type: OrgType | None = None
    period: Period = Period.YEAR
    year: int = 0
    genre: Genre = Genre.PLAN
    emphasis: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    length: int = 1500
    org_name: str = ""
    sections: int | None = None
    part: int = 0
    style: tuple[str, ...] = ()
    use_words: Mapping[str, str] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    question: str = ""
    today: date = date.min
    last_year: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """One section to write: `target` is its length in Hanzi, `support` how many of how many
    precedents of this type have it.
    """

    id: str
    code: SectionCode
    heading: str
    group: str = ""
    points: tuple[str, ...] = ()
    target: int = 0
    support: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Outline:
    """The plan's title and its sections, in reading order."""

    title: str
    items: tuple[OutlineItem, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A precedent passage whose private facts are typed slots such as ｛单位｝. Writers see this only."""

    passage: Passage
    masked: str
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """`start:end` of a section's text leans on `quote` in a precedent passage.

    `kind` says how that was found: "match" is a run of words the two share, "similar" a sentence that says
    nearly the same; `score` is 1 for a match, else the likeness of the two sentences, 0 to 1.
    """

    start: int
    end: int
    passage_id: int
    document_id: str
    title: str
    quote: str
    kind: str = "match"
    score: float = 1.0


class Status(StrEnum):
    """Where a section stands with the person."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Section:
    """A written section. `text` holds body lines without heading; items begin "1." and so on."""

    id: str
    code: SectionCode
    heading: str
    text: str
    group: str = ""
    citations: tuple[Citation, ...] = ()
    status: Status = Status.DRAFT
    writer: str = ""


class Severity(StrEnum):
    """`high` would embarrass the chair, `medium` should be looked at, `low` is a hint."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Mend:
    """One way to put a finding right: `start:end` of its section's text (of the title for section_id "")
    becomes `text`. `label` is what the button says.
    """

    label: str
    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a check saw at `start:end` of a section's text (section_id "" is the title).

    `mends` are what can be done about it with one click, the best first; none where only a person can.
    """

    check: str
    severity: Severity
    section_id: str
    start: int
    end: int
    quote: str
    message: str
    suggestion: str = ""
    mends: tuple[Mend, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A precedent passage the person wants heeded in a section, with its text as it then was."""

    section_id: str
    passage_id: int
    document_id: str
    title: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole plan. `signature` and `signed_on` are its closing lines, `outline` what it was written to.

    `confirmed` are the figures the person has said are right, each with the clause it stands in;
    `references` the passages they put beside a section.
    """

    id: str
    request: Request
    profile: Profile
    title: str
    writer: str
    sections: tuple[Section, ...]
    signature: str = ""
    signed_on: str = ""
    findings: tuple[Finding, ...] = ()
    outline: Outline | None = None
    confirmed: tuple[tuple[str, str], ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionTask:
    """Everything a writer may know about the section it writes.

    `earlier` are the sections already written, `material` the Composer's version (empty for the
    Composer itself), `variant` counts 换一版, `instruction` is the person's wish when redrafting. `strangers`
    are other units' facts: a model is never shown one, and a sentence of its with one is dropped.
    """

    request: Request
    profile: Profile
    outline: Outline
    item: OutlineItem
    evidence: tuple[Evidence, ...] = ()
    earlier: tuple[Section, ...] = ()
    material: str = ""
    variant: int = 0
    instruction: str = ""
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionStarted:
    """Work on section `number` of `total` began."""

    section_id: str
    heading: str
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class TextChunk:
    """More text of a section, in the order it is to be shown."""

    section_id: str
    text: str


@dataclass(frozen=True, slots=True)
class SectionDone:
    """A section is final: slots resolved, citations computed."""

    section: Section


@dataclass(frozen=True, slots=True)
class DraftDone:
    """All sections are written and checked."""

    draft: Draft


DraftEvent = SectionStarted | TextChunk | SectionDone | DraftDone

Message = Mapping[str, str]


class Stop(Protocol):
    """A flag that another thread sets to end generation (`threading.Event` is one)."""

    def is_set(self) -> bool: ...


class Model(Protocol):
    """A chat model. `stream` yields text as it comes and ends within a token once `stop` is set."""

    @property
    def name(self) -> str: ...
    def stream(self, messages: Sequence[Message], max_tokens: int, stop: Stop) -> Iterator[str]: ...


class Writer(Protocol):
    """Writes the body lines of one section, streamed."""

    @property
    def name(self) -> str: ...
    def write(self, task: SectionTask) -> Iterator[str]: ...
