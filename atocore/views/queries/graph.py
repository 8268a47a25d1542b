"""The graph that every query asks: committed knowledge as briefs, and their relations as arrows both ways.

An arrow whose target was superseded or graduated leads to what stands in its place. One whose target is no
knowledge (retired, rejected, a candidate, missing) leads nowhere, and is told of where that matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from atocore.records.brief import Brief
from atocore.records.kinds import Kind
from atocore.records.linking import Links, links_over
from atocore.records.record import OtherSide, Record, Relation
from atocore.records.slots import normal_name
from atocore.views.queries.answer import Cited, by_reading
from atocore.views.queries.names import Names

ASKED = (Kind.MEMORY, Kind.ENTITY, Kind.STATE, Kind.SOURCE, Kind.NOTE)
"""The kinds of record that a graph is made of: knowledge, and the documents that it leads to."""
_DOCUMENTS = (Kind.SOURCE, Kind.NOTE)
KNOWING = tuple(kind for kind in ASKED if kind not in _DOCUMENTS)
"""The kinds whose records are knowledge."""
STRUCTURE = ("project", "subsystem", "component", "interface")
"""The types of entity that a system is made of."""


class Arrow(NamedTuple):
    """One relation of an active record. `stated` is its target as written, `target` the active record that
    this leads to now, "" where it leads nowhere."""

    holder: str
    type: str
    target: str
    stated: str


_NO_ARROWS: tuple[dict[str, list[Arrow]], dict[str, list[Arrow]]] = ({}, {})


class Graph:
    """The knowledge of a vault, whatever the order of its files.

    `records` holds knowledge by id, of every status; `active` what counts of it; `documents` the sources and
    notes, which no arrow leaves.
    """

    def __init__(
        self, briefs: Iterable[Brief], disputed: Mapping[str, tuple[OtherSide, ...]] | None = None
    ) -> None:
        known = sorted((b for b in briefs if b.kind in ASKED), key=lambda b: b.id)
        self.records = {b.id: b for b in known if b.kind not in _DOCUMENTS}
        self.documents = {b.id: b for b in known if b.kind in _DOCUMENTS}
        self.active = {b.id: b for b in self.records.values() if b.status == "active"}
        self.disputed = disputed or {}
        self.names = Names(self.records)

    @cached_property
    def out(self) -> Mapping[str, list[Arrow]]:
        """The arrows that each active record holds, in the order written; each once, none to itself."""
        found, active, made = {}, self.active, tuple.__new__  # there are many: made without a look at names
        for holder, brief in active.items():
            arrows: list[Arrow] = []
            for relation in brief.relations:
                type_, stated = relation
                target = stated
                if stated not in active:
                    stated = self._named(brief, relation)
                    target = self.now(stated)
                arrow = made(Arrow, (holder, type_, target, stated))
                if target != holder and arrow not in arrows:
                    arrows.append(arrow)
            if arrows:
                found[holder] = arrows
        return found

    @cached_property
    def into(self) -> Mapping[str, list[Arrow]]:
        """The arrows that lead to each active record."""
        return _by_end(arrow for arrows in self.out.values() for arrow in arrows)

    def _named(self, holder: Brief, relation: Relation) -> str:
        """The id that a relation names; its target as written where it names none, or several."""
        found = self._links.target(holder, relation)
        return found.id if found is not None else relation.target

    @cached_property
    def _links(self) -> Links[Brief]:
        return links_over((*self.records.values(), *self.documents.values()))

    def _typed(self, type_: str) -> tuple[Mapping[str, list[Arrow]], Mapping[str, list[Arrow]]]:
        """The arrows of one type by holder and by target, without those that lead nowhere."""
        return self._by_type.get(type_, _NO_ARROWS)

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[dict[str, list[Arrow]], dict[str, list[Arrow]]]]:
        found: dict[str, tuple[dict[str, list[Arrow]], dict[str, list[Arrow]]]] = {}
        for holder, arrows in self.out.items():
            for arrow in arrows:
                if arrow.target:
                    held, led = found.get(arrow.type) or found.setdefault(arrow.type, ({}, {}))
                    held.setdefault(holder, []).append(arrow)
                    led.setdefault(arrow.target, []).append(arrow)
        return found

    def now(self, record_id: str) -> str:
        """The active record that stands for one today: itself, or the end of what superseded it and what it
        graduated to; a document itself; "" where there is none."""
        if record_id in self.documents:
            return record_id
        seen = set()
        while record_id not in self.active:
            brief = self.records.get(record_id)
            if brief is None or record_id in seen:
                return ""
            seen.add(record_id)
            record_id = {"superseded": brief.superseded_by, "graduated": brief.graduated_to}.get(
                brief.status, ""
            )
        return record_id

    def holds(self, record_id: str, *types: str) -> list[Arrow]:
        """The arrows of some types (of any) that a record holds and that lead somewhere."""
        if not types:
            return [arrow for arrow in self.out.get(record_id, ()) if arrow.target]
        if len(types) == 1:
            return self._typed(types[0])[0].get(record_id, [])
        return [arrow for type_ in types for arrow in self._typed(type_)[0].get(record_id, ())]

    def lost(self, record_id: str, *types: str) -> list[Arrow]:
        """The arrows of some types that a record holds and that lead nowhere."""
        held = self.out.get(record_id, ())
        return [arrow for arrow in held if not arrow.target and arrow.type in types]

    def reaching(self, record_id: str, *types: str) -> list[Arrow]:
        """The arrows of some types (of any) that lead to a record."""
        if not types:
            return self.into.get(record_id, [])
        if len(types) == 1:
            return self._typed(types[0])[1].get(record_id, [])
        return [arrow for type_ in types for arrow in self._typed(type_)[1].get(record_id, ())]

    @cached_property
    def _past(self) -> Mapping[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for brief in self.records.values():
            if brief.id not in self.active:
                for relation in brief.relations:
                    target = self.now(self._named(brief, relation))
                    found.setdefault((target, relation.type), []).append(brief.id)
        return found

    def past(self, record_id: str, type_: str) -> list[str]:
        """The records that hold a relation to an active one, and count no more, or not yet."""
        return self._past.get((record_id, type_), [])

    def beside(self, record_id: str, type_: str) -> list[str]:
        """What a record is related to in either direction, by id."""
        out, into = self.holds(record_id, type_), self.reaching(record_id, type_)
        if not (out or into):
            return []
        return sorted({*(arrow.target for arrow in out), *(arrow.holder for arrow in into)})

    def parts(self, *ids: str) -> list[str]:
        """Everything that is part of some records, at any depth, nearest first; without themselves."""
        return reachable(ids, lambda one: (arrow.holder for arrow in self.reaching(one, "part_of")))

    def chain(self, part: str, whole: str) -> list[Arrow]:
        """The arrows by which a record is part of another, by the shortest way; [] where it is not."""
        came: dict[str, Arrow] = {}
        due = [part]
        for one in due:
            if one == whole:
                break
            for arrow in self.holds(one, "part_of"):
                if arrow.target != part and arrow.target not in came:
                    came[arrow.target] = arrow
                    due.append(arrow.target)
        way: list[Arrow] = []
        while whole in came:
            way.append(came[whole])
            whole = came[whole].holder
        return way

    def wholes(self, *ids: str) -> list[str]:
        """Everything that some records are part of, at any height, nearest first; without themselves."""
        return reachable(ids, lambda one: (arrow.target for arrow in self.holds(one, "part_of")))

    @cached_property
    def _by_subject(self) -> Mapping[str, list[str]]:
        return _by_name((brief.subject, brief.id) for brief in self.active.values() if brief.subject)

    def about(self, record_id: str) -> list[str]:
        """The active records of the same project whose `subject` is a record's title or an alias of its."""
        return self._naming(self._by_subject, record_id)

    def _naming(self, index: Mapping[str, list[str]], record_id: str) -> list[str]:
        if not index:
            return []
        brief = self.active[record_id]
        names = dict.fromkeys(normal_name(text) for text in (brief.title, *brief.aliases) if text)
        found = {one for name in names for one in index.get(name, ()) if one != record_id}
        return sorted(one for one in found if self.active[one].project == brief.project)

    @cached_property
    def _by_component(self) -> Mapping[str, list[str]]:
        return _by_name((brief.component, brief.id) for brief in self.active.values() if brief.component)

    def for_component(self, record_id: str) -> list[str]:
        """The active records of the same project whose `component` is a record's title or an alias of its."""
        return self._naming(self._by_component, record_id)

    def of_type(self, *types: str, project: str = "") -> list[Brief]:
        """The active entities and trusted state of some types (of a project), in the order of reading."""
        found = (
            brief
            for brief in self.active.values()
            if brief.type in types
            and brief.kind is not Kind.MEMORY  # which has types of the same names
            and (not project or brief.project == project)
        )
        return sorted(found, key=by_reading)

    def status(self, record_id: str) -> str:
        """The status that knowledge counts as; "" for what is none."""
        known = self.records.get(record_id)
        return known.status if known is not None else ""

    def brief(self, record_id: str) -> Brief:
        """An active record, or a document."""
        return self.active.get(record_id) or self.documents[record_id]

    def type_of(self, record_id: str) -> str:
        """The type of an active entity or state; `source` or `note` for a document, `memory` for a memory."""
        brief = self.brief(record_id)
        return brief.type if brief.kind in (Kind.ENTITY, Kind.STATE) else str(brief.kind)

    def cited(self, record_id: str) -> Cited:
        """An active record, or a document, as an answer cites it."""
        return self.cited_anyhow(self.brief(record_id))

    def cited_anyhow(self, b: Brief | Record) -> Cited:
        """A record of any status as an answer cites it."""
        disputed = self.disputed.get(b.id) or None
        return Cited(b.id, b.kind, b.type, b.status, b.project, b.title, b.value, b.path, disputed)

    def standing(self, stated: str) -> str:
        """What is wrong with a target: missing, or its status, with what stands in its place."""
        brief = self.records.get(stated)
        if brief is None:
            return "missing"
        successor = self.now(stated) if brief.status != "active" else ""
        word = "graduated to" if brief.status == "graduated" else f"{brief.status} by"
        return f"{word} {successor}" if successor else brief.status


def reachable(starts: Iterable[str], step: Callable[[str], Iterable[str]]) -> list[str]:
    """What can be reached from some records, breadth first, without them."""
    seen = dict.fromkeys(starts)
    due, found = list(seen), []
    for one in due:
        for other in step(one):
            if other not in seen:
                seen[other] = None
                due.append(other)
                found.append(other)
    return found


def _by_end(arrows: Iterable[Arrow]) -> dict[str, list[Arrow]]:
    """Arrows by the record that they lead to."""
    found: dict[str, list[Arrow]] = {}
    for arrow in arrows:
        if arrow.target:
            found.setdefault(arrow.target, []).append(arrow)
    return found


def _by_name(named: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    """Ids by a name as it is compared. A name that many share is made comparable once."""
    written: dict[str, list[str]] = {}
    for name, record_id in named:
        written.setdefault(name, []).append(record_id)
    found: dict[str, list[str]] = {}
    for name, ids in written.items():
        found.setdefault(normal_name(name), []).extend(ids)
    return found
