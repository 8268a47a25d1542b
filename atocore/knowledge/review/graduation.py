"""Graduation: a memory's fact lives on as an entity, and the memory stays as its pointer.

Plans of a person's steps; reads a snapshot, and is handed time, name and ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.clash import contradict
from atocore.knowledge.conflicts.disputes import would_dispute
from atocore.knowledge.ingestion.known import claim_keys, same_claim
from atocore.knowledge.review.deed import Deed, Edits, impossible, name_of, subject
from atocore.knowledge.review.entity_types import Fitting, fitting_type, is_home
from atocore.progress import Progress, silent
from atocore.records.birth import written
from atocore.records.codec import read
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.naming import Names, slot_in
from atocore.records.plan import Change, Plan
from atocore.records.record import OtherSide, Record
from atocore.records.slots import normal_name, slot_of
from atocore.records.snapshot import Snapshot

_UNDECIDED = ("candidate", "active")
_CARRIED = (
    "project",
    "title",
    "description",
    "aliases",
    "tags",
    "subject",
    "attribute",
    "value",
    "question",
    "component",
    "confidence",
    "valid_from",
    "valid_until",
    "stale_after",
    "relations",
)
"""The keys of a memory that its entity is born with."""


@dataclass(frozen=True, slots=True)
class Graduation:
    """One memory with the entity that its fact is to live on as: `birth` is that entity's file, None where
    the memory `joins` one that states the fact already. `conflicts` is what the entity would contradict."""

    memory: Record
    entity: Record
    why: str
    birth: Change | None
    joins: bool
    conflicts: tuple[OtherSide, ...]
    notes: tuple[str, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Passed:
    """A memory that was asked for with others and does not graduate, and why."""

    memory: Record
    why: str


def graduating(snapshot: Snapshot, entity: Record) -> list[Record]:
    """The active memories that wait for this entity to be promoted."""
    return [r for r in snapshot.referring(entity.id) if r.graduated_to == entity.id and r.status == "active"]


def pointers(snapshot: Snapshot, entity: Record) -> list[Record]:
    """The memories that live on as this entity."""
    return [
        r for r in snapshot.referring(entity.id) if r.graduated_to == entity.id and r.status == "graduated"
    ]


def entity_waited_for(snapshot: Snapshot, memory: Record) -> Record | None:
    """The entity that a memory is already tied to, where that may still take its fact."""
    found = snapshot.get(memory.graduated_to) if memory.graduated_to else None
    return found if found is not None and found.status in _UNDECIDED else None


def chosen(
    snapshot: Snapshot, memories: Iterable[Record], asked: str = ""
) -> tuple[tuple[Record, ...], tuple[Passed, ...]]:
    """Of many active memories those that can graduate; the others with the reason."""
    fit: list[Record] = []
    passed: list[Passed] = []
    for memory in memories:
        waits = entity_waited_for(snapshot, memory)
        if waits is not None:
            passed.append(Passed(memory, f"waits for {waits.id} already"))
        elif is_home(memory.type) and not asked:
            passed.append(Passed(memory, f"{memory.type}: its home is among the memories (--to TYPE)"))
        else:
            fit.append(memory)
    return tuple(fit), tuple(passed)


def prepared(
    snapshot: Snapshot,
    memories: Sequence[Record],
    born: Iterator[str],
    deed: Deed,
    asked: str = "",
    progress: Progress = silent,
) -> tuple[Graduation, ...]:
    """What graduating these memories would do, in their order; those that make one claim become one entity.

    `born` gives an id for each entity. Raises `AtocoreError` for the first memory that cannot graduate.
    """
    found: list[Graduation] = []
    claims: dict[tuple[str, ...], Graduation] = {}
    for number, memory in enumerate(memories, 1):
        _must_be_free(snapshot, memory)
        keys = [(*key, asked) for key in claim_keys(snapshot, memory)]
        twin = next((claims[key] for key in keys if key in claims), None)
        one = _beside(memory, twin) if twin else _graduation(snapshot, memory, born, deed, asked)
        found.append(one)
        claims.update((key, one) for key in keys if key not in claims)
        progress("graduating", number, len(memories))
    return tuple(found)


def _must_be_free(snapshot: Snapshot, memory: Record) -> None:
    if memory.kind is not Kind.MEMORY or memory.status not in _UNDECIDED:
        raise impossible("graduate", memory)
    waits = entity_waited_for(snapshot, memory)
    if waits is not None:
        decide = f"atocore promote {waits.id}, or " if waits.status == "candidate" else ""
        raise AtocoreError(
            "impossible-step",
            f"cannot graduate {memory.id}: it already waits for {waits.id}",
            f"{decide}atocore ungraduate {memory.id}",
        )


def _beside(memory: Record, twin: Graduation) -> Graduation:
    """A memory whose claim an earlier one of the same step makes too."""
    return replace(
        twin, memory=memory, birth=None, joins=True, why=f"says what {twin.memory.id} says", notes=()
    )


def _graduation(
    snapshot: Snapshot, memory: Record, born: Iterator[str], deed: Deed, asked: str
) -> Graduation:
    fitting = fitting_type(memory, asked)
    known = _stated_already(snapshot, memory, asked)
    if known is not None:
        return Graduation(memory, known, f"{known.id} says the same", None, True, (), ())
    birth = _entity_of(memory, next(born), fitting, deed)
    assert birth.new is not None
    entity = read(birth.path, birth.new, max_bytes=len(birth.new)).record
    assert entity is not None
    against = tuple(side for side in would_dispute(snapshot, entity) if side.id != memory.id)
    notes = _notes(memory, entity)
    return Graduation(memory, entity, fitting.why, birth, False, against, notes, fitting.sure)


def _notes(memory: Record, entity: Record) -> tuple[str, ...]:
    notes = []
    if is_home(memory.type):
        notes.append(f"{memory.type} memories have their home in L1")
    if slot_of(memory) is not None and slot_of(entity) is None:
        needed = "question" if entity.type == "decision" else "component"
        notes.append(f"a {entity.type} is compared by its `{needed}`, which the memory does not state")
    return tuple(notes)


def _stated_already(snapshot: Snapshot, memory: Record, asked: str) -> Record | None:
    """The entity that makes the memory's claim already (of the type asked for); an active one comes first."""
    same = [
        one
        for one in same_claim(snapshot, memory)
        if one.kind is Kind.ENTITY and one.status in _UNDECIDED and asked in ("", one.type)
    ]
    return min(same, key=lambda one: (_UNDECIDED[::-1].index(one.status), one.id)) if same else None


