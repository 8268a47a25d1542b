"""Scheduled jobs as processes of their own: run, refused, killed, ended."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk
from running import QUICK, Running

from atocore.app.operations import Job, Operations
from atocore.daemon import schedule
from atocore.daemon.jobs import JOBS, JobProcess
from atocore.daemon.opening import Stopped
from atocore.errors import AtocoreError
from atocore.store.backups.folder_place import FolderPlace
from atocore.store.backups.manifest import Reason


@pytest.fixture
def kept(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderPlace:
    """Where the desk's backups are kept."""
    monkeypatch.setenv("ATOCORE_BACKUP_FOLDER", str(tmp_path / "kept"))
    return FolderPlace(tmp_path / "kept")


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 20.0
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def test_each_is_done_and_writes_down_its_outcome(desk: Desk, kept: FolderPlace) -> None:
    desk.commit(
        "-- memories/scope/r.md --\nid: mem-r\nproject: scope\nsubject: primary mirror\n"
        "attribute: glass\nvalue: ULE\n--\nx\n"
    )
    runs = JobProcess(desk.folder)
    assert [runs.run(job) for job in JOBS] == ["", "", "", ""]
    (made,) = kept.backups()
    assert made.manifest is not None
    assert made.manifest.reason is Reason.SCHEDULED
    ran = Operations(desk.folder / ".atocore").ran()
    assert all(ran[job].last_success for job in Job)
    assert ran[Job.SWEEP].told["commit"] == desk.head()
    assert "Atocore-Action: flag" in desk.message()
    desk.git("checkout", "-q", "-b", "side")
    assert "another branch" in runs.run(Job.SWEEP)


def test_what_is_refused_is_raised_as_it_was(desk: Desk, kept: FolderPlace) -> None:
    kept.folder.write_text("no folder")
    with pytest.raises(AtocoreError) as refused:
        JobProcess(desk.folder).run(Job.BACKUP)
    assert refused.value.code in Operations(desk.folder / ".atocore").ran()[Job.BACKUP].error
    with Operations(desk.folder / ".atocore").running("a test"), pytest.raises(AtocoreError) as busy:
        JobProcess(desk.folder).run(Job.PRUNE)
    assert busy.value.code == "vault-busy"


def slow_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git that never ends making a bundle; where it writes its process down."""
    told, folder = tmp_path / "bundling", tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(
        "#!/bin/sh\n"
        f'case "$*" in *"bundle create"*) echo $$ > {told}.new; mv {told}.new {told}; exec sleep 600;; esac\n'
        'PATH="${PATH#*:}"; exec git "$@"\n'
    )
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return told


def in_thread(runs: JobProcess, outcomes: list[BaseException | str]) -> threading.Thread:
    def run() -> None:
        try:
            outcomes.append(runs.run(Job.BACKUP))
        except BaseException as error:  # noqa: BLE001
            outcomes.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_one_that_is_ended_leaves_no_process_and_no_half(
    desk: Desk, kept: FolderPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, outcomes = slow_git(tmp_path, monkeypatch), list[BaseException | str]()
    runs = JobProcess(desk.folder)
    thread = in_thread(runs, outcomes)
    until(told.exists)
    bundling = int(told.read_text())
    runs.end()
    thread.join(20.0)
    assert [type(one) for one in outcomes] == [Stopped]
    until(lambda: not is_alive(bundling))
    assert list(kept.folder.iterdir()) == []
    ran = Operations(desk.folder / ".atocore").ran()[Job.BACKUP]
    assert (ran.last_success, ran.last_failure) == ("", ""), "neither"


def test_one_that_is_killed_is_a_failure_and_the_next_one_clears_up(
    desk: Desk, kept: FolderPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, outcomes = slow_git(tmp_path, monkeypatch), list[BaseException | str]()
    thread = in_thread(JobProcess(desk.folder), outcomes)
    until(told.exists)
    bundling = int(told.read_text())
    os.killpg(os.getpgid(bundling), signal.SIGKILL)
    thread.join(20.0)
    (error,) = outcomes
    assert isinstance(error, AtocoreError)
    assert "killed" in error.message
    assert Operations(desk.folder / ".atocore").ran()[Job.BACKUP].is_failing
    assert len(list(kept.folder.iterdir())) == 1, "what it left"
    monkeypatch.setenv("PATH", os.environ["PATH"].partition(":")[2])
    assert JobProcess(desk.folder).run(Job.BACKUP) == ""
    assert [one.manifest is not None for one in kept.backups()] == [True]
    assert len(list(kept.folder.iterdir())) == 1


def test_the_daemon_catches_up_with_what_was_missed_and_tells_when_it_is_due_next(
    desk: Desk, kept: FolderPlace, start: Callable[[Desk], Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "SETTLE_SECONDS", 0.0)
    desk.put("atocore.yaml", f"{QUICK}schedule: {{backup: '@daily', prune: off, drill: off, sweep: off}}\n")
    Operations(desk.folder / ".atocore").watch("2020-01-01T00:00:00Z")
    running = start(desk)
    running.until(lambda: kept.backups() and not running.ping()["running"], 60.0)
    assert len(kept.backups()) == 1
    told = running.ping()["schedule"]
    assert list(told) == ["backup"]
    assert told["backup"]["next"].endswith("T00:00:00Z")
    assert Operations(desk.folder / ".atocore").ran()[Job.SWEEP].last_success, "swept at the start"
