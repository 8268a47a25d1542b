"""The one place that applies plans: all of a step in one commit, or nothing.

Order of effects, each of which a crash may follow: take the vault's lock, then git's; write the journal;
write the files; commit them through a private copy of the index; put that copy in the index's place;
remove the journal; give the locks back. `recovery` undoes or finishes from the journal.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from atocore.errors import AtocoreError
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.store import files, journal
from atocore.store.git import Git, Tail
from atocore.store.index import DURABLE, PrivateIndex
from atocore.store.journal import FileStep, Journal
from atocore.store.lock import IndexLock, Patience, local_folder, vault_lock
from atocore.store.recovery import Outcome, landed_commit, recover_held, settle
from atocore.store.targets import examine

if TYPE_CHECKING:
    from atocore.store.repository import Repository

MACHINE = {
    "GIT_AUTHOR_NAME": "atocore",
    "GIT_AUTHOR_EMAIL": "atocore@localhost",
    "GIT_COMMITTER_NAME": "atocore",
    "GIT_COMMITTER_EMAIL": "atocore@localhost",
}
# A person's configuration is theirs; these settings only keep it from changing what a step says or waits for.
_SETTINGS = (
    "user.useConfigOnly=true",
    "core.editor=true",
    "i18n.commitEncoding=UTF-8",
    "gc.auto=0",
    "maintenance.auto=false",
)
_FEW = 32
_WAYS_OUT = {
    "merge": "git commit, or git merge --abort",
    "rebase": "git rebase --continue, or git rebase --abort",
    "cherry-pick": "git cherry-pick --continue, or git cherry-pick --abort",
    "revert": "git revert --continue, or git revert --abort",
    "bisect": "git bisect reset",
}


class _HeadMovedError(Exception):
    """Another process moved the branch between our look at it and our commit."""


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
        while True:
            try:
                return _attempt(repository, plan.changes, plan.message)
            except _HeadMovedError as error:
                if not patience.pause():
                    raise AtocoreError("git-busy", str(error), "try again in a moment") from error


def _attempt(repository: Repository, changes: Sequence[Change], message: Message) -> str | None:
    """One try at the whole step, under the vault's lock."""
    branch = _check_situation(repository, message.actor)
    lock = IndexLock(repository.git_dir, repository.tag)
    with lock.held(repository.lock_wait_seconds):
        repository.on_step("index-locked")
        head = repository.head()
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


def _check_situation(repository: Repository, actor: Actor) -> str:
    """The branch to commit on; raises where git's state allows no commit of AtoCore's."""
    operation = repository.in_progress()
    if operation:
        message = f"a {operation} is in progress in this repository"
        raise AtocoreError("git-in-progress", message, f"finish or leave it: {_WAYS_OUT[operation]}")
    branch = repository.branch_ref()
    if branch is None:
        raise AtocoreError(
            "detached-head",
            "HEAD is detached: no branch is checked out",
            "git switch BRANCH, or git switch -c NEW",
        )
    if actor is Actor.PERSON and repository.identity() is None:
        hint = 'git config --global user.name "Your Name"; git config --global user.email you@example.org'
        raise AtocoreError("no-identity", "git does not know who you are", hint)
    return branch


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
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, steps[1:]))


def _commit(repository: Repository, record: Journal, message: Message) -> str:
    private = _private(repository)
    private.copy()
    kept = [step for step in record.files if step.new_oid is not None]
    if len(kept) <= _FEW:  # only what git does not know yet; many are flushed together better than one by one
        kept = [step for step in kept if step.head_oid is None]
    private.add(step.path for step in kept)
    repository.on_step("blobs-added")
    _run_commit(repository, record, message)
    repository.on_step("committed")
    commit = landed_commit(repository, record)
    if commit is None:
        raise AtocoreError("git-failed", "git said it committed, and no commit of the step is on the branch")
    return commit


def _private(repository: Repository) -> PrivateIndex:
    return PrivateIndex(repository.git_dir, repository.top, repository.prefix, repository.tag)


def _run_commit(repository: Repository, record: Journal, message: Message) -> None:
    """`git commit --only` of the step's paths, with the private index in the place of the person's."""
    folder = local_folder(repository.vault)
    text = repository.git_dir / f"{repository.tag}.message"
    text.write_bytes(message.text().encode("utf-8", "surrogateescape"))
    args, env, drop = _command(repository, message.actor)
    process = Git(repository.top).person(*args, f"--file={text}", env=env, drop=drop, quiet=True)
    tail = Tail(process)
    journal.record_child(folder, process.pid)
    names = b"".join(os.fsencode(f":(top,literal){repository.prefix}{s.path}") + b"\0" for s in record.files)
    assert process.stdin
    with suppress(BrokenPipeError):  # git ended early, and says why
        process.stdin.write(names)
        process.stdin.close()
    repository.on_step("commit-started")
    if code := process.wait():
        raise _refusal(code, tail.text(), message.actor)


def _command(repository: Repository, actor: Actor) -> tuple[list[str], Mapping[str, str], Sequence[str]]:
    """The arguments and environment of the commit, and which variables must not reach it."""
    private = _private(repository)
    env = {**private.env, "ATOCORE_COMMIT": "1", "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
    settings = [*DURABLE, *(part for setting in _SETTINGS for part in ("-c", setting))]
    only = ["--only", "--quiet", "--cleanup=verbatim", "--pathspec-from-file=-", "--pathspec-file-nul"]
    if actor is Actor.PERSON:
        return [*settings, "commit", *only], env, ()
    quiet = ["-c", "core.hooksPath=/dev/null", "commit", "--no-verify", "--no-gpg-sign"]
    return [*settings, *quiet, *only], env | MACHINE, ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE")


def _refusal(code: int, said: str, actor: Actor) -> Exception:
    """What a failed commit means: git ends with 1 after a hook's refusal, with 128 after its own errors."""
    if "cannot lock ref" in said or ".lock': File exists" in said:
        return _HeadMovedError(said)
    if "empty ident" in said or "ident name" in said or "auto-detection is disabled" in said:
        return AtocoreError("no-identity", said)
    if "failed to sign" in said or "failed to write commit object" in said:
        return AtocoreError(
            "git-failed", f"the commit could not be signed: {said}", "see: git config commit.gpgSign"
        )
    if (code == 1 and actor is Actor.PERSON) or "aborted by hook" in said:
        hint = "mend what it complains about, or look at the repository's hooks"
        return AtocoreError("hook-failed", f"a hook of the repository refused the commit: {said}", hint)
    return AtocoreError("git-failed", f"git commit: {said or f'exit code {code}'}")


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
