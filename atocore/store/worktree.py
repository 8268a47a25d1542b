"""The saved files of a vault: read without following anything out of it, and without waiting on a FIFO."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from atocore.records.problem import Problem

_SKIPPED = frozenset({"node_modules"})


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands at a path: its bytes, or why there are none. `signature` changes whenever the file may
    have; `absent` is proof that nothing is there, as opposed to nothing that could be read."""

    signature: str
    raw: bytes | None = None
    absent: bool = False
    problem: Problem | None = None


def signature(found: os.stat_result) -> str:
    """What tells one saved version from the next without reading it."""
    return f"{found.st_mtime_ns}:{found.st_size}:{found.st_ino}:{found.st_ctime_ns}"


def look(vault: Path, path: str, *, max_bytes: int, known: str = "") -> Saved | None:
    """Read a saved file; None where its signature is still `known`. Never raises for what it finds."""
    full = vault / path
    try:
        found = full.lstat()
        if stat.S_ISLNK(found.st_mode):
            return _link(vault, full, path)
        if not stat.S_ISREG(found.st_mode):
            return _odd(path, found.st_mode)
        if known and signature(found) == known:
            return None
        if found.st_size > max_bytes:
            told = f"{found.st_size:,} bytes; the limit is {max_bytes:,}"
            return Saved(signature(found), problem=Problem(path, 0, "too-large", told))
        return Saved(signature(found), _bytes(full))
    except (FileNotFoundError, NotADirectoryError):
        return Saved("", absent=True)
    except OSError as error:
        told = f"cannot be read: {error.strerror or error}"
        return Saved("", problem=Problem(path, 0, "unreadable", told))


def _bytes(full: Path) -> bytes:
    descriptor = os.open(full, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _link(vault: Path, full: Path, path: str) -> Saved | None:
    target = Path(os.path.realpath(full))
    if not target.is_relative_to(os.path.realpath(vault)):
        return Saved("", problem=Problem(path, 0, "symlink-outside", "the link leads out of the vault"))
    if not target.exists():
        return Saved("", problem=Problem(path, 0, "dangling-symlink", "the link leads nowhere"))
    return None  # what it leads to is in the vault under its own path


def _odd(path: str, mode: int) -> Saved:
    if stat.S_ISDIR(mode):
        return Saved("", absent=True)
    kinds = ((stat.S_ISFIFO, "a FIFO"), (stat.S_ISSOCK, "a socket"), (stat.S_ISBLK, "a device"))
    name = next((told for test, told in kinds if test(mode)), "a device")
    return Saved("", problem=Problem(path, 0, "special-file", f"{name}, not a file"))


def files_below(vault: Path, folder: str, suffix: str = ".md") -> Iterator[tuple[str, str]]:
    """(path, signature) of every regular file with the suffix below a folder; links are not followed.

    Raises OSError where a folder cannot be listed: what could not be seen must not count as gone.
    """
    top = vault / folder
    if not top.is_dir() or top.is_symlink():
        return
    stack = [folder]
    while stack:
        here = stack.pop()
        with os.scandir(vault / here) as entries:
            for entry in entries:
                path = f"{here}/{entry.name}"
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    stack.append(path)
                elif entry.name.endswith(suffix) and entry.is_file(follow_symlinks=False):
                    yield path, signature(entry.stat(follow_symlinks=False))


def survey(vault: Path) -> Iterator[Problem]:
    """What git does not tell of: FIFOs, devices, links that lead out, nested repositories, closed folders."""
    stack = [""]
    while stack:
        here = stack.pop()
        try:
            entries = sorted(os.scandir(vault / here), key=lambda entry: entry.name)
        except OSError as error:
            yield Problem(here or ".", 0, "unreadable", f"cannot be listed: {error.strerror or error}")
            continue
        for entry in entries:
            path = f"{here}/{entry.name}" if here else entry.name
            if entry.name.startswith(".") or entry.name in _SKIPPED:
                continue
            if entry.is_dir(follow_symlinks=False):
                if (vault / path / ".git").exists():
                    yield Problem(path, 0, "nested-repository", "another git repository")
                else:
                    stack.append(path)
            elif not entry.is_file(follow_symlinks=False):
                saved = look(vault, path, max_bytes=0)
                if saved is not None and saved.problem is not None:
                    yield saved.problem