def joining(
    snapshot: Snapshot, memories: Sequence[Record], entity: Record, progress: Progress = silent
) -> tuple[Graduation, ...]:
    """What letting memories live on as an entity that exists would do."""
    if entity.kind is not Kind.ENTITY or entity.status not in _UNDECIDED:
        told = f"{entity.id} is {entity.status or 'no'} {entity.kind}: no memory can live on as it"
        raise AtocoreError(
            "impossible-step", told, f"name an active or candidate entity: atocore show {entity.id}"
        )
    found = []
    for number, memory in enumerate(memories, 1):
        _must_be_free(snapshot, memory)
        _must_agree(snapshot, memory, entity)
        same = not set(claim_keys(snapshot, memory)).isdisjoint(claim_keys(snapshot, entity))
        notes = (
            ()
            if same
            else (f"{entity.id} does not state this: write it there, or it is found nowhere any more",)
        )
        found.append(Graduation(memory, entity, "as asked", None, True, (), notes))
        progress("graduating", number, len(memories))
    return tuple(found)


def _must_agree(names: Names, memory: Record, entity: Record) -> None:
    """Refuse what would bury a contradiction, or take a fact out of its project."""
    if entity.project and normal_name(memory.project) != normal_name(entity.project):
        raise AtocoreError(
            "bad-value",
            f"{memory.id} is of project {memory.project or 'none'}, {entity.id} of {entity.project}",
            "name an entity of the same project, or one without any",
        )
    if _clash(names, memory, entity):
        raise AtocoreError(
            "impossible-step",
            f"cannot graduate {memory.id} into {entity.id}: they contradict each other"
            f" ({memory.value} and {entity.value})",
            f"decide first: atocore conflicts list, or atocore supersede {memory.id} --by {entity.id}",
        )


