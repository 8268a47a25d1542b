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
    place = place_of("", vault, settings)
    try:
        newest = _newest(place)
    except AtocoreError as error:
        newest = None
        found.append(reason("backup-gone", error.message))
    else:
        found += _seen(place, newest, backup)
    return {"backups": place.folder}


def _seen(place: FolderPlace, newest: Kept | None, backup: JobStands) -> list[Reason]:
    stamp = str(backup.told.get("stamp", ""))
    is_here = not backup.told.get("place")  # else it was made for another place
    if stamp and is_here and not (place.folder / stamp).is_dir():
        made = newest.manifest.created if newest is not None and newest.manifest else ""
        if made < backup.last_success:
            return [reason("backup-gone", f"{stamp} is not in {place}")]
    if newest is None:
        return []
    fault = newest.fault.message if newest.fault is not None else _fault(newest)
    return [reason("backup-damaged", f"{newest.stamp}: {fault}")] if fault else []


def _newest(place: FolderPlace) -> Kept | None:
    """The newest backup by what manifests say; where the one with the latest name has none that can be read,
    that one."""
    kept = place.backups()
    if not kept:
        return None
    latest = max(kept, key=lambda one: one.stamp)
    return latest if latest.manifest is None else kept[0]


def _fault(kept: Kept) -> str:
    """What a look at names and sizes finds wrong with a backup."""
    assert kept.manifest is not None
    for name, part in kept.manifest.files.items():
        try:
            size = (kept.path / name).stat().st_size
        except OSError as error:
            return f"{name}: {error.strerror or error}"
        if size != part.bytes:
            return f"{name} has {size:,} bytes, and its manifest says {part.bytes:,}"
    return ""
