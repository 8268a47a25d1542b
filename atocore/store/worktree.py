"""The saved files of a vault: read without following anything out of it, and without waiting on a FIFO."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from atocore import clock
from atocore.errors import AtocoreError
from atocore.records.problem import Problem

SETTINGS_FILE = "atocore.yaml"
_RACY_SECONDS = 2.0
_SKIPPED = frozenset({"node_modules"})


class Saved(NamedTuple):
    """What stands at a path: its bytes, or why there are none. `signature` changes whenever the file may
    have; `absent` is proof that nothing is there; `unseen` says why nothing could be read, so that nothing is
    known."""

    signature: str
    raw: bytes | None = None
    absent: bool = False
    unseen: str = ""
    problem: Problem | None = None


class Listing(NamedTuple):
    """The files below a folder with their signatures, and the folders that could not be listed, each with
    the reason."""

    files: dict[str, str]
    unseen: dict[str, str]


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
        return Saved(_settled(found), _bytes(full))
    except (FileNotFoundError, NotADirectoryError):
        return Saved("absent", absent=True)
    except OSError as error:
        return Saved("", unseen=f"cannot be read: {error.strerror or error}")


def _settled(found: os.stat_result) -> str:
    """The signature of a file that is being read: one written in the last moments is read again the next
    time, since it may be written once more without its times and size telling."""
    age = clock.now().timestamp() - max(found.st_mtime, found.st_ctime)
    return signature(found) if age > _RACY_SECONDS else f"fresh {signature(found)}"


def is_there(vault: Path) -> bool:
    """Whether a folder is a vault, rather than the place where one was mounted or stood. Raises `unreadable`
    where that cannot be told."""
    try:
        return (vault / SETTINGS_FILE).is_file()
    except OSError as error:
        told = f"{vault} cannot be looked at: {error.strerror or error}"
        raise AtocoreError("unreadable", told, "see its rights, and the disk it is on") from error


def quiet_seconds(vault: Path, path: str) -> float:
    """How long ago a file was last written; 0 where it cannot be looked at."""
    try:
        return max(0.0, clock.now().timestamp() - (vault / path).lstat().st_mtime)
    except OSError:
        return 0.0


def hidden(vault: Path, path: str) -> str:
    """Why a path that a listing did not tell of may be there all the same; "" where the listing proves that
    it is not, or is as committed."""
    try:
        os.scandir((vault / path).parent).close()
        (vault / path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return f"cannot be looked at: {error.strerror or error}"
    return ""


def _bytes(full: Path) -> bytes:
    descriptor = os.open(full, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _link(vault: Path, full: Path, path: str) -> Saved:
    target = Path(os.path.realpath(full))
    if not target.is_relative_to(os.path.realpath(vault)):
        return _flawed(path, "symlink-outside", "the link leads out of the vault")
    if not target.exists():
        return _flawed(path, "dangling-symlink", "the link leads nowhere")
    return Saved("link", absent=True)  # what it leads to is in the vault under its own path


def _odd(path: str, mode: int) -> Saved:
    if stat.S_ISDIR(mode):
        return Saved("folder", absent=True)
    kinds = ((stat.S_ISFIFO, "a FIFO"), (stat.S_ISSOCK, "a socket"), (stat.S_ISBLK, "a device"))
    name = next((told for test, told in kinds if test(mode)), "a device")
    return _flawed(path, "special-file", f"{name}, not a file")


def _flawed(path: str, code: str, message: str) -> Saved:
    return Saved(f"{code}: {message}", problem=Problem(path, 0, code, message))


def listing(vault: Path, folder: str, suffix: str = ".md") -> Listing:
    """Every regular file with the suffix below a folder; links are not followed."""
    listed = Listing({}, {})
    stack = [folder]
    while stack:
        here = stack.pop()
        try:
            if here != folder or not stat.S_ISLNK((vault / folder).lstat().st_mode):
                stack += _list_one(vault, here, suffix, listed)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            listed.unseen[here] = f"cannot be listed: {error.strerror or error}"
    return listed


def _list_one(vault: Path, folder: str, suffix: str, listed: Listing) -> list[str]:
    """Take the files of one folder into the listing; its folders."""
    folders = []
    with os.scandir(vault / folder) as entries:
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif entry.name.endswith(suffix) and entry.is_file(follow_symlinks=False):
                try:
                    listed.files[path] = signature(entry.stat(follow_symlinks=False))
                except FileNotFoundError:
                    continue  # removed meanwhile
    return folders


def files_below(vault: Path, folder: str, suffix: str = ".md") -> Iterator[tuple[str, str]]:
    """(path, signature) of every regular file with the suffix below a folder; links are not followed.

    Raises OSError where a folder cannot be listed: what could not be seen must not count as gone.
    """
    listed = listing(vault, folder, suffix)
    for path, reason in listed.unseen.items():
        raise OSError(f"{path} {reason}")
    yield from listed.files.items()


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
                if _is_repository(vault / path):
                    yield Problem(path, 0, "nested-repository", "another git repository")
                else:
                    stack.append(path)
            elif not entry.is_file(follow_symlinks=False):
                saved = look(vault, path, max_bytes=0)
                if saved is not None and saved.problem is not None:
                    yield saved.problem


def _is_repository(folder: Path) -> bool:
    try:
        return (folder / ".git").exists()
    except OSError:
        return False  # it cannot be looked into: listing it tells
