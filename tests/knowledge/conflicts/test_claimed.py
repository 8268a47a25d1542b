"""Claimed conflicts: a person flags what no slot shows, and its life is that of every conflict."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from helpers import DEED, MACHINE, applied, record, statuses, text_at, vault_of, whole

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.claimed import claim_in
from atocore.knowledge.conflicts.clash import members_id
from atocore.knowledge.conflicts.disputes import conflicts_on, disputes, overruled
from atocore.knowledge.conflicts.files import with_conflicts
from atocore.knowledge.halfsteps import half_step_problems, missing_conflict_files, rest_of_steps
from atocore.knowledge.review import flagging, resolution
from atocore.knowledge.review import steps as review
from atocore.records.edit import edit
from atocore.records.plan import Change, Message, Plan
from atocore.records.record import Record
from atocore.records.snapshot import MemorySnapshot

VAULT = vault_of("""
-- memories/p/glass.md --
id: mem-g
project: p
--
The primary mirror is made of glass.
-- memories/p/metal.md --
id: mem-m
project: p
--
The whole telescope is made of metal.
-- entities/p/w.md --
id: ent-w
project: p
subject: mirror
attribute: material
value: wood
-- memories/p/c.md --
id: mem-c
project: p
status: candidate
-- memories/q/z.md --
id: mem-z
project: q
-- memories/p/r.md --
id: mem-r
project: p
status: rejected
ruling: {step: reject, by: A Reviewer <reviewer@example.org>}
-- sources/p/s.md --
id: src-s
type: markdown
""")
G, M, W = whole("mem-g"), whole("mem-m"), whole("ent-w")
PAIR = members_id("claimed", G, M)


def flagged(*shorts: str, vault: MemorySnapshot = VAULT) -> MemorySnapshot:
    return applied(vault, flagging.add_conflict(vault, records(vault, shorts), DEED))


def records(vault: MemorySnapshot, shorts: Sequence[str]) -> tuple[Record, ...]:
    return tuple(record(vault, short) for short in shorts)


def sides(vault: MemorySnapshot, short: str) -> list[tuple[str, str]]:
    return [(side.id, side.value) for side in disputes(vault, record(vault, short))]


def file(vault: MemorySnapshot, conflict: str = PAIR) -> Record:
    found = vault.get(conflict)
    assert found is not None
    return found


def by_hand(vault: MemorySnapshot, path: str, old: str, new: str) -> MemorySnapshot:
    """An edit that a person committed, with what the next person's verb writes about it."""
    raw = vault.files[path]
    assert old.encode() in raw
    vault = vault.after(Plan((Change(path, raw, raw.replace(old.encode(), new.encode())),), None))
    vault = vault.after(rest_of_steps(vault, [path], DEED))
    return vault.after(missing_conflict_files(vault, [path]))


def test_the_members_are_disputed_with_what_the_other_says() -> None:
    vault = flagged("mem-m", "mem-g")
    assert sides(vault, "mem-g") == [(M, "The whole telescope is made of metal.")]
    assert sides(vault, "mem-m") == [(G, "The primary mirror is made of glass.")]
    assert [one.id for one in conflicts_on(vault, record(vault, "mem-g"))] == [PAIR]
    assert text_at(vault, f"conflicts/{PAIR}.md") == whole(f"""\
---
id: {PAIR}
kind: conflict
type: claimed
status: open
project: p
title: weighed on the bench
members:
  - id: mem-g
    value: The primary mirror is made of glass.
    layer: L1
  - id: mem-m
    value: The whole telescope is made of metal.
    layer: L1
ruling:
  step: add
  by: A Reviewer <reviewer@example.org>
  at: 2026-11-22T09:12:00Z
  why: weighed on the bench
---
weighed on the bench

A person says that these records cannot all be true, where no slot shows it; `members` lists them.

To decide, run `atocore conflicts resolve {PAIR} --winner ID`, or set `status: resolved` and \
`winner: ID` here and commit. If all can be true, run `atocore conflicts dismiss {PAIR} --reason TEXT`, or \
set `status: dismissed` here and commit.
""")


def test_across_layers_the_most_trusted_prevails_and_all_are_disputed() -> None:
    vault = flagged("mem-m", "ent-w", "mem-g")
    conflict = members_id("claimed", G, M, W)
    claim = claim_in(vault, file(vault, conflict))
    assert claim is not None
    assert (claim.prevailing, [one.id for one in claim.members]) == (W, [W, G, M])
    assert sides(vault, "ent-w") == [
        (G, "The primary mirror is made of glass."),
        (M, "The whole telescope is made of metal."),
    ]


