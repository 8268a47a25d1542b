"""A tool's disagreement with what people accepted: a claimed conflict of an accepted record and a candidate.

A candidate is no knowledge, so no slot shows it and only a file can tell; it disputes nothing. Knows conflict
files and the standing of the two sides.
"""

from __future__ import annotations

from atocore.knowledge.conflicts.clash import members_id
from atocore.knowledge.conflicts.pages import edited, listed
from atocore.records.birth import written
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.naming import slot_in
from atocore.records.plan import Change
from atocore.records.record import Member, Record
from atocore.records.slots import claimed_value
from atocore.records.snapshot import Snapshot
from atocore.records.values.compare import meaning

STANDING = ("active", "candidate")
_HOW = """The tool {tool} hands over another value than people accepted. What was accepted stands meanwhile.

To take the tool's value, run `atocore conflicts resolve {id} --winner {candidate}`: it is promoted, \
and the accepted record superseded. To keep what was accepted, name that as the winner: the candidate \
is rejected. If both can be true, run `atocore conflicts dismiss {id} --reason TEXT`.
"""


def differ(accepted: Record, candidate: Record) -> bool:
    """Whether both state a value, and not the same."""
    values = {meaning(claimed_value(record)) for record in (accepted, candidate)}
    return len(values) == 2 and "" not in values


def against(snapshot: Snapshot, accepted: Record, candidate: Record, tool: str) -> tuple[Change, ...]:
    """What the file of the conflict between an accepted record and a tool's candidate lacks: its birth, the
    values as they are now, or that it is open again because a value changed since somebody decided."""
    record = snapshot.get(members_id("claimed", accepted.id, candidate.id))
    members = tuple(Member(one.id, claimed_value(one), one.layer) for one in (accepted, candidate))
    if record is None:
        return (_born(accepted, candidate, members, tool),)
    decided = record.status != "open"
    if decided and record.how != "settled" and _values(record.members) == _values(members):
        return ()
    keys: dict[str, Value | None] = {
        "status": "open",
        "members": listed(members),
        "winner": None,
        "how": None,
    }
    if decided:
        keys["ruling"] = None
    return edited(record, keys)


def _values(members: tuple[Member, ...]) -> dict[str, str]:
    return {member.id: member.value for member in members}


def _born(accepted: Record, candidate: Record, members: tuple[Member, ...], tool: str) -> Change:
    identity = members_id("claimed", accepted.id, candidate.id)
    name = " ".join(part for part in (candidate.subject, candidate.attribute) if part)
    keys: dict[str, Value] = {
        "type": "claimed",
        "status": "open",
        "project": accepted.project,
        "prevailing": accepted.id,
        "members": listed(members),
        "title": name or candidate.question or candidate.component or candidate.title,
        "provenance": {"tool": tool},
    }
    return written(Kind.CONFLICT, identity, keys, _HOW.format(tool=tool, id=identity, candidate=candidate.id))


def is_over(snapshot: Snapshot, standing: tuple[Record, ...]) -> bool:
    """Whether a tool's disagreement is none any more: a side is gone, the values agree again, or both are
    active and their slot shows it."""
    if len(standing) < 2:
        return True
    slots = {slot_in(snapshot, one) for one in standing}
    shown = all(one.status == "active" for one in standing) and len(slots) == 1 and None not in slots
    return shown or not differ(standing[0], standing[1])
