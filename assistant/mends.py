"""One-click mends: a finding's own cure applied to the plan, and kept only when it cures.

A mend is good when its finding is gone and nothing as grave has come instead; every other section
stays byte for byte. Pure functions over a draft; `recheck` says what the checks see in a changed plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.numbering import renumber
from assistant.types import Citation, Draft, Finding, Mend, Section, Severity, Status

Recheck = Callable[[Draft], Sequence[Finding]]
WRITER = "一键修改"
_RANK = {Severity.HIGH: 2, Severity.MEDIUM: 1, Severity.LOW: 0}
_ABOUT_THE_WHOLE = ("length", "number", "copy_share")
_MOST_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Mended:
    """A finding put right: `mend` was applied, its section (or title) read `before` and reads `after`."""

    finding: Finding
    mend: Mend
    before: str
    after: str


def applied(plan: Draft, finding: Finding, mend: Mend) -> Draft:
    """Return `plan` with one mend in it; items are numbered anew when a line went."""
    if not finding.section_id:
        return replace(plan, title=_replaced(plan.title, mend))
    sections = (_mended(s, mend) if s.id == finding.section_id else s for s in plan.sections)
    return replace(plan, sections=tuple(sections))


def cure(plan: Draft, finding: Finding, recheck: Recheck) -> tuple[Draft, Mended] | None:
    """Return the plan with the first mend of `finding` that cures, and what was done; None where none does.

    The new plan carries its new findings. A locked section is never mended.
    """
    if _locked(plan, finding):
        return None
    for mend in finding.mends:
        changed = applied(plan, finding, mend)
        findings = tuple(recheck(changed))
        if _gone(plan.findings, findings, finding) and not _worse(plan.findings, findings, finding, mend):
            done = Mended(finding, mend, _text(plan, finding), _text(changed, finding))
            return replace(changed, findings=findings), done
    return None


def cure_all(
    plan: Draft, recheck: Recheck, wanted: Iterable[Finding] | None = None
) -> tuple[Draft, tuple[Mended, ...]]:
    """Return the plan with every wanted finding cured that can be (all if None), and what was done.

    Findings are taken as the checks order them, and looked up anew after each cure, since places move.
    """
    keys = None if wanted is None else Counter(map(_key, wanted))
    done: list[Mended] = []
    hopeless: set[tuple[str, ...]] = set()
    for _ in range(_MOST_ROUNDS):
        able = (f for f in plan.findings if f.mends and (*_key(f), str(f.start)) not in hopeless)
        finding = next((f for f in able if keys is None or keys[_key(f)] > 0), None)
        if finding is None:
            break
        result = cure(plan, finding, recheck)
        if keys is not None:
            keys[_key(finding)] -= 1
        if result is None:
            hopeless.add((*_key(finding), str(finding.start)))
            continue
        plan = result[0]
        done.append(result[1])
        hopeless = set() if result[1].mend.text == "" else hopeless
    return plan, tuple(done)


def _key(finding: Finding) -> tuple[str, ...]:
    """What a finding is, wherever it stands: one that speaks of the whole plan is known by its check."""
    if finding.check in _ABOUT_THE_WHOLE:
        return (finding.check,)
    return (finding.check, finding.section_id, finding.quote)


def _gone(before: Sequence[Finding], after: Sequence[Finding], finding: Finding) -> bool:
    key = _key(finding)
    return sum(_key(f) == key for f in after) < sum(_key(f) == key for f in before)


def _worse(before: Sequence[Finding], after: Sequence[Finding], finding: Finding, mend: Mend) -> bool:
    """Tell whether something as grave came; the blank a mend leaves on purpose is no such thing."""
    grave = _RANK[finding.severity]
    had = Counter(_key(f) for f in before if _RANK[f.severity] >= grave)
    has = Counter(_key(f) for f in after if _RANK[f.severity] >= grave and not _left(f, mend))
    return any(count > had[key] for key, count in has.items())


def _left(finding: Finding, mend: Mend) -> bool:
    return finding.check == "blank" and bool(mend.text) and mend.text in finding.quote


def _locked(plan: Draft, finding: Finding) -> bool:
    return any(s.id == finding.section_id and s.status is Status.LOCKED for s in plan.sections)


def _text(plan: Draft, finding: Finding) -> str:
    return next((s.text for s in plan.sections if s.id == finding.section_id), plan.title)


def _replaced(text: str, mend: Mend) -> str:
    return text[: mend.start] + mend.text + text[mend.end :]


def _mended(section: Section, mend: Mend) -> Section:
    text = _replaced(section.text, mend)
    if text.count("\n") != section.text.count("\n"):
        text = renumber(text)
    kept = (_moved(citation, section.text, text) for citation in section.citations)
    return replace(section, text=text, citations=tuple(c for c in kept if c))


def _moved(citation: Citation, before: str, after: str) -> Citation | None:
    """Return the citation where its words now stand, None when they are gone."""
    own = before[citation.start : citation.end]
    places = [at for at in range(len(after)) if after.startswith(own, at)] if own else []
    if not places:
        return None
    start = min(places, key=lambda at: abs(at - citation.start))
    return replace(citation, start=start, end=start + len(own))
