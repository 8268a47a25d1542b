"""Conflicts: when two records contradict each other, what is written about it, and what a decision covers."""

from __future__ import annotations

from itertools import permutations

import pytest
from helpers import (
    DEED,
    applied,
    file_text,
    files_of,
    record,
    reversed_order,
    ruling,
    same_files,
    statuses,
    text_at,
    vault_of,
    whole,
    whole_id,
)

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.clash import Clash, clash_in, conflict_id, sweep
from atocore.knowledge.conflicts.disputes import disputes, overruled, would_dispute
from atocore.knowledge.conflicts.files import file_changes, with_conflicts
from atocore.knowledge.halfsteps import half_step_problems, lacks
from atocore.knowledge.review import resolution
from atocore.knowledge.review import steps as review
from atocore.knowledge.review.deed import Deed
from atocore.records.edit import edit
from atocore.records.ids import is_id
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.record import Member
from atocore.records.slots import slot_of
from atocore.records.snapshot import MemorySnapshot

SLOT = ("claim", "p", "mirror", "mass")
CONFLICT = conflict_id(SLOT)
CLAIM = "project: p\nsubject: mirror\nattribute: mass\n"


def memory(name: str, value: str, more: str = "") -> str:
    return f"-- memories/p/{name}.md --\nid: mem-{name}\n{CLAIM}value: {value}\n{more}"


def entity(name: str, value: str, more: str = "") -> str:
    return f"-- entities/p/{name}.md --\nid: ent-{name}\n{CLAIM}value: {value}\n{more}"


def state(name: str, value: str, more: str = "") -> str:
    return f"-- state/p/{name}.md --\nid: sta-{name}\n{CLAIM}value: {value}\n{more}"


def clash(vault: MemorySnapshot) -> Clash:
    found = clash_in(vault, SLOT)
    assert found is not None
    return found


def swept(vault: MemorySnapshot) -> MemorySnapshot:
    """The vault with the files of its conflicts."""
    slots = {slot for one in vault.select() if (slot := one.slot or slot_of(one))}
    changes = tuple(change for slot in sorted(slots) for change in file_changes(vault, slot))
    return vault.after(Plan(changes, None))


def resolved(vault: MemorySnapshot, winner: str) -> MemorySnapshot:
    return applied(vault, resolution.resolve(vault, record(vault, CONFLICT), record(vault, winner), DEED))


def dismissed(vault: MemorySnapshot) -> MemorySnapshot:
    return applied(vault, resolution.dismiss(vault, record(vault, CONFLICT), DEED))


def edited(vault: MemorySnapshot, short: str, **keys: str | None) -> MemorySnapshot:
    """A person edits keys of a record by hand and commits it: no conflict file follows."""
    one = record(vault, short)
    return vault.after(Plan((Change(one.path, one.raw, edit(one.raw, keys)),), None))


def put(vault: MemorySnapshot, blocks: str) -> MemorySnapshot:
    return MemorySnapshot({**vault.files, **files_of(blocks)})


# -- what is a conflict


def test_two_values_in_one_slot_are_a_conflict() -> None:
    vault = vault_of(memory("a", "4.2 kg") + memory("b", "4.3 kg"))
    found = clash(vault)
    assert (found.id, found.slot, found.status, found.prevailing) == (CONFLICT, SLOT, "open", "")
    assert found.members == (
        Member(whole_id("mem-a"), "4.2 kg", "L1"),
        Member(whole_id("mem-b"), "4.3 kg", "L1"),
    )
    assert sweep(vault) == (found,)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(memory("b", "4.2  KG."), id="equal-after-normalisation"),
        pytest.param(memory("b", "4.3 kg").replace("project: p", "project: q"), id="another-project"),
        pytest.param(memory("b", "4.3 kg").replace("project: p\n", ""), id="no-project"),
        pytest.param(memory("b", "4.3 kg").replace("mirror", "tube"), id="another-subject"),
        pytest.param(memory("b", "4.3 kg").replace("mass", "cost"), id="another-attribute"),
        pytest.param(memory("b", "4.3 kg", "type: episodic\n"), id="an-episode"),
        pytest.param(memory("b", "4.3 kg", "type: preference\n"), id="a-preference"),
        pytest.param(memory("b", ""), id="no-value"),
        *(
            pytest.param(memory("b", "4.3 kg", f"status: {status}\n"), id=status)
            for status in ("candidate", "superseded", "retired", "rejected", "graduated")
        ),
    ],
)
def test_what_is_no_conflict(other: str) -> None:
    vault = vault_of(memory("a", "4.2 kg") + other)
    assert sweep(vault) == ()
    assert swept(vault).files == vault.files


