"""How the checks do: precision and recall on hand-written sentences, and what they say of sound plans.

    python benchmarks/check_quality.py            # the table of both sets of sentences
    python benchmarks/check_quality.py --alarms   # findings over the starter library and composed plans

A finding on a sound plan is listed, not judged: a blank to fill and a figure to confirm are meant to be told.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from assistant.checks import CheckContext, run  # noqa: E402
from assistant.draft import Job, draft  # noqa: E402
from assistant.evidence import gather  # noqa: E402
from assistant.outline import make_outline  # noqa: E402
from assistant.request import parse_request  # noqa: E402
from assistant.tables import load_tables  # noqa: E402
from assistant.types import Draft, DraftDone, Finding, Profile, Request, Section  # noqa: E402
from index.library import Library  # noqa: E402
from index.types import Document, Genre, OrgType, Period, SectionCode  # noqa: E402

TODAY = date(2026, 11, 21)
TABLES = load_tables()
MEANT = {"blank", "number", "length", "concrete"}
PERIODS = ("2027年", "2027年上半年", "2027年下半年")
LENGTHS = (800, 1500)


def sentence_table() -> None:
    """Print precision and recall of every check on both sets."""
    from test_check_quality import CASES, score

    print(f"{'set':8}{'check':14}{'precision':>10}{'recall':>8}")
    for case in CASES:
        found = score(case)
        print(f"{case[0]:8}{case[1]:14}{found.precision:>10.2f}{found.recall:>8.2f}")
        for name, texts in (("false alarm", found.wrong), ("missed", found.missed)):
            for text in texts:
                print(f"    {name}: {text!r}")


def alarms() -> None:
    """Print every finding over the starter library and composed plans, by check and one by one."""
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        starter = list(_starter(library))
        composed = list(_composed(library))
    for name, rows in (("starter", starter), ("composed", composed)):
        print(f"\n{name}: {len({title for title, _ in rows})} plans with findings")
        for (check, severity), count in Counter((f.check, f.severity.value) for _, f in rows).most_common():
            print(f"  {check:14}{severity:8}{count}")
        for title, finding in rows:
            if finding.check not in MEANT:
                what = f"{finding.check} {finding.severity.value} | {finding.quote} | {finding.message}"
                print(f"    {title[:26]} | {what}")


def _starter(library: Library) -> Iterator[tuple[str, Finding]]:
    """Each starter plan judged as its own unit's, no precedents beside it."""
    for row in library.documents():
        document = library.document(row.id)
        plan = _plan(document)
        for finding in run(plan, CheckContext(TABLES, plan.profile, plan.request, TODAY)):
            yield document.title, finding


def _plan(document: Document) -> Draft:
    labels = document.labels
    said = tuple(fact.text for fact in document.facts)
    request = Request(
        "\n".join(said), labels.org_type, labels.period or Period.YEAR, labels.year or TODAY.year,
        labels.genre or Genre.PLAN, today=TODAY, length=0,
    )  # fmt: skip
    sections = tuple(
        Section(
            f"s{s.order}", s.code or SectionCode.SELF, s.heading, document.text[s.start : s.end].strip("\n")
        )
        for s in document.sections
        if document.text[s.start : s.end].strip()
    )
    profile = Profile(org_type=labels.org_type, key_tasks=said)
    return Draft("d", request, profile, document.title, "starter", sections)


def _composed(library: Library) -> Iterator[tuple[str, Finding]]:
    """A hundred and two plans: every unit type, three periods, two lengths."""
    for org in OrgType:
        for number, (period, length) in enumerate((p, n) for p in PERIODS for n in LENGTHS):
            name = TABLES.orgs[org].name.split("、")[0]
            asked = f"{name}工会{period}工作计划，{length}字"
            request = replace(parse_request(asked, TODAY), org_type=org)
            pool = gather(library, request, TABLES)
            outline = make_outline(request, Profile(), TABLES, pool.support)
            job = Job(f"d{number}", request, Profile(), outline, pool, TABLES)
            plan = next(event.draft for event in draft(job) if isinstance(event, DraftDone))
            for finding in plan.findings:
                yield f"{name}{period}{length}", finding


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alarms", action="store_true")
    alarms() if parser.parse_args().alarms else sentence_table()


if __name__ == "__main__":
    main()
