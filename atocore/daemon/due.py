"""Which job is due when: from what the settings say, what ran last, and what time it is.

Pure: knows no thread, file, vault or clock. Nothing is remembered from one look to the next, so that a sleep,
a clock that was set, a run by hand and new settings need no words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from atocore.app.operations import Job, Ran
from atocore.knowledge.timetable import Timetable

FIRST_PAUSE: Final = 60.0
LONGEST_PAUSE: Final = 3600.0
"""What failed is tried again after a pause (seconds) that doubles."""


def due(
    tables: Mapping[Job, Timetable], ran: Mapping[Job, Ran], since: datetime, now: datetime
) -> dict[Job, datetime]:
    """When each job is due next: a moment that has passed where a run was missed. One that never ran counts
    from `since`, when the vault was first watched."""
    found = {}
    for job, table in tables.items():
        last = moment(ran[job].last_success) or since
        if last > now:  # by a clock that was ahead: nobody knows when it was
            found[job] = now
        elif (at := table.after(last)) is not None:
            found[job] = at
    return found


def moment(text: str) -> datetime | None:
    """A time as it is written down, in UTC; None for "" and for what is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Held:
    """A job that was tried and is not done: why, and when it may be tried again, on a clock that only goes
    forward. `failures` counts those in a row; `is_waiting` where it did not fail, and only waits."""

    why: str
    at: float
    failures: int
    is_waiting: bool = False


def held(former: Held | None, why: str, now: float, *, is_waiting: bool = False) -> Held:
    """A job that failed, or waits, once more."""
    failures = former.failures + 1 if former else 1
    pause = min(FIRST_PAUSE * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE)
    return Held(why, now + pause, failures, is_waiting)
