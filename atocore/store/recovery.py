"""After a crash: finish a step whose commit landed, undo one whose commit did not.

Every action looks before it acts and can be repeated, so recovery may itself be killed. A file that a
person has edited since is left as it is, and so becomes a draft.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from atocore.errors import AtocoreError
from atocore.store import files, journal
from atocore.store.git import Git
from atocore.store.index import PrivateIndex, entries
from atocore.store.journal import Journal
from atocore.store.lock import LOCAL, IndexLock, Patience, local_folder, vault_lock
from atocore.store.trees import TreeEntry

if TYPE_CHECKING:
    from atocore.store.history import Commit
    from atocore.store.repository import Recovery, Repository


class Outcome(NamedTuple):
    """How a step ended: its commit if it has one, and the files put back, or kept for their newer edits."""

    commit: str | None
    restored: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def recover(repository: Repository) -> Recovery | None:
    """Settle an unfinished step, unless the process that is taking it still lives."""
    if not _is_due(repository):
        return None
    try:
        with vault_lock(repository.vault, 0):
            return recover_held(repository)
    except AtocoreError as error:
        if error.code in ("vault-busy", "git-busy", "read-only"):
            return None  # the next writer will do it
        raise


def _is_due(repository: Repository) -> bool:
    lock = IndexLock(repository.git_dir, repository.tag)
    return lock.own.exists() or (repository.vault / LOCAL / "journal").exists()


def recover_held(repository: Repository) -> Recovery | None:
    """`recover` for who holds the vault's lock, under which whatever is left of a step is a dead one's."""
    from atocore.store.repository import Recovery

    lock = IndexLock(repository.git_dir, repository.tag)
    folder = local_folder(repository.vault)
    record = journal.load(folder)
    if record is None:
        return _drop_stale_lock(lock)
    _wait_for_child(repository)
    with lock.held(repository.lock_wait_seconds):
        outcome = settle(repository, record)
    done = [f"restored {path}" for path in outcome.restored] + [f"kept {path}" for path in outcome.kept]
    if outcome.commit:
        return Recovery(record.step, f"committed as {outcome.commit}", ("finished the index",))
    return Recovery(record.step, "not committed", tuple(done))


def _drop_stale_lock(lock: IndexLock) -> Recovery | None:
    from atocore.store.repository import Recovery

    if not lock.own.exists():
        return None
    stale = lock.is_ours()
    lock.release()
    return Recovery("", "a lock on git's index", ("removed it",)) if stale else None


def settle(repository: Repository, record: Journal) -> Outcome:
    """End a step, whole or undone, from its journal. The caller holds both locks."""
    _wait_for_child(repository)
    _drop_stale_ref_locks(repository, record)
    commit = landed_commit(repository, record)
    if commit:
        _finish_index(repository, record, commit)
        outcome = Outcome(commit)
    else:
        outcome = _undo(repository, record)
    _clean(repository, record)
    journal.discard(local_folder(repository.vault))
    return outcome


def landed_commit(repository: Repository, record: Journal) -> str | None:
    """The step's own commit, if it is on the branch: by its trailers, else by its place and content."""
    if record.head is None and repository.tip(record.branch) is None:
        return None  # the branch has no commit at all yet
    commits = repository.history_between(record.head, record.branch)
    return next((commit.id for commit in commits if _is_ours(commit, record)), None)


def _is_ours(commit: Commit, record: Journal) -> bool:
    wanted = {step.path: step.new_oid for step in record.files}
    changed = {change.path: change.new_oid for change in commit.changes}
    changed |= {change.old_path: None for change in commit.changes if change.old_path}
    if not wanted.keys() & changed.keys():
        return False
    said = set(record.trailers) <= set(commit.trailers)
    direct = commit.parents == ((record.head,) if record.head else ())
    return said or (direct and wanted == changed)


