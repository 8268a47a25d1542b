"""Whether a job is overdue: what ran when, and when it was to run. Pure: the moment is an argument.

A job is due at the first fire time after its last success; of one that never succeeded, after the vault was
first seen on this machine. It is overdue when it has been due for longer than the `grace`. A stamp that lies
in the future proves nothing (the clock went back since): it counts as none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

SLACK: Final = timedelta(minutes=5)
"""So far ahead of the clock may a stamp be without a word: clocks are set all the time."""

After = Callable[[datetime], datetime | None]
"""The first fire time after a moment; None where none comes."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """When a job is due. `next_due` is the first fire time from now on; `since` is since when it is overdue
    (None: it is not); `from_future` the last success, where its stamp lies in the future."""

    next_due: datetime | None = None
    since: datetime | None = None
    from_future: bool = False


def judged(
    after: After | None, *, last: datetime | None, first_seen: datetime, now: datetime, grace: timedelta
) -> Overdue:
    """When a job is due that last succeeded at `last` (None: never), and whether it is overdue at `now`.
    `after` None: the job has no schedule, and is not judged."""
    ahead = last is not None and last > now + SLACK
    if after is None:
        return Overdue(from_future=ahead)
    start = min(first_seen, now) if last is None or ahead else min(last, now)
    due = after(start)
    since = due if due is not None and due + grace <= now else None
    return Overdue(after(now), since, ahead)


def moment(stamp: str) -> datetime | None:
    """The moment that a stamp in RFC 3339 tells; None for "" and for what is none."""
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def age_seconds(then: datetime | None, now: datetime) -> int | None:
    """How long ago it was, never negative; None for never."""
    return None if then is None else max(0, int((now - then).total_seconds()))
