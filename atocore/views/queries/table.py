"""The table of named queries. A new query is one row here, one function, and its tests."""

from __future__ import annotations

from collections.abc import Mapping

from atocore.errors import AtocoreError
from atocore.views.queries.asked import Argument, Column, Query, Takes
from atocore.views.queries.claims import constraints_on, parameters
from atocore.views.queries.decisions import decisions_on, shaky_decisions
from atocore.views.queries.impact import impact
from atocore.views.queries.interfaces import interfaces_of
from atocore.views.queries.materials import bill_of_materials
from atocore.views.queries.past import Needs
from atocore.views.queries.requirements import orphan_requirements
from atocore.views.queries.structure import system_map
from atocore.views.queries.table_past import NAMES, PAST_QUERIES
from atocore.views.queries.tracing import trace
from atocore.views.queries.verification import unsupported_claims, unverified_requirements

_RECORD = Argument("X", Takes.RECORD, True, NAMES)
_PART = Argument("X", Takes.RECORD, False, f"only this part and what is in it: {NAMES}")

_ROWS = (
    Query(
        "system-map",
        "What is the system made of, and what borders on or depends on what?",
        system_map,
        "write entities of type subsystem and component, each with the relation part_of",
        "system-map",
        _PART,
        picture=True,
        rules="Projects, subsystems, components and interfaces, each below what it is `part_of`; beside "
        "each what it `interfaces_with` (in either direction) and what it `depends_on`.",
    ),
    Query(
        "trace",
        "Which requirements are there, what satisfies each, and what shows that it does?",
        trace,
        "no requirement is active; atocore new entity --type requirement writes one",
        'trace "Killed at any point"',
        Argument("X", Takes.RECORD, False, f"only this requirement, or what X is there for: {NAMES}"),
        picture=True,
        rules="Below a requirement stand the requirements below it (`part_of`, or `satisfies` between two), "
        "those derived from it (`based_on`), what `satisfies` it with what that is part of, and the "
        "evidence of each: what `validates` it, and what it is `evidenced_by` or `analyzed_by`. About a "
        "part, the trace begins with the requirements that it and its parts satisfy.",
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
        "unverified-requirements",
        "Which requirements does nothing show to hold?",
        unverified_requirements,
        "no requirement is active; atocore new entity --type requirement writes one",
        "unverified-requirements",
        columns=(
            Column("REQUIREMENT", "title"),
            Column("SATISFIED BY", "satisfied_by"),
            Column("MISSING", "why"),
        ),
        rules="A requirement is verified where a result, an artifact or a supported claim `validates` it, "
        "or it is `evidenced_by` or `analyzed_by` one, or by a document; where the same holds for something "
        "that `satisfies` it; or where all requirements below it are verified. What it is `based_on` is "
        "where it came from, and verifies nothing; nor does a model without a result. A result counts "
        "whatever its value: whether it meets the requirement is for people to judge.",
    ),
    Query(
        "unsupported-claims",
        "Which validation claims have no result behind them?",
        unsupported_claims,
        "no validation claim is active; atocore new entity --type validation_claim writes one",
        "unsupported-claims",
        columns=(Column("CLAIM", "title"), Column("ABOUT", "about"), Column("MISSING", "why")),
        rules="A claim is supported where it is `evidenced_by`, `based_on` or `analyzed_by` a result, an "
        "artifact or a document, or one `validates` it, or where that holds for another claim that it rests "
        "on. A model that was not run, a memory, and what was said support nothing.",
    ),
    Query(
        "decisions-on",
        "Which decisions touch X?",
        decisions_on,
        "relate them: decided_by, constrains, based_on",
        'decisions-on "vault lock"',
        _RECORD,
        (Column("DECISION", "title"), Column("QUESTION", "question"), Column("HOW", "how")),
        picture=True,
        rules="A decision touches X where a relation leads from one to the other, whichever and in "
        "whichever direction, where the decision's `subject` is X, or where this holds for a part of X. "
        "Decisions in trusted state count as well.",
    ),
    Query(
        "shaky-decisions",
        "Which decisions rest on ground that gives way?",
        shaky_decisions,
        "no decision names its ground: give it the relation based_on to an assumption, a result or a "
        "decision",
        "shaky-decisions",
        columns=(
            Column("DECISION", "title"),
            Column("RESTS ON", "rests_on"),
            Column("WHICH IS", "wrong"),
            Column("BY WAY OF", "way"),
        ),
        picture=True,
        rules="The ground of a decision is what it is `based_on` or `evidenced_by`, the assumptions and "
        "decisions that it `depends_on`, and their ground in turn. It gives way where it is disputed, "
        "superseded, retired, rejected, beyond its `valid_until` at the newest committed time, only a "
        "candidate, or missing.",
        needs=Needs.DATES,
    ),
    Query(
        "constraints-on",
        "What limits X?",
        constraints_on,
        "give a constraint the relation constrains to X",
        'constraints-on "capture hook"',
        _RECORD,
        (Column("LIMIT", "title"), Column("VALUE", "value"), Column("HOW", "how")),
        picture=True,
        rules="Whatever `constrains` X, constraints that X `satisfies`, and those whose `subject` is X. "
        "What limits a thing that X is part of, an interface of X, or a part of X, limits X, too, and is "
        "marked so.",
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
        "interface, the row names what lies behind it. The interfaces of its parts are X's, too; one "
        "between two of its parts is `within` it.",
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
    Query(
        "parameters",
        "Which quantities describe the system, and what limits them?",
        parameters,
        "no parameter is active; atocore new entity --type parameter writes one",
        "parameters",
        Argument("X", Takes.RECORD, False, f"only those of X and its parts: {NAMES}"),
        (
            Column("OF", "of"),
            Column("PARAMETER", "parameter"),
            Column("VALUE", "value"),
            Column("LIMITS", "limits"),
        ),
        rules="Entities of type parameter. What one is a quantity of is its `subject`, else the part that "
        "it is `part_of`, is `described_by` or `constrains`; a limit is what `constrains` it.",
    ),
    Query(
        "impact",
        "What depends on X, and must be looked at when X changes?",
        impact,
        "no record depends on X",
        'impact "vault lock"',
        _RECORD,
        picture=True,
        rules="A change passes along each relation to the side that depends on the other, and on from "
        "there; each record stands where the shortest way reaches it. What is only at stake is named and "
        "passes nothing on, but for the claims about a requirement. An interface holds a change up: what "
        "lies behind it is at stake. The table above says which side of each relation is which.",
    ),
    *PAST_QUERIES,
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
