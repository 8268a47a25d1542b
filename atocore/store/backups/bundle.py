"""All references of a repository, taken at one moment, as one git bundle.

It is made through a scratch repository that borrows the vault's objects and has its references as they were
at that moment: what is committed meanwhile changes nothing, and nothing is written to the vault's own.
"""

from __future__ import annotations

import errno
import os
import re
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
_FULL: Final = (
    (errno.ENOSPC, r"No space left|Out of diskspace"),
    (errno.EDQUOT, r"quota exceeded"),
    (errno.EFBIG, r"File too large"),
)
"""What git says where a place takes no more."""
_STASH: Final = "refs/stash"
_BROKEN: Final = "ignoring broken ref "
AS_THEY_ARE: Final = {"GIT_NO_REPLACE_OBJECTS": "1"}
"""Objects are taken as they are, and references that replace some are taken as references."""


class References(NamedTuple):
    """The references of one moment: the full name of the branch that is checked out ("" on a detached HEAD),
    the commit that is, all others by full name (stashes under `STASHES`), those that stand for another, and
    what is broken and was left out."""

    branch: str
    commit: str
    names: Mapping[str, str]
    symrefs: Mapping[str, str] = {}
    left_out: tuple[str, ...] = ()

    def without_stashes(self) -> References:
        """All but the stash, whose entries are drafts of this machine."""
        stashed = {name for name in self.names if name == _STASH or name.startswith(STASHES)}
        told = {name: oid for name, oid in self.names.items() if name not in stashed}
        return self._replace(names=told)


def references(repository: Repository) -> References:
    """What the repository's references are now. Raises `git-failed`, and `backup-incomplete` where there is
    no commit to back up, or a shallow clone lacks the history."""
    if repository.shallow:
        told = "a shallow clone does not have the vault's history: no backup of it can be made here"
        raise AtocoreError("backup-incomplete", told, "git fetch --unshallow, or back up a full clone")
    branch, commit = repository.standing()
    if commit is None:
        told = f"the branch {(branch or '').removeprefix('refs/heads/')} has no commit yet"
        raise AtocoreError("backup-incomplete", told, "commit something first: git add -A && git commit")
    names, symrefs, left_out = _read(repository.git)
    stashed = repository.git.ask("log", "-g", "--format=%H", "refs/stash") if "refs/stash" in names else None
    entries = stashed.out.decode().split() if stashed and stashed.code == 0 else []
    names |= {f"{STASHES}{number}": oid for number, oid in enumerate(entries)}
    missing = _missing(repository.git, {*names.values()})
    left_out += [f"{name}: its object is missing" for name, oid in names.items() if oid in missing]
    whole = {name: oid for name, oid in names.items() if oid not in missing}
    return References(branch or "", commit, whole, symrefs, tuple(left_out))


def _read(git: Git) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """References with their objects, those that stand for others, and the broken ones."""
    answer = git.ask("for-each-ref", "--format=%(objectname) %(refname)%00%(symref)")
    if answer.code:
        raise AtocoreError("git-failed", f"git for-each-ref: {answer.err.strip()}", "git fsck")
    names, symrefs = {}, {}
    for line in os.fsdecode(answer.out).splitlines():
        told, _, symref = line.partition("\0")
        oid, _, name = told.partition(" ")
        if symref:
            symrefs[name] = symref
        else:
            names[name] = oid
    broken = [line.partition(_BROKEN)[2] for line in answer.err.splitlines() if _BROKEN in line]
    return names, symrefs, [f"{name}: a broken reference" for name in broken]


def _missing(git: Git, oids: set[str]) -> set[str]:
    """Those that the repository does not have."""
    asked = "".join(f"{oid}\n" for oid in sorted(oids)).encode()
    told = git.run("cat-file", "--batch-check", "--buffer", stdin=asked).decode()
    return {line.split(" ")[0] for line in told.splitlines() if line.endswith(" missing")}


def make_bundle(repository: Repository, taken: References, target: Path, scratch: Path) -> None:
    """Write a bundle of the references to a file that is not there yet. `scratch` is a folder that is made
    for the time of it. Raises `backup-incomplete` where objects are missing or the target takes no more."""
    with borrowing(repository, taken, scratch) as git:
        answer = git.ask("bundle", "create", "--quiet", str(target), "--all", env=AS_THEY_ARE)
    if answer.code:
        raise failed(repository, answer.err, target.parent.parent)


def failed(repository: Repository, said: str, place: Path) -> AtocoreError:
    """The refusal where git could not put together what a backup needs, or write it in a place."""
    lines = [line.removeprefix("fatal: ").removeprefix("error: ") for line in said.strip().splitlines()]
    for number, pattern in _FULL:
        if any(re.search(pattern, line) for line in lines):
            told = f"no backup was made: {place}: {os.strerror(number)}"
            return AtocoreError(
                "backup-incomplete", told, "free space there, or name another place with --to"
            )
    told = "; ".join(lines) or "git ended without a word"
    if repository.git.ask("config", "--get-regexp", r"^remote\..*\.promisor$").out:
        hint = "a partial clone may lack objects: git fetch --refetch --no-filter, or back up a full clone"
        return AtocoreError("backup-incomplete", told, hint)
    return AtocoreError("backup-incomplete", told, "see what git fsck tells; older backups are as they were")


@contextmanager
def borrowing(repository: Repository, taken: References, place: Path) -> Iterator[Git]:
    """A scratch repository with no objects of its own, all those of another, and the references taken; gone
    afterwards."""
    shutil.rmtree(place, ignore_errors=True)
    try:
        git = empty_repository(place, object_format(repository.git))
        lines = b"".join(_quoted(path) + b"\n" for path in _object_folders(repository))
        (place / "objects/info/alternates").write_bytes(lines)
        wanted = "".join(f"create {name} {oid}\n" for name, oid in taken.names.items())
        git.run("update-ref", "--stdin", stdin=os.fsencode(wanted), env=AS_THEY_ARE)
        if taken.branch:
            git.run("symbolic-ref", "HEAD", taken.branch)
        else:
            git.run("update-ref", "--no-deref", "HEAD", taken.commit)
        yield git
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _object_folders(repository: Repository) -> list[bytes]:
    """Where a repository has its objects: git follows no relative path in what an alternate borrows from."""
    own = repository.common_dir / "objects"
    found = [os.fsencode(own)]
    if (own / "info/alternates").exists():
        counted = repository.git.run("count-objects", "-v").splitlines()
        found += [line.removeprefix(b"alternate: ") for line in counted if line.startswith(b"alternate: ")]
    return found


def _quoted(path: bytes) -> bytes:
    """A path as a line of `alternates`."""
    if b"\n" not in path:
        return path
    return b'"' + path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'


def empty_repository(place: Path, hashes: str) -> Git:
    """A new bare repository at a place, without templates or hooks, with objects named by `hashes`."""
    place.mkdir(parents=True)
    git = Git.bare(place)
    options = ("--quiet", "--bare", "--template=", f"--object-format={hashes}", "--initial-branch=main")
    git.run("init", *options)
    return git


def object_format(git: Git) -> str:
    """How a repository names its objects: `sha1` or `sha256`."""
    return git.run("rev-parse", "--show-object-format").decode().strip()
