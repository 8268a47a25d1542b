"""The composition root: one open vault with its settings, repository, catalog, clock and actor.

Verbs are mixed in from the modules beside this one; each reads a snapshot, decides a plan with a pure
function, has it applied as one commit, and catches up.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from atocore import clock
from atocore.app import catchup
from atocore.app.answers import RecordAnswer, Written, conflict_answer, record_answer
from atocore.app.progress import Progress, silent
from atocore.config import DEFAULTS, Settings, read_settings
from atocore.errors import AtocoreError
from atocore.index.catalog import Catalog, CatalogUnusable, is_damage
from atocore.index.catalog_rows import Realm
from atocore.index.generations import Generations
from atocore.index.model import Model
from atocore.knowledge import conflicts, halfsteps, policy
from atocore.knowledge.fingerprint import view_hash
from atocore.knowledge.review import Deed, find
from atocore.records.codec import read
from atocore.records.kinds import KINDS, Kind
from atocore.records.plan import Actor, Plan
from atocore.records.record import Record
from atocore.records.snapshot import AfterSnapshot, Snapshot
from atocore.store.repository import Repository

if TYPE_CHECKING:
    from atocore.index.engine import Engine

SETTINGS_FILE = "atocore.yaml"
CATALOG_FILE = "catalog.db"


def find_vault(start: Path) -> Path:
    """The vault that `start` is, or lies in: the nearest folder upwards that holds `atocore.yaml`."""
    start = start.expanduser().absolute()
    for folder in (start, *start.parents) if start.exists() else ():
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise AtocoreError(
        "not-a-vault",
        f"no {SETTINGS_FILE} in {start} or a folder above it",
        "make a vault with atocore init DIR, or name one with --vault DIR or ATOCORE_VAULT",
    )


def settings_at(vault: Path) -> Settings:
    """The settings of a vault; the defaults where its file is missing."""
    try:
        return read_settings((vault / SETTINGS_FILE).read_text("utf-8"))
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
        self._entropy: Callable[[], bytes] = lambda: secrets.token_bytes(8)

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
        """`.atocore/`, made when needed; for a vault that cannot be written, a folder in the user's cache."""
        from atocore.store.lock import local_folder

        try:
            folder = local_folder(self.vault)
            if os.access(folder, os.W_OK):
                return folder
        except AtocoreError as error:
            if error.code != "read-only":
                raise
        from atocore.index.embedding_cache import cache_folder

        name = hashlib.sha256(os.fsencode(self.vault)).hexdigest()[:16]
        folder = cache_folder() / "read-only" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def catch_up(self, *, drafts: bool = False, paths: Collection[str] | None = None) -> Snapshot:
        """Bring the catalog in step with the commit, and with what is saved where asked (at `paths` alone,
        where given); the snapshot. Raises `not-a-vault` where the vault is gone: nothing is concluded from
        that."""
        self._reopen_if_replaced()
        if self.follows:
            return self.catalog
        if not (self.vault / SETTINGS_FILE).is_file():
            raise AtocoreError("not-a-vault", f"{SETTINGS_FILE} is gone from {self.vault}", "is it mounted?")
        self.repository.recover()  # two looks at the disk where nothing was cut short
        try:
            return self._compared(drafts, paths)
        except Exception as error:
            if self._catalog is None or not is_damage(error):
                raise
            self.generations().abandon()
            self.close()
            self._notes.append("the index was damaged, and was built anew")
            return self._compared(drafts, paths)

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
        return told

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
                catalog,
                self.settings,
                taken=engine.sync_text,
                progress=self.progress,
            )
        except BaseException:
            catalog.close()
            raise
        return catalog

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

    # -- taking steps -----------------------------------------------------------------------------------

    def deed(self, why: str = "") -> Deed:
        """Who acts now, as a ruling tells it."""
        identity = self.repository.identity()
        by = f"{identity[0]} <{identity[1]}>" if identity and self.actor is Actor.PERSON else "an assistant"
        return Deed(by=by, at=self._now(), why=why, actor=self.actor)

    def permit(self, step: str) -> None:
        """Refuse a person's step to a machine."""
        policy.permit(step, self.actor, self.settings)

    def step(
        self,
        name: str,
        decide: Callable[[Snapshot], Plan],
        *,
        dry_run: bool = False,
        seen: Iterable[tuple[str, str]] = (),
    ) -> Written:
        """Take one step: `decide` on the committed vault, commit its plan, catch up.

        `seen` binds it to what was looked at: (record id, hash) pairs that must still hold.
        """
        self.permit(name)
        snapshot = self.catch_up()
        for name_seen, expected in seen:
            record = self.lookup(name_seen)
            present = view_hash(snapshot, record)
            if present != expected:
                raise AtocoreError(
                    "changed-meanwhile",
                    f"{record.id}: the record or its slot changed since it was shown",
                    f"look again: atocore show {record.id} (its hash is {present} now)",
                )
        plan = decide(snapshot)
        self.fits(snapshot, plan)
        return self.carry_out(snapshot, plan, dry_run=dry_run)

    def says_little_enough(self, text: str) -> None:
        """Refuse a text that no file may hold, before anything is made of it."""
        limit = self.settings.whole("limits.file_bytes")
        if len(text) > limit:
            told = f"the text has {len(text):,} characters; a file's limit is {limit:,} bytes"
            raise AtocoreError("bad-value", told, "say it in fewer words, or raise limits.file_bytes")

    def fits(self, snapshot: Snapshot, plan: Plan) -> None:
        """Refuse what would be a problem at once: a file over the limit, or a birth where a file stands."""
        limit = self.settings.whole("limits.file_bytes")
        for change in plan.changes:
            if change.new is not None and len(change.new) > limit:
                told = f"{change.path} would have {len(change.new):,} bytes; the limit is {limit:,}"
                raise AtocoreError("bad-value", told, "say it in fewer words, or raise limits.file_bytes")
            if change.old is None and change.new is not None and snapshot.raw_at(change.path) is not None:
                raise AtocoreError(
                    "exists", f"{change.path} is there already", "edit it, or choose another name"
                )

    def carry_out(self, snapshot: Snapshot, plan: Plan, *, dry_run: bool = False) -> Written:
        """Commit a plan together with the conflict files that it makes or settles."""
        plan, clashes = conflicts.with_conflicts(snapshot, plan)
        if dry_run:
            after = AfterSnapshot(snapshot, plan)
            return replace(self.written(None, plan, after, clashes), dry_run=True, diff=diff_of(plan))
        commit = self.repository.apply(plan) if plan.changes else None
        self.catch_up()
        notes = self._finish_hand_made() if self.actor is Actor.PERSON else ()
        return replace(self.written(commit, plan, self.catalog, clashes), notes=notes)

    def written(
        self,
        commit: str | None,
        plan: Plan,
        snapshot: Snapshot,
        clashes: tuple[conflicts.Clash, ...],
    ) -> Written:
        """The answer of a writing verb."""
        answers: list[RecordAnswer] = []
        for change in plan.changes:
            raw = snapshot.raw_at(change.path)
            record = read(change.path, raw, max_bytes=len(raw)).record if raw is not None else None
            if record is not None and record.kind is not Kind.CONFLICT:
                answers.append(record_answer(record, conflicts.disputes(snapshot, record)))
        return Written(commit, tuple(answers), tuple(conflict_answer(snapshot, clash) for clash in clashes))

    def _finish_hand_made(self) -> tuple[str, ...]:
        """Write what steps made by hand still lack, and the files of conflicts they made; what is in the way
        of that is told, and does not fail the step that was taken."""
        notes: list[str] = []
        try:
            self._finish("steps", notes, lambda p: halfsteps.rest_of_steps(self.catalog, p, self.deed()))
            self._finish("conflicts", notes, lambda p: halfsteps.missing_conflict_files(self.catalog, p))
        except AtocoreError as error:
            return (*notes, f"what was done by hand is not completed yet: {error.message}")
        with self.catalog.change():
            for part in ("steps", "conflicts"):
                self.catalog.done(part, Realm.COMMITTED, self.catalog.pending(part, Realm.COMMITTED))
        return tuple(notes)

    def _finish(self, part: str, notes: list[str], decide: Callable[[list[str]], Plan]) -> None:
        """Commit what `decide` finds lacking of what nobody looked at yet."""
        plan = decide(self.catalog.pending(part, Realm.COMMITTED))
        if plan.changes:
            assert plan.message is not None
            self.repository.apply(plan)
            notes.append(plan.message.subject)
            self.catch_up()


def diff_of(plan: Plan) -> str:
    """A plan as a person reviews it: unified diffs, then the commit message."""
    parts = []
    for change in plan.changes:
        old = _lines(change.old)
        new = _lines(change.new)
        names = (f"a/{change.path}" if change.old is not None else "/dev/null", f"b/{change.path}")
        parts += [line if line.endswith("\n") else f"{line}\n" for line in unified_diff(old, new, *names)]
    if plan.message is not None:
        parts += ["\n", plan.message.text()]
    return "".join(parts)


def _lines(raw: bytes | None) -> list[str]:
    return raw.decode("utf-8", "replace").splitlines(keepends=True) if raw is not None else []


def actor_here(settings: Settings) -> Actor:
    """Who drives this process, by its environment."""
    return policy.actor_of(os.environ, settings)
