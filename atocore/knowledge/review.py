"""A person's steps: each function reads a snapshot and returns the plan of exactly one commit.

Time, name and ids are arguments. Conflict files are added by `conflicts.with_conflicts` afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts import Clash, clash_in
from atocore.records.birth import written
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.kinds import KINDS, Kind
from atocore.records.lifecycle import step_for
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.record import Member, Record
from atocore.records.schema import GRADUATION_TYPES, KEY_ORDER
from atocore.records.snapshot import AfterSnapshot, Snapshot


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
class _Draft:
    """The edits of one plan while it is decided: keys by record, in the order of first touch."""

    snapshot: Snapshot
    deed: Deed
    edits: dict[str, tuple[Record, dict[str, Value | None]]] = field(default_factory=dict)
    births: list[Change] = field(default_factory=list)

    def now(self, record: Record) -> Record:
        """The record with the status that the plan gives it so far."""
        _, keys = self.edits.get(record.id, (record, {}))
        status = keys.get("status")
        return replace(record, status=status) if isinstance(status, str) else record

    def change(self, record: Record, keys: Mapping[str, Value | None]) -> None:
        """Note keys to set (None: remove) in a record."""
        self.edits.setdefault(record.id, (record, {}))[1].update(keys)

    def step(self, name: str, record: Record, more: Mapping[str, Value | None] | None = None) -> None:
        """Take a step of the lifecycle table, or refuse it."""
        step = step_for(name, self.now(record))
        if step is None:
            raise _impossible(name, self.now(record))
        if "status" in self.edits.get(record.id, (record, {}))[1]:
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
        _, keys = self.edits.get(record.id, (record, {}))
        planned = keys.get("supersedes", record.supersedes)
        return tuple(str(entry) for entry in planned) if isinstance(planned, tuple) else ()

    def plan(self, action: str, subject: str, records: Iterable[str] = ()) -> Plan:
        """The plan: one change a file, and the commit's message."""
        changes = [
            Change(record.path, record.raw, edit(record.raw, keys, order=KEY_ORDER))
            for record, keys in self.edits.values()
        ]
        ids = dict.fromkeys([*records, *self.edits])
        message = Message(subject, action, self.deed.actor, tuple(ids), self.deed.why)
        effective = [change for change in changes if change.new != change.old]
        return Plan((*effective, *self.births), message)


def _impossible(name: str, record: Record) -> AtocoreError:
    successor = record.superseded_by or record.graduated_to
    look = f"atocore show {successor or record.id}"
    because = f"already {record.status}" + (f" by {successor}" if successor else "")
    return AtocoreError("impossible-step", f"cannot {name} {record.id}: {record.kind} is {because}", look)


def name_of(record: Record) -> str:
    """A record in a few words, for a commit's subject."""
    told = record.claim or record.title or record.id
    return told if len(told) <= 60 else f"{told[:57].rstrip()}..."


def _subject(verb: str, records: tuple[Record, ...]) -> str:
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


def promote(
    snapshot: Snapshot, records: tuple[Record, ...], deed: Deed, supersede: tuple[Record, ...] = ()
) -> Plan:
    """Make candidates active, and carry out what they propose; `supersede` are what the one replaces."""
    draft = _Draft(snapshot, deed)
    if supersede and len(records) != 1:
        raise AtocoreError("usage", "--supersede goes with one record", "promote them one by one")
    for record in records:
        draft.step("promote", record, {"superseded_by": None})
        for old in {one.id: one for one in supersede}.values():
            _replace(draft, old, record)
        _carry_out(draft, record)
        for memory in _graduating(snapshot, record):
            draft.step("graduate", memory)
    return draft.plan("promote", _subject("promote", records))


def _carry_out(draft: _Draft, record: Record) -> None:
    """Do what a candidate proposes about other records. One that is not active any more needs nothing done:
    whoever ended it has decided, and what took its place is compared as any record is."""
    wanted = [*record.proposes, *(("supersede", target) for target in record.supersedes)]
    for what, target in wanted:
        old = draft.snapshot.get(target)
        if old is not None and old.superseded_by not in ("", record.id):  # another came first
            left = tuple(entry for entry in draft.supersedes(record) if entry != old.id)
            draft.change(record, {"supersedes": left or None})
        if old is None or draft.now(old).status not in ("active", "candidate"):
            continue
        if old.id == record.id:
            raise AtocoreError(
                "impossible-step",
                f"cannot promote {record.id}: it proposes to {what} itself",
                f"correct `proposes`: atocore edit {record.id}",
            )
        if what == "retire":
            draft.step("retire", old)
        else:
            _replace(draft, old, record)


