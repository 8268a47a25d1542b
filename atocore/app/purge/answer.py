"""What a purge tells, before and after: everything but the secret."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from atocore.app.purge.saved import drafts_with
from atocore.app.purge.search import PurgedSecret, told_of
from atocore.app.purge.work import Work
from atocore.store.rewriting.standing import out_of_reach
from atocore.store.rewriting.swap import Swapped


@dataclass(frozen=True, slots=True)
class PurgedFile:
    """A file of history: its path (one of them, where it has several), the ids of its versions that
    changed, and whether they were `redacted` or `removed`."""

    path: str
    blobs: tuple[str, ...]
    became: str


@dataclass(frozen=True, slots=True)
class PurgeAnswer:
    """What a purge did, or would do. Secrets are never in it: paths have placeholders.

    `commit` is the one that lists what was purged. `commits` of `commits_of` became others, `messages` of
    them and of tags because of what they said, and `unsigned` lost a signature. `refs` are the references
    that moved, `stashes` the entries of the stash that changed. `captures` were redacted; `drafts` hold a
    secret still, and are a person's; `edited` were edited while the purge ran, and stay so. `listed`
    objects were added to the list; `left` says what holds it still, and what to do.
    """

    commit: str | None
    secrets: tuple[PurgedSecret, ...] = ()
    files: tuple[PurgedFile, ...] = ()
    commits: int = 0
    commits_of: int = 0
    messages: int = 0
    refs: tuple[str, ...] = ()
    stashes: int = 0
    unsigned: int = 0
    captures: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    listed: int = 0
    left: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    dry_run: bool = False


def answer_of(
    work: Work, done: Swapped | None = None, commit: str | None = None, notes: Collection[str] = ()
) -> PurgeAnswer:
    """The answer of a purge that lies ready, or of one that is `done`."""
    made, scene, redactor = work.made, work.scene, work.going.redactor

    def shown(path: str) -> str:
        return os.fsdecode(redactor.name(os.fsencode(path)))

    stash = made.stash if made.stash is not None else scene.scope.stash
    every = (*scene.scope.history, *scene.scope.notes)
    return PurgeAnswer(
        commit,
        secrets=told_of(redactor.secrets),
        files=tuple(PurgedFile(shown(path), oids, became) for path, became, oids in _files(work)),
        commits=sum(1 for oid in every if oid in made.now),
        commits_of=len(every),
        messages=len(made.said),
        refs=tuple(sorted(map(shown, made.moves))),
        stashes=sum(1 for old, new in zip(scene.scope.stash, stash, strict=True) if old != new),
        unsigned=len(made.unsigned),
        captures=tuple(shown(one.path) for one in work.captures),
        drafts=tuple(map(shown, drafts_with(work.repository, scene.state, redactor))),
        edited=tuple(map(shown, done.kept)) if done else (),
        listed=len(work.entries),
        left=tuple(_left(work, done, shown)),
        notes=tuple(notes),
    )


def _files(work: Work) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Path, what became of it, and the ids of its versions."""
    versions, made = work.scene.versions, work.made.blobs
    taken = {entry.old: None for entry in work.entries if entry.new is None and entry.old in versions}
    rows: dict[tuple[str, str], list[str]] = {}
    for oid, new in {**taken, **made}.items():
        rows.setdefault((versions.get(oid, ""), "redacted" if new else "removed"), []).append(oid)
    yield from ((path, became, tuple(sorted(oids))) for (path, became), oids in sorted(rows.items()))


def _left(work: Work, done: Swapped | None, shown: Callable[[str], str]) -> Iterator[str]:
    redactor = work.going.redactor
    for ref in work.scene.scope.refs:
        if redactor.holds(os.fsencode(ref.name)):
            yield f"a reference has it in its name: rename it by hand: {shown(ref.name)}"
    for oid in sorted(work.elsewhere):
        path = shown(work.scene.versions.get(oid, ""))
        yield f"the same content stands elsewhere too, and stays: {oid[:10]} {path}".rstrip()
    yield from out_of_reach(work.place)
    if done is None:
        return
    for name in done.moved:
        yield f"{shown(name)} moved meanwhile, and may hold it again: atocore purge --again"
    if done.left:
        yield f"{len(done.left)} purged objects are stored still: git gc --prune=now, then atocore audit"
    held = sum(1 for _, _, raw in work.place.everything() if redactor.holds(raw)) if redactor.secrets else 0
    if held:
        outside = "outside the vault's folder (--whole-repository)" if work.scene.prefix else "kept by git"
        yield f"{held} stored objects hold it still: {outside}"
