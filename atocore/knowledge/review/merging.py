"""Merging: one record says what another one says already, and leaves in favour of it.

A candidate is rejected in favour of the other, so that the same is not proposed again; an active record is
superseded by it. Either stays where it is, with its words, its provenance and a pointer: nothing that it
rests on is lost. The other one keeps its text, and takes what it lacks of names, tags and relations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from atocore.errors import AtocoreError
from atocore.knowledge.review.deed import Deed, Edits, name_of
from atocore.knowledge.review.graduation import follow, graduating
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.linking import Links
from atocore.records.plan import Plan
from atocore.records.record import Record, Relation
from atocore.records.relation_values import entries_of, relation_of
from atocore.records.slots import normal_name
from atocore.records.snapshot import Snapshot

_INTO = ("active", "candidate")


def merge(snapshot: Snapshot, record: Record, into: Record, deed: Deed) -> Plan:
    """Let `record` leave in favour of `into`, which is active, or a candidate where `record` is one too."""
    if record.id == into.id:
        raise AtocoreError("impossible-step", f"{into.id} cannot be merged into itself", "name another one")
    if into.kind not in (Kind.MEMORY, Kind.ENTITY, Kind.STATE):
        raise AtocoreError(
            "bad-value", f"{into.id} is a {into.kind}: it states nothing", "name a memory, entity or state"
        )
    if into.status not in _INTO or (into.status == "candidate" and record.status != "candidate"):
        raise AtocoreError(
            "impossible-step",
            f"cannot merge {record.id} into {into.id}: that is {into.status}",
            f"atocore show {into.superseded_by or into.graduated_to or into.id}",
        )
    told = replace(deed, why=deed.why or f"merged into {into.id}")
    edits = Edits(snapshot, told)
    absorb(edits, (record,), into)
    subject = f"merge {record.kind}: {name_of(record)} into {into.id}"
    return edits.plan("merge", subject, (record.id, into.id))


def absorb(edits: Edits, leaving: Sequence[Record], into: Record) -> None:
    """Note in a plan that records leave in favour of one that stays and says what they say."""
    for record in leaving:
        edits.replace(record, into, "merge")
        claimed = tuple(one for one in record.supersedes if one != into.id)  # a claim the other way is void
        edits.change(record, {"review_after": None, "supersedes": claimed or None})
        if record.status == "candidate":
            for memory in graduating(edits.snapshot, record):
                follow(edits, memory, into)
    edits.change(into, {**_lacking(leaving, into), **_relations(edits.snapshot, leaving, into)})


def _lacking(leaving: Sequence[Record], into: Record) -> Mapping[str, Value | None]:
    """The names and tags that the leaving records have and the other one lacks."""
    keys: dict[str, Value | None] = {}
    for name in ("aliases", "tags"):
        known = {normal_name(text) for text in (*getattr(into, name), into.title)}
        new: dict[str, str] = {}
        for text in (text for one in leaving for text in getattr(one, name)):
            new.setdefault(normal_name(text), text)
        added = tuple(text for key, text in new.items() if key not in known)
        if added:
            keys[name] = (*getattr(into, name), *added)
    return keys


def _relations(snapshot: Snapshot, leaving: Sequence[Record], into: Record) -> Mapping[str, Value | None]:
    """The relations that the leaving records have and the other one lacks, each as it is written. One among
    these records is none any more: nothing is related to itself."""
    links: Links[Record] = Links(snapshot.get, snapshot.named)

    def reached(holder: Record, relation: Relation) -> tuple[str, str]:
        target = links.target(holder, relation)
        return relation.type, target.id if target is not None else relation.target

    merged = {into.id, *(record.id for record in leaving)}
    own = entries_of(into.header.get("relations"))
    known = {reached(into, relation) for relation in into.relations}
    added: list[Value] = []
    for record in leaving:
        for entry in entries_of(record.header.get("relations")):
            relation = relation_of(entry)
            end = reached(record, relation) if relation is not None else ("", "")
            if relation is not None and end not in known and end[1] not in merged:
                known.add(end)
                by_name_alike = reached(into, relation) == end
                added.append(entry if by_name_alike else {"type": relation.type, "target": end[1]})
    return {"relations": (*own, *added)} if added else {}


def merged_into(snapshot: Snapshot, record: Record) -> tuple[Record, ...]:
    """The records that were merged into this one, and those merged into them before."""
    found: dict[str, Record] = {}
    queue = [record]
    for one in queue:
        for other in (snapshot.get(target) for target in one.supersedes):
            is_pointer = other is not None and other.superseded_by == one.id and other.ruling.step == "merge"
            if other is not None and is_pointer and other.id not in found and other.id != record.id:
                found[other.id] = other
                queue.append(other)
    return tuple(found.values())
