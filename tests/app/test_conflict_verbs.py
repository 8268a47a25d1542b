"""A contradiction is flagged wherever a member shows, and decided by a person in one commit."""

from __future__ import annotations

import pytest
from desk import Desk, last, only
from helpers import whole

from atocore.errors import AtocoreError

MASS, GEM = whole("mem-mass"), whole("mem-gem")
KEYS = {"project": "scope", "subject": "Primary Mirror", "attribute": "glass"}


def flagged(desk: Desk, value: str = "ULE") -> tuple[str, str]:
    """Another active claim in the slot of the glass: the new record's id and the conflict's."""
    written = desk.vault.new(
        "memory", f"The blank is {value}.", type="knowledge", keys={**KEYS, "value": value}
    )
    (conflict,) = written.conflicts
    return only(written).id, conflict.id


def test_the_answer_of_the_write_flags_it_and_the_same_commit_holds_its_file(desk: Desk) -> None:
    start = desk.head()
    written = desk.vault.new("memory", "The blank is ULE.", type="knowledge", keys={**KEYS, "value": "ULE"})
    made = only(written)
    (conflict,) = written.conflicts
    assert (conflict.status, conflict.type, conflict.prevailing) == ("open", "value", "")
    assert conflict.slot == "scope / primary mirror / glass"
    assert {(m.id, m.value, m.layer, m.path) for m in conflict.members} == {
        (GEM, "Zerodur", "L1", "memories/scope/gem.md"),
        (made.id, "ULE", "L1", made.path),
    }
    assert conflict.path == f"conflicts/{conflict.id}.md"
    assert desk.commits_since(start) == [written.commit]
    assert desk.touched() == {made.path, conflict.path}
    assert [(o.id, o.value, o.layer, o.conflict) for o in made.disputed or ()] == [
        (GEM, "Zerodur", "L1", conflict.id)
    ]
    assert desk.codes() == []


def test_every_answer_that_shows_a_member_shows_the_other_side(desk: Desk) -> None:
    rival, conflict = flagged(desk)
    shown = desk.vault.show(GEM)
    assert [(o.id, o.value) for o in shown.disputed or ()] == [(rival, "ULE")]
    assert [c.id for c in shown.conflicts] == [conflict]
    listed = {r.id: r.disputed for r in desk.vault.list(kind="memory").records}
    assert [o.value for o in listed[rival] or ()] == ["Zerodur"]
    assert listed[MASS] is None
    hits = {h.id: h.disputed for h in desk.vault.search("mirror Zerodur", words=True).hits}
    assert [o.value for o in hits[GEM] or ()] == ["ULE"]
    pack = desk.vault.context("mirror made of Zerodur", words=True)
    item = next(item for section in pack.sections for item in section.items if item.id == GEM)
    assert [o.value for o in item.disputed or ()] == ["ULE"]
    assert "⚠ disputed: ULE" in pack.text
    assert desk.vault.status().open_conflicts_count == 1
    (one,) = desk.vault.conflicts_list().conflicts
    assert one.id == conflict
    both = desk.vault.conflicts_show(conflict)
    assert {side.text.strip() for side in both.sides} == {
        "The blank is ULE.",
        "The primary mirror is made of Zerodur.",
    }


def test_resolve_is_one_commit_that_undo_takes_back(desk: Desk) -> None:
    rival, conflict = flagged(desk)
    start, files = desk.head(), desk.state()[2]
    written = desk.vault.conflicts_resolve(conflict, winner=GEM, reason="the invoice says so")
    assert desk.commits_since(start) == [written.commit]
    assert written.conflicts == ()
    assert desk.status("mem-gem") == "active"
    loser = desk.vault.show(rival)
    assert (loser.status, loser.keys["superseded_by"], loser.disputed) == ("superseded", GEM, None)
    decided = desk.vault.conflicts_show(conflict)
    assert (decided.status, decided.winner) == ("resolved", GEM)
    assert decided.ruling
    assert decided.ruling["why"] == "the invoice says so"
    assert desk.vault.conflicts_list().conflicts == ()
    assert [c.id for c in desk.vault.conflicts_list(status="resolved").conflicts] == [conflict]
    assert last(desk).action == "resolve"
    assert set(last(desk).records) == {conflict, rival, GEM}
    assert desk.codes() == []
    desk.vault.undo("HEAD")
    assert desk.state()[2] == files
    assert [c.id for c in desk.vault.conflicts_list().conflicts] == [conflict]
    desk.vault.undo("HEAD")
    assert desk.vault.conflicts_list().conflicts == ()
    assert desk.stale() == []


