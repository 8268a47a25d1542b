"""A branch of derived files beside the one that is checked out: committed to without work tree and index."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from atocore.errors import AtocoreError
from atocore.records.plan import Plan
from atocore.store.commits import MACHINE, HeadMovedError, quoted, refusal
from atocore.store.format_guard import refuse_foreign_format
from atocore.store.git import Git
from atocore.store.index import DURABLE
from atocore.store.lock import vault_lock

if TYPE_CHECKING:
    from atocore.store.repository import Repository


def branch_tip(repository: Repository, branch: str) -> str | None:
    """The commit that a branch stands at: ours, or the one of `origin` where that is ahead, or ours is
    missing."""
    names = (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}")
    ours, theirs = (repository.found(name) for name in names)
    if ours is None or theirs is None:
        return ours or theirs
    return theirs if repository.merge_bases(ours, theirs) == [ours] else ours


def commit_on(repository: Repository, branch: str, tip: str | None, plan: Plan) -> str | None:
    """Commit a plan's files on a branch of their own, as a machine's commit after `tip`; None where there is
    nothing to commit. The work tree and the index stay as they are.

    Raises `git-busy` where the branch is checked out somewhere or has moved."""
    if not plan.changes or plan.message is None:
        return None
    ref = f"refs/heads/{branch}"
    with vault_lock(repository.vault, repository.lock_wait_seconds):
        refuse_foreign_format(repository.vault)
        trees = repository.git.run("worktree", "list", "--porcelain").decode("utf-8", "replace").split("\n")
        if f"branch {ref}" in trees:
            told = f"the branch {branch} is checked out, and committing to it would leave its files behind"
            raise AtocoreError("git-busy", told, "check another branch out there")
        options = ("--quiet", "--done", "--date-format=now")
        hookless = ("-c", "core.hooksPath=/dev/null")
        answer = Git(repository.top, repository.top).ask(
            *(*DURABLE, *hookless, "fast-import", *options),
            stdin=b"".join(_stream(repository, ref, tip, plan)),
        )
    if answer.code:
        error = refusal(answer.code, answer.err.strip(), plan.message.actor)
        if isinstance(error, HeadMovedError):
            raise AtocoreError("git-busy", f"the branch {branch} has moved: {error}", "try again")
        raise error
    return repository.tip(ref)


def _stream(repository: Repository, ref: str, tip: str | None, plan: Plan) -> Iterator[bytes]:
    assert plan.message is not None
    who, said = f"{MACHINE} now\n", plan.message.text().encode("utf-8", "surrogateescape")
    yield f"commit {ref}\nauthor {who}committer {who}".encode()
    yield b"data %d\n%s\n" % (len(said), said)
    yield f"from {tip}\n".encode() if tip else b""
    for change in plan.changes:
        path = quoted(os.fsencode(repository.prefix + change.path))
        if change.new is None:
            yield b"D %s\n" % path
        else:
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (path, len(change.new), change.new)
    yield b"done\n"
