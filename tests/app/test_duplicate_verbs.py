"""Records that say the same are flagged in the same commit, shown, and merged or dismissed by a person."""

from __future__ import annotations

from desk import Desk, last, only
from helpers import whole

SAID = "The focuser moves 20 mm in 4 s."
AGAIN = "The focuser moves 20 mm in 4.0 s!"
KEYS = {"project": "scope"}


def twins(desk: Desk) -> tuple[str, str, str]:
    """Two active records that say the same, and their conflict."""
    first = only(desk.vault.new("memory", SAID, type="knowledge", keys=KEYS))
    written = desk.vault.new("memory", AGAIN, type="knowledge", keys=KEYS)
    (conflict,) = written.conflicts
    assert (conflict.type, conflict.status) == ("duplicate", "open")
    assert desk.touched() == {only(written).path, conflict.path}
    return first.id, only(written).id, conflict.id


def test_it_is_told_listed_counted_and_shown_and_nobody_is_disputed(desk: Desk) -> None:
    first, second, conflict = twins(desk)
    (listed,) = desk.vault.conflicts_list().conflicts
    assert (listed.id, listed.type) == (conflict, "duplicate")
    assert {member.value for member in listed.members} == {SAID, AGAIN} > {listed.slot}
    assert desk.vault.conflicts_list(project="other").conflicts == ()
    assert desk.vault.status().open_conflicts_count == 1
    shown = desk.vault.show(first)
    assert ([one.id for one in shown.conflicts], shown.disputed) == ([conflict], None)
    assert {side.id for side in desk.vault.conflicts_show(conflict).sides} == {first, second}
    assert "⚠" not in desk.vault.context("how far does the focuser move", words=True).text
    assert desk.codes() == []


def test_resolving_merges_in_one_commit_that_undo_takes_back(desk: Desk) -> None:
    first, second, conflict = twins(desk)
    start, files = desk.head(), desk.state()[2]
    written = desk.vault.conflicts_resolve(conflict, winner=first, reason="said twice")
    assert desk.commits_since(start) == [written.commit]
    assert desk.statuses(first, second, conflict) == ["active", "superseded", "resolved"]
    assert desk.vault.show(second).text.strip() == AGAIN
    assert desk.vault.conflicts_list().conflicts == ()
    assert desk.codes() == []
    desk.vault.undo(written.commit or "")
    assert desk.state()[2] == files
    assert [one.id for one in desk.vault.conflicts_list().conflicts] == [conflict]


def test_dismissed_it_stays_so_until_reopened(desk: Desk) -> None:
    _, second, conflict = twins(desk)
    desk.vault.conflicts_dismiss(conflict, reason="two focusers")
    assert desk.vault.conflicts_sweep().commit is None
    assert desk.vault.status().open_conflicts_count == 0
    assert [one.status for one in desk.vault.conflicts_list(status="all").conflicts] == ["dismissed"]
    assert desk.vault.conflicts_reopen(conflict).conflicts[0].id == conflict
    desk.vault.retire(second)
    assert [one.status for one in desk.vault.conflicts_list(status="all").conflicts] == ["resolved"]


def test_committed_by_hand_it_is_found_before_its_file_exists(desk: Desk) -> None:
    block = "-- memories/scope/{0}.md --\nid: mem-{0}\nproject: scope\n--\n{1}\n"
    desk.commit(block.format("f1", SAID) + block.format("f2", AGAIN))
    (listed,) = desk.vault.conflicts_list().conflicts
    assert [one.id for one in listed.members] == [whole("mem-f1"), whole("mem-f2")]
    assert len(desk.vault.conflicts_show(listed.id).sides) == 2
    dry = desk.vault.conflicts_sweep(dry_run=True)
    assert "type: duplicate" in dry.diff
    desk.vault.conflicts_resolve(listed.id, winner=whole("mem-f2"))
    assert desk.statuses("mem-f1", "mem-f2") == ["superseded", "active"]
    desk.git("revert", "--no-edit", "HEAD")
    assert [one.id for one in desk.vault.conflicts_list().conflicts] == [listed.id]


def test_a_sweep_finds_it_and_settles_what_is_none_any_more(desk: Desk) -> None:
    block = "-- memories/scope/{0}.md --\nid: mem-{0}\nproject: scope\n--\n{1}\n"
    desk.commit(block.format("f1", SAID) + block.format("f2", AGAIN))
    desk.vault.conflicts_sweep()
    assert last(desk).subject.startswith("flag conflict")
    desk.commit(block.format("f2", AGAIN.replace("20", "21")))
    desk.vault.conflicts_sweep()
    assert last(desk).subject.startswith("update conflict")
    assert [one.status for one in desk.vault.conflicts_list(status="all").conflicts] == ["resolved"]


def test_who_stays_shows_the_words_evidence_and_history_of_who_was_merged_into_it(desk: Desk) -> None:
    first, second, conflict = twins(desk)
    before = desk.vault.log(second).entries
    written = desk.vault.conflicts_resolve(conflict, winner=first)
    (merged,) = desk.vault.show(first).merged_from
    assert (merged.id, merged.status, merged.text.strip()) == (second, "superseded", AGAIN)
    told = [one.commit for one in desk.vault.show(first).history]
    assert told[0] == written.commit
    assert {one.commit for one in before} < set(told)
    assert [one.commit for one in desk.vault.log(first).entries] == told
    assert desk.vault.show(second).merged_from == ()
    third = only(desk.vault.new("memory", SAID, type="knowledge", keys=KEYS)).id
    desk.vault.merge(first, into=third)
    assert [one.id for one in desk.vault.show(third).merged_from] == [first, second]
    desk.vault.undo("HEAD")
    assert desk.vault.show(third).merged_from == ()