def test_dismiss_keeps_both_and_reopen_asks_again(desk: Desk) -> None:
    rival, conflict = flagged(desk)
    with pytest.raises(AtocoreError) as caught:
        desk.vault.conflicts_dismiss(conflict, reason="")
    assert caught.value.code == "usage"
    start = desk.head()
    desk.vault.conflicts_dismiss(conflict, reason="two mirrors")
    assert len(desk.commits_since(start)) == 1
    assert desk.vault.show(rival).disputed is None
    assert desk.vault.show(GEM).status == "active"
    assert desk.vault.conflicts_list().conflicts == ()
    assert desk.vault.conflicts_sweep().commit is None
    assert [c.id for c in desk.vault.conflicts_list(status="dismissed").conflicts] == [conflict]
    desk.vault.conflicts_reopen(conflict)
    assert [c.id for c in desk.vault.conflicts_list().conflicts] == [conflict]
    assert desk.vault.show(rival).disputed
    desk.vault.undo("HEAD")
    assert desk.vault.conflicts_list().conflicts == ()
    assert desk.codes() == []


def test_a_third_value_reopens_a_dismissed_conflict_and_it_stays_one_record(desk: Desk) -> None:
    _, conflict = flagged(desk)
    desk.vault.conflicts_dismiss(conflict, reason="two mirrors")
    third, again = flagged(desk, "Sitall")
    assert again == conflict
    (one,) = desk.vault.conflicts_list().conflicts
    assert {member.value for member in one.members} == {"Zerodur", "ULE", "Sitall"}
    assert len(list((desk.folder / "conflicts").iterdir())) == 1
    assert {o.value for o in desk.vault.show(third).disputed or ()} == {"Zerodur", "ULE"}
    assert desk.codes() == []


def test_a_rival_after_the_resolution_reopens_it(desk: Desk) -> None:
    _, conflict = flagged(desk)
    desk.vault.conflicts_resolve(conflict, winner=GEM)
    third, again = flagged(desk, "Sitall")
    assert again == conflict
    (one,) = desk.vault.conflicts_list().conflicts
    assert {member.id for member in one.members} == {GEM, third}
    desk.vault.conflicts_resolve(conflict, winner=third, reason="new blank")
    assert desk.status("mem-gem") == "superseded"
    assert desk.codes() == []


def test_a_conflict_that_no_longer_clashes_is_settled_and_undo_reopens_it(desk: Desk) -> None:
    rival, conflict = flagged(desk)
    desk.vault.retire(rival)
    assert desk.vault.conflicts_list().conflicts == ()
    shown = desk.vault.conflicts_show(conflict)
    assert (shown.status, shown.how) == ("resolved", "settled")
    desk.vault.restore_record(rival)
    assert [c.id for c in desk.vault.conflicts_list().conflicts] == [conflict]
    assert desk.codes() == []


@pytest.mark.parametrize("by_file", [False, True])
def test_a_conflict_by_hand_is_resolved_before_or_after_its_file_exists(desk: Desk, by_file: bool) -> None:
    desk.commit(
        "-- memories/scope/rev.md --\nid: mem-rev\nproject: scope\nsubject: primary mirror\n"
        "attribute: glass\nvalue: ULE\n--\nIt is ULE.\n"
    )
    (one,) = desk.vault.conflicts_list().conflicts
    assert desk.vault.conflicts_show(one.id).status == "open"
    if by_file:
        assert desk.vault.conflicts_sweep().commit
        assert desk.vault.conflicts_sweep().commit is None
    assert (desk.folder / one.path).exists() == by_file
    start = desk.head()
    desk.vault.conflicts_resolve(one.id, winner=whole("mem-rev"))
    assert len(desk.commits_since(start)) == 1
    assert desk.statuses("mem-gem", "mem-rev") == ["superseded", "active"]
    assert desk.codes() == []


