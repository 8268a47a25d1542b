"""The vault as Python sees it: `open_vault(path)` gives one of these, with the CLI's verbs as methods."""

from __future__ import annotations

from os import PathLike
from types import TracebackType
from typing import Self

from atocore.app.audit import AuditVerbs
from atocore.app.backups.pruning import PruneVerbs
from atocore.app.backups.rehearsing import RehearsingVerbs
from atocore.app.capturing import CapturingVerbs
from atocore.app.diffing import DiffVerbs
from atocore.app.graduating import GraduatingVerbs
from atocore.app.health.reporting import HealthVerbs
from atocore.app.importing import ImportingVerbs
from atocore.app.migrating import MigratingVerbs
from atocore.app.mirroring import MirrorVerbs
from atocore.app.opening import open_with
from atocore.app.purge.purging import PurgeVerbs
from atocore.app.querying import QueryVerbs
from atocore.app.reading import ReadingVerbs
from atocore.app.reviewing import ReviewVerbs
from atocore.app.rounds import RoundVerbs
from atocore.app.staging import StagedVerbs
from atocore.app.standing import StandingVerbs
from atocore.records.plan import Actor


class Vault(
    GraduatingVerbs,
    ReviewVerbs,
    StandingVerbs,
    CapturingVerbs,
    ImportingVerbs,
    RoundVerbs,
    MigratingVerbs,
    ReadingVerbs,
    QueryVerbs,
    MirrorVerbs,
    DiffVerbs,
    AuditVerbs,
    PruneVerbs,
    RehearsingVerbs,
    PurgeVerbs,
    StagedVerbs,
    HealthVerbs,
):
    """An open vault. Its methods are the CLI's verbs, with the same arguments; their results have the fields
    of the CLI's JSON. Each may raise `AtocoreError`. Use it in a `with` block, or `close` it."""

    @classmethod
    def open(cls, path: str | PathLike[str], *, actor: Actor | None = None, any_format: bool = False) -> Self:
        """Open the vault that `path` is or lies in. Without `actor`, the environment tells whether a person
        or an assistant drives this process. With `any_format` also one that this AtoCore would misread."""
        return open_with(cls, path, actor=actor, any_format=any_format)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
