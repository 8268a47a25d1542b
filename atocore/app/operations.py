"""What ran when, and how it ended: backups, prunings, drills and sweeps, whoever started them.

One small file in `.atocore/`. Losing it costs the knowledge of when something ran last, and nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from atocore.errors import AtocoreError
from atocore.store import files

FILE = "operations.json"
_WATCHED = "watched_since"


class Job(StrEnum):
    """What an operator wants to have run now and then."""

    BACKUP = "backup"
    PRUNE = "prune"
    DRILL = "drill"
    SWEEP = "sweep"


@dataclass(frozen=True, slots=True)
class Ran:
    """How the runs of one job ended: times in RFC 3339 (UTC), "" for never. `error` is of the last failure;
    `told` are figures of the last success; `failures` counts those since then."""

    last_success: str = ""
    last_failure: str = ""
    error: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    failures: int = 0

    @property
    def is_failing(self) -> bool:
        """Whether the last run failed."""
        return self.failures > 0


class Operations:
    """The record of jobs in a vault's local folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ran(self) -> dict[Job, Ran]:
        """How each job ended; of one that never ran, that."""
        told = self._read()
        return {job: _ran(told.get(job)) for job in Job}

    def watched_since(self) -> str:
        """Since when a daemon sees to the jobs (RFC 3339, UTC); "" where none did yet."""
        found = self._read().get(_WATCHED)
        return found if isinstance(found, str) else ""

    def watch(self, now: str) -> None:
        """Write down that a daemon sees to the jobs from now on."""
        self._write({_WATCHED: now})

    def succeeded(self, job: Job, now: str, **told: Any) -> None:
        """Write down that a job ended well."""
        self._write({job: asdict(replace(self.ran()[job], last_success=now, told=told, failures=0))})

    def failed(self, job: Job, now: str, error: str) -> None:
        """Write down that a job failed, and why."""
        ran = self.ran()[job]
        self._write({job: asdict(replace(ran, last_failure=now, error=error, failures=ran.failures + 1))})

    def _read(self) -> dict[str, Any]:
        try:
            told = json.loads((self._folder / FILE).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return told if isinstance(told, dict) else {}

    def _write(self, news: Mapping[str, Any]) -> None:
        raw = (json.dumps({**self._read(), **news}, indent=1) + "\n").encode()
        files.write(self._folder / FILE, raw, mark=str(os.getpid()))

    @contextmanager
    def running(self, job: Job | str) -> Iterator[None]:
        """Run a job, or what else no job may run beside, alone in this vault. Raises `vault-busy` at once
        where one runs."""
        from filelock import FileLock, Timeout

        lock = FileLock(self._folder / "operations.lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            told = f"a backup, pruning, drill or sweep runs already: no {job} beside it"
            raise AtocoreError("vault-busy", told, "wait for it to end") from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def recorded(self, job: Job, now: Callable[[], str]) -> Iterator[dict[str, Any]]:
        """Run a job, no other at the same time, and write down how it ended: what the block puts into the
        dictionary are the figures told of a success. Raises as `running` does."""
        with self.running(job):
            figures: dict[str, Any] = {}
            try:
                yield figures
            except (AtocoreError, OSError) as error:
                code = error.code if isinstance(error, AtocoreError) else "unreadable"
                self.failed(job, now(), f"{code}: {error}")
                raise
            self.succeeded(job, now(), **figures)


def _ran(told: Any) -> Ran:
    """What the file says of a job; what was never written so counts as never run."""
    found, never = {}, asdict(Ran())
    for name, value in told.items() if isinstance(told, dict) else ():
        if name in never and type(value) is type(never[name]):
            found[name] = value
    return Ran(**found)
