"""Catching up: compare what the catalog holds with what the vault is, and take in the difference.

The one place that brings the catalog in step, for a verb, a rebuild or a daemon alike. Costs what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.index.catalog import Catalog, File
from atocore.index.catalog_rows import Realm
from atocore.knowledge.policy import machine_commit
from atocore.records.codec import read
from atocore.records.lifecycle import DECIDED, explained
from atocore.records.record import Record, is_page
from atocore.store.history import Commit
from atocore.store.repository import Repository
from atocore.store.trees import TreeEntry
from atocore.store.worktree import files_below, look

_FEW = 200
"""Up to so many paths git is asked about one by one; beyond that about everything."""


def committed(repository: Repository, catalog: Catalog, settings: Settings) -> bool:
    """Bring the COMMITTED realm to HEAD, by the difference of two trees. Whether anything changed."""
    head = repository.head() or ""
    if head == catalog.commit:
        return False
    with catalog.change():  # the comparison is made under the lock: another process may catch up too
        pages = {p: entry for p, entry in _differences(repository, catalog, head).items() if is_page(p)}
        before = catalog.ids_at(pages)
        unexplained = _take_in_tree(repository, catalog, pages)
        sharing = _settle_ids(repository, catalog, before | catalog.ids_at(pages))
        _look_up_deciders(repository, catalog, settings, unexplained | (sharing - pages.keys()))
        catalog.set_meta("commit", head)
    return bool(pages)


def _take_in_tree(
    repository: Repository, catalog: Catalog, pages: Mapping[str, TreeEntry | None]
) -> set[str]:
    """Catalogue what stands at `pages` now; the paths of records whose own ruling does not explain them."""
    unexplained: set[str] = set()
    by_oid: dict[str, list[str]] = {}
    for path, entry in pages.items():
        is_file = entry is not None and entry.is_file
        catalog.set_odd(Realm.COMMITTED, path, entry.mode if entry and not is_file else None)
        if entry is not None and is_file:
            by_oid.setdefault(entry.oid, []).append(path)
        else:
            catalog.remove(Realm.COMMITTED, path)
    for oid, raw in repository.blobs(by_oid):
        for path in by_oid[oid]:
            record = catalog.put(Realm.COMMITTED, File(path, oid, raw))
            if record is not None and not explained(record):
                unexplained.add(path)
    return unexplained


def _differences(repository: Repository, catalog: Catalog, head: str) -> Mapping[str, TreeEntry | None]:
    """Path to what stands there at HEAD (None: nothing any more), for every path that differs."""
    known = catalog.commit
    if known and head:
        try:
            changes = repository.tree_changes(known, head)
            return {
                change.path: TreeEntry(change.mode, change.new_oid) if change.new_oid else None
                for change in changes
            }
        except AtocoreError:
            pass  # the commit we knew is gone (a rewritten or shallow history): compare all of it
    tree = repository.tree(head) if head else {}
    held = catalog.versions(Realm.COMMITTED)
    different: dict[str, TreeEntry | None] = {
        path: entry for path, entry in tree.items() if held.get(path, ("", ""))[0] != entry.oid
    }
    different.update({path: None for path in (*held, *catalog.odd(Realm.COMMITTED)) if path not in tree})
    return different


def _settle_ids(repository: Repository, catalog: Catalog, ids: Iterable[str]) -> set[str]:
    """Where an id stands in two files, the first committed keeps it, whatever it is called today. The paths
    of all files with these ids."""
    settled: set[str] = set()
    for paths in catalog.paths_of(sorted(ids)).values():
        settled.update(paths)
        if len(paths) == 1:
            catalog.set_owner(paths[0], True)
            continue
        age = _ages(repository, paths)
        first = min(paths, key=lambda path: (-age.get(path, 0), path))
        for path in paths:
            catalog.set_owner(path, path == first)
    return settled


def _ages(repository: Repository, paths: Iterable[str]) -> dict[str, int]:
    """How many commits ago each file was first committed, followed through its renames."""
    trail = {path: path for path in paths}  # the name it had there -> its name today
    born: dict[str, int] = {}
    for age, commit in enumerate(repository.history()):
        for change in commit.changes:
            today = trail.get(change.path)
            if today is not None and change.new_oid:
                born[today] = age
                if change.old_path:
                    trail[change.old_path] = trail.pop(change.path)
    return born


def _look_up_deciders(
    repository: Repository, catalog: Catalog, settings: Settings, paths: Iterable[str]
) -> None:
    """Ask history once whose commit gave a record its status, where no ruling of its own explains it."""
    records = [
        record for record in catalog.unexplained(sorted(DECIDED), sorted(paths)) if not explained(record)
    ]
    if not records:
        return
    for path, commit in deciding_commits(repository, records).items():
        people = authors(commit)
        machine = machine_commit(settings, people, commit.trailers)
        catalog.set_decided(path, machine or people[0], bool(machine))


def authors(commit: Commit) -> tuple[str, str]:
    """Author and committer as `Name <email>`."""
    return (
        f"{commit.author_name} <{commit.author_email}>",
        f"{commit.committer_name} <{commit.committer_email}>",
    )


def deciding_commits(repository: Repository, records: Iterable[Record]) -> dict[str, Commit]:
    """For each record's path, the newest commit in which the record got the status that it has."""
    wanted = {record.path: record for record in records}
    limits = tuple(wanted) if len(wanted) <= _FEW else ()
    trail: dict[str, str] = {path: path for path in wanted}  # the name it had there -> its name today
    found: dict[str, Commit] = {}
    blobs: dict[str, tuple[str, str]] = {}
    for commit in repository.history(*limits):
        for change in commit.changes:
            today = trail.get(change.path)
            if today is None or today in found:
                continue
            record = wanted[today]
            if _stated(repository, blobs, change.path, change.old_oid) != (record.id, _status(record)):
                found[today] = commit
            elif change.old_path:
                trail[change.old_path] = today
        if len(found) == len(wanted):
            break
    return found


