"""The material of the mirror, gathered from the committed vault: briefs, conflicts and problems. What no page
asks for is not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from atocore.app.conflicts import ConflictVerbs
from atocore.app.querying_past import moved_passages
from atocore.knowledge.asked import key_text
from atocore.knowledge.conflicts.clash import conflict_id, value_files
from atocore.knowledge.conflicts.disputes import disputed_records, stands_against
from atocore.records.kinds import Kind
from atocore.records.naming import canonical
from atocore.records.record import Member, OtherSide
from atocore.records.remembered import RememberedSnapshot
from atocore.records.slots import claimed_value, slot_text
from atocore.records.snapshot import Snapshot
from atocore.views.mirror.material import ClaimSeen, ConflictSeen, Material, SourceSeen
from atocore.views.queries.graph import Graph
from atocore.views.queries.staleness import newest, overdue

_OFTEN = 3
"""A claim that had so many values changed often."""
_NO_KNOWLEDGE = ("candidate", "rejected")


class MirrorMaterial(ConflictVerbs):
    """What the mirror's pages are made of."""

    def material(self, snapshot: Snapshot) -> Material:
        """The vault as committed, as pages show it."""
        snapshot = RememberedSnapshot(snapshot)
        briefs = list(snapshot.briefs())
        graph = Graph(briefs, disputed_records(snapshot, self.catalog.slots()))
        conflicts = self._seen(snapshot)
        return Material(
            briefs=briefs,
            graph=graph,
            conflicts=conflicts,
            problems=snapshot.problems(),
            bodies=lambda record_id: record.body if (record := snapshot.get(record_id)) else "",
            sources=lambda record_id: _sources(snapshot, record_id),
            stale=_stale(snapshot, graph),
            claims=self._claims(snapshot, {one.id for one in conflicts}),
            against=lambda record_id: _against(snapshot, record_id),
        )

    def _claims(self, snapshot: Snapshot, conflicts: set[str]) -> tuple[ClaimSeen, ...]:
        """The claims that were ever disputed, or had many values."""
        disputed = {canonical(snapshot, one.slot) for one in snapshot.select((Kind.CONFLICT,)) if one.slot}
        changed = self.catalog.slots("active", "superseded", "retired", more_than=_OFTEN - 1)
        found = []
        for slot in sorted({*self.catalog.slots(), *changed, *disputed}):
            records = [one for one in snapshot.in_slot(slot) if one.kind is not Kind.CONFLICT]
            files = (conflict_id(slot), *(one.id for one in value_files(snapshot, slot)))
            about = tuple(sorted(conflicts.intersection(files)))
            values = {claimed_value(one) for one in records if one.status not in _NO_KNOWLEDGE}
            if records and (about or len(values) >= _OFTEN):
                ids = tuple(one.id for one in records)
                found.append(ClaimSeen(slot_text(slot), key_text(slot), records[0].project, ids, about))
        return tuple(found)

    def _seen(self, snapshot: Snapshot) -> tuple[ConflictSeen, ...]:
        found = []
        for answer in self._conflicts(snapshot):
            record = snapshot.get(answer.id)
            sides = [side for member in answer.members if (side := snapshot.get(member.id))]
            project = sides[0].project if sides else record.project if record else ""
            ruling = record.ruling if record else None
            found.append(
                ConflictSeen(
                    answer.id,
                    answer.type,
                    answer.status,
                    project,
                    answer.slot,
                    tuple(Member(m.id, m.value, m.layer) for m in answer.members),
                    answer.prevailing,
                    answer.path,
                    winner=record.winner if record else "",
                    by=ruling.by if ruling else "",
                    at=ruling.at if ruling else "",
                    why=ruling.why if ruling else "",
                )
            )
        return tuple(sorted(found, key=lambda one: one.id))


def _sources(snapshot: Snapshot, record_id: str) -> Sequence[SourceSeen]:
    record = snapshot.get(record_id)
    if record is None:
        return ()
    origin = record.provenance
    source = snapshot.get(origin.source) if origin.source else None
    lines = f"lines {origin.lines}" if origin.lines else ""
    where = ", ".join(part for part in (origin.path, origin.heading, lines) if part)
    told = where or origin.tool or origin.interaction or origin.record
    return (SourceSeen(told, origin.quote, source.path if source else ""),) if told else ()


def _stale(snapshot: Snapshot, graph: Graph) -> Mapping[str, str]:
    """By id why an active record is to be looked at again. Now is the newest time that any record tells."""
    passages, present = moved_passages(snapshot, graph), newest(graph)
    told = {
        one.id: "; ".join(overdue(one, present, passages.get(one.id)))
        for one in graph.active.values()
        if one.stale_after or one.id in passages
    }
    return {one: why for one, why in told.items() if why}


def _against(snapshot: Snapshot, record_id: str) -> Sequence[OtherSide]:
    record = snapshot.get(record_id)
    return stands_against(snapshot, record) if record is not None else ()
