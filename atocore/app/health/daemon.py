"""What health tells of the daemon: its lock says whether one runs, and itself how it fares."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from atocore import __version__
from atocore.knowledge.health import Reason, reason
from atocore.knowledge.overdue import age_seconds, moment
from atocore.store.lock import LOCAL, daemon_holds

TOLD_IN: Final = "daemon.json"


@dataclass(frozen=True, slots=True)
class DaemonStands:
    """Whether a daemon `runs`, and whether it `answers` (None: it was not asked). `started` is RFC 3339 in
    UTC; `errors` are what fails at present, by name."""

    runs: bool
    answers: bool | None = None
    pid: int | None = None
    version: str = ""
    started: str = ""
    age_seconds: int | None = None
    rounds: int | None = None
    last_round: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def daemon_stands(
    vault: Path, answer: Mapping[str, Any] | None, now: datetime, found: list[Reason]
) -> DaemonStands:
    """How the vault's daemon stands; `answer` is what it told when it was asked: {} where it was silent, None
    where nobody asked."""
    if not daemon_holds(vault):
        return DaemonStands(runs=False)
    told = _told(vault)
    pid, version, started = told.get("pid"), str(told.get("version", "")), str(told.get("started", ""))
    if answer is not None and not answer and pid is not None:
        other = f" (AtoCore {version}; this is {__version__})" if version != __version__ else ""
        found.append(reason("daemon-silent", f"process {pid}, since {started}, does not answer{other}"))
    errors = {str(name): str(text) for name, text in (answer or {}).get("errors", {}).items()}
    if errors:
        name, text = next(iter(errors.items()))
        said = text if text.startswith(f"{name.lower()}: ") else f"{name.lower()}: {text}"
        found.append(reason("daemon-errors", said))
    return DaemonStands(
        runs=True,
        answers=None if answer is None else bool(answer),
        pid=pid if isinstance(pid, int) else None,
        version=version,
        started=started,
        age_seconds=age_seconds(moment(started), now),
        rounds=(answer or {}).get("rounds"),
        last_round=str((answer or {}).get("last_round", "")),
        errors=errors,
    )


def _told(vault: Path) -> dict[str, Any]:
    """What the daemon wrote down of itself; nothing while it starts or ends."""
    try:
        told = json.loads((vault / LOCAL / TOLD_IN).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
