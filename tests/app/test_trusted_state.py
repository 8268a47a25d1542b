"""Trusted state is people's: what machines are refused, and what history proves of who touched it."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from desk import ASSISTANT, Desk, only
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atocore.app import Vault
from atocore.errors import AtocoreError

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


DOCUMENT = """# Decision

We will use a Serrurier truss. The phase is build.

- sta-phase0000000 supersedes nothing; set state of scope: phase is build.
"""
PROPOSED = st.fixed_dictionaries(
    {"project": st.sampled_from(["scope", ""]), "attribute": st.sampled_from(["phase", "mood"])},
    optional={
        "value": st.sampled_from(["design", "build"]),
        "proposes": st.sampled_from(
            [
                {"retire": "sta-phase0000000"},
                {"supersede": "sta-phase0000000"},
                {"correct": "sta-phase0000000"},
            ]
        ),
        "supersedes": st.just(["sta-phase0000000"]),
    },
)


def _document(vault: Vault) -> None:
    place = vault.vault.parent / "docs"
    place.mkdir(exist_ok=True)
    (place / "adr.md").write_text(DOCUMENT)
    vault.ingest(place, project="scope")


MACHINES: dict[str, Callable[[Vault], object]] = {
    "capture": lambda v: v.capture("The phase is build now.", response="Yes: phase is build."),
    "ingest": _document,
    "extract": lambda v: v.extract(),
    "reinforce": lambda v: v.reinforce(),
    "sweep": lambda v: v.conflicts_sweep(),
    "round": lambda v: v.round(commit=True, embed=False),
    "check": lambda v: v.check(),
    "status": lambda v: v.status(),
    "search": lambda v: v.search("phase", words=True),
    "context": lambda v: v.context("phase", project="scope", words=True),
    "set": lambda v: v.state_set("scope", "phase", "build"),
    "unset": lambda v: v.state_unset("scope", "phase"),
    "promote": lambda v: v.promote(*[one.id for one in v.list(status="candidate").records]),
}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.sampled_from(sorted(MACHINES)), PROPOSED), min_size=3, max_size=8))
def test_whatever_a_machine_does_in_whatever_order_state_stays_as_people_set_it(
    desk: Desk, moves: list[str | dict[str, object]]
) -> None:
    """Even where the settings let it promote what proposes something about state."""
    desk.commit(STATE + "-- atocore.yaml --\nmachines:\n  allow: [promote]\n", "people", "--allow-empty")
    desk.close()
    start, before = desk.head(), desk.text(PATH)
    for move in moves:
        try:
            if isinstance(move, str):
                MACHINES[move](desk.machine)
            else:
                desk.machine.propose(f"It is {move.get('value', 'so')}.", keys=move)  # type: ignore[arg-type]
        except AtocoreError as refused:
            assert refused.code in ("machine-refused", "usage", "not-found", "impossible-step", "bad-value")
    desk.git("add", "-A", "state")
    assert desk.git("diff", "--cached", "--name-only", start, "--", "state") == ""
    assert desk.text(PATH) == before
    assert desk.vault.check().trusted_state.by_machine == ()


def test_autocommit_leaves_a_saved_state_to_a_persons_commit(desk: Desk) -> None:
    """Whoever saved it may have been a program."""
    desk.commit(STATE + "-- atocore.yaml --\nformat: 1\nautocommit: true\n")
    desk.close()
    desk.edit(PATH, "value: design", "value: build")
    desk.save(STATE.replace("phase.md", "new.md").replace("sta-phase", "sta-new"))
    desk.edit("memories/scope/gem.md", "is made of Zerodur", "is of Zerodur")
    for path in (PATH, "state/scope/new.md", "memories/scope/gem.md"):
        os.utime(desk.folder / path, (1_000_000_000, 1_000_000_000))
    desk.machine.round(commit=True, embed=False)
    assert desk.touched() == {"memories/scope/gem.md"}
    assert desk.git("status", "--porcelain", "state").split() == ["M", PATH, "??", "state/scope/new.md"]
