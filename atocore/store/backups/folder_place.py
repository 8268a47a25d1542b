"""A folder that backups are kept in: one sub-folder each, named by its stamp, whole or not there.

A backup is made under another name, beside its place, and renamed. Where a file system cannot rename a
folder, its manifest comes last: a folder without one is no backup.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from atocore.errors import AtocoreError
from atocore.store.backups.makers import PARTIAL, is_in_the_making, is_left, partial_name
from atocore.store.backups.manifest import MANIFEST, Manifest, Part, read_manifest
from atocore.store.backups.mounts import takes_whole_files_only
from atocore.store.backups.scratch import scratch_folder
from atocore.store.files import read, settle_folders

STAMP: Final = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
_UNABLE: Final = (
    errno.EXDEV,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EPERM,
    errno.EINVAL,
    errno.EIO,
)
"""What a file system says that cannot rename a folder."""
_HINTS: Final = {
    errno.ENOSPC: "free space there, or name another place with --to",
    errno.EDQUOT: "free space there, or name another place with --to",
    errno.EFBIG: "the file system or a limit allows no file of that size: name another place with --to",
    errno.EROFS: "it is read-only: mount it for writing, have the service let it be written (atocore service "
    "install), or name another place with --to",
    errno.EACCES: "see who may write there, or name another place with --to",
    errno.ENOENT: "it went away meanwhile: is it mounted?",
    errno.ENOTDIR: "a file stands where a folder is to be: name another place with --to",
    errno.EEXIST: "a file stands where a folder is to be: name another place with --to",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup as it stands in a place: its manifest, or why that cannot be read. One that is not kept as a
    folder has an `address`, and a path where nothing is."""

    stamp: str
    path: Path
    manifest: Manifest | None
    fault: AtocoreError | None = None
    address: str = ""

    @property
    def where(self) -> str:
        """Where it is, for a person."""
        return self.address or str(self.path)