@pytest.mark.parametrize(
    ("first", "second", "conflict"),
    [
        ("valid_until: 2026-06-30", "valid_from: 2026-07-01", False),
        ("valid_until: 2026-07-01", "valid_from: 2026-07-01", False),
        ("valid_until: 2026-07-02", "valid_from: 2026-07-01", True),
        ("valid_until: 2026-06-30", "valid_from: 2026-06-30T10:00:00Z", True),
        ("valid_until: 2026-06-30T10:00:00Z", "valid_from: 2026-06-30T10:00:00Z", False),
        ("valid_until: 2026-06-30T12:00:00+02:00", "valid_from: 2026-06-30T10:30:00Z", False),
        ("valid_until: 2026-06-30T12:00:00", "valid_from: 2026-06-30T11:00:00Z", True),
        (
            "valid_from: 2026-07-01\nvalid_until: 2026-07-01",
            "valid_from: 2026-07-01\nvalid_until: 2026-07-01",
            True,
        ),
        ("valid_from: 2026-07-01", "valid_from: 2026-08-01", True),
        ("valid_until: 2026-06-30", "tags: [x]", True),
        ("valid_until: soon", "valid_from: 2026-07-01", True),
    ],
)
def test_only_periods_that_overlap_conflict(first: str, second: str, conflict: bool) -> None:
    vault = vault_of(memory("a", "4.2 kg", f"{first}\n") + memory("b", "4.3 kg", f"{second}\n"))
    assert bool(sweep(vault)) is conflict
    mirrored = vault_of(memory("a", "4.2 kg", f"{second}\n") + memory("b", "4.3 kg", f"{first}\n"))
    assert bool(sweep(mirrored)) is conflict


def test_three_values_are_one_conflict() -> None:
    vault = vault_of(memory("a", "4.2 kg") + memory("b", "4.3 kg") + memory("c", "4.4 kg"))
    assert len(sweep(vault)) == 1
    assert [member.id for member in clash(vault).members] == [whole_id(f"mem-{one}") for one in "abc"]


def test_who_contradicts_nobody_is_no_member() -> None:
    later = "valid_from: 2027-01-01\n"
    vault = vault_of(
        memory("a", "4.2 kg", "valid_until: 2026-12-31\n")
        + memory("b", "4.3 kg", "valid_until: 2026-12-31\n")
        + memory("c", "4.3 kg", later)
    )
    assert [member.id for member in clash(vault).members] == [whole_id("mem-a"), whole_id("mem-b")]


@pytest.mark.parametrize(
    ("blocks", "prevails"),
    [
        (memory("a", "1") + memory("b", "2"), ""),
        (memory("a", "1") + entity("b", "2"), "ent-b"),
        (state("a", "1") + entity("b", "2") + memory("c", "3"), "sta-a"),
        (entity("a", "1") + entity("b", "2") + memory("c", "3"), ""),
        (entity("a", "1") + entity("b", "1") + memory("c", "3"), "ent-a"),
    ],
)
def test_across_layers_the_more_trusted_value_prevails_meanwhile(blocks: str, prevails: str) -> None:
    assert clash(vault_of(blocks)).prevailing == (whole_id(prevails) if prevails else "")


def test_each_side_sees_the_others_and_those_of_its_own_value_not() -> None:
    vault = vault_of(memory("a", "1") + memory("b", "1") + state("c", "2"))
    seen = disputes(vault, record(vault, "mem-a"))
    assert [(side.id, side.value, side.layer, side.conflict) for side in seen] == [
        (whole_id("sta-c"), "2", "L3", CONFLICT)
    ]
    assert [side.id for side in disputes(vault, record(vault, "sta-c"))] == [
        whole_id("mem-a"),
        whole_id("mem-b"),
    ]


