"""Growing a tree of lines over the graph: each record once, circles and great depths included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from atocore.views.queries.answer import DEEPEST, Line
from atocore.views.queries.graph import Graph, reachable

_AGAIN = "see above"
_DEEPER = f"more than {DEEPEST} levels: ask about this one"


class Step(NamedTuple):
    """A record that hangs on another, and how. `leaf`: nothing hangs on it, whatever the graph says."""

    record: str
    via: str
    note: str = ""
    leaf: bool = False


def grown(
    graph: Graph,
    roots: Iterable[Step],
    below: Callable[[str], Iterable[Step]],
    note: Callable[[str], str] = lambda _record: "",
) -> Iterator[Line]:
    """The lines of a tree. What hangs on a record is told where it first appears; a leaf of other branches
    may appear again and again."""
    told: set[str] = set()
    due = [(0, step) for step in reversed(list(roots))]
    while due:
        depth, step = due.pop()
        further = [] if step.leaf else list(below(step.record))
        remarks = [step.note, note(step.record)]
        if further and step.record in told:
            remarks, further = [step.note, _AGAIN], []
        elif further and depth + 1 >= DEEPEST:
            remarks, further = [*remarks, _DEEPER], []
        else:
            told.add(step.record)
        yield Line(depth, graph.cited(step.record), step.via, "; ".join(filter(None, remarks)))
        due += [(depth + 1, one) for one in reversed(further)]


def tops(ids: Sequence[str], below: Callable[[str], Iterable[str]]) -> list[str]:
    """Those that stand below none of the others, in their order; of a circle, which has no top, the first."""
    lower = {other for one in ids for other in below(one)}
    found = [one for one in ids if one not in lower]
    reached = {*found, *reachable(found, below)}
    for one in ids:
        if one not in reached:
            found.append(one)
            reached |= {one, *reachable([one], below)}
    return found
