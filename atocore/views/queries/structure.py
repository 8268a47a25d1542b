"""The structure of the system: its parts as a tree, and what runs across it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from atocore.views.queries.answer import Found, Link, by_reading, named
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import STRUCTURE, Graph
from atocore.views.queries.tree import Step, grown, tops


def system_map(asked: Asked) -> Found:
    """The parts of the system as a tree, each with what it interfaces with and depends on."""
    graph, below = asked.graph, cache(partial(parts_of, asked.graph))
    roots = [asked.subject.id] if asked.about else assemblies(graph, asked.project, below)
    lines = list(
        grown(
            graph,
            (Step(root, "") for root in roots),
            below,
            lambda one: _neighbours(graph, one),
        )
    )
    return Found(lines=tuple(lines), links=tuple(_across(graph, {line.record.id for line in lines})))


def assemblies(graph: Graph, project: str, below: Callable[[str], list[Step]]) -> list[str]:
    """The parts of the system that are part of nothing in it."""
    parts = [part.id for part in graph.of_type(*STRUCTURE, project=project)]
    return tops(parts, lambda one: (step.record for step in below(one)))


def parts_of(graph: Graph, whole: str) -> list[Step]:
    """The parts of the system that are directly part of one."""
    return [Step(one, "part") for one in holders(graph, whole, "part_of", STRUCTURE)]


def holders(graph: Graph, target: str, relation: str, types: tuple[str, ...] = ()) -> list[str]:
    """Who holds a relation to a record, in the order of reading."""
    arrows = graph.reaching(target, relation)
    if not arrows:
        return []
    found = {arrow.holder for arrow in arrows}
    briefs = [graph.active[one] for one in found if not types or graph.active[one].type in types]
    return [brief.id for brief in sorted(briefs, key=by_reading)]


def _neighbours(graph: Graph, one: str) -> str:
    """What a part interfaces with and depends on, in words."""
    told = []
    beside = [graph.cited(other) for other in graph.beside(one, "interfaces_with")]
    needed = [graph.cited(other) for other in dict.fromkeys(a.target for a in graph.holds(one, "depends_on"))]
    for words, others in (("interfaces with", beside), ("depends on", needed)):
        if others:
            told.append(f"{words} {named(sorted(others, key=by_reading))}")
    return "; ".join(told)


def _across(graph: Graph, shown: set[str]) -> Iterator[Link]:
    """The arrows between parts that a tree of parts does not draw; an interface once."""
    for one in sorted(shown):
        for other in graph.beside(one, "interfaces_with"):
            if other in shown and one < other:
                yield Link(one, "interfaces with", other)
        for arrow in graph.holds(one, "depends_on"):
            if arrow.target in shown:
                yield Link(one, "depends on", arrow.target)
