"""A person flags what no slot shows: records that cannot all be true. The plan of one commit."""

from __future__ import annotations

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.claimed import member_of, prevailing_of
from atocore.knowledge.conflicts.clash import CLAIMING, clash_in, members_id
from atocore.knowledge.conflicts.pages import listed
from atocore.knowledge.review.deed import Deed
from atocore.records.birth import written
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.plan import Message, Plan
from atocore.records.record import Record, plain_line
from atocore.records.slots import slot_of
from atocore.records.snapshot import Snapshot

_TITLE_CHARS = 80
_HOW = """{why}

A person says that these records cannot all be true, where no slot shows it; `members` lists them.

To decide, run `atocore conflicts resolve {id} --winner ID`, or set `status: resolved` and `winner: ID` here \
and commit. If all can be true, run `atocore conflicts dismiss {id} --reason TEXT`, or set \
`status: dismissed` here and commit.
"""


def add_conflict(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Flag active records as a conflict of type `claimed`, with the reason: they are disputed now."""
    if not deed.why.strip():
        raise AtocoreError(
            "usage", "a claim that records contradict each other needs its reason", "--reason TEXT"
        )
    _fit(records)
    identity = members_id("claimed", *(one.id for one in records))
    _is_new(snapshot, identity, records)
    members = tuple(member_of(one) for one in sorted(records, key=lambda one: (-int(one.layer[1:]), one.id)))
    line = plain_line(deed.why)
    title = line if len(line) <= _TITLE_CHARS else f"{line[: _TITLE_CHARS - 1].rstrip()}…"
    keys: dict[str, Value] = {
        "type": "claimed",
        "status": "open",
        "project": next((one.project for one in records if one.project), ""),
        "prevailing": prevailing_of(members),
        "members": listed(members),
        "title": title,
        "ruling": deed.ruling("add"),
    }
    change = written(Kind.CONFLICT, identity, keys, _HOW.format(why=deed.why.strip(), id=identity))
    ids = (identity, *(one.id for one in members))
    return Plan((change,), Message(f"flag conflict: {title}", "add", deed.actor, ids, deed.why))


def _fit(records: tuple[Record, ...]) -> None:
    """Refuse what cannot be a member, by name."""
    ids = [one.id for one in records]
    if len(ids) < 2:
        raise AtocoreError(
            "usage", "a conflict has two members at least", "atocore conflicts add ID ID --reason TEXT"
        )
    twice = next((one for one in ids if ids.count(one) > 1), "")
    if twice:
        raise AtocoreError("bad-value", f"{twice} is named twice", "name each member once")
    for one in records:
        if one.kind not in CLAIMING:
            raise AtocoreError(
                "bad-value",
                f"{one.id} is a {one.kind}: it states nothing",
                "name memories, entities or state",
            )
        if one.status != "active":
            told = f"{one.id} is {one.status}: only what is active can contradict anything"
            hint = f"atocore promote {one.id}" if one.status == "candidate" else f"atocore show {one.id}"
            raise AtocoreError("impossible-step", told, hint)
    projects = sorted({one.project for one in records if one.project})
    if len(projects) > 1:
        told = f"{' and '.join(projects)} are different projects, which never conflict with each other"
        raise AtocoreError("bad-value", told, "name records of one project")


def _is_new(snapshot: Snapshot, identity: str, records: tuple[Record, ...]) -> None:
    """Refuse what is a conflict already, and tell how it stands."""
    slots = {slot_of(one) for one in records}
    slot = slots.pop() if len(slots) == 1 else None
    clash = clash_in(snapshot, slot) if slot else None
    if clash is not None and {one.id for one in records} <= {member.id for member in clash.members}:
        raise _known(clash.id, clash.status, "their slot shows it")
    record = snapshot.get(identity)
    if record is not None:
        raise _known(identity, record.status, record.ruling.why)


def _known(conflict_id: str, status: str, why: str) -> AtocoreError:
    told = f"{conflict_id} is about these already, and is {status}" + (f": {why}" if why else "")
    hint = "show" if status == "open" else "reopen"
    return AtocoreError("exists", told, f"atocore conflicts {hint} {conflict_id}")
