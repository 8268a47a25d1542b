"""The answer of a capture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Captured:
    """Where a capture lies. `new` is False where the turn was captured before, `replaced` True where another
    response took the former's place. `candidates` and `commit` tell what extraction made of it where
    `capture.mode` asks for that, `notes` what kept it from it."""

    id: str
    path: str
    new: bool
    replaced: bool = False
    candidates: int = 0
    commit: str | None = None
    notes: tuple[str, ...] = ()
