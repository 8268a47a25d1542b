"""What ran when, and how it ended: backups, prunings, drills and sweeps, whoever started them.

One small file in `.atocore/`. Losing it costs the knowledge of when something ran last, and nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from atocore.errors import AtocoreError
from atocore.store import files

FILE = "operations.json"


class Job(StrEnum):
    """What an operator wants to have run now and then."""

    BACKUP = "backup"
    PRUNE = "prune"
    DRILL = "drill"
    SWEEP = "sweep"


@dataclass(frozen=True, slots=True)
class Ran:
    """How the runs of one job ended: times in RFC 3339 (UTC), "" for never. `error` is of the last failure;
    `told` are figures of the last success."""

    last_success: str = ""
    last_failure: str = ""
    error: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_failing(self) -> bool:
        """Whether the last run failed."""
        return self.last_failure > self.last_success


class Operations:
    """The record of jobs in a vault's local folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ran(self) -> dict[Job, Ran]:
        """How each job ended; of one that never ran, that."""
        try:
            told = json.loads((self._folder / FILE).read_text("utf-8"))
            return {job: Ran(**told[job]) if job in told else Ran() for job in Job}
        except (OSError, ValueError, TypeError):
            return {job: Ran() for job in Job}

    def succeeded(self, job: Job, now: str, **told: Any) -> None:
        """Write down that a job ended well."""
        self._write(job, replace(self.ran()[job], last_success=now, told=told))

    def failed(self, job: Job, now: str, error: str) -> None:
        """Write down that a job failed, and why."""
        self._write(job, replace(self.ran()[job], last_failure=now, error=error))

    def _write(self, job: Job, ran: Ran) -> None:
        told = {name: asdict(one) for name, one in {**self.ran(), job: ran}.items()}
        raw = (json.dumps(told, indent=1) + "\n").encode()
        files.write(self._folder / FILE, raw, mark=str(os.getpid()))

    @contextmanager
    def running(self, job: Job) -> Iterator[None]:
        """Run a job, no other at the same time in this vault. Raises `vault-busy` at once where one runs."""
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
