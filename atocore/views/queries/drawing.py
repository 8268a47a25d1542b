"""Drawing what an answer says of a record and of what surrounds it, as one connected picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from atocore.views.queries.answer import Cited, Link
from atocore.views.queries.graph import Graph


def around(
    graph: Graph, about: str, links: Iterable[Link], places: Iterable[str]
) -> tuple[tuple[Cited, ...], tuple[Link, ...]]:
    """The records and arrows of a picture: `links`, and how each of their `places` hangs together with the
    record that was asked about."""
    joining = (link for place in dict.fromkeys(places) for link in _joining(graph, about, place))
    drawn = tuple(dict.fromkeys((*links, *joining)))
    ends = (end for link in drawn for end in (link.source, link.target))
    return tuple(map(graph.cited, dict.fromkeys((about, *ends)))), drawn


def _joining(graph: Graph, about: str, place: str) -> Iterator[Link]:
    chain = graph.chain(place, about) or graph.chain(about, place)
    yield from (Link(arrow.holder, "part of", arrow.target) for arrow in chain)
    if not chain and place in graph.beside(about, "interfaces_with"):
        yield Link(about, "interfaces with", place)
