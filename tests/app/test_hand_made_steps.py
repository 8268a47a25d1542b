"""A status that a person changed in an editor and committed is the verb's equal."""

from __future__ import annotations

import pytest
from desk import Desk, last
from helpers import whole

MASS, GEM = whole("mem-mass"), whole("mem-gem")
PATHS = {"mem-mass": "memories/scope/mass.md", "mem-gem": "memories/scope/gem.md"}


@pytest.mark.parametrize(
    ("short", "before", "after", "step"),
    [
        ("mem-mass", "candidate", "active", "promote"),
        ("mem-mass", "candidate", "rejected", "reject"),
        ("mem-gem", "active", "candidate", "demote"),
        ("mem-gem", "active", "retired", "retire"),
        ("mem-gem", "active", "superseded", "supersede"),
    ],
)
def test_a_hand_made_step_is_in_the_log_like_the_verb(
    desk: Desk, short: str, before: str, after: str, step: str
) -> None:
    desk.edit(PATHS[short], f"status: {before}", f"status: {after}")
    commit = desk.commit(message="Decide\n\nweighed on the bench")
    entry = last(desk)
    assert (entry.commit, entry.action, entry.records) == (commit, step, (whole(short),))
    assert (entry.actor, entry.author) == ("person", "A Reviewer <reviewer@example.org>")
    assert (entry.subject, entry.reason) == ("Decide", "weighed on the bench")
    assert desk.vault.log(whole(short)).entries[0] == entry
    assert desk.vault.show(whole(short)).history[0] == entry
    assert desk.status(short) == after
    assert desk.codes() == []
    assert desk.stale() == []


@pytest.mark.parametrize(("back", "step"), [("active", "restore"), ("candidate", "impossible")])
def test_a_hand_made_step_from_retired(desk: Desk, back: str, step: str) -> None:
    desk.vault.retire(GEM)
    desk.edit(PATHS["mem-gem"], "status: retired", f"status: {back}")
    desk.commit()
    assert last(desk).action == step
    assert desk.status("mem-gem") == back
    assert desk.codes() == (["impossible-step"] if step == "impossible" else [])


def test_an_impossible_step_is_a_problem_until_a_valid_one_follows(desk: Desk) -> None:
    desk.edit(PATHS["mem-mass"], "status: candidate", "status: retired")
    desk.commit()
    assert desk.codes() == ["impossible-step"]
    desk.vault.restore_record(MASS)
    assert desk.codes() == []


def test_a_hand_made_promotion_counts_in_search_and_context_at_once(desk: Desk) -> None:
    desk.edit(PATHS["mem-mass"], "status: candidate", "status: active")
    desk.commit()
    assert desk.found("weighs") == [MASS]
    assert MASS in desk.in_context("how much the mirror weighs")


def test_the_verb_after_a_hand_made_step(desk: Desk) -> None:
    desk.edit(PATHS["mem-mass"], "status: candidate", "status: active")
    desk.commit()
    desk.vault.demote(MASS)
    desk.vault.promote(MASS)
    assert [entry.action for entry in desk.vault.log(MASS).entries] == ["promote", "demote", "promote", "add"]


def test_one_hand_made_commit_may_hold_many_steps(desk: Desk) -> None:
    desk.edit(PATHS["mem-mass"], "status: candidate", "status: active")
    desk.edit(PATHS["mem-gem"], "status: active", "status: retired")
    desk.commit()
    entry = last(desk)
    assert set(entry.action.split(", ")) == {"promote", "retire"}
    assert set(entry.records) == {MASS, GEM}


def test_undo_of_a_hand_made_commit(desk: Desk) -> None:
    desk.edit(PATHS["mem-mass"], "status: candidate", "status: active")
    commit = desk.commit()
    desk.vault.undo(commit)
    assert desk.status("mem-mass") == "candidate"
    assert last(desk).action == "undo"


def test_a_note_and_a_readme_make_no_entry(desk: Desk) -> None:
    before = desk.vault.log().entries
    desk.commit("-- notes/more.md --\nmore\n-- README.md --\nmine\n")
    assert desk.vault.log().entries == before


def test_moving_a_file_keeps_its_identity_and_its_history(desk: Desk) -> None:
    desk.vault.promote(MASS)
    (desk.folder / "memories/elsewhere").mkdir()
    desk.git("mv", PATHS["mem-mass"], "memories/elsewhere/heavy.md")
    desk.commit(message="Move")
    assert desk.vault.show(MASS).path == "memories/elsewhere/heavy.md"
    assert "promote" in [entry.action for entry in desk.vault.show(MASS).history]
    assert desk.found("weighs") == [MASS]
    assert desk.codes() == []
    assert desk.stale() == []
    desk.vault.demote(MASS)
    assert desk.touched() == {"memories/elsewhere/heavy.md"}


