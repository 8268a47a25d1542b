"""From the old history to the new one, in a repository that people work in: all of it, or nothing.

A journal is written when everything new lies ready. From then on the purge *happens*: whatever is cut
short is carried on from the journal, which can be repeated from its beginning. It names no secret: only
ids, paths, and contents without them.

Order of effects: journal; references, in one transaction; files and captures; index; logs; stash; git's
garbage; the journal's end. Who calls this holds the vault's lock and git's `index.lock`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.store import files
from atocore.store.git import Git
from atocore.store.index import PrivateIndex
from atocore.store.repository import Repository
from atocore.store.rewriting import standing
from atocore.store.rewriting.place import Place
from atocore.store.rewriting.references import Stashed, forget_logs, move, put_stash, sweep
from atocore.store.rewriting.rewrite import WORKSHOP
from atocore.store.trees import SYMLINK, TreeEntry

JOURNAL = "journal.json"
_MOVED = "atocore purge"


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file of the work tree (by its path from the repository's top) that becomes another: `before` is the
    SHA-256 of what stands there ("" for nothing), `after` what shall stand there (None: nothing)."""

    path: str
    before: str
    after: bytes | None
    mode: str = "100644"


@dataclass(frozen=True, slots=True)
class Swap:
    """All that the change from the old history to the new one needs. `index` maps paths from the repository's
    top to (mode, id), or None; `gone` are the objects that must not be there afterwards; `vault` is the
    prefix of the vault that asked."""

    vault: str
    moves: dict[str, tuple[str, str]]
    stash: tuple[Stashed, ...]
    index: dict[str, tuple[str, str] | None]
    saved: tuple[SavedFile, ...]
    gone: tuple[str, ...]

    def save(self, folder: Path) -> None:
        """Write the journal, durably."""
        plain = {**asdict(self), "stash": [list(one) for one in self.stash]}
        text = json.dumps(plain, default=lambda raw: b64encode(raw).decode())
        files.write(folder / JOURNAL, text.encode(), mark=str(os.getpid()), mode=0o600)
        files.settle_folders([folder])


def journal_place(common_dir: Path) -> Path:
    """Where the journal of a purge stands while it happens."""
    return common_dir / WORKSHOP / JOURNAL


