"""The bill of materials: what the parts are made of, by which processes, and who supplies them."""

from __future__ import annotations

from functools import cache, partial

from atocore.views.queries.answer import Found
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import STRUCTURE, Graph
from atocore.views.queries.structure import assemblies, parts_of
from atocore.views.queries.tree import Step, grown

_SUPPLIES = (
    ("made_of", "made of"),
    ("made_by", "made by"),
    ("supplied_by", "supplied by"),
)
_SUPPLYING = {"material": "made of", "process": "made by", "vendor": "supplied by"}


def bill_of_materials(asked: Asked) -> Found:
    """The parts as a tree, each with its materials, processes and vendors, and theirs."""
    graph = asked.graph
    roots = [asked.subject.id] if asked.about else _bought(graph, asked.project)
    lines = tuple(grown(graph, (Step(root, "") for root in roots), lambda one: _bill(graph, one)))
    return Found(lines=lines)


def _bill(graph: Graph, one: str) -> list[Step]:
    """What one position of the bill consists of; interfaces only where they are made of something."""
    steps = [
        step
        for step in parts_of(graph, one)
        if graph.active[step.record].type != "interface" or _is_made(graph, step.record)
    ]
    for relation, how in _SUPPLIES:
        targets = dict.fromkeys(arrow.target for arrow in graph.holds(one, relation))
        steps += [Step(target, how) for target in targets]
    known = {step.record for step in steps}
    named = (graph.active[other] for other in graph.for_component(one) if other not in known)
    return [*steps, *(Step(b.id, _SUPPLYING[b.type]) for b in named if b.type in _SUPPLYING)]


def _is_made(graph: Graph, one: str) -> bool:
    """Whether a part says what it is made of, how, or by whom; or a material or vendor says so."""
    return bool(graph.holds(one, *(relation for relation, _ in _SUPPLIES)) or graph.for_component(one))


def _bought(graph: Graph, project: str) -> list[str]:
    """The tops that are made of, made by or supplied by something, or have a part that is."""
    made = [part.id for part in graph.of_type(*STRUCTURE, project=project) if _is_made(graph, part.id)]
    wholes = {*made, *graph.wholes(*made)}
    return [top for top in assemblies(graph, project, cache(partial(parts_of, graph))) if top in wholes]
