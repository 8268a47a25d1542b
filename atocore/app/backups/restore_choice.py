"""Which backup is to be restored, what of the present contents stays, and what is refused beforehand."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from atocore.app.backups.latest import latest_of
from atocore.errors import AtocoreError
from atocore.store.backups.folder_place import FolderPlace, Kept
from atocore.store.backups.manifest import LOCAL_PART, Form, Manifest
from atocore.store.backups.places import Place
from atocore.store.backups.target import State, Target
from atocore.store.lock import LOCAL
from atocore.store.repository import Repository

LATEST = "latest"


def picked(stamp: str, place: Place, vault: Path | None = None) -> tuple[Kept, Manifest]:
    """The backup that is to be restored, with its manifest; `latest` is that of the vault in a folder. Raises
    `no-backup`, and why it cannot be restored."""
    kept = latest_of(place.backups(), str(place), vault) if stamp == LATEST else place.get(stamp)
    if kept.manifest is None:
        assert kept.fault is not None
        raise kept.fault
    if kept.manifest.form is Form.RAW:
        told = f"{kept.stamp} holds plain files of a vault that git could not read: it is unpacked by hand"
        hint = f"into an empty folder: tar -xf {shlex.quote(str(kept.path / 'contents.tar'))} -C DIR"
        raise AtocoreError("restore-refused", told, hint)
    return kept, kept.manifest


def refuse_inside(place: Place, target: Target) -> None:
    """Raise `restore-refused` where the backups lie in what is to be replaced."""
    if not isinstance(place, FolderPlace) or not target.has_vault:
        return
    where = Path(os.path.realpath(place.folder))
    if where.is_relative_to(target.folder):
        told = f"the backups lie in {where}, inside the folder that is to be replaced"
        raise AtocoreError("restore-refused", told, "move them out of it, or restore elsewhere: --target DIR")


def refuse_part(manifest: Manifest, target: Target) -> None:
    """Raise `restore-refused` where a whole repository is to go where a vault of its own is."""
    if manifest.prefix and target.has_vault:
        told = f"the backup is of a whole repository, with the vault in {manifest.prefix}"
        raise AtocoreError("restore-refused", told, "restore it elsewhere: --target DIR, a new folder")


def carried(target: Target, manifest: Manifest) -> tuple[str, ...] | None:
    """What git ignores is this machine's own and no part of a backup, and nor are links and the like that are
    not committed; captures are where it has a local part. None where git cannot tell (a damaged index)."""
    if target.state is not State.VAULT:
        return ()
    repository = Repository.open(target.folder)
    options = ("--others", "--ignored", "--exclude-standard", "--directory", "-z")
    try:
        ignored, dirty = repository.git.run("ls-files", *options), repository.dirty()
    except AtocoreError:
        return None
    names = [os.fsdecode(name) for name in ignored.split(b"\0") if name]
    names += [entry.path for entry in dirty if not _is_plain(target.folder / entry.path)]
    gone = (LOCAL, "captures") if LOCAL_PART in manifest.files else (LOCAL,)
    return tuple(name for name in names if name.split("/")[0] not in gone)


def _is_plain(path: Path) -> bool:
    """Whether a path is a regular file or nothing: what a safety snapshot has."""
    return not os.path.lexists(path) or stat.S_ISREG(path.lstat().st_mode)
