"""Interfaces: what a part of the system borders on."""

from __future__ import annotations

from collections.abc import Iterator

from atocore.views.queries.answer import Found, Link, row
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import Graph


def interfaces_of(asked: Asked) -> Found:
    """What a record and its parts interface with, directly or through an interface entity."""
    graph, about = asked.graph, asked.subject
    parts = graph.parts(about.id)
    inside = [about.id, *(one for one in parts if not _between(graph, one, {about.id, *parts}))]
    seen: set[tuple[str, str, str]] = set()
    rows, links, ends = [], [], set()
    for one in inside:
        for interface, other in _sides(graph, one):
            key = (min(one, other), max(one, other), interface)
            if key in seen:
                continue
            seen.add(key)
            where = "within" if other in parts else "outside"
            rows.append(
                row(
                    graph.cited(other),
                    interface=graph.cited(interface) if interface else None,
                    of=graph.cited(one),
                    where=where,
                )
            )
            ends |= {one, other} | ({interface} if interface else set())
            links += _drawn(one, interface, other)
    rows.sort(key=lambda r: (r["where"], str(r["title"]).casefold(), r["id"]))
    return Found(
        rows=tuple(rows), cited=tuple(map(graph.cited, sorted(ends))), links=tuple(dict.fromkeys(links))
    )


def _between(graph: Graph, one: str, inside: set[str]) -> bool:
    """Whether a part is an interface of other parts: the rows of those name it, with what lies behind it."""
    return graph.type_of(one) == "interface" and any(
        other in inside and graph.type_of(other) != "interface"
        for other in graph.beside(one, "interfaces_with")
    )


def _sides(graph: Graph, one: str) -> Iterator[tuple[str, str]]:
    """The interface entity ("" where none lies between) and the other side, for each interface of a part."""
    for other in graph.beside(one, "interfaces_with"):
        if graph.active[other].type != "interface" or graph.active[one].type == "interface":
            yield "", other
            continue
        beyond = [far for far in graph.beside(other, "interfaces_with") if far != one]
        yield from ((other, far) for far in beyond)
        if not beyond:
            yield "", other


def _drawn(one: str, interface: str, other: str) -> list[Link]:
    if not interface:
        return [Link(one, "interfaces with", other)]
    return [Link(one, "interfaces with", interface), Link(interface, "interfaces with", other)]
