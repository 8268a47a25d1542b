"""A person's decisions about conflicts: for one side, that it is none, or anew.

Plans of exactly one commit each; what clashes is for `conflicts` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.claimed import claim_in
from atocore.knowledge.conflicts.clash import Clash, clash_in
from atocore.knowledge.conflicts.duplicates import duplicates
from atocore.knowledge.conflicts.pages import covered, listed
from atocore.knowledge.review.deed import Deed, Edits, impossible, name_of
from atocore.knowledge.review.merging import absorb
from atocore.records.codec import read
from atocore.records.header import Value
from atocore.records.plan import Change, Plan
from atocore.records.record import Member, Record
from atocore.records.snapshot import AfterSnapshot, Snapshot


def resolve(snapshot: Snapshot, conflict: Record | Change, winner: Record, deed: Deed) -> Plan:
    """Decide a conflict: the winner is (or becomes) active, the other active members are superseded by it, or
    merged into it where they say the same.

    `conflict` is its record, or the birth of its file where nobody has written it yet.
    """
    record = _conflict_record(conflict)
    if record.status != "open":
        raise impossible("resolve", record)
    members = [member.id for member in _present_members(snapshot, record)]
    if winner.id not in members:
        raise AtocoreError(
            "bad-value", f"{winner.id} is no member of {record.id}", f"one of: {', '.join(members)}"
        )
    edits = Edits(snapshot, deed)
    if winner.status == "candidate":
        edits.step("promote", winner)
    elif winner.status != "active":
        raise AtocoreError(
            "impossible-step",
            f"cannot resolve {record.id} in favour of {winner.id}: it is {winner.status}",
            f"atocore restore-record {winner.id}",
        )
    others = [one for member in members if member != winner.id and (one := snapshot.get(member))]
    _part_with(edits, others, winner, record.type)
    return _decided(
        edits, conflict, record, "resolve", {"winner": winner.id}, f"in favour of {name_of(winner)}"
    )


def _part_with(edits: Edits, others: list[Record], winner: Record, type_: str) -> None:
    active = [one for one in others if one.status == "active"]
    if type_ == "duplicate":
        absorb(edits, active, winner)
        return
    for other in active:
        edits.replace(other, winner)
    for other in others:
        if other.status == "candidate":
            edits.step("reject", other)


def dismiss(snapshot: Snapshot, conflict: Record | Change, deed: Deed) -> Plan:
    """Decide that a conflict is none: every member stays as it is."""
    if not deed.why:
        raise AtocoreError("usage", "a dismissal needs its reason", "--reason TEXT")
    record = _conflict_record(conflict)
    if record.status != "open":
        raise impossible("dismiss", record)
    return _decided(Edits(snapshot, deed), conflict, record, "dismiss", {}, "")


def reopen_conflict(snapshot: Snapshot, conflict: Record, deed: Deed) -> Plan:
    """Make a decided conflict an open one again; what its winner superseded is active again."""
    edits = Edits(snapshot, deed)
    edits.step("reopen", conflict, {"winner": None, "how": None})
    winner = snapshot.get(conflict.winner) if conflict.winner else None
    for loser in (snapshot.get(member.id) for member in conflict.members):
        if winner and loser and loser.superseded_by == winner.id and loser.status == "superseded":
            edits.give_back(loser)
        elif winner and loser and loser.status == "rejected" and conflict.provenance.tool:
            edits.step("reopen", loser)
    subject = f"reopen conflict: {name_of(conflict)}"
    clash = standing(AfterSnapshot(snapshot, edits.plan("reopen", subject)), conflict)
    if clash is None:
        what = "say the same" if conflict.type == "duplicate" else "contradict each other"
        raise AtocoreError(
            "impossible-step",
            f"cannot reopen {conflict.id}: its members do not {what} any more",
            f"atocore conflicts show {conflict.id}",
        )
    edits.change(conflict, _sides(conflict, clash))
    return edits.plan("reopen", subject)


def standing(snapshot: Snapshot, record: Record) -> Clash | None:
    """What a conflict's file tells of, as the records show it now; None where it is over."""
    if record.slot:
        return clash_in(snapshot, record.slot)
    if record.type == "claimed":
        return claim_in(snapshot, record)
    groups = duplicates(snapshot, (m.id for m in record.members)) if record.type == "duplicate" else ()
    return next((group for group in groups if group.id == record.id), None)


def _sides(record: Record, clash: Clash) -> dict[str, Value | None]:
    """The keys of a conflict's file that tell who clashes. Who was claimed to stays named."""
    return {"members": listed(_named(record, clash)), "prevailing": clash.prevailing or None}


def _named(record: Record, clash: Clash | None) -> tuple[Member, ...]:
    if clash is None or clash.type != "claimed":
        return clash.members if clash else record.members
    now = {member.id: member for member in clash.members}
    return tuple(now.get(member.id, member) for member in record.members)


def _conflict_record(conflict: Record | Change) -> Record:
    if isinstance(conflict, Record):
        return conflict
    assert conflict.new is not None
    record = read(conflict.path, conflict.new, max_bytes=len(conflict.new)).record
    assert record is not None
    return record


def _present_members(snapshot: Snapshot, record: Record) -> tuple[Member, ...]:
    """Who clashes now: the file may lag behind a commit made by hand."""
    clash = standing(snapshot, record)
    return clash.members if clash is not None else record.members


def _decided(
    edits: Edits,
    conflict: Record | Change,
    record: Record,
    step: str,
    more: Mapping[str, Value | None],
    told: str,
) -> Plan:
    keys: dict[str, Value | None] = {"winner": None, "how": None, **more}
    clash = standing(edits.snapshot, record)
    if clash is not None:
        keys |= _sides(record, clash)
    covers = covered(_named(record, clash))
    edits.step(step, record, {**keys, "ruling": {**edits.deed.ruling(step), "covers": covers}})
    plan = edits.plan(step, " ".join(f"{step} conflict: {name_of(record)} {told}".split()), (record.id,))
    if isinstance(conflict, Record):
        return plan
    changes = [replace(c, old=None) if c.path == conflict.path else c for c in plan.changes]
    return replace(plan, changes=tuple(changes))
