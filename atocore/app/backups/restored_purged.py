"""What was purged from a vault's history stays purged: a backup that is older brings nothing of it back."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.errors import AtocoreError
from atocore.knowledge.purged import PURGED_FILE, Purged, parse, with_entries
from atocore.store.backups.target import State, Target
from atocore.store.backups.unpacking import git_alone
from atocore.store.files import read
from atocore.store.git import Git
from atocore.store.lock import LOCAL
from atocore.store.objects import read_blobs
from atocore.store.trees import parse_tree
from atocore.store.worktree import listing

if TYPE_CHECKING:
    from atocore.index.model import Model


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


def forget_purged(vault: Path, restored: Path, prefix: str, model: Model) -> None:
    """Take out of the user's cache what a rehearsal in `restored` brought there: the embeddings of files that
    were purged from the `vault`, and are in its backup still, and of captures that it has no more as they
    were, since no list names those."""
    from atocore.app.purge.traces import forget_embeddings, models_of, passages_in

    old = [*_listed_in(vault, restored, prefix), *_other_captures(vault, restored / prefix)]
    forget_embeddings(passages_in(old), models_of(restored / prefix / LOCAL), model)


def _listed_in(vault: Path, restored: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    listed = {entry.old for entry in _known_in(vault)}
    if not listed or not (restored / ".git").is_dir():
        return
    git = git_alone(restored)
    with suppress(AtocoreError):  # of what a drill left half restored
        tree = parse_tree(git.run("ls-tree", "-r", "-z", "--full-tree", "HEAD"), prefix)
        found = {path: entry.oid for path, entry in tree.items() if entry.oid in listed}
        for path, blob in zip(found, read_blobs(git, found.values()), strict=True):
            if blob.raw is not None:
                yield path, blob.raw


def _other_captures(vault: Path, restored: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(listing(restored, "captures").files):
        with suppress(AtocoreError):  # it cannot be read: the vault may have it as it was
            raw = read(restored / path)
            if raw is not None and raw != read(vault / path):
                yield path, raw


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
    return _known_in(target.folder)


def _known_in(vault: Path) -> tuple[Purged, ...]:
    """What the list of a vault tells, committed or saved; of one that git cannot open, what is saved."""
    saved = read(vault / PURGED_FILE) or b""
    committed = _committed(Git(vault, vault), "./") or b""
    return parse(committed + os.linesep.encode() + saved)
