"""Purging again: what the list of purged objects says, done to a history that brings some of them back.

Works on any repository's git folder, bare or not; moves its references and leaves work tree and index to the
caller. The same list on the same history gives the same commits as the first purge gave.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from atocore.app import resources
from atocore.knowledge.leaks import Finder
from atocore.knowledge.purged import Purged
from atocore.knowledge.redaction import Redactor, Secret, secrets_of_file, secrets_of_text
from atocore.store.objects import read_blobs
from atocore.store.repository import Repository
from atocore.store.rewriting.commits import Words
from atocore.store.rewriting.place import Asking, Place
from atocore.store.rewriting.references import forget_logs, move, put_stash, sweep
from atocore.store.rewriting.rewrite import Rewritten, Rules, Scope, rewrite, verify, workshop
from atocore.store.rewriting.trees import TreeRules
from atocore.store.trees import blob_id
from atocore.views.mirror.frame import sealed_anew

_NOTHING_SAID = b"[REDACTED]\n"
_MOVED = "atocore purge"


@dataclass(frozen=True, slots=True)
class Brought:
    """An object of the list that is there again: its id, and a path of it ("" where it is no file)."""

    oid: str
    path: str


@dataclass(frozen=True, slots=True)
class Report:
    """What purging again did. `mapping`: each commit and tag that changed -> what it is now. `refs`: the
    references that moved, as (old, new). `taken_out` are paths of files that left history, since nothing was
    known that could stand for them; `entries` are purged objects that the list does not name yet, with the
    day left empty."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    refs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    replaced: int = 0
    taken_out: tuple[str, ...] = ()
    entries: tuple[Purged, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether history is another now."""
        return bool(self.mapping or self.refs)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is to be done to a history: blobs -> new content (None: out), secrets to be replaced wherever they
    stand, and the messages of commits and tags that are known otherwise; `paths` tells where each blob is."""

    blobs: Mapping[str, bytes | None]
    secrets: tuple[Secret, ...]
    messages: Mapping[str, bytes]
    paths: Mapping[str, str]


def repurge(
    git_dir: Path, purged: Collection[Purged], *, prefix: str = "", donors: Iterable[Path] = ()
) -> Report:
    """Take what the list names out of all history of the repository at `git_dir`, at once and for good.

    `prefix` is the vault's folder in the repository ("" or with a slash at its end). `donors` are git folders
    of other clones, from which what stands for a purged file is taken where this one lacks it. References are
    moved in one transaction, their logs emptied, and what nothing holds is thrown away; an index or a work
    tree beside it is the caller's. Nothing happens where none of the list's objects is there.
    """
    place = Place(git_dir)
    scope = Scope.of(place)
    remedy = remedy_for(place, scope, purged, prefix, donors)
    if remedy is None:
        return Report()
    folder = workshop(place)
    try:
        made = rewrite(place, scope, rules_of(remedy, prefix), folder)
        if made.changes_anything:
            verify(made, folder / "scratch.git", [new for _, new in made.moves.values()])
            made.pack.take_in(place)
            move(place, made.moves, _MOVED)
        forget_logs_but_stash(place, made, scope)
        sweep(place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return report_of(made, remedy, purged)


def forget_logs_but_stash(place: Place, made: Rewritten, scope: Scope) -> None:
    """Empty the logs of references. The stash is a log: it is made anew of its entries."""
    forget_logs(place)
    entries = made.stash if made.stash is not None else scope.stash
    if entries:
        put_stash(place, entries)


def brings_back(repository: Repository, commit_range: str, purged: Collection[Purged]) -> list[Brought]:
    """What of the list the commits of a range (`OLD..NEW`, or a commit's name) hold."""
    listed = {entry.old for entry in purged}
    if not listed:
        return []
    place = Place(repository.git_dir)
    present = place.types(listed)  # cheap, and nearly always the whole answer
    if not present:
        return []
    return [Brought(oid, path) for oid, path in place.objects(commit_range) if oid in present]


def remedy_for(
    place: Place,
    scope: Scope,
    purged: Collection[Purged],
    prefix: str = "",
    donors: Iterable[Path] = (),
    besides: Mapping[str, str] | None = None,
) -> Remedy | None:
    """What is to be done so that a history holds nothing of the list; None where it holds nothing of it.
    `besides` are blobs (id -> path) that stand elsewhere, in the index."""
    listed = {entry.old: entry.new for entry in purged}
    present = place.types(listed)
    if not present:
        return None
    paths = {**scope.versions(place, prefix), **(besides or {})}
    held = {oid for oid, kind in present.items() if kind == "blob" and oid in paths}
    spoken = {*scope.history, *scope.notes, *(ref.oid for ref in scope.refs)}
    said = frozenset(oid for oid, kind in present.items() if kind in ("commit", "tag") and oid in spoken)
    if not held and not said:
        return None
    lasting = {oid: _lasting(oid, listed) for oid in (*held, *said)}
    known = _contents([place, *map(Place, donors)], {new for new in lasting.values() if new})
    search = _Search(resources.secret_finder(), lasting, known)
    for blob in read_blobs(place, sorted(held)):
        if blob.raw is not None:
            search.version(blob.oid, paths[blob.oid], blob.raw)
    asking = Asking(place)
    try:
        for oid in sorted(said):
            search.message(oid, asking.get(oid).content)
    finally:
        asking.close()
    search.finish()
    found = Redactor(search.secrets)
    blobs = {**everywhere(place, found, paths, skip=held), **search.blobs}
    return Remedy(blobs, tuple(search.secrets), search.messages, paths)


def everywhere(
    place: Place, redactor: Redactor, paths: Mapping[str, str], skip: Collection[str] = ()
) -> dict[str, bytes | None]:
    """New contents for the files that hold one of the redactor's secrets, by their ids."""
    found: dict[str, bytes | None] = {}
    if redactor.secrets:
        for blob in read_blobs(place, (oid for oid in paths if oid not in skip)):
            if blob.raw is not None and redactor.holds(blob.raw):
                found[blob.oid] = without(redactor, paths[blob.oid], blob.raw)
    return found


def without(redactor: Redactor, path: str, raw: bytes) -> bytes:
    """A file without the secrets; a page of the mirror stays one that nobody edited."""
    return sealed_anew(raw, redactor.file(path, raw))


def _lasting(oid: str, listed: Mapping[str, str | None]) -> str | None:
    """What stands for an object in the end: what stood for it first may have been purged later."""
    seen: set[str] = set()
    now: str | None = oid
    while now is not None and now in listed and now not in seen:
        seen.add(now)
        now = listed[now]
    return now


def _contents(places: Iterable[Place], wanted: Collection[str]) -> dict[str, bytes]:
    """The contents of those of the wanted objects that one of the places has."""
    found: dict[str, bytes] = {}
    for place in places:
        missing = sorted(set(wanted) - found.keys())
        there = list(place.types(missing)) if missing else []
        found |= {blob.oid: blob.raw for blob in read_blobs(place, there) if blob.raw is not None}
    return found


class _Search:
    """What stands for listed objects: known contents, or what redaction makes that has the listed id."""

    def __init__(self, find: Finder, lasting: Mapping[str, str | None], known: Mapping[str, bytes]) -> None:
        self._find, self._lasting, self._known = find, lasting, known
        self._pending: list[tuple[str, str, bytes]] = []
        self.blobs: dict[str, bytes | None] = {}
        self.messages: dict[str, bytes] = {}
        self.secrets: set[Secret] = set()

    def version(self, oid: str, path: str, raw: bytes) -> None:
        """Look at a listed file."""
        new = self._lasting[oid]
        if new is None:
            self.blobs[oid] = None
        elif new in self._known:
            self.blobs[oid] = self._known[new]
            self._note(secrets_of_file(path, raw, self._find), self._known[new])
        else:
            self._pending.append((oid, path, raw))

    def message(self, oid: str, raw: bytes) -> None:
        """Look at a listed commit or tag, of which only what it says matters."""
        said = raw.partition(b"\n\n")[2]
        new = self._known.get(self._lasting[oid] or "")
        told = new.partition(b"\n\n")[2] if new is not None else None
        found = set(secrets_of_text(raw.decode("utf-8", "replace"), self._find))
        self._note(found, new or b"")
        if told is not None and told != said:
            self.messages[oid] = told
        elif told is None and not found:
            self.messages[oid] = _NOTHING_SAID

    def finish(self) -> None:
        """Decide on the files for which nothing is known: what redaction makes of them counts where it has
        the id that the list names. Else nothing stands for them."""
        for oid, path, raw in self._pending:
            found = self._proven(oid, path, raw)
            if found is None:
                self.blobs[oid] = None
            else:
                self.secrets |= set(found)
                self.blobs[oid] = without(Redactor(found), path, raw)

    def _proven(self, oid: str, path: str, raw: bytes) -> Collection[Secret] | None:
        own = set(secrets_of_file(path, raw, self._find))
        tries: Iterator[Collection[Secret]] = iter(
            ([*self.secrets], [*own], [*own, *self.secrets], *([one] for one in sorted(own, key=str)))
        )
        wanted = self._lasting[oid]
        return next(
            (some for some in tries if blob_id(without(Redactor(some), path, raw), oid) == wanted), None
        )

    def _note(self, secrets: Iterable[Secret], new: bytes) -> None:
        """Secrets that are no longer in what stands for an object were purged, and are wherever they
        stand."""
        self.secrets |= {one for one in secrets if not Redactor([one]).holds(new)}


def rules_of(remedy: Remedy, prefix: str) -> Rules:
    """The remedy as rules of a rewrite."""
    redactor = Redactor(remedy.secrets)

    def message(oid: str, said: bytes) -> bytes:
        return remedy.messages.get(oid) or redactor.text(said)

    trees = TreeRules(remedy.blobs, redactor.name, frozenset(), prefix.encode("utf-8", "surrogateescape"))
    return Rules(trees, Words(message, redactor.text))


def report_of(made: Rewritten, remedy: Remedy, purged: Collection[Purged]) -> Report:
    """What a rewrite after a remedy did."""
    listed = {entry.old for entry in purged}
    out = sorted({remedy.paths.get(oid, "") for oid, new in made.blobs.items() if new is None} - {""})
    found = {**made.blobs, **made.said}
    entries = tuple(Purged(oid, new, "") for oid, new in sorted(found.items()) if oid not in listed)
    return Report(made.now, made.moves, sum(1 for new in found.values() if new), tuple(out), entries)
