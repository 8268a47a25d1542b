"""What stands where a plan wants to write, and whether it may: the checks before the first effect."""

from __future__ import annotations

import os
import shlex
import stat
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from atocore.errors import AtocoreError
from atocore.records.plan import Change
from atocore.store import files
from atocore.store.git import Git
from atocore.store.index import IndexEntry, entries
from atocore.store.journal import FileStep
from atocore.store.trees import TreeEntry, blob_id

_NAMED = 5  # files that an error names

if TYPE_CHECKING:
    from atocore.store.repository import Repository


def examine(repository: Repository, changes: Iterable[Change], head: str | None) -> tuple[FileStep, ...]:
    """The steps that carry out the changes; those that change nothing are left out.

    Raises `bad-path`, `changed-meanwhile` (the commit is not what the plan was decided on), `exists` (a name
    that only differs by case) and `dirty-file`, which names every file with uncommitted edits.
    """
    wanted = _by_path(repository, changes)
    committed = repository.entries(head, wanted) if head else {}
    like = head or "0" * 40
    _check_committed(wanted, committed, like)
    _check_clashes(repository, wanted)
    top = Git(repository.top)
    indexed = entries(top, repository.prefix, wanted)
    _check_sparse(indexed, repository.prefix)
    steps, edited = [], []
    for path, change in wanted.items():
        entry = committed.get(path)
        new_oid = None if change.new is None else blob_id(change.new, like)
        step = _step(repository, change, entry, new_oid)
        if step is None or not _is_settled(indexed.get(path, []), entry, new_oid):
            edited.append(path)
        elif change.old != change.new:
            steps.append(step)
    if edited:
        raise _dirty(edited)
    return tuple(steps)


def _by_path(repository: Repository, changes: Iterable[Change]) -> dict[str, Change]:
    found: dict[str, Change] = {}
    for change in changes:
        if change.path in found:
            raise AtocoreError("bad-path", f"the plan changes {change.path!r} twice")
        found[change.path] = change
    files.check_paths(repository.vault, found)
    return found


def _check_committed(wanted: dict[str, Change], committed: dict[str, TreeEntry], like: str) -> None:
    """The plan's idea of what is committed must still hold."""
    moved = []
    for path, change in wanted.items():
        entry = committed.get(path)
        believed = None if change.old is None else blob_id(change.old, like)
        if (entry.oid if entry else None) != believed:
            moved.append(path)
        elif entry and not entry.is_file:
            raise AtocoreError("bad-path", f"{path!r} is committed as a symbolic link or submodule")
    if moved:
        message = f"changed since the step was decided: {_listed(moved)}"
        raise AtocoreError("changed-meanwhile", message, "look again, and repeat the step")


def _check_clashes(repository: Repository, wanted: dict[str, Change]) -> None:
    """A new file must not differ from one beside it only by case or Unicode form: elsewhere they are one."""
    born = [path for path, change in wanted.items() if change.old is None and change.new is not None]
    beside: dict[str, dict[str, str]] = {}
    for path in born:
        folder, _, name = path.rpartition("/")
        if folder not in beside:
            beside[folder] = {_folded(other): other for other in _names(repository, folder)}
        other = beside[folder].setdefault(_folded(name), name)
        if other != name:
            message = f"{path!r} would be one file with {other!r} on systems that ignore case"
            raise AtocoreError("exists", message, "choose another name")


def _names(repository: Repository, folder: str) -> list[str]:
    try:
        return os.listdir(repository.vault / folder)  # noqa: PTH208 - names alone, of folders with thousands
    except (FileNotFoundError, NotADirectoryError):
        return []


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _step(
    repository: Repository, change: Change, entry: TreeEntry | None, new_oid: str | None
) -> FileStep | None:
    """The change as a step, or None where the file in the work tree has edits the step would bury.

    A draft that already says what the plan says is no obstacle: committing it loses nothing.
    """
    place = repository.vault / change.path
    before, after = files.read(place), change.new
    if before not in (change.old, change.new):
        if entry is None or not _is_filtered(repository, change.path, entry):
            return None
        after = None if after is None else _smudged(repository, change.path, after)
    permissions = files.mode_of(place)
    if before is not None and entry and _mode_differs(repository, permissions, entry):
        return None
    mode, head_oid = (entry.mode, entry.oid) if entry else ("100644", None)
    return FileStep(change.path, before, after, permissions, mode, head_oid, new_oid)


def _is_filtered(repository: Repository, path: str, entry: TreeEntry) -> bool:
    """Whether the file is the committed one after all, as attributes (line ends, say) have it checked out."""
    if not (repository.vault / path).exists():
        return False
    answer = Git(repository.top).ask("hash-object", "--", repository.prefix + path)
    return answer.code == 0 and answer.out.decode().strip() == entry.oid


def _smudged(repository: Repository, path: str, content: bytes) -> bytes:
    """The content as git would check it out at this path."""
    git = Git(repository.top)
    oid = git.run("hash-object", "-w", "--no-filters", "--stdin", stdin=content).decode().strip()
    return git.run("cat-file", "--filters", f"--path={repository.prefix}{path}", oid)


def _mode_differs(repository: Repository, permissions: int | None, entry: TreeEntry) -> bool:
    executable = bool((permissions or 0) & stat.S_IXUSR)
    if executable == (entry.mode == "100755"):
        return False
    return repository.git.ask("config", "--type=bool", "core.fileMode").out.strip() != b"false"


def _is_settled(found: list[IndexEntry], entry: TreeEntry | None, new_oid: str | None) -> bool:
    """Whether the index holds nothing of the person's at the path: the committed version, or the new one."""
    if not found:
        return entry is None or new_oid is None
    mode = entry.mode if entry else "100644"
    first = found[0]
    known = {entry.oid if entry else None, new_oid}
    return (
        len(found) == 1
        and first.stage == "0"
        and first.oid in known
        and first.mode == mode
        and first.flag != "S"
    )


def _check_sparse(indexed: dict[str, list[IndexEntry]], prefix: str) -> None:
    """What a sparse checkout leaves out of the work tree cannot be written there."""
    left_out = [path for path, found in indexed.items() if found[0].flag in "Ss"]
    if left_out:
        message = f"outside this sparse checkout: {_listed(left_out)}"
        folders = sorted({path.rpartition("/")[0] for path in left_out if "/" in path})
        names = " ".join(shlex.quote(prefix + folder) for folder in folders[:_NAMED])
        more = " …" if len(folders) > _NAMED else ""
        widen = f"git sparse-checkout add {names}{more}" if folders else "git sparse-checkout disable"
        raise AtocoreError("dirty-file", message, f"{widen}, and repeat the step")


def _dirty(paths: list[str]) -> AtocoreError:
    hint = "commit them, or put them aside with git stash, and repeat the step"
    return AtocoreError("dirty-file", f"uncommitted edits in {_listed(paths)}", hint)


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(sorted(paths)[:_NAMED]) + more
