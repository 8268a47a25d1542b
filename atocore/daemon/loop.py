"""When the daemon does what: the time and what happened go in, the next action comes out.

Pure: knows no thread, file, vault or clock. Times are seconds on any clock that only goes forward.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

from atocore.daemon.bell import Pending

SETTLE_SECONDS = 0.05
"""A burst of events is over when for so long none came, …"""
LONGEST_SECONDS = 1.0
"""… or when its first came so long ago."""
GIT_SECONDS = 5.0
"""So long a git command that is under way is let finish."""
BUSY_SECONDS = 60.0
"""What machines made is committed so long after the first change, however busy the vault is."""
POLL_SECONDS = 10.0
"""The pause between comparisons where events cannot be had."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
NEWS_PAUSE = 5.0
"""What failed is tried again after a pause that doubles, and no later than this where something changed."""
_GIT_LOOKS = 0.05


class Do(Enum):
    """What there is to do, most urgent first."""

    COMPARE = "compare what was rung"
    COMPARE_ALL = "compare everything"
    COMMIT = "commit what machines made"
    SWEEP = "sweep conflicts"


@dataclass(slots=True)
class Retry:
    """When a failed action may be tried again."""

    at: float = 0.0
    failures: int = 0
    failed_at: float = 0.0

    def failed(self, now: float) -> float:
        """It failed once more; the pause in seconds before the next try."""
        self.at = now + min(FIRST_PAUSE * 2.0 ** min(self.failures, 10), LONGEST_PAUSE)
        self.failed_at = now
        self.failures += 1
        return self.at - now

    def due(self, pending: Pending) -> float:
        """When to try again; sooner where something was rung since it failed."""
        has_news = pending.is_any and pending.last > self.failed_at
        return min(self.at, self.failed_at + NEWS_PAUSE) if has_news else self.at


@dataclass(slots=True)
class Loop:
    """The daemon's plan. At the start (`now`) everything is to be compared, what machines made to be
    committed, and conflicts to be swept."""

    now: float
    compare_seconds: float
    commit_seconds: float
    polling: bool = False
    _compare_at: float = field(init=False)
    _sweep_at: float = field(init=False)
    _changed_first: float | None = field(init=False)
    _changed_last: float = field(init=False)
    _retries: dict[Do, Retry] = field(default_factory=lambda: {do: Retry() for do in Do})

    def __post_init__(self) -> None:
        self._compare_at = self._sweep_at = self.now
        self._changed_first = self._changed_last = self.now - self.commit_seconds

    # -- what to do -------------------------------------------------------------------------------------

    def next(self, now: float, pending: Pending, *, git_is_busy: bool = False) -> Do | float:
        """What to do now, or for how many seconds there is nothing to do unless the bell rings. `git_is_busy`
        while git's own lock on its index is there."""
        due = self._due(now, pending, git_is_busy)
        for do in Do:
            if do in due and due[do] <= now:
                return do
        return min(due.values()) - now

    def _due(self, now: float, pending: Pending, git_is_busy: bool) -> dict[Do, float]:
        held = self._retries[Do.COMPARE].due(pending)
        due = {Do.COMPARE_ALL: max(self._compare_at, held)}
        if pending.is_any:
            due[Do.COMPARE] = max(_settled(now, pending, git_is_busy), held)
        if self._changed_first is not None:
            quiet = max(self._changed_last, pending.last if pending.is_any else 0.0) + self.commit_seconds
            busy = self._changed_first + max(BUSY_SECONDS, self.commit_seconds)
            due[Do.COMMIT] = max(min(quiet, busy), self._retries[Do.COMMIT].at)
        due[Do.SWEEP] = max(self._sweep_at, self._retries[Do.SWEEP].at)
        return due

    # -- what happened ----------------------------------------------------------------------------------

    def compared(self, now: float, *, everything: bool, changed: int) -> None:
        """A comparison was made: so many files had changed."""
        self._retries[Do.COMPARE] = Retry()
        if everything:
            pause = min(POLL_SECONDS, self.compare_seconds) if self.polling else self.compare_seconds
            self._compare_at = now + pause
        if changed:
            self._changed_first = now if self._changed_first is None else self._changed_first
            self._changed_last = now

    def committed(self, again: float | None = None) -> None:
        """What was due is committed, or it has to wait for another branch; what is not due yet
        counts as made at the time `again`."""
        self._retries[Do.COMMIT] = Retry()
        self._changed_first = again
        if again is not None:
            self._changed_last = again

    def swept(self) -> None:
        """The conflicts are as the records say. The schedule sees to it from now on."""
        self._retries[Do.SWEEP] = Retry()
        self._sweep_at = math.inf

    def failed(self, do: Do, now: float) -> float:
        """It came to nothing; the pause in seconds before it is tried again."""
        retry = self._retries[Do.COMPARE if do is Do.COMPARE_ALL else do]
        return retry.failed(now)

    def poll(self, now: float, polling: bool) -> None:
        """Events cannot be had (any more), or they can again."""
        self.polling = polling
        if polling:
            self._compare_at = min(self._compare_at, now + POLL_SECONDS)


def _settled(now: float, pending: Pending, git_is_busy: bool) -> float:
    """When a burst of events is over."""
    if pending.hurried:
        return now
    if git_is_busy and now < pending.first + GIT_SECONDS:
        return now + _GIT_LOOKS
    return min(pending.last + SETTLE_SECONDS, pending.first + LONGEST_SECONDS)
