"""What a step made by hand still lacks: the other files that AtoCore's verb would have written with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.claimed import claim_changes, claim_in, files_of
from atocore.knowledge.conflicts.clash import came_back, clash_in
from atocore.knowledge.conflicts.duplicate_files import duplicate_changes
from atocore.knowledge.conflicts.duplicates import claimants
from atocore.knowledge.conflicts.files import file_changes
from atocore.knowledge.conflicts.pages import ids_of
from atocore.knowledge.review.deed import Deed
from atocore.knowledge.review.graduation import is_left_alone
from atocore.records.codec import read
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.lifecycle import explained
from atocore.records.naming import canonical
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.problem import Problem
from atocore.records.record import Record
from atocore.records.remembered import remembered
from atocore.records.schema import KEY_ORDER
from atocore.records.slots import stated_slot
from atocore.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Lack:
    """What a step on another record should have changed in this one too. `step` is "" where its status stays,
    `adds` and `drops` are entries of `supersedes`. With no change at all, only a person can tell what was
    meant."""

    record: Record
    because: str
    step: str = ""
    keys: Mapping[str, Value | None] = field(default_factory=dict)
    adds: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()


def lacks(snapshot: Snapshot, records: Iterable[Record]) -> Iterator[Lack]:
    """What the present statuses of `records` ask of others and is not so."""
    for record in records:
        for rule in _RULES:
            yield from rule(snapshot, record)


def _superseded_by(old: Record, new: Record, because: str) -> Iterator[Lack]:
    yield Lack(old, because, "supersede", {"status": "superseded", "superseded_by": new.id})
    if old.id not in new.supersedes:
        yield Lack(new, because, adds=(old.id,))


def _resolved(snapshot: Snapshot, record: Record) -> Iterator[Lack]:
    """A conflict that was resolved for a winner: the losers are superseded by it."""
    if record.kind is not Kind.CONFLICT or record.status != "resolved" or record.how == "settled":
        return
    clash = clash_in(snapshot, record.slot) if record.slot else claim_in(snapshot, record)
    if clash is None and record.type != "duplicate":
        return
    members = [member.id for member in (clash or record).members]
    if record.winner not in members:
        yield Lack(record, f"{record.id} was resolved, and `winner` names none of its members")
        return
    winner = snapshot.get(record.winner)
    if winner is None or (clash is not None and clash.status != "resolved"):
        return
    because = f"{record.id} was resolved in favour of {record.winner}"
    if winner.status == "candidate" and record.type == "claimed" and winner.ruling.step != "demote":
        yield Lack(winner, because, "promote", {"status": "active"})
    elif winner.status != "active":
        return
    for loser in (snapshot.get(member) for member in members if member != winner.id):
        if loser is not None and loser.status == "active" and not came_back(winner, loser):
            yield from _superseded_by(loser, winner, because)
        elif loser is not None and loser.status == "candidate" and not loser.ruling.step:
            yield Lack(loser, because, "reject", {"status": "rejected"})


def _reopened(snapshot: Snapshot, record: Record) -> Iterator[Lack]:
    """A conflict that was opened again and still names its winner: the losers come back."""
    if record.kind is not Kind.CONFLICT or record.status != "open" or not record.winner:
        return
    because = f"{record.id} was opened again"
    yield Lack(record, because, keys={"winner": None})
    winner = snapshot.get(record.winner)
    for loser in (snapshot.get(member.id) for member in record.members):
        if loser is not None and loser.status == "superseded" and loser.superseded_by == record.winner:
            yield Lack(loser, because, "restore", {"status": "active", "superseded_by": None})
            if winner is not None and loser.id in winner.supersedes:
                yield Lack(winner, because, drops=(loser.id,))


def _graduated(snapshot: Snapshot, record: Record) -> Iterator[Lack]:
    """An entity that was promoted, demoted or refused: the memories that became it follow."""
    if record.kind is not Kind.ENTITY:
        return
    for memory in snapshot.referring(record.id):
        if memory.graduated_to == record.id:
            yield from _follows(memory, record)


def _follows(memory: Record, entity: Record) -> Iterator[Lack]:
    was_pointer = memory.ruling.step == "graduate"
    match entity.status, memory.status:
        case "active", "active" if not was_pointer:
            yield Lack(memory, f"{entity.id} was promoted", "graduate", {"status": "graduated"})
        case "rejected", "active":
            yield Lack(memory, f"{entity.id} was rejected", keys={"graduated_to": None})
        case "rejected", "graduated":
            keys: dict[str, Value | None] = {"status": "active", "graduated_to": None}
            yield Lack(memory, f"{entity.id} was rejected", "ungraduate", keys)
        case "candidate", "graduated" if was_pointer:
            yield Lack(memory, f"{entity.id} is a candidate again", "ungraduate", {"status": "active"})
        case "candidate", "graduated":
            yield Lack(entity, f"{memory.id} has graduated to it")


def _ungraduated(snapshot: Snapshot, record: Record) -> Iterator[Lack]:
    """A pointer that was made active again: the fact is the memory's, and the entity leaves where
    it was born of it and of no other."""
    if record.kind is not Kind.MEMORY or record.status != "active" or record.ruling.step != "graduate":
        return
    entity = snapshot.get(record.graduated_to) if record.graduated_to else None
    because = f"{record.id} has not graduated any more"
    if entity is not None and entity.status == "active":
        yield Lack(record, because, keys={"graduated_to": None})
        if is_left_alone(snapshot, entity, {record.id}):
            yield Lack(entity, because, "retire", {"status": "retired"})


def _superseding(snapshot: Snapshot, record: Record) -> Iterator[Lack]:
    """A record that names its predecessor: the predecessor says so too, unless a person restored it."""
    if record.status != "active":
        return
    for target in record.supersedes:
        old = snapshot.get(target)
        if old is None or old.status != "active" or record.id in old.supersedes:
            continue
        if old.superseded_by != record.id and old.ruling.step != "supersede":
            yield from _superseded_by(old, record, f"{record.id} supersedes it")


def _restored(snapshot: Snapshot, record: Record) -> Iterator[Lack]:
    """A superseded record that was made active again: neither side speaks of the supersession any more."""
    if record.status != "active":
        return
    successors = [record.superseded_by] if record.superseded_by else []
    if record.ruling.step == "supersede":
        successors += [other.id for other in snapshot.referring(record.id) if record.id in other.supersedes]
    because = f"{record.id} was restored"
    for successor in map(snapshot.get, dict.fromkeys(successors)):
        if successor is not None and record.id in successor.supersedes:
            yield Lack(successor, because, drops=(record.id,))
            if record.superseded_by == successor.id:
                yield Lack(record, because, keys={"superseded_by": None})


def _proposed(snapshot: Snapshot, record: Record) -> Iterator[Lack]:
    """A candidate that was promoted by hand: what it proposed is done. The verb did it at once."""
    if record.status != "active" or explained(record):
        return
    because = f"{record.id}, which proposed it, was promoted"
    for what, target in record.proposes:
        old = snapshot.get(target)
        if old is None or old.status != "active" or old.id == record.id or old.ruling.step == "restore":
            continue
        if what == "retire":
            yield Lack(old, because, "retire", {"status": "retired"})
        elif not came_back(record, old):
            yield from _superseded_by(old, record, because)


_RULES: tuple[Callable[[Snapshot, Record], Iterator[Lack]], ...] = (
    _resolved,
    _reopened,
    _graduated,
    _ungraduated,
    _superseding,
    _restored,
    _proposed,
)


def rest_of_steps(snapshot: Snapshot, paths: Iterable[str], deed: Deed) -> Plan:
    """The commit that writes what the records at `paths` lack; without changes where nothing is."""
    found: dict[str, list[Lack]] = {}
    for lack in lacks(snapshot, _records(snapshot, paths)):
        found.setdefault(lack.record.path, []).append(lack)
    changes = [change for path in sorted(found) if (change := _completed(found[path], deed)) is not None]
    written = {change.path for change in changes}
    told = [lack for path, listed in found.items() if path in written for lack in listed]
    ids = tuple(dict.fromkeys(lack.record.id for lack in told))
    reasons = "\n".join(dict.fromkeys(f"{lack.record.id}: {lack.because}" for lack in told))
    steps = len({lack.because for lack in told})
    subject = f"complete {steps} hand-made step{'s' * (steps != 1)}"
    return Plan(tuple(changes), Message(subject, "complete", deed.actor, ids, reasons))


def _completed(listed: list[Lack], deed: Deed) -> Change | None:
    """One file with all that it lacks; None where nothing is to be written, or its form leaves no way to."""
    record = listed[0].record
    keys: dict[str, Value | None] = {}
    for lack in listed:
        keys.update(lack.keys)
        if lack.step:
            keys["ruling"] = replace(deed, why=lack.because).ruling(lack.step)
    adds = [entry for lack in listed for entry in lack.adds]
    drops = {entry for lack in listed for entry in lack.drops}
    supersedes = tuple(entry for entry in dict.fromkeys([*record.supersedes, *adds]) if entry not in drops)
    if supersedes != record.supersedes:
        keys["supersedes"] = supersedes or None
    try:
        new = edit(record.raw, keys, order=KEY_ORDER)
    except AtocoreError:
        return None
    return Change(record.path, record.raw, new) if new != record.raw else None


def missing_conflict_files(snapshot: Snapshot, paths: Iterable[str]) -> Plan:
    """The commit that writes the conflict files which what changed at `paths` makes or settles."""
    paths, snapshot = list(paths), remembered(snapshot)
    records = list(_records(snapshot, paths))
    told = [file for one in records for file in snapshot.referring(one.id, Kind.CONFLICT)]
    if any(snapshot.raw_at(path) is None for path in paths):  # a member may be gone, and its id with it
        told += (
            file
            for file in snapshot.select((Kind.CONFLICT,), ("open",))
            if any(snapshot.get(member.id) is None for member in file.members)
        )
    slots = [slot for one in (*records, *told) if (slot := stated_slot(one))]
    return conflict_files(snapshot, slots, {one.id for one in (*records, *told)})


def conflict_files(snapshot: Snapshot, slots: Iterable[tuple[str, ...]], records: Iterable[str] = ()) -> Plan:
    """The commit that makes the conflict files of these slots, and those of these records that are claimed or
    tell of duplicates, true."""
    snapshot = remembered(snapshot)
    slots = sorted({canonical(snapshot, slot) for slot in slots})
    by_slot = (change for slot in slots for change in file_changes(snapshot, slot))
    ids = sorted(records)
    alike, _ = duplicate_changes(snapshot, {*ids, *claimants(snapshot, slots)})
    claims = (change for one in files_of(snapshot, ids) for change in claim_changes(snapshot, one))
    changes = (*by_slot, *claims, *alike)
    births = sum(change.old is None for change in changes)
    named = ids_of(changes)
    if len(changes) == 1:
        subject = f"{'flag' if births else 'update'} conflict {named[0]}"
    else:
        subject = f"flag {births} and update {len(changes) - births} conflicts"
    return Plan(changes, Message(subject, "flag", Actor.MACHINE, named))


def half_step_problems(snapshot: Snapshot, records: Iterable[Record]) -> Iterator[Problem]:
    """The same lacks as problems, for `check`: where a status is due, what goes with it is not told too."""
    found = list(lacks(snapshot, records))
    due = {lack.because for lack in found if lack.step}
    for lack in found:
        if lack.step or lack.because not in due:
            so_far = f"is still {lack.record.status}" if lack.step else "does not say so yet"
            told = f"{lack.because}, and {lack.record.id} {so_far}"
            yield Problem(lack.record.path, lack.record.header.line("status"), "half-step", told)


def _records(snapshot: Snapshot, paths: Iterable[str]) -> Iterator[Record]:
    for path in paths:
        raw = snapshot.raw_at(path)
        record = read(path, raw, max_bytes=len(raw)).record if raw is not None else None
        # what the snapshot holds under the id may differ: a copy, or a machine's step
        known = snapshot.get(record.id) if record is not None else None
        if known is not None and known.path == path:
            yield known
