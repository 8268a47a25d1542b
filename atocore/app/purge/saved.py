"""What a purge changes beside history: the index, files of the work tree, captures; and drafts, which it
tells."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from atocore.knowledge.redaction import Redactor
from atocore.store.git import Git
from atocore.store.repository import Repository
from atocore.store.rewriting.swap import SavedFile, checked_out, digest, present
from atocore.store.rewriting.trees import TreeRules
from atocore.store.trees import FILES, SYMLINK, blob_id
from atocore.store.worktree import files_below

IndexEntries = Mapping[str, tuple[str, str]]
"""Path from the repository's top -> (mode, id)."""


@dataclass(frozen=True, slots=True)
class SavedState:
    """What stands in index and work tree, by paths from the repository's top: the index's entries, the files
    that are not as their entry says (`edited`), and those of the vault that git does not have: `untracked`
    ones, and `captures`, which it may ignore."""

    index: IndexEntries
    edited: frozenset[str]
    untracked: tuple[str, ...]
    captures: tuple[str, ...]


def saved_state(repository: Repository) -> SavedState:
    """Look at index and work tree, and change nothing."""
    top = Git(repository.top, repository.top)
    index: dict[str, tuple[str, str]] = {}
    for line in top.run("ls-files", "-s", "-z", "--full-name").split(b"\0"):
        facts, _, name = line.partition(b"\t")
        if name:
            mode, oid, _ = facts.decode().split(" ")
            index[os.fsdecode(name)] = (mode, oid)
    options = ("--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=all")
    status = top.run("--no-optional-locks", "status", *options).split(b"\0")
    rows = [(line[:2], os.fsdecode(line[3:])) for line in status if line]
    edited = frozenset(path for marks, path in rows if marks[1:] not in (b" ", b"?"))
    prefix = repository.prefix
    captures = [prefix + path for path, _ in files_below(repository.vault, "captures")]
    untracked = [path for marks, path in rows if marks == b"??" and path.startswith(prefix)]
    own = tuple(path for path in captures if path not in index)
    return SavedState(index, edited, tuple(path for path in untracked if path not in own), own)


def index_changes(
    index: IndexEntries, blobs: Mapping[str, str | None], rules: TreeRules
) -> dict[str, tuple[str, tuple[str, str] | None]]:
    """For each path whose entry changes: the path that it has then, and its new entry (None: none)."""
    found: dict[str, tuple[str, tuple[str, str] | None]] = {}
    every = b"\0".join(map(os.fsencode, index))
    is_named = rules.name(every) != every  # asked once, since nearly no name changes
    for path, (mode, oid) in index.items():
        raw = os.fsencode(path)
        if not raw.startswith(rules.prefix):
            continue
        new_oid = blobs.get(oid, oid) if mode in (*FILES, SYMLINK) else oid
        below = raw[len(rules.prefix) :]
        parts = (rules.name(part) for part in below.split(b"/")) if is_named else [below]
        new = rules.prefix + b"/".join(parts)
        if _is_removed(raw, rules) or new_oid is None:
            found[path] = (path, None)
        elif new != raw or new_oid != oid:
            found[path] = (os.fsdecode(new), (mode, new_oid))
    return found


def _is_removed(path: bytes, rules: TreeRules) -> bool:
    return any(path == one or path.startswith(one + b"/") for one in rules.removed)


def saved_changes(
    repository: Repository,
    state: SavedState,
    changes: Mapping[str, tuple[str, tuple[str, str] | None]],
    content: Callable[[str], bytes],
) -> list[SavedFile]:
    """The files that follow their entries: those that a person has not edited. `content` gives a new blob's
    bytes; where attributes have files checked out in another form, git is asked for that form."""
    found = []
    for path, (new_path, entry) in changes.items():
        mode, oid = state.index[path]
        before = present(repository.top / path)
        if path in state.edited or before is None:
            continue
        after: bytes | None = None
        if entry is not None:
            plain = mode == SYMLINK or blob_id(before, oid) == oid
            after = content(entry[1]) if plain else checked_out(repository, new_path, entry[1])
        if new_path != path and after is not None:
            found.append(SavedFile(path, digest(before), None, mode))
            found.append(SavedFile(new_path, "", after, mode))
        else:
            found.append(SavedFile(path, digest(before), after, mode))
    return found


def captures_without(repository: Repository, state: SavedState, redactor: Redactor) -> list[SavedFile]:
    """The captures that hold a secret, and what they are without it."""
    found = []
    for path in state.captures:
        raw = present(repository.top / path)
        if raw is not None and redactor.holds(raw):
            found.append(SavedFile(path, digest(raw), redactor.file(path, raw)))
    return found


def drafts_with(repository: Repository, state: SavedState, redactor: Redactor) -> tuple[str, ...]:
    """The files with uncommitted edits that hold a secret: they are a person's, and stay as they are."""
    paths = [*state.untracked, *(path for path in state.edited if path.startswith(repository.prefix))]
    raws = ((path, present(repository.top / path)) for path in sorted(paths))
    return tuple(path for path, raw in raws if raw is not None and redactor.holds(raw))
