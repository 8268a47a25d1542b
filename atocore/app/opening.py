"""Opening a vault: its settings, its repository, who drives this process, and the verbs asked for."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TypeVar

from atocore.app.session import Session, actor_here, find_vault, settings_at
from atocore.records.plan import Actor
from atocore.store.repository import Repository

Verbs = TypeVar("Verbs", bound=Session)


def open_with(
    verbs: type[Verbs], path: str | PathLike[str], *, actor: Actor | None = None, any_format: bool = False
) -> Verbs:
    """The vault that `path` is or lies in, with the verbs of one class: `Vault` has them all, and each of its
    bases some, at less cost. Close it. Without `actor`, the environment tells whether a person or an
    assistant drives this process.

    A vault of a format that this AtoCore does not know is refused: what it says would be misread. With
    `any_format` it is opened all the same, for what does not tell knowledge; writing to it stays refused."""
    folder = find_vault(Path(path))
    settings = settings_at(folder, any_format=any_format)
    repository = Repository.open(folder, lock_wait_seconds=settings.number("limits.lock_seconds"))
    return verbs(folder, repository, settings, actor or actor_here(settings))
