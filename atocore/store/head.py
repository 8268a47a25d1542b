"""Where git keeps references, as its own folder tells it without starting git, and the proof that a branch
has no commit."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path


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
