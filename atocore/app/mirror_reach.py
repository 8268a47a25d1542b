"""Which pages of the mirror a change of the vault can reach. Says too much rather than too little."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from atocore.records.codec import links, read
from atocore.records.record import Record, is_page
from atocore.records.slots import slot_of
from atocore.records.snapshot import Snapshot
from atocore.store.repository import Repository
from atocore.views.mirror.names import MIRROR, About, folder, record_page_end


@dataclass(frozen=True, slots=True)
class Reach:
    """What is reached: every page (`whole`), or those of the vault itself, of some `projects` and of some
    `records`. `paths` are the files below `mirror/` that commits touched, None for any."""

    whole: bool = False
    projects: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    paths: frozenset[str] | None = None

    def covers(self, page: About) -> bool:
        """Whether a page is among those reached."""
        if self.whole or not page.folder:
            return True
        if page.record:
            return any(record_page_end(one) == page.record for one in self.records)
        return any(folder(project) == page.folder for project in self.projects)


def reach_of(repository: Repository, snapshot: Snapshot, since: str) -> Reach:
    """What the commits from `since` to the snapshot's can have changed; everything where git cannot tell."""
    touched = repository.touched_between(since, snapshot.commit) if since else None
    if touched is None:
        return Reach(whole=True)
    files = sorted(path for path in touched if is_page(path))
    changed = [*_before(repository, since, files), *_after(snapshot, files)]
    near = {one.id: one for record in changed for one in _near(snapshot, record)}
    near.update((record.id, record) for record in changed)
    for record in changed:  # a conflict that was decided, or closed: its members show it no more
        near.update((one.id, one) for m in record.members if (one := snapshot.get(m.id)))
    projects = {record.project for record in near.values()}
    named = frozenset(path for path in touched if path.startswith(f"{MIRROR}/"))
    return Reach(False, frozenset(projects), frozenset(near), named)


def _before(repository: Repository, commit: str, paths: Iterable[str]) -> Iterator[Record]:
    entries = repository.entries(commit, paths)
    oids = {entry.oid: path for path, entry in entries.items() if entry.is_file}
    for oid, raw in repository.blobs(sorted(oids)):
        record = read(oids[oid], raw, max_bytes=len(raw)).record
        if record is not None:
            yield record


def _after(snapshot: Snapshot, paths: Iterable[str]) -> Iterator[Record]:
    for path in paths:
        raw = snapshot.raw_at(path)
        record = read(path, raw, max_bytes=len(raw)).record if raw is not None else None
        if record is not None:
            yield record


def _near(snapshot: Snapshot, record: Record) -> Iterator[Record]:
    """The records whose pages may show this one: what it links to and what links to it, and what claims its
    slot."""
    slot = slot_of(record)
    yield from snapshot.in_slot(slot) if slot else ()
    yield from snapshot.referring(record.id)
    yield from (found for one in links(record) if (found := snapshot.get(one)))
