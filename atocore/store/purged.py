"""The list of purged objects at the one door through which files come in: none of them may be written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.knowledge.purged import PURGED_FILE, parse
from atocore.records.plan import Change
from atocore.store import files
from atocore.store.trees import blob_id

_NAMED = 5


def purged_ids(vault: Path) -> frozenset[str]:
    """The ids of the objects that the vault's list names; none where there is no list."""
    raw = files.read(vault / PURGED_FILE)
    return frozenset(entry.old for entry in parse(raw)) if raw else frozenset()


def refuse_purged(vault: Path, changes: Iterable[Change]) -> None:
    """Raise `secret` where a change would write what was purged."""
    listed = purged_ids(vault)
    if not listed:
        return
    like = next(iter(listed))
    found = [one.path for one in changes if one.new is not None and blob_id(one.new, like) in listed]
    if found:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        told = f"purged from history, and may not come back: the content of {', '.join(found[:_NAMED])}{more}"
        raise AtocoreError("secret", told, f"take out of it what was purged ({PURGED_FILE} lists it by id)")