@pytest.mark.parametrize(
    ("shorts", "code", "told"),
    [
        (("mem-g",), "usage", "two members"),
        (("mem-g", "mem-g"), "bad-value", "named twice"),
        (("mem-g", "mem-c"), "impossible-step", "is candidate"),
        (("mem-g", "mem-r"), "impossible-step", "is rejected"),
        (("mem-g", "src-s"), "bad-value", "is a source"),
        (("mem-g", "mem-z"), "bad-value", "p and q are different projects"),
    ],
)
def test_what_cannot_be_flagged_is_refused_by_name(shorts: tuple[str, ...], code: str, told: str) -> None:
    with pytest.raises(AtocoreError, match=told) as refusal:
        flagged(*shorts)
    assert refusal.value.code == code


def test_a_claim_needs_its_reason() -> None:
    with pytest.raises(AtocoreError, match="reason") as refusal:
        flagging.add_conflict(VAULT, records(VAULT, ("mem-g", "mem-m")), MACHINE)
    assert refusal.value.code == "usage"


def test_the_same_claim_again_tells_how_it_stands() -> None:
    vault = flagged("mem-g", "mem-m")
    with pytest.raises(AtocoreError, match="is open: weighed on the bench") as refusal:
        flagged("mem-m", "mem-g", vault=vault)
    assert refusal.value.code == "exists"
    vault = applied(vault, resolution.dismiss(vault, file(vault), DEED))
    with pytest.raises(AtocoreError, match="is dismissed: weighed on the bench") as refusal:
        flagged("mem-g", "mem-m", vault=vault)
    assert refusal.value.hint == f"atocore conflicts reopen {PAIR}"


def test_what_a_slot_shows_is_not_claimed_beside_it() -> None:
    claim = "project: p\nsubject: mirror\nattribute: material\n"
    vault = vault_of(
        f"-- memories/a.md --\nid: mem-a\n{claim}value: glass\n"
        f"-- memories/b.md --\nid: mem-b\n{claim}value: wood\n"
    )
    with pytest.raises(AtocoreError, match="their slot shows it"):
        flagged("mem-a", "mem-b", vault=vault)


def test_resolving_supersedes_the_others_and_reopening_gives_them_back() -> None:
    before = flagged("mem-g", "mem-m", "ent-w")
    conflict = members_id("claimed", G, M, W)
    vault = applied(before, resolution.resolve(before, file(before, conflict), record(before, "mem-m"), DEED))
    assert [statuses(vault)[short] for short in ("mem-g", "mem-m", "ent-w")] == [
        "superseded",
        "active",
        "superseded",
    ]
    assert (file(vault, conflict).status, file(vault, conflict).winner) == ("resolved", M)
    assert sides(vault, "mem-m") == []
    vault = applied(vault, resolution.reopen_conflict(vault, file(vault, conflict), DEED))
    assert [statuses(vault)[short] for short in ("mem-g", "mem-m", "ent-w")] == ["active"] * 3
    assert len(sides(vault, "mem-m")) == 2


def test_undo_of_a_resolution_is_the_identity() -> None:
    before = flagged("mem-g", "mem-m")
    plan = resolution.resolve(before, file(before), record(before, "mem-m"), DEED)
    whole_plan, _ = with_conflicts(before, plan)
    inverse = Plan(
        tuple(Change(c.path, c.new, c.old) for c in whole_plan.changes), Message("undo", "undo", DEED.actor)
    )
    assert applied(before.after(whole_plan), inverse).files == before.files


def test_a_dismissal_stands_until_a_member_says_something_else() -> None:
    vault = flagged("mem-g", "mem-m")
    vault = applied(vault, resolution.dismiss(vault, file(vault), DEED))
    assert (sides(vault, "mem-g"), file(vault).status) == ([], "dismissed")
    same = by_hand(vault, "memories/p/glass.md", "The primary mirror is", "The primary  mirror\nis")
    assert file(same).status == "dismissed"
    vault = by_hand(vault, "memories/p/glass.md", "glass", "glass ceramic")
    assert (file(vault).status, file(vault).ruling.step) == ("open", "")
    assert sides(vault, "mem-m") == [(G, "The primary mirror is made of glass ceramic.")]
    assert "weighed on the bench" in file(vault).body, "the reason stays"


def test_an_open_claim_tells_what_its_members_say_now() -> None:
    vault = by_hand(flagged("mem-g", "mem-m"), "memories/p/glass.md", "glass", "glass ceramic")
    assert file(vault).members[0].value == "The primary mirror is made of glass ceramic."
    assert file(vault).ruling.step == "add", "it was not decided: who claims it is still told"


