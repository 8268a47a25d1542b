"""Where a restore may go: an empty folder, or a vault that is its repository's whole work tree.

Looks, and writes nothing. The folder itself may be a mount point; nothing below it may be.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from atocore.errors import AtocoreError
from atocore.store.git import Git
from atocore.store.lock import LOCAL
from atocore.store.repository import Repository
from atocore.store.worktree import SETTINGS_FILE

_NOT_OURS: Final = frozenset({LOCAL, "lost+found"})
_MOUNTS: Final = Path("/proc/self/mountinfo")
_ELSEWHERE: Final = "or restore elsewhere: --target DIR, a folder that is empty or not there yet"
_OCTAL: Final = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}


class State(StrEnum):
    """What stands in the folder. A vault is `broken` where git cannot be asked about it."""

    MISSING = "missing"
    EMPTY = "empty"
    VAULT = "vault"
    BROKEN = "broken"


class Target(NamedTuple):
    """The folder that is restored into, without links on the way, what stands there, and for a broken vault
    why git cannot be asked."""

    folder: Path
    state: State
    why: str = ""

    @property
    def has_vault(self) -> bool:
        """Whether there is something that the restore replaces."""
        return self.state in (State.VAULT, State.BROKEN)


def target_at(path: Path) -> Target:
    """Judge a folder. Raises `restore-refused` where nothing can be restored into it, `read-only` and
    `unreadable`."""
    folder = Path(os.path.realpath(path))
    try:
        names = {entry.name for entry in os.scandir(folder)}
    except FileNotFoundError:
        return Target(folder, State.MISSING)
    except NotADirectoryError as error:
        raise _refused(f"{folder} is a file", "name a folder") from error
    except OSError as error:
        told = f"{folder}: {error.strerror or error}"
        raise AtocoreError("unreadable", told, "is it mounted, and yours?") from error
    _refuse_mounts(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise AtocoreError(
            "read-only", f"{folder} cannot be written", "see its rights, and how it is mounted"
        )
    _refuse_other_local(folder)
    if not names - _NOT_OURS:
        return Target(folder, State.EMPTY)
    _refuse_other_git(folder)
    why = _why_broken(folder)
    if not _is_vault(folder, names, why):
        told = f"{folder} is not empty, and no vault: nothing in it is replaced"
        raise _refused(told, f"name the vault's folder, {_ELSEWHERE}")
    return Target(folder, State.BROKEN if why else State.VAULT, why)


def mounts_below(folder: Path, listed: Path = _MOUNTS) -> list[str]:
    """What is mounted somewhere below a folder, which has no links on its way."""
    above = f"{folder}".rstrip("/") + "/"
    try:
        lines = listed.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:  # a system that keeps no such list
        return sorted(entry.path for entry in os.scandir(folder) if os.path.ismount(entry.path))
    points = {_plain(line.split(" ")[4]) for line in lines if line.count(" ") > 4}
    return sorted(point for point in points if point.startswith(above))


def _plain(point: str) -> str:
    for written, meant in _OCTAL.items():
        point = point.replace(written, meant)
    return point


def _refused(told: str, hint: str) -> AtocoreError:
    return AtocoreError("restore-refused", told, hint)


def _refuse_mounts(folder: Path) -> None:
    below = mounts_below(folder)
    if below:
        told = f"{below[0]} is mounted below {folder}: it cannot be moved away (Device or resource busy)"
        raise _refused(told, f"unmount it first: umount {below[0]}; {_ELSEWHERE}")


def _refuse_other_local(folder: Path) -> None:
    local = folder / LOCAL
    try:
        found = local.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(found.st_mode) or found.st_dev != folder.stat().st_dev:
        told = f"{local} is no folder of the same file system: what is restored is made in it"
        raise _refused(told, f"move it away, {_ELSEWHERE}")


def _refuse_other_git(folder: Path) -> None:
    """A `.git` that is no folder is a linked worktree's or a submodule's: its repository lies elsewhere, and
    others use it."""
    git_dir = folder / ".git"
    try:
        mode = git_dir.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(mode):
        told = f"{git_dir} is no folder: the repository of this work tree lies elsewhere"
        raise _refused(told, f"restore into the main work tree, {_ELSEWHERE}")
    linked = list(_linked(git_dir))
    if linked:
        told = f"{linked[0]} is a linked worktree of this repository, and would lose it"
        raise _refused(told, f"end it: git worktree remove {linked[0]}; {_ELSEWHERE}")


def _linked(git_dir: Path) -> Iterator[Path]:
    """The linked worktrees of a repository that are still there."""
    with suppress(OSError):
        for named in sorted((git_dir / "worktrees").glob("*/gitdir")):
            place = Path(os.fsdecode(named.read_bytes().rstrip(b"\n")))
            if place.exists():
                yield place.parent


def _why_broken(folder: Path) -> str:
    """Why git cannot be asked about a folder; "" where it can. Raises `restore-refused` for a folder of a
    larger repository."""
    try:
        repository = Repository.open(folder)
        if repository.prefix:
            if _has_files(repository):
                told = f"{folder} is a part of the repository in {repository.top}, which holds more than it"
                raise _refused(
                    told, f"to have the vault back as it was: git checkout COMMIT -- .; {_ELSEWHERE}"
                )
            return f"no .git in {folder}"
        if repository.head() is None:
            return "its branch has no commit"
    except AtocoreError as error:
        if error.code == "restore-refused":
            raise
        if "dubious ownership" in error.message:  # what is put there would be ours, and closed to its owner
            hint = f"run it as the owner of {folder} (sudo -u …), or make it yours (chown -R); {_ELSEWHERE}"
            raise _refused(f"{folder} belongs to another user, and git trusts nothing there", hint) from error
        return error.message
    return ""


def _has_files(repository: Repository) -> bool:
    """Whether the repository further up holds any file of the folder, or the vault merely lost its own."""
    return bool(Git(repository.vault, repository.top).ask("ls-files", "-z", "--", ".").out)


def _is_vault(folder: Path, names: set[str], why: str) -> bool:
    """Whether a folder is a vault, or was one before its settings went."""
    if SETTINGS_FILE in names or (folder / LOCAL / ".gitignore").is_file():
        return True
    answer = None if why else Git(folder, folder).ask("cat-file", "-e", f"HEAD:{SETTINGS_FILE}")
    return answer is not None and answer.code == 0
