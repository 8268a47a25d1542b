"""What HEAD points to, as git's own folder tells it without starting git.

Knows where git keeps references (loose files, `packed-refs`, reftables; a worktree's own and the common
ones) and nothing of commits. For two questions only: may HEAD have moved, and is a branch proven to have
no commit.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

_OWN = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")
"""References that each worktree keeps for itself."""
_LONGEST_CHAIN = 5
"""Git follows references that name references no further."""


def common_dir(git_dir: Path) -> Path:
    """The folder of git's that all worktrees share: the git folder itself, but for a linked worktree."""
    try:
        named = (git_dir / "commondir").read_bytes().rstrip(b"\n")
    except OSError:
        return git_dir
    return Path(os.path.normpath(git_dir / os.fsdecode(named)))


def signature(git_dir: Path, common: Path) -> str:
    """What changes whenever HEAD's commit may have: the chain of references from HEAD to its end.

    Loose references count by their content; packed ones by the pack's times, size and number, so another
    branch's reference may change it too. What cannot be read counts by the system's reason.
    """
    tables = (_content(folder / "reftable" / "tables.list") for folder in {git_dir: 0, common: 0})
    parts = [table for table in tables if table != "absent"]
    name, place = "HEAD", git_dir
    for _ in range(_LONGEST_CHAIN):
        said = _content(place / name)
        parts.append(said)
        if not said.startswith("ref:"):
            break
        name = said.removeprefix("ref:").strip()
        place = git_dir if name.startswith(_OWN) else common
    if parts[-1] == "absent":
        parts.append(_stamp(common / "packed-refs"))
    return "\n".join(parts)


def _content(path: Path) -> str:
    try:
        return os.fsdecode(path.read_bytes()).rstrip("\n")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return "absent"
    except (OSError, ValueError) as error:
        return f"unreadable: {error}"


def _stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError as error:
        return f"no pack: {error.errno}"
    return f"{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_size}:{found.st_ino}"


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
