"""The table of named queries. A new query is one row here, one function, and its tests."""

from __future__ import annotations

from collections.abc import Mapping

from atocore.errors import AtocoreError
from atocore.views.queries.asked import Argument, Column, Query, Takes
from atocore.views.queries.interfaces import interfaces_of
from atocore.views.queries.materials import bill_of_materials
from atocore.views.queries.requirements import orphan_requirements
from atocore.views.queries.structure import system_map

_NAMES = "an id, a title, an alias, a path, or the beginning of one"
_RECORD = Argument("X", Takes.RECORD, True, _NAMES)
_PART = Argument("X", Takes.RECORD, False, f"only this part and what is in it: {_NAMES}")

_ROWS = (
    Query(
        "system-map",
        "What is the system made of, and what borders on or depends on what?",
        system_map,
        "write entities of type subsystem and component, each with the relation part_of",
        "system-map",
        _PART,
        picture=True,
        rules="Projects, subsystems, components and interfaces, each below what it is `part_of`; beside each "
        "what it `interfaces_with` (in either direction) and what it `depends_on`.",
    ),
    Query(
        "orphan-requirements",
        "Which requirements does nothing satisfy?",
        orphan_requirements,
        "no requirement is active; atocore new entity --type requirement writes one",
        "orphan-requirements",
        columns=(Column("REQUIREMENT", "title"), Column("VALUE", "value"), Column("WHY", "why")),
        rules="A requirement is met by an active record that `satisfies` it: a component, a subsystem, a "
        "decision, a process. One with requirements below it (`part_of`, or `satisfies` between two "
        "requirements) is also met where all of those are.",
    ),
    Query(
        "interfaces-of",
        "What does X border on?",
        interfaces_of,
        "give X, or one of its parts, the relation interfaces_with",
        'interfaces-of "store ring"',
        _RECORD,
        (
            Column("WITH", "title"),
            Column("INTERFACE", "interface"),
            Column("OF", "of"),
            Column("WHERE", "where"),
        ),
        picture=True,
        rules="`interfaces_with` counts in both directions. Where the other end is an entity of type "
        "interface, the row names what lies behind it. The interfaces of its parts are X's, "
        "too; one between two of its parts is `within` it.",
    ),
    Query(
        "bill-of-materials",
        "What is it made of, by which processes, and who supplies it?",
        bill_of_materials,
        "give a component the relation made_of, made_by or supplied_by",
        "bill-of-materials",
        _PART,
        rules="The tree of `part_of`, with the materials (`made_of`), processes (`made_by`) and vendors "
        "(`supplied_by`) of each part, and those of its materials. A material or vendor that names the part "
        "as its `component` counts as well.",
    ),
)

QUERIES: Mapping[str, Query] = {row.name: row for row in _ROWS}


def query_called(name: str) -> Query:
    """The query of that name. Raises `not-found` with names like it."""
    if name in QUERIES:
        return QUERIES[name]
    from difflib import get_close_matches

    near = get_close_matches(name, list(QUERIES), n=3, cutoff=0.4)
    hint = f"like it: {', '.join(near)}" if near else "atocore query lists them"
    raise AtocoreError("not-found", f"no query is called {name!r}", hint)
