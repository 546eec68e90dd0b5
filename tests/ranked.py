"""Passages as a search finds them, weighed alone."""

from __future__ import annotations

from dataclasses import replace

from index.types import Genre, Hit, Passage, PassageKind
from index.weighing import Fused, weighed
from index.wish import Wish

BASE = Passage(0, "d", "计划", Genre.PLAN, None, None, None, None, PassageKind.ITEM, "", "", 0, 0)


def passage(number: int, text: str, document: str = "", **changes: object) -> Passage:
    return replace(BASE, id=number, document_id=document or f"d{number}", text=text, **changes)


def weigh(item: Fused, found: Passage, wish: Wish) -> Hit:
    (hit,) = weighed([item], {item.id: found}, wish)
    return hit
