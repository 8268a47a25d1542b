"""What nobody has settled yet: questions, contradictions, values to come, unproven assumptions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from atocore.records.brief import Brief
from atocore.records.kinds import KINDS, Kind
from atocore.records.slots import normal_name
from atocore.views.queries.answer import Found, Row, row
from atocore.views.queries.asked import Asked
from atocore.views.queries.decision_log import DECIDED, choice_of
from atocore.views.queries.graph import Graph

_LAYERS = {Kind.STATE: 0, Kind.ENTITY: 1, Kind.MEMORY: 2}
_MOST_NAMED = 3
_SAID = f"{KINDS[Kind.INTERACTION].prefix}-"
_OPEN = re.compile(
    r"\b(?:tb[adcr]|to be (?:agreed|announced|confirmed|decided|defined|determined|reviewed|specified))\b"
    r"|^\?+$",
    re.IGNORECASE,
)
"""What a value says where it is still to be settled."""
_OPEN_TITLE = re.compile(r"\bTB[ACDR]\b")


def open_questions(asked: Asked) -> Found:
    """What nobody has settled: questions without an answer in force, contradictions, values still to come,
    and assumptions that nothing bears out."""
    graph = asked.graph
    found = (*_unanswered(graph), *_contradictions(graph), *_valueless(graph), *_unconfirmed(graph))
    rows = [one for one in found if not asked.project or one["project"] == asked.project]
    return Found(
        rows=tuple(rows),
        why="every question has an answer, nothing is disputed, and all assumptions are borne out",
    )


def _open(graph: Graph, brief: Brief, kind: str, question: str, why: str) -> Row:
    return row(graph.cited_anyhow(brief), open=kind, question=question, why=why)


def _unanswered(graph: Graph) -> Iterator[Row]:
    """Questions that a candidate answers, or a decision out of force did, and no active one does."""
    asking: dict[tuple[str, str], list[Brief]] = {}
    answered = set()
    for brief in graph.records.values():
        if not brief.question or brief.kind is Kind.MEMORY:
            continue
        asked = (brief.project, normal_name(brief.question))
        if brief.status == "active":
            answered.add(asked)
        elif brief.status == "candidate" or (brief.status in DECIDED and not graph.now(brief.id)):
            asking.setdefault(asked, []).append(brief)
    for asked in sorted(asking.keys() - answered):
        briefs = sorted(asking[asked], key=lambda one: (one.status != "candidate", one.id))
        waiting = [one for one in briefs if one.status == "candidate"]
        told = [f"{choice_of(one)} ({one.id})" for one in (waiting or briefs)[:_MOST_NAMED]]
        why = "proposed: " if waiting else f"its answer was {briefs[0].status}: "
        yield _open(graph, briefs[0], "question", briefs[0].question, why + "; ".join(told))


def _contradictions(graph: Graph) -> Iterator[Row]:
    """Open conflicts, each once, at the member that prevails meanwhile or comes first."""
    sides: dict[str, dict[str, str]] = {}
    members: dict[str, set[str]] = {}
    for record, others in graph.disputed.items():
        for other in others:
            if other.conflict and record in graph.active:
                sides.setdefault(other.conflict, {})[other.id] = other.value
                members.setdefault(other.conflict, set()).add(record)
    for conflict in sorted(members):
        first = min((graph.active[one] for one in members[conflict]), key=lambda b: (_LAYERS[b.kind], b.id))
        values = {first.id: choice_of(first), **sides[conflict]}
        about = (
            " ".join(filter(None, (first.subject, first.attribute)))
            or first.question
            or first.component
            or first.title
        )
        told = " or ".join(dict.fromkeys(values[one] for one in sorted(values)))
        yield _open(
            graph,
            first,
            "conflict",
            f"{about}: {told}?",
            f"{conflict} is open: atocore conflicts show {conflict}",
        )


def _valueless(graph: Graph) -> Iterator[Row]:
    """Requirements and parameters that say what they are about, and not how much, or not yet."""
    for brief in graph.of_type("requirement", "parameter"):
        about = " ".join(filter(None, (brief.subject, brief.attribute))) or brief.title
        if _OPEN.search(brief.value):
            yield _open(graph, brief, "value", f"{about}?", f"it says {brief.value!r}")
        elif not brief.value and (brief.attribute or _OPEN_TITLE.search(brief.title)):
            yield _open(graph, brief, "value", f"{about}?", f"the {brief.type} states no value")


def _unconfirmed(graph: Graph) -> Iterator[Row]:
    """Assumptions that nothing validates, that name no evidence, and that nobody has confirmed."""
    for brief in graph.of_type("assumption"):
        if (
            not graph.reaching(brief.id, "validates")
            and not _evidence(graph, brief)
            and brief.step != "confirm"
        ):
            yield _open(
                graph, brief, "assumption", brief.title, "nothing validates it, and nobody confirmed it"
            )


def _evidence(graph: Graph, brief: Brief) -> bool:
    """Whether a record names evidence that counts: active knowledge, or a source or capture."""
    named = (arrow for arrow in graph.out.get(brief.id, ()) if arrow.type == "evidenced_by")
    return any(arrow.target or arrow.stated.startswith(_SAID) for arrow in named)
