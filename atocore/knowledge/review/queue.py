"""The queue: which candidates wait for a person, and in which order. Knows records and the present day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.disputes import would_dispute
from atocore.records.codec import parse_time
from atocore.records.kinds import Kind
from atocore.records.proposer import ASSISTANT, TOOL, proposers
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot

WAITING_KINDS = (Kind.MEMORY, Kind.ENTITY)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which candidates are asked for; what is empty asks for nothing. `source` is a source's or capture's id,
    or the document's path (or the start of it); `since` a day (`YYYY-MM-DD`); `all` takes in what is put
    off."""

    ids: tuple[str, ...] = ()
    project: str = ""
    kind: str = ""
    type: str = ""
    rule: str = ""
    source: str = ""
    by: str = ""
    tool: str = ""
    wave: str = ""
    min_confidence: float = 0.0
    since: str = ""
    conflicting: bool = False
    all: bool = False

    def __post_init__(self) -> None:
        if self.kind and self.kind not in WAITING_KINDS:
            told = f"a {self.kind} is no candidate"
            raise AtocoreError("bad-value", told, f"one of: {', '.join(WAITING_KINDS)}")
        if self.since and parse_time(self.since) is None:
            raise AtocoreError("bad-value", f"{self.since!r} is no date", "like: --since 2026-11-01")


@dataclass(frozen=True, slots=True)
class Queue:
    """The candidates that wait, in order; `put_off` counts those that were asked for and wait for a later
    day; `every` are all candidates of the vault, by path."""

    waiting: tuple[Record, ...]
    put_off: int
    every: tuple[Record, ...]


def queue(snapshot: Snapshot, wanted: Wanted, order: str, today: str) -> Queue:
    """The queue on a day (`YYYY-MM-DD`), in an order of `ORDERS`."""
    if order not in ORDERS:
        raise AtocoreError("bad-value", f"{order!r} is no order", f"one of: {', '.join(ORDERS)}")
    every = tuple(snapshot.select(WAITING_KINDS, ("candidate",)))
    asked = [record for record in every if _is_wanted(snapshot, record, wanted)]
    later = [record for record in asked if is_put_off(record, today)]
    left_out = {record.id for record in later} if not (wanted.all or wanted.ids) else set()
    waiting = [record for record in asked if record.id not in left_out]
    return Queue(tuple(sorted(waiting, key=ORDERS[order])), len(later), every)


def is_put_off(record: Record, today: str) -> bool:
    """Whether a candidate is to be looked at on a later day than `today`."""
    day = parse_time(record.review_after) if record.review_after else None
    return day is not None and day.date().isoformat() > today


def _is_wanted(snapshot: Snapshot, record: Record, wanted: Wanted) -> bool:
    made_by = dict(proposers(record))
    return (
        (not wanted.ids or record.id in wanted.ids)
        and (not wanted.project or record.project == wanted.project)
        and (not wanted.kind or record.kind == wanted.kind)
        and (not wanted.type or record.type == wanted.type)
        and (not wanted.rule or record.provenance.rule == wanted.rule)
        and (not wanted.by or wanted.by in (record.provenance.by, made_by.get(ASSISTANT)))
        and (not wanted.tool or made_by.get(TOOL) == wanted.tool)
        and (not wanted.wave or record.provenance.wave == wanted.wave)
        and (not wanted.source or _came_from(record, wanted.source))
        and (record.confidence or 0.0) >= wanted.min_confidence
        and (not wanted.since or record.created >= wanted.since)
        and (not wanted.conflicting or bool(would_dispute(snapshot, record)))
    )


def _came_from(record: Record, source: str) -> bool:
    came = record.provenance
    folder = source.rstrip("/") + "/"
    return source in (came.source, came.interaction, came.path) or came.path.startswith(folder)


def _first_line(record: Record) -> int:
    first = record.provenance.lines.partition("-")[0]
    return int(first) if first.isascii() and first.isdigit() else 0


def _best(record: Record) -> tuple[object, ...]:
    return (-(record.confidence or 0.0), record.provenance.path, _first_line(record), record.id)


def _by_document(record: Record) -> tuple[object, ...]:
    came = record.provenance
    return (came.path or came.source or came.interaction, _first_line(record), record.id)


ORDERS: Mapping[str, Callable[[Record], tuple[object, ...]]] = {
    "best": _best,
    "oldest": lambda record: (record.created or "9", record.id),
    "source": _by_document,
    "rule": lambda record: (record.provenance.rule or "~", *_best(record)),
}
"""How a queue is ordered: the surest first, the first made first, as the documents go, or rule by rule."""
