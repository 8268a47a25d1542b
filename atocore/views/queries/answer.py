"""What a query finds: rows or the lines of a tree, each citing a record, and the arrows of its picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from atocore.records.brief import Brief
from atocore.records.record import OtherSide

DEEPEST = 60
"""So many levels of a tree are answered: no product is deeper, and readers of JSON give up somewhere."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One record as an answer cites it. `disputed` is None, or the other sides of its dispute."""

    id: str
    kind: str
    type: str
    status: str
    project: str
    title: str
    value: str
    path: str
    disputed: tuple[OtherSide, ...] | None


Cell = str | int | None | Cited | tuple[Cited, ...] | tuple[OtherSide, ...] | tuple[str, ...]
Row = Mapping[str, Cell]
"""A cited record's fields, and one entry for each further column of the query."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a tree, in the order of reading: `depth` 0 is a root. `via` is how it hangs on the line
    above it that is one less deep; `note` what else is to be said."""

    depth: int
    record: Cited
    via: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Branch(Cited):
    """A line of a tree with what hangs on it."""

    via: str
    note: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow of a picture, by the ids of its ends."""

    source: str
    label: str
    target: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a query's function answers: `rows` or `lines`. `cited` are records of the picture that no row or
    line is about; a tree's own arrows are drawn from its lines. `why` tells why nothing was found, where the
    table does not."""

    rows: tuple[Row, ...] = ()
    lines: tuple[Line, ...] = ()
    cited: tuple[Cited, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    why: str = ""


_CITED = tuple(field.name for field in fields(Cited))


def row(record: Cited, **cells: Cell) -> Row:
    """A row about a record."""
    return {**{name: getattr(record, name) for name in _CITED}, **cells}


def by_reading(record: Cited | Brief) -> tuple[str, str, str]:
    """What rows are sorted by: project, title, id."""
    return (record.project, record.title.casefold(), record.id)


def nested(lines: Sequence[Line]) -> tuple[Branch, ...]:
    """The lines of a tree as branches of branches."""
    below: list[list[Branch]] = [[]]
    for line in reversed(lines):
        while len(below) < line.depth + 2:
            below.append([])
        inner = tuple(reversed(below.pop())) if len(below) == line.depth + 2 else ()
        below[line.depth].append(_branch(line, inner))
    return tuple(reversed(below[0]))


def _branch(line: Line, inner: tuple[Branch, ...]) -> Branch:
    r = line.record
    cited = (r.id, r.kind, r.type, r.status, r.project, r.title, r.value, r.path, r.disputed)
    return Branch(*cited, line.via, line.note, inner)


def named(records: Iterable[Cited], most: int = 3) -> str:
    """The titles of some records in a row; only so many, and how many more there are."""
    titles = [record.title or record.id for record in records]
    more = f" and {len(titles) - most} more" if len(titles) > most else ""
    return ", ".join(titles[:most]) + more
