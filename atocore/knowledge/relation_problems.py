"""What is wrong with relations: those that lead nowhere, that do not fit, that say twice, or that go round.

Only what counts or waits is looked at: what a superseded or rejected record says is history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from atocore.records.circles import circles
from atocore.records.ids import is_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.linking import Links
from atocore.records.problem import Problem
from atocore.records.record import Record, Relation
from atocore.records.relation_table import RELATIONS
from atocore.records.relation_values import entries_of, entry_lines, relation_of
from atocore.records.relations import End, allowed_targets, fits, meant

IN_FORCE = ("active", "candidate")
_GONE = ("superseded", "retired", "rejected")
_TOLD = 3
_NEAR_FOR = 20
"""Names like it are looked for so many times: each look goes through every name."""
_BEGIN = 3


class Held:
    """The relations of a record as they stand in its file."""

    def __init__(self, record: Record) -> None:
        self.record = record
        entries = entries_of(record.header.get("relations"))
        stated = ((number, relation_of(entry)) for number, entry in enumerate(entries))
        self.relations = tuple((number, relation) for number, relation in stated if relation is not None)

    @cached_property
    def _lines(self) -> tuple[int, ...]:
        return entry_lines(self.record.raw)

    def line(self, number: int) -> int:
        """The file's line of an entry."""
        at = self._lines
        return at[number] if number < len(at) else self.record.header.line("relations")

    def problem(self, number: int, code: str, told: str) -> Problem:
        """A problem of one entry."""
        return Problem(self.record.path, self.line(number), code, told)


def relation_problems(
    links: Links[Record], records: Iterable[Record], names: Iterable[str] = ()
) -> Iterator[Problem]:
    """What is wrong with the relations of `records`, circles aside. `names` are those that records have, for
    telling what is like one that leads nowhere."""
    known = {name.casefold(): name for name in names if name}
    asked = 0
    for held in _held_by(records):
        seen: dict[tuple[str, str], int] = {}
        for number, relation in held.relations:
            found = links.targets(held.record, relation)
            if len(found) == 1:
                yield from _of_one(held, number, relation, found[0], links, seen)
            elif found:
                told = "; ".join(f"{one.id} ({one.type or one.kind}, {one.path})" for one in found[:_TOLD])
                told = f"{relation.type} {relation.target} fits {len(found)} records: {told}"
                yield held.problem(number, "ambiguous-link", told)
            elif not is_id(relation.target, KINDS[Kind.INTERACTION].prefix):  # captures stay where they arose
                asked += 1
                near = near_names(relation.target, known) if asked <= _NEAR_FOR else ()
                like = f"; like it: {', '.join(near)}" if near else ""
                told = f"`relations`: {relation.type} leads to no record: {relation.target}{like}"
                yield held.problem(number, "dangling-reference", told)


