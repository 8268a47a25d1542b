"""The table of steps against the product's contract, and against the kinds it leads through."""

from __future__ import annotations

import pytest
from helpers import record_of, ruling

from atocore.records.kinds import KINDS, Kind
from atocore.records.lifecycle import (
    ABSENT,
    DECIDED,
    PERSON_STEPS,
    STEPS,
    Step,
    explained,
    step_for,
    steps_between,
)
from atocore.records.plan import Actor

CLAIMS = "memory entity"
ALL = "memory entity state"


@pytest.mark.parametrize(
    ("name", "kinds", "before", "after", "reverse"),
    [
        ("promote", CLAIMS, "candidate", "active", "demote"),
        ("demote", CLAIMS, "active", "candidate", "promote"),
        ("reject", CLAIMS, "candidate", "rejected", "reopen"),
        ("reopen", CLAIMS, "rejected", "candidate", "reject"),
        ("supersede", ALL, "active", "superseded", "restore"),
        ("retire", ALL, "active", "retired", "restore"),
        ("restore", ALL, "superseded", "active", "supersede"),
        ("restore", ALL, "retired", "active", "retire"),
        ("graduate", "memory", "active", "graduated", "ungraduate"),
        ("ungraduate", "memory", "graduated", "active", "graduate"),
        ("unset", "state", "active", "retired", "restore"),
        ("resolve", "conflict", "open", "resolved", "reopen"),
        ("dismiss", "conflict", "open", "dismissed", "reopen"),
        ("reopen", "conflict", "resolved", "open", "resolve"),
        ("reopen", "conflict", "dismissed", "open", "dismiss"),
        ("confirm", ALL, "active", "active", ""),
    ],
)
def test_a_persons_step_and_the_one_that_takes_it_back(
    name: str, kinds: str, before: str, after: str, reverse: str
) -> None:
    for kind in map(Kind, kinds.split()):
        assert name in [step.name for step in steps_between(kind, before, after)]
        assert name in PERSON_STEPS
        if reverse:
            assert reverse in [step.name for step in steps_between(kind, after, before)]


@pytest.mark.parametrize(
    ("name", "kind", "after"),
    [
        ("capture", "interaction", ""),
        ("ingest", "source", ""),
        ("extract", "memory", "candidate"),
        ("propose", "entity", "candidate"),
        ("flag", "conflict", "open"),
    ],
)
def test_a_machine_only_makes_what_counts_for_nothing_yet(name: str, kind: str, after: str) -> None:
    assert name in [step.name for step in steps_between(Kind(kind), ABSENT, after)]
    assert name not in PERSON_STEPS


def test_no_machine_step_leads_to_a_decided_status_but_settling() -> None:
    machine = [step for step in STEPS if step.actor is Actor.MACHINE and step.target in DECIDED]
    assert [step.name for step in machine] == ["settle"]


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("memory", "candidate", "superseded"),
        ("memory", "rejected", "active"),
        ("memory", "superseded", "retired"),
        ("entity", "active", "graduated"),
        ("state", "active", "candidate"),
        ("conflict", "resolved", "dismissed"),
        ("project", "active", "candidate"),
    ],
)
def test_what_no_step_does(kind: str, before: str, after: str) -> None:
    assert steps_between(Kind(kind), before, after) == ()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.name}-{step.kinds[0]}-{step.target}")
def test_a_step_leads_between_statuses_that_its_kinds_have(step: Step) -> None:
    for kind in step.kinds:
        allowed = {*KINDS[kind].statuses, ABSENT}
        assert {*step.sources, step.target} <= allowed
    assert step.undone_by
    assert step.verb


def test_every_status_can_be_reached_and_every_record_can_be_born_at_it() -> None:
    for kind, spec in KINDS.items():
        for status in spec.statuses:
            assert "add" in [step.name for step in steps_between(kind, ABSENT, status)]


def test_a_step_is_found_by_name_kind_and_present_status() -> None:
    memory = record_of("id: mem-a\nstatus: candidate\n")
    conflict = record_of("id: con-a\nstatus: resolved\n", "conflicts/a.md")
    found = step_for("promote", memory)
    assert found is not None
    assert found.target == "active"
    assert step_for("demote", memory) is None
    assert step_for("reopen", memory) is None
    reopened = step_for("reopen", conflict)
    assert reopened is not None
    assert reopened.target == "open"


@pytest.mark.parametrize(
    ("kind", "status", "step", "counts"),
    [
        ("memory", "active", "promote", True),
        ("memory", "active", "restore", True),
        ("memory", "active", "confirm", True),
        ("memory", "active", "add", True),
        ("memory", "active", "reject", False),
        ("memory", "active", "extract", False),
        ("memory", "active", "set", False),
        ("memory", "active", "nonsense", False),
        ("memory", "rejected", "reject", True),
        ("memory", "superseded", "promote", False),
        ("memory", "graduated", "graduate", True),
        ("memory", "candidate", "promote", True),
        ("state", "active", "set", True),
        ("state", "active", "promote", False),
        ("state", "retired", "unset", True),
        ("conflict", "resolved", "resolve", True),
        ("conflict", "resolved", "dismiss", False),
        ("conflict", "open", "resolve", True),
    ],
)
def test_a_ruling_counts_only_while_its_step_leads_to_the_present_status(
    kind: str, status: str, step: str, counts: bool
) -> None:
    spec = KINDS[Kind(kind)]
    text = f"id: {spec.prefix}-a\nstatus: {status}\n{ruling(step)}"
    assert explained(record_of(text, f"{spec.folder}/a.md")) is counts


def test_without_a_ruling_only_what_nobody_decided_explains_itself() -> None:
    assert explained(record_of("id: mem-a\nstatus: candidate\n"))
    assert not explained(record_of("id: mem-a\nstatus: active\n"))
    assert not explained(record_of("id: con-a\nstatus: resolved\n", "conflicts/a.md"))
    assert explained(record_of("id: con-a\nstatus: resolved\nhow: settled\n", "conflicts/a.md"))


def test_a_project_is_no_decision_that_needs_explaining() -> None:
    """Its file has no ruling, and an assistant's commit that makes one declares no fact."""
    assert explained(record_of("id: prj-a\nname: p\n", "projects/p.md"))