def test_a_record_whose_time_is_another_is_not_the_other_side() -> None:
    vault = vault_of(
        memory("a", "1", "valid_until: 2026-01-01\n")
        + memory("b", "2", "valid_from: 2026-01-02\n")
        + memory("c", "3")
    )
    assert [side.id for side in disputes(vault, record(vault, "mem-a"))] == [whole_id("mem-c")]


def test_a_candidate_shows_what_it_would_contradict_but_not_what_it_replaces() -> None:
    active = memory("a", "1") + memory("b", "2")
    plain = vault_of(active + memory("c", "3", "status: candidate\n"))
    about = vault_of(active + memory("c", "3", "status: candidate\nproposes: {supersede: mem-a}\n"))
    assert [side.id for side in would_dispute(plain, record(plain, "mem-c"))] == [
        whole_id("mem-a"),
        whole_id("mem-b"),
    ]
    assert [side.id for side in would_dispute(about, record(about, "mem-c"))] == [whole_id("mem-b")]
    assert disputes(plain, record(plain, "mem-c")) == ()


# -- the file


def test_the_file_of_a_conflict_tells_both_sides_and_how_to_decide() -> None:
    vault = swept(vault_of(memory("a", "4.2 kg") + state("b", "4.3 kg")))
    assert text_at(vault, f"conflicts/{CONFLICT}.md") == whole(f"""\
---
id: {CONFLICT}
kind: conflict
type: value
status: open
project: p
title: p / mirror / mass
members:
  - id: sta-b
    value: 4.3 kg
    layer: L3
  - id: mem-a
    value: 4.2 kg
    layer: L1
slot:
  - claim
  - p
  - mirror
  - mass
prevailing: sta-b
---
Active records give different values for the same slot; `members` lists them.

To decide, run `atocore conflicts resolve {CONFLICT} --winner ID`, or set `status: resolved` \
and `winner: ID` here and commit. If both can be true, run `atocore conflicts dismiss {CONFLICT} \
--reason TEXT`, or set `status: dismissed` here and commit.
""")


def test_the_id_of_a_conflict_comes_from_its_slot() -> None:
    assert conflict_id(SLOT) == conflict_id(tuple(SLOT)) != conflict_id((*SLOT[:-1], "cost"))
    assert is_id(CONFLICT, "con")


def test_two_clones_write_the_same_bytes_whatever_the_order_of_their_files() -> None:
    blocks = [memory("a", "1"), entity("b", "2"), state("c", "3"), memory("d", "1")]
    outcomes = {
        tuple(sorted(swept(vault_of("".join(order))).files.items())) for order in permutations(blocks)
    }
    assert len(outcomes) == 1


def test_a_sweep_of_what_is_true_already_writes_nothing() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    assert file_changes(vault, SLOT) == ()
    assert file_changes(reversed_order(vault), SLOT) == ()


def test_the_conflict_of_records_without_a_project_is_found_again() -> None:
    """Its slot has an empty place, which the file keeps."""
    vault = vault_of(
        memory("a", "1").replace("project: p\n", "") + memory("b", "2").replace("project: p\n", "")
    )
    now = swept(vault)
    (found,) = sweep(now)
    assert record(now, found.id).slot == found.slot == ("claim", "", "mirror", "mass")
    done = applied(now, resolution.resolve(now, record(now, found.id), record(now, "mem-a"), DEED))
    assert sweep(done) == ()
    assert record(done, found.id).status == "resolved"


def test_a_file_that_has_a_problem_is_left_alone() -> None:
    vault = vault_of(
        memory("a", "1") + memory("b", "2") + f"-- conflicts/{CONFLICT}.md --\n---\nkind: [\n---\n"
    )
    assert file_changes(vault, SLOT) == ()


def test_a_file_that_nobody_can_edit_line_by_line_stops_no_step() -> None:
    head = f"{{id: {CONFLICT}, kind: conflict, type: value, status: open, slot: [claim, p, mirror, mass]}}"
    vault = vault_of(
        memory("a", "1") + memory("b", "2") + f"-- conflicts/{CONFLICT}.md --\n---\n{head}\n---\n"
    )
    assert file_changes(vault, SLOT) == ()
    now = applied(vault, review.retire(vault, (record(vault, "mem-b"),), DEED))
    assert statuses(now)["mem-b"] == "retired"