def _status(record: Record) -> str:
    """The status that a record's file states, whatever it counts as."""
    return str(record.header.get("status") or "")


def _stated(
    repository: Repository, known: dict[str, tuple[str, str]], path: str, oid: str | None
) -> tuple[str, str]:
    """The id and status that a blob's record states, "" where there is none."""
    if oid is None:
        return "", ""
    if oid not in known:
        for _, raw in repository.blobs([oid]):
            record = read(path, raw, max_bytes=len(raw)).record
            known[oid] = (record.id, _status(record)) if record else ("", "")
    return known[oid]


def saved(repository: Repository, catalog: Catalog, settings: Settings) -> bool:
    """Bring the DRAFT and LOCAL realms to what is saved. Whether anything changed."""
    max_bytes = settings.whole("limits.file_bytes")
    dirty = {entry.path for entry in repository.dirty() if is_page(entry.path)}
    changed = _take_in(repository, catalog, Realm.DRAFT, dirty, max_bytes)
    committed_paths = catalog.versions(Realm.COMMITTED) if settings.flag("capture.commit") else {}
    local = {path for path, _ in files_below(repository.vault, "captures")} - dirty
    return _take_in(repository, catalog, Realm.LOCAL, local - set(committed_paths), max_bytes) or changed


def _take_in(repository: Repository, catalog: Catalog, realm: Realm, paths: set[str], max_bytes: int) -> bool:
    held = catalog.versions(realm)
    updates = []
    for path in sorted(paths):
        found = look(repository.vault, path, max_bytes=max_bytes, known=held.get(path, ("", ""))[1])
        if found is not None and not (realm is Realm.LOCAL and found.absent):
            updates.append(File(path, "", found.raw, found.signature, found.problem))
    gone = [path for path in held if path not in paths]
    if not updates and not gone:
        return False
    with catalog.change():
        for path in gone:
            catalog.remove(realm, path)
        for file in updates:
            catalog.put(realm, file)
    return True


def differences(repository: Repository, catalog: Catalog) -> list[str]:
    """How the catalog differs from HEAD, path by path; empty where it does not."""
    head = repository.head()
    tree = repository.tree(head) if head else {}
    pages = {path: entry.oid for path, entry in tree.items() if is_page(path) and entry.is_file}
    held = {path: oid for path, (oid, _) in catalog.versions(Realm.COMMITTED).items()}
    found = [f"catalog: {path} is missing" for path in sorted(pages.keys() - held.keys())]
    found += [f"catalog: {path} should not be there" for path in sorted(held.keys() - pages.keys())]
    both = sorted(pages.keys() & held.keys())
    return found + [f"catalog: {path} differs" for path in both if pages[path] != held[path]]
