"""How well documents are told apart and labelled, and how many of their private facts are found.

    python benchmarks/label_quality.py [--misses]

Two sets, both labelled by hand. `pages`: the sample pages beside the repository, if they are there; labels
are hashes, offsets and codes (`tests/data/seed_gold.toml`). `invented`: the documents of
`tests/data/labelled`, whose first line states the labels; `@CODE ` opens a heading, `=CODE ` a measure below
a heading that names no subject, and `[[kind|…]]` marks a fact. A label may name several codes that a person
would accept, the likeliest first.

Prints documents found with their first and last line right, accuracy of genre, unit type, period and year,
of the section code of every heading, and recall and precision of each kind of fact.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from index.clean_rules import converter  # noqa: E402
from index.embed import load_encoder  # noqa: E402
from index.intake import Prepared, prepare  # noqa: E402
from index.types import Fact, FactKind, RawDocument  # noqa: E402

PAGES = ROOT.parent / "shared" / "seeds"
PAGE_LABELS = ROOT / "tests" / "data" / "seed_gold.toml"
INVENTED = ROOT / "tests" / "data" / "labelled"
WRAPPER = "BODY"
_NAMES = frozenset({FactKind.UNIT, FactKind.SHORT, FactKind.PARTY, FactKind.UPPER, FactKind.PLACE})
_HAN = re.compile(r"[\u3400-\u9fff]")
_SLOT = re.compile(r"〔[^〕]*〕|\{[A-Z_]+\}")
_MARK = re.compile(r"\[\[(\w+)\|([^\]]+)\]\]")


@dataclass(frozen=True, slots=True)
class Gold:
    """What a person said about one document. `headings` and `items`: (key, acceptable codes)."""

    name: str
    first: str
    last: str
    labels: dict[str, tuple[str, ...]]
    flags: frozenset[str]
    headings: tuple[tuple[str, tuple[str, ...]], ...]
    items: tuple[tuple[str, tuple[str, ...]], ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Score:
    """Rights and totals by column, and what was missed."""

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def count(self, column: str, good: bool, note: str) -> None:
        """Count one judgement."""
        self.total[column] += 1
        self.right[column] += good
        if not good:
            self.misses.append(f"{column}: {note}")

    def share(self, column: str) -> float:
        """Share of rights in a column, 1.0 for an empty one."""
        return self.right[column] / self.total[column] if self.total[column] else 1.0


def key_of(text: str, length: int = 6) -> str:
    """Hash of the first Hanzi of a text, of the last ones for a negative length; slots are passed over."""
    letters = _HAN.findall(_SLOT.sub("", text))
    kept = letters[:length] if length > 0 else letters[length:]
    return hashlib.sha256("".join(kept).encode()).hexdigest()[:10]


def keys_of(text: str) -> frozenset[str]:
    """The keys a heading may have been labelled with: of its first two to six Hanzi."""
    return frozenset(key_of(text, size) for size in range(2, 7))


def page_golds() -> Iterator[tuple[RawDocument, list[Gold]]]:
    """The sample pages with their labels, in order."""
    rows = tomllib.loads(PAGE_LABELS.read_text("utf-8"))["document"]
    for path in sorted(PAGES.glob("*.txt")):
        text = path.read_bytes().decode("utf-8", errors="replace")
        lines = converter().convert(text).split("\n") if _aligned(text) else text.split("\n")
        mine = [row for row in rows if row["file"] == path.name]
        if mine:
            yield (
                RawDocument(path.name, text, "txt"),
                [_page_gold(row, lines, place) for place, row in enumerate(mine)],
            )


def _aligned(text: str) -> bool:
    return len(converter().convert(text)) == len(text)


def _page_gold(row: dict[str, list[str]], lines: Sequence[str], place: int) -> Gold:
    facts = {
        (str(kind), lines[int(line) - 1][int(column) : int(column) + int(size)])
        for kind, line, column, size in row["facts"]
    }
    return Gold(
        f"{str(row['file'])[:3]}/{place}",
        str(row["first"]),
        str(row["last"]),
        {name: tuple(map(str, row[name])) for name in ("genre", "org_type", "period", "year")},
        frozenset(row["flags"]),
        _coded(row["headings"]),
        _coded(row["items"]),
        tuple(sorted(facts)),
    )


def _coded(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((row[0], tuple(row[1:])) for row in rows)


def invented_golds() -> Iterator[tuple[RawDocument, list[Gold]]]:
    """The invented documents with their labels, one a page."""
    for path in sorted(INVENTED.glob("*.txt")):
        head, _, marked = path.read_text("utf-8").partition("\n")
        labels = dict(re.findall(r"(\w+)=(\S*)", head))
        facts = tuple(sorted({(kind, words) for kind, words in _MARK.findall(marked)}))
        whole = _MARK.sub(r"\2", marked)
        coded = re.findall(r"(?m)^([@=])([A-Z|]+) (.+)$", whole)
        text = re.sub(r"(?m)^[@=][A-Z|]+ ", "", whole)
        gold = Gold(
            path.stem,
            "",
            "",
            {name: tuple(labels[name].split("|")) for name in ("genre", "org_type", "period", "year")},
            frozenset(filter(None, labels.get("flags", "").split("|"))),
            tuple(
                (key_of(_unnumbered(line)), tuple(code.split("|")))
                for mark, code, line in coded
                if mark == "@"
            ),
            tuple(
                (key_of(_unnumbered(line)), tuple(code.split("|")))
                for mark, code, line in coded
                if mark == "="
            ),
            facts,
        )
        yield RawDocument(path.name, text, "txt"), [gold]


def _unnumbered(line: str) -> str:
    return re.sub(
        r"^(?:第?[一二三四五六七八九十]+(?:部分|是)?[、，]?\s*|（[一二三四五六七八九十\d]+）|\d+[.、]\s*)",
        "",
        line,
    )


def measure(pages: Iterable[tuple[RawDocument, list[Gold]]], score: Score | None = None) -> Score:
    """Score the program's reading of pages against what a person said."""
    score = score or Score()
    for raw, golds in pages:
        found = list(prepare(raw, "user", load_encoder()))
        for place, gold in enumerate(golds):
            match = _matching(gold, found, place)
            score.count("document", match is not None and _ends_right(gold, match), gold.name)
            if match is not None:
                _labels(score, gold, match)
                _headings(score, gold, match)
                _items(score, gold, match)
                _facts(score, gold, match)
        score.total["document"] += max(0, len(found) - len(golds))
    return score


