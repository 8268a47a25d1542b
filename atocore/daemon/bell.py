"""The bell: where whoever noticed a change says so, and where whoever waits for it to be taken in waits.

Thread-safe, and the only thing that the daemon's threads share about changes. Knows no file and no index.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MANY = 1_000
"""More paths than this at once mean: look at everything."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What was rung since the last taking. `first` and `last` are when, on the monotonic clock; `paths`
    counts the paths that were named; `hurried` is set where somebody waits for an answer."""

    paths: int = 0
    everything: bool = False
    hurried: bool = False
    first: float = 0.0
    last: float = 0.0

    @property
    def is_any(self) -> bool:
        """Whether anything was rung at all."""
        return self.everything or self.paths > 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What one round answers: these paths (None: everything), and the ticket up to which it does."""

    paths: frozenset[str] | None
    ticket: int


class Bell:
    """Rung by many threads, taken by one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._paths: set[str] = set()
        self._pending = Pending()
        self._rung = 0
        self._in_step: dict[str, int] = {"text": 0, "vectors": 0}
        self._failed = 0
        self._awake = False

    def ring(self, paths: Iterable[str] = (), *, everything: bool = False) -> None:
        """Say that these paths may differ from what is indexed, or that anything may."""
        with self._changed:
            now = self._clock()
            was = self._pending
            self._paths.update(paths)
            everything = everything or was.everything or len(self._paths) > MANY
            if everything:
                self._paths.clear()
            if not everything and not self._paths:
                return
            self._rung += 1
            first = was.first if was.is_any else now
            self._pending = Pending(len(self._paths), everything, was.hurried, first, now)
            self._awake = True
            self._changed.notify_all()

    def pending(self) -> Pending:
        """What waits to be taken."""
        with self._changed:
            return self._pending

    def take(self) -> Taken:
        """Take what was rung; a later ring needs another round."""
        with self._changed:
            paths = None if self._pending.everything else frozenset(self._paths)
            self._paths.clear()
            self._pending = Pending()
            return Taken(paths, self._rung)

    def answered(self, ticket: int, *parts: str) -> None:
        """All that was rung up to the ticket is in step now, in these parts (`text`, `vectors`)."""
        with self._changed:
            for part in parts:
                self._in_step[part] = max(self._in_step[part], ticket)
            self._changed.notify_all()

    def failed(self, taken: Taken) -> None:
        """A round came to nothing: what it was to answer is due again, and those who wait are told."""
        self.ring(taken.paths or (), everything=taken.paths is None)
        with self._changed:
            self._failed += 1
            self._changed.notify_all()

    def in_step(self, part: str, seconds: float) -> bool:
        """Wait until all that was rung so far is in step, without the pause that lets bursts settle; whether
        it came to that in time. A round that fails ends the waiting."""
        with self._changed:
            due, failed = self._rung, self._failed
            if self._in_step[part] >= due:
                return True
            was = self._pending
            if was.is_any:
                self._pending = Pending(was.paths, was.everything, True, was.first, was.last)
                self._awake = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._in_step[part] >= due or self._failed > failed, seconds)
            return self._in_step[part] >= due

    def wake(self) -> None:
        """Let the next `sleep` end at once."""
        with self._changed:
            self._awake = True
            self._changed.notify_all()

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until something is rung, somebody hurries, or `wake` is called; not at all where
        that happened since the last sleep."""
        with self._changed:
            if not self._awake:
                self._changed.wait(max(seconds, 0.0))
            self._awake = False
