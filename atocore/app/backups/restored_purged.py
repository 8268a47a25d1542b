"""What was purged from a vault's history stays purged: a backup that is older brings nothing of it back."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass

from atocore.knowledge.purged import PURGED_FILE, Purged, parse, with_entries
from atocore.store.backups.target import State, Target
from atocore.store.files import read
from atocore.store.git import Git


@dataclass(frozen=True, slots=True)
class Again:
    """What was purged again. `list_changed` is the list with all entries that are known now, where the
    restored commit's lacks some: a draft at `path`."""

    changed: bool = False
    notes: tuple[str, ...] = ()
    path: str = PURGED_FILE
    list_changed: bytes | None = None


def purge_again(git: Git, prefix: str, target: Target) -> Again:
    """Take out of a repository that was just unpacked what the backup's list names, and the present
    vault's."""
    restored = _committed(git, prefix)
    present = _present(target)
    listed = {entry.old: entry for entry in (*parse(restored or b""), *present)}
    if not listed:
        return Again()
    from atocore.app.purge.repurging import repurge

    donors = [target.folder / ".git"] if target.state is State.VAULT else []
    report = repurge(git.cwd / ".git", tuple(listed.values()), prefix=prefix, donors=donors)
    after = _committed(git, prefix)
    wanted = with_entries(after, (*listed.values(), *_dated(report.entries)))
    notes = []
    if report.changed:
        told = (
            f"{len(report.mapping)} commits are others than in the backup"
            if report.mapping
            else "references moved"
        )
        notes.append(f"what was purged from history was purged again: {told}")
    for path in report.taken_out:
        notes.append(f"{path} left history whole: nothing is known to stand for it")
    lacking = {entry.old for entry in parse(wanted)} - {entry.old for entry in parse(after or b"")}
    if not lacking:
        return Again(report.changed, tuple(notes))
    notes.append(f"{PURGED_FILE} has {len(lacking)} lines more than the backup's: commit it")
    return Again(report.changed, tuple(notes), list_changed=wanted)


def _dated(entries: Collection[Purged]) -> list[Purged]:
    from atocore import clock

    day = clock.now().strftime("%Y-%m-%d")
    return [entry if entry.day else Purged(entry.old, entry.new, day) for entry in entries]


def _committed(git: Git, prefix: str) -> bytes | None:
    answer = git.ask("cat-file", "blob", f"HEAD:{prefix}{PURGED_FILE}")
    return answer.out if answer.code == 0 else None


def _present(target: Target) -> tuple[Purged, ...]:
    """What the vault that is replaced knows to be purged, committed or saved."""
    if not target.has_vault:
        return ()
    saved = read(target.folder / PURGED_FILE) or b""
    committed = b""
    if target.state is State.VAULT:
        committed = _committed(Git(target.folder, target.folder), "") or b""
    return parse(committed + os.linesep.encode() + saved)
