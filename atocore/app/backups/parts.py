"""The parts of a backup beside git's bundle: computed embeddings, and what this machine alone holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.app.finding import FindingVerbs
from atocore.errors import AtocoreError
from atocore.index.embedding_cache import cache_folder, is_begun
from atocore.index.fulltext import Passage
from atocore.index.shelves import Shelf
from atocore.store.repository import Repository

if TYPE_CHECKING:
    from atocore.index.embedding import Embedder


def write_embeddings(session: FindingVerbs, target: Path, *, local: bool) -> tuple[str, ...]:
    """Copy the computed embeddings of the vault (`local`: of drafts and captures too) to a new file; what is
    missing of them. Where there are none at all, no file is made. Raises `backup-incomplete`."""
    from atocore.index.embedding_export import export_embeddings

    fingerprint = session.engine.space()
    if not fingerprint or not is_begun(cache_folder()):
        return ("embeddings: none are computed on this machine: they are made anew after a restore",)

    def passages() -> Iterator[Passage]:
        for shelf in Shelf if local else (Shelf.COMMITTED,):
            yield from session.engine.each_passage(shelf)

    try:
        done = export_embeddings(
            cache_folder(), fingerprint, passages(), target, lambda: _embedder(session, fingerprint)
        )
    except sqlite3.Error as error:
        told = f"{target}: {error}"
        raise AtocoreError("backup-incomplete", told, "free space there, or --no-embeddings") from error
    notes = tuple(f"embeddings: {note}" for note in done.notes)
    if done.missing == done.passages:
        target.unlink(missing_ok=True)
        return (*notes, "embeddings: none are computed yet: they are made after a restore")
    if done.missing:
        notes += (f"embeddings: {done.missing} of {done.passages} passages have none that is computed",)
    return notes


def not_in_git(repository: Repository) -> tuple[str, ...]:
    """What a vault consists of that no bundle of its repository can hold."""
    common, top = repository.common_dir, repository.top
    told = []
    if any((common / "worktrees").glob("*")):
        told.append("other work trees of the repository: their uncommitted files")
    if (common / "modules").is_dir() or (top / ".gitmodules").is_file():
        told.append("submodules: their repositories; the bundle has the ids of their commits")
    if (common / "lfs").is_dir():
        told.append("files kept by git-lfs: the bundle has the pointers to them")
    if repository.prefix:
        told.append(f"uncommitted files of the repository outside {repository.prefix}")
    return tuple(told)


def _embedder(session: FindingVerbs, fingerprint: str) -> Embedder | None:
    """The model that the kept embeddings are of, where it is installed."""
    from atocore.index.embedding import EmbedderUnavailable

    try:
        found = session.model.get()
    except EmbedderUnavailable:
        return None
    return found if found.fingerprint == fingerprint else None