# -- with a step


def test_a_step_that_makes_a_conflict_writes_its_file_in_the_same_commit_and_tells_of_it() -> None:
    vault = vault_of(memory("a", "1") + memory("b", "2", "status: candidate\n"))
    plan, clashes = with_conflicts(vault, review.promote(vault, (record(vault, "mem-b"),), DEED))
    assert [change.path for change in plan.changes] == ["memories/p/b.md", f"conflicts/{CONFLICT}.md"]
    assert [one.id for one in clashes] == [CONFLICT]
    assert same_files(vault.after(plan), swept(vault.after(Plan(plan.changes[:1], None))))


def test_a_step_beside_a_conflict_tells_nothing_of_it() -> None:
    vault = vault_of(memory("a", "1") + memory("b", "2") + "-- memories/c.md --\nid: mem-c\n")
    plan, clashes = with_conflicts(vault, review.retire(vault, (record(vault, "mem-c"),), DEED))
    assert (len(plan.changes), clashes) == (1, ())


def test_a_conflict_settles_when_a_member_leaves_and_opens_again_when_it_is_back() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    gone = applied(vault, review.retire(vault, (record(vault, "mem-b"),), DEED))
    settled = record(gone, CONFLICT)
    assert (settled.status, settled.how, settled.winner) == ("resolved", "settled", "")

    back = applied(gone, review.restore(gone, (record(gone, "mem-b"),), DEED))
    assert text_at(back, settled.path) == text_at(vault, settled.path)


def test_a_conflict_of_three_goes_on_when_one_leaves() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2") + memory("c", "3")))
    now = applied(vault, review.retire(vault, (record(vault, "mem-b"),), DEED))
    found = record(now, CONFLICT)
    assert found.status == "open"
    assert [member.id for member in found.members] == [whole_id("mem-a"), whole_id("mem-c")]


def test_a_revert_brings_the_conflict_back() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    plan, _ = with_conflicts(
        vault, resolution.resolve(vault, record(vault, CONFLICT), record(vault, "mem-a"), DEED)
    )
    inverse = Plan(tuple(Change(c.path, c.new, c.old) for c in plan.changes), plan.message)
    back = vault.after(plan).after(inverse)
    assert same_files(back, vault)
    assert clash(back).status == "open"


# -- decisions


def test_resolving_supersedes_the_others_by_the_winner_in_one_commit() -> None:
    vault = swept(vault_of(memory("a", "1") + entity("b", "2") + memory("c", "3")))
    plan = resolution.resolve(vault, record(vault, CONFLICT), record(vault, "mem-c"), DEED)
    now = applied(vault, plan)
    found = record(now, CONFLICT)

    assert statuses(now) == {
        "mem-a": "superseded",
        "ent-b": "superseded",
        "mem-c": "active",
        f"{found.id}": "resolved",
    }
    assert record(now, "mem-c").supersedes == (whole_id("ent-b"), whole_id("mem-a"))
    assert (found.winner, found.ruling.step, found.ruling.why) == (whole_id("mem-c"), "resolve", DEED.why)
    assert {member.id for member in found.members} == {whole_id(one) for one in ("mem-a", "ent-b", "mem-c")}
    assert plan.message is not None
    assert plan.message.subject == "resolve conflict: p / mirror / mass in favour of mirror mass is 3"
    assert set(plan.message.records) == {CONFLICT, *(whole_id(one) for one in ("mem-a", "ent-b", "mem-c"))}
    assert clash_in(now, SLOT) is None


def test_reopening_a_resolved_conflict_brings_the_losers_back() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    now = resolved(vault, "mem-a")
    back = applied(now, resolution.reopen_conflict(now, record(now, CONFLICT), DEED))
    found = record(back, CONFLICT)
    assert statuses(back) == statuses(vault)
    assert (found.winner, found.ruling.step) == ("", "reopen")
    assert record(back, "mem-a").supersedes == ()
    assert record(back, "mem-b").superseded_by == ""
    assert clash(back).status == "open"
    assert file_changes(back, SLOT) == ()


