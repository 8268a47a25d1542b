"""The one place that applies plans: all of a step in one commit, or nothing.

Order of effects, each of which a crash may follow: take the vault's lock, then git's; write the journal;
write the files; commit them through a private copy of the index; put that copy in the index's place;
remove the journal; give the locks back. `recovery` undoes or finishes from the journal.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from atocore.errors import AtocoreError
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.store import files, journal
from atocore.store.commits import HeadMovedError, by_machine, by_person, refusal
from atocore.store.format_guard import refuse_foreign_format
from atocore.store.git import Git, Tail
from atocore.store.index import PrivateIndex
from atocore.store.journal import FileStep, Journal
from atocore.store.lock import IndexLock, Patience, local_folder, vault_lock
from atocore.store.purged import refuse_purged
from atocore.store.recovery import Outcome, landed_commit, recover_held, settle
from atocore.store.targets import examine

if TYPE_CHECKING:
    from atocore.store.repository import Repository

_FEW = 32
_WAYS_OUT = {
    "merge": "git commit, or git merge --abort",
    "rebase": "git rebase --continue, or git rebase --abort",
    "cherry-pick": "git cherry-pick --continue, or git cherry-pick --abort",
    "revert": "git revert --continue, or git revert --abort",
    "bisect": "git bisect reset",
}


def apply(repository: Repository, plan: Plan) -> str | None:
    """Apply a plan; see `Repository.apply`."""
    if not plan.changes:
        return None
    if plan.message is None:
        _write_loose(repository, plan.changes)
        return None
    patience = Patience(repository.lock_wait_seconds)
    with vault_lock(repository.vault, repository.lock_wait_seconds):
        repository.on_step("locked")
        recover_held(repository)
        refuse_foreign_format(repository.vault, plan.changes)
        while True:
            try:
                return _attempt(repository, plan.changes, plan.message)
            except HeadMovedError as error:
                if not patience.pause():
                    raise AtocoreError("git-busy", str(error), "try again in a moment") from error


def _attempt(repository: Repository, changes: Sequence[Change], message: Message) -> str | None:
    """One try at the whole step, under the vault's lock."""
    _check_operation(repository)  # whatever is under way may hold git's lock for long
    _check_identity(repository, message.actor)
    lock = IndexLock(repository.git_dir, repository.tag)
    with lock.held(repository.lock_wait_seconds):
        repository.on_step("index-locked")
        _check_operation(repository)
        branch, head = repository.standing()
        if branch is None:
            hint = "git switch BRANCH, or git switch -c NEW"
            raise AtocoreError("detached-head", "HEAD is detached: no branch is checked out", hint)
        refuse_purged(repository.vault, changes)
        steps = examine(repository, changes, head)
        if not steps:
            return None
        folder = local_folder(repository.vault)
        record = _journal(repository, branch, head, steps, message)
        record.save(folder)
        repository.on_step("journal-written")
        outcome = _carry_out(repository, record, message)
        repository.on_step("journal-removed")
    return outcome


def _check_operation(repository: Repository) -> None:
    operation = repository.in_progress()
    if operation:
        message = f"a {operation} is in progress in this repository"
        raise AtocoreError("git-in-progress", message, f"finish or leave it: {_WAYS_OUT[operation]}")


def _check_identity(repository: Repository, actor: Actor) -> None:
    if actor is Actor.PERSON and repository.identity() is None:
        hint = 'git config --global user.name "Your Name"; git config --global user.email you@example.org'
        raise AtocoreError("no-identity", "git does not know who you are", hint)


def _journal(
    repository: Repository, branch: str, head: str | None, steps: tuple[FileStep, ...], message: Message
) -> Journal:
    lines = message.text().rstrip("\n").rpartition("\n\n")[2].splitlines()
    pairs = (line.partition(": ") for line in lines)
    trailers = tuple((key, value) for key, _, value in pairs if key.startswith("Atocore-"))
    paths = [step.path for step in steps if step.after is not None]
    folders = tuple(files.missing_folders(repository.vault, paths))
    return Journal(os.urandom(6).hex(), branch, head, trailers, folders, steps)


def _carry_out(repository: Repository, record: Journal, message: Message) -> str:
    """Write and commit; whatever goes wrong, the step ends whole or undone before the error is told."""
    try:
        _write_all(repository, record)
        commit = _commit(repository, record, message)
    except BaseException as error:
        outcome = settle(repository, record)
        if outcome.commit and isinstance(error, Exception):
            return outcome.commit  # it did land: what failed came after
        _say_what_stayed(error, outcome)
        raise
    _finish(repository, record, commit)
    return commit


