"""Guesses, carried measures, repetition and the point matrix -> plain data for `--json` and Chinese text.

Nothing here decides anything; quoted text is returned as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.continuity import Carried
from assistant.guesses import Guess
from assistant.planning import Offer
from assistant.points import Point, Row
from assistant.profile import FIELDS
from assistant.repetition import Repetition
from assistant.text import han_count
from index.labels import name_of

Plain = dict[str, Any]


def guess_data(guess: Guess) -> Plain:
    """Return a guess about the unit."""
    return {
        "field": guess.field,
        "name": FIELDS[guess.field],
        "value": guess.value,
        "quote": guess.quote,
        "start": guess.start,
        "end": guess.end,
        "sure": guess.sure,
    }


def guesses_text(guesses: Sequence[Guess]) -> str:
    """Return guesses one a line, with the words each was read from."""
    rows = []
    for guess in guesses:
        value = name_of(str(guess.value)) if guess.field == "org_type" else guess.value
        source = (
            f"（原文：{' '.join(guess.quote.split())[:30]}）" if guess.quote and guess.quote != value else ""
        )
        rows.append(f"[{'有把握' if guess.sure else '请核对'}] {FIELDS[guess.field]}：{value}{source}")
    return "\n".join(rows) or "这份材料里没有读到单位情况。"


def carried_data(carried: Carried) -> Plain:
    """Return a measure of last year's papers."""
    return {
        "text": carried.text,
        "topic": carried.topic,
        "section": carried.code.value,
        "heading": carried.heading,
        "progress": carried.progress.value,
        "months": list(carried.months),
        "rolled": carried.rolled,
        "said": carried.said,
        "brand": carried.brand,
        "start": carried.start,
        "end": carried.end,
        "rolls": [{"before": r.before, "after": r.after, "note": r.note} for r in carried.rolls],
    }


def repetition_data(found: Repetition) -> Plain:
    """Return how much of a plan stands in an old text."""
    return {
        "whole": round(found.whole, 4),
        "sections": [
            {
                "section_id": s.section_id,
                "heading": s.heading,
                "share": round(s.share, 4),
                "runs": s.size,
                "longest": s.run,
                "longest_hanzi": han_count(s.run),
                "start": s.start,
                "end": s.end,
            }
            for s in found.sections
        ],
    }


def repetition_text(found: Repetition) -> str:
    """Return the repetition by section, for reading."""
    rows = [f"全文重复率 {found.whole:.0%}（连续13字相同才算，固定用语不算）"]
    for share in found.sections:
        run = f"，最长连续{han_count(share.run)}字：{share.run}" if han_count(share.run) > 12 else ""
        rows.append(f"{share.share:>4.0%}  {share.heading or '引言'}{run}")
    return "\n".join(rows)


def point_data(point: Point) -> Plain:
    """Return a key point."""
    return {"number": point.number, "text": point.text, "topic": point.topic, "section": point.code.value}


def row_data(row: Row) -> Plain:
    """Return a row of the matrix."""
    return {
        **point_data(row.point),
        "covered": row.covered,
        "cells": [
            {
                "section_id": c.section_id,
                "heading": c.heading,
                "sentence": c.sentence,
                "start": c.start,
                "end": c.end,
                "strength": c.strength,
            }
            for c in row.cells
        ],
    }


def offer_data(offer: Offer) -> Plain:
    """Return a ready measure for a point that is not covered."""
    return {
        "number": offer.number,
        "topic": offer.topic,
        "section_id": offer.section_id,
        "heading": offer.heading,
        "text": offer.text,
        "source": offer.source,
    }


def matrix_text(rows: Sequence[Row], offers: Sequence[Offer]) -> str:
    """Return the matrix one point a block, the measures on offer below."""
    lines = []
    for row in rows:
        lines.append(f"{'✓' if row.covered else '✗'} {row.point.number}.{row.point.text}")
        if row.best:
            lines.append(
                f"    {'落实' if row.covered else '提到'}于“{row.best.heading}”：{row.best.sentence}"
            )
        lines += [
            f"    可补一条（{o.heading or '新增一节'}）：{o.text}"
            for o in offers
            if o.number == row.point.number
        ]
    done = sum(row.covered for row in rows)
    return "\n".join([*lines, f"共{len(rows)}条要点，已落实{done}条。"])