def test_a_rename_together_with_an_edit_leaves_no_ghost(desk: Desk) -> None:
    desk.git("mv", PATHS["mem-gem"], "memories/scope/glass.md")
    desk.edit("memories/scope/glass.md", "made of Zerodur.", "made of Sitall.")
    desk.edit("memories/scope/glass.md", "value: Zerodur", "value: Sitall")
    desk.commit()
    assert desk.found("Zerodur") == []
    assert desk.found("Sitall") == [GEM]
    assert desk.stale() == []


# -- steps that need more than one file ------------------------------------------------------------------

RIVAL = """
-- memories/scope/rev.md --
id: mem-rev
project: scope
subject: primary mirror
attribute: glass
value: ULE
--
The primary mirror is made of ULE.
"""
RIVAL_ID = whole("mem-rev")


def _conflict(desk: Desk) -> str:
    desk.commit(RIVAL)
    desk.vault.conflicts_sweep()
    (one,) = desk.vault.conflicts_list().conflicts
    return one.path


def test_a_conflict_resolved_by_hand_is_completed_by_the_next_verb(desk: Desk) -> None:
    path = _conflict(desk)
    desk.edit(path, "status: open\n", f"status: resolved\nwinner: {GEM}\n")
    desk.commit()
    assert desk.vault.conflicts_list().conflicts == ()
    assert desk.vault.show(GEM).disputed is None
    assert desk.codes() == ["half-step"]
    assert desk.vault.check().problems[0].path == "memories/scope/rev.md"

    desk.save("-- notes/mine.md --\nmine\n")
    written = desk.vault.promote(MASS)
    assert written.notes == ("complete 1 hand-made step",)
    assert desk.status("mem-rev") == "superseded"
    assert desk.vault.show(RIVAL_ID).keys["superseded_by"] == GEM
    assert desk.codes() == []
    assert last(desk).action == "complete"
    assert desk.touched() == {"memories/scope/gem.md", "memories/scope/rev.md"}
    assert desk.stale() == []


def test_a_machines_verb_completes_no_hand_made_step(desk: Desk) -> None:
    path = _conflict(desk)
    desk.edit(path, "status: open\n", f"status: resolved\nwinner: {GEM}\n")
    desk.commit()
    desk.machine.propose("Something else altogether.")
    assert desk.status("mem-rev") == "active"
    assert desk.codes() == ["half-step"]


@pytest.mark.parametrize(("to", "memory"), [("active", "graduated"), ("rejected", "active")])
def test_an_entity_decided_by_hand_takes_its_memory_along(desk: Desk, to: str, memory: str) -> None:
    desk.vault.graduate(GEM)
    entity = desk.vault.show(desk.vault.show(GEM).keys["graduated_to"])
    desk.edit(entity.path, "status: candidate", f"status: {to}")
    desk.commit()
    assert desk.codes() == ["half-step"]
    desk.vault.promote(MASS)
    assert desk.status("mem-gem") == memory
    assert ("graduated_to" in desk.vault.show(GEM).keys) == (memory == "graduated")
    assert desk.codes() == []


def test_a_dirty_file_keeps_the_rest_of_a_hand_made_step_waiting(desk: Desk) -> None:
    path = _conflict(desk)
    desk.edit(path, "status: open\n", f"status: resolved\nwinner: {GEM}\n")
    desk.commit()
    desk.edit("memories/scope/rev.md", "made of ULE.", "made of ULE, I think.")
    written = desk.vault.promote(MASS)
    assert written.commit
    assert desk.status("mem-mass") == "active"
    assert desk.status("mem-rev") == "active"
    assert "I think" in desk.text("memories/scope/rev.md")
    assert desk.codes() == ["half-step"]
    desk.git("checkout", "-q", "--", ".")
    desk.vault.retire(MASS)
    assert desk.status("mem-rev") == "superseded"


def test_a_conflict_made_by_hand_gets_its_file_with_the_next_verb(desk: Desk) -> None:
    desk.commit(RIVAL)
    (one,) = desk.vault.conflicts_list().conflicts
    assert not (desk.folder / one.path).exists()
    desk.vault.promote(MASS)
    assert (desk.folder / one.path).exists()
    assert desk.codes() == []
