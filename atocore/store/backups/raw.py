"""A raw backup's contents: all files of a folder in one tar file, where git can no longer tell what they
are."""

from __future__ import annotations

import os
import stat
import tarfile
from pathlib import Path
from typing import Final

from atocore.store.lock import LOCAL
from atocore.store.unfinished import WORK

_DERIVED: Final = frozenset({WORK, f"{LOCAL}/index", f"{LOCAL}/cookies"})


def write_contents(folder: Path, target: Path) -> tuple[str, ...]:
    """Write all files of a folder, its `.git` too, to a tar file that is not there yet; what was left
    out, and why. Raises OSError where the target cannot be written."""
    left: list[str] = []
    number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(number, "wb") as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for here, folders, names in os.walk(folder, onerror=lambda error: left.append(_told(folder, error))):
            top = Path(here)
            folders[:] = sorted(name for name in folders if _name(folder, top / name) not in _DERIVED)
            for name in [*folders, *sorted(names)]:
                _add(tar, folder, top / name, left)
    return tuple(left)


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _told(folder: Path, error: OSError) -> str:
    return f"{_name(folder, Path(os.fsdecode(error.filename)))}: {error.strerror or error}"


def _add(tar: tarfile.TarFile, folder: Path, path: Path, left: list[str]) -> None:
    try:
        found = path.lstat()
        if not any(test(found.st_mode) for test in (stat.S_ISREG, stat.S_ISDIR, stat.S_ISLNK)):
            left.append(f"{_name(folder, path)}: no file")
            return
        member = tar.gettarinfo(path, _name(folder, path))
        if not member.isreg():
            tar.addfile(member)
            return
        opened = path.open("rb")
    except OSError as error:
        left.append(_told(folder, error))
        return
    with opened:
        tar.addfile(member, opened)
