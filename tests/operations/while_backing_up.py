"""What can go wrong with a backup that is made, and with where it goes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from desk import run_git
from night import Night, Told, mounted


def disk_full(night: Night) -> Told:
    night.desk.put("notes/large.bin", os.urandom(400_000))
    with mounted("-t", "tmpfs", "-o", "size=300k", "tmpfs", on=night.folder / "disk"):
        told = night(f"atocore backup create --to {night.folder}/disk", code=1)
        assert list((night.folder / "disk").iterdir()) == []
    assert "backups" in night.fine("atocore backup prune --dry-run")
    night.fine("atocore backup prune --keep-last 1")
    night.fine("atocore backup create")
    return told


def place_read_only(night: Night) -> Told:
    place = night.folder / "disk"
    with mounted("-t", "tmpfs", "tmpfs", on=place):
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        told = night(f"atocore backup create --to {place}", code=1)
        night.fine(f"mount -o remount,rw {place}")
        night.fine(f"atocore backup create --to {place}")
    return told


def place_gone(night: Night) -> Told:
    night.place.rename(night.folder / "unmounted")
    told = night("atocore backup create", code=0)
    assert night.fine("atocore backup list").count("asked") == 1  # the new one alone
    shutil.rmtree(night.place)
    (night.folder / "unmounted").rename(night.place)
    night.fine("atocore backup create")
    assert len(night.stamps()) == 2
    return told


def place_inside_the_vault(night: Night) -> Told:
    told = night("atocore backup create --to backups", code=2)
    night.fine(f"atocore backup create --to {night.folder}/beside")
    return told


def off_site_unreachable(night: Night) -> Told:
    night.settings(f"backup: {{off_site: ['file://{night.folder}/remote.git']}}")
    told = night("atocore backup create --off-site", code=1)
    assert night.health() == {"backup-failed"}
    assert len(night.stamps()) == 2  # that of this machine is made all the same
    assert night(f"git ls-remote file://{night.folder}/remote.git").code
    run_git(night.folder, "init", "-q", "--bare", "remote.git")
    assert "sent to file://" in night.fine("atocore backup create --off-site")
    return told


def _over_ssh(night: Night, said: str) -> Path:
    """A remote behind an `ssh` that says something and ends, in place of a server that is none here; once the
    file that is returned is gone, it connects."""
    run_git(night.folder, "init", "-q", "--bare", "remote.git")
    fails = night.folder / "fails"
    fails.write_text(said)
    ssh = night.folder / "program/ssh"
    ssh.parent.mkdir(exist_ok=True)
    ssh.write_text(
        f'#!/bin/sh\ncat "{fails}" >&2 2>/dev/null && exit 255\nfor last; do :; done\nexec sh -c "$last"\n'
    )
    ssh.chmod(0o755)
    run_git(night.vault, "config", "core.sshCommand", str(ssh))
    night.settings(f"backup: {{off_site: ['ssh://nas.example.org{night.folder}/remote.git']}}")
    return fails


def host_key_unknown(night: Night) -> Told:
    fails = _over_ssh(night, "Host key verification failed.\n")
    told = night("atocore backup create --off-site", code=1)
    fails.unlink()
    assert "sent to ssh://" in night.fine("atocore backup create --off-site")
    return told


def key_refused(night: Night) -> Told:
    fails = _over_ssh(night, "backup@nas.example.org: Permission denied (publickey).\n")
    told = night("atocore backup create --off-site", code=1)
    fails.unlink()
    night.fine(f"git ls-remote ssh://nas.example.org{night.folder}/remote.git", cwd=night.vault)
    night.fine("atocore backup create --off-site")
    return told


def disk_full_over_there(night: Night) -> Told:
    address = f"ssh://nas.example.org{night.folder}/disk/remote.git"
    _over_ssh(night, "").unlink()
    night.settings(f"backup: {{off_site: ['{address}']}}")
    with mounted("-t", "tmpfs", "-o", "size=2m", "tmpfs", on=night.folder / "disk"):
        run_git(night.folder, "init", "-q", "--bare", "disk/remote.git")
        night.fine("atocore backup create --off-site")
        others = night.folder / "disk/others"
        others.write_bytes(os.urandom(1_200_000))
        night.desk.put("notes/large.bin", os.urandom(800_000))
        run_git(night.vault, "add", "notes/large.bin")
        run_git(night.vault, "commit", "-q", "-m", "Keep a large file")
        told = night("atocore backup create --off-site", code=1)
        night.fine(f"atocore backup prune --keep-last 1 --from {address}")
        others.unlink()
        night.fine("atocore backup create --off-site")
    return told


def off_site_refuses(night: Night) -> Told:
    run_git(night.folder, "init", "-q", "--bare", "remote.git")
    hook = night.folder / "remote.git/hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    night.settings(f"backup: {{off_site: ['file://{night.folder}/remote.git']}}")
    told = night("atocore backup create --off-site", code=1)
    hook.unlink()
    night.fine("atocore backup create --off-site")
    return told


def shallow_clone(night: Night) -> Told:
    night.desk.git("commit", "-q", "--allow-empty", "-m", "More")
    clone = night.folder / "clone"
    run_git(night.folder, "clone", "-q", "--depth", "1", f"file://{night.vault}", "clone")
    told = night("atocore backup create", clone, code=1)
    night.fine("git fetch --unshallow", clone)
    night.fine("atocore backup create", clone)
    return told


def cut_short(night: Night) -> Told:
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = shutil.copytree(night.backup, night.place / _partial(night.stamp, gone.pid))
    (left / "manifest.json").unlink()
    told = night("atocore backup list", code=0)
    night.fine("atocore backup create")
    assert not left.exists()
    return told


def _partial(stamp: str, pid: int) -> str:
    from atocore.store.backups.makers import partial_name

    return partial_name(stamp).replace(f"-{os.getpid()}-", f"-{pid}-")


def job_under_way(night: Night) -> Told:
    with night.operations.running("test"):
        told = night("atocore backup create", code=1)
    night.fine("atocore backup create")
    return told


def without_embeddings(night: Night) -> Told:
    for gone in (Path(os.environ["ATOCORE_CACHE_DIR"]), night.vault / ".atocore/index"):
        shutil.rmtree(gone)
    told = night("atocore backup create", code=0)
    night.fine("atocore index sync")
    assert "holds embeddings.sqlite" in night.fine("atocore backup create")
    return told
