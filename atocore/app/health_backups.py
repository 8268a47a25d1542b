"""What health tells of the backups in their place: a cheap look at the newest, which reads no data."""

from __future__ import annotations

from pathlib import Path

from atocore.app.backup_reading import place_of
from atocore.app.health_jobs import JobStands
from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.knowledge.health import Reason, reason
from atocore.store.backups.folder_place import FolderPlace, Kept


def look_at_backups(
    vault: Path, settings: Settings, backup: JobStands, found: list[Reason]
) -> dict[str, Path]:
    """See that the newest backup stands where it was put; the folder of backups, by its name among the
    disks."""
    own = place_of("", vault, settings)
    told = str(backup.told.get("place") or own)
    places = {str(own): own}
    if Path(told).is_absolute():  # else it was sent to a git remote: not asked here
        places.setdefault(told, FolderPlace(Path(told)))
    newest: list[Kept] = []
    for place in places.values():
        try:
            newest += _newest(place)
        except AtocoreError as error:
            found.append(reason("backup-gone", error.message))
            return {"backups": own.folder}
    found += _gone(str(backup.told.get("stamp", "")), told, backup.last_success, newest)
    for kept in newest:
        fault = kept.fault.message if kept.fault is not None else _fault(kept)
        if fault:
            found.append(reason("backup-damaged", f"{kept.stamp}: {fault}"))
    return {"backups": own.folder}


def _gone(stamp: str, place: str, made: str, newest: list[Kept]) -> list[Reason]:
    """Whether the backup that was made last, or one that is as new, stands nowhere any more."""
    if not stamp or not Path(place).is_absolute() or (Path(place) / stamp).is_dir():
        return []
    if any(kept.manifest is not None and kept.manifest.created >= made for kept in newest):
        return []
    if any(kept.stamp == stamp for kept in newest):  # the folder was moved, and the settings with it
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


def _fault(kept: Kept) -> str:
    """What a look at names and sizes finds wrong with a backup."""
    for name, part in kept.manifest.files.items() if kept.manifest is not None else ():
        try:
            size = (kept.path / name).stat().st_size
        except OSError as error:
            return f"{name}: {error.strerror or error}"
        if size != part.bytes:
            return f"{name} has {size:,} bytes, and its manifest says {part.bytes:,}"
    return ""
