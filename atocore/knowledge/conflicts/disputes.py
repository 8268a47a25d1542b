"""Disputes: what stands against one record, as every answer that shows it tells."""

from __future__ import annotations

from collections.abc import Iterable

from atocore.knowledge.conflicts.clash import (
    Clash,
    clash_in,
    conflict_id,
    contradict,
    sweep,
    value_files,
)
from atocore.records.naming import canonical
from atocore.records.record import OtherSide, Record
from atocore.records.slots import claimed_value, slot_of
from atocore.records.snapshot import Snapshot


def disputes(snapshot: Snapshot, record: Record) -> tuple[OtherSide, ...]:
    """The other sides of the open dispute that an active record is a member of; empty where there is none."""
    slot = slot_of(record)
    clash = clash_in(snapshot, slot) if slot and record.status == "active" else None
    if clash is None or record.id not in {member.id for member in clash.members}:
        return ()
    if clash.status == "resolved":
        winner = _winner_over(snapshot, clash, record)
        return (winner,) if winner else ()
    if clash.status != "open":
        return ()
    sides = ((member, snapshot.get(member.id)) for member in clash.members)
    others = (member for member, other in sides if other is not None and contradict(record, other))
    return tuple(OtherSide(member.id, member.value, member.layer, clash.id) for member in others)


def disputed_records(
    snapshot: Snapshot, slots: Iterable[tuple[str, ...]] | None = None
) -> dict[str, tuple[OtherSide, ...]]:
    """The other sides of every disputed record, by its id; only in `slots` where they are given."""
    asked = (clash.slot for clash in sweep(snapshot)) if slots is None else slots
    found = ((record.id, disputes(snapshot, record)) for slot in asked for record in snapshot.in_slot(slot))
    return {record_id: sides for record_id, sides in found if sides}


def _winner_over(snapshot: Snapshot, clash: Clash, record: Record) -> OtherSide | None:
    """Who won against a record that is still active: resolved by hand, the rest is not written yet."""
    decided = snapshot.get(clash.id)
    winner = next((m for m in clash.members if decided is not None and m.id == decided.winner), None)
    if winner is None or winner.id == record.id:
        return None
    return OtherSide(winner.id, winner.value, winner.layer, clash.id)


def overruled(snapshot: Snapshot, record: Record) -> bool:
    """Whether a person already decided against an active record, in a conflict that is resolved by hand."""
    slot = slot_of(record)
    clash = clash_in(snapshot, slot) if slot and record.status == "active" else None
    return clash is not None and clash.status == "resolved" and bool(_winner_over(snapshot, clash, record))


def would_dispute(snapshot: Snapshot, candidate: Record) -> tuple[OtherSide, ...]:
    """The active records that a candidate would contradict, were it promoted: not those that it replaces."""
    slot = slot_of(candidate)
    if slot is None:
        return ()
    files = value_files(snapshot, slot)
    identity = files[0].id if len(files) == 1 else conflict_id(canonical(snapshot, slot))
    leaving = {candidate.id, *candidate.supersedes, *(target for _, target in candidate.proposes)}
    return tuple(
        OtherSide(other.id, claimed_value(other), other.layer, identity)
        for other in snapshot.in_slot(slot)
        if other.status == "active" and other.id not in leaving and contradict(candidate, other)
    )