def test_the_sweep_is_the_same_on_two_clones(desk: Desk, tmp_path: object) -> None:
    desk.commit(
        "-- memories/scope/rev.md --\nid: mem-rev\nproject: scope\nsubject: primary mirror\n"
        "attribute: glass\nvalue: ULE\n--\nIt is ULE.\n"
    )
    other = Desk(desk.folder.parent / "clone")
    desk.git("clone", "-q", str(desk.folder), str(other.folder))
    other.git("config", "user.name", "Another")
    other.git("config", "user.email", "another@example.org")
    one, two = desk.vault.conflicts_sweep(), other.vault.conflicts_sweep()
    path = one.conflicts[0].path
    assert [c.path for c in two.conflicts] == [path]
    assert desk.text(path) == other.text(path)
    other.close()


def test_across_layers_the_trusted_one_prevails(desk: Desk) -> None:
    written = desk.vault.state_set("scope", "primary mirror.glass", "ULE")
    (conflict,) = written.conflicts
    state = only(written)
    assert conflict.prevailing == state.id
    assert [(o.value, o.layer) for o in desk.vault.show(GEM).disputed or ()] == [("ULE", "L3")]
    assert [(o.value, o.layer) for o in state.disputed or ()] == [("Zerodur", "L1")]


@pytest.mark.parametrize(
    "keys",
    [
        {"value": "  zerodur. "},
        {"value": "ULE", "project": "other"},
        {"value": "ULE", "attribute": "coating"},
        {"value": "ULE", "valid_until": "2020-01-01"},
    ],
)
def test_no_false_alarm(desk: Desk, keys: dict[str, str]) -> None:
    if "valid_until" in keys:
        desk.edit("memories/scope/gem.md", "value: Zerodur", "value: Zerodur\nvalid_from: 2021-01-01")
        desk.commit()
    written = desk.vault.new("memory", "Another.", type="knowledge", keys={**KEYS, **keys})
    assert [one for one in written.conflicts if one.type == "value"] == []
    assert [one for one in desk.vault.conflicts_list().conflicts if one.type == "value"] == []


def test_a_candidate_is_in_no_conflict_but_tells_what_it_would_contradict(desk: Desk) -> None:
    written = desk.machine.propose("The blank is ULE.", keys={**KEYS, "value": "ULE"})
    assert written.conflicts == ()
    shown = desk.vault.show(only(written).id)
    assert (shown.disputed, [o.id for o in shown.would_conflict]) == (None, [GEM])
    promoted = desk.vault.promote(only(written).id)
    assert len(promoted.conflicts) == 1


def test_conflicts_are_listed_by_project_and_status(desk: Desk) -> None:
    _, conflict = flagged(desk)
    assert [c.id for c in desk.vault.conflicts_list(project="scope").conflicts] == [conflict]
    assert desk.vault.conflicts_list(project="other").conflicts == ()
    assert [c.id for c in desk.vault.conflicts_list(status="all").conflicts] == [conflict]


def test_a_winner_must_be_a_member(desk: Desk) -> None:
    _, conflict = flagged(desk)
    with pytest.raises(AtocoreError) as caught:
        desk.vault.conflicts_resolve(conflict, winner=MASS)
    assert caught.value.code == "bad-value"


def test_a_conflict_dismissed_by_hand(desk: Desk) -> None:
    rival, conflict = flagged(desk)
    desk.edit(f"conflicts/{conflict}.md", "status: open", "status: dismissed")
    desk.commit(message="Dismiss\n\ntwo mirrors")
    assert desk.vault.conflicts_list().conflicts == ()
    assert desk.vault.show(rival).disputed is None
    assert (last(desk).action, last(desk).reason) == ("dismiss", "two mirrors")
    assert desk.codes() == []


def test_revert_of_a_resolution_opens_it_again(desk: Desk) -> None:
    rival, conflict = flagged(desk)
    desk.vault.conflicts_resolve(conflict, winner=rival)
    desk.git("revert", "--no-edit", "HEAD")
    assert [c.id for c in desk.vault.conflicts_list().conflicts] == [conflict]
    assert desk.status("mem-gem") == "active"
    assert desk.codes() == []
