"""Asking queries of vaults written as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from helpers import short_id, vault_of

from atocore.app.querying_past import changed_passages, moved_passages
from atocore.knowledge.changed import changes
from atocore.knowledge.conflicts.disputes import disputed_records
from atocore.records.snapshot import MemorySnapshot, Snapshot
from atocore.views.queries.answer import Branch
from atocore.views.queries.asked import Asked, Query
from atocore.views.queries.asking import QueryAnswer, answered, put
from atocore.views.queries.graph import ASKED, Graph
from atocore.views.queries.past import Needs, Past
from atocore.views.queries.table import query_called
from atocore.views.queries.trail import Find, trail_of

Ask = Callable[..., QueryAnswer]


def graph_of(snapshot: Snapshot) -> Graph:
    return Graph(snapshot.briefs(ASKED), disputed_records(snapshot))


def ask(vault: str | Snapshot, name: str, argument: str = "", **options: object) -> QueryAnswer:
    """The answer that a vault, as text or as a snapshot, gives to a query."""
    snapshot = vault_of(vault) if isinstance(vault, str) else vault
    query, graph = query_called(name), graph_of(snapshot)
    asked, notes = put(query, graph, argument, str(options.pop("project", "")))
    before = options.pop("before", "")
    local = {record.id: record for record in vault_of(str(options.pop("local", ""))).select()}
    asked = replace(asked, past=_past(snapshot, query, asked, vault_of(str(before)), local.get))
    return answered(query, asked, commit="", notes=notes, **options)  # type: ignore[arg-type]


def _past(snapshot: Snapshot, query: Query, asked: Asked, before: MemorySnapshot, local: Find) -> Past:
    """What the records themselves tell of the past; `before` is the vault as it was."""
    match query.needs:
        case Needs.TRAIL:
            record = snapshot.get(asked.subject.id)
            assert record is not None
            trail = trail_of(snapshot, record, local)
            here = (station.record for station in trail.stations if station.record is not None)
            return Past(trail=trail, passages=changed_passages(snapshot, here))
        case Needs.CHANGES:
            assert isinstance(snapshot, MemorySnapshot)
            old, new = before.files, snapshot.files
            differing = {path for path in {*old, *new} if old.get(path) != new.get(path)}
            files = ({path: raw for path, raw in one.items() if path in differing} for one in (old, new))
            return Past(changes=changes(*files, asked.graph.status, {}), since="then")
        case Needs.PASSAGES:
            return Past(passages=moved_passages(snapshot, asked.graph))
        case Needs.NOTHING | Needs.DATES:
            return Past()


def ids(answer: QueryAnswer) -> list[str]:
    """The short ids of a table's rows."""
    return [short_id(str(row["id"])) for row in answer.rows or ()]


def outline(answer: QueryAnswer) -> list[str]:
    """A tree as lines: two spaces for each level, how it hangs on the one above, the title."""
    return list(_outline(answer.tree or (), 0))


def _outline(branches: Sequence[Branch], depth: int) -> Iterator[str]:
    for branch in branches:
        via = f"{branch.via}: " if branch.via else ""
        note = f" ({branch.note})" if branch.note else ""
        yield f"{'  ' * depth}{via}{branch.title}{note}"
        yield from _outline(branch.branches, depth + 1)
