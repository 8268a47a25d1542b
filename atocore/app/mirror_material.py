"""The material of the mirror, gathered from the committed vault: briefs, conflicts and problems. What no page
asks for is not read."""

from __future__ import annotations

from collections.abc import Sequence

from atocore.app.conflicts import ConflictVerbs
from atocore.knowledge.conflicts.disputes import disputed_records
from atocore.records.record import Member
from atocore.records.snapshot import Snapshot
from atocore.views.mirror.material import ConflictSeen, Material, SourceSeen
from atocore.views.queries.graph import Graph


class MirrorMaterial(ConflictVerbs):
    """What the mirror's pages are made of."""

    def material(self, snapshot: Snapshot) -> Material:
        """The vault as committed, as pages show it."""
        briefs = list(snapshot.briefs())
        disputed = disputed_records(snapshot, self.catalog.slots())
        return Material(
            briefs=briefs,
            graph=Graph(briefs, disputed),
            conflicts=self._seen(snapshot),
            problems=snapshot.problems(),
            bodies=lambda record_id: record.body if (record := snapshot.get(record_id)) else "",
            sources=lambda record_id: _sources(snapshot, record_id),
        )

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
