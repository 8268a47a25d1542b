"""What health tells of the backups in their place: a cheap look at the newest, which reads no data and asks
nobody over a network."""

from __future__ import annotations

from pathlib import Path

from atocore.app.backups.place import place_of
from atocore.app.health.jobs import JobStands
from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.knowledge.health import Reason, reason
from atocore.store.backups.folder_place import FolderPlace, Kept


def look_at_backups(
    vault: Path, settings: Settings, backup: JobStands, found: list[Reason]
) -> dict[str, Path]:
    """See that the newest backup stands where it was put; the folder of backups, by its name among the
    disks."""
    try:
        own = place_of("", vault, settings)
    except AtocoreError as error:
        found.append(reason("settings", f"backup.folder: {error.message}", error.hint))
        return {}
    except OSError as error:
        found.append(reason("backup-gone", f"{error.filename}: {error.strerror or error}"))
        return {}
    folder = own.folder if isinstance(own, FolderPlace) else None
    found += _looked_at(folder, backup)
    return {"backups": folder} if folder is not None else {}


def _looked_at(own: Path | None, backup: JobStands) -> list[Reason]:
    """What is wrong with the newest backup in the vault's own place, and in that of the last one."""
    told = str(backup.told.get("place") or "")
    is_folder = Path(told).is_absolute()  # else it is a git remote
    places = {place for place in (own, Path(told) if is_folder else None) if place is not None}
    newest: list[Kept] = []
    for place in places:
        try:
            newest += _newest(FolderPlace(place))
        except AtocoreError as error:
            return [reason("backup-gone", error.message)]
    found = []
    if is_folder:
        found += _gone(Path(told), str(backup.told.get("stamp", "")), backup.last_success, newest)
    if newest:
        from atocore.store.backups.validation import check_files
    for kept in newest:
        wrong = next(check_files(kept, read=False), None)
        if wrong is not None:
            found.append(reason("backup-damaged", f"{kept.stamp}: {wrong.message}"))
    return found


def _gone(place: Path, stamp: str, made: str, newest: list[Kept]) -> list[Reason]:
    """Whether the backup that was made last stands nowhere any more, nor one that is as new."""
    is_there = not stamp or (place / stamp).is_dir() or any(kept.stamp == stamp for kept in newest)
    if is_there or any(kept.manifest is not None and kept.manifest.created >= made for kept in newest):
        return []
    return [reason("backup-gone", f"{stamp} is not in {place}")]


def _newest(place: FolderPlace) -> list[Kept]:
    """The newest backup by what manifests say; where the one with the latest name has none that can be read,
    that one."""
    kept = place.backups()
    if not kept:
        return []
    latest = max(kept, key=lambda one: one.stamp)
    return [latest if latest.manifest is None else kept[0]]
