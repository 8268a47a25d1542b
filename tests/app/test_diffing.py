"""What became of knowledge between two commits, and what a merge would make, told from real git."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import ASSISTANT, Desk, founded, refusal
from helpers import ruling, short_id

from atocore.app.diffing import KnowledgeDiff
from atocore.errors import AtocoreError

MASS = """
-- memories/scope/mass-{name}.md --
id: mem-mass{name}
project: scope
title: Mass of {name}
subject: primary mirror
attribute: mass
value: {value}
"""


@pytest.fixture
def branched(desk: Desk) -> Desk:
    """A desk on a branch `work` of `main`."""
    desk.git("checkout", "-q", "-b", "work")
    return desk


def told(found: KnowledgeDiff) -> list[tuple[str, str, str, str]]:
    return sorted((one.step, short_id(one.id), one.before, one.after) for one in found.changes)


def sides(found: KnowledgeDiff) -> list[set[str]]:
    return [{short_id(member.id) for member in one.members} for one in found.conflicts]


def on_main(desk: Desk, blocks: str, message: str = "on main") -> None:
    desk.git("checkout", "-q", "main")
    desk.commit(blocks, message)
    desk.git("checkout", "-q", "work")


def test_a_branch_tells_what_it_promoted_retired_and_edited(branched: Desk) -> None:
    branched.vault.promote("mem-mass00000000", reason="weighed")
    branched.vault.retire("ent-frame0000000", reason="sold")
    branched.edit("memories/scope/gem.md", "value: Zerodur", "value: ULE")
    branched.commit("", "another glass")
    found = branched.vault.diff("main...work")
    assert told(found) == [
        ("edit", "mem-gem", "Zerodur", "ULE"),
        ("promote", "mem-mass", "4.2 kg", "4.2 kg"),
        ("retire", "ent-frame", "", ""),
    ]
    assert {one.why for one in found.changes} == {"weighed", "sold", "another glass"}
    assert found == branched.vault.diff("main...work")
    assert branched.vault.diff("main").changes == branched.vault.diff().changes == found.changes


def test_what_superseded_another_is_one_change_with_both_values(branched: Desk) -> None:
    branched.commit(MASS.format(name="1", value="4.2 kg"), "first")
    branched.git("branch", "-f", "main")
    branched.commit(MASS.format(name="2", value="4.4 kg").replace("id:", "status: candidate\nid:"), "second")
    branched.vault.promote("mem-mass20000000", supersede=["mem-mass10000000"], reason="weighed again")
    (one,) = branched.vault.diff().changes
    assert (one.id, one.before, one.after) == ("mem-mass20000000", "4.2 kg", "4.4 kg")
    assert one.replaces == ("mem-mass10000000",)


def test_a_chain_of_successors_is_one_change_from_the_first_value_to_the_last(branched: Desk) -> None:
    branched.commit(MASS.format(name="1", value="4.2 kg"), "first")
    branched.git("branch", "-f", "main")
    gone = "id:", "status: superseded\nsuperseded_by: mem-mass{}\n" + ruling("supersede") + "id:"
    first = MASS.format(name="1", value="4.2 kg").replace(gone[0], gone[1].format(2))
    second = MASS.format(name="2", value="4.4 kg").replace(gone[0], gone[1].format(3))
    branched.commit(first + second + MASS.format(name="3", value="4.5 kg"), "twice")
    assert told(branched.vault.diff()) == [("add", "mem-mass3", "4.2 kg", "4.5 kg")]


def test_a_rename_is_no_change_and_a_deletion_is_one(branched: Desk) -> None:
    branched.git("mv", "memories/scope/gem.md", "memories/scope/glass.md")
    branched.git("rm", "-q", "entities/scope/frame.md")
    branched.commit("", "tidy")
    assert told(branched.vault.diff()) == [("delete", "ent-frame", "", "")]


def test_an_edit_tells_the_keys_that_it_changed(branched: Desk) -> None:
    branched.edit("entities/scope/frame.md", "title: Frame", "title: Frame\naliases: [truss]")
    branched.edit("entities/scope/frame.md", "The truss frame", "The steel frame")
    branched.commit("", "say more")
    (one,) = branched.vault.diff().changes
    assert one.keys == ("aliases", "text")


def test_candidates_are_counted_drafts_and_an_assistants_steps_are_no_changes(branched: Desk) -> None:
    branched.commit(MASS.format(name="1", value="4.2 kg").replace("id:", "status: candidate\nid:"), "propose")
    branched.edit("memories/scope/mass.md", "status: candidate", "status: active")
    branched.commit("", "accept it myself", f"--author={ASSISTANT}")
    branched.edit("memories/scope/gem.md", "Zerodur", "ULE")
    found = branched.vault.diff()
    assert (found.changes, found.candidates, found.conflicts) == ((), 2, ())


def test_an_assistants_promotion_makes_no_conflict(branched: Desk) -> None:
    on_main(branched, MASS.format(name="1", value="4.9 kg"))
    branched.edit("memories/scope/mass.md", "status: candidate", "status: active")
    branched.commit("", "accept it myself", f"--author={ASSISTANT}")
    assert branched.vault.diff().conflicts == ()


def test_the_same_slot_claimed_otherwise_on_both_sides_is_a_conflict_of_the_merge(branched: Desk) -> None:
    on_main(branched, MASS.format(name="1", value="4.2 kg"))
    branched.commit(MASS.format(name="2", value="4.5 kg"), "on work")
    found = branched.vault.diff("main...work", project="scope")
    assert sides(found) == [{"mem-mass1", "mem-mass2"}]
    assert branched.vault.diff("main...work", project="other").conflicts == ()
    assert branched.vault.diff("main..work").conflicts == ()
    branched.git("merge", "-q", "main", "-m", "merge")
    assert [c.slot for c in branched.vault.conflicts_list().conflicts] == [found.conflicts[0].slot]


def test_a_conflict_that_the_target_has_already_is_not_made_again(branched: Desk) -> None:
    branched.commit(MASS.format(name="1", value="4.2 kg") + MASS.format(name="2", value="4.5 kg"), "clash")
    branched.git("branch", "-f", "main")
    branched.edit("memories/scope/mass-1.md", "title: Mass of 1", "title: The mass")
    branched.commit("", "a better title")
    found = branched.vault.diff()
    assert (found.conflicts, found.settled) == ((), ())
    branched.commit(MASS.format(name="3", value="4.8 kg"), "a third")
    assert sides(branched.vault.diff()) == [{"mem-mass1", "mem-mass2", "mem-mass3"}]


def test_a_merge_settles_what_the_branch_decided(branched: Desk) -> None:
    branched.commit(MASS.format(name="1", value="4.2 kg") + MASS.format(name="2", value="4.5 kg"), "clash")
    branched.git("branch", "-f", "main")
    branched.vault.retire("mem-mass10000000", reason="measured wrongly")
    found = branched.vault.diff()
    assert found.conflicts == ()
    assert [{member.value for member in one.members} for one in found.settled] == [{"4.2 kg", "4.5 kg"}]


def test_an_alias_that_makes_two_names_one_makes_a_conflict(branched: Desk) -> None:
    other = MASS.format(name="1", value="4.2 kg").replace("primary mirror", "M1")
    branched.commit(other + MASS.format(name="2", value="4.5 kg"), "two names")
    branched.git("branch", "-f", "main")
    assert branched.vault.diff().conflicts == ()
    branched.commit(
        "-- entities/scope/m1.md --\nid: ent-mm1\ntype: component\nproject: scope\ntitle: Primary mirror\n"
        "aliases: [M1]\n",
        "name it",
    )
    assert sides(branched.vault.diff()) == [{"mem-mass1", "mem-mass2"}]


def test_two_records_that_say_the_same_are_a_conflict_of_the_merge(branched: Desk) -> None:
    same = "-- memories/scope/{0}.md --\nid: mem-{0}\nproject: scope\ntitle: Polishing\n--\n" + (
        "The primary mirror is polished by the optics shop in Tucson for twelve weeks.\n"
    )
    on_main(branched, same.format("s1"))
    branched.commit(same.format("s2"), "on work")
    (one,) = branched.vault.diff().conflicts
    assert (one.type, {member.id for member in one.members}) == (
        "duplicate",
        {"mem-s10000000000", "mem-s20000000000"},
    )


def test_a_file_that_both_sides_changed_apart_is_merged_as_git_does(branched: Desk) -> None:
    branched.commit(
        MASS.format(name="1", value="4.2 kg") + "confidence: 0.9\ntags: [a]\n--\nOne.\n\nTwo.\n\nThree.\n",
        "first",
    )
    branched.git("branch", "-f", "main")
    on_main(branched, MASS.format(name="2", value="4.5 kg").replace("primary mirror", "secondary mirror"))
    branched.git("checkout", "-q", "main")
    branched.edit("memories/scope/mass-1.md", "subject: primary mirror", "subject: secondary mirror")
    branched.edit("memories/scope/mass-2.md", "value: 4.5 kg", "value: 4.2 kg")
    branched.commit("", "it is the secondary")
    branched.git("checkout", "-q", "work")
    branched.edit("memories/scope/mass-1.md", "Three.", "Four.")
    branched.commit("", "another word")
    found = branched.vault.diff()
    assert (found.conflicts, found.unmerged) == ((), ())
    assert told(found) == [("edit", "mem-mass1", "4.2 kg", "4.2 kg")]


def test_both_halves_of_a_merged_file_count_for_its_conflicts(branched: Desk) -> None:
    text = "-- memories/scope/m.md --\nid: mem-m\nsubject: primary mirror\ntitle: M\nvalue: 4.2 kg\n"
    text += "kind: memory\nstatus: active\nproject: scope\ntype: knowledge\nattribute: mass\n"
    branched.commit(text, "first")
    branched.git("checkout", "-q", "-B", "main")
    branched.edit("memories/scope/m.md", "attribute: mass", "attribute: dry mass")
    other = MASS.format(name="2", value="4.2 kg").replace("attribute: mass", "attribute: dry mass")
    branched.commit(other.rstrip() + "\n--\nAs the foundry says in its letter.\n", "a")
    branched.git("checkout", "-q", "work")
    branched.edit("memories/scope/m.md", "value: 4.2 kg", "value: 4.5 kg")
    branched.commit("", "b")
    found = branched.vault.diff()
    assert (found.unmerged, sides(found)) == ((), [{"mem-m", "mem-mass2"}])
    branched.git("merge", "-q", "main", "-m", "merge")
    assert [one.slot for one in branched.vault.conflicts_list().conflicts] == [found.conflicts[0].slot]


def test_a_file_that_git_cannot_merge_is_told_and_counts_for_nothing(branched: Desk) -> None:
    branched.commit(MASS.format(name="1", value="4.2 kg"), "first")
    branched.git("branch", "-f", "main")
    branched.git("checkout", "-q", "main")
    branched.edit("memories/scope/mass-1.md", "4.2 kg", "4.3 kg")
    branched.commit("", "a")
    branched.git("checkout", "-q", "work")
    branched.edit("memories/scope/mass-1.md", "4.2 kg", "4.4 kg")
    branched.commit("", "b")
    found = branched.vault.diff()
    assert (found.unmerged, found.conflicts) == (("memories/scope/mass-1.md",), ())


@pytest.mark.parametrize("mover", ["main", "work"])
def test_a_record_that_one_side_moved_and_the_other_changed_is_merged(branched: Desk, mover: str) -> None:
    branched.commit(MASS.format(name="1", value="4.2 kg"), "first")
    branched.git("branch", "-f", "main")
    on_main(branched, MASS.format(name="2", value="4.2 kg"))
    for branch in ("main", "work"):
        branched.git("checkout", "-q", branch)
        if branch == mover:
            branched.git("mv", "memories/scope/mass-1.md", "memories/scope/moved.md")
        else:
            branched.edit("memories/scope/mass-1.md", "4.2 kg", "4.5 kg")
        branched.commit("", f"on {branch}")
    found = branched.vault.diff("main...work")
    assert found.unmerged == ()
    # where main changed the value, main has the conflict already
    assert sides(found) == ([{"mem-mass1", "mem-mass2"}] if mover == "main" else [])


def test_a_file_that_one_side_deleted_and_the_other_changed_needs_a_person(branched: Desk) -> None:
    branched.git("checkout", "-q", "main")
    branched.git("rm", "-q", "memories/scope/gem.md")
    branched.commit("", "gone")
    branched.git("checkout", "-q", "work")
    branched.edit("memories/scope/gem.md", "Zerodur", "ULE")
    branched.commit("", "changed")
    assert branched.vault.diff().unmerged == ("memories/scope/gem.md",)


def test_branches_that_crossed_are_compared_from_a_common_commit(branched: Desk) -> None:
    branched.commit(MASS.format(name="1", value="4.2 kg"), "work 1")
    on_main(branched, MASS.format(name="2", value="4.2 kg"), "main 1")
    first_work, first_main = branched.git("rev-parse", "work", "main").split()
    branched.git("merge", "-q", first_main, "-m", "work takes main")
    branched.git("checkout", "-q", "main")
    branched.git("merge", "-q", first_work, "-m", "main takes work")
    branched.git("checkout", "-q", "work")
    branched.edit("memories/scope/mass-1.md", "4.2 kg", "4.5 kg")
    branched.commit("", "work 2")
    found = branched.vault.diff()
    assert sides(found) == [{"mem-mass1", "mem-mass2"}]
    assert ("edit", "mem-mass1", "4.2 kg", "4.5 kg") in told(found) or (
        "add",
        "mem-mass1",
        "",
        "4.5 kg",
    ) in told(found)


def test_branches_without_a_common_commit_cannot_be_merged_but_compared(branched: Desk) -> None:
    branched.git("checkout", "-q", "--orphan", "alone")
    branched.commit(MASS.format(name="1", value="4.2 kg"), "alone")
    with pytest.raises(AtocoreError) as refused:
        branched.vault.diff("main...alone")
    assert refusal(refused.value)[0] == "bad-value"
    assert "A..B" in refusal(refused.value)[1]
    assert told(branched.vault.diff("main..alone")) == [("add", "mem-mass1", "", "4.2 kg")]


@pytest.mark.parametrize("span", ["nothing", "main...nothing", "--all", "a b", "HEAD~99", "..nothing"])
def test_unknown_names_are_refused(desk: Desk, span: str) -> None:
    with pytest.raises(AtocoreError) as refused:
        desk.vault.diff(span)
    assert refused.value.code == "not-found"


def test_commits_are_named_as_git_does(branched: Desk) -> None:
    branched.git("tag", "-m", "first", "v1")
    branched.edit("memories/scope/gem.md", "Zerodur", "ULE")
    branched.commit("", "changed")
    for span in ("v1", "v1..", "HEAD~1..HEAD", "HEAD~1", "v1...", "HEAD^..@"):
        assert told(branched.vault.diff(span)) == [("edit", "mem-gem", "Zerodur", "ULE")], span
    assert told(branched.vault.diff("work..v1")) == [("edit", "mem-gem", "ULE", "Zerodur")]
    assert branched.vault.diff("HEAD..HEAD").changes == ()


def test_a_vault_in_a_folder_of_a_repository_tells_of_itself_alone(tmp_path: Path) -> None:
    desk = founded(tmp_path)
    desk.close()
    folder = tmp_path / "docs" / "vault"
    folder.parent.mkdir()
    folder.mkdir()
    desk.put("docs/vault/atocore.yaml", "format: 1\n")
    desk.commit("", "a vault inside")
    inside = Desk(folder)
    desk.put("memories/p/outside.md", "---\nid: mem-000000000000\nkind: memory\n---\nOutside.\n")
    inside.git("checkout", "-q", "-b", "work")
    inside.commit(MASS.format(name="1", value="4.2 kg"), "inside")
    assert told(inside.vault.diff("main...work")) == [("add", "mem-mass1", "", "4.2 kg")]
    inside.close()


def test_the_vault_on_another_branch_than_both_answers_the_same(branched: Desk) -> None:
    on_main(branched, MASS.format(name="1", value="4.2 kg"))
    branched.commit(MASS.format(name="2", value="4.5 kg"), "on work")
    here = branched.vault.diff("main...work")
    branched.git("checkout", "-q", "-b", "third", "main~1")
    there = branched.vault.diff("main...work")
    assert (there.changes, sides(there)) == (here.changes, sides(here))