@pytest.mark.parametrize("by", ["verb", "hand"])
def test_a_claim_settles_when_all_but_one_left_and_stands_again_when_one_is_back(by: str) -> None:
    vault = flagged("mem-g", "mem-m")
    if by == "verb":
        vault = applied(vault, review.retire(vault, records(vault, ("mem-g",)), DEED))
    else:
        vault = by_hand(vault, "memories/p/glass.md", "status: active", "status: retired")
    assert (file(vault).status, file(vault).how) == ("resolved", "settled")
    assert sides(vault, "mem-m") == []
    if by == "verb":
        vault = applied(vault, review.restore(vault, records(vault, ("mem-g",)), DEED))
    else:
        vault = by_hand(vault, "memories/p/glass.md", "status: retired", "status: active")
    assert (file(vault).status, file(vault).how) == ("open", "")
    assert [side for side, _ in sides(vault, "mem-m")] == [G]


def test_of_three_one_may_leave() -> None:
    vault = flagged("mem-g", "mem-m", "ent-w")
    conflict = members_id("claimed", G, M, W)
    vault = applied(vault, review.retire(vault, records(vault, ("ent-w",)), DEED))
    assert (file(vault, conflict).status, file(vault, conflict).prevailing) == ("open", "")
    assert [side for side, _ in sides(vault, "mem-m")] == [G]
    assert len(file(vault, conflict).members) == 3, "who was claimed to contradict stays named"


def test_a_member_that_is_deleted_settles_it() -> None:
    vault = flagged("mem-g", "mem-m")
    gone = vault.after(Plan((Change("memories/p/glass.md", vault.files["memories/p/glass.md"], None),), None))
    vault = gone.after(missing_conflict_files(gone, ["memories/p/glass.md"]))
    assert (file(vault).status, file(vault).how) == ("resolved", "settled")


def test_resolved_by_hand_reads_as_done_and_the_next_verb_writes_the_rest() -> None:
    vault = flagged("mem-g", "mem-m")
    path = f"conflicts/{PAIR}.md"
    new = edit(vault.files[path], {"status": "resolved", "winner": G})
    saved = vault.after(Plan((Change(path, vault.files[path], new),), None))
    assert overruled(saved, record(saved, "mem-m"))
    assert sides(saved, "mem-m") == [(G, "The primary mirror is made of glass.")]
    assert sides(saved, "mem-g") == []
    assert [problem.code for problem in half_step_problems(saved, [file(saved)])] == ["half-step"]
    done = saved.after(rest_of_steps(saved, [path], DEED))
    assert (statuses(done)["mem-m"], record(done, "mem-m").superseded_by) == ("superseded", G)
    assert missing_conflict_files(done, [path]).changes == ()


def test_a_candidate_that_a_file_names_is_in_no_conflict_until_it_is_promoted() -> None:
    claim = "-- conflicts/x.md --\nid: con-x\ntype: claimed\nmembers: [{id: mem-c}, {id: mem-g}]\n"
    vault = MemorySnapshot({**VAULT.files, **vault_of(claim).files})
    assert sides(vault, "mem-g") == []
    vault = vault.after(missing_conflict_files(vault, ["conflicts/x.md"]))
    assert file(vault, whole("con-x")).how == "settled"
    vault = applied(vault, review.promote(vault, records(vault, ("mem-c",)), DEED))
    assert [side for side, _ in sides(vault, "mem-g")] == [whole("mem-c")]


def test_the_answer_of_a_write_tells_of_the_claims_that_its_records_are_in() -> None:
    vault = flagged("mem-g", "mem-m")
    plan, open_ones = with_conflicts(vault, review.confirm(vault, records(vault, ("mem-g",)), DEED))
    assert [one.id for one in open_ones] == [PAIR]
    assert [change.path for change in plan.changes] == ["memories/p/glass.md"]


def test_a_step_names_the_conflicts_that_it_settles() -> None:
    vault = flagged("mem-g", "mem-m")
    plan, _ = with_conflicts(vault, review.retire(vault, records(vault, ("mem-g",)), DEED))
    assert plan.message is not None
    assert plan.message.records == (G, PAIR)


@pytest.mark.parametrize(("winner", "loser"), [("mem-g", "mem-m"), ("mem-m", "mem-g")])
def test_a_loser_that_a_person_restores_opens_what_was_decided(winner: str, loser: str) -> None:
    vault = flagged("mem-g", "mem-m")
    vault = applied(vault, resolution.resolve(vault, file(vault), record(vault, winner), DEED))
    assert (file(vault).status, sides(vault, loser)) == ("resolved", [])
    vault = applied(vault, review.restore(vault, records(vault, (loser,)), DEED))
    assert (file(vault).status, file(vault).winner) == ("open", "")
    assert [side for side, _ in sides(vault, loser)] == [whole(winner)]
    assert list(half_step_problems(vault, [file(vault)])) == []
