"""The verb `query`: named questions to committed, active knowledge."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from atocore.app.session import Session
from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.disputes import disputed_records
from atocore.knowledge.projects import own_names, spellings_of
from atocore.records.brief import Brief
from atocore.records.remembered import remembered
from atocore.records.snapshot import Snapshot
from atocore.views.queries.asking import QueryAnswer, QueryTold, answered, put, told
from atocore.views.queries.graph import ASKED, Graph
from atocore.views.queries.table import QUERIES, query_called


@contextmanager
def _uncollected() -> Iterator[None]:
    """A graph is made of hundreds of thousands of values, none of them garbage: looking for some among them
    would take a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _in_projects(snapshot: Snapshot) -> Iterable[Brief]:
    """What a graph is made of, each record in the project that an alias in its `project` names."""
    briefs, own = snapshot.briefs(ASKED), own_names(snapshot)
    if not own:
        return briefs
    return (b._replace(project=own[b.project]) if b.project in own else b for b in briefs)


class QueryVerbs(Session):
    """query, and the list of queries."""

    _graph: tuple[tuple[int, int, int], Graph] | None = None

    @_uncollected()
    def query(
        self, name: str, argument: str = "", *, project: str = "", limit: int = 0, mermaid: bool = False
    ) -> QueryAnswer:
        """Ask a named query, about a record where it takes one; `limit` 0 means all, `mermaid` adds the
        picture. Raises `not-found` and `ambiguous` for names."""
        if limit < 0:
            raise AtocoreError("usage", "a limit is no negative number", "0 means all")
        query = query_called(name)
        notes = self.in_step()
        snapshot = self.catalog
        graph = self._present_graph()
        project = "".join(spellings_of(snapshot, project)[:1])
        asked, told_first = put(query, graph, argument.strip(), project)
        if query.needs:
            from atocore.app.querying_past import past_of

            asked = replace(asked, past=past_of(self, query, asked))
        return answered(
            query, asked, commit=snapshot.commit, limit=limit, mermaid=mermaid, notes=(*notes, *told_first)
        )

    def _present_graph(self) -> Graph:
        """The graph of what the catalog holds now; made anew once that has changed."""
        state = self.catalog.state()
        if self._graph is None or self._graph[0] != state:
            known = remembered(self.catalog)  # a slot is looked at for each record that shares it
            disputed = disputed_records(known, self.catalog.slots())
            self._graph = state, Graph(_in_projects(self.catalog), disputed)
        return self._graph[1]

    def queries(self) -> tuple[QueryTold, ...]:
        """Every named query with its question."""
        return tuple(map(told, QUERIES.values()))
