"""Where git keeps references, as its own folder tells it without starting git, and the proof that a branch
has no commit."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_IDS = (40, 64)
"""How many digits an object's id has."""


class Sight(NamedTuple):
    """All that decides what HEAD stands for, where files alone tell it. Two equal sights are of one state:
    `object` changes with every touch of the commit's file, and `place` where another repository is put there.
    """

    branch: str | None
    commit: str
    object: tuple[int, ...]
    place: tuple[int, ...]


def common_dir(git_dir: Path) -> Path:
    """The folder of git's that all worktrees share: the git folder itself, but for a linked worktree."""
    try:
        named = (git_dir / "commondir").read_bytes().rstrip(b"\n")
    except OSError:
        return git_dir
    return Path(os.path.normpath(git_dir / os.fsdecode(named)))


def designated(top: Path) -> Path | None:
    """The git folder that `.git` in a work tree's top is or names; None where there is none."""
    place = top / ".git"
    try:
        if place.is_dir():
            return place.resolve()
        named = place.read_bytes().removeprefix(b"gitdir: ").rstrip(b"\r\n")
        return (top / os.fsdecode(named)).resolve()
    except (OSError, ValueError):
        return None


def sight(top: Path, git_dir: Path, common: Path) -> Sight | None:
    """What HEAD names, where the branch and its commit lie in files of their own. None for all else (a packed
    branch or commit, no commit, a link, damage), which git has to tell."""
    try:
        place = os.lstat(top / ".git")
        said = _read(git_dir / "HEAD")
        branch = os.fsdecode(said[5:].rstrip(b"\n")) if said.startswith(b"ref: refs/heads/") else None
        commit = (_read(common / branch) if branch else said).rstrip(b"\n").decode("ascii")
        if len(commit) not in _IDS or set(commit) - set("0123456789abcdef"):
            return None
        held = os.lstat(common / "objects" / commit[:2] / commit[2:])
    except (OSError, ValueError):
        return None
    kept = (held.st_ino, held.st_size, held.st_mtime_ns, held.st_ctime_ns)
    return Sight(branch, commit, kept, (place.st_dev, place.st_ino, *_changed(place)))


def _read(path: Path) -> bytes:
    """A short file that is no link; git makes links of its own where it is set so."""
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return os.read(opened, 4096)
    finally:
        os.close(opened)


def _changed(place: os.stat_result) -> tuple[int, ...]:
    """When a `.git` that is a file or link was written; a folder's time changes with every lock in it."""
    return () if stat.S_ISDIR(place.st_mode) else (place.st_size, place.st_mtime_ns, place.st_ctime_ns)


def is_unborn(common: Path, branch: str) -> bool:
    """Whether it is proven that the branch has no commit: neither a loose nor a packed reference, nor a log
    of one. Only for a repository that keeps its references in files."""
    try:
        packed = b"\n"
        with suppress(FileNotFoundError):
            packed = (common / "packed-refs").read_bytes()
        named = b" " + os.fsencode(branch) + b"\n"
        log = common / "logs" / branch
        return (
            not _holds_file(common / branch)
            and named not in packed
            and packed.endswith(b"\n")  # else it was cut, and the branch may have stood in the rest
            and not (_holds_file(log) and log.stat().st_size)
        )
    except (OSError, ValueError):
        return False


def _holds_file(path: Path) -> bool:
    """Whether anything but a folder stands there; git leaves empty folders of longer names behind."""
    try:
        return not stat.S_ISDIR(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
