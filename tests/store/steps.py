"""Words for the store's tests: plans, what a person has under way, and what must hold afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from atocore.records.plan import Actor, Change, Message, Plan
from atocore.store.repository import Repository

TARGETS = {
    "memories/p/one.md": (b"one\n", b"ONE\n"),
    "memories/p/two.md": (b"two\n", b"TWO\n"),
    "memories/p/gone.md": (b"gone\n", None),
    "entities/new/thing.md": (None, b"a thing\n"),
}


def git(folder: Path, *args: str, ok: bool = True) -> str:
    done = subprocess.run(["git", *args], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0 or not ok, f"git {args}: {os.fsdecode(done.stderr)}"
    return os.fsdecode(done.stdout)


def message(actor: Actor = Actor.PERSON, record: str = "mem-7k2m9qxw4d3f") -> Message:
    return Message("promote memory: one", "promote", actor, (record,), "weighed on the bench")


def plan(*changes: tuple[str, bytes | None, bytes | None], actor: Actor = Actor.PERSON) -> Plan:
    return Plan(tuple(Change(*change) for change in changes), message(actor))


def whole_plan(prefix: str = "", actor: Actor = Actor.PERSON) -> Plan:
    return plan(*((prefix + path, *states) for path, states in TARGETS.items()), actor=actor)


def busy_person(folder: Path) -> None:
    """Work that is none of AtoCore's business: staged, unstaged, untracked, intended."""
    (folder / "staged.md").write_text("staged: new\n")
    (folder / "staged-new.md").write_text("staged new file\n")
    git(folder, "add", "staged.md", "staged-new.md")
    (folder / "staged.md").write_text("staged: newer\n")
    (folder / "unstaged.md").write_text("unstaged: new\n")
    (folder / "intended.md").write_text("intended\n")
    git(folder, "add", "-N", "intended.md")
    git(folder, "rm", "-q", "--cached", "notes/other.md")
    (folder / "untracked.md").write_text("untracked\n")


def persons_state(folder: Path) -> tuple[list[str], list[str], dict[str, bytes]]:
    """Everything of the person's: status, index entries with their flags, and the files."""
    status = git(folder, "status", "--porcelain", "-uall").splitlines()
    index = git(folder, "ls-files", "-s", "-v").splitlines()
    kept_status, kept_index = ([line for line in found if not _target(line)] for found in (status, index))
    names = ("staged.md", "staged-new.md", "unstaged.md", "intended.md", "notes/other.md", "untracked.md")
    held = {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}
    return kept_status, kept_index, held


def _target(line: str) -> bool:
    return any(line.endswith(path) for path in TARGETS)


def saved(folder: Path, path: str) -> bytes | None:
    return (folder / path).read_bytes() if (folder / path).exists() else None


def committed(folder: Path, path: str, where: str = "HEAD:") -> bytes | None:
    done = subprocess.run(
        ["git", "cat-file", "blob", f"{where}{path}"], cwd=folder, capture_output=True, check=False
    )
    return done.stdout if done.returncode == 0 else None


def staged(folder: Path, path: str) -> bytes | None:
    return committed(folder, path, ":")


def state_of(folder: Path) -> str:
    """`old` or `new`, when work tree, index and HEAD all say the same of every target; else what they say."""
    for name, which in (("old", 0), ("new", 1)):
        if all(
            look(folder, path) == states[which]
            for path, states in TARGETS.items()
            for look in (saved, committed, staged)
        ):
            return name
    looks = [(path, *(look(folder, path) for look in (saved, committed, staged))) for path in TARGETS]
    return f"mixed: {looks}"


def leftovers(folder: Path) -> list[str]:
    """Files that a step may have only while it runs."""
    git_dir = Path(git(folder, "rev-parse", "--absolute-git-dir").strip())
    found = [*git_dir.glob("**/*.lock"), *git_dir.glob("atocore*"), *git_dir.glob("next-index*")]
    found += git_dir.glob("fast_import_crash_*")
    found += [path for path in folder.rglob("*") if path.name.startswith((".atocore-tmp", "journal"))]
    return [str(path) for path in found]


def check_sound(folder: Path) -> None:
    assert leftovers(folder) == []
    git(folder, "fsck", "--strict", "--no-dangling")


CRASH = """
import os, signal, sys, time
from pathlib import Path
sys.path[:0] = [sys.argv[4]]
from atocore.store.repository import Repository
from atocore.records.plan import Actor
from steps import whole_plan
vault, point, how = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def on_step(name):
    if name == point:
        mark = vault.parent / "hook-runs"
        while how.endswith("in-hook") and not mark.exists():
            time.sleep(0.01)
        os.killpg(0, signal.SIGKILL) if how.startswith("group") else os.kill(os.getpid(), signal.SIGKILL)
repository = Repository.open(vault, on_step=on_step)
if sys.argv[5] == "recover":
    repository.recover()
else:
    repository.apply(whole_plan(actor=Actor(sys.argv[5])))
"""


def crash(vault: Path, point: str, how: str = "self", what: str = "person") -> None:
    """Apply the whole plan (or recover) in a process of its own that is killed at a point of the step."""
    here = Path(__file__).parent
    args = [sys.executable, "-c", CRASH, str(vault), point, how, str(here), what]
    path = str(here.parent.parent)
    # Output goes nowhere: a git that outlives the process would keep a pipe open.
    done = subprocess.run(
        args,
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )
    assert done.returncode == -9, f"was not killed at {point}: {done.returncode}"


def hook(folder: Path, name: str, script: str) -> None:
    path = folder / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def open_(vault: Path, seconds: float = 10.0) -> Repository:
    return Repository.open(vault, lock_wait_seconds=seconds)
