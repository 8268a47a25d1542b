"""Making the git repository of a new vault."""

from __future__ import annotations

import shutil
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.store.git import Git
from atocore.store.repository import Repository

IDENTITY_HINT = 'git config --global user.name "Your Name"; git config --global user.email you@example.org'


def repository_for(folder: Path, *, needs_identity: bool) -> Repository:
    """The repository around a folder; one is made in it where there is none. The folder too, where missing.

    Where a person's commit will need an identity that git does not have, nothing is left behind.
    """
    made = _missing(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AtocoreError(
            "read-only", f"cannot make {folder}: {error.strerror}", "choose a place"
        ) from error
    founded = False
    try:
        try:
            repository = Repository.open(folder)
        except AtocoreError as error:
            if error.code != "no-repository":
                raise
            Git(folder).run("init", "--quiet", "--initial-branch=main")
            founded = True
            repository = Repository.open(folder)
        if needs_identity and repository.situation().identity is None:
            raise AtocoreError("no-identity", "git does not know who you are", IDENTITY_HINT)
    except AtocoreError:
        if founded:
            shutil.rmtree(folder / ".git")
        for path in made:
            path.rmdir()
        raise
    return repository


_DRIVER = "merge.atocore-mirror"


def set_merge_driver(repository: Repository) -> bool:
    """Have this clone keep its own version of a derived page that both sides of a merge wrote: `true` leaves
    what is there, and ends well. Whether it is set now: where the configuration cannot be written, git merges
    such a page as any."""
    said = "keep ours: atocore mirror build makes it true"
    repository.git.ask("config", "--local", f"{_DRIVER}.name", said)
    return repository.git.ask("config", "--local", f"{_DRIVER}.driver", "true").code == 0


def has_merge_driver(repository: Repository) -> bool:
    """Whether git knows, in this clone or for this user, how to merge a derived page."""
    return repository.git.ask("config", "--get", f"{_DRIVER}.driver").code == 0


def _missing(folder: Path) -> list[Path]:
    """The folder and those above it that do not exist yet, innermost first."""
    return [path for path in (folder, *folder.parents) if not path.exists()]
