"""Verification: claims without a result, and requirements that nothing shows to hold."""

from __future__ import annotations

from atocore.views.queries.answer import Found, named, row
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import Graph
from atocore.views.queries.proof import SHOWN_BY, Proof
from atocore.views.queries.requirements import satisfiers, with_parents


def unsupported_claims(asked: Asked) -> Found:
    """The validation claims with no result or document behind them."""
    graph, proof = asked.graph, Proof(asked.graph)
    claims = graph.of_type("validation_claim", project=asked.project)
    rows = tuple(
        row(
            graph.cited(claim.id),
            about=tuple(graph.cited(arrow.target) for arrow in graph.holds(claim.id, "validates")),
            why=_without_result(proof, claim.id),
        )
        for claim in claims
        if claim.id not in proof.claims
    )
    return Found(rows=rows, why=f"each of {len(claims)} claims has a result behind it" if claims else "")


def _without_result(proof: Proof, claim: str) -> str:
    lost = (arrow.stated for arrow in proof.graph.lost(claim, *SHOWN_BY, "based_on"))
    return proof.lacking(proof.behind(claim), lost, "no result behind it")


def unverified_requirements(asked: Asked) -> Found:
    """The requirements that neither a result nor a supported claim shows to hold, in what satisfies them
    neither."""
    graph, proof = asked.graph, Proof(asked.graph)
    required = graph.of_type("requirement", project=asked.project)
    direct, whole = verified(graph, proof)
    rows = tuple(
        row(
            graph.cited(one.id),
            satisfied_by=tuple(map(graph.cited, satisfiers(graph, one.id))),
            why=_unverified(proof, one.id),
        )
        for one in required
        if one.id not in whole
    )
    through = [graph.cited(one.id) for one in required if one.id in whole and one.id not in direct]
    return Found(
        rows=rows,
        notes=(f"verified only through what satisfies it, or what is below it: {named(through)}",)
        if through
        else (),
        why=f"each of {len(required)} requirements is verified" if required else "",
    )


def verified(graph: Graph, proof: Proof) -> tuple[set[str], set[str]]:
    """The requirements with a proof of their own, and those that are verified in any way: by it, by a proof
    of something that satisfies them, or because all requirements below them are."""
    required = [one.id for one in graph.of_type("requirement")]
    direct = {one for one in required if proof.proving(one)}
    through = {one for one in required if any(map(proof.proving, satisfiers(graph, one)))}
    return direct, with_parents(graph, direct | through)


def _unverified(proof: Proof, requirement: str) -> str:
    lost = [arrow.stated for arrow in proof.graph.lost(requirement, *SHOWN_BY)]
    past = proof.graph.past(requirement, "validates")
    return proof.lacking(proof.shown(requirement), (*lost, *past), "nothing validates it")
