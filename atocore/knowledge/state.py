"""Trusted state (L3): set, replaced and unset by people only, by an explicit command or a committed edit."""

from __future__ import annotations

from dataclasses import dataclass

from atocore.errors import AtocoreError
from atocore.knowledge.review.deed import Deed
from atocore.records.birth import written
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.kinds import STATE_TYPES, Kind
from atocore.records.plan import Change, Message, Plan
from atocore.records.record import Record
from atocore.records.schema import KEY_ORDER
from atocore.records.slots import normal_name, normal_thing
from atocore.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class StateKey:
    """What a state record is about: `subject.attribute`, or a bare `attribute` of the project."""

    project: str
    subject: str
    attribute: str

    @classmethod
    def of(cls, project: str, key: str) -> StateKey:
        """Read `KEY`: what stands before the last full stop is the subject."""
        subject, _, attribute = key.strip().rpartition(".")
        if not project.strip() or not attribute.strip():
            raise AtocoreError(
                "usage", f"{key!r} names no key", 'like: atocore state set p04 "mirror.mass" "4.2 kg"'
            )
        return cls(project.strip(), subject.strip(), attribute.strip())

    @property
    def name(self) -> str:
        """The key as people write it."""
        return f"{self.subject}.{self.attribute}" if self.subject else self.attribute

    @property
    def slot(self) -> tuple[str, ...]:
        """The slot that a state about this key states."""
        return (
            "claim",
            normal_name(self.project),
            normal_thing(self.subject),
            normal_name(self.attribute),
        )


def present(snapshot: Snapshot, key: StateKey) -> tuple[Record, ...]:
    """The active state records of a key (one, unless people committed two by hand), by path."""
    found = (one for one in snapshot.in_slot(key.slot) if one.kind is Kind.STATE and one.status == "active")
    return tuple(sorted(found, key=lambda record: record.path))


def set_state(
    snapshot: Snapshot,
    key: StateKey,
    value: str,
    record_id: str,
    deed: Deed,
    category: str = "",
    source: Record | None = None,
) -> Plan:
    """Declare a value trusted; what stood there is superseded in the same commit."""
    old = present(snapshot, key)
    type_ = category or (old[0].type if old else "fact")
    if type_ not in STATE_TYPES:
        raise AtocoreError(
            "bad-value", f"{type_!r} is no category of state", f"one of: {', '.join(STATE_TYPES)}"
        )
    if not value.strip():
        raise AtocoreError(
            "bad-value", "an empty value is no state", "to remove a value: atocore state unset"
        )
    keys: dict[str, Value] = {
        "type": type_,
        "status": "active",
        "project": key.project,
        "title": f"{key.name}: {value}",
        "subject": key.subject,
        "attribute": key.attribute,
        "value": value,
        "created": deed.at,
        "supersedes": tuple(record.id for record in old),
        "ruling": deed.ruling("set"),
    }
    if source is not None:
        keys["provenance"] = {"record": source.id}
    born = written(Kind.STATE, record_id, keys, f"{key.name} is {value}.\n", key.name)
    superseded = [
        Change(
            record.path,
            record.raw,
            edit(
                record.raw,
                {"status": "superseded", "superseded_by": record_id, "ruling": deed.ruling("supersede")},
                order=KEY_ORDER,
            ),
        )
        for record in old
    ]
    ids = (record_id, *(record.id for record in old))
    message = Message(f"set state of {key.project}: {key.name} is {value}", "set", deed.actor, ids, deed.why)
    return Plan((born, *superseded), message)


def unset_state(snapshot: Snapshot, key: StateKey, deed: Deed) -> Plan:
    """Withdraw what stands at a key."""
    old = present(snapshot, key)
    if not old:
        raise AtocoreError(
            "not-found", f"no state {key.name} in {key.project}", f"atocore state list {key.project}"
        )
    changes = tuple(
        Change(
            record.path,
            record.raw,
            edit(record.raw, {"status": "retired", "ruling": deed.ruling("unset")}, order=KEY_ORDER),
        )
        for record in old
    )
    ids = tuple(record.id for record in old)
    return Plan(
        changes, Message(f"unset state of {key.project}: {key.name}", "unset", deed.actor, ids, deed.why)
    )
