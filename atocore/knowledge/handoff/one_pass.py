"""One pass over handoffs while it is decided: each fact with its standing, and the record behind each id."""

from __future__ import annotations

from dataclasses import dataclass, field

from atocore.knowledge.handoff.files import Origin
from atocore.knowledge.handoff.format import Fact, Handoff, Row
from atocore.knowledge.handoff.standing import Standing, standing
from atocore.records.kinds import Kind
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot


@dataclass(slots=True)
class Item:
    """One fact of the pass while it is decided."""

    handoff: Handoff
    project: str
    fact: Fact
    where: Standing
    becomes: str = ""
    """`new`, `open`, `updated`, `unchanged`, `refused`, `agreed`, `deferred` or `bad`."""
    holder: Record | None = None

    def origin(self, tool: str, wave: str) -> Origin:
        """Where the fact comes from, as its record tells it."""
        one = self.handoff
        return Origin(tool, one.by, one.path, one.created, self.project, wave)


@dataclass(slots=True)
class Pass:
    """One pass: the facts by project and external id, and what is to be told about them."""

    snapshot: Snapshot
    tool: str
    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    chosen: set[str] = field(default_factory=set)

    def admit(self, handoff: Handoff, project: str) -> None:
        """Take a file's facts in; one id counts once."""
        self.rows += handoff.rows
        for fact in handoff.facts:
            where = standing(self.snapshot, self.tool, project, fact.kind, fact.id)
            item = Item(handoff, project, fact, where)
            if why := self._why_not(item):
                self.row(item, why)
            else:
                self.items[project, fact.id] = item

    def _why_not(self, item: Item) -> str:
        """Why nothing can be decided about a fact; "" where it can."""
        fact, first, waiting = item.fact, self.items.get((item.project, item.fact.id)), item.where.open
        other = "memory" if fact.kind == "entity" else "entity"
        if first is not None:
            return f"was handed over by {first.handoff.path} already; that one counts"
        if standing(self.snapshot, self.tool, item.project, other, fact.id).is_known:
            return f"its kind was {other} when it was handed over before: give it an id of its own"
        if waiting is not None and waiting.distrusted:
            return f"{waiting.id} was decided by a machine's commit: confirm or revert that first"
        return ""

    def row(self, item: Item, reason: str, inside: str = "") -> None:
        """Tell something about a fact, or of what is `inside` it."""
        fact = item.fact
        self.rows.append(Row(item.handoff.path, f"{fact.place}{inside}", fact.id, reason))

    def targets(self, item: Item, *, hopeful: bool) -> dict[str, str]:
        """A record for each external id that the fact's relations name and that has one. `hopeful`: also for
        those that may still be chosen."""
        found = {}
        for _, target in item.fact.relations:
            record_id = self._target(item.project, target, hopeful)
            if record_id:
                found[target] = record_id
        return found

    def _target(self, project: str, target: str, hopeful: bool) -> str:
        known = self.items.get((project, target))
        where = known.where if known else standing(self.snapshot, self.tool, project, "entity", target)
        if known is not None and known.holder is not None:
            return known.holder.id if known.holder.kind is Kind.ENTITY else ""
        for record in (where.accepted, where.open):
            if record is not None:
                return record.id if record.kind is Kind.ENTITY else ""
        if known is None or known.fact.kind != "entity":
            return ""
        coming = hopeful and known.becomes in ("", "new")
        return where.next_id if coming or where.next_id in self.chosen else ""
