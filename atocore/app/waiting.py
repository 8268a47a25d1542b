"""How long the queue has been waiting: the oldest candidate, by the commit that brought it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from atocore.records.record import Record
from atocore.store.history import Commit

_MOST_PATHS = 500  # beyond so many, git compares whole commits faster than it looks for paths


class History(Protocol):
    """What tells the commits that touched some paths, newest first."""

    def history(self, *paths: str) -> Iterable[Commit]:
        """See `store.repository.Repository`."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The candidate that has waited longest: its id, since when (RFC 3339, UTC), and the whole days from then
    to the newest commit of the vault."""

    id: str
    since: str
    days: int


def longest_waiting(repository: History, candidates: Iterable[Record]) -> Waiting | None:
    """The oldest of the candidates by the commit that brought its file; None where no commit did."""
    ids = {record.path: record.id for record in candidates}
    newest = next(iter(repository.history()), None) if ids else None
    if newest is None:
        return None
    oldest: tuple[datetime, str] | None = None
    waiting = set(ids)
    for commit in repository.history(*(sorted(ids) if len(ids) <= _MOST_PATHS else ())):
        born = {change.path for change in commit.changes if change.old_oid is None} & waiting
        waiting -= born
        for path in born:
            oldest = min(oldest or (commit.date, ids[path]), (commit.date, ids[path]))
        if not waiting:
            break
    if oldest is None:
        return None
    since, record_id = oldest
    days = max(0, (newest.date - since).days)
    return Waiting(record_id, since.astimezone(UTC).isoformat().replace("+00:00", "Z"), days)
