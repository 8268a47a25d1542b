"""What health tells of disks: the free space where the vault lies, and where its backups do."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from atocore.config import Settings
from atocore.knowledge.health import Reason, is_low, reason


@dataclass(frozen=True, slots=True)
class DiskStands:
    """The disk of the `vault` or of its `backups`: bytes in all and those that this user may still write,
    and their part in percent. None where that cannot be told."""

    of: str
    path: str
    total_bytes: int | None
    free_bytes: int | None
    free_percent: float | None


def disks(places: Mapping[str, Path], settings: Settings, found: list[Reason]) -> tuple[DiskStands, ...]:
    """The disks of these folders; of one that is not made yet, of the nearest that is there above it."""
    return tuple(_disk(name, folder, settings, found) for name, folder in places.items())


def _disk(name: str, folder: Path, settings: Settings, found: list[Reason]) -> DiskStands:
    try:
        there = next(one for one in (folder, *folder.parents) if one.exists())
        total, _, free = shutil.disk_usage(there)
    except (OSError, StopIteration) as error:
        found.append(reason("disk-unknown", f"{name}: {folder}: {error}"))
        return DiskStands(name, str(folder), None, None, None)
    percent = round(free * 100 / total, 1) if total else 0.0
    least = settings.whole("health.free_bytes"), settings.number("health.free_percent")
    if total and is_low(free, total, least_bytes=least[0], least_percent=least[1]):
        told = f"{name}: {free:,} bytes free ({percent} %) at {there}"
        found.append(reason("disk-low", told))
    return DiskStands(name, str(folder), total, free, percent)