def near_names(target: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Names (or ids) that are like a target, the nearest first. `known` are names by their folded form; only
    those with a word that begins as one of the target's does are compared, since comparing is dear."""
    from difflib import get_close_matches

    bare = target.removeprefix("[[").removesuffix("]]").partition("|")[0].casefold()
    begins = {word[:_BEGIN] for word in bare.split()}
    likely = [name for name in known if any(word[:_BEGIN] in begins for word in name.split())]
    return tuple(known[name] for name in get_close_matches(bare, likely, n=_TOLD, cutoff=0.6))


def _held_by(records: Iterable[Record]) -> Iterator[Held]:
    for record in records:
        if record.relations and record.status in IN_FORCE:
            yield Held(record)


def _of_one(
    held: Held,
    number: int,
    relation: Relation,
    target: Record,
    links: Links[Record],
    seen: dict[tuple[str, str], int],
) -> Iterator[Problem]:
    """What is wrong with a relation whose target is known; `seen` are the entries above it."""
    record = held.record
    first = seen.setdefault((relation.type, target.id), number)
    if first != number:
        told = f"{relation.type} {target.id} stands in line {held.line(first)} already"
        yield held.problem(number, "duplicate-relation", told)
        return
    if target.id == record.id:
        yield held.problem(number, "relation-cycle", f"{relation.type} leads from {record.id} to itself")
        return
    meant_by_it = links.get(target.graduated_to) or target  # a pointer stands for the entity it leads to
    if not fits(relation.type, end_of(record), end_of(meant_by_it)):
        yield held.problem(number, "ill-typed-relation", ill_typed(relation.type, record, meant_by_it))
    if target.status in _GONE:
        by = f" by {_successor(links, target)}" if target.superseded_by else ""
        told = f"{relation.type} leads to {target.id}, which is {target.status}{by}"
        yield held.problem(number, "stale-relation", told)


def _successor(links: Links[Record], record: Record) -> str:
    """The id of what stands at the end of a chain of successors, as far as it is known."""
    end, seen = record.superseded_by, {record.id}
    while end not in seen:
        seen.add(end)
        after = links.get(end)
        if after is None or after.status != "superseded" or after.superseded_by in ("", *seen):
            break
        end = after.superseded_by
    return end


def end_of(record: Record) -> End:
    """A record as one end of a relation."""
    return End(record.kind, record.type)


def ill_typed(name: str, holder: Record, target: Record) -> str:
    """Why a relation does not fit, and what does: the other way round, another relation, or other targets."""
    told = misfit(name, end_of(holder), target)
    other = said_instead(name, holder, target)
    return f"{told}; did you mean: {' '.join(other)}" if other else f"{told}; {may_hold(name, holder.type)}"


def misfit(name: str, holder: End, target: Record) -> str:
    """What does not fit, in words."""
    return f"`{name}` does not lead from {_a(holder)} to {_a(end_of(target))} ({target.id})"


def may_hold(name: str, type_: str) -> str:
    """What an entity of a type may link to by a relation."""
    allowed = allowed_targets(name, type_)
    return f"from {_a(End(Kind.ENTITY, type_))} it leads to: {', '.join(allowed) or 'nothing'}"


def said_instead(name: str, holder: Record, target: Record) -> tuple[str, str, str] | None:
    """The link that was likely meant by one that does not fit: holder, relation, target; None where nothing
    of the kind fits."""
    for other, back in meant(name, end_of(holder), end_of(target))[:1]:
        return (target.id, other, holder.id) if back else (holder.id, other, target.id)
    return None


def _a(end: End) -> str:
    return f"{'an' if end.called[0] in 'aeiou' else 'a'} {end.called}"


def circle_problems(links: Links[Record], records: Iterable[Record]) -> Iterator[Problem]:
    """Relations that lead back to where they began, though their kind knows no circles: told of each record
    on the way round, at the entry that leads on."""
    arrows: dict[str, dict[tuple[str, str], tuple[Held, int]]] = {}
    for held in _held_by(records):
        for number, relation in held.relations:
            if RELATIONS[relation.type].acyclic:
                target = links.target(held.record, relation)
                if target is not None and target.id != held.record.id:
                    pair = (held.record.id, target.id)
                    arrows.setdefault(relation.type, {}).setdefault(pair, (held, number))
    for name, pairs in arrows.items():
        for way in circles(pairs):
            told = f"{name} leads back to its beginning: {' -> '.join((*way, way[0]))}"
            for pair in zip(way, (*way[1:], way[0]), strict=True):
                held, number = pairs[pair]
                yield held.problem(number, "relation-cycle", told)


def around(links: Links[Record], record: Record) -> tuple[Record, ...]:
    """A record and all that its relations lead to which know no circles: enough to find those through it."""
    found = {record.id: record}
    due = [record]
    for one in due:
        for relation in one.relations:
            if RELATIONS[relation.type].acyclic and one.status in IN_FORCE:
                target = links.target(one, relation)
                if target is not None and target.id not in found:
                    found[target.id] = target
                    due.append(target)
    return tuple(found.values())
