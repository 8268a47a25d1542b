"""Claimed conflicts: records that somebody says cannot all be true, where no slot of active records shows it.
A tool's new value against what people accepted is one: a candidate is no knowledge, so only a file can tell.

Knows conflict files and the standing of their members. Must not know who found the contradiction, or slots.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from atocore.errors import AtocoreError
from atocore.records.birth import written
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.ids import derived_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.naming import slot_in
from atocore.records.plan import Change
from atocore.records.record import Record
from atocore.records.schema import KEY_ORDER
from atocore.records.slots import claimed_value
from atocore.records.snapshot import Snapshot
from atocore.records.values.compare import meaning

_STANDING = ("active", "candidate")
_HOW = """The tool {tool} hands over another value than people accepted. What was accepted stands meanwhile.

To take the tool's value, run `atocore conflicts resolve {id} --winner {candidate}`: it is promoted, \
and the accepted record superseded. To keep what was accepted, name that as the winner: the candidate \
is rejected. If both can be true, run `atocore conflicts dismiss {id} --reason TEXT`.
"""


def claimed_id(*members: str) -> str:
    """The id of the conflict between records: the same on every clone."""
    return derived_id(KINDS[Kind.CONFLICT].prefix, "claimed", *sorted(members))


def differ(accepted: Record, candidate: Record) -> bool:
    """Whether both state a value, and not the same."""
    values = {meaning(claimed_value(record)) for record in (accepted, candidate)}
    return len(values) == 2 and "" not in values


def against(snapshot: Snapshot, accepted: Record, candidate: Record, tool: str) -> tuple[Change, ...]:
    """What the file of the conflict between an accepted record and a tool's candidate lacks: its birth, the
    values as they are now, or that it is open again because a value changed since somebody decided."""
    record = snapshot.get(claimed_id(accepted.id, candidate.id))
    members = tuple(
        {"id": one.id, "value": claimed_value(one), "layer": one.layer} for one in (accepted, candidate)
    )
    if record is None:
        return (_born(accepted, candidate, members, tool),)
    decided = record.status != "open"
    if decided and record.how != "settled" and _values(record) == {m["id"]: m["value"] for m in members}:
        return ()
    keys: dict[str, Value | None] = {"status": "open", "members": members, "winner": None, "how": None}
    if decided:
        keys["ruling"] = None
    return _edited(record, keys)


def _values(record: Record) -> dict[str, str]:
    return {member.id: member.value for member in record.members}


def _born(accepted: Record, candidate: Record, members: tuple[dict[str, str], ...], tool: str) -> Change:
    identity = claimed_id(accepted.id, candidate.id)
    name = " ".join(part for part in (candidate.subject, candidate.attribute) if part)
    keys: dict[str, Value] = {
        "type": "claimed",
        "status": "open",
        "project": accepted.project,
        "prevailing": accepted.id,
        "members": members,
        "title": name or candidate.question or candidate.component or candidate.title,
        "provenance": {"tool": tool},
    }
    return written(Kind.CONFLICT, identity, keys, _HOW.format(tool=tool, id=identity, candidate=candidate.id))


def settlements(snapshot: Snapshot, ids: Iterable[str]) -> tuple[Change, ...]:
    """The open claimed conflicts of these records that a step has settled: a side stands no more, or a tool's
    disagreement is none any more, or is one of two active records, which their slot shows."""
    found = {
        record.path: record
        for one in ids
        for record in (*snapshot.referring(one), *_itself(snapshot, one))
        if record.kind is Kind.CONFLICT and record.type == "claimed" and record.status == "open"
    }
    changes: list[Change] = []
    for path in sorted(found):
        record = found[path]
        if not record.winner and _is_settled(snapshot, record):
            changes += _edited(record, {"status": "resolved", "how": "settled"})
    return tuple(changes)


def _itself(snapshot: Snapshot, record_id: str) -> Iterator[Record]:
    record = snapshot.get(record_id)
    if record is not None:
        yield record


def _is_settled(snapshot: Snapshot, record: Record) -> bool:
    sides = [found for member in record.members if (found := snapshot.get(member.id))]
    standing = [one for one in sides if one.status in _STANDING]
    if len(standing) < 2:
        return True
    if not record.provenance.tool:
        return False  # a person's claim: what no slot and no value shows
    slots = {slot_in(snapshot, one) for one in standing}
    shown = all(one.status == "active" for one in standing) and len(slots) == 1 and None not in slots
    return shown or not differ(standing[0], standing[1])


def _edited(record: Record, keys: dict[str, Value | None]) -> tuple[Change, ...]:
    try:
        new = edit(record.raw, keys, order=KEY_ORDER)
    except AtocoreError:  # a person's form that nobody can edit line by line must not stop anyone's step
        return ()
    return (Change(record.path, record.raw, new),) if new != record.raw else ()
