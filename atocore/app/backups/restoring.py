"""Restoring: a backup's contents in place of what a folder holds. Needs no vault that can be opened.

The order of effects: validate; lock; keep what is there as a backup of its own; make the new contents
aside and check them; exchange (`store/backups/swap.py`); check what is in place now; remove the former
contents. Until the exchange begins, what is there works as before; from then on every command tells how
to finish.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from atocore.app.backups.place import place_of
from atocore.app.backups.restore_choice import LATEST, carried, picked, refuse_inside, refuse_part
from atocore.app.backups.restored_answer import ALL, Options, Restored, Safety, answer, command_line, planned
from atocore.app.backups.restored_aside import make_aside, recorded_aside
from atocore.app.backups.restored_checks import Finding, another_vaults, findings_of_records
from atocore.app.backups.restored_place import Wanted, settle
from atocore.app.backups.safety import keep_safe, safe_place, settings_there
from atocore.app.operations import Operations
from atocore.errors import AtocoreError
from atocore.index.model import Model
from atocore.progress import Progress, silent
from atocore.store import files
from atocore.store.backups.folder_place import Kept
from atocore.store.backups.manifest import (
    EMBEDDINGS,
    MANIFEST,
    Manifest,
    read_manifest,
)
from atocore.store.backups.places import Place
from atocore.store.backups.scratch import scratch_folder
from atocore.store.backups.swap import Journal, Swap, captures_in, remove_tree
from atocore.store.backups.target import State, Target, target_at
from atocore.store.backups.validation import usable
from atocore.store.files import expanded
from atocore.store.lock import LOCAL, IndexLock, daemon_lock, local_folder, vault_lock
from atocore.store.repository import Repository
from atocore.store.unfinished import is_unfinished, unfinished

_STEPS = 6
_NOTHING_LEFT = 1 << 20
"""So few bytes on a disk explain whatever failed."""


@dataclass(slots=True)
class _Run:
    """One restore under way."""

    swap: Swap
    options: Options
    model: Model
    progress: Progress
    on_step: Callable[[str], None]
    done: int = 0
    notes: list[str] = field(default_factory=list)

    def step(self, name: str) -> None:
        """A step is done."""
        self.done += 1
        self.progress("restoring", min(self.done, _STEPS), _STEPS)
        self.on_step(name)


def restore(
    stamp: str,
    target: str | os.PathLike[str],
    *,
    source: str | Place = "",
    options: Options = ALL,
    dry_run: bool = False,
    model: Model | None = None,
    progress: Progress = silent,
    on_step: Callable[[str], None] = lambda _name: None,
) -> Restored:
    """Put a backup's contents in place of what the folder `target` holds, or in a new one; `stamp` may be
    `latest`: the newest that is no safety snapshot. Where a restore into the folder was cut short,
    this finishes it.

    The caller vouches that no service uses the vault. Raises, with nothing changed: `no-backup` and the
    codes of a damaged backup, `restore-refused`, `vault-busy`, `git-busy`, `git-in-progress`, `read-only`
    (no space, no rights), `backup-incomplete` where the safety snapshot fails. Raises
    `restore-unfinished` where another restore has to be finished first.
    """
    given = expanded(target).absolute()
    folder = Path(os.path.realpath(given))
    run = _Run(Swap(folder, on_step), options, model or Model(), progress, on_step)
    if is_unfinished(folder):
        if dry_run:
            raise unfinished(folder)
        with _locked(folder):
            return _resumed(stamp, run)
    judged = target_at(folder)
    place = place_of(source, given, settings_there(folder)) if isinstance(source, str) else source
    kept, manifest = picked(stamp, place, folder)
    refuse_inside(place, judged)
    refuse_part(manifest, judged)
    run.notes += usable(kept, embeddings=options.embeddings)
    if dry_run:
        told = planned(kept, manifest, judged, options, place)
        return replace(told, notes=(*told.notes, *run.notes))
    run.step("validated")
    with _made(judged), _locked(folder), _brought(kept, place) as near:
        return _replaced(near, judged, place, run)


@contextmanager
def _made(target: Target) -> Iterator[None]:
    """The target's folder, made where it is missing; gone again where nothing was restored into it."""
    folder = target.folder
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    had_local = (folder / LOCAL).exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        told = f"cannot make {folder}: {error.strerror or error}"
        raise AtocoreError("read-only", told, "see the rights of the folder above") from error
    try:
        yield
    except BaseException:
        if not is_unfinished(folder) and not target.has_vault:
            if not had_local:
                remove_tree(folder / LOCAL)
            for path in made:
                with suppress(OSError):
                    path.rmdir()
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """No daemon, no job, no writing verb, and no git of AtoCore's beside this. An unfinished step is
    settled."""
    seconds = settings_there(folder).number("limits.lock_seconds")
    with ExitStack() as stack:
        stack.enter_context(daemon_lock(folder))
        stack.enter_context(Operations(local_folder(folder)).running("restore"))
        if not is_unfinished(folder) and (folder / ".git").is_dir():
            with suppress(AtocoreError):  # of a broken vault, which is replaced
                Repository.open(folder, lock_wait_seconds=seconds).recover()
        stack.enter_context(vault_lock(folder, seconds, restoring=True))
        yield


