"""The composition root: one open vault with its settings, repository, catalog, clock and actor.

Verbs are mixed in from the modules beside this one; each reads a snapshot, decides a plan with a pure
function, has it applied as one commit, and catches up.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from atocore import clock
from atocore.app import catchup
from atocore.config import DEFAULTS, Settings, read_settings
from atocore.errors import AtocoreError
from atocore.index.catalog import Catalog, CatalogUnusable, is_damage
from atocore.index.catalog_rows import Realm
from atocore.index.generations import Generations
from atocore.index.model import Model
from atocore.knowledge import policy
from atocore.progress import Progress, silent
from atocore.records.kinds import KINDS, Kind
from atocore.records.plan import Actor
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot
from atocore.store.files import expanded
from atocore.store.repository import Repository
from atocore.store.unfinished import refuse_unfinished
from atocore.store.worktree import SETTINGS_FILE, is_there

if TYPE_CHECKING:
    from atocore.index.engine import Engine

T = TypeVar("T")
CATALOG_FILE = "catalog.db"


def find_vault(start: Path) -> Path:
    """The vault that `start` is, or lies in: the nearest folder upwards that holds `atocore.yaml`. Raises
    `not-a-vault`, and `restore-unfinished` where a restore into it was cut short."""
    start = expanded(start).absolute()
    folders = (start, *start.parents) if start.exists() else ()
    for folder in folders:
        if is_there(folder):
            refuse_unfinished(folder)
            return folder
    for folder in folders:
        refuse_unfinished(folder)  # its settings may be what is being put in place
    from atocore.app.vault_missing import missing_vault

    raise missing_vault(start)


def settings_at(vault: Path, *, any_format: bool = False) -> Settings:
    """The settings of a vault; the defaults where its file is missing. Raises as `read_settings` does."""
    try:
        return read_settings((vault / SETTINGS_FILE).read_text("utf-8"), any_format=any_format)
    except FileNotFoundError:
        return DEFAULTS
    except (UnicodeDecodeError, OSError) as error:
        raise AtocoreError(
            "bad-settings", f"{SETTINGS_FILE}: cannot be read: {error}", "mend the file"
        ) from error


class Session:
    """An open vault. `actor` is who takes its steps; a shell that an assistant drives is a machine.

    `model` may be shared with other sessions of this process; `progress` hears of long work. A session that
    `follows` leaves it to another one to keep the index in step, and answers from what the index holds.
    """

    def __init__(self, vault: Path, repository: Repository, settings: Settings, actor: Actor) -> None:
        self.vault = vault
        self.repository = repository
        self.settings = settings
        self.actor = actor
        self.model = Model()
        self.follows = False
        self.progress: Progress = silent
        self._catalog: Catalog | None = None
        self._engine: Engine | None = None
        self._notes: list[str] = []
        self._now: Callable[[], str] = lambda: clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        self._entropy: Callable[[], bytes] = lambda: os.urandom(8)

    def close(self) -> None:
        """Let go of every file; the vault needs no other farewell."""
        self._engine = None
        if self._catalog is not None:
            self._catalog.close()
            self._catalog = None

    @property
    def catalog(self) -> Catalog:
        """The catalog of the index's present generation, opened (or built) when first needed."""
        if self._catalog is None:
            self._catalog = self._opened()
        return self._catalog

    @property
    def engine(self) -> Engine:
        """The search indexes of the present generation."""
        if self._engine is None:
            self._engine = self.engine_over(self.catalog)
        return self._engine

    def engine_over(self, catalog: Catalog) -> Engine:
        """The search indexes beside a catalog."""
        from atocore.index.engine import Engine

        wait, language = self.settings.number("search.wait_seconds"), self.settings.text("search.language")
        return Engine(catalog, self.model, wait, language, self.follows)

    def generations(self) -> Generations:
        """Where the index is kept."""
        return Generations(self.local_folder() / "index")

    def local_folder(self) -> Path:
        """`.atocore/`, made when needed; for a vault that cannot be written, or whose name tantivy cannot
        open, a folder in the user's cache."""
        from atocore.store.lock import local_folder

        try:
            folder = local_folder(self.vault)
            str(folder).encode()
            if os.access(folder, os.W_OK):
                return folder
        except UnicodeEncodeError:
            pass
        except AtocoreError as error:
            if error.code != "read-only":
                raise
        from atocore.index.embedding_cache import cache_folder

        name = hashlib.sha256(os.fsencode(self.vault)).hexdigest()[:16]
        folder = cache_folder() / "vaults" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def catch_up(self, *, drafts: bool = False, paths: Collection[str] | None = None) -> Snapshot:
        """Bring the catalog in step with the commit, and with what is saved where asked (at `paths` alone,
        where given); the snapshot. Raises `not-a-vault` where the vault is gone: nothing is concluded from
        that."""
        if self.follows:
            self._reopen_if_replaced()
            return self.catalog
        if not is_there(self.vault):
            raise AtocoreError("not-a-vault", f"{SETTINGS_FILE} is gone from {self.vault}", "is it mounted?")
        self._reopen_if_replaced()
        self.repository.recover()  # two looks at the disk where nothing was cut short
        return self.mended(lambda: self._compared(drafts, paths))

    def mended(self, ask: Callable[[], T]) -> T:
        """What `ask` gives; where the index turns out damaged, of an index that is built anew."""
        try:
            return ask()
        except Exception as error:
            if self._catalog is None or self.follows or not is_damage(error):
                raise
            self.abandon_index()
            return ask()

    def abandon_index(self) -> None:
        """The index is damaged: it is out of use from now on, and whoever needs one builds it anew. Not where
        another process has built one meanwhile."""
        if self._catalog is not None and self.generations().abandon(self._catalog.path.parent):
            self._notes.append("the index was damaged, and was built anew")
        self.close()

    def in_step(self, *, drafts: bool = False) -> list[str]:
        """Catch up for an answer that may be a little behind where another process is writing the index; what
        the reader should know."""
        notes = []
        try:
            self.catch_up(drafts=drafts)
        except AtocoreError as error:
            if error.code != "vault-busy" or self._catalog is None:
                raise
            notes.append(f"the index is behind: {error.message}")
        unknown = len(self.catalog.unknown())
        if unknown:
            notes.append(f"{unknown} files cannot be looked at, and are as last seen (atocore status)")
        return [*self.told(), *notes]

    def told(self) -> list[str]:
        """What happened to the index since the last answer."""
        told, self._notes = self._notes, []
        return [*told, *(self._engine.told() if self._engine is not None else ())]

    def _compared(self, drafts: bool, paths: Collection[str] | None) -> Snapshot:
        catchup.committed(self.repository, self.catalog, self.settings)
        if drafts:
            catchup.saved(self.repository, self.catalog, self.settings, paths)
        return self.catalog

    def _reopen_if_replaced(self) -> None:
        """Another process may have built the index anew, or somebody removed it."""
        if self._catalog is not None and self.generations().current != self._catalog.path.parent:
            self.close()

    def _opened(self) -> Catalog:
        self.generations().clear()
        place = self.generations().current
        if place is not None:
            try:
                return Catalog(place / CATALOG_FILE, max_bytes=self.settings.whole("limits.file_bytes"))
            except CatalogUnusable as error:
                self._notes.append(f"the index was {error}, and was built anew")
        return self._built_instead_of(place)

    def _built_instead_of(self, unusable: Path | None) -> Catalog:
        """A new generation in use, unless another process was faster."""
        generations = self.generations()
        limit = self.settings.whole("limits.file_bytes")
        with generations.building(self.settings.number("limits.lock_seconds")) as place:
            there = generations.current
            if there is not None and there != unusable:
                return Catalog(there / CATALOG_FILE, max_bytes=limit)
            catalog = self.build(place)
            generations.publish(place)
        return catalog

    def build(self, place: Path) -> Catalog:
        """Read the whole vault into a new generation at `place`: the catalog and the text indexes."""
        catalog = Catalog(place / CATALOG_FILE, max_bytes=self.settings.whole("limits.file_bytes"))
        try:
            engine = self.engine_over(catalog)
            catchup.read_all(
                self.repository,
                engine,
                self.settings,
                taken=lambda: self.take_portion(engine),
                progress=self.progress,
            )
        except BaseException:
            catalog.close()
            raise
        return catalog

    def take_portion(self, engine: Engine) -> None:
        """What follows when a portion of the vault was read into a new generation: nothing here."""

    # -- finding records --------------------------------------------------------------------------------

    def lookup(self, name: str) -> Record:
        """The committed record that a person names: by id, an unambiguous end or start of it, or path."""
        found = self.catalog.get(name)
        if found is not None:
            return found
        matches = self.catalog.matching(name)
        if len(matches) > 1:
            ids = ", ".join(record.id for record in matches[:5])
            raise AtocoreError(
                "ambiguous", f"{name!r} fits {len(matches)} records: {ids}", "give more of the id"
            )
        return matches[0] if matches else self._missing(name)

    def _missing(self, name: str) -> Record:
        catchup.saved(self.repository, self.catalog, self.settings)
        drafts = [
            row for row in self.catalog.rows(Realm.DRAFT) if row.record and name in (row.record.id, row.path)
        ]
        if drafts:
            raise AtocoreError(
                "not-found",
                f"{name} is saved in {drafts[0].path} and not committed yet",
                f"git add {drafts[0].path} && git commit",
            )
        for problem in self.catalog.problems():
            if problem.path == name:
                raise AtocoreError("has-problems", f"{name}: {problem.message}", problem.hint)
        from atocore.knowledge.review.deed import find

        return find(self.catalog, name)

    def lookup_id(self, name: str) -> str:
        """The full id of the record that a person names."""
        self.catch_up()
        return self.lookup(name).id

    def raw(self, name: str) -> bytes:
        """A record's committed file, byte for byte."""
        self.catch_up()
        return self.lookup(name).raw

    def path_inside(self, path: str) -> str:
        """A path as a person gives it (from here, or from the vault's top), relative to the vault."""
        for given in (Path(path).absolute(), self.vault / path):
            here = Path(os.path.normpath(given))
            if here.exists() and here.is_relative_to(self.vault):
                return here.relative_to(self.vault).as_posix()
        raise AtocoreError("not-found", f"no file {path} in the vault", "give its path from the vault's top")

    def new_id(self, kind: Kind) -> str:
        """A fresh random id for what a person makes."""
        from atocore.records.ids import random_id

        return random_id(KINDS[kind].prefix, self._entropy())


def actor_here(settings: Settings) -> Actor:
    """Who drives this process, by its environment."""
    return policy.actor_of(os.environ, settings)
