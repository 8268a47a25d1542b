"""Asking a query: its argument found, its answer cut to a limit, and an empty answer explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atocore.errors import AtocoreError
from atocore.records.brief import Brief
from atocore.views.queries.answer import Branch, Cited, Found, Row, nested
from atocore.views.queries.asked import Asked, Query, Takes
from atocore.views.queries.graph import Graph
from atocore.views.queries.mermaid import drawn, picture_of


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The answer to a named query: `rows`, or a `tree`; the other one is None. `argument` is the record that
    was asked about, the text that was given, or None; `mermaid` "" unless a picture was asked for; `notes`
    tell what limits the answer, and why there is none."""

    query: str
    question: str
    commit: str
    project: str
    argument: Cited | str | None
    columns: tuple[str, ...]
    rows: tuple[Row, ...] | None
    tree: tuple[Branch, ...] | None
    mermaid: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryTold:
    """A query as the list of queries tells it."""

    name: str
    question: str
    argument: str
    picture: bool
    example: str


def told(query: Query) -> QueryTold:
    """A query's row in the list."""
    argument = query.argument
    name = "" if argument is None else argument.name if argument.needed else f"[{argument.name}]"
    return QueryTold(query.name, query.question, name, query.picture, f"atocore query {query.example}")


def put(query: Query, graph: Graph, argument: str, project: str) -> tuple[Asked, tuple[str, ...]]:
    """The question that a person puts, and what is to be said about its argument."""
    if query.argument is None:
        if argument:
            raise AtocoreError("usage", f"{query.name} takes no argument", f"atocore query {query.example}")
        return Asked(graph, project), ()
    if not argument:
        if query.argument.needed:
            wanted = f"{query.name} needs {query.argument.name}: {query.argument.meaning}"
            raise AtocoreError("usage", wanted, f"atocore query {query.example}")
        return Asked(graph, project), ()
    if query.argument.takes is Takes.TEXT:
        return Asked(graph, project, None, argument), ()
    stated = graph.names.find(argument, project)
    if query.argument.takes is Takes.ANY_RECORD:
        return Asked(graph, project, stated, argument), ()
    about = _counting(graph, stated)
    notes = (
        ()
        if about is stated
        else (f"{stated.id} is {stated.status}: asked about {about.id}, now in its place",)
    )
    return Asked(graph, project, about, argument), notes


def _counting(graph: Graph, stated: Brief) -> Brief:
    """The active record that a named one leads to."""
    successor = graph.now(stated.id)
    if not successor:
        hint = "atocore promote" if stated.status == "candidate" else "atocore show"
        raise AtocoreError(
            "not-found",
            f"{stated.title or stated.id} is {stated.status}: only what is active can be asked about",
            f"{hint} {stated.id}",
        )
    return graph.active[successor]


def answered(
    query: Query,
    asked: Asked,
    *,
    commit: str,
    limit: int = 0,
    mermaid: bool = False,
    notes: Iterable[str] = (),
) -> QueryAnswer:
    """The answer to a question; at most `limit` rows or lines, 0 for all."""
    if mermaid and not query.picture:
        raise AtocoreError("usage", f"{query.name} has no picture", "leave out --mermaid")
    found = query.answer(asked)
    remarks = [*notes, *found.notes]
    if not (found.rows or found.lines):
        remarks.append(_why_empty(query, asked, found.why))
    shown, cut = _limited(found, limit)
    remarks += cut
    drawing = ""
    if mermaid:
        drawing, left_out = picture(asked, shown)
        remarks += left_out
    return QueryAnswer(
        query=query.name,
        question=query.question,
        commit=commit,
        project=asked.project,
        argument=asked.graph.cited_anyhow(asked.about) if asked.about else asked.argument or None,
        columns=tuple(column.cell for column in query.columns),
        rows=shown.rows if query.columns else None,
        tree=None if query.columns else nested(shown.lines),
        mermaid=drawing,
        notes=tuple(remarks),
    )


def picture(asked: Asked, found: Found) -> tuple[str, tuple[str, ...]]:
    """The flowchart of an answer, and notes on what it leaves out."""
    groups = _subsystems(asked.graph, found)
    return drawn(picture_of(found.cited, found.lines, found.links, groups))


def _why_empty(query: Query, asked: Asked, why: str) -> str:
    """Why there is no answer, and what makes one."""
    graph = asked.graph
    if not graph.active:
        return "no knowledge is active yet: promote candidates (atocore review), or write it (atocore new)"
    projects = sorted({brief.project for brief in graph.active.values() if brief.project})
    if asked.project and asked.project not in projects:
        return f"no active record is of project {asked.project!r}; there is: {', '.join(projects) or 'none'}"
    return why or f"nothing was found: {query.empty} (docs/queries.md)"


def _limited(found: Found, limit: int) -> tuple[Found, list[str]]:
    """The first rows or lines, and a note on the rest."""
    whole = len(found.rows) or len(found.lines)
    if not limit or whole <= limit:
        return found, []
    rows, lines = found.rows[:limit], found.lines[:limit]
    left = Found(rows, lines, found.cited, found.links, found.notes)
    return left, [f"the first {limit} of {whole} are shown"]


def _subsystems(graph: Graph, found: Found) -> Mapping[str, Cited]:
    """For each record of a picture the subsystem that it is, or is part of; in a tree of several projects, of
    what is in no subsystem, nothing."""
    cited = (*found.cited, *(line.record for line in found.lines))
    groups = {}
    for one in {record.id for record in cited}:
        chain = (one, *graph.wholes(one))
        box = next((up for up in chain if graph.active[up].type == "subsystem"), "")
        if box:
            groups[one] = graph.cited(box)
    return groups
