"""Which project a piece of work belongs to, by the folder it was done in."""

from __future__ import annotations

from atocore.records.kinds import Kind
from atocore.records.slots import normal_name
from atocore.records.snapshot import Snapshot


def project_of_folder(snapshot: Snapshot, folder: str) -> str:
    """The project whose name or alias is the innermost part of the folder's path that names one, else ""."""
    names = {
        normal_name(name): record.project
        for record in snapshot.select((Kind.PROJECT,))
        for name in (record.project, *record.aliases)
        if normal_name(name)
    }
    parts = [normal_name(part) for part in folder.replace("\\", "/").split("/")]
    return next((names[part] for part in reversed(parts) if part in names), "")
