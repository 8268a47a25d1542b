"""Conflicts on a real vault with real git: claims, drafts, what ended one, and what others committed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from desk import Desk, last, only
from helpers import whole

from atocore.errors import AtocoreError

GEM, FRAME = whole("mem-gem"), whole("ent-frame")
RIVAL = """
-- memories/scope/rev.md --
id: mem-rev
project: scope
subject: primary mirror
attribute: glass
value: ULE
--
It is ULE.
"""
REV = whole("mem-rev")


def claimed(desk: Desk) -> str:
    (conflict,) = desk.vault.conflicts_add(GEM, FRAME, reason="the frame cannot carry glass").conflicts
    return conflict.id


def found(desk: Desk) -> list[str]:
    return [one.id for one in desk.vault.conflicts_list().conflicts if one.type != "duplicate"]


# -- what a person claims


def test_what_a_person_flags_is_disputed_everywhere_until_it_is_decided(desk: Desk) -> None:
    start = desk.head()
    written = desk.vault.conflicts_add(GEM, FRAME, reason="the frame cannot carry glass")
    (conflict,) = written.conflicts
    assert desk.commits_since(start) == [written.commit]
    assert desk.touched() == {conflict.path}
    assert (conflict.type, conflict.slot, conflict.prevailing) == (
        "claimed",
        "the frame cannot carry glass",
        FRAME,
    )
    assert set(last(desk).records) == {conflict.id, GEM, FRAME}
    said = [("Zerodur", "L1", conflict.id)]
    told = [(o.value, o.layer, o.conflict) for o in desk.vault.show(FRAME).disputed or ()]
    assert told == said
    assert [one.id for one in desk.vault.show(GEM).conflicts] == [conflict.id]
    listed = {one.id: one.disputed for one in desk.vault.list(kind="entity").records}
    assert [o.id for o in listed[FRAME] or ()] == [GEM]
    hits = {hit.id: hit.disputed for hit in desk.vault.search("truss frame", words=True).hits}
    assert [o.id for o in hits[FRAME] or ()] == [GEM]
    pack = desk.vault.context("the truss frame that carries the secondary", words=True)
    assert "⚠ disputed: Zerodur" in pack.text
    confirmed = desk.vault.confirm(GEM)
    assert [o.id for o in only(confirmed).disputed or ()] == [FRAME]
    assert [one.id for one in confirmed.conflicts] == [conflict.id]
    assert desk.vault.status().open_conflicts_count == 1
    assert desk.codes() == []
    desk.vault.conflicts_dismiss(conflict.id, reason="two frames")
    assert desk.vault.show(FRAME).disputed is None
    desk.vault.undo("HEAD")
    assert found(desk) == [conflict.id]
    files = desk.state()[2]
    desk.vault.conflicts_resolve(conflict.id, winner=FRAME)
    assert desk.statuses("mem-gem", "ent-frame") == ["superseded", "active"]
    desk.vault.undo("HEAD")
    assert desk.state()[2] == files
    assert desk.stale() == []


def test_a_machine_flags_nothing(desk: Desk) -> None:
    with pytest.raises(AtocoreError) as refusal:
        desk.machine.conflicts_add(GEM, FRAME, reason="x")
    assert refusal.value.code == "machine-refused"


def test_a_claim_that_an_assistant_committed_by_hand_is_a_problem(desk: Desk) -> None:
    claim = f"-- conflicts/x.md --\nid: con-x\ntype: claimed\nmembers: [{{id: {GEM}}}, {{id: {FRAME}}}]\n"
    desk.commit(claim, "Flag\n\nCo-Authored-By: Claude <noreply@anthropic.com>")
    assert desk.codes("conflicts/x.md") == ["machine-step"]


def test_a_claim_that_settled_in_a_commit_by_hand_names_that_commit(desk: Desk) -> None:
    conflict = claimed(desk)
    desk.edit("memories/scope/gem.md", "status: active", "status: retired")
    left = desk.commit(message="No glass")
    desk.edit("entities/scope/frame.md", "The truss frame", "The big truss frame")
    desk.commit(message="A word")
    shown = desk.vault.conflicts_show(conflict)
    assert (shown.status, shown.how, shown.ended and shown.ended.commit) == ("resolved", "settled", left)
    assert desk.vault.conflicts_sweep().commit
    shown = desk.vault.conflicts_show(conflict)
    assert (shown.status, shown.how, shown.ended and shown.ended.commit) == ("resolved", "settled", left)
    desk.git("revert", "--no-edit", left)
    assert found(desk) == [conflict]
    assert desk.vault.conflicts_sweep().commit
    assert "status: open" in desk.text(f"conflicts/{conflict}.md")
    assert desk.codes() == []


# -- what ended it


def test_what_ended_a_conflict_is_looked_up_in_git(desk: Desk) -> None:
    desk.commit(RIVAL)
    desk.vault.conflicts_sweep()
    (conflict,) = found(desk)
    assert desk.vault.conflicts_show(conflict).ended is None
    retired = desk.vault.retire(REV, reason="a typo")
    ended = desk.vault.conflicts_show(conflict).ended
    assert ended is not None
    assert (ended.commit, ended.action, ended.reason) == (retired.commit, "retire", "a typo")
    assert conflict in ended.records
    desk.vault.restore_record(REV)
    resolved = desk.vault.conflicts_resolve(conflict, winner=REV, reason="weighed")
    ended = desk.vault.conflicts_show(conflict).ended
    assert ended is not None
    assert ended.commit == resolved.commit


@pytest.mark.parametrize("gone", ["deleted", "value", "attribute"])
def test_a_member_that_leaves_by_hand_settles_it_with_the_next_verb(desk: Desk, gone: str) -> None:
    desk.commit(RIVAL)
    desk.vault.conflicts_sweep()
    (conflict,) = found(desk)
    if gone == "deleted":
        desk.git("rm", "-q", "memories/scope/rev.md")
    elif gone == "value":
        desk.edit("memories/scope/rev.md", "value: ULE", "value: zerodur")
    else:
        desk.edit("memories/scope/rev.md", "attribute: glass", "attribute: coating")
    left = desk.commit(message="It left")
    assert found(desk) == []
    assert desk.vault.conflicts_show(conflict).how == "settled"
    desk.vault.confirm(GEM)
    assert "how: settled" in desk.text(f"conflicts/{conflict}.md")
    assert desk.vault.conflicts_sweep().commit is None
    assert desk.codes() == []
    ended = desk.vault.conflicts_show(conflict).ended
    assert ended is not None
    assert ended.commit == left
    desk.git("revert", "--no-edit", left)
    assert found(desk) == [conflict]
    desk.vault.confirm(GEM)
    assert "status: open" in desk.text(f"conflicts/{conflict}.md")


def test_what_is_over_is_neither_resolved_nor_dismissed(desk: Desk) -> None:
    desk.commit(RIVAL)
    desk.vault.conflicts_sweep()
    (conflict,) = found(desk)
    desk.edit("memories/scope/rev.md", "value: ULE", "value: zerodur")
    desk.commit()
    for decide in (
        lambda: desk.vault.conflicts_resolve(conflict, winner=GEM),
        lambda: desk.vault.conflicts_dismiss(conflict, reason="x"),
    ):
        with pytest.raises(AtocoreError, match="do not contradict each other any more"):
            decide()
    assert desk.statuses("mem-gem", "mem-rev") == ["active", "active"]


def test_each_side_tells_who_accepted_it_and_in_which_commit(desk: Desk) -> None:
    by_hand = desk.commit(RIVAL)
    (conflict,) = found(desk)
    sides = {side.id: side for side in desk.vault.conflicts_show(conflict).sides}
    accepted = sides[REV].accepted
    assert accepted is not None
    assert (accepted.commit, accepted.author) == (by_hand, "A Reviewer <reviewer@example.org>")


# -- drafts


def test_a_draft_shows_what_it_would_contradict_and_is_in_no_conflict(desk: Desk) -> None:
    desk.save(RIVAL)
    shown = desk.vault.show(REV)
    assert (shown.draft, [o.id for o in shown.would_conflict], shown.disputed) == (True, [GEM], None)
    assert desk.vault.show(GEM).disputed is None
    listed = {one.id: one.would_conflict for one in desk.vault.list(kind="memory").records}
    assert [o.value for o in listed[REV]] == ["Zerodur"]
    assert found(desk) == []
    (one,) = desk.vault.conflicts_list(drafts=True).conflicts
    assert (one.draft, one.status, {member.id for member in one.members}) == (True, "open", {GEM, REV})
    assert desk.vault.conflicts_list(drafts=True, project="other").conflicts == ()
    status = desk.vault.status()
    assert (status.open_conflicts_count, status.draft_conflicts_count) == (0, 1)
    desk.commit()
    assert desk.vault.conflicts_list(drafts=True).conflicts == ()
    status = desk.vault.status()
    assert (status.open_conflicts_count, status.draft_conflicts_count) == (1, 0)


def test_of_an_edited_record_the_committed_version_is_disputed(desk: Desk) -> None:
    desk.commit(RIVAL)
    desk.edit("memories/scope/rev.md", "value: ULE", "value: Zerodur")
    shown = desk.vault.show(REV)
    assert [o.value for o in shown.disputed or ()] == ["Zerodur"]
    assert shown.would_conflict == ()
    desk.edit("memories/scope/rev.md", "value: Zerodur", "value: Sitall")
    shown = desk.vault.show(REV)
    assert [o.id for o in shown.would_conflict] == [GEM]
    assert {m.value for m in desk.vault.conflicts_list(drafts=True).conflicts[0].members} == {
        "Zerodur",
        "Sitall",
    }


def test_a_draft_that_says_the_same_in_other_words_would_contradict_nothing_new(desk: Desk) -> None:
    desk.commit(RIVAL)
    desk.edit("memories/scope/rev.md", "It is ULE.", "It is ULE, says the invoice.")
    assert desk.vault.show(REV).would_conflict == ()
    assert desk.vault.conflicts_list(drafts=True).conflicts == ()


def test_the_answer_to_a_proposal_says_what_it_would_contradict(desk: Desk) -> None:
    keys = {"project": "scope", "subject": "Primary Mirror", "attribute": "glass", "value": "ULE"}
    written = desk.machine.propose("The blank is ULE.", keys=keys)
    assert [o.value for o in only(written).would_conflict] == ["Zerodur"]
    assert written.conflicts == ()


# -- two clones


def clone(desk: Desk) -> Desk:
    other = Desk(desk.folder.parent / "clone")
    desk.git("clone", "-q", str(desk.folder), str(other.folder))
    other.git("config", "user.name", "Another")
    other.git("config", "user.email", "another@example.org")
    return other


def test_two_clones_that_promote_rivals_merge_clean_and_then_conflict(desk: Desk) -> None:
    keys = {"project": "scope", "subject": "tube", "attribute": "length"}
    one = only(desk.machine.propose("The tube is 2 m.", keys={**keys, "value": "2 m"}))
    two = only(desk.machine.propose("The tube is 3 m.", keys={**keys, "value": "3 m"}))
    other = clone(desk)
    desk.vault.promote(one.id)
    other.vault.promote(two.id)
    other.git("pull", "-q", "--no-rebase", "--no-edit")
    (conflict,) = found(other)
    assert not (other.folder / f"conflicts/{conflict}.md").exists()
    written = other.vault.confirm(GEM)
    assert written.notes == (f"flag conflict {conflict}",)
    other.git("branch", "before", "HEAD~1")
    desk.git("pull", "-q", str(other.folder), "before")
    assert desk.vault.conflicts_sweep().commit
    path = f"conflicts/{conflict}.md"
    assert desk.text(path) == other.text(path)
    desk.git("pull", "-q", "--no-rebase", "--no-edit", str(other.folder))
    assert found(desk) == [conflict]
    assert desk.codes() == []
    other.close()


def test_a_squash_of_everything_leaves_the_same_conflict(desk: Desk) -> None:
    desk.commit(RIVAL)
    desk.vault.conflicts_sweep()
    (conflict,) = found(desk)
    desk.vault.conflicts_dismiss(conflict, reason="two mirrors")
    root = desk.git("rev-list", "--max-parents=0", "HEAD").strip()
    desk.git("reset", "-q", "--soft", root)
    desk.git("commit", "-q", "-m", "all of it")
    shown = desk.vault.conflicts_show(conflict)
    assert (shown.status, (shown.ruling or {})["why"]) == ("dismissed", "two mirrors")
    assert found(desk) == []
    assert desk.codes() == []


def test_the_command_line_flags_and_shows_both_sides(desk: Desk) -> None:
    def run(*args: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "atocore", "--vault", str(desk.folder), *args],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    told = run("conflicts", "add", GEM, FRAME, "-m", "the frame cannot carry glass")
    assert "⚠ conflict con-" in told
    (conflict,) = found(desk)
    shown = run("conflicts", "show", conflict)
    assert "  the frame cannot carry glass" in shown
    assert f"atocore conflicts resolve {conflict} --winner {GEM}" in shown
    assert "(prevails meanwhile)" in shown
    again = run("conflicts", "add", FRAME, GEM, "-m", "x")
    assert f"{conflict} is about these already, and is open" in again
