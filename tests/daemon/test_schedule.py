"""The schedule: runs what was missed, one at a time, tries again, and tells of it. No process is started."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from atocore.app.operations import Job, Operations
from atocore.daemon.opening import Opening, Stopped
from atocore.daemon.report import Report
from atocore.daemon.schedule import LOOK_SECONDS, SETTLE_SECONDS, Schedule, run_due
from atocore.errors import AtocoreError
from atocore.index.model import Model

SETTINGS = """format: 1
schedule:
  backup: "15 3 * * *"
  prune: "30 3 * * *"
  drill: off
  sweep: "0 4 * * *"
"""


@dataclass
class Bench:
    """A schedule whose clocks the test moves, and whose jobs only write down that they ran."""

    folder: Path
    now: datetime = datetime(2026, 11, 30, 12, tzinfo=UTC)
    ticks: float = 1000.0
    ran: list[str] = field(default_factory=list)
    ends: dict[Job, Callable[[], str]] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    report: Report = field(default_factory=Report)

    def __post_init__(self) -> None:
        (self.folder / ".atocore").mkdir(exist_ok=True)
        self.settings(SETTINGS)
        self.operations = Operations(self.folder / ".atocore")
        self.start()

    def settings(self, text: str) -> None:
        (self.folder / "atocore.yaml").write_text(text)

    def start(self) -> None:
        """A daemon that starts now."""
        self.opening = Opening(self.folder, Model())
        self.schedule = Schedule(
            self.opening, self.report, self.stop, self, lambda: self.now, lambda: self.ticks
        )

    def run(self, job: Job) -> str:
        self.ran.append(job.value)
        waits = self.ends.get(job, str)()
        if not waits:
            self.operations.succeeded(job, self.now.strftime("%Y-%m-%dT%H:%M:%SZ"))
        return waits

    def end(self) -> None:
        raise AssertionError

    def after(self, **spans: float) -> list[str]:
        """What runs when the time has passed in which nobody looked, and when it began to settle."""
        span = timedelta(**spans)
        self.now, self.ticks = self.now + span, self.ticks + span.total_seconds()
        return self.turn()

    def turn(self) -> list[str]:
        before = len(self.ran)
        self.pause = self.schedule.turn()
        return self.ran[before:]

    def nexts(self) -> dict[str, str]:
        return {job: told["next"] for job, told in self.report.schedule.items()}


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("TZ", "UTC")
    return Bench(tmp_path)


def test_each_runs_at_its_time_in_the_order_of_need(bench: Bench) -> None:
    assert bench.turn() == []
    assert bench.pause <= LOOK_SECONDS
    assert bench.nexts()["backup"] == "2026-12-01T03:15:00Z"
    assert bench.after(hours=15, minutes=14, seconds=50) == []
    assert bench.pause == 10.0
    assert bench.after(seconds=10) == ["backup"]
    assert bench.after(hours=1) == ["prune", "sweep"]
    assert bench.after(hours=22) == []
    assert bench.after(days=30) == ["backup", "prune", "sweep"], "once each, however many were missed"
    assert bench.turn() == []


def test_what_was_missed_while_no_daemon_ran_comes_soon_and_not_at_once(bench: Bench) -> None:
    bench.turn()
    bench.now += timedelta(days=3)
    bench.start()
    assert bench.turn() == []
    assert bench.nexts()["backup"] == "2026-12-03T12:00:20Z"
    assert bench.after(seconds=SETTLE_SECONDS) == ["backup", "prune", "sweep"]


def test_after_a_sleep_it_looks_again_when_the_machine_has_settled(bench: Bench) -> None:
    bench.after(seconds=SETTLE_SECONDS)
    bench.now += timedelta(days=1)  # the clock that only goes forward stood still
    bench.schedule.woke()
    assert bench.turn() == []
    assert bench.after(seconds=SETTLE_SECONDS) == ["backup", "prune", "sweep"]


def test_a_run_by_hand_or_by_cron_counts(bench: Bench) -> None:
    bench.turn()
    bench.operations.succeeded(Job.BACKUP, "2026-12-01T03:20:00Z")
    assert bench.after(days=1) == ["prune", "sweep"]


def test_a_clock_that_was_years_ahead_costs_one_run_and_no_year(bench: Bench) -> None:
    bench.after(seconds=SETTLE_SECONDS)
    assert bench.after(days=2000) == ["backup", "prune", "sweep"]
    bench.now -= timedelta(days=2000)
    bench.ticks += 120
    assert bench.turn() == ["backup", "prune", "sweep"]
    assert bench.after(minutes=5) == []
    assert bench.after(days=1) == ["backup", "prune", "sweep"]


def test_a_clock_that_was_ahead_when_it_watched_first_is_no_reason_to_wait(bench: Bench) -> None:
    bench.operations.watch("2040-01-01T00:00:00Z")
    bench.turn()
    assert bench.operations.watched_since() == "2026-11-30T12:00:00Z"
    assert bench.after(days=1) == ["backup", "prune", "sweep"]


def test_what_fails_is_told_and_tried_again_after_growing_pauses(bench: Bench) -> None:
    def full() -> str:
        raise AtocoreError("backup-incomplete", "no space is left")

    bench.turn()
    bench.ends[Job.BACKUP] = full
    assert bench.after(days=1) == ["backup", "prune", "sweep"]
    assert bench.report.errors == {"BACKUP": "backup: backup-incomplete: no space is left"}
    assert bench.report.schedule["backup"]["waits"] == "backup-incomplete: no space is left"
    assert bench.nexts()["backup"] == "2026-12-01T12:01:00Z"
    assert bench.pause <= LOOK_SECONDS
    assert bench.after(seconds=59) == []
    assert bench.pause == 1.0
    assert bench.after(seconds=1) == ["backup"]
    assert bench.after(seconds=119) == []
    del bench.ends[Job.BACKUP]
    assert bench.after(seconds=1) == ["backup"]
    assert bench.report.errors == {}
    assert bench.nexts()["backup"] == "2026-12-02T03:15:00Z"


def test_what_waits_is_no_failure(bench: Bench) -> None:
    bench.turn()
    bench.ends[Job.SWEEP] = lambda: "another branch is checked out"
    assert bench.after(days=1) == ["backup", "prune", "sweep"]
    assert bench.report.errors == {}
    assert bench.report.schedule["sweep"]["waits"] == "another branch is checked out"
    del bench.ends[Job.SWEEP]
    assert bench.after(seconds=60) == ["sweep"]


def test_one_that_somebody_else_runs_is_waited_for_and_its_success_counts(bench: Bench) -> None:
    def busy() -> str:
        raise AtocoreError("vault-busy", "a drill runs already")

    bench.turn()
    bench.ends.update({Job.BACKUP: busy, Job.PRUNE: busy})
    bench.after(days=1)
    assert bench.report.errors == {}
    assert "runs already" in bench.report.schedule["backup"]["waits"]
    bench.operations.succeeded(Job.BACKUP, "2026-12-01T12:00:30Z")
    assert bench.after(seconds=40) == []
    assert bench.report.schedule["backup"] == {
        "next": "2026-12-02T03:15:00Z",
        "due": "2026-12-02T03:15:00Z",
        "waits": "",
    }


def test_a_failure_that_somebody_mended_by_hand_is_told_no_longer(bench: Bench) -> None:
    def full() -> str:
        raise AtocoreError("backup-incomplete", "no space is left")

    bench.turn()
    bench.ends[Job.BACKUP] = full
    bench.after(days=1)
    assert list(bench.report.errors) == ["BACKUP"]
    bench.operations.succeeded(Job.BACKUP, "2026-12-01T12:00:30Z")
    assert bench.after(seconds=40) == []
    assert bench.report.errors == {}


def test_settings_that_change_while_a_job_runs_count_for_the_next_one(bench: Bench) -> None:
    def switch_off() -> str:
        bench.settings(SETTINGS.replace('"30 3 * * *"', "off"))
        bench.opening.read_settings()
        return ""

    bench.turn()
    bench.ends[Job.BACKUP] = switch_off
    assert bench.after(days=1) == ["backup", "sweep"]


def test_a_process_that_cannot_be_started_and_one_that_was_ended(bench: Bench) -> None:
    def none() -> str:
        raise OSError(11, "no more processes")

    def stopped() -> str:
        bench.stop.set()
        raise Stopped

    bench.turn()
    bench.ends.update({Job.BACKUP: none, Job.PRUNE: stopped})
    assert bench.after(days=1) == ["backup", "prune"], "nothing begins after the end"
    assert list(bench.report.errors) == ["BACKUP"]


def test_settings_that_are_broken_are_told_and_the_others_go_on(bench: Bench) -> None:
    bench.settings(SETTINGS.replace('"15 3 * * *"', '"25 25 * * *"'))
    bench.opening.read_settings()
    bench.turn()
    assert "schedule.backup" in bench.report.errors["SCHEDULE"]
    assert bench.after(days=1) == ["prune", "sweep"]
    bench.settings(SETTINGS)
    bench.opening.read_settings()
    assert bench.after(days=1) == ["backup", "prune", "sweep"]
    assert bench.report.errors == {}
    bench.settings("format: 1\nschedule: {backup: off, prune: off, drill: off, sweep: 'off'}\n")
    bench.opening.read_settings()
    assert bench.after(days=9) == []
    assert bench.report.schedule == {}


def test_a_job_that_forgets_to_write_down_its_success_does_not_run_all_the_time(bench: Bench) -> None:
    bench.turn()
    bench.operations.succeeded = lambda *_args, **_told: None  # type: ignore[method-assign]
    bench.after(days=1)
    assert bench.turn() == []


def test_another_zone_and_its_jump(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    bench.now = datetime(2026, 3, 28, 12, tzinfo=UTC)
    bench.settings(SETTINGS.replace("15 3", "30 2"))
    bench.start()
    bench.turn()
    assert bench.nexts()["backup"] == "2026-03-29T01:00:00Z", "half past two is left out that night"


def test_once_runs_what_is_due_and_goes_on_after_a_failure(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atocore.clock.now", lambda: bench.now)
    assert run_due(bench.folder, bench.opening.settings, bench) == ()
    bench.now += timedelta(days=1)
    bench.ends[Job.SWEEP] = lambda: "another branch"
    assert run_due(bench.folder, bench.opening.settings, bench) == (
        "backup: done",
        "prune: done",
        "sweep: waits: another branch",
    )

    def lost() -> str:
        raise AtocoreError("no-backup", "the disk is gone")

    bench.ends[Job.BACKUP] = lost
    bench.now += timedelta(days=1)
    with pytest.raises(AtocoreError, match="the disk is gone"):
        run_due(bench.folder, bench.opening.settings, bench)
    assert bench.ran[-3:] == ["backup", "prune", "sweep"]