def test_restoring_a_loser_reopens_the_conflict_in_the_same_commit() -> None:
    """Else two contradicting records would both be active, and nothing would say so."""
    now = resolved(swept(vault_of(memory("a", "1") + memory("b", "2"))), "mem-a")
    plan, clashes = with_conflicts(now, review.restore(now, (record(now, "mem-b"),), DEED))
    back = now.after(plan)
    assert [one.id for one in clashes] == [CONFLICT]
    assert record(back, CONFLICT).status == "open"
    assert record(back, CONFLICT).winner == ""
    assert disputes(back, record(back, "mem-a"))


def test_a_loser_restored_by_hand_is_disputed_again() -> None:
    now = edited(
        resolved(swept(vault_of(memory("a", "1") + memory("b", "2"))), "mem-a"), "mem-b", status="active"
    )
    assert clash(now).status == "open"
    now = edited(now, "mem-b", superseded_by=None)
    assert clash(now).status == "open", "the winner still says that it superseded it"


def test_a_dismissed_conflict_stays_dismissed_and_nobody_is_disputed() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2") + memory("c", "3")))
    now = dismissed(vault)
    assert statuses(now) == {**statuses(vault), CONFLICT: "dismissed"}
    assert disputes(now, record(now, "mem-a")) == ()
    assert file_changes(now, SLOT) == ()

    fewer = applied(now, review.retire(now, (record(now, "mem-c"),), DEED))
    assert clash(fewer).status == "dismissed"
    more = applied(fewer, review.restore(fewer, (record(fewer, "mem-c"),), DEED))
    assert clash(more).status == "dismissed"
    spelt = edited(more, "mem-a", value="1.  ")
    assert clash(spelt).status == "dismissed", "another spelling of a value is no other value"


@pytest.mark.parametrize("decide", ["resolve", "dismiss"])
def test_a_third_value_reopens_a_decision(decide: str) -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    decided = dismissed(vault) if decide == "dismiss" else resolved(vault, "mem-a")
    now = put(decided, memory("c", "3"))
    assert clash(now).status == "open"
    found = record(swept(now), CONFLICT)
    assert (found.status, found.winner, found.how, found.ruling.step) == ("open", "", "", "")
    assert whole_id("mem-c") in [member.id for member in found.members]


@pytest.mark.parametrize("decide", ["resolve", "dismiss"])
def test_a_merge_that_joins_a_decision_with_a_third_value_decides_nothing_about_it(decide: str) -> None:
    """One clone decides between two while another flags a third: git merges the file line by line."""
    vault = swept(vault_of(memory("a", "1") + memory("c", "3")))
    decided = dismissed(vault) if decide == "dismiss" else resolved(vault, "mem-a")
    other = put(swept(put(vault, memory("b", "2"))), "")
    path = record(vault, CONFLICT).path
    member = whole_id("mem-b").encode()
    lines = other.files[path].split(b"\n")
    at = next(index for index, line in enumerate(lines) if member in line)
    third = b"\n".join(lines[at : at + 3]) + b"\n"
    behind = b"  - id: " + whole_id("mem-c").encode()
    assert third in other.files[path] and decided.files[path].count(behind) == 1
    merged = MemorySnapshot(
        {
            **decided.files,
            "memories/p/b.md": other.files["memories/p/b.md"],
            path: decided.files[path].replace(behind, third + behind),
        }
    )
    assert [m.id for m in record(merged, CONFLICT).members].count(member.decode()) == 1
    assert clash(merged).status == "open"
    assert not list(lacks(merged, [record(merged, CONFLICT)])), "nobody decided against the third"
    found = record(swept(merged), CONFLICT)
    assert (found.status, found.winner, found.ruling.step) == ("open", "", "")


def test_a_value_that_changes_reopens_a_dismissal() -> None:
    now = dismissed(swept(vault_of(memory("a", "1") + memory("b", "2"))))
    assert clash(edited(now, "mem-a", value="7")).status == "open"


def test_reopening_a_dismissal_opens_it_and_one_that_settled_cannot_be_opened() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    now = dismissed(vault)
    back = applied(now, resolution.reopen_conflict(now, record(now, CONFLICT), DEED))
    assert clash(back).status == record(back, CONFLICT).status == "open"

    settled = applied(vault, review.retire(vault, (record(vault, "mem-b"),), DEED))
    with pytest.raises(AtocoreError) as error:
        resolution.reopen_conflict(settled, record(settled, CONFLICT), DEED)
    assert error.value.code == "impossible-step"
    assert "do not contradict each other any more" in error.value.message


