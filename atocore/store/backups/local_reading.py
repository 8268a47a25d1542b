"""The local part of a backup put back: captures, drafts and what was staged, into a work tree made aside.

The tar file is somebody's: no name in it leads out of the folder, and nothing but a regular file is made.
`local_part.py` writes it, and tells its form.
"""

from __future__ import annotations

import json
import os
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from atocore.errors import AtocoreError
from atocore.store.backups import local_part
from atocore.store.files import prune
from atocore.store.git import Git

_CAPTURES: Final = f"{local_part.CAPTURES}/"
_DRAFTS: Final = f"{local_part.DRAFTS}/"
_STAGED: Final = f"{local_part.STAGED}/"
_SETTINGS: Final = "settings/"
_LIST: Final = local_part.DRAFTS_LIST
_MODES: Final = {"100644", "100755", "120000"}


@dataclass(slots=True)
class LocalPart:
    """What was put back. `drafts` are the paths that are not as committed; `settings` are the files of the
    machine by name (`git/config`, `atocore/clone`, …), which are nobody's yet."""

    captures: int = 0
    drafts: set[str] = field(default_factory=set)
    settings: dict[str, bytes] = field(default_factory=dict)


def put_back(tar: Path, vault: Path, git: Git) -> LocalPart:
    """Write the files of a local part over the work tree of a vault that was just checked out. Raises
    `bad-path` and `backup-manifest` for a file that no AtoCore wrote; OSError."""
    found = LocalPart()
    with _opened(tar) as file:
        listed = _listed(file)
        for path in listed["deleted"]:
            _delete(vault, _safe(path))
            found.drafts.add(path)
        for member in file:
            _take(file, member, vault, found)
        _stage(file, listed["staged"], vault, git)
    return found


@contextmanager
def _opened(tar: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(tar, "r:") as file:
            yield file
    except (tarfile.TarError, EOFError) as error:
        told = f"{tar.name}: cannot be read: {error}"
        raise AtocoreError("backup-checksum", told, "use another backup") from error


def _listed(file: tarfile.TarFile) -> dict[str, Any]:
    try:
        listed = json.loads(_content(file, file.getmember(_LIST)))
        deleted, staged = [*map(str, listed["deleted"])], dict(listed["staged"])
        if not set(staged.values()) <= _MODES:
            raise ValueError(staged)
        return {"deleted": deleted, "staged": staged}
    except KeyError:
        return {"deleted": [], "staged": {}}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        told = f"{_LIST} in the local part is damaged"
        raise AtocoreError("backup-manifest", told, "use another backup") from error


def _take(file: tarfile.TarFile, member: tarfile.TarInfo, vault: Path, found: LocalPart) -> None:
    name = member.name
    if not member.isreg() or member.issparse():  # few bytes of a sparse one can stand for any number
        raise AtocoreError("bad-path", f"{name!r} in the local part is no regular file", "use another backup")
    if name.startswith(_SETTINGS):
        found.settings[name.removeprefix(_SETTINGS)] = _content(file, member)
    elif name.startswith(_CAPTURES):
        found.captures += 1
        _write(vault, _safe(name), _content(file, member), member)
    elif name.startswith(_DRAFTS):
        path = _safe(name.removeprefix(_DRAFTS))
        found.drafts.add(path)
        _write(vault, path, _content(file, member), member)


def _content(file: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    opened = file.extractfile(member)
    return opened.read() if opened is not None else b""


def _safe(path: str) -> str:
    """A path below the vault; raises `bad-path` for any other."""
    parts = path.split("/")
    reserved = any(part.lower() == ".git" for part in parts) or parts[0].lower() == ".atocore"
    if reserved or "\0" in path or any(part in ("", ".", "..") for part in parts):
        raise AtocoreError(
            "bad-path", f"{path!r} in the local part is no path in a vault", "use another backup"
        )
    return path


def _write(vault: Path, path: str, content: bytes, member: tarfile.TarInfo) -> None:
    target = _made_way(vault, path)
    if target.is_symlink():
        target.unlink()
    number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(content)
    target.chmod(stat.S_IMODE(member.mode) & 0o777)
    os.utime(target, (member.mtime, member.mtime))


def _made_way(vault: Path, path: str) -> Path:
    """The place of a path, with its folders made; raises `bad-path` where one above it is a link or a
    file."""
    folder = vault
    for part in path.split("/")[:-1]:
        folder = folder / part
        if not os.path.lexists(folder):
            folder.mkdir(mode=0o700 if path.startswith(_CAPTURES) else 0o777)
        elif not stat.S_ISDIR(folder.lstat().st_mode):
            raise AtocoreError("bad-path", f"{path!r}: {folder.name} is no folder in the commit", "")
    return vault / path


def _delete(vault: Path, path: str) -> None:
    target = vault / path
    if Path(os.path.realpath(target.parent)) == target.parent and os.path.lexists(target):
        target.unlink()
        prune(vault, path)


def _stage(file: tarfile.TarFile, staged: dict[str, str], vault: Path, git: Git) -> None:
    """Have the index hold what it held: what was saved, or what the part has of it where that is another."""
    prefix = os.fsencode(f"{vault.relative_to(git.cwd)}/") if vault != git.cwd else b""
    lines = saved = b""
    for path, mode in staged.items():
        name = prefix + os.fsencode(_safe(path)) + b"\0"
        try:
            content = _content(file, file.getmember(_STAGED + path))
        except KeyError:
            saved += name if (vault / path).is_file() else b""
            continue
        oid = git.run("hash-object", "-w", "--stdin", stdin=content).decode().strip()
        lines += os.fsencode(f"{mode} {oid}\t") + name
    if lines:
        git.run("update-index", "--add", "-z", "--index-info", stdin=lines)
    if saved:
        git.run("update-index", "--add", "-z", "--stdin", stdin=saved)
