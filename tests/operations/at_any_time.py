"""What can be wrong with a vault, its daemon, its jobs and its hook, on any night."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta

from filelock import FileLock
from night import GO, Night, Told

from atocore import clock
from atocore.app.health import index as health_index
from atocore.app.operations import Job

LONG_AGO = 1_700_000_000


def never_backed_up(night: Night) -> Told:
    shutil.rmtree(night.place)
    (night.vault / ".atocore/operations.json").unlink()
    os.utime(night.vault / ".atocore/.gitignore", (LONG_AGO, LONG_AGO))
    told = night("atocore health", code=1)
    night.fine("atocore backup create")
    assert "backup-overdue" not in night.health()
    return told


def job_overdue(night: Night) -> Told:
    night.operations.succeeded(Job.DRILL, "2020-02-02T02:02:02Z")
    told = night("atocore health", code=1)
    night.fine("atocore backup drill")
    night("atocore service status")
    night("atocore daemon --status")
    assert night.health() == set()
    return told


def job_failing(night: Night) -> Told:
    night.place.chmod(0o700)
    night.place.rename(night.folder / "away")
    night.place.write_text("a file")
    night("atocore backup create", code=1)
    told = night("atocore health", code=1)
    night.place.unlink()
    (night.folder / "away").rename(night.place)
    night.fine("atocore backup create")
    assert night.health() == set()
    return told


def newest_backup_gone(night: Night) -> Told:
    shutil.rmtree(night.backup)
    told = night("atocore health", code=1)
    night.fine("atocore backup list")
    night.fine("atocore backup create")
    assert night.health() == set()
    return told


def newest_backup_damaged(night: Night) -> Told:
    os.truncate(night.backup / "vault.bundle", 100)
    told = night("atocore health", code=1)
    night("atocore backup validate all --read-data", code=12)
    night.fine("atocore backup create")
    assert night.health() == set()
    return told


def disk_low(night: Night) -> Told:
    night.settings(f"health: {{free_bytes: {10**18}}}")
    told = night("atocore health", code=1)
    night.fine(f"df -h {night.vault}")
    night.fine("atocore backup prune --dry-run")
    night.fine("atocore backup prune")
    return told


def clock_went_back(night: Night) -> Told:
    now = clock.now()
    with night.monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: now + timedelta(days=400))
        night.fine("atocore backup create")
    told = night("atocore health", code=1)
    night.fine("date --utc")
    night.fine("atocore backup create")
    assert "clock-behind" not in night.health()
    return told


def lock_of_a_dead_git(night: Night) -> Told:
    night.settings("limits: {lock_seconds: 0.1}")
    night.desk.put(".git/index.lock", "")
    told = night("atocore promote mem-mass00000000 -m 'weighed'", code=1)
    night("ps -C git")
    night.fine("rm .git/index.lock")
    return told


def repository_damaged(night: Night) -> Told:
    (night.vault / ".git/HEAD").write_text("nonsense\n")
    assert night("git fsck").code
    told = night("atocore health", code=1)
    night.fine(f"atocore backup restore latest {GO}")
    assert night.health() == set()
    return told


def commit_missing(night: Night) -> Told:
    objects = night.vault / ".git/objects"
    head = night.desk.head()
    (objects / head[:2] / head[2:]).unlink()
    told = night("atocore status", code=1)
    assert night("git fsck").code
    night.fine(f"atocore backup restore latest {GO}")
    night.fine("git fsck")
    return told


def settings_broken(night: Night) -> Told:
    night.desk.put("atocore.yaml", "format: [\n")
    told = night("atocore status", code=1)
    assert night.health() == {"settings"}
    night.fine("git checkout -- atocore.yaml")
    night.fine("atocore status")
    return told


def newer_vault(night: Night) -> Told:
    night.desk.put("atocore.yaml", "format: 99\n")
    night.desk.git("commit", "-qam", "Migrate")
    told = night("atocore search Zerodur", code=1)
    assert "Migrate" in night.fine("git log --oneline -- atocore.yaml")
    head = night.desk.head()
    night.fine(f"git revert --no-edit {head}")
    night.fine("atocore search Zerodur --words")
    return told


def index_damaged(night: Night) -> Told:
    (catalog,) = night.vault.glob(".atocore/index/generation-*/catalog.db")
    catalog.write_bytes(b"nonsense" * 1000)
    with night.monkeypatch.context() as patch:
        patch.setattr(health_index, "LITTLE", 0)  # as for a large vault, whose index health does not build
        told = night("atocore health", code=1)
    night.fine("atocore index rebuild")
    assert night.health() == set()
    return told


def two_daemons(night: Night) -> Told:
    with FileLock(night.vault / ".atocore/daemon.lock", thread_local=False):
        _told_of_a_daemon(night, os.getpid())
        told = night("atocore daemon", code=1)
        night("atocore daemon --status")
    return told


def daemon_silent(night: Night) -> Told:
    hold = (
        "import sys, time, filelock; lock = filelock.FileLock(sys.argv[1]); lock.acquire();"
        "print(1, flush=True); time.sleep(60)"
    )
    lock = night.vault / ".atocore/daemon.lock"
    with subprocess.Popen([sys.executable, "-c", hold, str(lock)], stdout=subprocess.PIPE) as held:
        assert held.stdout
        held.stdout.readline()
        _told_of_a_daemon(night, held.pid)
        told = night("atocore daemon --stop", code=1)
        assert night.health() == {"daemon-silent"}
        night.fine(f"kill {held.pid}")
        held.wait()
    assert night.health() == set()
    return told


def _told_of_a_daemon(night: Night, pid: int) -> None:
    told = {"pid": pid, "version": "0.0.1", "started": "2026-11-30T03:00:00Z", "socket": "gone"}
    night.desk.put(".atocore/daemon.json", json.dumps(told))


def vault_gone(night: Night) -> Told:
    told = night("atocore status", night.folder, code=1)
    night.fine(f"atocore status --vault {night.vault}", night.folder)
    night.fine(
        f"atocore backup restore latest --from {night.place} --target {night.folder}/new {GO}", night.folder
    )
    return told


def hook_failing(night: Night) -> Told:
    at = "2026-11-30T03:00:00Z"
    told = {"last_run": at, "last_outcome": "failed", "last_error": "no space left", "last_error_at": at}
    night.desk.put(".atocore/hook-status.json", json.dumps(told))
    seen = night("atocore health", code=1)
    night("atocore hook status")
    night("atocore hook test")
    return seen