def _finish_index(repository: Repository, record: Journal, commit: str) -> None:
    """Bring the person's index up to the commit where it still holds what was there before the step."""
    paths = [step.path for step in record.files]
    head = repository.head()
    committed = repository.entries(commit, paths)
    if head is None or repository.entries(head, paths) != committed:
        return  # somebody has moved on since, and their index with them
    private = PrivateIndex(repository.git_dir, repository.top, repository.prefix, repository.tag)
    found = entries(Git(repository.top), repository.prefix, paths)
    stale: dict[str, TreeEntry | None] = {}
    for step in record.files:
        held = [entry.oid for entry in found.get(step.path, [])]
        entry = committed.get(step.path)
        if held == ([step.head_oid] if step.head_oid else []) and held != ([entry.oid] if entry else []):
            stale[step.path] = entry
    if stale:
        private.discard()
        private.copy()
        private.put(stale, commit)
        repository.on_step("recovery-index-prepared")
        private.publish()


def _undo(repository: Repository, record: Journal) -> Outcome:
    """Put back what is still as the step wrote it, and leave what a person has edited since."""
    now = {step.path: _present(repository.vault / step.path) for step in record.files}
    due = [step for step in record.files if step.is_written and now[step.path] != (step.before,)]
    ours = [step for step in due if now[step.path] == (step.after,)]
    for step in ours:
        if step.before is None:
            files.remove(repository.vault / step.path)
            repository.on_step("recovery-partial")
    for folder in reversed(record.folders):
        _remove_empty(repository.vault / folder)
    for step in ours:
        if step.before is not None:
            place = repository.vault / step.path
            files.write(place, step.before, mark=record.step, mode=step.permissions, fresh=step.after is None)
            repository.on_step("recovery-partial")
    files.settle_folders((repository.vault / step.path).parent for step in due)
    kept = tuple(step.path for step in due if step not in ours)
    return Outcome(None, tuple(step.path for step in ours), kept)


def _present(place: Path) -> tuple[bytes | None] | None:
    """The file's bytes, (None,) where nothing is, None where something other than a readable file is."""
    if place.is_symlink() or (place.exists() and not place.is_file()):
        return None
    try:
        return (files.read(place),)
    except AtocoreError:
        return None


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return


def _clean(repository: Repository, record: Journal) -> None:
    """Remove what the step, or a git killed in its middle, left in git's folder and beside the files."""
    PrivateIndex(repository.git_dir, repository.top, repository.prefix, repository.tag).discard()
    files.remove(repository.git_dir / f"{repository.tag}.message")
    for step in record.files:
        files.remove(files.temporary(repository.vault / step.path, record.step))
    since = _started(repository)
    git_dir = repository.git_dir
    for left in (*git_dir.glob("next-index-*.lock"), *git_dir.glob("fast_import_crash_*")):
        if _is_newer(left, since):
            files.remove(left)


def _wait_for_child(repository: Repository) -> None:
    """A git that outlived its atocore may commit yet: what it does decides, so it is waited for."""
    folder = local_folder(repository.vault)
    patience = Patience(repository.lock_wait_seconds)
    while (pid := journal.live_child(folder)) is not None:
        if not patience.pause():
            message = f"git (process {pid}) is still busy with an interrupted step"
            raise AtocoreError("vault-busy", message, "wait for it or end it, then try again")


def _drop_stale_ref_locks(repository: Repository, record: Journal) -> None:
    """A git killed while it moved the branch leaves the branch's lock; it blocks everybody until removed.

    Ours is one that is younger than the step's journal and that nobody lets go of for two seconds.
    """
    since = _started(repository)
    for place in _ref_locks(repository, record.branch):
        patience = Patience(min(2.0, repository.lock_wait_seconds))
        while _is_newer(place, since):
            if not patience.pause():
                files.remove(place)


def _ref_locks(repository: Repository, branch: str) -> Iterable[Path]:
    for name in (branch, "HEAD"):
        found = os.fsdecode(repository.git.run("rev-parse", "--git-path", f"{name}.lock")).removesuffix("\n")
        yield repository.vault / found


def _started(repository: Repository) -> int:
    try:
        return (repository.vault / LOCAL / "journal").stat().st_mtime_ns
    except FileNotFoundError:
        return 1 << 63


def _is_newer(path: Path, since: int) -> bool:
    try:
        return path.stat().st_mtime_ns >= since
    except FileNotFoundError:
        return False
