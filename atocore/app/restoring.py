"""Restoring: a backup's contents in place of what a folder holds. Needs no vault that can be opened.

The order of effects: validate; lock; keep what is there as a backup of its own; make the new contents
aside and check them; exchange (`store/backups/swap.py`); check what is in place now; remove the former
contents. Until the exchange begins, what is there works as before; from then on every command tells how
to finish.
"""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.app.backup_place import place_of
from atocore.app.latest import latest_of
from atocore.app.operations import Operations
from atocore.app.restored_aside import make_aside, recorded_aside
from atocore.app.restored_checks import Finding, findings_of_records
from atocore.app.restored_place import Placed, Wanted, settle
from atocore.app.safety import keep_safe, safe_place, settings_there
from atocore.errors import AtocoreError
from atocore.index.model import Model
from atocore.progress import Progress, silent
from atocore.store import files
from atocore.store.backups.folder_place import FolderPlace, Kept
from atocore.store.backups.manifest import (
    EMBEDDINGS,
    LOCAL_PART,
    MANIFEST,
    Form,
    Manifest,
    read_manifest,
)
from atocore.store.backups.places import Place
from atocore.store.backups.swap import Journal, Swap, captures_in, remove_tree
from atocore.store.backups.target import State, Target, target_at
from atocore.store.backups.validation import usable
from atocore.store.files import expanded
from atocore.store.lock import LOCAL, IndexLock, daemon_lock, local_folder, vault_lock
from atocore.store.repository import Repository
from atocore.store.unfinished import is_unfinished, unfinished

if TYPE_CHECKING:
    from atocore.app.indexing import Indexed

LATEST = "latest"
_STEPS = 6
_NOTHING_LEFT = 1 << 20
"""So few bytes on a disk explain whatever failed."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a restore leaves out: the safety snapshot, the index, the backup's embeddings."""

    pre_snapshot: bool = True
    index: bool = True
    embeddings: bool = True


