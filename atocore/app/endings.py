"""Which commits ended a conflict and accepted its members, looked up in git: no file carries that."""

from __future__ import annotations

from collections.abc import Iterator

from atocore.app import history
from atocore.app.answers import HistoryEntry
from atocore.app.history import Told
from atocore.config import Settings
from atocore.records.record import Record
from atocore.store.repository import Repository

_CLOSED = ("resolved", "dismissed")


def ending_of(
    repository: Repository, settings: Settings, conflict: Record, members: tuple[Record, ...]
) -> HistoryEntry | None:
    """The commit that decided a conflict; where it settled, the one by which a member left it."""
    closed = _closing(repository, settings, conflict)
    if closed is not None and conflict.how != "settled":
        return history.entry(closed)
    left = _leaving(repository, settings, conflict, members, closed) or closed
    return history.entry(left) if left is not None else None


def _closing(repository: Repository, settings: Settings, conflict: Record) -> Told | None:
    for one in history.told(repository, settings, conflict.path):
        for deed in one.deeds:
            if deed.record == conflict.id and deed.after in _CLOSED and deed.before != deed.after:
                return one
    return None


def _leaving(
    repository: Repository,
    settings: Settings,
    conflict: Record,
    members: tuple[Record, ...],
    closed: Told | None,
) -> Told | None:
    """The newest commit, up to the one that closed the file, by which a member left or changed."""
    ids = {member.id for member in conflict.members}
    present = {member.id: member for member in members}
    # a member that is nowhere was deleted, from a place that only history knows
    paths = [conflict.path, *(one.path for one in members)] if present.keys() >= ids else []
    gone = ids - {one.id for one in members if one.status == "active"}
    for one in _up_to(history.told(repository, settings, *paths), closed):
        for deed in one.deeds:
            left = deed.before == "active" != deed.after and deed.record in gone
            if left or (not gone and deed.restates and deed.record in ids):
                return one
    return None


def _up_to(told: Iterator[Told], closed: Told | None) -> Iterator[Told]:
    """A history from the closing commit back; all of it where the file is not closed yet."""
    reached = closed is None
    for one in told:
        reached = reached or (closed is not None and one.commit.id == closed.commit.id)
        if reached:
            yield one


def acceptance_of(repository: Repository, settings: Settings, record: Record) -> HistoryEntry | None:
    """The commit that made a record active the last time."""
    for one in history.told(repository, settings, record.path):
        for deed in one.deeds:
            if deed.record == record.id and deed.after == "active" != deed.before:
                return history.entry(one)
    return None
