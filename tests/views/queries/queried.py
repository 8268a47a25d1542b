"""Asking queries of vaults written as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from helpers import short_id, vault_of

from atocore.knowledge.conflicts.disputes import disputed_records
from atocore.records.snapshot import Snapshot
from atocore.views.queries.answer import Branch
from atocore.views.queries.asking import QueryAnswer, answered, put
from atocore.views.queries.graph import ASKED, Graph
from atocore.views.queries.table import query_called

Ask = Callable[..., QueryAnswer]


def graph_of(snapshot: Snapshot) -> Graph:
    return Graph(snapshot.briefs(ASKED), disputed_records(snapshot))


def ask(vault: str | Snapshot, name: str, argument: str = "", **options: object) -> QueryAnswer:
    """The answer that a vault, as text or as a snapshot, gives to a query."""
    snapshot = vault_of(vault) if isinstance(vault, str) else vault
    query, graph = query_called(name), graph_of(snapshot)
    asked, notes = put(query, graph, argument, str(options.pop("project", "")))
    return answered(query, asked, commit="", notes=notes, **options)  # type: ignore[arg-type]


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
