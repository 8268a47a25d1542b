"""What merging one commit into another does to the vault's files, without doing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from atocore.records.codec import read
from atocore.store.merging import merged
from atocore.store.repository import Repository
from atocore.store.trees import TreeChange

MOST_MERGED = 500
"""So many files that both sides changed are merged line by line: git is started for each."""


class Merge(NamedTuple):
    """The files that a merge brings, by path (None: removed), and those that a person has to merge first."""

    files: dict[str, bytes | None]
    unmerged: tuple[str, ...]


class _Version(NamedTuple):
    """Where one side has a file now, and the object."""

    path: str
    oid: str


def merge(
    repository: Repository,
    ours: Iterable[TreeChange],
    theirs: Iterable[TreeChange],
    others: Iterable[str] = (),
) -> Merge:
    """What `theirs` changed since the commit that both sides come from, merged into what `ours` became.

    `others` are further commits that both come from: one of them may hold what a file comes from. A record
    that one side moved and the other changed is found by its id, where git looks for likeness.
    """
    here, there = ({one.path: one for one in side} for side in (ours, theirs))
    alone = [one for path, one in there.items() if path not in here]
    blobs = dict(repository.blobs(sorted({one.new_oid for one in alone if one.new_oid})))
    files = {one.path: blobs[one.new_oid] if one.new_oid else None for one in alone}
    crossing = sorted(p for p in here.keys() & there.keys() if here[p].new_oid != there[p].new_oid)
    lost = any(side[path].new_oid is None for path in crossing for side in (here, there))
    births = [_births(repository, side.values()) if lost else {} for side in (here, there)]
    unmerged = []
    for number, path in enumerate(crossing):
        base = _bytes(repository, here[path].old_oid or _elsewhere(repository, path, others))
        our, their = (_now(side[path], base, born) for side, born in zip((here, there), births, strict=True))
        text = _merged(repository, base, our, their) if number < MOST_MERGED else None
        if their is not None:
            files.pop(their.path, None)
        if text is None or our is None or their is None:
            unmerged.append(path)
        elif their.path == path:
            files[our.path] = text
        else:
            files |= {path: None, their.path: text}
    return Merge(files, tuple(unmerged))


def _merged(
    repository: Repository, base: bytes | None, our: _Version | None, their: _Version | None
) -> bytes | None:
    if base is None or our is None or their is None:
        return None
    versions = (_bytes(repository, one.oid) for one in (our, their))
    ours, theirs = (raw or b"" for raw in versions)
    return merged(repository.git, base, ours, theirs)


def _elsewhere(repository: Repository, path: str, commits: Iterable[str]) -> str | None:
    found = (repository.entries(commit, [path]).get(path) for commit in commits)
    return next((entry.oid for entry in found if entry is not None and entry.is_file), None)


def _births(repository: Repository, side: Iterable[TreeChange]) -> dict[str, _Version]:
    """Where a side put records that were nowhere before, by id."""
    paths = {one.new_oid: one.path for one in side if one.new_oid and not one.old_oid}
    found = (
        (_id(paths[oid], raw), _Version(paths[oid], oid)) for oid, raw in repository.blobs(sorted(paths))
    )
    return {record_id: version for record_id, version in found if record_id}


def _now(change: TreeChange, base: bytes | None, births: Mapping[str, _Version]) -> _Version | None:
    if change.new_oid:
        return _Version(change.path, change.new_oid)
    return births.get(_id(change.path, base)) if base is not None else None


def _id(path: str, raw: bytes) -> str:
    record = read(path, raw, max_bytes=len(raw)).record
    return record.id if record is not None else ""


def _bytes(repository: Repository, oid: str | None) -> bytes | None:
    return next(raw for _, raw in repository.blobs([oid])) if oid else None
