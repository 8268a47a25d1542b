"""Limits and quantities: the constraints on a record, and the parameters of the system."""

from __future__ import annotations

from collections.abc import Iterator

from atocore.records.brief import Brief
from atocore.views.queries.answer import Cell, Cited, Found, Link, by_reading, row
from atocore.views.queries.asked import Asked
from atocore.views.queries.drawing import around
from atocore.views.queries.graph import STRUCTURE, Graph


def constraints_on(asked: Asked) -> Found:
    """What limits a record: itself, what it is part of, its parts, or an interface that it has."""
    graph, about = asked.graph, asked.subject
    limits: dict[str, list[str]] = {}
    links, places = [], []
    for one, place in _places(graph, about):
        for limit, words in _limiting(graph, one):
            limits.setdefault(limit, []).append(place or words)
            links.append(Link(limit, "constrains", one))
            places.append(one)
    rows = (
        row(graph.cited(one), attribute=graph.brief(one).attribute, how=tuple(dict.fromkeys(ways)))
        for one, ways in limits.items()
    )
    cited, drawn = around(graph, about.id, links, places)
    return Found(
        rows=tuple(rows),
        cited=cited,
        links=drawn,
        why=f"nothing constrains {about.title or about.id}: give a constraint the relation constrains to it",
    )


def _places(graph: Graph, about: Brief) -> Iterator[tuple[str, str]]:
    """Where a constraint bears on a record, and in words where; "" for the record itself."""
    yield about.id, ""
    for one in graph.wholes(about.id):
        yield one, f"through what it is part of: {graph.brief(one).title}"
    for one in graph.beside(about.id, "interfaces_with"):
        if graph.type_of(one) == "interface":
            yield one, f"through its interface {graph.brief(one).title}"
    for one in graph.parts(about.id):
        yield one, f"on its part {graph.brief(one).title}"


def _limiting(graph: Graph, one: str) -> Iterator[tuple[str, str]]:
    """What limits one record, and in words how: the limit says so, the record, or the subject."""
    for arrow in graph.reaching(one, "constrains"):
        yield arrow.holder, "constrains it"
    for arrow in graph.holds(one, "satisfies"):
        if graph.type_of(arrow.target) == "constraint":
            yield arrow.target, "it keeps to it"
    for other in graph.about(one):
        if graph.type_of(other) == "constraint":
            yield other, "by its subject"


def parameters(asked: Asked) -> Found:
    """The parameters with their values, what they are of, and what limits them."""
    graph = asked.graph
    found = graph.of_type("parameter", project=asked.project)
    if asked.about is not None:
        inside = {asked.about.id, *graph.parts(asked.about.id)}
        by_name = {other for one in inside for other in graph.about(one)}
        found = [p for p in found if p.id in inside | by_name or inside & set(_bearers(graph, p.id))]
    cells = [(graph.cited(p.id), _cells(graph, p)) for p in found]
    cells.sort(key=lambda one: (one[0].project, str(one[1]["of"]).casefold(), *by_reading(one[0])))
    why = f"no parameter is of {asked.about.title or asked.about.id} or its parts" if asked.about else ""
    return Found(rows=tuple(row(cited, **more) for cited, more in cells), why=why)


def _cells(graph: Graph, parameter: Brief) -> dict[str, Cell]:
    bearers = [graph.brief(one).title for one in _bearers(graph, parameter.id)]
    return {
        "of": parameter.subject or ", ".join(dict.fromkeys(bearers)),
        "parameter": parameter.attribute or parameter.title,
        "limits": _limits(graph, parameter.id),
    }


def _bearers(graph: Graph, parameter: str) -> list[str]:
    """The parts of the system that a parameter is a quantity of, by any relation between the two."""
    held = (arrow.target for arrow in graph.holds(parameter, "part_of", "described_by", "constrains"))
    into = (arrow.holder for arrow in graph.reaching(parameter, "described_by", "depends_on"))
    return [
        one
        for one in dict.fromkeys((*held, *into))
        if graph.type_of(one) in (*STRUCTURE, "material", "process")
    ]


def _limits(graph: Graph, parameter: str) -> tuple[Cited, ...]:
    limits = dict.fromkeys(arrow.holder for arrow in graph.reaching(parameter, "constrains"))
    kept = dict.fromkeys(arrow.target for arrow in graph.holds(parameter, "satisfies"))
    return tuple(graph.cited(one) for one in dict.fromkeys((*limits, *kept)))
