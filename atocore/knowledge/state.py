"""Trusted state (L3): set, replaced and unset by people only, by an explicit command or a committed edit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from atocore.errors import AtocoreError
from atocore.knowledge.review.deed import Deed
from atocore.records.birth import written
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.kinds import STATE_TYPES, Kind
from atocore.records.naming import canonical
from atocore.records.plan import Change, Message, Plan
from atocore.records.record import Record
from atocore.records.schema import KEY_ORDER
from atocore.records.slots import normal_name, normal_thing
from atocore.records.snapshot import Snapshot

_STOP = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_LONG = 80


@dataclass(frozen=True, slots=True)
class StateKey:
    """What a state record is about: `subject.attribute`, or a bare `attribute` of the project."""

    project: str
    subject: str
    attribute: str

    @classmethod
    def of(cls, project: str, key: str) -> StateKey:
        """Read `KEY`: what stands before the last full stop is the subject; one in a number is none."""
        at = max((match.start() for match in _STOP.finditer(key.strip())), default=-1)
        subject, attribute = key.strip()[: max(at, 0)], key.strip()[at + 1 :]
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
    found = {one.id: one for one in (*snapshot.in_slot(key.slot), *answering(snapshot, key, ("active",)))}
    states = (one for one in found.values() if one.kind is Kind.STATE and one.status == "active")
    return tuple(sorted(states, key=lambda record: record.path))


def answering(snapshot: Snapshot, key: StateKey, statuses: Collection[str] = ()) -> Iterator[Record]:
    """The state records of a key that answer a question: they have that for their slot, and the key all the
    same."""
    meant = canonical(snapshot, key.slot)
    for brief in snapshot.briefs((Kind.STATE,), statuses):
        if brief.question:
            named = (normal_name(brief.project), normal_thing(brief.subject), normal_name(brief.attribute))
            one = snapshot.get(brief.id) if canonical(snapshot, ("claim", *named)) == meant else None
            if one is not None:
                yield one


def set_state(
    snapshot: Snapshot,
    key: StateKey,
    value: str,
    record_id: str,
    deed: Deed,
    category: str = "",
    source: Record | None = None,
    question: str = "",
) -> Plan:
    """Declare a value trusted; what stood there is superseded in the same commit. Where the very same stands
    there, nothing is to be done. `question` is the one that a decision answers."""
    old = present(snapshot, key)
    type_ = category or (old[0].type if old else "decision" if question else "fact")
    question = question or (old[0].question if old and type_ == "decision" else "")
    if type_ not in STATE_TYPES:
        raise AtocoreError(
            "bad-value", f"{type_!r} is no category of state", f"one of: {', '.join(STATE_TYPES)}"
        )
    if not value.strip():
        raise AtocoreError(
            "bad-value", "an empty value is no state", "to remove a value: atocore state unset"
        )
    if len(old) == 1 and _says(old[0], value, type_, source, question):
        return Plan((), None)
    first = value.strip().splitlines()[0]
    told = first if len(first) <= _LONG and first == value.strip() else f"{first[:_LONG].rstrip()} …"
    keys: dict[str, Value] = {
        "type": type_,
        "status": "active",
        "project": key.project,
        "title": f"{key.name}: {told}",
        "subject": key.subject,
        "attribute": key.attribute,
        "value": value,
        "question": question,
        "created": deed.at,
        "supersedes": tuple(record.id for record in old),
        "ruling": deed.ruling("set"),
    }
    if source is not None:
        keys["provenance"] = {"record": source.id}
    said = f"{key.name} is {value}.\n" if told == value.strip() else f"{key.name}:\n\n{value.strip()}\n"
    born = written(Kind.STATE, record_id, keys, said, key.name)
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
    message = Message(f"set state of {key.project}: {key.name} is {told}", "set", deed.actor, ids, deed.why)
    return Plan((born, *superseded), message)


def _says(old: Record, value: str, type_: str, source: Record | None, question: str) -> bool:
    """Whether a state says all of this already; one that names no origin may keep the one it has."""
    origin = old.provenance.record if source is None else source.id
    return (old.value, old.type, old.question, old.provenance.record) == (
        value.strip(),
        type_,
        question.strip(),
        origin,
    )


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