def load(common_dir: Path) -> Swap | None:
    """The purge that was cut short, if one was. Raises `damaged`."""
    place = journal_place(common_dir)
    raw = files.read(place)
    if raw is None:
        return None
    try:
        found = json.loads(raw)
        return Swap(
            vault=found["vault"],
            moves={name: (old, new) for name, (old, new) in found["moves"].items()},
            stash=tuple(Stashed(*entry) for entry in found["stash"]),
            index={path: (entry[0], entry[1]) if entry else None for path, entry in found["index"].items()},
            saved=tuple(SavedFile(**row | {"after": _bytes(row["after"])}) for row in found["saved"]),
            gone=tuple(found["gone"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        hint = "look at git log, then remove it, and purge again"
        raise AtocoreError("damaged", f"{place} cannot be read", hint) from error


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)


def digest(raw: bytes | None) -> str:
    """What tells one saved content from another; "" for none."""
    return hashlib.sha256(raw).hexdigest() if raw is not None else ""


@dataclass(frozen=True, slots=True)
class Swapped:
    """How it ended: files that were edited meanwhile and so stay, references that somebody moved, and objects
    that are still there."""

    kept: tuple[str, ...]
    moved: tuple[str, ...]
    left: tuple[str, ...]


def begin(repository: Repository, place: Place, swap: Swap) -> Swapped:
    """Carry out a change that lies ready. Where the references cannot be moved, nothing has happened."""
    folder = place.common() / WORKSHOP
    swap.save(folder)
    repository.on_step("journal-written")
    try:
        move(place, swap.moves, _MOVED)
    except AtocoreError as error:
        (folder / JOURNAL).unlink()
        hint = "let other git commands end, and repeat the purge"
        raise AtocoreError("git-busy", f"a reference has moved meanwhile: {error.message}", hint) from error
    repository.on_step("references-moved")
    return carry_on(repository, place, swap)


def carry_on(repository: Repository, place: Place, swap: Swap) -> Swapped:
    """Carry out, from wherever it was cut short, a change whose journal is written."""
    moved = _move_rest(place, swap)
    kept = _write_files(repository, swap.saved)
    repository.on_step("files-written")
    _put_index(repository, swap)
    repository.on_step("index-replaced")
    forget_logs(place)
    repository.on_step("logs-emptied")
    put_stash(place, swap.stash) if swap.stash else None
    repository.on_step("stash-made")
    standing.forget_heads(repository.git_dir)
    shutil.rmtree(place.common() / WORKSHOP / "scratch.git", ignore_errors=True)
    sweep(place)
    repository.on_step("garbage-thrown-away")
    left = tuple(sorted(place.types(swap.gone)))
    journal_place(place.common()).unlink(missing_ok=True)
    files.settle_folders([place.common() / WORKSHOP])
    repository.on_step("journal-removed")
    shutil.rmtree(place.common() / WORKSHOP, ignore_errors=True)
    return Swapped(tuple(kept), tuple(moved), left)


def _move_rest(place: Place, swap: Swap) -> list[str]:
    """Move the references that are where they were; those that somebody moved since stay, and are told."""
    _drop_stale_locks(place, swap)
    out = os.fsdecode(place.run("for-each-ref", "--format=%(objectname) %(refname)"))
    now = {name: oid for oid, _, name in (line.partition(" ") for line in out.split("\n") if line)}
    due = {name: (old, new) for name, (old, new) in swap.moves.items() if now.get(name) == old}
    move(place, due, _MOVED)
    return sorted(name for name, (old, new) in swap.moves.items() if now.get(name) not in (old, new))


def _drop_stale_locks(place: Place, swap: Swap) -> None:
    """A git that was killed while it moved references leaves their locks. Ours are younger than the journal,
    and nobody but a purge works here: git's index is locked."""
    since = journal_place(place.common()).stat().st_mtime_ns
    for name in (*swap.moves, "refs/stash", "HEAD", "packed-refs"):
        lock = place.common() / f"{name}.lock"
        try:
            if lock.stat().st_mtime_ns >= since:
                lock.unlink()
        except OSError:
            continue


def _put_index(repository: Repository, swap: Swap) -> None:
    """Bring the index up to the new history; everything else in it stays, its flags too."""
    private = PrivateIndex(repository.git_dir, repository.top, "", repository.tag)
    private.copy()
    if not private.path.exists():
        return
    git, flags = private.git, _skipped(private, swap)
    absent = {path: entry for path, entry in swap.index.items() if entry is None}
    present = {path: TreeEntry(*entry) for path, entry in swap.index.items() if entry is not None}
    like = next(iter(present.values())).oid if present else "0" * 40
    private.put(dict.fromkeys(absent), like)
    private.put(present, like)
    if flags:
        names = b"".join(os.fsencode(path) + b"\0" for path in flags)
        git.run("update-index", "--skip-worktree", "-z", "--stdin", stdin=names, env=private.env)
    git.run("update-index", "--clear-resolve-undo", env=private.env)
    private.publish()
    private.discard()


def _skipped(private: PrivateIndex, swap: Swap) -> list[str]:
    """Those of the paths that a sparse checkout leaves out of the work tree."""
    out = private.git.run("ls-files", "-v", "-z", "--full-name", env=private.env)
    return [
        path
        for line in out.split(b"\0")
        if line[:1] in (b"S", b"s") and swap.index.get(path := os.fsdecode(line[2:])) is not None
    ]


def _write_files(repository: Repository, saved: Sequence[SavedFile]) -> list[str]:
    """Write the files that are still as they were; those edited since stay, and are told."""
    kept = []
    for one in saved:
        place = repository.top / one.path
        now = present(place)
        cut_short = one.mode == SYMLINK and now is None
        if digest(now) not in (one.before, digest(one.after)) and not cut_short:
            kept.append(one.path)
        elif one.after is None:
            files.remove(place)
            files.prune(repository.top, one.path)
        elif now != one.after:
            _write_one(place, one)
    return kept


def present(place: Path) -> bytes | None:
    """What stands at a place: a file's bytes, where a link leads; None for anything else."""
    if place.is_symlink():
        return os.fsencode(place.readlink())
    return files.read(place) if place.is_file() else None


def _write_one(place: Path, one: SavedFile) -> None:
    assert one.after is not None
    if one.mode == SYMLINK:
        place.unlink(missing_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(os.fsdecode(one.after))
        return
    mode = files.mode_of(place)
    fresh = 0o755 if one.mode == "100755" else None
    files.write(place, one.after, mark="purge", mode=mode if mode is not None else fresh)


def checked_out(repository: Repository, path: str, oid: str) -> bytes:
    """A blob as git would write it to a path of the work tree, with line ends and filters as attributes
    say."""
    return Git(repository.top, repository.top).run("cat-file", "--filters", f"--path={path}", oid)
