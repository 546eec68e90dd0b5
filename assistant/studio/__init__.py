"""The use cases, one method each: what a person can ask for, whoever shows it.

The only package that saves. The command line and the pages call `Studio` with plain values and render what
comes back; it knows nothing of either. A module here is one subject: a new use case is a method of the
class of its subject, and the work it does is a plain function elsewhere in `assistant`.
"""

from __future__ import annotations

from assistant.settings import load_settings
from assistant.studio.editing import Proposal
from assistant.studio.judging import JudgingCases
from assistant.studio.plans import HAND
from assistant.studio.precedents import PrecedentCases
from assistant.studio.safe import SafeCases
from assistant.studio.shelf import ShelfCases
from assistant.studio.upper import UpperCases

__all__ = ["HAND", "Proposal", "Studio"]


class Studio(UpperCases, JudgingCases, PrecedentCases, ShelfCases, SafeCases):
    """All use cases over one data folder. Opens the library, the drafts and the model when first needed."""

    @classmethod
    def open(cls) -> Studio:
        """Return the studio over the data folder in force."""
        return cls(load_settings())