def test_a_conflict_that_is_reopened_tells_who_is_left() -> None:
    now = dismissed(swept(vault_of(memory("a", "1") + memory("b", "2") + state("c", "3"))))
    fewer = applied(now, review.retire(now, (record(now, "sta-c"),), DEED))
    back = applied(fewer, resolution.reopen_conflict(fewer, record(fewer, CONFLICT), DEED))
    found = record(back, CONFLICT)
    assert [member.id for member in found.members] == [whole_id("mem-a"), whole_id("mem-b")]
    assert found.prevailing == ""
    assert file_changes(back, SLOT) == ()


def test_a_conflict_nobody_has_written_yet_can_be_decided_at_once() -> None:
    vault = vault_of(memory("a", "1") + memory("b", "2"))
    (birth,) = file_changes(vault, SLOT)
    won = vault.after(resolution.resolve(vault, birth, record(vault, "mem-a"), DEED))
    assert (record(won, CONFLICT).status, statuses(won)["mem-b"]) == ("resolved", "superseded")
    lost = vault.after(resolution.dismiss(vault, birth, DEED))
    assert clash(lost).status == "dismissed"


def test_a_decision_is_about_what_clashes_now_though_the_file_lags_behind() -> None:
    """A third record was committed by hand, and nobody has swept since."""
    vault = put(swept(vault_of(memory("a", "1") + memory("b", "2"))), memory("c", "3"))
    now = resolved(vault, "mem-c")
    assert statuses(now) == {
        "mem-a": "superseded",
        "mem-b": "superseded",
        "mem-c": "active",
        CONFLICT: "resolved",
    }
    assert len(record(now, CONFLICT).members) == 3
    assert clash(dismissed(vault)).status == "dismissed"


def test_a_settled_conflict_that_clashes_again_can_be_decided_for_good() -> None:
    """The mark that it settled by itself must not outlive a person's decision."""
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    settled = applied(vault, review.retire(vault, (record(vault, "mem-b"),), DEED))
    clashing = edited(settled, "mem-b", status="active")
    assert clash(clashing).status == "open"
    from atocore.knowledge.conflicts.files import reopened

    file = reopened(record(clashing, CONFLICT), clash(clashing))
    now = clashing.after(resolution.dismiss(clashing, file, DEED))
    assert record(now, CONFLICT).how == ""
    assert clash(now).status == "dismissed"


@pytest.mark.parametrize("status", ["retired", "superseded"])
def test_nothing_is_resolved_in_favour_of_what_is_not_active(status: str) -> None:
    three = swept(vault_of(memory("a", "1") + memory("b", "2")))
    vault = edited(edited(three, "mem-a", status=status), "mem-b", status="retired")
    with pytest.raises(AtocoreError) as error:
        resolution.resolve(vault, record(vault, CONFLICT), record(vault, "mem-a"), DEED)
    assert error.value.code == "impossible-step"


def test_a_candidate_member_is_promoted_by_winning() -> None:
    """A claimed conflict, which no slot shows."""
    claimed = "-- conflicts/c.md --\nid: con-c\ntype: claimed\nmembers: [{id: mem-a}, {id: mem-b}]\n"
    vault = vault_of(
        "-- memories/a.md --\nid: mem-a\n-- memories/b.md --\nid: mem-b\nstatus: candidate\n" + claimed
    )
    now = applied(vault, resolution.resolve(vault, record(vault, "con-c"), record(vault, "mem-b"), DEED))
    assert statuses(now) == {"mem-a": "superseded", "mem-b": "active", "con-c": "resolved"}
    assert len(record(now, "con-c").members) == 2
    back = applied(now, resolution.reopen_conflict(now, record(now, "con-c"), DEED))
    assert statuses(back)["mem-a"] == "active"


def test_who_is_no_member_cannot_win() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2") + "-- memories/c.md --\nid: mem-c\n"))
    with pytest.raises(AtocoreError) as error:
        resolution.resolve(vault, record(vault, CONFLICT), record(vault, "mem-c"), DEED)
    assert error.value.code == "bad-value"
    assert whole_id("mem-a") in error.value.hint


