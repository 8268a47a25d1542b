"""Waves as values: what comes in, what was passed over, the caps, and what one pass decided."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from atocore.records.plan import Plan

Progress = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and of how much."""


def unheard(_doing: str, _done: int, _of: int) -> None:
    """For a pass that nobody watches."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One document as it was read: `origin` is its path relative to what was ingested, `base` the name of
    that folder; `redacted` says how many secrets were taken out of `text`.

    `place` is where it lies, however it was reached; `format` a source's type; `digest` the hash of a file
    that `converter` made text of. Such a document comes without text where the digest is known.
    """

    origin: str
    base: str
    text: str
    redacted: int = 0
    place: str = ""
    format: str = "markdown"
    digest: str = ""
    converter: str = ""

    @property
    def sha256(self) -> str:
        """Hash of the text; of the file, where the text was made of it."""
        return self.digest or hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def lies_at(self) -> str:
        """The place: that of the folder and the path in it, where nothing better is known."""
        return self.place or f"{self.base}/{self.origin}"


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
    moved: tuple[str, ...]
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
