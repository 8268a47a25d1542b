"""The verbs of relations: link, unlink, and what a record is related to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from atocore.app.answers import RelatedAnswer, Written, parts_of
from atocore.app.writing import WritingSession
from atocore.errors import AtocoreError
from atocore.knowledge import relating
from atocore.knowledge.pointers import GRADUATED, home_of
from atocore.knowledge.relation_problems import around, circle_problems, relation_problems
from atocore.records.ids import is_id
from atocore.records.kinds import Kind
from atocore.records.linking import Links, likeliest, link_keys
from atocore.records.plan import Plan
from atocore.records.problem import Problem
from atocore.records.record import Record
from atocore.records.relation_table import RELATIONS
from atocore.records.snapshot import AfterSnapshot, Snapshot

_TOLD = 5


@dataclass(frozen=True, slots=True)
class Linked(Written):
    """What linking or unlinking did. `already` is the record that said so before, where nothing was written;
    `problems` are those of the source's relations as they stand afterwards."""

    source: str = ""
    type: str = ""
    target: str = ""
    already: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Relations:
    """What a record is related to: what it says itself, and what others say of it."""

    id: str
    title: str
    relations: tuple[RelatedAnswer, ...]
    incoming: tuple[RelatedAnswer, ...]


class RelatingVerbs(WritingSession):
    """link and unlink."""

    def link(
        self, source: str, relation: str, target: str, *, reason: str = "", dry_run: bool = False
    ) -> Linked:
        """Say how two records are related. A relation that holds both ways is kept once."""
        name = relating.relation_named(relation)

        def decide(snapshot: Snapshot) -> Plan:
            holder, other = self._ends(source, name, target)
            return relating.link(snapshot, holder, name, other, self.deed(reason))

        return self._linked(decide, source, name, target, dry_run)

    def unlink(
        self, source: str, relation: str, target: str, *, reason: str = "", dry_run: bool = False
    ) -> Linked:
        """Take a relation away. A target that is no record any more is named as it is written."""
        name = relating.relation_named(relation)

        def decide(snapshot: Snapshot) -> Plan:
            holder = self.record_named(source)
            try:
                other: Record | str = self.record_named(target, holder, name)
            except AtocoreError as error:
                if error.code not in ("not-found", "ambiguous"):
                    raise
                other = target.strip()
            return relating.unlink(snapshot, holder, name, other, self.deed(reason))

        return self._linked(decide, source, name, target, dry_run)

    def relations(self, name: str) -> Relations:
        """What a record is related to, in both directions."""
        snapshot = self.catch_up()
        record = self.record_named(name)
        outgoing, into = related(snapshot, record)
        return Relations(record.id, record.title, outgoing, into)

    def _linked(
        self, decide: Callable[[Snapshot], Plan], source: str, name: str, target: str, dry_run: bool
    ) -> Linked:
        plans: list[Plan] = []

        def noted(snapshot: Snapshot) -> Plan:
            plans.append(decide(snapshot))
            return plans[-1]

        written = self.step("edit", noted, dry_run=dry_run)
        after = AfterSnapshot(self.catalog, plans[-1]) if dry_run else self.catalog
        holder = self.record_named(source)
        holder = after.get(holder.id) or holder
        try:
            other: Record | None = self.record_named(target, holder, name)
        except AtocoreError:
            other = None
        already = None if plans[-1].changes or other is None else relating.stating(after, holder, name, other)
        return Linked(
            **parts_of(written),
            source=holder.id,
            type=name,
            target=other.id if other else target,
            already=already.id if already else "",
            problems=_problems(after, holder),
        )

    def _ends(self, source: str, relation: str, target: str) -> tuple[Record, Record]:
        holder = self.record_named(source)
        return holder, self.record_named(target, holder, relation)

    def record_named(self, name: str, holder: Record | None = None, relation: str = "") -> Record:
        """The committed record that a person names: as `lookup` finds it, else by title, alias or file as a
        link does. Raises `not-found` with names like it, and `ambiguous`."""
        try:
            return self.lookup(name)
        except AtocoreError as error:
            if error.code != "not-found" or is_id(name) or name.endswith(".md"):
                raise
        return self._by_name(name, holder, relation)

    def _by_name(self, name: str, holder: Record | None, relation: str) -> Record:
        for key in link_keys(name):
            if found := self.catalog.named(key):
                fitting = likeliest(holder, relation, found) if holder else _standing(found)
                if len(fitting) == 1:
                    return fitting[0]
                told = "; ".join(f"{one.id} ({one.type or one.kind}, {one.title})" for one in fitting[:_TOLD])
                raise AtocoreError(
                    "ambiguous", f"{name!r} fits {len(fitting)} records: {told}", "give its id"
                )
        from atocore.views.queries.names import Names

        kinds = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)
        briefs = {brief.id: brief for brief in self.catalog.briefs(kinds)}
        return self.lookup(Names(briefs).find(name, holder.project if holder else "").id)


def _standing(found: tuple[Record, ...]) -> tuple[Record, ...]:
    """Of records of one name those that are entities and in force, as far as any is."""
    left = [record for record in found if record.kind is Kind.ENTITY] or list(found)
    for status in ("active", "candidate"):
        left = [record for record in left if record.status == status] or left
    return tuple(left)


def _problems(snapshot: Snapshot, record: Record) -> tuple[Problem, ...]:
    """What is wrong with the relations of one record, circles through it included."""
    links: Links[Record] = Links(snapshot.get, snapshot.named)
    near = around(links, record)
    round_it = (one for one in circle_problems(links, near) if one.path == record.path)
    return (*relation_problems(links, (record,)), *round_it)


def related(
    snapshot: Snapshot, record: Record
) -> tuple[tuple[RelatedAnswer, ...], tuple[RelatedAnswer, ...]]:
    """What a record says that it is related to, and what others say of it. A memory that graduated stands for
    its entity."""
    links: Links[Record] = Links(snapshot.get, snapshot.named)
    outgoing = (
        _answer(one.type, one.type.replace("_", " "), one.target, _home(snapshot, links.target(record, one)))
        for one in record.relations
    )
    into = (
        _answer(one.type, RELATIONS[one.type].reverse, meant.id, one.holder)
        for meant in (record, *_pointers(snapshot, record))
        for one in relating.incoming(snapshot, meant)
    )
    return tuple(outgoing), tuple(into)


def _home(snapshot: Snapshot, target: Record | None) -> Record | None:
    """Where the fact of a relation's target lives now."""
    pointer = target if target is not None and target.status == GRADUATED else None
    return (home_of(snapshot, pointer).record if pointer is not None else None) or target


def _pointers(snapshot: Snapshot, record: Record) -> tuple[Record, ...]:
    """The memories whose fact lives in a record, where it is an entity."""
    found = snapshot.referring(record.id) if record.kind is Kind.ENTITY else ()
    return tuple(one for one in found if one.status == GRADUATED and one.graduated_to == record.id)


def _answer(type_: str, reads: str, target: str, other: Record | None) -> RelatedAnswer:
    if other is None:
        return RelatedAnswer(type_, reads, target, "", "", "", "", "")
    return RelatedAnswer(
        type_, reads, target, other.id, other.title, str(other.kind), other.type, other.status
    )
