"""The backups of this machine that were made before a purge: they hold what was purged, if it was there."""

from __future__ import annotations

from pathlib import Path

from atocore.app.backups.place import place_of
from atocore.app.clone import clone_name
from atocore.app.operations import Job, Operations
from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.store.backups.folder_place import FolderPlace


def told_of_backups(vault: Path, local: Path, settings: Settings) -> tuple[str, ...]:
    """A word on each folder where backups of the vault are: its own place, and that of the last backup. Asks
    nobody over a network."""
    return tuple(told for folder in _folders(vault, local, settings) if (told := _told(folder, vault, local)))


def _folders(vault: Path, local: Path, settings: Settings) -> list[Path]:
    found = [str(Operations(local).ran()[Job.BACKUP].told.get("place") or "")]
    try:
        own = place_of("", vault, settings)
        found += [str(own.folder)] if isinstance(own, FolderPlace) else []
    except (AtocoreError, OSError):
        pass  # the setting is wrong, which health tells
    return [Path(name) for name in dict.fromkeys(found) if Path(name).is_absolute()]


def _told(folder: Path, vault: Path, local: Path) -> str:
    try:
        kept = FolderPlace(folder).backups()
    except AtocoreError as error:
        return f"backups in {folder} may hold it still, and cannot be listed: {error.message}"
    clone = clone_name(local)
    mine = [one for one in kept if one.manifest is None or one.manifest.is_of(vault.name, clone)]
    if not mine:
        return ""
    number = f"{len(mine)} backups in {folder} are" if len(mine) > 1 else f"a backup in {folder} is"
    return f"{number} from before, and may hold it still: back up anew, then remove: docs/secrets.md"
