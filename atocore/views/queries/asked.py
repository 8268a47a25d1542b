"""What a query's function is given, and the row of the table that describes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from atocore.records.brief import Brief
from atocore.views.queries.answer import Found
from atocore.views.queries.graph import Graph
from atocore.views.queries.past import Needs, Past


class Takes(StrEnum):
    """What a query's argument is."""

    RECORD = "record"
    ANY_RECORD = "a record of any status"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Argument:
    """A query's argument: its name in the help, what it is, and whether the query needs it."""

    name: str
    takes: Takes
    needed: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `about` is the record that the argument names, None where it names none; active, but for
    queries that take any. `project` "" means all of them; `argument` is as typed; `past` is what the query
    needs of it."""

    graph: Graph
    project: str = ""
    about: Brief | None = None
    argument: str = ""
    past: Past = field(default_factory=Past)

    @property
    def subject(self) -> Brief:
        """The record of a query that needs one."""
        assert self.about is not None
        return self.about


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table for people: its heading, and the cell of a row that it shows."""

    heading: str
    cell: str


@dataclass(frozen=True, slots=True)
class Query:
    """One named query. Without `columns` its answer is a tree. `empty` says what to write so that there is an
    answer; `picture` tells whether it can be drawn; `example` is its example's arguments."""

    name: str
    question: str
    answer: Callable[[Asked], Found]
    empty: str
    example: str
    argument: Argument | None = None
    columns: tuple[Column, ...] = ()
    picture: bool = False
    needs: Needs = Needs.NOTHING
    rules: str = ""
    """How the query decides, for the reader of its documentation."""