@dataclass(frozen=True, slots=True)
class Safety:
    """The backup of what was there before."""

    stamp: str
    path: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. `findings` are the checks that failed: none where `restored_integrity_ok`.
    `safety` is None where nothing was there, or no snapshot was wanted; `former` is where the former
    contents lie, "" where they were removed; `index` is None where none was built."""

    stamp: str
    target: str
    commit: str
    branch: str
    safety: Safety | None
    restored_integrity_ok: bool
    findings: tuple[Finding, ...]
    counts: dict[str, int]
    drafts: tuple[str, ...]
    captures: int
    captures_kept: int
    embeddings: int
    index: Indexed | None
    former: str
    notes: tuple[str, ...]
    dry_run: bool = False


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
    options: Options = Options(),
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
    _refuse_inside(place, judged)
    _refuse_part(manifest, judged)
    run.notes += usable(kept, embeddings=options.embeddings)
    if dry_run:
        planned = _planned(kept, manifest, judged, options, place)
        return replace(planned, notes=(*planned.notes, *run.notes))
    run.step("validated")
    with _made(judged), _locked(folder), _brought(kept, place) as near:
        return _replaced(near, judged, place, run)


def picked(stamp: str, place: Place, vault: Path | None = None) -> tuple[Kept, Manifest]:
    """The backup that is to be restored, with its manifest; `latest` is that of the vault in a folder. Raises
    `no-backup`, and why it cannot be restored."""
    kept = latest_of(place.backups(), str(place), vault) if stamp == LATEST else place.get(stamp)
    if kept.manifest is None:
        assert kept.fault is not None
        raise kept.fault
    if kept.manifest.form is Form.RAW:
        told = f"{kept.stamp} holds plain files of a vault that git could not read: it is unpacked by hand"
        hint = f"into an empty folder: tar -xf {shlex.quote(str(kept.path / 'contents.tar'))} -C DIR"
        raise AtocoreError("restore-refused", told, hint)
    return kept, kept.manifest


def _refuse_inside(place: Place, target: Target) -> None:
    if not isinstance(place, FolderPlace) or not target.has_vault:
        return
    where = Path(os.path.realpath(place.folder))
    if where.is_relative_to(target.folder):
        told = f"the backups lie in {where}, inside the folder that is to be replaced"
        raise AtocoreError("restore-refused", told, "move them out of it, or restore elsewhere: --target DIR")


def _refuse_part(manifest: Manifest, target: Target) -> None:
    if manifest.prefix and target.has_vault:
        told = f"the backup is of a whole repository, with the vault in {manifest.prefix}"
        raise AtocoreError("restore-refused", told, "restore it elsewhere: --target DIR, a new folder")


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
            if isinstance(error, OSError) or (full and isinstance(error, Exception)):
                raise _not_written(target, error) from error
            raise
        return _exchanged(journal, run)


def _not_written(target: Target, error: Exception) -> AtocoreError:
    told = f"the new contents could not be written in {target.folder}: no space, or no right: {error}"
    return AtocoreError(
        "read-only", told, "see the disk, or restore elsewhere: --target DIR; nothing was changed"
    )


@contextmanager
def _brought(kept: Kept, place: Place) -> Iterator[Kept]:
    """The backup as a folder of this machine, for as long as it is needed."""
    if not kept.address:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="atocore-restore-") as scratch:
        folder = place.bring(kept.stamp, Path(scratch))
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
    embeddings = _embeddings(kept, manifest, run)
    made = make_aside(kept, manifest, swap, target, run.step)
    findings: list[Finding] = []
    recorded, why = recorded_aside(
        made,
        index=options.index,
        embedded=options.embeddings and EMBEDDINGS in manifest.files,
        model=run.model,
        progress=run.progress,
    )
    if not made.purged.changed:
        findings, notes = findings_of_records(manifest, recorded, why, judged=options.index)
        made.notes += notes
    run.step("records-counted")
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
        keep_former=(target.folder / ".git/modules").is_dir(),  # submodules: no backup has what is in them
    )
    journal = Journal(
        stamp=kept.stamp,
        command=command_line(kept.stamp, target.folder, place, options),
        has_settings=(swap.new / "atocore.yaml").is_file(),
        carried=_carried(target, manifest),
        captures=captures,
        told=wanted.plain(),
    )
    files.settle_file_system(swap.work)
    swap.begin(journal)
    return journal


def _carried(target: Target, manifest: Manifest) -> tuple[str, ...]:
    """What git ignores is this machine's own and no part of a backup, and nor are links and the like that are
    not committed; captures are where it has a local part."""
    if target.state is not State.VAULT:
        return ()
    repository = Repository.open(target.folder)
    options = ("--others", "--ignored", "--exclude-standard", "--directory", "-z")
    names = [os.fsdecode(name) for name in repository.git.run("ls-files", *options).split(b"\0") if name]
    names += [entry.path for entry in repository.dirty() if not _is_plain(target.folder / entry.path)]
    gone = (LOCAL, "captures") if LOCAL_PART in manifest.files else (LOCAL,)
    return tuple(name for name in names if name.split("/")[0] not in gone)


def _is_plain(path: Path) -> bool:
    """Whether a path is a regular file or nothing: what a safety snapshot has."""
    return not os.path.lexists(path) or stat.S_ISREG(path.lstat().st_mode)


def _embeddings(kept: Kept, manifest: Manifest, run: _Run) -> int:
    """Have the user's cache hold the backup's embeddings; how many it did not have."""
    if EMBEDDINGS not in manifest.files or not run.options.embeddings:
        return 0
    import sqlite3

    from atocore.index.embedding_cache import EmbeddingCache, cache_folder

    cache = EmbeddingCache(cache_folder(), "")
    try:
        return cache.take_in(kept.path / EMBEDDINGS)
    except sqlite3.Error as error:
        run.notes.append(f"the backup's embeddings cannot be used, and are computed anew: {error}")
        return 0
    finally:
        run.notes += cache.notes
        cache.close()


def command_line(stamp: str, folder: Path, place: Place, options: Options) -> str:
    """The command that restores, as a shell reads it."""
    words = ["atocore", "backup", "restore", stamp, "--from", str(place), "--target", str(folder)]
    left = (
        ("--no-pre-snapshot", not options.pre_snapshot),
        ("--no-index", not options.index),
        ("--no-embeddings", not options.embeddings),
    )
    return shlex.join([*words, *(flag for flag, is_set in left if is_set), "--confirm-service-stopped"])


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
    return _answer(journal.stamp, run.swap.folder, wanted, placed)


def _answer(stamp: str, folder: Path, wanted: Wanted, placed: Placed) -> Restored:
    findings = (*wanted.findings, *placed.findings)
    return Restored(
        stamp=stamp,
        target=str(folder),
        commit=wanted.commit,
        branch=wanted.branch.removeprefix("refs/heads/"),
        safety=Safety(*wanted.safety) if wanted.safety else None,
        restored_integrity_ok=not findings,
        findings=findings,
        counts=dict(wanted.counts),
        drafts=wanted.drafts,
        captures=wanted.captures,
        captures_kept=placed.captures_kept,
        embeddings=wanted.embeddings,
        index=placed.index,
        former=placed.former,
        notes=(*wanted.notes, *placed.notes),
    )


def _planned(kept: Kept, manifest: Manifest, target: Target, options: Options, place: Place) -> Restored:
    """What a restore would do, with nothing done."""
    notes = [f"{target.folder} is {target.state}", f"the backup is of {manifest.created}, and sound"]
    if target.has_vault and options.pre_snapshot:
        notes.append(f"a safety snapshot of what is there would go to {safe_place(place, target.folder)}")
    return Restored(
        stamp=kept.stamp,
        target=str(target.folder),
        commit=manifest.commit,
        branch=manifest.branch.removeprefix("refs/heads/"),
        safety=None,
        restored_integrity_ok=False,
        findings=(),
        counts=dict(manifest.recorded.counts),
        drafts=(),
        captures=0,
        captures_kept=0,
        embeddings=0,
        index=None,
        former="",
        notes=tuple(notes),
        dry_run=True,
    )
