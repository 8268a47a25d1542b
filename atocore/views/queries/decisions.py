"""Decisions: which of them touch a record, and which stand on ground that gives way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from atocore.records.brief import Brief
from atocore.records.relation_table import RELATIONS
from atocore.views.queries.answer import Cell, Found, Link, Row, row
from atocore.views.queries.asked import Asked
from atocore.views.queries.drawing import around
from atocore.views.queries.graph import Arrow, Graph
from atocore.views.queries.staleness import newest


def decisions_on(asked: Asked) -> Found:
    """The decisions that a record or a part of it is related to, either way, or that are about it."""
    graph, about = asked.graph, asked.subject
    touching: dict[str, list[str]] = {}
    links, places = [], []
    for one in (about.id, *graph.parts(about.id)):
        part = "" if one == about.id else f" its part “{graph.brief(one).title or one}”"
        for decision, words, link in _touching(graph, one):
            if decision != about.id:
                touching.setdefault(decision, []).append(f"{words}{part or ' it'}")
                links.append(link)
                places.append(one)
    rows = (
        row(graph.cited(one), question=graph.brief(one).question, how=tuple(dict.fromkeys(ways)))
        for one, ways in touching.items()
    )
    cited, drawn = around(graph, about.id, links, places)
    return Found(
        rows=tuple(rows),
        cited=cited,
        links=drawn,
        why=f"no decision touches {about.title or about.id}: relate them (decided_by, constrains, based_on)",
    )


def _touching(graph: Graph, one: str) -> Iterator[tuple[str, str, Link]]:
    """Decisions that touch one record: which, in words how, and as an arrow. The nearest relation first."""
    for arrow in graph.holds(one):
        if graph.type_of(arrow.target) == "decision":
            yield arrow.target, RELATIONS[arrow.type].reverse, _link(arrow)
    for arrow in graph.reaching(one):
        if graph.type_of(arrow.holder) == "decision":
            yield arrow.holder, arrow.type.replace("_", " "), _link(arrow)
    for other in graph.about(one):
        if graph.type_of(other) == "decision":
            yield other, "is about", Link(other, "is about", one)


def _link(arrow: Arrow) -> Link:
    return Link(arrow.holder, arrow.type.replace("_", " "), arrow.target)


_GROUND = ("based_on", "evidenced_by", "depends_on")
"""The relations by which a decision, or what it rests on, names its ground."""
_BELIEVED = ("assumption", "decision")
"""What may be depended on as a ground; that a decision needs a part in order to work is another matter."""


class _Crack(NamedTuple):
    """A ground that gives way: the id as stated, what is wrong with it, and what it was reached by."""

    stated: str
    wrong: str
    way: tuple[str, ...]


def shaky_decisions(asked: Asked) -> Found:
    """The decisions whose ground, at whatever depth, is disputed, superseded, retired, rejected, no longer
    valid, only proposed, or missing."""
    graph = asked.graph
    decisions = graph.of_type("decision", project=asked.project)
    present = newest(graph, asked.past.at)
    today = present.date().isoformat() if present else ""
    grounded = 0
    rows: list[Row] = []
    links: dict[Link, None] = {}
    cited: dict[str, None] = {}
    for decision in decisions:
        cracks = list(_cracks(graph, decision.id, today))
        grounded += bool(list(_grounds(graph, decision.id)))
        for crack in cracks:
            rows.append(row(graph.cited(decision.id), **_told(graph, crack)))
            links |= dict.fromkeys(_drawn(graph, decision.id, crack))
            cited |= dict.fromkeys((decision.id, *(one for one in crack.way if one in graph.active)))
    why = (
        f"{grounded} of {len(decisions)} decisions name their ground, and all of it stands"
        if grounded
        else ""
    )
    return Found(tuple(rows), (), tuple(map(graph.cited, cited)), tuple(links), (), why)


def _grounds(graph: Graph, one: str) -> Iterator[Arrow]:
    """What a record states as its ground, whatever became of it."""
    for arrow in graph.out.get(one, ()):
        stated = graph.records.get(arrow.stated)
        kind = stated.type if stated else "assumption"  # of what is missing, nobody knows
        if arrow.type in _GROUND and (arrow.type != "depends_on" or kind in _BELIEVED):
            yield arrow


def _cracks(graph: Graph, decision: str, today: str) -> Iterator[_Crack]:
    """What gives way below a decision, the nearest first; each ground once."""
    seen = {decision}
    due: list[tuple[str, tuple[str, ...]]] = [(decision, ())]
    for one, way in due:
        for arrow in _grounds(graph, one):
            if arrow.stated in seen:
                continue
            seen.add(arrow.stated)
            wrong = _wrong(graph, arrow, today)
            if wrong:
                yield _Crack(arrow.stated, wrong, (*way, arrow.stated))
            if arrow.stated in graph.active:
                due.append((arrow.stated, (*way, arrow.stated)))


def _wrong(graph: Graph, arrow: Arrow, today: str) -> str:
    """What is wrong with a ground; "" where it stands."""
    brief = graph.records.get(arrow.stated)
    if brief is None:
        return "" if arrow.stated in graph.documents or _not_here(arrow.stated) else "missing"
    if brief.status == "graduated" and arrow.target:
        return ""
    if brief.status != "active":
        return graph.standing(arrow.stated)
    sides = graph.disputed.get(brief.id, ())
    if sides:
        return f"disputed: {brief.value or brief.title} against {'; '.join(side.value for side in sides)}"
    return _outdated(brief, today)


def _not_here(stated: str) -> bool:
    """Whether an id is that of something said or ingested, which another clone may have alone."""
    return stated.startswith(("int-", "src-"))


def _outdated(brief: Brief, today: str) -> str:
    return (
        f"valid until {brief.valid_until}"
        if brief.valid_until and today and brief.valid_until[:10] < today
        else ""
    )


def _told(graph: Graph, crack: _Crack) -> dict[str, Cell]:
    ground = graph.records.get(crack.stated)
    names = [graph.records[one].title or one if one in graph.records else one for one in crack.way]
    return {
        "ground": crack.stated,
        "rests_on": ground.title if ground else crack.stated,
        "wrong": crack.wrong,
        "way": " › ".join(names) if len(names) > 1 else "",
    }


def _drawn(graph: Graph, decision: str, crack: _Crack) -> Iterator[Link]:
    chain = (decision, *crack.way)
    for start, end in pairwise(chain):
        if end in graph.active:
            yield Link(start, "rests on", end)
