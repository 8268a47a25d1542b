"""All references of a repository, taken at one moment, as one git bundle.

It is made through a scratch repository that borrows the vault's objects and has its references as they were
at that moment: what is committed meanwhile changes nothing, and nothing is written to the vault's own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from atocore.errors import AtocoreError
from atocore.store.git import Git
from atocore.store.repository import Repository

STASHES: Final = "refs/atocore/stash/"
"""Where the entries of the stash are kept in a bundle: git's own list of them is no reference."""


class References(NamedTuple):
    """The references of one moment: the full name of the branch that is checked out ("" on a detached HEAD),
    the commit that is, and all others by full name, stashes under `STASHES`."""

    branch: str
    commit: str
    names: Mapping[str, str]


def references(repository: Repository) -> References:
    """What the repository's references are now. Raises `git-failed`, and `backup-incomplete` where there is
    no commit to back up, or a shallow clone lacks the history."""
    if repository.shallow:
        told = "a shallow clone does not have the vault's history: no backup of it can be made here"
        raise AtocoreError("backup-incomplete", told, "git fetch --unshallow, or back up a full clone")
    branch, commit = repository.standing()
    if commit is None:
        raise AtocoreError("backup-incomplete", "the vault has no commit yet", "commit something first")
    out = repository.git.run("for-each-ref", "--format=%(objectname) %(refname)%00%(symref)")
    names = {}
    for line in os.fsdecode(out).splitlines():
        told_ref, _, symref = line.partition("\0")
        oid, _, name = told_ref.partition(" ")
        if not symref:
            names[name] = oid
    stashed = repository.git.ask("log", "-g", "--format=%H", "refs/stash")
    entries = stashed.out.decode().split() if "refs/stash" in names and stashed.code == 0 else []
    names |= {f"{STASHES}{number}": oid for number, oid in enumerate(entries)}
    return References(branch or "", commit, names)


def make_bundle(repository: Repository, taken: References, target: Path) -> None:
    """Write a bundle of the references to a file that is not there yet. Raises `git-failed`."""
    with _borrowing(repository, target.with_suffix(".git")) as git:
        wanted = "".join(f"create {name} {oid}\n" for name, oid in taken.names.items())
        git.run("update-ref", "--stdin", stdin=os.fsencode(wanted))
        if taken.branch:
            git.run("symbolic-ref", "HEAD", taken.branch)
        else:
            git.run("update-ref", "--no-deref", "HEAD", taken.commit)
        git.run("bundle", "create", "--quiet", str(target), "--all")


@contextmanager
def _borrowing(repository: Repository, place: Path) -> Iterator[Git]:
    """A scratch repository with no objects of its own and all those of another; gone afterwards."""
    try:
        git = empty_repository(place, object_format(repository.git))
        (place / "objects/info/alternates").write_bytes(
            os.fsencode(repository.common_dir / "objects") + b"\n"
        )
        yield git
    finally:
        shutil.rmtree(place, ignore_errors=True)


def empty_repository(place: Path, hashes: str) -> Git:
    """A new bare repository at a place, without templates or hooks, with objects named by `hashes`."""
    place.mkdir(parents=True)
    git = Git(place)
    options = ("--quiet", "--bare", "--template=", f"--object-format={hashes}", "--initial-branch=main")
    git.run("init", *options, ".")
    return git


def object_format(git: Git) -> str:
    """How a repository names its objects: `sha1` or `sha256`."""
    return git.run("rev-parse", "--show-object-format").decode().strip()
