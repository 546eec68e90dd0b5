"""The prompts: one template a file, `$name` for what is filled in (string.Template).

A `$` sign inside a value is never read as a variable. A missing value is found before any model is called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent


@lru_cache(maxsize=32)
def load_prompt(name: str) -> Template:
    """Return the template in prompts/<name>.txt, without the newline at its end."""
    return Template((FOLDER / f"{name}.txt").read_text("utf-8").rstrip("\n"))


def fill_prompt(name: str, values: Mapping[str, str]) -> str:
    """Return a template filled in.

    :raises KeyError: for a variable without a value.
    """
    return load_prompt(name).substitute(values)


@lru_cache(maxsize=1)
def fixed_texts() -> tuple[str, ...]:
    """Return all that the templates say themselves, in pieces without a variable or a line end."""
    every = "\n".join(load_prompt(path.stem).template for path in sorted(FOLDER.glob("*.txt")))
    return tuple(piece for piece in re.split(r"\$\w+|\n", every) if piece.strip())


def fixed_lines(name: str) -> tuple[str, ...]:
    """Return the lines of a template that hold no variable: what a model must not say after us."""
    return tuple(line.strip() for line in load_prompt(name).template.split("\n") if line and "$" not in line)
