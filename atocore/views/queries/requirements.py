"""Requirements: what nothing satisfies, and what nothing shows to hold."""

from __future__ import annotations

from atocore.views.queries.answer import Found, row
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import Graph


def orphan_requirements(asked: Asked) -> Found:
    """The requirements that nothing satisfies, neither directly nor through all of the requirements below."""
    graph = asked.graph
    met = satisfied(graph)
    required = graph.of_type("requirement", project=asked.project)
    orphans = (one for one in required if one.id not in met)
    rows = (row(graph.cited(one.id), why=_why_orphan(graph, one.id, met)) for one in orphans)
    return Found(
        rows=tuple(rows), why=f"each of {len(required)} requirements is satisfied" if required else ""
    )


def satisfied(graph: Graph) -> set[str]:
    """The requirements that something other than a requirement satisfies, or whose children are all met."""
    return with_parents(graph, {r.id for r in graph.of_type("requirement") if satisfiers(graph, r.id)})


def satisfiers(graph: Graph, requirement: str) -> list[str]:
    """What satisfies a requirement directly; other requirements do not."""
    holders = dict.fromkeys(arrow.holder for arrow in graph.reaching(requirement, "satisfies"))
    return [one for one in holders if graph.type_of(one) != "requirement"]


def with_parents(graph: Graph, met: set[str]) -> set[str]:
    """Requirements for which something holds, and those for whose children, one and all, it holds."""
    found, due = set(met), sorted(met)
    while due:
        for parent in _parents(graph, due.pop()):
            if parent not in found and all(child in found for child in children(graph, parent)):
                found.add(parent)
                due.append(parent)
    return found


_BELOW = ("part_of", "satisfies")
"""The relations by which one requirement stands below another."""


def children(graph: Graph, requirement: str) -> list[str]:
    """The requirements directly below one."""
    found = {arrow.holder for arrow in graph.reaching(requirement, *_BELOW)}
    return sorted(one for one in found if graph.active[one].type == "requirement")


def _parents(graph: Graph, requirement: str) -> list[str]:
    found = {arrow.target for arrow in graph.holds(requirement, *_BELOW)}
    return sorted(one for one in found if graph.active[one].type == "requirement")


def _why_orphan(graph: Graph, requirement: str, met: set[str]) -> str:
    below = children(graph, requirement)
    left = [one for one in below if one not in met]
    if below:
        return f"nothing satisfies it, nor {len(left)} of the {len(below)} requirements below it"
    past = [f"{one} ({graph.records[one].status})" for one in graph.past(requirement, "satisfies")]
    return f"nothing satisfies it but {', '.join(past)}" if past else "nothing satisfies it"