@pytest.mark.parametrize("step", ["resolve", "dismiss"])
def test_what_is_decided_is_not_decided_again(step: str) -> None:
    now = resolved(swept(vault_of(memory("a", "1") + memory("b", "2"))), "mem-a")
    with pytest.raises(AtocoreError) as error:
        if step == "resolve":
            resolution.resolve(now, record(now, CONFLICT), record(now, "mem-a"), DEED)
        else:
            resolution.dismiss(now, record(now, CONFLICT), DEED)
    assert error.value.code == "impossible-step"


def test_a_dismissal_needs_its_reason() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    with pytest.raises(AtocoreError) as error:
        resolution.dismiss(vault, record(vault, CONFLICT), Deed(by="A", at=DEED.at))
    assert error.value.code == "usage"


# -- decisions made by hand


def hand_resolved(winner: str) -> MemorySnapshot:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    return edited(vault, CONFLICT, status="resolved", winner=whole(winner))


def test_a_resolution_by_hand_reads_as_done_at_once() -> None:
    vault = hand_resolved("mem-a")
    assert clash(vault).status == "resolved"
    assert disputes(vault, record(vault, "mem-a")) == ()
    assert [other.id for other in disputes(vault, record(vault, "mem-b"))] == [whole_id("mem-a")]
    assert overruled(vault, record(vault, "mem-b")) and not overruled(vault, record(vault, "mem-a"))
    assert file_changes(vault, SLOT) == ()


@pytest.mark.parametrize("winner", ["", "mem-z"])
def test_a_resolution_without_a_winner_among_the_members_decides_nothing(winner: str) -> None:
    vault = hand_resolved(winner)
    assert clash(vault).status == "open"
    assert record(swept(vault), CONFLICT).status == "open"


def test_a_conflict_marked_settled_that_clashes_is_open() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    forged = edited(vault, CONFLICT, status="resolved", how="settled")
    assert clash(forged).status == "open"
    assert same_files(swept(forged), vault)


def test_a_conflict_file_moved_by_a_person_is_found_by_its_id() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    old = record(vault, CONFLICT)
    moved = vault.after(
        Plan((Change(old.path, old.raw, None), Change("conflicts/p/mass.md", None, old.raw)), None)
    )
    now = resolved(moved, "mem-a")
    assert record(now, CONFLICT).path == "conflicts/p/mass.md"
    assert f"conflicts/{CONFLICT}.md" not in now.files


def test_the_project_of_other_conflicts_stays_out() -> None:
    """A plan that touches two slots writes both files, and each once."""
    two = memory("a", "1") + memory("b", "2") + memory("c", "1").replace("mass", "cost")
    vault = vault_of(two + memory("d", "2", "status: candidate\n").replace("mass", "cost"))
    born = Change(
        "memories/p/e.md", None, file_text("memories/p/e.md", f"id: mem-e\n{CLAIM}value: 3\n").encode()
    )
    promoted = review.promote(vault, (record(vault, "mem-d"),), DEED)
    plan = Plan((*promoted.changes, born), Message("two", "promote", Actor.PERSON))
    whole_plan, clashes = with_conflicts(vault, plan)
    assert len(clashes) == 2
    paths = [change.path for change in whole_plan.changes]
    assert len(paths) == len(set(paths)) == 4


def test_a_plan_that_decides_a_conflict_itself_is_not_corrected() -> None:
    vault = swept(vault_of(memory("a", "1") + memory("b", "2")))
    plan = resolution.dismiss(vault, record(vault, CONFLICT), DEED)
    assert with_conflicts(vault, plan) == (plan, ())
    assert ruling("dismiss") in text_at(vault.after(plan), record(vault, CONFLICT).path)


def test_a_winner_that_left_and_comes_back_has_to_win_again() -> None:
    won = resolved(swept(vault_of(memory("a", "4.2 kg") + memory("b", "4.3 kg"))), "mem-b")
    left = applied(won, review.demote(won, (record(won, "mem-b"),), DEED))
    assert record(left, "mem-a").status == "active"
    back = applied(left, review.promote(left, (record(left, "mem-b"),), DEED))
    assert (record(back, CONFLICT).status, clash(back).status) == ("open", "open")
    assert list(half_step_problems(back, back.select())) == []