def graduate_all(snapshot: Snapshot, found: Sequence[Graduation], deed: Deed) -> Plan:
    """Let memories graduate: candidate entities are born with their claims, and those that an active entity
    states become its pointers. A candidate memory is rejected in favour of its entity."""
    edits = Edits(snapshot, deed)
    for one in found:
        if one.birth is not None:
            edits.births.append(one.birth)
        _tie(edits, one.memory, one.entity)
    if len(found) == 1:
        only = found[0]
        told = only.entity.id if only.joins else only.entity.type
        return edits.plan(
            "graduate",
            f"graduate memory: {name_of(only.memory)} to {told}",
            (only.memory.id, only.entity.id),
        )
    entities = len({one.entity.id for one in found})
    told = f"graduate {len(found)} memories to {entities} {'entity' if entities == 1 else 'entities'}"
    return edits.plan("graduate", told, [i for one in found for i in (one.memory.id, one.entity.id)])


def _tie(edits: Edits, memory: Record, entity: Record) -> None:
    if memory.status == "candidate":
        why = replace(edits.deed, why=edits.deed.why or f"lives on as {entity.id}")
        keys: dict[str, Value | None] = {"status": "rejected", "ruling": why.ruling("reject")}
        edits.change(memory, {**keys, "graduated_to": entity.id, "review_after": None})
    elif entity.status == "active":
        edits.step("graduate", memory, {"graduated_to": entity.id})
    else:
        edits.change(memory, {"graduated_to": entity.id})


def follow(edits: Edits, memory: Record, into: Record) -> None:
    """A memory's entity was merged into another record: its fact goes along where that is an entity that does
    not contradict it. Else the memory holds its fact again, as after a rejection."""
    if into.kind is Kind.ENTITY and not _clash(edits.snapshot, memory, into):
        _tie(edits, memory, into)
    else:
        edits.change(memory, {"graduated_to": None})


def _clash(names: Names, memory: Record, entity: Record) -> bool:
    slot = slot_in(names, memory)
    return slot is not None and slot == slot_in(names, entity) and contradict(memory, entity)


def graduate(snapshot: Snapshot, memory: Record, entity_id: str, deed: Deed, entity_type: str = "") -> Plan:
    """Propose that one memory's fact lives on as an entity, which gets `entity_id` where it is born."""
    return graduate_all(snapshot, prepared(snapshot, (memory,), iter((entity_id,)), deed, entity_type), deed)


def _entity_of(memory: Record, entity_id: str, fitting: Fitting, deed: Deed) -> Change:
    keys: dict[str, Value] = {"type": fitting.type, "status": "candidate", "created": deed.at}
    keys |= {name: value for name in _CARRIED if (value := memory.header.get(name))}
    if fitting.type == "decision" and fitting.question and not memory.question:
        keys["question"] = fitting.question
    stated = memory.header.get("provenance")
    keys["provenance"] = {**(stated if isinstance(stated, Mapping) else {}), "record": memory.id}
    return written(Kind.ENTITY, entity_id, keys, memory.body, memory.title)


def ungraduate(snapshot: Snapshot, memories: tuple[Record, ...], deed: Deed) -> Plan:
    """Take graduations back: each memory holds its fact again. An entity that was born of it leaves, unless
    other memories live on as it."""
    edits = Edits(snapshot, deed)
    for memory in memories:
        if not memory.graduated_to:
            raise AtocoreError("impossible-step", f"cannot ungraduate {memory.id}: it has not graduated", "")
        if memory.status == "graduated":
            edits.step("ungraduate", memory, {"graduated_to": None})
        elif memory.status == "rejected" and not memory.superseded_by:  # else it was merged since
            edits.step("reopen", memory, {"graduated_to": None})
        else:
            edits.change(memory, {"graduated_to": None})
    given_back = {memory.id for memory in memories}
    for entity in {i: snapshot.get(i) for i in (memory.graduated_to for memory in memories)}.values():
        leave = {"candidate": "reject", "active": "retire"}.get(entity.status) if entity else None
        if entity is not None and leave and is_left_alone(snapshot, entity, given_back):
            edits.step(leave, entity)
    return edits.plan("ungraduate", subject("ungraduate", memories))


def is_left_alone(snapshot: Snapshot, entity: Record, given_back: Iterable[str]) -> bool:
    """Whether an entity was born of a memory, and none but those that are given back are tied to it."""
    origin = snapshot.get(entity.provenance.record) if entity.provenance.record else None
    if origin is None or origin.kind is not Kind.MEMORY:
        return False
    tied = {one.id for one in snapshot.referring(entity.id) if one.graduated_to == entity.id}
    return not tied - set(given_back)
