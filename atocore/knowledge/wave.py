"""Waves as values: what comes in, what was passed over, the caps, and what one pass decided."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from atocore.records.plan import Plan


@dataclass(frozen=True, slots=True)
class Incoming:
    """One document as it was read: `origin` is its path relative to what was ingested, `base` the name of
    that folder; `redacted` says how many secrets were taken out of `text`."""

    origin: str
    base: str
    text: str
    redacted: int = 0

    @property
    def sha256(self) -> str:
        """Hash of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Passed:
    """A file that was passed over, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wave:
    """What one pass decided: its plan and the figures of its report. `report` is "" where nothing changed."""

    id: str
    plan: Plan
    read: int
    unchanged: int
    chunks: int
    candidates: int
    deferred: int
    already: int
    skipped: tuple[Passed, ...]
    vanished: tuple[str, ...]
    report: str
    held_back: frozenset[str] = frozenset()
    """The sources and captures of which a cap deferred something."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on candidates: a pass's, and that of the queue; and how many wait already."""

    per_pass: int
    open: int
    waiting: int

    @property
    def room(self) -> int:
        """How many candidates this pass may make."""
        return max(0, min(self.per_pass, self.open - self.waiting))
