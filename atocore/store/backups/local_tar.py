"""A tar file of files as they are at one moment, and of what could not be taken, with the reason.

Regular files alone are taken: links are not followed, and FIFOs and sockets are not opened.
"""

from __future__ import annotations

import io
import os
import stat
import tarfile
import tempfile
from pathlib import Path
from typing import IO, Final

_IN_MEMORY: Final = 4 << 20
_READS: Final = 3


class LocalTar(tarfile.TarFile):
    """A tar file that takes regular files as they are at one moment, and tells what it did not take."""

    def __init__(self, file: IO[bytes], scratch: Path, told: list[str]) -> None:
        super().__init__(mode="w", fileobj=file, format=tarfile.PAX_FORMAT)
        self.told = told
        self._scratch = scratch

    def put(self, name: str, raw: bytes, mode: int = 0o644) -> None:
        """Take bytes under a name."""
        self.addfile(_member(name, len(raw), mode, 0), io.BytesIO(raw))

    def take(self, name: str, path: Path, shown: str) -> None:
        """Take a file under a name; one that is gone by now is none, and one that cannot be taken is told."""
        try:
            self._take(name, path, shown)
        except (FileNotFoundError, NotADirectoryError):
            self.told.append(f"{shown}: gone while the backup was made")
        except OSError as error:
            if isinstance(error, _TargetError):
                raise
            self.told.append(f"{shown}: {error.strerror or error}")

    def _take(self, name: str, path: Path, shown: str) -> None:
        what = _kind(path.lstat().st_mode)
        if what:
            self.told.append(f"{shown}: {what}")
            return
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(self._scratch)) as copy:
            for _ in range(_READS):
                found, steady = _copied(path, copy)
                if steady:
                    break
            else:
                self.told.append(f"{shown}: was being written: as it was at one moment of that")
            size = copy.tell()
            copy.seek(0)
            try:
                self.addfile(_member(name, size, stat.S_IMODE(found.st_mode), int(found.st_mtime)), copy)
            except OSError as error:
                raise _TargetError(error.errno, error.strerror, error.filename) from error


class _TargetError(OSError):
    """The tar file itself could not be written."""


def _member(name: str, size: int, mode: int, changed: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, mode, changed
    return member


def _kind(mode: int) -> str:
    """Why what stands at a path is not taken; "" for a regular file."""
    if stat.S_ISREG(mode):
        return ""
    kinds = ((stat.S_ISLNK, "a symbolic link"), (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a FIFO"))
    return next((told for test, told in (*kinds, (stat.S_ISSOCK, "a socket")) if test(mode)), "a device")


def _copied(path: Path, copy: IO[bytes]) -> tuple[os.stat_result, bool]:
    """Copy a file's bytes over what the copy holds; what the file is, and whether it stood still."""
    copy.seek(0)
    copy.truncate()
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags), "rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise OSError(f"{_kind(before.st_mode)} by now")
        while chunk := file.read(1 << 20):
            try:
                copy.write(chunk)
            except OSError as error:
                raise _TargetError(error.errno, error.strerror, error.filename) from error
        after = os.fstat(file.fileno())
    same = (before.st_size, before.st_mtime_ns, before.st_ctime_ns) == (
        after.st_size,
        after.st_mtime_ns,
        after.st_ctime_ns,
    )
    return after, same and after.st_size == copy.tell()
