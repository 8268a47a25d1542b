"""What git tells of records, as values: the steps of one, and what became of it between two commits."""

from __future__ import annotations

from typing import NamedTuple

from atocore.records.record import Record


class Event(NamedTuple):
    """One step on a record, as a commit tells it. `date` is RFC 3339, `author` is `Name <email>`; `machine`
    where an assistant or a bot made the commit. `commit` is "" where only the record itself tells of it."""

    step: str
    date: str
    author: str
    commit: str
    why: str
    machine: bool = False


class Changed(NamedTuple):
    """What became of one record between two commits, whatever lay between: None where it was not, or is not
    there. `event` is the newest of its commits."""

    step: str
    before: Record | None
    after: Record | None
    event: Event


def ruled(record: Record) -> Event | None:
    """The step that a record's own ruling tells; None where it has none."""
    said = record.ruling
    return Event(said.step, said.at, said.by, "", said.why) if said.step else None
