"""The table of models: those worth trying, and how each family is best sampled for formal prose.

Nothing here downloads or opens a model.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).parent / "tables" / "models.toml"


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """One model: `parameters` in billions, `active` those one token uses, `memory_gb` with 4-byte weights,
    `context` in tokens. `unverified` names the fields taken from memory and not from a page.

    `where` is "local" for models an office PC can run in this program, "server" for those behind a URL.
    """

    name: str
    licence: str
    parameters: float
    disk_gb: float
    memory_gb: float
    context: int
    where: str
    note: str
    source: str
    checked_on: date
    active: float
    unverified: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Sampling of a family of models: `match` is found in the lower-case model name, "" in every name."""

    match: str
    temperature: float
    top_p: float
    top_k: int
    frequency: float


@lru_cache(maxsize=1)
def load_families() -> tuple[Family, ...]:
    """Return the families of the table in its order; the last one matches every name."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    names = [field.name for field in fields(Family)]
    return tuple(Family(**{key: row[key] for key in names}) for row in table["family"])


@lru_cache(maxsize=1)
def load_offers() -> tuple[ModelOffer, ...]:
    """Return the models of the table, in its order."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    names = {field.name for field in fields(ModelOffer)}
    rows = ({"active": row["parameters"], **table["file"], **row} for row in table["model"])
    rows = ({**row, "unverified": tuple(row.get("unverified", ()))} for row in rows)
    return tuple(ModelOffer(**{key: row[key] for key in names}) for row in rows)