def _replace(draft: _Draft, old: Record, new: Record) -> None:
    """`old` is superseded by `new`, which says so."""
    if old.id == new.id:
        raise AtocoreError("impossible-step", f"{new.id} cannot supersede itself", "name another record")
    draft.step("supersede", old, {"superseded_by": new.id})
    known = (entry for entry in draft.supersedes(new) if entry != old.id)
    draft.change(new, {"supersedes": (*known, old.id)})
    if new.superseded_by:  # left from before it was restored by hand: it would close a circle
        draft.change(new, {"superseded_by": None})


def _give_back(draft: _Draft, old: Record) -> None:
    """`old` is active again; nobody claims to replace it any longer."""
    draft.step("restore", old, {"superseded_by": None})
    for successor in draft.snapshot.referring(old.id):
        if old.id in draft.supersedes(successor):
            left = tuple(entry for entry in draft.supersedes(successor) if entry != old.id)
            draft.change(successor, {"supersedes": left or None})


def _graduating(snapshot: Snapshot, entity: Record) -> list[Record]:
    """The active memories that wait for this entity to be promoted."""
    return [r for r in snapshot.referring(entity.id) if r.graduated_to == entity.id and r.status == "active"]


def demote(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Make active records candidates again; what they superseded is active again, and memories that became an
    entity's pointers hold the fact again."""
    draft = _Draft(snapshot, deed)
    for record in records:
        draft.step("demote", record)
        for old in snapshot.referring(record.id):
            if old.superseded_by == record.id and draft.now(old).status == "superseded":
                _give_back(draft, old)
        for memory in _pointers(snapshot, record):
            draft.step("ungraduate", memory)
    return draft.plan("demote", _subject("demote", records))


def _pointers(snapshot: Snapshot, entity: Record) -> list[Record]:
    return [
        r for r in snapshot.referring(entity.id) if r.graduated_to == entity.id and r.status == "graduated"
    ]


def confirm(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Say that active records are still true; a machine-made status counts from then on."""
    draft = _Draft(snapshot, deed)
    for record in records:
        if record.distrusted:
            draft.change(record, {"ruling": deed.ruling(_leading_to(record))})
        else:
            draft.step("confirm", record)
    return draft.plan("confirm", _subject("confirm", records))


def _leading_to(record: Record) -> str:
    """The step that a person takes by confirming a status which a machine's commit set."""
    stated = record.header.get("status")
    steps = {
        "active": "set" if record.kind is Kind.STATE else "promote",
        "rejected": "reject",
        "superseded": "supersede",
        "retired": "retire",
        "graduated": "graduate",
        "resolved": "resolve",
        "dismissed": "dismiss",
    }
    return steps[str(stated)]


def reject(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Refuse candidates, with the reason; rejecting a graduation's entity gives the memory back."""
    draft = _Draft(snapshot, deed)
    for record in records:
        draft.step("reject", record)
        for memory in _graduating(snapshot, record):
            draft.change(memory, {"graduated_to": None})
    return draft.plan("reject", _subject("reject", records))


def reopen(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Make rejected records candidates again."""
    draft = _Draft(snapshot, deed)
    for record in records:
        draft.step("reopen", record)
    return draft.plan("reopen", _subject("reopen", records))


def supersede(snapshot: Snapshot, old: Record, new: Record, deed: Deed) -> Plan:
    """Replace one active record by another active one."""
    if new.status != "active":
        raise AtocoreError(
            "impossible-step",
            f"{new.id} is {new.status}: only an active record replaces another",
            f"atocore promote {new.id} --supersede {old.id}",
        )
    draft = _Draft(snapshot, deed)
    _replace(draft, old, new)
    return draft.plan(
        "supersede", f"supersede {old.kind}: {name_of(old)} by {name_of(new)}", (old.id, new.id)
    )


def retire(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Say that active records are no longer true, without a successor."""
    draft = _Draft(snapshot, deed)
    for record in records:
        draft.step("retire", record)
    return draft.plan("retire", _subject("retire", records))


def restore(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Make superseded or retired records active again; their successor no longer claims to replace them."""
    draft = _Draft(snapshot, deed)
    for record in records:
        _give_back(draft, record)
    return draft.plan("restore", _subject("restore", records))


def graduate(snapshot: Snapshot, memory: Record, entity_id: str, deed: Deed, entity_type: str = "") -> Plan:
    """Propose that a memory's fact lives on as an entity: a candidate entity is born with its claim. The
    memory stays active until a person promotes the entity; a candidate memory is rejected in its favour."""
    if memory.kind is not Kind.MEMORY or memory.status not in ("active", "candidate"):
        raise _impossible("graduate", memory)
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
    draft = _Draft(snapshot, deed)
    draft.births.append(_entity_of(memory, entity_id, chosen, deed))
    if memory.status == "candidate":
        why = replace(deed, why=deed.why or f"lives on as {entity_id}")
        draft.change(
            memory, {"status": "rejected", "ruling": why.ruling("reject"), "graduated_to": entity_id}
        )
    else:
        draft.change(memory, {"graduated_to": entity_id})
    return draft.plan("graduate", f"graduate memory: {name_of(memory)} to {chosen}", (memory.id, entity_id))


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
    draft = _Draft(snapshot, deed)
    if memory.status == "graduated":
        draft.step("ungraduate", memory, {"graduated_to": None})
    elif memory.status == "rejected":
        draft.step("reopen", memory, {"graduated_to": None})
    else:
        draft.change(memory, {"graduated_to": None})
    entity = snapshot.get(memory.graduated_to)
    leave = {"candidate": "reject", "active": "retire"}.get(entity.status) if entity else None
    if entity is not None and leave:
        draft.step(leave, entity)
    return draft.plan("ungraduate", _subject("ungraduate", (memory,)))


def resolve(snapshot: Snapshot, conflict: Record | Change, winner: Record, deed: Deed) -> Plan:
    """Decide a conflict: the winner is (or becomes) active, the other active members are superseded by it.

    `conflict` is its record, or the birth of its file where nobody has written it yet.
    """
    record = _conflict_record(conflict)
    if record.status != "open":
        raise _impossible("resolve", record)
    members = [member.id for member in _present_members(snapshot, record)]
    if winner.id not in members:
        raise AtocoreError(
            "bad-value", f"{winner.id} is no member of {record.id}", f"one of: {', '.join(members)}"
        )
    draft = _Draft(snapshot, deed)
    if winner.status == "candidate":
        draft.step("promote", winner)
    elif winner.status != "active":
        raise AtocoreError(
            "impossible-step",
            f"cannot resolve {record.id} in favour of {winner.id}: it is {winner.status}",
            f"atocore restore-record {winner.id}",
        )
    for other in (snapshot.get(member) for member in members if member != winner.id):
        if other is not None and other.status == "active":
            _replace(draft, other, winner)
    return _decided(
        draft, conflict, record, "resolve", {"winner": winner.id}, f"in favour of {name_of(winner)}"
    )


def dismiss(snapshot: Snapshot, conflict: Record | Change, deed: Deed) -> Plan:
    """Decide that a conflict is none: every member stays as it is."""
    if not deed.why:
        raise AtocoreError("usage", "a dismissal needs its reason", "--reason TEXT")
    record = _conflict_record(conflict)
    if record.status != "open":
        raise _impossible("dismiss", record)
    return _decided(_Draft(snapshot, deed), conflict, record, "dismiss", {}, "")


def reopen_conflict(snapshot: Snapshot, conflict: Record, deed: Deed) -> Plan:
    """Make a decided conflict an open one again; what its winner superseded is active again."""
    draft = _Draft(snapshot, deed)
    draft.step("reopen", conflict, {"winner": None, "how": None})
    winner = snapshot.get(conflict.winner) if conflict.winner else None
    for loser in (snapshot.get(member.id) for member in conflict.members):
        if winner and loser and loser.superseded_by == winner.id and loser.status == "superseded":
            _give_back(draft, loser)
    subject = f"reopen conflict: {name_of(conflict)}"
    if conflict.slot:
        clash = clash_in(AfterSnapshot(snapshot, draft.plan("reopen", subject)), conflict.slot)
        if clash is None:
            raise AtocoreError(
                "impossible-step",
                f"cannot reopen {conflict.id}: its members do not contradict each other any more",
                f"atocore conflicts show {conflict.id}",
            )
        draft.change(conflict, _sides(clash))
    return draft.plan("reopen", subject)


def _sides(clash: Clash) -> dict[str, Value | None]:
    """The keys of a conflict's file that tell who clashes."""
    members = tuple({"id": m.id, "value": m.value, "layer": m.layer} for m in clash.members)
    return {"members": members, "prevailing": clash.prevailing or None}


def _conflict_record(conflict: Record | Change) -> Record:
    from atocore.records.codec import read

    if isinstance(conflict, Record):
        return conflict
    assert conflict.new is not None
    record = read(conflict.path, conflict.new, max_bytes=len(conflict.new)).record
    assert record is not None
    return record


def _present_members(snapshot: Snapshot, record: Record) -> tuple[Member, ...]:
    """Who clashes now: the file may lag behind a commit made by hand."""
    clash = clash_in(snapshot, record.slot) if record.slot else None
    return clash.members if clash is not None else record.members


def _decided(
    draft: _Draft,
    conflict: Record | Change,
    record: Record,
    step: str,
    more: Mapping[str, Value | None],
    told: str,
) -> Plan:
    keys: dict[str, Value | None] = {"winner": None, "how": None, **more}
    clash = clash_in(draft.snapshot, record.slot) if record.slot else None
    draft.step(step, record, {**keys, **(_sides(clash) if clash else {})})
    plan = draft.plan(step, " ".join(f"{step} conflict: {name_of(record)} {told}".split()), (record.id,))
    if isinstance(conflict, Record):
        return plan
    changes = [replace(c, old=None) if c.path == conflict.path else c for c in plan.changes]
    return replace(plan, changes=tuple(changes))
