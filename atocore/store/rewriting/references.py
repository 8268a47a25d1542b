"""What a repository's history hangs on: references, the stash's entries, and other logs of references."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from atocore.store.git import failure
from atocore.store.rewriting.place import Place

STASH = "refs/stash"
NOTES = "refs/notes/"


class Reference(NamedTuple):
    """A reference that is no other's name: what it points to, and of which type that is."""

    name: str
    oid: str
    kind: str


class Stashed(NamedTuple):
    """One entry of the stash: its commit, and what it is called."""

    oid: str
    told: str


def references(place: Place) -> list[Reference]:
    """All references but those that stand for another one."""
    out = place.run("for-each-ref", "--format=%(refname)%00%(objectname)%00%(objecttype)%00%(symref)")
    rows = (line.split("\0") for line in os.fsdecode(out).split("\n") if line)
    return [Reference(name, oid, kind) for name, oid, kind, symbolic in rows if not symbolic]


def stashed(place: Place) -> list[Stashed]:
    """The stash's entries, newest first."""
    answer = place.ask("reflog", "show", "--format=%H%x00%gs", STASH, "--")
    if answer.code:
        return []
    rows = (line.partition("\0") for line in os.fsdecode(answer.out).split("\n") if line)
    return [Stashed(oid, told) for oid, _, told in rows]


def logged(place: Place) -> list[str]:
    """The commits that only logs of references still hold."""
    out = place.run("rev-list", "--ignore-missing", "--reflog", "--not", "--all")
    return out.decode().split()


def move(place: Place, moves: Mapping[str, tuple[str, str]], told: str) -> None:
    """Move references from old to new ids in one transaction, or none: raises `git-failed` where one of them
    is not where it was."""
    lines = "".join(f"update {name}\0{new}\0{old}\0" for name, (old, new) in moves.items())
    if lines:
        args = ("update-ref", "--no-deref", "--stdin", "-z", "-m", told)
        answer = place.ask("-c", "core.hooksPath=/dev/null", *args, stdin=os.fsencode(lines))
        if answer.code:
            raise failure(("update-ref",), answer)


def put_stash(place: Place, entries: Iterable[Stashed]) -> None:
    """Make the stash anew of these entries (newest first)."""
    hookless = ("-c", "core.hooksPath=/dev/null", "update-ref")
    place.run(*hookless, "-d", STASH)
    for entry in reversed(list(entries)):
        place.run(*hookless, "--create-reflog", "-m", entry.told, STASH, entry.oid)


def forget_logs(place: Place) -> None:
    """Empty the logs of all references: they hold what was."""
    place.run("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")


def sweep(place: Place) -> None:
    """Have git throw away what nothing points to any more, at once."""
    place.run("-c", "gc.pruneExpire=now", "-c", "gc.cruftPacks=false", "gc", "--quiet", "--prune=now")
