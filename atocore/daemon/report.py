"""What the daemon's threads tell of themselves, for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """Rounds made and when the last ended, files that lack an embedding or cannot be looked at, commits made,
    and what fails at present, by name; when each scheduled job runs next, and which one runs now. Written by
    the threads that work, read by any; `is_damaged` is set by whoever found the index so."""

    rounds: int = 0
    last_round: str = ""
    left: int = 0
    unknown: int = 0
    commits: int = 0
    is_damaged: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    schedule: dict[str, dict[str, str]] = field(default_factory=dict)
    running: str = ""
