"""The trail of a fact: what it was made from, step by step, back to a passage, a prompt or a result.

Knows records. What is not in this clone (a capture that git ignores) is told as not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from atocore.records.kinds import Kind
from atocore.records.linking import Links, link_reference, name_keys
from atocore.records.record import Provenance, Record
from atocore.records.snapshot import Snapshot

DEEPEST = 12
MOST = 60
"""So many stations of a trail are told."""
_SILENT = Provenance()


@dataclass(frozen=True, slots=True)
class Station:
    """One thing on a trail: `via` is how the one above it leads there. `record` is None where it is not here,
    and `id` "" where it is no record: a tool, a page that a person cites, who proposed it. `said` is what the
    record above tells of it: quote, place, rule."""

    depth: int
    via: str
    id: str
    record: Record | None
    said: Provenance = _SILENT


@dataclass(frozen=True, slots=True)
class Trail:
    """The stations of a fact, itself first; `left_out` where there are more than are told."""

    stations: tuple[Station, ...] = ()
    left_out: bool = False


Find = Callable[[str], Record | None]


def trail_of(snapshot: Snapshot, record: Record, local: Find) -> Trail:
    """What a record leads back to; what hangs on a record is told once. `local` finds what this clone alone
    holds."""
    told: list[Station] = []
    seen: set[str] = set()
    due = [Station(0, "", record.id, record)]
    while due and len(told) < MOST:
        station = due.pop()
        told.append(station)
        if station.record is None or station.id in seen or station.depth >= DEEPEST:
            continue
        seen.add(station.id)
        below = [
            Station(station.depth + 1, via, one, (snapshot.get(one) or local(one)) if one else None, said)
            for via, one, said in _origins(snapshot, station.record)
            if one not in seen
        ]
        due += reversed(below)
    return Trail(tuple(told), bool(due))


_Origin = tuple[str, str, Provenance]
"""How it leads there, the id of a record or "", and what is said of it."""


def _origins(snapshot: Snapshot, record: Record) -> Iterator[_Origin]:
    """What one record was made from and rests on, the nearest first."""
    links = Links(snapshot.get, snapshot.named)
    around = _referring(snapshot, record)
    yield from _replaced(snapshot, record, [one.id for one in around if one.graduated_to == record.id])
    yield from _stated(record)
    for relation in record.relations:
        if relation.type == "evidenced_by":
            reached = links.target(record, relation)
            yield "evidence", reached.id if reached is not None else relation.target, _SILENT
    for other in around:
        shown = (links.target(other, one) for one in other.relations if one.type == "validates")
        if other.status == "active" and any(one is not None and one.id == record.id for one in shown):
            yield "validated by", other.id, _SILENT


def _referring(snapshot: Snapshot, record: Record) -> list[Record]:
    """What refers to a record by its id, or by one of its names; by id."""
    keys = (record.id, *map(link_reference, name_keys(record)))
    found = {other.id: other for key in keys for other in snapshot.referring(key)}
    return [found[one] for one in sorted(found)]


def _replaced(snapshot: Snapshot, record: Record, graduated: list[str]) -> Iterator[_Origin]:
    """The memory that lives on in it, what was merged into it, and what it superseded."""
    yield from (("graduated from", one, _SILENT) for one in graduated)
    made_from = record.provenance.record
    if made_from and made_from not in graduated:
        yield "made from", made_from, _SILENT
    for one in record.supersedes:
        other = snapshot.get(one)
        merged = other is not None and other.ruling.step == "merge"
        yield ("merged in" if merged else "supersedes"), one, _SILENT


def _stated(record: Record) -> Iterator[_Origin]:
    """What its provenance names: a passage, a prompt, a tool, a page, or who said it."""
    said = record.provenance
    if record.kind in (Kind.SOURCE, Kind.INTERACTION):
        return
    if said.source:
        yield "passage", said.source, said
    if said.interaction:
        yield "prompt", said.interaction, said
    if said.tool:
        yield "tool", "", said
    elif said.path and not said.source:
        yield "page", "", said
    elif said.by and not (said.source or said.interaction):
        yield "proposed by", "", said
