"""Catching up: compare what the catalog holds with what the vault is, and take in the difference.

The one place that brings the catalog in step, for a verb, a rebuild or the daemon alike. Costs what changed.
Each comparison is `reconcile.compare`; taking its result in is one transaction, and taking it in again
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, islice
from typing import TYPE_CHECKING

from atocore.app.deciders import look_up_deciders, policy_of
from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Realm
from atocore.index.entries import File
from atocore.index.reconcile import Difference, compare
from atocore.progress import Progress, silent
from atocore.records.lifecycle import explained
from atocore.records.record import is_page
from atocore.store.local import refuse_local
from atocore.store.repository import Repository
from atocore.store.trees import TreeEntry
from atocore.store.worktree import Saved, hidden, is_there, listing, look

if TYPE_CHECKING:
    from atocore.index.engine import Engine
    from atocore.index.fulltext import Passage

_BATCHES = 25
"""So many batches of a vault that is read as a whole are taken in at once: 5,000 files of the usual size."""

Pages = Mapping[str, TreeEntry]


def committed(repository: Repository, catalog: Catalog, settings: Settings) -> int:
    """Bring the COMMITTED realm to HEAD, by the difference of two trees; how many pages differed."""
    head, policy = repository.head() or "", policy_of(settings)
    if (head, policy) == (catalog.commit, catalog.meta("policy")):
        return 0
    with catalog.change():  # the comparison is made under the lock: another process may catch up too
        known = catalog.commit
        there, again = _differing(repository, known, head)
        difference = compare(_held(catalog, again), _versions(there))
        touched = {*difference.fresh, *difference.removals}
        before = catalog.ids_at(touched)
        unexplained = _take_in_tree(repository, catalog, there, difference)
        passed = _passed_over(repository, known, head) if policy == catalog.meta("policy") else None
        if passed is None:
            ids, paths = before | catalog.ids_at(touched) | catalog.shared_ids(), None
        else:
            ids, paths = before | catalog.ids_at(touched | passed), unexplained | passed
        _follow_history(repository, catalog, settings, ids, paths)
        catalog.set_meta("commit", head)
        catalog.set_meta("policy", policy)
    return len(difference.fresh) + len(difference.removals)


def read_all(
    repository: Repository,
    engine: Engine,
    settings: Settings,
    *,
    taken: Callable[[], None],
    progress: Progress = silent,
) -> None:
    """Fill an engine's empty catalog and its text index from HEAD, in portions; after each comes `taken`."""
    from atocore.index.reading import read_files  # with tantivy, which taking in one change does not need

    catalog = engine.catalog
    engine.sync_text()  # of nothing: that begins it
    head = repository.head() or ""
    tree = _pages(repository, head)
    difference = compare({}, _versions(tree))
    unexplained: set[str] = set()
    files = _files(repository, tree, difference.adds)
    count = sum(entry.is_file for entry in tree.values())
    batches = read_files(files, count, settings.whole("limits.file_bytes"))
    done = 0
    with closing(batches), catalog.loading():
        with catalog.change():
            for path, entry in tree.items():
                if not entry.is_file:
                    catalog.set_odd(Realm.COMMITTED, path, entry.mode)
        for first in batches:
            passages: dict[str, Sequence[Passage]] = {}
            with catalog.change(), engine.filling() as learn:
                for batch in chain([first], islice(batches, _BATCHES - 1)):
                    catalog.load((one.file, one.entry) for one in batch)
                    for one in batch:
                        learn(one.passages)
                        passages[one.file.path] = one.passages
                    unexplained.update(one.file.path for one in batch if not one.entry.explained)
            engine.take(passages, taken)
            done += len(passages)
            progress("reading", done, count)
    with catalog.change():
        _follow_history(repository, catalog, settings, catalog.shared_ids(), unexplained)
        catalog.set_meta("commit", head)
        catalog.set_meta("policy", policy_of(settings))


def _differing(repository: Repository, known: str, head: str) -> tuple[Pages, Collection[str] | None]:
    """What stands at HEAD at every page that may differ, and these pages' paths (None: all of the vault)."""
    if known and head:
        try:
            differing = repository.tree_changes(known, head)
        except AtocoreError:
            pass  # the commit we knew is gone (a rewritten or shallow history): compare all of it
        else:
            refuse_local(repository.vault, (change.path for change in differing if change.new_oid))
            changes = [change for change in differing if is_page(change.path)]
            there = {c.path: TreeEntry(c.mode, c.new_oid) for c in changes if c.new_oid}
            return there, {change.path for change in changes}
    return _pages(repository, head), None


def _pages(repository: Repository, head: str) -> dict[str, TreeEntry]:
    """The pages of a commit, by path."""
    tree = repository.tree(head) if head else {}
    refuse_local(repository.vault, tree)
    return {path: entry for path, entry in tree.items() if is_page(path)}


def _versions(pages: Pages) -> dict[str, str]:
    return {path: entry.oid if entry.is_file else entry.mode for path, entry in pages.items()}


def _held(catalog: Catalog, paths: Collection[str] | None) -> dict[str, str]:
    """The version of each page that the catalog holds: a blob's id, or the mode of what is no file."""
    realm = Realm.COMMITTED
    files = catalog.versions(realm) if paths is None else catalog.versions_at(realm, paths)
    held = {path: oid for path, (oid, _) in files.items()}
    held.update({p: mode for p, mode in catalog.odd(realm).items() if paths is None or p in paths})
    return held


