"""Which project is meant: by the folder that work was done in, or by a name that a person types."""

from __future__ import annotations

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
    from difflib import get_close_matches

    return given, tuple(dict.fromkeys(names[near] for near in get_close_matches(wanted, names, 3)))


def spellings_of(snapshot: Snapshot, given: str) -> tuple[str, ...]:
    """The project that a person means by its name or an alias, its own name first, and the other spellings
    under which records may bear it; () where none is given."""
    if not given:
        return ()
    own = project_named(snapshot, given)[0]
    wanted = normal_name(own)
    aliases = (
        alias
        for record in snapshot.select((Kind.PROJECT,))
        if normal_name(record.project) == wanted
        for alias in record.aliases
    )
    return tuple(dict.fromkeys((own, given, *aliases)))


def own_names(snapshot: Snapshot) -> dict[str, str]:
    """The own name of the project that each alias of a project record names, as typed."""
    known = snapshot.select((Kind.PROJECT,))
    return {alias: project_named(snapshot, alias)[0] for one in known for alias in one.aliases}


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
