"""Trusted state is people's: what machines are refused, and what history proves of who touched it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import ASSISTANT, Desk, only

STATE = """
-- state/scope/phase.md --
id: sta-phase
type: status
project: scope
attribute: phase
value: design
"""
PATH = "state/scope/phase.md"
BY_ASSISTANT = f"--author={ASSISTANT}"


def told(desk: Desk) -> list[tuple[str, str]]:
    return [(one.step, one.machine) for one in desk.vault.check().trusted_state.by_machine]


def test_check_says_that_no_machine_ever_touched_state(desk: Desk) -> None:
    desk.vault.state_set("scope", "phase", "design")
    desk.vault.state_set("scope", "phase", "build")
    desk.vault.state_unset("scope", "phase")
    desk.vault.state_set("scope", "mood", "good")
    desk.machine.propose("The truss is carbon.", keys={"project": "scope"})
    found = desk.vault.check().trusted_state
    assert (found.records, found.touched, found.by_machine, found.complete) == (1, 4, (), True)
    assert found.commits == len(desk.git("rev-list", "HEAD").split())
    assert found.told.endswith("none by a machine")


def _adds(desk: Desk) -> None:
    desk.commit(STATE, "by an assistant", BY_ASSISTANT)


def _edits(desk: Desk) -> None:
    desk.commit(STATE)
    desk.edit(PATH, "design", "build")
    desk.commit("", "by an assistant", BY_ASSISTANT)


def _moves(desk: Desk) -> None:
    desk.commit(STATE)
    desk.git("mv", PATH, "state/scope/other.md")
    desk.commit("", "by an assistant", BY_ASSISTANT)


def _hides(desk: Desk) -> None:
    desk.commit(STATE)
    (desk.folder / ".old").mkdir()
    desk.git("mv", PATH, ".old/phase.md")
    desk.commit("", "by an assistant", BY_ASSISTANT)


def _deletes(desk: Desk) -> None:
    desk.commit(STATE)
    desk.git("rm", "-q", PATH)
    desk.commit("", "by an assistant", BY_ASSISTANT)


def _retires(desk: Desk) -> None:
    desk.commit(STATE)
    desk.edit(PATH, "status: active", "status: retired")
    desk.commit("", f"tidy\n\nCo-authored-by: {ASSISTANT}")


def _merges(desk: Desk) -> None:
    desk.git("checkout", "-q", "-b", "theirs")
    _adds(desk)
    desk.git("checkout", "-q", "main")
    desk.git("merge", "-q", "--no-ff", "-m", "merge", "theirs")


def _squashes(desk: Desk) -> None:
    desk.git("checkout", "-q", "-b", "theirs")
    _adds(desk)
    desk.git("checkout", "-q", "main")
    desk.git("merge", "-q", "--squash", "theirs")
    desk.git("commit", "-q", "--no-edit")


@pytest.mark.parametrize("deed", [_adds, _edits, _moves, _hides, _deletes, _retires, _merges, _squashes])
def test_whatever_a_machines_commit_does_to_state_is_an_error_and_told(
    desk: Desk, deed: Callable[[Desk], None]
) -> None:
    deed(desk)
    checked = desk.vault.check()
    assert checked.has_errors
    assert "machine-step" in [problem.code for problem in checked.problems]
    assert len(told(desk)) >= 1


def test_what_a_machine_did_stays_told_when_a_person_has_mended_it(desk: Desk) -> None:
    _adds(desk)
    desk.vault.confirm("sta-phase0000000")
    assert desk.codes() == []
    assert [step for step, _ in told(desk)] == ["set"]


def test_a_machine_that_may_take_a_persons_steps_still_leaves_state_alone(desk: Desk) -> None:
    desk.commit(STATE)
    desk.commit("-- atocore.yaml --\nmachines:\n  allow: [promote, retire, confirm, undo, edit, supersede]\n")
    desk.vault.state_set("scope", "mood", "good")
    made = only(
        desk.machine.propose(
            "It is built.", keys={"project": "scope", "proposes": {"retire": "sta-phase0000000"}}
        )
    )
    before = desk.state()
    from atocore.errors import AtocoreError

    for step in (
        lambda v: v.promote(made.id),
        lambda v: v.retire("sta-phase0000000"),
        lambda v: v.confirm("sta-phase0000000"),
        lambda v: v.undo("HEAD~1"),
        lambda v: v.edit("sta-phase0000000", v.raw("sta-phase0000000").replace(b"design", b"build")),
    ):
        with pytest.raises(AtocoreError) as caught:
            step(desk.machine)
        assert caught.value.code == "machine-refused"
    assert desk.state() == before