def _matching(gold: Gold, found: Sequence[Prepared], place: int) -> Prepared | None:
    if not gold.first:
        return found[0] if len(found) == 1 else None
    starts = [one for one in found if gold.first in _openings(one.document.text)]
    if len(starts) > 1 and place < len(found) and found[place] in starts:
        return found[place]
    return starts[0] if starts else None


def _openings(text: str) -> set[str]:
    """Keys of a text from its first and from its second line on: the first may be a title."""
    first, _, rest = text.partition("\n")
    return {key_of(_unnumbered(first) + rest), key_of(_unnumbered(rest))} | {key_of(first + rest)}


def _ends_right(gold: Gold, found: Prepared) -> bool:
    return not gold.last or key_of(found.document.text, -4) == gold.last


def _labels(score: Score, gold: Gold, found: Prepared) -> None:
    made = found.document.labels
    for name, accepted in gold.labels.items():
        value = getattr(made, name)
        shown = "" if value is None else str(getattr(value, "value", value))
        score.count(name, shown in accepted, f"{gold.name} {accepted} -> {shown!r}")
    flags = {flag.value for flag in made.flags}
    for flag in sorted(gold.flags | flags):
        score.count(
            "flag",
            flag in gold.flags and flag in flags,
            f"{gold.name} {flag} {'missing' if flag in gold.flags else 'false'}",
        )