def _say_what_stayed(error: BaseException, outcome: Outcome) -> None:
    if outcome.kept and isinstance(error, AtocoreError):
        kept = f"edited meanwhile and left so: {', '.join(outcome.kept)}"
        error.hint = f"{error.hint}; {kept}" if error.hint else kept


def _write_all(repository: Repository, record: Journal) -> None:
    due = [step for step in record.files if step.is_written]
    gone = [step for step in due if step.after is None]
    for step in gone:
        files.remove(repository.vault / step.path)
        files.prune(repository.vault, step.path)
    _write_new(repository, record, [step for step in due if step.after is not None])
    files.settle_folders((repository.vault / step.path).parent for step in due)
    repository.on_step("worktree-written")


def _write_new(repository: Repository, record: Journal, steps: list[FileStep]) -> None:
    """Flushing to the disk is waiting: many files wait at once."""

    def write(step: FileStep) -> None:
        place = repository.vault / step.path
        assert step.after is not None
        try:
            files.write(place, step.after, mark=record.step, mode=step.permissions, fresh=step.before is None)
        except FileExistsError as error:
            hint = "look at the file, and repeat the step"
            raise AtocoreError("dirty-file", f"uncommitted edits in {step.path}", hint) from error

    if steps:
        write(steps[0])
        repository.on_step("worktree-partial")
    if len(steps) > 1:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, steps[1:]))


def _commit(repository: Repository, record: Journal, message: Message) -> str:
    private = _private(repository)
    private.copy()
    kept = [step for step in record.files if step.new_oid is not None]
    if message.actor is Actor.MACHINE:
        private.add((step.path for step in kept), objects=False)
    else:  # what git knows already `commit` adds; but many are flushed together better than one by one
        private.add(step.path for step in kept if len(kept) > _FEW or step.head_oid is None)
    repository.on_step("blobs-added")
    _run_commit(repository, record, message)
    repository.on_step("committed")
    # A hook may have rewritten message and files beyond recognition: then git's word and the branch decide.
    return landed_commit(repository, record) or repository.resolve(record.branch)


def _private(repository: Repository) -> PrivateIndex:
    return PrivateIndex(repository.git_dir, repository.top, repository.prefix, repository.tag)


def _run_commit(repository: Repository, record: Journal, message: Message) -> None:
    """Run the git that commits. It waits for its input until its number is on record."""
    command = by_person if message.actor is Actor.PERSON else by_machine
    due = command(repository, record, message, _private(repository))
    process = Git(repository.top).person(*due.args, env=due.env, drop=due.drop, quiet=True)
    tail = Tail(process)
    journal.record_child(local_folder(repository.vault), process.pid)
    assert process.stdin
    with suppress(BrokenPipeError):  # git ended early, and says why
        process.stdin.write(due.stdin)
        process.stdin.close()
    repository.on_step("commit-started")
    if code := process.wait():
        raise refusal(code, tail.text(), message.actor)


def _finish(repository: Repository, record: Journal, commit: str) -> None:
    """Put the private index, which git has brought up to date, in the place of the person's."""
    private = _private(repository)
    paths = [step.path for step in record.files]
    amended = private.differing(commit, paths)  # by a hook that changed what was committed
    held = repository.entries(commit, amended) if amended else {}
    private.put({path: held.get(path) for path in amended}, commit)
    repository.on_step("index-prepared")
    private.publish()
    repository.on_step("index-replaced")
    private.discard()
    files.remove(repository.git_dir / f"{repository.tag}.message")
    journal.discard(local_folder(repository.vault))


def _write_loose(repository: Repository, changes: Sequence[Change]) -> None:
    """Write files that are not committed (captures): private, whole, and never over another one's bytes."""
    files.check_paths(repository.vault, [change.path for change in changes])
    refuse_purged(repository.vault, changes)
    for change in changes:
        place = repository.vault / change.path
        there = files.read(place)
        if there == change.new:
            continue
        if there != change.old:
            raise AtocoreError("exists", f"{change.path} is there already, with other content")
        if change.new is None:
            files.remove(place)
            continue
        try:
            files.write(place, change.new, mark=str(os.getpid()), mode=0o600, fresh=there is None)
        except FileExistsError as error:
            raise AtocoreError("exists", f"{change.path} is there already") from error
        files.settle_folders([place.parent])
