"""The local part of a backup: what a vault holds on this machine and git does not, in one tar file.

    captures/PATH                captures that git ignores, below the vault's own `captures/`
    drafts/PATH                  files that are not as committed, byte for byte, below the vault's folder
    staged/PATH                  what the index has of a file, where the saved one is another
    drafts.json                  {"commit", "deleted": [path], "staged": {path: git's mode}}
    settings/git/…               git's local config, info/ and hooks
    settings/atocore/…           files of `.atocore/` that are a person's; no index, lock, socket or journal

Regular files alone: links are not followed and not taken, and nor are FIFOs, sockets and nested repositories.
Each that is left out is told with the reason. The file is its owner's alone, and no place off-site gets it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, NamedTuple

from atocore.store.backups.local_tar import LocalTar
from atocore.store.files import TEMPORARY
from atocore.store.git import failure
from atocore.store.repository import Repository
from atocore.store.trees import SUBMODULE, within
from atocore.store.worktree import survey

CAPTURES: Final = "captures"
DRAFTS: Final = "drafts"
STAGED: Final = "staged"
DRAFTS_LIST: Final = "drafts.json"
GIT_SETTINGS: Final = "settings/git"
OWN_SETTINGS: Final = "settings/atocore"

_OWN: Final = ("clone", "review-*", "edit-*.txt", "*.toml", "*.yaml")
"""The files of `.atocore/` that are a person's, or name this clone."""
_GIT: Final = ("config", "config.worktree", "info/exclude", "info/attributes", "info/sparse-checkout")
_MANY: Final = 5


class _State(NamedTuple):
    """One line of git's status: the two letters, the modes of the staged and the saved file, and the
    staged blob (zeros where there is none)."""

    letters: str
    modes: tuple[str, str]
    staged: str
    path: str


def write_local_part(repository: Repository, local: Path, target: Path) -> tuple[str, ...]:
    """Write the local part to a file that is not there yet; what was left out of it, and why. `local` is the
    vault's local folder. Raises OSError where the target cannot be written, and `git-failed`."""
    told: list[str] = []
    number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file, LocalTar(file, target.parent, told) as tar:
        _add_drafts(repository, tar)
        _add_captures(repository, tar)
        _add_settings(repository, local, tar)
    return tuple(told)


def _add_drafts(repository: Repository, tar: LocalTar) -> None:
    deleted, staged = [], {}
    for one in _states(repository, tar.told):
        where = f"{DRAFTS}/{one.path}"
        shown = f"draft {one.path}"
        if one.path.endswith("/"):
            tar.told.append(f"{shown}: another git repository")
        elif SUBMODULE in one.modes:
            tar.told.append(f"{shown}: a submodule: what is checked out there is not taken")
        elif one.letters[1] == "D" or (one.letters == "D." and not _is_there(repository.vault / one.path)):
            deleted.append(one.path)
        elif _inside(repository.vault, one.path):
            tar.take(where, repository.vault / one.path, shown)
        else:
            tar.told.append(f"{shown}: lies behind a symbolic link")
        if one.letters[0] not in ".?D" and one.staged.strip("0") and SUBMODULE not in one.modes:
            staged[one.path] = one.modes[0]
            if one.letters[1] != ".":
                raw = repository.git.run("cat-file", "blob", one.staged)
                tar.put(f"{STAGED}/{one.path}", raw, int(one.modes[0][-3:], 8))
    listed = {"commit": repository.head() or "", "deleted": deleted, "staged": staged}
    tar.put(DRAFTS_LIST, json.dumps(listed, indent=1).encode())
    odd = (one for one in survey(repository.vault) if one.code in ("special-file", "unreadable"))
    known = {line.partition(": ")[0] for line in tar.told}
    tar.told += [f"{one.path}: {one.message}" for one in odd if f"draft {one.path}" not in known]
    if repository.in_progress():
        tar.told.append(f"the {repository.in_progress()} that is under way: its files are drafts")


