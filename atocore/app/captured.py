"""The answer of a capture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Captured:
    """Where a capture lies; `new` is False where the turn was captured before."""

    id: str
    path: str
    new: bool
