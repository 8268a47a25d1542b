"""The decision log: every decision that was in force, in the order in which they were made."""

from __future__ import annotations

from atocore.records.brief import Brief
from atocore.records.kinds import Kind
from atocore.records.past import Event
from atocore.views.queries.answer import Found, Row, row
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import Graph
from atocore.views.queries.past import Past

DECIDED = ("active", "superseded", "retired")
"""The statuses of what is, or was, in force."""


def decision_log(asked: Asked) -> Found:
    """Every decision that was in force, the oldest first; what is in force no more says so."""
    graph = asked.graph
    replaced: dict[str, list[Brief]] = {}
    for one in graph.records.values():
        if one.status == "superseded" and one.superseded_by:
            replaced.setdefault(one.superseded_by, []).append(one)
    decisions = [
        one for one in graph.records.values() if _decides(one, asked.project) and one.status in DECIDED
    ]
    made = {one.id: decided(one, asked.past) for one in decisions}
    decisions.sort(key=lambda one: (made[one.id].date, one.id))
    return Found(rows=tuple(_logged(graph, one, made[one.id], replaced.get(one.id, [])) for one in decisions))


def _decides(brief: Brief, project: str) -> bool:
    return (
        brief.type == "decision"
        and brief.kind in (Kind.ENTITY, Kind.STATE)
        and (not project or brief.project == project)
    )


def decided(brief: Brief, past: Past) -> Event:
    """When a decision was made: by its ruling, where that is what made it, else when it was written; by whom
    and why, as its ruling says. Of one that says nothing of this, the commit that brought it does."""
    ruled = brief.status == "active" and brief.step in ("promote", "add", "set")
    date = brief.at if ruled else brief.created
    brought = past.events.get(brief.id, ())[-1:]
    if brought and not (date or brief.by):
        return brought[0]
    return Event(brief.step, date, brief.by, "", brief.why)


def _logged(graph: Graph, brief: Brief, made: Event, replaced: list[Brief]) -> Row:
    standing = "" if brief.status == "active" else f" ({graph.standing(brief.id)})"
    choice = choice_of(brief)
    instead = tuple(f"{choice_of(one)} ({one.id})" for one in sorted(replaced, key=lambda one: one.id))
    return row(
        graph.cited_anyhow(brief),
        date=made.date,
        day=made.date[:10],
        question=brief.question,
        choice=choice,
        chosen=f"{choice}{standing}" + (f"; instead of {'; '.join(instead)}" if instead else ""),
        instead_of=instead,
        why=made.why,
        by=made.author,
        who=("machine " if made.machine else "") + made.author.partition(" <")[0],
    )


def choice_of(brief: Brief) -> str:
    """What a decision chose: its value, else its title."""
    return brief.value or brief.title
