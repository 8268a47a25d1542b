"""Disputes: what stands against one record, as every answer that shows it tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from atocore.knowledge.conflicts.claimed import claim_in, claims_on, disputing, words_of
from atocore.knowledge.conflicts.clash import (
    CLAIMING,
    Clash,
    clash_in,
    conflict_id,
    contradict,
    sweep,
    value_files,
)
from atocore.knowledge.conflicts.duplicates import duplicates
from atocore.records.kinds import Kind
from atocore.records.naming import canonical
from atocore.records.record import OtherSide, Record
from atocore.records.slots import claimed_value, slot_of
from atocore.records.snapshot import Snapshot


def disputes(snapshot: Snapshot, record: Record) -> tuple[OtherSide, ...]:
    """The other sides of the open disputes that an active record is a member of; empty where there is none.
    Who stands against it in two conflicts is told once."""
    found = _conflicts_of(snapshot, record)
    return _once(side for clash in found for side in _sides(snapshot, clash, record))


def conflicts_on(snapshot: Snapshot, record: Record) -> tuple[Clash, ...]:
    """Every conflict that names a record and is not over, as it stands: decided ones, what says the same, and
    a tool's disagreement with what was accepted, too."""
    slot = slot_of(record) if record.status == "active" else None
    clash = clash_in(snapshot, slot) if slot else None
    claims = (claim_in(snapshot, one) for one in claims_on(snapshot, record.id))
    found = (one for one in (clash, *claims) if one is not None)
    named = (one for one in found if record.id in {member.id for member in one.members})
    return (*named, *duplicates(snapshot, (record.id,)))


def _conflicts_of(snapshot: Snapshot, record: Record) -> Iterator[Clash]:
    """The conflicts that can dispute an active record: that of its slot, and what people claim."""
    if record.status != "active" or record.kind not in CLAIMING:
        return
    slot = slot_of(record)
    clash = clash_in(snapshot, slot) if slot else None
    if clash is not None and record.id in {member.id for member in clash.members}:
        yield clash
    yield from disputing(snapshot, record.id)


def _sides(snapshot: Snapshot, clash: Clash, record: Record) -> Iterator[OtherSide]:
    if clash.status == "resolved":
        winner = _winner_over(snapshot, clash, record)
        if winner:
            yield winner
    if clash.status != "open":
        return
    for member in clash.members:
        other = snapshot.get(member.id) if member.id != record.id else None
        if other is not None and (clash.type == "claimed" or contradict(record, other)):
            yield OtherSide(member.id, member.value, member.layer, clash.id)


def disputed_records(
    snapshot: Snapshot, slots: Iterable[tuple[str, ...]] | None = None
) -> dict[str, tuple[OtherSide, ...]]:
    """The other sides of every disputed record, by its id. `slots` are those where conflicts can be, where
    that is known; what people claim is looked at in any case."""
    asked = (clash.slot for clash in sweep(snapshot)) if slots is None else slots
    records = {record.id: record for slot in asked for record in snapshot.in_slot(slot)}
    for file in snapshot.select((Kind.CONFLICT,), (), "", "claimed"):
        records.update((one.id, one) for member in file.members if (one := snapshot.get(member.id)))
    found = ((record.id, disputes(snapshot, record)) for record in records.values())
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
    found = _conflicts_of(snapshot, record)
    return any(one.status == "resolved" and _winner_over(snapshot, one, record) for one in found)


def would_dispute(snapshot: Snapshot, candidate: Record) -> tuple[OtherSide, ...]:
    """The active records in its slot that a candidate (or a draft) would contradict, were it promoted (or
    committed): not those that it replaces."""
    slot = slot_of(candidate)
    if slot is None:
        return ()
    leaving = {candidate.id, *candidate.supersedes, *(target for _, target in candidate.proposes)}
    against = [
        other
        for other in snapshot.in_slot(slot)
        if other.status == "active" and other.id not in leaving and contradict(candidate, other)
    ]
    if not against:
        return ()
    files = value_files(snapshot, slot)
    identity = files[0].id if len(files) == 1 else conflict_id(canonical(snapshot, slot))
    return tuple(OtherSide(other.id, claimed_value(other), other.layer, identity) for other in against)


def stands_against(snapshot: Snapshot, candidate: Record) -> tuple[OtherSide, ...]:
    """What a candidate would dispute, then the active records that a claimed conflict sets against it: a
    tool's fact against what people accepted."""
    return _once([*would_dispute(snapshot, candidate), *_claimed_against(snapshot, candidate)])


def _claimed_against(snapshot: Snapshot, candidate: Record) -> Iterator[OtherSide]:
    for conflict in claims_on(snapshot, candidate.id):
        comes_back = conflict.how == "settled" and not conflict.provenance.tool
        for member in conflict.members if conflict.status == "open" or comes_back else ():
            other = snapshot.get(member.id)
            if other is not None and other.status == "active" and other.id != candidate.id:
                yield OtherSide(member.id, words_of(other), other.layer, conflict.id)


def _once(sides: Iterable[OtherSide]) -> tuple[OtherSide, ...]:
    first: dict[str, OtherSide] = {}
    for side in sides:
        first.setdefault(side.id, side)
    return tuple(first.values())
