"""What health tells of the index: how far it is behind, and what it covers. Never builds much in passing.

What little there is to take in is taken in, so that the figures are of the present commit; where there is
more, where a daemon keeps the index, or where another process writes it, they tell how far it is behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from atocore.app import catchup
from atocore.app.deciders import policy_of
from atocore.app.health.committed import Committed, committed_part
from atocore.app.session import CATALOG_FILE, Session
from atocore.errors import AtocoreError
from atocore.index.catalog import Catalog, CatalogUnusable, is_damage
from atocore.index.catalog_rows import Realm
from atocore.index.locking import Held, locked
from atocore.records.record import is_page
from atocore.store.lock import LOCAL
from atocore.store.repository import Repository

LITTLE: Final = 200
"""So many files are taken in for an answer of health's; more are left to others."""
_PATIENCE_SECONDS: Final = 0.5
_LOG_BYTES: Final = 1 << 18
_LOGGED: Final = re.compile(rb"([0-9a-f]{40,64}) ([0-9a-f]{40,64}) .*> (\d+) [+-]\d{4}")


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the index is behind: commits (-1 where git cannot tell), files whose text is not taken in,
    files without an embedding, and for how many seconds HEAD has been elsewhere (0: it is not behind)."""

    commits: int
    text: int
    vectors: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Covered:
    """How many files are understood and searchable, of how many; `unknown` of them cannot be looked at."""

    files: int
    of: int
    unknown: int


@dataclass(frozen=True, slots=True)
class IndexStands:
    """The index, and what it tells of the vault. `mirror` is the commit that the mirror was built from."""

    indexed_commit: str
    lag: Lag
    covered: Covered
    committed: Committed
    mirror: str
    first_unknown: str = ""


class IndexUnusable(Exception):  # noqa: N818  a state of affairs
    """There is no index to tell from; `code` is the reason of health's, the message what was found."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class IndexHealth(Session):
    """What the index tells, with little work."""

    def index_stands(self, head: str | None, now: datetime, *, kept: bool) -> IndexStands:
        """How the index stands to the commit `head` (None: it cannot be read); `kept` where a daemon keeps
        it. Raises `IndexUnusable`."""
        try:
            catalog = self._catalog_in_passing(head, kept)
            catalog.be_patient(_PATIENCE_SECONDS)
            try:
                if not kept and head is not None:
                    self._take_in_little(catalog, head)
                return self._stands(catalog, head, now)
            finally:
                catalog.be_patient()
        except AtocoreError as error:
            code = "repository" if error.code == "git-failed" else "index-missing"
            raise IndexUnusable(code, error.message) from error
        except Exception as error:
            if not is_damage(error):
                raise
            self.close()
            raise IndexUnusable("index-damaged", f"the index is damaged: {error}") from error

    def _catalog_in_passing(self, head: str | None, kept: bool) -> Catalog:
        """The catalog in use; where there is none that can be used, one that is built of a small vault."""
        self._reopen_if_replaced()
        if self._catalog is not None:
            return self._catalog
        unusable = IndexUnusable("index-missing", "there is no index")
        place = self.generations().current
        if place is not None:
            try:
                limit = self.settings.whole("limits.file_bytes")
                self._catalog = Catalog(place / CATALOG_FILE, max_bytes=limit)
                return self._catalog
            except CatalogUnusable as error:
                unusable = IndexUnusable("index-damaged", f"the index is {error}")
        if self.follows or kept or head is None or self._is_built():
            raise unusable
        if sum(map(is_page, self.repository.tree(head) if head else ())) > LITTLE:
            raise unusable
        return self.catalog

    def _is_built(self) -> bool:
        """Whether another process is building an index now."""
        return _is_held(self.generations().folder, "builder")

    def _take_in_little(self, catalog: Catalog, head: str) -> None:
        """Bring the index in step with the commit where that is little work, and nobody else is at it."""
        is_settled = not (self.vault / LOCAL / "journal").exists()  # a step that was cut short comes first
        is_same = catalog.meta("policy") == policy_of(self.settings)
        if is_settled and is_same and catalog.commit != head:
            with suppress(AtocoreError):
                if len(_differing(self.repository, catalog, head)) <= LITTLE:
                    catchup.committed(self.repository, catalog, self.settings)
        if 0 < catalog.waiting("text") <= LITTLE and not _is_held(catalog.path.parent, "text"):
            with suppress(AtocoreError):
                self.engine.text_in_step()

    def _stands(self, catalog: Catalog, head: str | None, now: datetime) -> IndexStands:
        known = catalog.commit
        committed = committed_part(self.local_folder(), self.repository, catalog)
        unknown = catalog.unknown()
        behind = {} if head in (known, None) else _differing(self.repository, catalog, head or "")
        missing = {*committed.left_out, *catalog.pending_paths("text"), *unknown, *behind}
        commits = 0 if head in (known, None) else self._commits_behind(known, head or "")
        text = len(behind.keys() | catalog.pending_paths("text"))
        seconds = 0
        if commits:
            since = left_at(self.repository.git_dir, known)
            seconds = max(0, int((now - since).total_seconds())) if since is not None else 0
        return IndexStands(
            indexed_commit=known,
            lag=Lag(commits, text, catalog.waiting("vectors"), seconds),
            covered=_covered(catalog, missing, behind, len(unknown)),
            committed=committed,
            mirror=catalog.meta("mirror").rpartition("/")[2],
            first_unknown=next((f"{path}: {why}" for path, why in unknown.items()), ""),
        )

    def _commits_behind(self, known: str, head: str) -> int:
        return self.repository.commits_between(known, head) if known and head else -1


