"""The lifecycle: one table of steps. Verbs, validation, the recognition of hand-made steps and the docs'
reversibility matrix all read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from atocore.records.kinds import KINDS, Kind
from atocore.records.plan import Actor
from atocore.records.record import Record

_M, _E, _S, _C = Kind.MEMORY, Kind.ENTITY, Kind.STATE, Kind.CONFLICT
ABSENT = ""
"""The status of what does not exist."""


class Step(NamedTuple):
    """One step. `sources` are the statuses it starts from (`ABSENT`: the record is born), `target` where it
    leads, `verb` the command that takes it, `undone_by` the step or deed that takes it back."""

    name: str
    kinds: tuple[Kind, ...]
    sources: tuple[str, ...]
    target: str
    actor: Actor
    undone_by: str
    verb: str


_P, _MACHINE = Actor.PERSON, Actor.MACHINE

STEPS: tuple[Step, ...] = (
    Step("capture", (Kind.INTERACTION,), (ABSENT,), ABSENT, _MACHINE, "deleting the file", "capture"),
    Step("ingest", (Kind.SOURCE,), (ABSENT,), ABSENT, _MACHINE, "deleting the file in a commit", "ingest"),
    Step("extract", (_M, _E), (ABSENT,), "candidate", _MACHINE, "reject", "extract, ingest, import"),
    Step("propose", (_M, _E), (ABSENT,), "candidate", _MACHINE, "reject", "propose"),
    Step("flag", (_C,), (ABSENT,), "open", _MACHINE, "resolve, dismiss", "conflicts sweep"),
    Step("settle", (_C,), ("open",), "resolved", _MACHINE, "the members clashing again", "conflicts sweep"),
    Step("promote", (_M, _E), ("candidate",), "active", _P, "demote", "promote"),
    Step("demote", (_M, _E), ("active",), "candidate", _P, "promote", "demote"),
    Step("confirm", (_M, _E, _S), ("active",), "active", _P, "undo", "confirm"),
    Step("reject", (_M, _E), ("candidate",), "rejected", _P, "reopen", "reject"),
    Step("reopen", (_M, _E), ("rejected",), "candidate", _P, "reject", "reopen"),
    Step("put-off", (_M, _E), ("candidate",), "candidate", _P, "undo", "put-off"),
    Step("merge", (_M, _E), ("candidate",), "rejected", _P, "reopen", "merge"),
    Step("supersede", (_M, _E, _S), ("active",), "superseded", _P, "restore", "supersede"),
    Step("merge", (_M, _E, _S), ("active",), "superseded", _P, "restore", "merge"),
    Step("retire", (_M, _E, _S), ("active",), "retired", _P, "restore", "retire"),
    Step(
        "restore",
        (_M, _E, _S),
        ("superseded", "retired"),
        "active",
        _P,
        "retire, supersede",
        "restore-record",
    ),
    Step("graduate", (_M,), ("active",), "graduated", _P, "ungraduate", "graduate, then promote the entity"),
    Step("ungraduate", (_M,), ("graduated",), "active", _P, "graduate", "ungraduate"),
    Step("set", (_S,), (ABSENT,), "active", _P, "unset", "state set"),
    Step("unset", (_S,), ("active",), "retired", _P, "restore, state set", "state unset"),
    Step("resolve", (_C,), ("open",), "resolved", _P, "reopen", "conflicts resolve"),
    Step("dismiss", (_C,), ("open",), "dismissed", _P, "reopen", "conflicts dismiss"),
    Step("reopen", (_C,), ("resolved", "dismissed"), "open", _P, "resolve, dismiss", "conflicts reopen"),
    *(
        Step("add", (kind,), (ABSENT,), status, _P, "deleting the file in a commit", "new, adopt")
        for kind, spec in KINDS.items()
        for status in spec.statuses or (ABSENT,)
    ),
    Step("archive", (Kind.PROJECT,), ("active",), "archived", _P, "editing the file", "an editor"),
    Step("unarchive", (Kind.PROJECT,), ("archived",), "active", _P, "editing the file", "an editor"),
)

PERSON_STEPS = frozenset(
    {"edit", "undo", "review", "migrate", "purge", *(step.name for step in STEPS if step.actor is _P)}
)
DECIDED = frozenset({"active", "superseded", "retired", "graduated", "rejected", "resolved", "dismissed"})
"""Statuses that only a person's step leads to (a conflict may also settle by itself)."""


def steps_named(names: Iterable[str]) -> frozenset[str]:
    """The steps that people mean by these names: the step's own or its verb's, like `state set`."""
    wanted = set(names)
    return frozenset(wanted | {step.name for step in STEPS if wanted & set(step.verb.split(", "))})


def step_for(name: str, record: Record) -> Step | None:
    """The step of that name that the record's kind and present status allow, or None."""
    for step in STEPS:
        if step.name == name and record.kind in step.kinds and record.status in step.sources:
            return step
    return None


def steps_between(kind: Kind, before: str, after: str) -> tuple[Step, ...]:
    """The steps that lead a record of `kind` from one status to another (`ABSENT`: not there before)."""
    return tuple(
        step for step in STEPS if kind in step.kinds and before in step.sources and step.target == after
    )


def explained(record: Record) -> bool:
    """Whether the record's own `ruling` is one whose step leads to the present status. A project is a name,
    not a claim: its status needs no explaining."""
    if record.status not in DECIDED or record.kind is Kind.PROJECT:
        return True
    if record.kind is Kind.CONFLICT and record.how == "settled":
        return True
    return any(
        step.name == record.ruling.step and record.kind in step.kinds and step.target == record.status
        for step in STEPS
        if step.actor is _P
    )


def has_ties(record: Record) -> bool:
    """Whether a record's state may ask something of another, or of itself: all others, and entities to which
    none of these refers, lack nothing."""
    return bool(
        record.kind is Kind.CONFLICT
        or record.supersedes
        or record.superseded_by
        or record.graduated_to
        or record.proposes
        or record.ruling.step in ("graduate", "supersede")
    )