class FolderPlace:
    """Backups in a folder, which is made when the first one is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __str__(self) -> str:
        return str(self.folder)

    def backups(self) -> list[Kept]:
        """All backups there, the newest first; those whose manifest cannot be read come last. Raises
        `unreadable` where the folder is there and cannot be listed."""
        folders = [path for path in self._folders() if STAMP.fullmatch(path.name)]
        found = [self._kept(path) for path in folders if not self.is_being_made(path.name)]
        return sorted(found, key=by_age, reverse=True)

    def unfinished(self) -> list[Path]:
        """What is left of backups that were cut short."""
        cut = [path for path in self._folders() if path.name.startswith(PARTIAL)]
        return cut + [path for path in self._folders() if self.is_being_made(path.name)]

    def is_being_made(self, stamp: str) -> bool:
        """Whether the files of a backup are being moved there one by one, or that was cut short."""
        path = self.folder / stamp
        return is_in_the_making(path) and not (path / MANIFEST).exists()

    def get(self, stamp: str) -> Kept:
        """One backup by its stamp. Raises `no-backup`."""
        path = self.folder / stamp
        if not STAMP.fullmatch(stamp) or not path.is_dir():
            hint = f"see: atocore backup list --from {shlex.quote(str(self.folder))}"
            raise AtocoreError("no-backup", f"no backup {stamp!r} in {self.folder}", hint)
        return self._kept(path)

    def next_sequence(self) -> int:
        """A number above those of all backups there."""
        return max((one.manifest.sequence for one in self.backups() if one.manifest), default=0) + 1

    def free_stamp(self, wanted: str) -> str:
        """The stamp, or one that differs by its end where it is taken."""
        number, stamp = 1, wanted
        while (self.folder / stamp).exists():
            number += 1
            stamp = f"{wanted}-{number}"
        return stamp

    @contextmanager
    def making(self, stamp: str, on_step: Callable[[str], None] = lambda _name: None) -> Iterator[Path]:
        """A folder to make a backup in, which becomes the backup when the block ends well, and goes when it
        does not. What the dead left is cleared first. Raises `backup-incomplete`."""
        aside = None
        draft = self.folder / partial_name(stamp)
        try:
            with ExitStack() as stack:
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self.clear()
                if takes_whole_files_only(self.folder):
                    aside = stack.enter_context(scratch_folder("backup"))
                    draft = aside / draft.name
                draft.mkdir(mode=0o700)
                on_step("begun")
                yield draft
                for path in draft.iterdir():
                    _flush(path)
                settle_folders([draft])
                on_step("written")
                if aside is None:
                    _put_in_place(draft, self.folder / stamp, on_step)
                else:
                    _move_files(draft, self.folder / stamp, on_step)
                settle_folders([self.folder])
                on_step("in place")
        except OSError as error:
            raise self._refusal(error) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _refusal(self, error: OSError) -> AtocoreError:
        told = f"{error.filename or self.folder}: {error.strerror or error}"
        hint = _HINTS.get(error.errno or 0, "see the folder's rights and its disk, or name another place")
        return AtocoreError("backup-incomplete", f"no backup was made: {told}", hint)

    def clear(self) -> list[Path]:
        """Remove what is left of backups that were cut short, whose process is dead; what that was. A backup
        that lost its manifest later stays: its bundle may be of use."""
        left = [path for path in self._folders() if path.name.startswith(PARTIAL) and is_left(path)]
        for mark in self.folder.glob(f"*/{PARTIAL}*"):
            if is_left(mark) and (mark.parent / MANIFEST).exists():
                mark.unlink(missing_ok=True)
            elif is_left(mark):
                left.append(mark.parent)
        for path in left:
            shutil.rmtree(path, ignore_errors=True)
        return left

    def bring(self, stamp: str, _scratch: Path) -> Path:
        """A folder with a backup's files: here, the one it is kept in. Raises `no-backup`."""
        return self.get(stamp).path

    def remove(self, stamp: str) -> None:
        """Remove a backup: it loses its name first, so that the rest of one is cleared as what was cut short
        is; where a folder cannot be renamed, its manifest goes first. Raises OSError."""
        path = self.get(stamp).path
        gone = self.folder / partial_name(stamp)
        try:
            if takes_whole_files_only(self.folder):
                gone = path
            else:
                path.rename(gone)
            settle_folders([self.folder])
        except OSError:
            gone = path
        (gone / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(gone)

    def _folders(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if path.is_dir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            told = f"{self.folder}: {error.strerror or error}"
            hint = _HINTS.get(error.errno or 0, "is it mounted, and yours?")
            raise AtocoreError("unreadable", told, hint) from error

    def _kept(self, path: Path) -> Kept:
        try:
            raw = read(path / MANIFEST)
            if raw is None:
                told = f"{path}: no {MANIFEST}: a backup that was cut short"
                raise AtocoreError("backup-missing", told, "use another backup")
            return Kept(path.name, path, read_manifest(raw, str(path / MANIFEST)))
        except AtocoreError as error:
            return Kept(path.name, path, None, error)


def _flush(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _put_in_place(draft: Path, final: Path, on_step: Callable[[str], None]) -> None:
    """Rename the folder; where that cannot be, its files one by one, the manifest last, beside a mark that
    tells who does it."""
    try:
        draft.rename(final)
    except OSError as error:
        if error.errno not in _UNABLE:
            raise
        _move_files(draft, final, on_step)


def _move_files(draft: Path, final: Path, on_step: Callable[[str], None]) -> None:
    """Move the files one by one, the manifest last, beside a mark that tells who does it."""
    try:
        final.mkdir(mode=0o700)
        mark = final / draft.name
        mark.touch()
        for path in sorted(draft.iterdir(), key=lambda path: (path.name == MANIFEST, path.name)):
            on_step(f"moving {path.name}")
            _move(path, final / path.name)
        on_step("moved")
        mark.unlink()
        settle_folders([final])
    except BaseException:
        shutil.rmtree(final, ignore_errors=True)
        raise


def _move(path: Path, to: Path) -> None:
    """Rename a file, or copy it under a name of its own where that cannot be."""
    try:
        path.rename(to)
    except OSError as error:
        if error.errno not in _UNABLE:
            raise
        rights = path.stat().st_mode & 0o777
        number = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, rights)
        with path.open("rb") as source, os.fdopen(number, "wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())


def part_of(path: Path) -> Part:
    """What a manifest tells of a file."""
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def by_age(kept: Kept) -> tuple[int, str]:
    """How backups are ordered: by their numbers, whatever the clock said."""
    return (kept.manifest.sequence if kept.manifest else -1, kept.stamp)