def _headings(score: Score, gold: Gold, found: Prepared) -> None:
    """Every labelled heading must be a section with an accepted code; others that are found are false."""
    document = found.document
    sections = [section for section in document.sections if section.heading]
    keyed = [keys_of(section.heading + document.text[section.start : section.end]) for section in sections]
    used: set[int] = set()
    for key, codes in gold.headings:
        place = next((i for i in range(len(sections)) if i not in used and key in keyed[i]), None)
        if place is None:
            score.count("section", False, f"{gold.name} heading {key} {codes} not found")
            score.count("heading", False, f"{gold.name} heading {key} {codes}")
            continue
        used.add(place)
        code = sections[place].code
        made = code.value if code else WRAPPER
        score.count("heading", True, "")
        score.count("section", made in codes, f"{gold.name} {sections[place].heading} {codes} -> {made}")
    labelled = {key for key, _ in gold.items}
    for place, section in enumerate(sections):
        if (
            place not in used
            and not re.match(r"[\d一二三四五六七八九十元次年、]+月", section.heading)
            and not keyed[place] & labelled
        ):
            score.count("no_false_heading", False, f"{gold.name} {section.heading[:20]}")


def _items(score: Score, gold: Gold, found: Prepared) -> None:
    """Numbered items under a wrapper: each passage must carry an accepted code of its own."""
    starts = [
        (
            keys_of(_unnumbered(passage.text)),
            passage.code.value if passage.code else WRAPPER,
            passage.text[:16],
        )
        for passage in found.passages
    ]
    for section in found.document.sections:
        body = found.document.text[section.start : section.end]
        starts.append(
            (
                keys_of(section.heading + body),
                section.code.value if section.code else WRAPPER,
                section.heading,
            )
        )
    for key, codes in gold.items:
        match = next((row for row in starts if key in row[0]), None)
        note = f"{gold.name} {key} {codes} -> {match[1:] if match else 'not found'}"
        score.count("item", match is not None and match[1] in codes, note)


def _facts(score: Score, gold: Gold, found: Prepared) -> None:
    """Recall: every place of a labelled fact is covered by a fact of its kind (names by any name).

    What the text no longer has, because it stood in the title or became a slot, counts for nothing.
    """
    text, facts = found.document.text, found.document.facts
    covered: list[tuple[int, int]] = []
    for kind, words in gold.facts:
        places = [match.span() for match in re.finditer(re.escape(_spelled(words, text)), text)]
        if kind in ("count", "money", "date"):
            places = [span for span in places if not text[span[0] - 1 : span[0]].isdigit()] or places
        covered += places
        if places:
            good = all(_covers(facts, kind, span) for span in places)
            score.count(f"fact {kind}", good, f"{gold.name} {words}")
    for fact in facts:
        if not any(start < fact.end and fact.start < end for start, end in covered):
            score.count(f"false {fact.kind.value}", False, f"{gold.name} {fact.text}")


def _spelled(words: str, text: str) -> str:
    """A fact as cleaning wrote it: brackets and dashes may have been mended."""
    if words in text:
        return words
    wide = words.translate(str.maketrans("()[],", "（）〔〕，"))
    return wide if wide in text else words


def _covers(facts: Sequence[Fact], kind: str, span: tuple[int, int]) -> bool:
    wanted = _NAMES if kind in _NAMES else {kind}
    taken = {
        place
        for fact in facts
        if fact.kind in wanted or fact.kind.value in wanted
        for place in range(fact.start, fact.end)
    }
    return set(range(*span)) <= taken


def report(name: str, score: Score, misses: bool) -> None:
    """Print the table of one set."""
    print(f"\n{name}")
    for column in sorted(score.total):
        if column.startswith(("false", "no_false")):
            print(f"  {column:<18}{score.total[column]:>5}")
        else:
            counted = f"{score.right[column]:>5} of {score.total[column]:<5}"
            print(f"  {column:<18}{counted}{score.share(column):>8.1%}")
    if misses:
        print(*(f"    {miss}" for miss in score.misses), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--misses", action="store_true", help="list what was missed")
    arguments = parser.parse_args()
    if PAGES.is_dir():
        report("pages", measure(page_golds()), arguments.misses)
    report("invented", measure(invented_golds()), arguments.misses)


if __name__ == "__main__":
    main()
