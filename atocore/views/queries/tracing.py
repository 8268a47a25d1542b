"""Tracing: from a requirement to what satisfies it, and on to what shows that it does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from atocore.views.queries.answer import Found
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import Graph
from atocore.views.queries.proof import SHOWN_BY, Proof
from atocore.views.queries.requirements import children, satisfied, satisfiers
from atocore.views.queries.tree import Step, grown, tops
from atocore.views.queries.verification import verified

_SHOWING = ("validation_claim", "result", "analysis_model", "artifact")


def trace(asked: Asked) -> Found:
    """The requirements as a tree: those below each, what satisfies them, and the evidence of both."""
    graph = asked.graph
    proof = Proof(graph)
    met, (_, shown) = satisfied(graph), verified(graph, proof)

    def note(one: str) -> str:
        if graph.type_of(one) == "requirement":
            lacks = [
                told for told, held in (("not satisfied", met), ("not verified", shown)) if one not in held
            ]
            return "; ".join(lacks)
        if graph.type_of(one) == "validation_claim" and one not in proof.claims:
            return "no result behind it"
        return ""

    roots = _roots(asked)
    lines = grown(
        graph, (Step(root, "") for root in roots), lambda one: list(_below(graph, proof, one)), note
    )
    about = asked.about
    why = f"{about.title or about.id} and its parts satisfy and validate no requirement" if about else ""
    return Found(lines=tuple(lines), why=why)


def _roots(asked: Asked) -> list[str]:
    """The requirements that the trace begins with: the one that is asked about, those that the record asked
    about is there for, or those that stand below no other."""
    graph = asked.graph
    if asked.about is not None:
        if asked.about.type == "requirement":
            return [asked.about.id]
        inside = (asked.about.id, *graph.parts(asked.about.id))
        found = {a.target for one in inside for a in graph.holds(one, "satisfies", "validates")}
        return [one.id for one in graph.of_type("requirement") if one.id in found]
    required = graph.of_type("requirement", project=asked.project)
    lower = cache(lambda one: [step.record for step in _lower(graph, one)])
    return tops([one.id for one in required], lower)


def _lower(graph: Graph, requirement: str) -> list[Step]:
    """The requirements below one, and those derived from it."""
    lower = [Step(one, "requirement below") for one in children(graph, requirement)]
    derived = {a.holder for a in graph.reaching(requirement, "based_on")} - {step.record for step in lower}
    return lower + [
        Step(one, "derived") for one in sorted(derived) if graph.active[one].type == "requirement"
    ]


def _below(graph: Graph, proof: Proof, one: str) -> Iterator[Step]:
    kind = graph.type_of(one)
    if kind == "requirement":
        yield from _lower(graph, one)
        for satisfier in satisfiers(graph, one):
            yield Step(satisfier, "satisfied by", _belonging(graph, satisfier))
    if kind in _SHOWING:
        for arrow in graph.holds(one, *SHOWN_BY, "based_on"):
            if graph.type_of(arrow.target) not in ("requirement", "decision", "assumption"):
                yield Step(arrow.target, arrow.type.replace("_", " "))
    else:
        for arrow in graph.holds(one, *SHOWN_BY):
            yield Step(arrow.target, arrow.type.replace("_", " "))
    for arrow in graph.reaching(one, "validates"):
        yield Step(arrow.holder, "validated by")


def _belonging(graph: Graph, one: str) -> str:
    """What a part belongs to, up to the top."""
    wholes = [graph.brief(whole).title for whole in graph.wholes(one)]
    return f"part of {' › '.join(wholes[:3])}{' › …' if len(wholes) > 3 else ''}" if wholes else ""