def _differing(repository: Repository, catalog: Catalog, head: str) -> dict[str, bool]:
    """The pages that differ between the commit of the catalog and HEAD; whether each is there at HEAD."""
    if catalog.commit and head:
        with suppress(AtocoreError):  # else the commit that the catalog holds is gone: all of it is compared
            changes = repository.tree_changes(catalog.commit, head)
            return {one.path: bool(one.new_oid) for one in changes if is_page(one.path)}
    tree = {path: entry for path, entry in (repository.tree(head) if head else {}).items() if is_page(path)}
    held = {path: oid for path, (oid, _) in catalog.versions(Realm.COMMITTED).items()}
    there = {path: True for path, entry in tree.items() if entry.is_file and held.get(path) != entry.oid}
    return there | dict.fromkeys(held.keys() - tree.keys(), False)


def _covered(catalog: Catalog, missing: set[str], behind: dict[str, bool], unknown: int) -> Covered:
    """Of the committed files, the captures and the new drafts; of what differs from HEAD, as HEAD has it."""
    others = {path for realm in (Realm.DRAFT, Realm.LOCAL) for path in catalog.versions(realm)}
    held = catalog.count(Realm.COMMITTED) + len(others - _held(catalog, others))
    present = _held(catalog, missing) | (missing & others)
    gone = {path for path, is_there in behind.items() if not is_there}
    of = held + len(missing - present - gone) - len(present & gone)
    return Covered(max(0, held - len(present)), max(0, of), unknown)


def _held(catalog: Catalog, paths: Iterable[str]) -> set[str]:
    """Those of the paths that are committed, as the catalog holds it."""
    return set(catalog.versions_at(Realm.COMMITTED, paths))


def _is_held(folder: Path, name: str) -> bool:
    """Whether another process holds a lock of the index's at present."""
    try:
        with locked(folder, name, 0):
            return False
    except Held:
        return True
    except OSError:
        return False


def left_at(git_dir: Path, commit: str) -> datetime | None:
    """When HEAD last left a commit, by the end of git's own log of it; None where that does not tell."""
    try:
        with (git_dir / "logs" / "HEAD").open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _LOG_BYTES))
            lines = file.read().splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        found = _LOGGED.match(line)
        if found and found[1] == commit.encode():
            return datetime.fromtimestamp(int(found[3]), UTC)
    return None
