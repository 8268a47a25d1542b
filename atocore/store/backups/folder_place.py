"""A folder that backups are kept in: one sub-folder each, named by its stamp, whole or not there.

A backup is made under another name, beside its place, and renamed. Where a file system cannot rename a
folder, its manifest comes last: a folder without one is no backup.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from atocore.errors import AtocoreError
from atocore.store.backups.manifest import MANIFEST, Manifest, read_manifest
from atocore.store.files import read

STAMP: Final = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
_PARTIAL: Final = ".partial-"


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup as it stands in a place: its manifest, or why that cannot be read."""

    stamp: str
    path: Path
    manifest: Manifest | None
    fault: AtocoreError | None = None


class FolderPlace:
    """Backups in a folder, which is made when the first one is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __str__(self) -> str:
        return str(self.folder)

    def backups(self) -> list[Kept]:
        """All backups there, the newest first; those whose manifest cannot be read come last. Raises
        `unreadable` where the folder is there and cannot be listed."""
        found = [self._kept(path) for path in self._folders() if STAMP.fullmatch(path.name)]
        return sorted(found, key=_age, reverse=True)

    def unfinished(self) -> list[Path]:
        """What is left of backups that were cut short."""
        cut = [path for path in self._folders() if path.name.startswith(_PARTIAL)]
        return cut + [path for path in self._folders() if STAMP.fullmatch(path.name) and _is_empty(path)]

    def get(self, stamp: str) -> Kept:
        """One backup by its stamp. Raises `no-backup`."""
        path = self.folder / stamp
        if not STAMP.fullmatch(stamp) or not path.is_dir():
            raise AtocoreError("no-backup", f"no backup {stamp} in {self.folder}", "atocore backup list")
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
    def making(self, stamp: str) -> Iterator[Path]:
        """A folder to make a backup in, which becomes the backup when the block ends well, and goes when it
        does not. Raises `backup-incomplete`."""
        draft = self.folder / f"{_PARTIAL}{stamp}-{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.mkdir(mode=0o700)
            yield draft
            draft.rename(self.folder / stamp)
        except OSError as error:
            told = f"{error.filename or self.folder}: {error.strerror or error}"
            raise AtocoreError(
                "backup-incomplete", told, "free space there, or name another folder"
            ) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def remove(self, stamp: str) -> None:
        """Remove a backup: its manifest first, so that half of one is none."""
        path = self.get(stamp).path
        (path / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(path)

    def _folders(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if path.is_dir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            told = f"{self.folder}: {error.strerror or error}"
            raise AtocoreError("unreadable", told, "is it mounted, and yours?") from error

    def _kept(self, path: Path) -> Kept:
        try:
            raw = read(path / MANIFEST)
            if raw is None:
                told = f"{path}: no {MANIFEST}: a backup that was cut short"
                raise AtocoreError("backup-missing", told, "use another backup")
            return Kept(path.name, path, read_manifest(raw, str(path / MANIFEST)))
        except AtocoreError as error:
            return Kept(path.name, path, None, error)


def _age(kept: Kept) -> tuple[int, str]:
    return (kept.manifest.sequence if kept.manifest else -1, kept.stamp)


def _is_empty(path: Path) -> bool:
    return not (path / MANIFEST).exists()
