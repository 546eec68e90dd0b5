"""What an old plan says of its unit, offered as guesses a person confirms. Saves nothing.

Every guess carries the words it was read from. A guess is `sure` when the text says it plainly or twice;
what an old plan set for its own year (key tasks) is never sure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

from assistant.guess_counts import counts_in
from assistant.guess_names import distance_rank, names_in, party_in, province_in, upper_in
from assistant.guesses import Guess, guess_at, guess_of
from assistant.topic import topic, words
from assistant.types import Profile
from assistant.when import months_in
from index.types import Document, FactKind, OrgType

_ORDER = {field.name: place for place, field in enumerate(fields(Profile))}
_LISTS = frozenset({"upper", "bodies", "programs", "key_tasks", "fixed_events"})
_MOST_EVENTS = 8
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


def read_document(document: Document) -> tuple[Guess, ...]:
    """Return what a document says of its unit, in the order of the profile's fields; offsets are into
    `whole_text`.
    """
    text = whole_text(document)
    found = [
        *names_in(document, text),
        *party_in(document, text),
        *upper_in(document, text),
        *counts_in(text),
        *_bodies(text),
        *_programs(document, text),
        *_events(text),
        *_priorities(text),
        *province_in(document, text),
    ]
    kept: dict[tuple[str, str | int], Guess] = {}
    for guess in sorted(found, key=lambda g: (not g.sure, g.start)):
        kept.setdefault((guess.field, guess.value), guess)
    own = {guess.value for guess in kept.values() if guess.field in ("unit", "union")}
    wanted = [
        g for g in kept.values() if g.field != "upper" or not any(str(g.value) in str(name) for name in own)
    ]
    return tuple(sorted(wanted, key=_order))


def _order(guess: Guess) -> tuple[int, int, bool, int]:
    """Order guesses by field, unions above from far to near, then the sure ones first."""
    far = distance_rank(str(guess.value)) if guess.field == "upper" else 0
    return _ORDER[guess.field], far, not guess.sure and guess.field != "upper", guess.start


def whole_text(document: Document) -> str:
    """Return a document's title and text as one."""
    titled = document.text.lstrip().startswith(document.title) or not document.title
    return document.text if titled else f"{document.title}\n{document.text}"


def accept(profile: Profile, guesses: Iterable[Guess]) -> Profile:
    """Return `profile` with the sure guesses in it: what it already says stays, lists grow."""
    values: dict[str, Any] = {}
    for guess in guesses:
        known = values.get(guess.field, getattr(profile, guess.field))
        if not guess.sure:
            continue
        if guess.field in _LISTS:
            values[guess.field] = (*known, *(() if guess.value in known else (str(guess.value),)))
        elif known in ("", None):
            values[guess.field] = OrgType(str(guess.value)) if guess.field == "org_type" else guess.value
    return replace(profile, **values)


def _bodies(text: str) -> Iterator[Guess]:
    lists = words()["profile"]
    for match in re.finditer(lists["bodies"], text):
        before = text[max(0, match.start() - 8) : match.start()]
        sure = not re.search(lists["body_future"], before) and not text[: match.start()].endswith(
            ("县", "市", "区")
        )
        yield guess_at("bodies", match[0], text, match.span(), sure)


def _programs(document: Document, text: str) -> Iterator[Guess]:
    counts = Counter(fact.text for fact in document.facts if fact.kind is FactKind.PROGRAM)
    for name, count in counts.items():
        start = text.find(name)
        said = text[max(0, start - 14) : start + len(name) + 8]
        going_on = re.search(words()["profile"]["brand_sure"], said)
        yield guess_of("programs", name, text, count > 1 or bool(going_on))


def _events(text: str) -> Iterator[Guess]:
    """Yield what falls in one month and is held every year, so far as a plan of one year can tell."""
    lists, found = words()["profile"], 0
    for sentence in _SENTENCE.finditer(text):
        said = sentence[0]
        months = months_in(said)
        if len(months) != 1 or found >= _MOST_EVENTS:
            continue
        name = re.sub(
            r"第[一二三四五六七八九十\d]{1,3}届|[一二三四五六七八九十]+届[一二三四五六七八九十]+次|^(?:一次|一场)",
            "",
            topic(said),
        )
        if not re.search(r"\d", name) and re.search(lists["eventful"], name):
            found += 1
            start = sentence.start() + len(said) - len(said.lstrip())
            yield guess_at(
                "fixed_events",
                f"{months[0]}月{name}",
                text,
                (start, sentence.end()),
                bool(re.search(lists["yearly"], said)),
            )


def _priorities(text: str) -> Iterator[Guess]:
    for pattern in words()["profile"]["priorities"]:
        for match in re.finditer(pattern, text):
            edges = [
                match.start(1) - 1,
                *(m.start() for m in re.finditer("、", text[: match.end(1)]) if m.start() > match.start(1)),
                match.end(1),
            ]
            for left, right in pairwise(edges):
                task = text[left + 1 : right]
                if 4 <= len(task) <= 20:
                    yield guess_at("key_tasks", task, text, (left + 1, right), False)
