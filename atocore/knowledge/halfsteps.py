"""What a step made by hand still lacks: the other files that AtoCore's verb would have written with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from atocore.knowledge.conflicts import file_changes
from atocore.knowledge.review import Deed
from atocore.records.codec import read
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.problem import Problem
from atocore.records.record import Record
from atocore.records.schema import KEY_ORDER
from atocore.records.slots import slot_of
from atocore.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Lack:
    """One record that a step on another record should have changed too."""

    record: Record
    step: str
    keys: Mapping[str, Value | None]
    because: str


def lacks(snapshot: Snapshot, records: Iterable[Record]) -> Iterator[Lack]:
    """What the present statuses of `records` ask of others and is not so."""
    for record in records:
        for rule in _RULES:
            yield from rule(snapshot, record)


def _resolved(snapshot: Snapshot, record: Record) -> Iterator[Lack]:
    """A conflict that was resolved for a winner: the losers are superseded by it."""
    if record.kind is not Kind.CONFLICT or record.status != "resolved" or not record.winner:
        return
    for member in record.members:
        loser = snapshot.get(member.id)
        if loser is not None and loser.id != record.winner and loser.status == "active":
            keys: dict[str, Value | None] = {"status": "superseded", "superseded_by": record.winner}
            yield Lack(loser, "supersede", keys, f"{record.id} was resolved in favour of {record.winner}")


def _graduated(snapshot: Snapshot, record: Record) -> Iterator[Lack]:
    """An entity that was promoted or refused: the memories that became it follow."""
    if record.kind is not Kind.ENTITY:
        return
    for memory in snapshot.referring(record.id):
        if memory.graduated_to != record.id:
            continue
        if record.status == "active" and memory.status == "active":
            yield Lack(memory, "graduate", {"status": "graduated"}, f"{record.id} was promoted")
        if record.status == "rejected" and memory.status in ("active", "graduated"):
            keys: dict[str, Value | None] = {"graduated_to": None}
            if memory.status == "graduated":
                keys["status"] = "active"
            yield Lack(memory, "ungraduate", keys, f"{record.id} was rejected")
        if record.status == "candidate" and memory.status == "graduated":
            yield Lack(memory, "ungraduate", {"status": "active"}, f"{record.id} is a candidate again")


def _superseded(snapshot: Snapshot, record: Record) -> Iterator[Lack]:
    """A record that names its predecessor: the predecessor says so too."""
    if record.status != "active":
        return
    for target in record.supersedes:
        old = snapshot.get(target)
        if old is not None and old.status == "active" and record.id not in old.supersedes:
            keys: dict[str, Value | None] = {"status": "superseded", "superseded_by": record.id}
            yield Lack(old, "supersede", keys, f"{record.id} supersedes it")


def _proposed(snapshot: Snapshot, record: Record) -> Iterator[Lack]:
    """A candidate that was promoted by hand: what it proposed is done."""
    if record.status != "active":
        return
    for what, target in record.proposes:
        old = snapshot.get(target)
        if old is None or old.status != "active":
            continue
        if what == "retire":
            yield Lack(old, "retire", {"status": "retired"}, f"{record.id}, which proposed it, was promoted")
        else:
            keys: dict[str, Value | None] = {"status": "superseded", "superseded_by": record.id}
            yield Lack(old, "supersede", keys, f"{record.id}, which proposed it, was promoted")


_RULES: tuple[Callable[[Snapshot, Record], Iterator[Lack]], ...] = (
    _resolved,
    _graduated,
    _superseded,
    _proposed,
)


def rest_of_steps(snapshot: Snapshot, paths: Iterable[str], deed: Deed) -> Plan:
    """The commit that writes what the records at `paths` lack; without changes where nothing is."""
    found: dict[str, Lack] = {}
    for lack in lacks(snapshot, _records(snapshot, paths)):
        found.setdefault(lack.record.path, lack)
    changes = tuple(
        Change(path, lack.record.raw, edit(lack.record.raw, _with_ruling(lack, deed), order=KEY_ORDER))
        for path, lack in sorted(found.items())
    )
    ids = tuple(lack.record.id for lack in found.values())
    reasons = "\n".join(f"{lack.record.id}: {lack.because}" for lack in found.values())
    subject = f"complete {len(changes)} hand-made step{'s' * (len(changes) != 1)}"
    return Plan(changes, Message(subject, "complete", deed.actor, ids, reasons))


def _with_ruling(lack: Lack, deed: Deed) -> dict[str, Value | None]:
    if "status" not in lack.keys:
        return dict(lack.keys)
    return {**lack.keys, "ruling": replace(deed, why=lack.because).ruling(lack.step)}


def missing_conflict_files(snapshot: Snapshot, paths: Iterable[str]) -> Plan:
    """The commit that writes the conflict files which the records at `paths` make or settle."""
    records = list(_records(snapshot, paths))
    slots = {slot_of(record) for record in records} | {r.slot for r in records if r.slot}
    return conflict_files(snapshot, [slot for slot in slots if slot])


def conflict_files(snapshot: Snapshot, slots: Iterable[tuple[str, ...]]) -> Plan:
    """The commit that makes the conflict files of these slots true."""
    changes = tuple(change for slot in sorted(slots) for change in file_changes(snapshot, slot))
    births = sum(change.old is None for change in changes)
    ids = tuple(change.path.rsplit("/", 1)[-1].removesuffix(".md") for change in changes)
    if len(changes) == 1:
        subject = f"{'flag' if births else 'update'} conflict {ids[0]}"
    else:
        subject = f"flag {births} and update {len(changes) - births} conflicts"
    return Plan(changes, Message(subject, "flag", Actor.MACHINE, ids))


def half_step_problems(snapshot: Snapshot, records: Iterable[Record]) -> Iterator[Problem]:
    """The same lacks as problems, for `check`."""
    for lack in lacks(snapshot, records):
        told = f"{lack.because}, and this record is still {lack.record.status}"
        yield Problem(lack.record.path, lack.record.header.line("status"), "half-step", told)


def _records(snapshot: Snapshot, paths: Iterable[str]) -> Iterator[Record]:
    for path in paths:
        raw = snapshot.raw_at(path)
        record = read(path, raw, max_bytes=len(raw)).record if raw is not None else None
        # what the snapshot holds under the id may differ: a copy, or a machine's step
        known = snapshot.get(record.id) if record is not None else None
        if known is not None and known.path == path:
            yield known
