"""Whether a repository stands so that its history can be rewritten, and what a rewrite would not reach."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.store.lock import daemon_holds
from atocore.store.repository import Repository
from atocore.store.rewriting.place import Place, settings_of

_OTHERS_HEADS = ("ORIG_HEAD", "FETCH_HEAD", "AUTO_MERGE", "REBASE_HEAD")
_TEXTS = ("COMMIT_EDITMSG", "MERGE_MSG", "SQUASH_MSG", "TAG_EDITMSG", "NOTES_EDITMSG", "MERGE_RR")


def refuse_unfit(repository: Repository, place: Place) -> None:
    """Raise `AtocoreError` where history cannot be rewritten as the repository stands, with the way out."""
    if daemon_holds(repository.vault):
        told = "a daemon keeps this vault's index, and would go on with what is purged"
        raise AtocoreError("vault-busy", told, "stop it first: atocore daemon --stop")
    operation = repository.in_progress()
    if operation:
        told = f"a {operation} is in progress in this repository"
        raise AtocoreError("git-in-progress", told, f"finish or leave it: git {operation} --abort")
    if repository.branch_ref() is None:
        told = "HEAD is detached: no branch is checked out"
        raise AtocoreError("detached-head", told, "git switch BRANCH, or git switch -c NEW")
    if repository.head() is None:
        raise AtocoreError("not-found", "there is no history yet: nothing is committed", "")
    if any(line.startswith(b"u") for line in _status(repository)):
        raise AtocoreError("git-in-progress", "files are unmerged", "resolve them, and commit")
    for told, hint in _unfit(repository, place):
        raise AtocoreError("cannot-purge", told, hint)


def _status(repository: Repository) -> list[bytes]:
    out = repository.git.run("--no-optional-locks", "status", "--porcelain=v2", "-z", "--untracked-files=no")
    return out.split(b"\0")


def _unfit(repository: Repository, place: Place) -> Iterator[tuple[str, str]]:
    if repository.shallow:
        yield (
            "this clone is shallow: what was before is not known here, and would come back",
            "purge in a full clone, or: git fetch --unshallow",
        )
    settings = settings_of(place, ["extensions.partialClone"])
    if settings:
        yield "this is a partial clone: git fetches what it lacks from elsewhere", "purge in a full clone"
    replaced = place.run("for-each-ref", "--format=%(refname)", "refs/replace").split()
    if replaced or (place.common() / "info" / "grafts").exists():
        yield "git shows other objects than it holds here (replacements or grafts)", "git replace -d OBJECT"
    trees = os.fsdecode(place.run("worktree", "list", "--porcelain", "-z")).split("\0")
    others = [line.removeprefix("worktree ") for line in trees if line.startswith("worktree ")][1:]
    if others:
        told = f"other work trees hang on this repository: {', '.join(others[:3])}"
        yield told, f"commit what is in them, then: git worktree remove {others[0]}"
    if repository.git_dir.resolve() != place.common().resolve():
        yield "this is a linked work tree", "purge in the repository's main work tree"


def out_of_reach(place: Place) -> list[str]:
    """What keeps objects that this repository does not throw away, as sentences."""
    told = []
    objects = place.common() / "objects"
    try:
        lent = [line for line in (objects / "info" / "alternates").read_text().splitlines() if line.strip()]
    except OSError:
        lent = []
    told += [f"this repository borrows objects from {path}: purge there too" for path in lent]
    kept = sorted(objects.glob("pack/*.keep"))
    if kept:
        told.append(f"a pack is marked to be kept: remove {kept[0]}, then: git gc --prune=now")
    if (place.common() / "lfs" / "objects").is_dir():
        told.append("files of git LFS lie outside git's history: look at them yourself")
    if place.run("ls-files", "-s", "-z").find(b"160000 ") >= 0:
        told.append("a submodule is a repository of its own: purge there too")
    if any((place.common() / "rr-cache").glob("*/*")):
        told.append("git remembers how conflicts were resolved, with their texts: rm -r .git/rr-cache")
    return told


def forget_heads(git_dir: Path) -> None:
    """Remove what git noted of former heads, and its drafts of messages."""
    for name in (*_OTHERS_HEADS, *_TEXTS):
        (git_dir / name).unlink(missing_ok=True)
