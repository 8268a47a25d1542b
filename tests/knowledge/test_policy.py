"""Who may do what: machines capture and propose, people decide."""

from __future__ import annotations

import pytest

from atocore.config import DEFAULTS, read_settings
from atocore.errors import AtocoreError
from atocore.knowledge.policy import actor_of, machine_commit, permit
from atocore.records.lifecycle import PERSON_STEPS, STEPS
from atocore.records.plan import Actor

PERSON = "A Reviewer <reviewer@example.org>"
CLAUDE = "Claude <noreply@anthropic.com>"


@pytest.mark.parametrize("variable", DEFAULTS.texts("machines.shell_variables"))
def test_a_shell_that_an_assistant_drives_is_a_machine(variable: str) -> None:
    assert actor_of({"HOME": "/home/a", variable: "1"}, DEFAULTS) is Actor.MACHINE
    assert actor_of({"HOME": "/home/a", variable: ""}, DEFAULTS) is Actor.PERSON


def test_any_other_shell_is_a_persons() -> None:
    assert actor_of({"HOME": "/home/a", "TERM": "xterm"}, DEFAULTS) is Actor.PERSON


def test_the_settings_name_the_variables() -> None:
    settings = read_settings("machines: {shell_variables: [ROBOT]}")
    assert actor_of({"ROBOT": "yes"}, settings) is Actor.MACHINE
    assert actor_of({"CLAUDECODE": "1"}, settings) is Actor.PERSON


@pytest.mark.parametrize("step", sorted(PERSON_STEPS))
def test_a_persons_step_is_refused_to_a_machine_with_a_hint(step: str) -> None:
    permit(step, Actor.PERSON, DEFAULTS)
    with pytest.raises(AtocoreError) as refused:
        permit(step, Actor.MACHINE, DEFAULTS)
    assert refused.value.code == "machine-refused"
    assert "atocore propose" in refused.value.hint


def test_the_persons_steps_are_all_that_decide() -> None:
    decide = {
        "promote",
        "demote",
        "confirm",
        "reject",
        "reopen",
        "supersede",
        "retire",
        "restore",
        "graduate",
    }
    assert (
        decide | {"ungraduate", "set", "unset", "resolve", "dismiss", "add", "edit", "undo"} <= PERSON_STEPS
    )


@pytest.mark.parametrize("step", sorted({step.name for step in STEPS} - PERSON_STEPS))
def test_what_machines_are_for_is_theirs(step: str) -> None:
    permit(step, Actor.MACHINE, DEFAULTS)


@pytest.mark.parametrize(
    ("allowed", "step"),
    [
        ("confirm", "confirm"),
        ("restore-record", "restore"),
        ("state set", "set"),
        ("set", "set"),
        ("conflicts resolve", "resolve"),
        ("new", "add"),
    ],
)
def test_the_settings_allow_a_step_by_its_own_or_its_verbs_name(allowed: str, step: str) -> None:
    settings = read_settings(f"machines: {{allow: [{allowed}]}}")
    permit(step, Actor.MACHINE, settings)
    with pytest.raises(AtocoreError):
        permit("promote", Actor.MACHINE, settings)


@pytest.mark.parametrize(
    ("people", "trailers", "machine"),
    [
        ((PERSON, PERSON), (), ""),
        ((PERSON, PERSON), (("Atocore-Actor", "person"),), ""),
        ((PERSON, PERSON), (("Atocore-Actor", "machine"),), "atocore"),
        ((PERSON, PERSON), (("atocore-actor", " machine "),), "atocore"),
        ((CLAUDE, PERSON), (), CLAUDE),
        ((PERSON, CLAUDE), (), CLAUDE),
        ((PERSON, PERSON), (("Co-Authored-By", CLAUDE),), CLAUDE),
        ((PERSON, PERSON), (("Co-authored-by", "B <b@example.org>"), ("Co-authored-by", CLAUDE)), CLAUDE),
        ((PERSON, PERSON), (("Signed-off-by", CLAUDE),), ""),
        ((CLAUDE, CLAUDE), (("Atocore-Actor", "person"),), CLAUDE),
        ((PERSON, PERSON), (("Atocore-Actor", "person"), ("Atocore-Actor", "machine")), "atocore"),
    ],
)
def test_whose_commit_it_was(
    people: tuple[str, str], trailers: tuple[tuple[str, str], ...], machine: str
) -> None:
    assert machine_commit(DEFAULTS, people, trailers) == machine
