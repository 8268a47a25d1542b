"""Who takes a step, and the edits of one plan while it is decided: what every person's step shares.

Time, name and ids are arguments. Knows the lifecycle table, and no single verb.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from atocore.errors import AtocoreError
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.lifecycle import STEPS, step_for
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.record import Record
from atocore.records.schema import KEY_ORDER
from atocore.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Deed:
    """Who takes a step (`Name <email>`), when (RFC 3339, UTC), and why."""

    by: str
    at: str
    why: str = ""
    actor: Actor = Actor.PERSON

    def ruling(self, step: str) -> Mapping[str, Value]:
        """The `ruling` that the step leaves in the record."""
        told = {"step": step, "by": self.by, "at": self.at, "why": " ".join(self.why.split())}
        return {name: value for name, value in told.items() if value}


@dataclass(slots=True)
class Edits:
    """The edits of one plan while it is decided: keys by record, in the order of first touch."""

    snapshot: Snapshot
    deed: Deed
    touched: dict[str, tuple[Record, dict[str, Value | None]]] = field(default_factory=dict)
    births: list[Change] = field(default_factory=list)

    def now(self, record: Record) -> Record:
        """The record with the status that the plan gives it so far."""
        _, keys = self.touched.get(record.id, (record, {}))
        status = keys.get("status")
        return replace(record, status=status) if isinstance(status, str) else record

    def change(self, record: Record, keys: Mapping[str, Value | None]) -> None:
        """Note keys to set (None: remove) in a record."""
        self.touched.setdefault(record.id, (record, {}))[1].update(keys)

    def step(self, name: str, record: Record, more: Mapping[str, Value | None] | None = None) -> None:
        """Take a step of the lifecycle table, or refuse it."""
        step = step_for(name, self.now(record))
        if step is None:
            raise impossible(name, self.now(record))
        if "status" in self.touched.get(record.id, (record, {}))[1]:
            raise AtocoreError(
                "impossible-step",
                f"cannot {name} {record.id}: it would take two steps in one commit",
                "take the steps one after the other",
            )
        keys = {"status": step.target, "ruling": self.deed.ruling(name), **(more or {})}
        if step.target == "active" != record.status and not self._waits(record):
            keys["graduated_to"] = None
        self.change(record, keys)

    def _waits(self, record: Record) -> bool:
        """Whether the entity that a memory became is still to be decided. Else the memory, active again,
        holds its fact itself."""
        entity = self.snapshot.get(record.graduated_to) if record.graduated_to else None
        return entity is None or self.now(entity).status == "candidate"

    def supersedes(self, record: Record) -> tuple[str, ...]:
        """What the record supersedes, as far as the plan goes."""
        _, keys = self.touched.get(record.id, (record, {}))
        planned = keys.get("supersedes", record.supersedes)
        return tuple(str(entry) for entry in planned) if isinstance(planned, tuple) else ()

    def replace(self, old: Record, new: Record, step: str = "supersede") -> None:
        """`old` is superseded by `new` (or merged into it), which says so."""
        if old.id == new.id:
            raise AtocoreError("impossible-step", f"{new.id} cannot supersede itself", "name another record")
        self.step(step, old, {"superseded_by": new.id})
        known = (entry for entry in self.supersedes(new) if entry != old.id)
        self.change(new, {"supersedes": (*known, old.id)})
        if new.superseded_by:  # left from before it was restored by hand: it would close a circle
            self.change(new, {"superseded_by": None})

    def give_back(self, old: Record) -> None:
        """`old` is active again; nobody claims to replace it any longer."""
        self.step("restore", old, {"superseded_by": None})
        self.release(old)

    def release(self, old: Record) -> None:
        """Nobody says any longer that it replaced `old`."""
        for successor in self.snapshot.referring(old.id):
            if old.id in self.supersedes(successor):
                left = tuple(entry for entry in self.supersedes(successor) if entry != old.id)
                self.change(successor, {"supersedes": left or None})

    def plan(self, action: str, subject: str, records: Iterable[str] = ()) -> Plan:
        """The plan: one change a file, and the commit's message."""
        changes = [
            Change(record.path, record.raw, edit(record.raw, keys, order=KEY_ORDER))
            for record, keys in self.touched.values()
        ]
        ids = dict.fromkeys([*records, *self.touched])
        message = Message(subject, action, self.deed.actor, tuple(ids), self.deed.why)
        effective = [change for change in changes if change.new != change.old]
        return Plan((*effective, *self.births), message)


def impossible(name: str, record: Record) -> AtocoreError:
    """The refusal of a step that the record's present status does not allow."""
    of = sorted({str(kind) for step in STEPS if step.name == name for kind in step.kinds})
    if record.kind not in of:
        told = f"cannot {name} {record.id}: it is of kind {record.kind}, and {name} is for {' and '.join(of)}"
        return AtocoreError("impossible-step", told, f"atocore show {record.id}")
    successor = record.superseded_by or record.graduated_to
    look = f"atocore show {successor or record.id}"
    because = f"already {record.status}" + (f" by {successor}" if successor else "")
    return AtocoreError("impossible-step", f"cannot {name} {record.id}: {record.kind} is {because}", look)


def name_of(record: Record) -> str:
    """A record in a few words, for a commit's subject."""
    told = record.claim or record.title or record.id
    return told if len(told) <= 60 else f"{told[:57].rstrip()}..."


def subject(verb: str, records: tuple[Record, ...]) -> str:
    """A commit's subject: the one record by name, several by their number."""
    if len(records) == 1:
        return f"{verb} {records[0].kind}: {name_of(records[0])}"
    return f"{verb} {len(records)} records"


def find(snapshot: Snapshot, record_id: str) -> Record:
    """The record with that id, or `AtocoreError` not-found."""
    record = snapshot.get(record_id)
    if record is None:
        raise AtocoreError(
            "not-found",
            f"no committed record {record_id}",
            "atocore list shows the ids; a saved file counts once it is committed",
        )
    return record