def _states(repository: Repository, told: list[str]) -> Iterator[_State]:
    """What is not as committed in the vault, AtoCore's own files left out. Of a path with conflicts, what is
    saved of it counts."""
    options = ("--porcelain=v2", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=dirty")
    args = ("status", *options, "--", ".")
    answer = repository.git.ask(*args)
    if answer.code:
        raise failure(args, answer)
    told += [line.removeprefix("warning: ") for line in answer.err.splitlines() if "could not open" in line]
    found: dict[str, _State] = {}
    for line in os.fsdecode(answer.out).split("\0"):
        state = _state(line, repository.prefix) if line else None
        if state is None or state.path.startswith(".atocore/") or _is_temporary(state.path):
            continue
        former = found.get(state.path)  # removed from the index, and there again as an untracked file
        found[state.path] = state if former is None else former._replace(letters="D.")
    yield from found.values()


def _state(line: str, prefix: str) -> _State | None:
    if line[0] == "?":
        path = within(line[2:], prefix)
        return _State("??", ("", ""), "", path) if path is not None else None
    rest = line.split(" ", 10 if line[0] == "u" else 8)
    path = within(rest[-1], prefix)
    if path is None:
        return None
    if line[0] == "u":
        there = "D" if rest[6] == "000000" else "M"
        return _State(f".{there}", ("", rest[6]), "", path)
    return _State(rest[1], (rest[4], rest[5]), rest[7], path)


def _is_temporary(path: str) -> bool:
    return path.rpartition("/")[2].startswith(TEMPORARY)


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)


def _inside(vault: Path, path: str) -> bool:
    """Whether no folder above a path is a link: it could lead anywhere."""
    folder = (vault / path).parent
    return Path(os.path.realpath(folder)) == folder


def _add_captures(repository: Repository, tar: LocalTar) -> None:
    """The captures that git ignores, and a word on what else it ignores."""
    options = ("--others", "--ignored", "--exclude-standard", "-z")
    git = repository.git
    for raw in git.run("ls-files", *options, "--", CAPTURES).split(b"\0"):
        path = os.fsdecode(raw)
        if path.endswith("/"):
            tar.told.append(f"{path}: another git repository")
        elif path and not _is_temporary(path) and _inside(repository.vault, path):
            tar.take(path, repository.vault / path, path)
    others = git.run("ls-files", *options, "--directory", "--no-empty-directory").split(b"\0")
    names = [os.fsdecode(raw) for raw in others if raw]
    left = [name for name in names if name.split("/")[0] not in (CAPTURES, ".atocore")]
    if left:
        more = f" and {len(left) - _MANY} more" if len(left) > _MANY else ""
        tar.told.append(f"what git ignores: {', '.join(left[:_MANY])}{more}")


def _add_settings(repository: Repository, local: Path, tar: LocalTar) -> None:
    for name in _GIT:
        place = (
            repository.git_dir if name.endswith((".worktree", "sparse-checkout")) else repository.common_dir
        )
        if _is_there(place / name):
            tar.take(f"{GIT_SETTINGS}/{name}", place / name, f"git's {name}")
    for path in _files_in(repository.common_dir / "hooks", tar.told):
        if not path.name.endswith(".sample"):
            tar.take(f"{GIT_SETTINGS}/hooks/{path.name}", path, f"git's hook {path.name}")
    for path in _files_in(local, tar.told):
        if is_persons_own(path.name):
            tar.take(f"{OWN_SETTINGS}/{path.name}", path, f".atocore/{path.name}")


def is_persons_own(name: str) -> bool:
    """Whether a file of `.atocore/` is a person's by its name: the others steer locks, daemons and steps, and
    no backup may bring them."""
    return "/" not in name and any(fnmatchcase(name, pattern) for pattern in _OWN)


def _files_in(folder: Path, told: list[str]) -> Iterable[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        told.append(f"{folder}: {error.strerror or error}")
        return ()
