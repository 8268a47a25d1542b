"""Graduation: a memory's fact lives on as an entity, and the memory stays as its pointer.

Plans of a person's steps; reads a snapshot, and is handed time, name and ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from atocore.errors import AtocoreError
from atocore.knowledge.review.deed import Deed, Edits, impossible, name_of, subject
from atocore.records.birth import written
from atocore.records.header import Value
from atocore.records.kinds import KINDS, Kind
from atocore.records.plan import Change, Plan
from atocore.records.record import Record
from atocore.records.schema import GRADUATION_TYPES
from atocore.records.snapshot import Snapshot


def graduating(snapshot: Snapshot, entity: Record) -> list[Record]:
    """The active memories that wait for this entity to be promoted."""
    return [r for r in snapshot.referring(entity.id) if r.graduated_to == entity.id and r.status == "active"]


def pointers(snapshot: Snapshot, entity: Record) -> list[Record]:
    """The memories that live on as this entity."""
    return [
        r for r in snapshot.referring(entity.id) if r.graduated_to == entity.id and r.status == "graduated"
    ]


def graduate(snapshot: Snapshot, memory: Record, entity_id: str, deed: Deed, entity_type: str = "") -> Plan:
    """Propose that a memory's fact lives on as an entity: a candidate entity is born with its claim. The
    memory stays active until a person promotes the entity; a candidate memory is rejected in its favour."""
    if memory.kind is not Kind.MEMORY or memory.status not in ("active", "candidate"):
        raise impossible("graduate", memory)
    waiting = snapshot.get(memory.graduated_to) if memory.graduated_to else None
    if waiting is not None and waiting.status in ("candidate", "active"):
        raise AtocoreError(
            "impossible-step",
            f"cannot graduate {memory.id}: it already waits for {memory.graduated_to}",
            f"atocore promote {memory.graduated_to}, or atocore ungraduate {memory.id}",
        )
    chosen = entity_type or GRADUATION_TYPES.get(memory.type, "")
    if chosen not in KINDS[Kind.ENTITY].types:
        raise AtocoreError(
            "bad-value",
            f"no entity type for a memory of type {memory.type}"
            if not chosen
            else f"{chosen} is no entity type",
            f"give --type, one of: {', '.join(KINDS[Kind.ENTITY].types)}",
        )
    edits = Edits(snapshot, deed)
    edits.births.append(_entity_of(memory, entity_id, chosen, deed))
    if memory.status == "candidate":
        why = replace(deed, why=deed.why or f"lives on as {entity_id}")
        edits.change(
            memory, {"status": "rejected", "ruling": why.ruling("reject"), "graduated_to": entity_id}
        )
    else:
        edits.change(memory, {"graduated_to": entity_id})
    return edits.plan("graduate", f"graduate memory: {name_of(memory)} to {chosen}", (memory.id, entity_id))


def _entity_of(memory: Record, entity_id: str, entity_type: str, deed: Deed) -> Change:
    carried = (
        "project",
        "title",
        "aliases",
        "tags",
        "subject",
        "attribute",
        "value",
        "question",
        "component",
        "confidence",
    )
    keys: dict[str, Value] = {"type": entity_type, "status": "candidate", "created": deed.at}
    for name in (*carried, "valid_from", "valid_until", "stale_after", "relations"):
        value = memory.header.get(name)
        if value:
            keys[name] = value
    stated = memory.header.get("provenance")
    keys["provenance"] = {**(stated if isinstance(stated, Mapping) else {}), "record": memory.id}
    return written(Kind.ENTITY, entity_id, keys, memory.body, memory.title)


def ungraduate(snapshot: Snapshot, memory: Record, deed: Deed) -> Plan:
    """Take a graduation back: the memory holds the fact again, and the entity leaves."""
    if not memory.graduated_to:
        raise AtocoreError("impossible-step", f"cannot ungraduate {memory.id}: it has not graduated", "")
    edits = Edits(snapshot, deed)
    if memory.status == "graduated":
        edits.step("ungraduate", memory, {"graduated_to": None})
    elif memory.status == "rejected":
        edits.step("reopen", memory, {"graduated_to": None})
    else:
        edits.change(memory, {"graduated_to": None})
    entity = snapshot.get(memory.graduated_to)
    leave = {"candidate": "reject", "active": "retire"}.get(entity.status) if entity else None
    if entity is not None and leave:
        edits.step(leave, entity)
    return edits.plan("ungraduate", subject("ungraduate", (memory,)))
