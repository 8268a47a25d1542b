"""What health tells of backups, prunings, drills and sweeps: when each succeeded last, and when it is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from atocore.app.operations import Job, Operations, Ran
from atocore.app.timetables import readable_timetables
from atocore.config import Settings
from atocore.knowledge.health import Reason, reason
from atocore.knowledge.overdue import age_seconds, judged, moment


@dataclass(frozen=True, slots=True)
class JobStands:
    """One job: its schedule, the last success and failure (RFC 3339, UTC; "" for never) and how long ago the
    success was (None for never), the error of the last failure, whether the last run failed, the next time
    that it is due ("" for never), since when it is overdue ("" where it is not), and figures of the last
    success."""

    schedule: str
    last_success: str
    age_seconds: int | None
    last_failure: str
    error: str
    failing: bool
    next_due: str
    overdue: bool
    overdue_since: str
    told: Mapping[str, Any] = field(default_factory=dict)


def jobs(local: Path, settings: Settings, now: datetime, found: list[Reason]) -> dict[Job, JobStands]:
    """How each job stands; `local` is the vault's local folder, which also tells since when the vault is on
    this machine."""
    tables, errors = readable_timetables(settings)
    found += [reason("settings", error.message, error.hint) for error in errors.values()]
    first_seen = _first_seen(local, now)
    grace = timedelta(seconds=settings.number("health.grace_seconds"))
    stands = {}
    for job, ran in Operations(local).ran().items():
        table = tables.get(job)
        due = judged(
            table.after if table is not None else None,
            last=moment(ran.last_success),
            first_seen=first_seen,
            now=now,
            grace=grace,
        )
        if due.since is not None:
            last = f"the last one was {ran.last_success}" if ran.last_success else "there never was one"
            found.append(reason(f"{job}-overdue", f"due since {_stamp(due.since)}; {last}"))
        if ran.is_failing:
            found.append(reason(f"{job}-failed", f"{ran.last_failure}: {ran.error}"))
        if due.from_future:
            found.append(reason("clock-behind", f"{job} succeeded at {ran.last_success}, after now"))
        stands[job] = _stands(settings.text(f"schedule.{job}"), ran, due.next_due, due.since, now)
    return stands


def _stands(
    schedule: str, ran: Ran, next_due: datetime | None, since: datetime | None, now: datetime
) -> JobStands:
    return JobStands(
        schedule=schedule,
        last_success=ran.last_success,
        age_seconds=age_seconds(moment(ran.last_success), now),
        last_failure=ran.last_failure,
        error=ran.error,
        failing=ran.is_failing,
        next_due=_stamp(next_due),
        overdue=since is not None,
        overdue_since=_stamp(since),
        told=ran.told,
    )


def _first_seen(local: Path, now: datetime) -> datetime:
    """Since when the vault is on this machine: since its local folder was made."""
    try:
        return datetime.fromtimestamp(int((local / ".gitignore").stat().st_mtime), UTC)
    except (OSError, OverflowError, ValueError):
        return now


def _stamp(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else ""
