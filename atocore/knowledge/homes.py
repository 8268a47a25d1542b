"""Facts with two homes: an active memory that claims what an active entity claims. Knows records alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from atocore.records.kinds import Kind
from atocore.records.naming import slot_in
from atocore.records.record import Record
from atocore.records.slots import claimed_value
from atocore.records.snapshot import Snapshot
from atocore.records.values.compare import same

_HOMES = (Kind.MEMORY, Kind.ENTITY)


def said_twice(snapshot: Snapshot, records: Iterable[Record]) -> Iterator[tuple[Record, Record]]:
    """The memories and entities, pair by pair, that claim the same, where one of the two is among the
    records. All of them are active."""
    told: set[tuple[str, str]] = set()
    for record in records:
        slot = slot_in(snapshot, record) if record.status == "active" and record.kind in _HOMES else None
        for other in snapshot.in_slot(slot) if slot else ():
            if other.status != "active" or {record.kind, other.kind} != set(_HOMES):
                continue
            memory, entity = (record, other) if record.kind is Kind.MEMORY else (other, record)
            pair = (memory.id, entity.id)
            if pair not in told and same(claimed_value(memory), claimed_value(entity)):
                told.add(pair)
                yield memory, entity


def in_words(memory: Record, entity: Record) -> str:
    """What to do about a fact that is said twice."""
    return (
        f"{memory.id} claims what {entity.id} claims: one home for each fact "
        f"(atocore graduate {memory.id} --into {entity.id})"
    )
