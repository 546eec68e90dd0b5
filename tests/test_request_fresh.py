"""Sixty requests nobody tuned the rules to at first; `pytest -s` prints what is understood otherwise."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from assistant.request import parse_request
from index.errors import UserError

TODAY = date(2026, 11, 21)
ROWS = tomllib.loads((Path(__file__).parent / "data" / "requests_fresh.toml").read_text("utf-8"))["request"]
PLAIN = ("period", "year", "length", "sections", "part", "org_name")
LISTS = {"has": "emphasis", "not": "avoid", "style": "style"}


def differences(row: dict) -> list[str]:
    """What a request is taken for that it does not mean, [] when every slot is right."""
    try:
        request = parse_request(row["text"], TODAY)
    except UserError as error:
        return [] if row.get("declined") else [f"declined: {error}"]
    if row.get("declined"):
        return [f"not declined: {request.org_type} {request.period}"]
    wrong = [
        f"{key}: {getattr(request, key)!r}"
        for key in PLAIN
        if key in row and getattr(request, key) != row[key]
    ]
    if "org" in row and request.org_type != row["org"]:
        wrong.append(f"org: {request.org_type}")
    if row.get("genre", "plan") != request.genre:
        wrong.append(f"genre: {request.genre}")
    for key, slot in LISTS.items():
        said = " ".join(getattr(request, slot))
        wrong += [f"{slot} lacks {word}: {said}" for word in row.get(key, ()) if word not in said]
    if "use_words" in row and dict(request.use_words) != row["use_words"]:
        wrong.append(f"use_words: {dict(request.use_words)}")
    if row.get("question") and not request.question:
        wrong.append("no question")
    return wrong


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"])
def test_a_fresh_request_is_understood(row):
    assert differences(row) == []


def test_there_are_sixty():
    assert len({row["text"] for row in ROWS}) == 60
