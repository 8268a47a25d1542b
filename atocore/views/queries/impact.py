"""Impact: what is to be looked at again when a record changes, and by which way the change gets there.

A change goes on from a dependent record to what depends on that one. What is only at stake (a requirement
whose satisfaction must be shown anew, a drawing, the other side of an interface) is named, and passes nothing
on. The table of relations says which side of each is what.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from atocore.records.relation_table import RELATIONS
from atocore.views.queries.answer import DEEPEST, Found, Line, by_reading
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import Graph

_EVERY = tuple(RELATIONS)
_BORDER = ("interfaces_with",)
"""How a change goes on from an interface: to what lies behind it."""
_CLAIMS = ("validates",)
"""How it goes on from a requirement that is at stake: to the claims about it."""


class _Reached(NamedTuple):
    """A record that a change reaches, in words how it hangs on the one before, and by which relations the
    change goes on from it."""

    record: str
    via: str
    on: tuple[str, ...]


def impact(asked: Asked) -> Found:
    """What depends on a record, directly and through others, as a tree of shortest ways."""
    graph, root = asked.graph, asked.subject
    below, at_stake = _spread(graph, root.id)
    lines = tuple(_lines(graph, root.id, below, at_stake))
    if len(lines) == 1:
        return Found(why=f"nothing depends on {root.title or root.id}: no record is related to it so")
    passing = len(lines) - 1 - len(at_stake)
    return Found(lines=lines, notes=(f"{passing} depend on it, {len(at_stake)} more are at stake",))


def _spread(graph: Graph, root: str) -> tuple[dict[str, list[_Reached]], set[str]]:
    """What the change reaches from each record, breadth first and so by the shortest way; and what of it is
    only at stake."""
    on: dict[str, set[str]] = {root: set(_EVERY)}
    below: dict[str, list[_Reached]] = {}
    due = [root]
    for one in due:
        for reached in _next(graph, one, root, on[one]):
            if reached.record not in on:
                on[reached.record] = set()
                below.setdefault(one, []).append(reached)
            known = on[reached.record]
            if len(known) < len(_EVERY) and not known.issuperset(reached.on):
                known.update(reached.on)
                due.append(reached.record)  # also where it was reached before: the change goes on further
    return below, {record for record, relations in on.items() if len(relations) < len(_EVERY)}


_Side = tuple[str, str]


def _spreading(reaches: str) -> dict[_Side, str]:
    """For each relation and side that a change reaches so, in words how that side hangs on the other."""
    return {
        (name, side): f"{rule.reverse if side == 'target' else name.replace('_', ' ')} it"
        for name, rule in RELATIONS.items()
        for side in ("holder", "target")
        if {"border": rule.symmetric, "on": rule.dependent in (side, "both")}.get(
            reaches, rule.at_stake in (side, "both")
        )
    }


_ACROSS, _ON, _AT_STAKE = _spreading("border"), _spreading("on"), _spreading("at stake")


def _next(graph: Graph, one: str, root: str, on: set[str]) -> Iterator[_Reached]:
    """What a change of one record reaches at once, by the relations by which it goes on."""
    passes = len(on) == len(_EVERY)
    sides = [((arrow.type, "target"), arrow.target) for arrow in graph.holds(one) if arrow.type in on]
    sides += [((arrow.type, "holder"), arrow.holder) for arrow in graph.reaching(one) if arrow.type in on]
    for side, other in sides:
        if side in _ACROSS:
            yield _Reached(other, _ACROSS[side], _beyond(graph, one, other, root))
        elif side in _ON:
            yield _Reached(other, _ON[side], _EVERY if passes else ())
        elif side in _AT_STAKE:
            claims = passes and graph.type_of(other) == "requirement"
            yield _Reached(other, _AT_STAKE[side], _CLAIMS if claims else ())
    if one == root:
        yield from (_Reached(other, "is about it", ()) for other in graph.about(one))


def _beyond(graph: Graph, one: str, other: str, root: str) -> tuple[str, ...]:
    """By which relations a change goes on across a border, which is there to hold it up: as far as what lies
    behind an interface, and through where the interface itself is what changes."""
    if graph.type_of(one) == "interface":
        return _EVERY if one == root else ()
    return _BORDER if graph.type_of(other) == "interface" else ()


def _lines(graph: Graph, root: str, below: dict[str, list[_Reached]], at_stake: set[str]) -> Iterator[Line]:
    due = [(0, _Reached(root, "", ()))]
    while due:
        depth, reached = due.pop()
        further = below.get(reached.record, [])
        note = "at stake" if reached.record in at_stake else ""
        if further and depth + 1 >= DEEPEST:
            further, note = [], f"more than {DEEPEST} levels: ask about this one"
        yield Line(depth, graph.cited(reached.record), reached.via, note)
        further = sorted(further, key=lambda one: by_reading(graph.brief(one.record)), reverse=True)
        due += ((depth + 1, one) for one in further)
