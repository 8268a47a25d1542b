"""What can be in a restore's way, and what can be seen after it."""

from __future__ import annotations

import os
import re
import shutil
import signal
from dataclasses import replace
from pathlib import Path

from desk import run_git
from filelock import FileLock
from night import GO, Night, Told, mounted
from page import PAGE, live_drill

from atocore.app.backups import restoring
from atocore.knowledge.purged import Purged


def not_confirmed(night: Night) -> Told:
    told = night("atocore backup restore latest", code=2)
    night("atocore daemon --stop")
    night.fine(f"atocore backup restore latest {GO}")
    return told


def integrity_not_ok(night: Night) -> Told:
    good = night.stamp
    night.desk.commit("-- notes/work.md --\nMuch work.\n")
    night.fine("atocore backup create")
    night.stamp = night.stamps()[0]
    night.retell(lambda one: replace(one, recorded=replace(one.recorded, counts={"memory/active": 7})))
    told = night(f"atocore backup restore latest {GO}", code=16)
    former = re.search(r"former contents are kept in (\S+)", told.text)
    assert former
    assert (Path(former[1]) / "notes/work.md").exists()
    night("atocore check", code=0)
    night.fine("git fsck")
    night.fine("atocore backup list")
    assert "restored_integrity_ok: true" in night.fine(f"atocore backup restore {good} {GO}")
    night.fine(f"rm -r {former[1]}")
    return told


def mount_below(night: Night) -> Told:
    (night.folder / "disk").mkdir()
    below = night.vault / "notes/disk"
    with mounted("--bind", str(night.folder / "disk"), on=below):
        told = night(f"atocore backup restore latest {GO}", code=1)
        assert (night.vault / "notes/visit.md").exists()
        night.fine(f"umount {below}")
    night.fine(f"atocore backup restore latest {GO}")
    return told


def daemon_runs(night: Night) -> Told:
    with FileLock(night.vault / ".atocore/daemon.lock", thread_local=False):
        told = night(f"atocore backup restore latest {GO}", code=1)
    night("atocore daemon --stop")
    night.fine(f"atocore backup restore latest {GO}")
    return told


def command_at_work(night: Night) -> Told:
    night.settings("limits: {lock_seconds: 0.1}")
    with FileLock(night.vault / ".atocore/lock", thread_local=False):
        (night.vault / ".atocore/lock.pid").write_text(str(os.getpid()))
        told = night(f"atocore backup restore latest {GO}", code=1)
    night.fine(f"ps -p {os.getpid()}")
    night.fine(f"atocore backup restore latest {GO}")
    return told


def killed(night: Night) -> Told:
    child = os.fork()
    if not child:
        restoring.restore(
            night.stamp,
            night.vault,
            source=str(night.place),
            on_step=lambda now: now == "moved-out" and os.kill(os.getpid(), signal.SIGKILL),
        )
        os._exit(7)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    told = night("atocore status", code=1)
    assert night.health() == {"restore-unfinished"}
    command = told.text.rpartition("finish it: ")[2].strip()
    assert "restored_integrity_ok: true" in night.fine(command)
    night.fine("atocore status")
    return told


def folder_of_something_else(night: Night) -> Told:
    (night.folder / "docs").mkdir()
    (night.folder / "docs/letter.txt").write_text("Dear …")
    told = night(f"atocore backup restore latest --target {night.folder}/docs {GO}", code=1)
    night.fine(f"atocore backup restore latest --target {night.folder}/new {GO}")
    return told


def part_of_a_repository(night: Night) -> Told:
    big = night.folder / "big"
    shutil.copytree(night.vault, big / "vault", ignore=shutil.ignore_patterns(".git", ".atocore"))
    run_git(big, "init", "-q")
    run_git(big, "add", "-A")
    run_git(big, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "Start")
    told = night(f"atocore backup restore latest {GO}", big / "vault", code=1)
    night.fine("git log --oneline -- .", big / "vault")
    night.fine("git checkout HEAD -- .", big / "vault")
    night.fine(f"atocore backup restore latest --target {night.folder}/new {GO}")
    return told


def merge_under_way(night: Night) -> Told:
    desk = night.desk
    desk.git("checkout", "-q", "-b", "side")
    desk.commit("-- notes/visit.md --\nside\n")
    desk.git("checkout", "-q", "main")
    desk.commit("-- notes/visit.md --\nmain\n")
    assert night("git merge -q side").code
    told = night(f"atocore backup restore latest {GO}", code=1)
    night.fine("git merge --abort")
    assert night("git rebase --abort").code  # none is under way
    night.fine(f"atocore backup restore latest {GO}")
    return told


def no_space(night: Night) -> Told:
    night.desk.put("notes/large.bin", os.urandom(3 << 20))
    night.desk.git("add", "-A")
    night.desk.git("commit", "-qm", "Large")
    night.fine("atocore backup create")
    with mounted("-t", "tmpfs", "-o", "size=12m", "tmpfs", on=night.folder / "disk"):
        told = night(f"atocore backup restore latest --target {night.folder}/disk/new {GO}", code=1)
        assert not (night.folder / "disk/new").exists()
    night.fine(f"df -h {night.folder}")
    night.fine(f"atocore backup restore latest --target {night.folder}/new {GO}")
    return told


def no_backup_there(night: Night) -> Told:
    told = night(f"atocore backup restore latest --from {night.folder}/nowhere {GO}", code=1)
    night.fine(f"atocore backup list --from {night.place}")
    night.fine(f"atocore backup restore latest --from {night.place} {GO}")
    return told


def build_is_old(night: Night) -> Told:
    before = night("atocore health")
    night.fine(f"atocore backup restore latest {GO}")
    after = night("atocore health")
    builds = [re.search(r"^version .*$", told.text, re.MULTILINE) for told in (before, after)]
    assert all(builds)
    assert len({found[0] for found in builds if found}) == 1
    assert "atocore" in night.fine("atocore --version")
    return after


def marker_remains(night: Night) -> Told:
    night.desk.commit("-- drill-marker.md --\ndrill\n")  # of a drill by hand that was cut short
    told = night(live_drill(PAGE.read_text("utf-8")), code=1)
    night.fine("git rm -q --cached drill-marker.md")
    night.fine("git commit -qm 'Drill: end'")
    night.fine("rm drill-marker.md")
    return told


def problems_after(night: Night) -> Told:
    night.desk.commit("-- memories/scope/broken.md --\nid: [\n--\nBroken.\n")
    night.fine("atocore backup create")
    night.fine(f"atocore backup restore latest {GO}")
    told = night("atocore health", code=1)
    assert "broken.md" in night("atocore check", code=1).text
    return told


def purged_is_back(night: Night) -> Told:
    oid = night.desk.git("rev-parse", "HEAD:notes/visit.md").strip()
    night.desk.put("purged.txt", Purged(oid, None, "2026-01-31").line() + "\n")
    night.desk.commit()
    told = night("atocore health", code=1)
    night("atocore check", code=1)
    night.fine("atocore purge --again --yes")
    night.fine("atocore check")
    return told


def captures_missing(night: Night) -> Told:
    night.desk.put("captures/2026/11/30/int-1.md", "private\n")
    night.fine("atocore backup create")
    run_git(night.folder, "clone", "-q", str(night.vault), "clone")
    clone = night.folder / "clone"
    assert not (clone / "captures").exists()
    told = night("atocore status", clone, code=0)
    night.fine("atocore hook install --git", clone)
    restored = night.fine(f"atocore backup restore latest --from {night.place} {GO}", clone)
    assert "1 capture" in restored
    assert (clone / "captures/2026/11/30/int-1.md").exists()
    return told
