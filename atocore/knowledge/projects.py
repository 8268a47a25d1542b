"""Which project is meant: by the folder that work was done in, or by a name that a person types."""

from __future__ import annotations

from difflib import get_close_matches

from atocore.records.kinds import Kind
from atocore.records.slots import normal_name
from atocore.records.snapshot import Snapshot


def project_named(snapshot: Snapshot, given: str) -> tuple[str, tuple[str, ...] | None]:
    """The project that a person means, as it is spelled; for a name that no record bears also the names near
    it (None for a known one)."""
    names = {
        normal_name(name): record.project
        for record in snapshot.select((Kind.PROJECT,))
        for name in (*record.aliases, record.project)
        if normal_name(name)
    }
    wanted = normal_name(given)
    if wanted in names:
        return names[wanted], None
    if next(snapshot.briefs((), (), given), None) is not None:
        return given, None
    used = {one.project for one in snapshot.briefs((Kind.STATE, Kind.ENTITY)) if one.project}
    names |= {normal_name(name): name for name in sorted(used) if normal_name(name) not in names}
    if wanted in names:
        return names[wanted], None
    return given, tuple(dict.fromkeys(names[near] for near in get_close_matches(wanted, names, 3)))


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
