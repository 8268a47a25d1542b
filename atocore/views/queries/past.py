"""What queries about the past are handed beside the graph: what git and the sources tell, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from atocore.records.past import Changed, Event
from atocore.records.record import SourceChange
from atocore.views.queries.trail import Trail


class Needs(StrEnum):
    """What a query needs beside the graph."""

    NOTHING = ""
    TRAIL = "trail"
    CHANGES = "changes"
    PASSAGES = "passages"
    DATES = "dates"


@dataclass(frozen=True, slots=True)
class Past:
    """`events` are the steps of records, newest first, by id; `passages` what became of the passages that
    records rest on, by the record's id; `changes` what became of knowledge since `since` (RFC 3339, or a
    commit), the newest first; `at` is when the newest commit was made (RFC 3339); `notes` what limits all
    this."""

    trail: Trail = field(default_factory=Trail)
    events: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    passages: Mapping[str, SourceChange] = field(default_factory=dict)
    changes: tuple[Changed, ...] = ()
    since: str = ""
    at: str = ""
    notes: tuple[str, ...] = ()
