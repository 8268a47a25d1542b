"""The thread that has backups made, pruned and rehearsed, and conflicts swept, when the settings say so."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from atocore import clock
from atocore.app.operations import Job, Operations
from atocore.app.timetables import readable_timetables
from atocore.config import Settings
from atocore.daemon.due import FIRST_PAUSE, Held, due, held, moment
from atocore.daemon.jobs import JOBS, JobProcess
from atocore.daemon.opening import Opening, Stopped
from atocore.daemon.report import Report
from atocore.errors import AtocoreError
from atocore.knowledge.timetable import Timetable
from atocore.store.lock import local_folder

_log = logging.getLogger("atocore.daemon")

LOOK_SECONDS = 30.0
"""So often it is looked what is due: the clock may be set, and others run jobs too."""
SETTLE_SECONDS = 20.0
"""So long after its start, or after the machine slept, nothing is run: disks and networks come back first."""
_FORM = "%Y-%m-%dT%H:%M:%SZ"


class Runner(Protocol):
    """What runs a job to its end, and ends it early from another thread."""

    def run(self, job: Job) -> str:
        """Run it; what it waits for, "" where it was done. Raises `AtocoreError`, `OSError`, `Stopped`."""

    def end(self) -> None:
        """End the one that runs."""


class Schedule:
    """Runs what is due, one at a time, until it is told to stop."""

    def __init__(
        self,
        opening: Opening,
        report: Report,
        stop: threading.Event,
        runner: Runner | None = None,
        now: Callable[[], datetime] = clock.now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._opening = opening
        self._report = report
        self._stop = stop
        self._runner = runner or JobProcess(opening.folder)
        self._now = now
        self._ticks = ticks
        self._woken = threading.Event()
        self._settled_at = ticks() + SETTLE_SECONDS
        self._held: dict[Job, Held] = {}

    def run(self) -> None:
        """Look and run until told to stop. Never raises."""
        while not self._stop.is_set():
            try:
                pause = self.turn()
            except (AtocoreError, OSError) as error:
                _log.warning("cannot look what is due: %s", error)
                self._report.errors["SCHEDULE"] = f"cannot look what is due: {error}"
                pause = LOOK_SECONDS
            except Exception as error:
                _log.exception("internal error in the schedule")
                self._report.errors["SCHEDULE"] = f"internal error: {type(error).__name__}: {error}"
                pause = LOOK_SECONDS
            self._woken.wait(pause)
            self._woken.clear()

    def woke(self) -> None:
        """The machine slept: look again, a moment later."""
        self._settled_at = self._ticks() + SETTLE_SECONDS
        self._woken.set()

    def end(self) -> None:
        """Told to stop: end what runs."""
        self._woken.set()
        self._runner.end()

    def turn(self) -> float:
        """Run what is due, if anything is; for how many seconds there is nothing to do."""
        while not self._stop.is_set():
            plan = self._plan(self._tables())  # after each job: it may have taken long, and settings change
            job = self._ready(plan)
            if job is None:
                return self._pause(plan)
            self._try(job)
        return 0.0

    def _tables(self) -> dict[Job, Timetable]:
        tables, errors = readable_timetables(self._opening.settings)
        told = "; ".join(f"{error.code}: {error.message}" for error in errors.values())
        if told and self._report.errors.get("SCHEDULE") != told:
            _log.warning("%s; this is never run", told)
        if told:
            self._report.errors["SCHEDULE"] = told
        else:
            self._report.errors.pop("SCHEDULE", None)
        self._forget({job for job in self._held if job not in tables})
        return {job: tables[job] for job in JOBS if job in tables}

    def _plan(self, tables: dict[Job, Timetable]) -> dict[Job, datetime]:
        if not tables:
            self._report.schedule = {}
            return {}
        now, operations = self._now(), Operations(local_folder(self._opening.folder))
        plan = due(tables, operations.ran(), watched_since(operations, now), now)
        self._forget(
            {job for job, at in plan.items() if at > now and job in self._held and self._held[job].why}
        )
        self._report.schedule = {job.value: self._told(job, at) for job, at in plan.items()}
        return plan

    def _forget(self, jobs: Collection[Job]) -> None:
        """What kept these from being done says nothing any more: somebody else did them, or they are due at
        another time."""
        for job in jobs:
            del self._held[job]
            self._report.errors.pop(job.name, None)

    def _told(self, job: Job, at: datetime) -> dict[str, str]:
        """When it runs next, and why not before."""
        found = self._held.get(job)
        soonest = max(self._settled_at, found.at if found else 0.0) - self._ticks()
        runs = max(at, self._now() + timedelta(seconds=max(soonest, 0.0)))
        return {"next": runs.strftime(_FORM), "due": at.strftime(_FORM), "waits": found.why if found else ""}

    def _ready(self, plan: dict[Job, datetime]) -> Job | None:
        now, ticks = self._now(), self._ticks()
        if ticks < self._settled_at:
            return None
        for job, at in plan.items():
            if at <= now and (job not in self._held or self._held[job].at <= ticks):
                return job
        return None

    def _pause(self, plan: dict[Job, datetime]) -> float:
        """Until the next one may be ready; not longer than a look's pause."""
        now, ticks = self._now(), self._ticks()
        free = {job: max(self._settled_at, one.at) for job, one in self._held.items()}
        waits = [
            max((at - now).total_seconds(), free.get(job, self._settled_at) - ticks)
            for job, at in plan.items()
        ]
        return max(min([*waits, LOOK_SECONDS]), 0.05)

    def _try(self, job: Job) -> None:
        self._report.running = job.value
        begun = self._ticks()
        _log.info("%s: begins", job.value)
        try:
            waits = self._runner.run(job)
        except Stopped:
            _log.info("%s: ended before it was done", job.value)
        except AtocoreError as error:
            busy = (
                error.code == "vault-busy"
            )  # somebody runs one by hand, or a daemon's that was killed goes on
            self._hold(job, f"{error.code}: {error.message}", is_waiting=busy)
        except OSError as error:
            self._hold(job, f"no process could be started for it: {error.strerror or error}")
        else:
            if waits:
                self._hold(job, waits, is_waiting=True)
            else:
                _log.info("%s: done in %.1f s", job.value, self._ticks() - begun)
                self._fine(job)
        finally:
            self._report.running = ""

    def _hold(self, job: Job, why: str, *, is_waiting: bool = False) -> None:
        found = self._held[job] = held(self._held.get(job), why, self._ticks(), is_waiting=is_waiting)
        pause = found.at - self._ticks()
        if is_waiting:
            _log.info("%s: waits: %s; next look in %.0f s", job.value, why, pause)
            self._report.errors.pop(job.name, None)
        else:
            _log.warning("%s: failed: %s; next try in %.0f s", job.value, why, pause)
            self._report.errors[job.name] = f"{job.value}: {why}"

    def _fine(self, job: Job) -> None:
        """It was done: no more of it for a minute, whatever its record says."""
        self._held[job] = Held("", self._ticks() + FIRST_PAUSE, failures=0, is_waiting=True)
        if self._report.errors.pop(job.name, None) is not None:
            _log.info("%s: it works again", job.value)


def watched_since(operations: Operations, now: datetime) -> datetime:
    """Since when the vault is watched: from now on, where nobody wrote that down, or a clock that was ahead
    did."""
    since = moment(operations.watched_since())
    if since is not None and since <= now:
        return since
    with suppress(AtocoreError), operations.running("first look"):  # busy: the next look writes it down
        operations.watch(now.strftime(_FORM))
    return now


def run_due(folder: Path, settings: Settings, runner: Runner | None = None) -> tuple[str, ...]:
    """Run what is due now, one after the other; what was done or waits. Raises what the first one raises that
    fails, once all were tried."""
    runner, now = runner or JobProcess(folder), clock.now()
    tables, errors = readable_timetables(settings)
    operations = Operations(local_folder(folder))
    failed: list[AtocoreError] = list(errors.values())
    notes = []
    plan = due(tables, operations.ran(), watched_since(operations, now), now) if tables else {}
    for job in (job for job in JOBS if job in plan and plan[job] <= now):
        try:
            waits = runner.run(job)
        except AtocoreError as error:
            failed.append(error)
        else:
            notes.append(f"{job.value}: waits: {waits}" if waits else f"{job.value}: done")
    if failed:
        raise failed[0]
    return tuple(notes)