def _replaced(kept: Kept, target: Target, place: Place, run: _Run) -> Restored:
    if is_unfinished(target.folder):  # another one was faster
        raise unfinished(target.folder)
    with ExitStack() as stack:
        if target.state is State.VAULT:
            repository = Repository.open(target.folder)
            if run.options.pre_snapshot and (operation := repository.in_progress()):
                told = f"a {operation} is under way in {target.folder}: no snapshot holds it as it is"
                hint = f"end it (git {operation} --abort), or --no-pre-snapshot to let go of it"
                raise AtocoreError("git-in-progress", told, hint)
            seconds = settings_there(target.folder).number("limits.lock_seconds")
            stack.enter_context(IndexLock(repository.git_dir, repository.tag).held(seconds))
        swap = run.swap
        captures = captures_in(target.folder / "captures")
        safety = _kept_safe(target, place, run)
        swap.clear()
        try:
            journal = _prepared(kept, target, safety, place, captures, run)
        except BaseException as error:
            full = shutil.disk_usage(swap.work).free < _NOTHING_LEFT
            remove_tree(swap.work)
            if isinstance(error, AtocoreError) and error.code == "read-only":
                raise  # it tells the place and the space itself
            if isinstance(error, OSError) or (full and isinstance(error, Exception)):
                raise _not_written(target, error) from error
            raise
        return _exchanged(journal, run)


def _not_written(target: Target, error: Exception) -> AtocoreError:
    told = f"the new contents could not be written in {target.folder}: no space, or no right: {error}"
    hint = "see the disk, or restore elsewhere: --target DIR; nothing was changed"
    return AtocoreError("read-only", told, hint)


@contextmanager
def _brought(kept: Kept, place: Place) -> Iterator[Kept]:
    """The backup as a folder of this machine, for as long as it is needed."""
    if not kept.address:
        yield kept
        return
    with scratch_folder("restore") as near:
        folder = place.bring(kept.stamp, near)
        manifest = read_manifest((folder / MANIFEST).read_bytes(), str(place))
        yield replace(kept, path=folder, manifest=manifest, address="")


def _kept_safe(target: Target, place: Place, run: _Run) -> Safety | None:
    if not target.has_vault or not run.options.pre_snapshot:
        run.step("no-safety")
        return None
    kept, note = keep_safe(target, safe_place(place, target.folder))
    run.notes += [note] if note else []
    run.step("safety-made")
    return Safety(kept.stamp, os.path.realpath(kept.path))


def _prepared(
    kept: Kept,
    target: Target,
    safety: Safety | None,
    place: Place,
    captures: dict[str, str],
    run: _Run,
) -> Journal:
    """Make the new contents and all that finishing needs, and begin the exchange."""
    swap, options, manifest = run.swap, run.options, kept.manifest
    assert manifest is not None
    made = make_aside(kept, manifest, swap, target, run.step)
    made.notes += another_vaults(manifest, target, made.git)
    embeddings, embedded = _embeddings(kept, manifest, run, is_purged=made.purged.changed)
    findings: list[Finding] = []
    recorded, why = recorded_aside(
        made,
        index=options.index,
        embedded=embedded,
        model=run.model,
        progress=run.progress,
    )
    if not made.purged.changed:
        findings, notes = findings_of_records(manifest, recorded, why, judged=options.index)
        made.notes += notes
    run.step("records-counted")
    own = carried(target, manifest)
    run.notes += ["git cannot tell what it ignores here: the former contents are kept"] if own is None else []
    wanted = Wanted(
        prefix=manifest.prefix,
        commit=made.commit,
        branch=manifest.branch,
        references=made.references,
        drafts=tuple(sorted(made.local.drafts)),
        captures=made.local.captures,
        embeddings=embeddings,
        counts=dict((recorded or manifest.recorded).counts),
        findings=tuple(findings),
        notes=(*run.notes, *made.notes),
        safety=(safety.stamp, safety.path) if safety else None,
        index=options.index and recorded is not None,
        hook=made.hook,
        keep_former=own is None or (target.folder / ".git/modules").is_dir(),  # no backup has submodules
    )
    journal = Journal(
        stamp=kept.stamp,
        command=command_line(kept.stamp, target.folder, place, options),
        has_settings=(swap.new / "atocore.yaml").is_file(),
        carried=own or (),
        captures=captures,
        told=wanted.plain(),
    )
    files.settle_file_system(swap.work)
    swap.begin(journal)
    return journal


def _embeddings(kept: Kept, manifest: Manifest, run: _Run, *, is_purged: bool) -> tuple[int, bool]:
    """Have the user's cache hold the backup's embeddings; how many it did not have, and whether it has them
    all now. Some may be of what `is_purged`, and their keys do not tell which: then none is taken."""
    if EMBEDDINGS not in manifest.files or not run.options.embeddings:
        return 0, False
    if is_purged:
        run.notes.append("the backup's embeddings are left alone: some may be of what was purged")
        return 0, False
    import sqlite3

    from atocore.index.embedding_cache import EmbeddingCache, cache_folder

    cache = EmbeddingCache(cache_folder(), "")
    try:
        return cache.take_in(kept.path / EMBEDDINGS), True
    except sqlite3.Error as error:
        run.notes.append(f"the backup's embeddings cannot be used, and are computed anew: {error}")
        return 0, False
    finally:
        run.notes += cache.notes
        cache.close()


def _resumed(stamp: str, run: _Run) -> Restored:
    """Finish what was cut short."""
    journal = run.swap.journal()
    if stamp not in (journal.stamp, LATEST):
        raise unfinished(run.swap.folder)
    return _exchanged(journal, run)


def _exchanged(journal: Journal, run: _Run) -> Restored:
    run.swap.forward(journal)
    wanted = Wanted.of(journal.told)
    placed = settle(journal, wanted, run.swap, run.model, run.progress)
    return answer(journal.stamp, run.swap.folder, wanted, placed)
