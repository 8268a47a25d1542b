"""The vault as Python sees it: `open_vault(path)` gives one of these, with the CLI's verbs as methods."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Self

from atocore.app.auditing import AuditingVerbs
from atocore.app.gathering import GatheringVerbs
from atocore.app.reading import ReadingVerbs
from atocore.app.rounds import RoundVerbs
from atocore.app.session import actor_here, find_vault, settings_at
from atocore.app.steps import StepVerbs
from atocore.records.plan import Actor
from atocore.store.repository import Repository


class Vault(StepVerbs, AuditingVerbs, GatheringVerbs, RoundVerbs, ReadingVerbs):
    """An open vault. Its methods are the CLI's verbs, with the same arguments; their results have the fields
    of the CLI's JSON. Each may raise `AtocoreError`. Use it in a `with` block, or `close` it."""

    @classmethod
    def open(cls, path: str | PathLike[str], *, actor: Actor | None = None) -> Self:
        """Open the vault that `path` is or lies in. Without `actor`, the environment tells whether a person
        or an assistant drives this process."""
        folder = find_vault(Path(path))
        settings = settings_at(folder)
        repository = Repository.open(folder, lock_wait_seconds=settings.number("limits.lock_seconds"))
        return cls(folder, repository, settings, actor or actor_here(settings))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