def _take_in_tree(repository: Repository, catalog: Catalog, pages: Pages, difference: Difference) -> set[str]:
    """Catalogue the fresh versions, and forget what is gone; the paths of records whose own ruling does not
    explain them."""
    unexplained: set[str] = set()
    for path in difference.removals:
        catalog.set_odd(Realm.COMMITTED, path, None)
        catalog.remove(Realm.COMMITTED, path)
    changed = set(difference.changes)
    for path in difference.fresh:
        entry = pages[path]
        if path in changed and not entry.is_file:
            catalog.remove(Realm.COMMITTED, path)
        if path in changed or not entry.is_file:
            catalog.set_odd(Realm.COMMITTED, path, None if entry.is_file else entry.mode)
    for file in _files(repository, pages, difference.fresh):
        record = catalog.put(Realm.COMMITTED, file)
        if record is not None and not explained(record):
            unexplained.add(file.path)
    return unexplained


def _files(repository: Repository, pages: Pages, paths: Iterable[str]) -> Iterator[File]:
    """The contents of the files at these paths, as pages have them; what is no file is passed over."""
    by_oid: dict[str, list[str]] = {}
    for path in paths:
        if pages[path].is_file:
            by_oid.setdefault(pages[path].oid, []).append(path)
    for oid, raw in repository.blobs(by_oid):
        for path in by_oid[oid]:
            yield File(path, oid, raw)


def _passed_over(repository: Repository, known: str, head: str) -> set[str] | None:
    """The pages that any commit between the two touched, on either side, whatever became of them: who decided
    may be another now. None where the commit we knew is gone: any page."""
    if not known or not head:
        return set()
    touched = repository.touched_between(known, head)
    return None if touched is None else {path for path in touched if is_page(path)}


def _follow_history(
    repository: Repository,
    catalog: Catalog,
    settings: Settings,
    ids: Iterable[str],
    paths: set[str] | None,
) -> None:
    """Settle which file keeps each of these ids, and who decided on the records at `paths` (None: on any)."""
    sharing = _settle_ids(repository, catalog, ids)
    look_up_deciders(repository, catalog, settings, None if paths is None else paths | sharing)


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


def saved(
    repository: Repository, catalog: Catalog, settings: Settings, paths: Collection[str] | None = None
) -> int:
    """Bring DRAFT and LOCAL to what is saved (at `paths` alone, where given); how many differed."""
    max_bytes = settings.whole("limits.file_bytes")
    asked = None if paths is None else {path for path in paths if is_page(path)}
    if asked is not None and not asked:
        return 0
    entries = repository.dirty(sorted(asked or ()))
    dirty = {
        entry.path for entry in entries if is_page(entry.path) and (asked is None or entry.path in asked)
    }
    changed = _take_in(repository, catalog, Realm.DRAFT, dirty, {}, asked, max_bytes)
    seen, closed = _captures(repository, asked)
    if settings.flag("capture.commit"):
        seen -= catalog.versions_at(Realm.COMMITTED, seen).keys()
    return changed + _take_in(repository, catalog, Realm.LOCAL, seen - dirty, closed, asked, max_bytes)


def _captures(repository: Repository, asked: set[str] | None) -> tuple[set[str], dict[str, str]]:
    """The captures that are there, and the folders of theirs that could not be listed."""
    if asked is not None:
        return {path for path in asked if path.startswith("captures/")}, {}
    listed = listing(repository.vault, "captures")
    return set(listed.files), listed.unseen


def _take_in(
    repository: Repository,
    catalog: Catalog,
    realm: Realm,
    paths: set[str],
    closed: Mapping[str, str],
    asked: set[str] | None,
    max_bytes: int,
) -> int:
    """Compare a realm (its part at `asked`) with the files at `paths`, and take the difference in. `closed`
    names folders that could not be listed."""
    versions = catalog.versions(realm) if asked is None else catalog.versions_at(realm, asked)
    held = {path: signature for path, (_, signature) in versions.items()}
    there: dict[str, str] = {}
    unseen: dict[str, str] = dict(closed)
    read_now: dict[str, Saved] = {}
    for path in sorted(paths):
        found = look(repository.vault, path, max_bytes=max_bytes, known=held.get(path, ""))
        if found is None:
            there.update({path: held[path]} if path in held else {})
        elif found.unseen:
            unseen[path] = found.unseen
        elif not found.absent or (realm is Realm.DRAFT and catalog.versions_at(Realm.COMMITTED, [path])):
            there[path], read_now[path] = found.signature, found
    for path in held.keys() - paths:
        if reason := _not_proven_gone(repository, path, closed):
            unseen[path] = reason
    difference = compare(held, there, unseen)
    if not difference and not unseen and not catalog.unknown():
        return 0
    if difference.removals and not is_there(repository.vault):
        raise AtocoreError("not-a-vault", f"{repository.vault} went away while it was read", "is it mounted?")
    with catalog.change():
        for path in difference.removals:
            catalog.remove(realm, path)
        same = sum(_put(catalog, realm, path, read_now[path]) for path in difference.fresh)
        catalog.set_unknown(realm, unseen, asked)
    return len(difference.fresh) + len(difference.removals) - same


def _put(catalog: Catalog, realm: Realm, path: str, found: Saved) -> bool:
    """Catalogue a saved version; whether it says what the one before said."""
    if found.raw is not None and found.problem is None and catalog.raw(realm, path) == found.raw:
        catalog.set_signature(realm, path, found.signature)
        return True
    catalog.put(realm, File(path, "", found.raw, found.signature, found.problem))
    return False


def _not_proven_gone(repository: Repository, path: str, closed: Mapping[str, str]) -> str:
    """Why a file that no listing told of may be there all the same; "" where it was seen to be gone."""
    for folder, reason in closed.items():
        if path.startswith(f"{folder}/"):
            return reason
    return hidden(repository.vault, path)
