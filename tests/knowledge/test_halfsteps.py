"""Steps made by hand that need more than one file: what is still lacking, and what a person took back."""

from __future__ import annotations

import pytest
from helpers import DEED, applied, record, ruling, same_files, statuses, text_at, vault_of, whole_id

from atocore.knowledge.conflicts.clash import conflict_id
from atocore.knowledge.halfsteps import (
    conflict_files,
    half_step_problems,
    lacks,
    missing_conflict_files,
    rest_of_steps,
)
from atocore.knowledge.review import graduation, resolution
from atocore.knowledge.review import steps as review
from atocore.records.edit import edit
from atocore.records.plan import Actor, Change, Plan
from atocore.records.snapshot import MemorySnapshot

CLAIM = "project: p\nsubject: mirror\nattribute: mass\n"
SLOT = ("claim", "p", "mirror", "mass")
CONFLICT = conflict_id(SLOT)


def edited(vault: MemorySnapshot, short: str, **keys: str | None) -> MemorySnapshot:
    """A person edits one file by hand, and commits it."""
    one = record(vault, short)
    return vault.after(Plan((Change(one.path, one.raw, edit(one.raw, keys)),), None))


def completed(vault: MemorySnapshot) -> MemorySnapshot:
    """What the next person's verb makes of the vault."""
    plan = rest_of_steps(vault, sorted(vault.files), DEED)
    return vault.after(plan)


def told(vault: MemorySnapshot) -> list[str]:
    return sorted({problem.message for problem in half_step_problems(vault, vault.select())})


def complete(vault: MemorySnapshot) -> bool:
    return not rest_of_steps(vault, sorted(vault.files), DEED).changes and not told(vault)


def without_rulings(vault: MemorySnapshot) -> list[str]:
    """Each record's keys apart from who ruled: what a hand-made step and a verb have to agree on."""
    return [
        str({i.key: i.value for i in one.header.items if i.key not in ("ruling", "members")})
        for one in vault.select()
    ]


CLASH = f"""
-- memories/a.md --
id: mem-a
{CLAIM}value: 4.2 kg
-- memories/b.md --
id: mem-b
{CLAIM}value: 4.3 kg
"""


def conflicted() -> MemorySnapshot:
    vault = vault_of(CLASH)
    return vault.after(conflict_files(vault, [SLOT]))


# -- what the rest of a step is


def test_a_conflict_resolved_by_hand_is_completed_as_the_verb_would_have() -> None:
    vault = conflicted()
    by_hand = completed(edited(vault, CONFLICT, status="resolved", winner=whole_id("mem-a")))
    by_verb = applied(vault, resolution.resolve(vault, record(vault, CONFLICT), record(vault, "mem-a"), DEED))
    assert without_rulings(by_hand) == without_rulings(by_verb)
    assert record(by_hand, "mem-b").ruling.step == "supersede"
    assert complete(by_hand)


def test_until_then_check_tells_of_each_step_once() -> None:
    vault = edited(conflicted(), CONFLICT, status="resolved", winner=whole_id("mem-a"))
    assert told(vault) == [
        f"{CONFLICT} was resolved in favour of {whole_id('mem-a')}, and {whole_id('mem-b')} is still active"
    ]


def test_a_conflict_opened_again_by_hand_brings_the_losers_back() -> None:
    vault = conflicted()
    resolved = applied(
        vault, resolution.resolve(vault, record(vault, CONFLICT), record(vault, "mem-a"), DEED)
    )
    opened = edited(resolved, CONFLICT, status="open")
    assert not missing_conflict_files(opened, sorted(opened.files)).changes, "it has not settled"
    now = completed(opened)
    assert statuses(now) == statuses(vault)
    assert (record(now, CONFLICT).winner, record(now, "mem-a").supersedes) == ("", ())
    assert complete(now)


GRADUATION = """
-- memories/a.md --
id: mem-a
graduated_to: ent-a
-- entities/a.md --
id: ent-a
status: candidate
provenance: {record: mem-a}
"""


@pytest.mark.parametrize(("verb", "status"), [("promote", "active"), ("reject", "rejected")])
def test_an_entity_decided_by_hand_takes_its_memory_along(verb: str, status: str) -> None:
    vault = vault_of(GRADUATION)
    by_hand = completed(edited(vault, "ent-a", status=status))
    by_verb = applied(vault, getattr(review, verb)(vault, (record(vault, "ent-a"),), DEED))
    assert without_rulings(by_hand) == without_rulings(by_verb)
    assert complete(by_hand)


def test_an_entity_demoted_by_hand_gives_the_memory_back() -> None:
    vault = vault_of(GRADUATION)
    promoted = applied(vault, review.promote(vault, (record(vault, "ent-a"),), DEED))
    now = completed(edited(promoted, "ent-a", status="candidate"))
    assert statuses(now) == {"mem-a": "active", "ent-a": "candidate"}
    assert complete(now)


def test_a_memory_ungraduated_by_hand_keeps_its_fact_and_the_entity_leaves() -> None:
    vault = vault_of(GRADUATION)
    promoted = applied(vault, review.promote(vault, (record(vault, "ent-a"),), DEED))
    now = completed(edited(promoted, "mem-a", status="active"))
    assert statuses(now) == {"mem-a": "active", "ent-a": "retired"}
    assert record(now, "mem-a").graduated_to == ""
    assert complete(now)


def test_a_memory_set_graduated_by_hand_before_its_entity_is_left_for_a_person() -> None:
    """Whether the entity is to be promoted is theirs to say."""
    vault = edited(vault_of(GRADUATION), "mem-a", status="graduated")
    assert same_files(completed(vault), vault)
    assert told(vault) == [
        f"{whole_id('mem-a')} has graduated to it, and {whole_id('ent-a')} does not say so yet"
    ]


def test_a_record_added_by_hand_that_names_its_predecessor_supersedes_it() -> None:
    vault = vault_of("-- memories/a.md --\nid: mem-a\n-- memories/b.md --\nid: mem-b\nsupersedes: [mem-a]\n")
    now = completed(vault)
    assert statuses(now) == {"mem-a": "superseded", "mem-b": "active"}
    assert record(now, "mem-a").superseded_by == whole_id("mem-b")
    assert complete(now)


@pytest.mark.parametrize(
    ("what", "status"), [("supersede", "superseded"), ("correct", "superseded"), ("retire", "retired")]
)
def test_a_proposal_promoted_by_hand_is_carried_out(what: str, status: str) -> None:
    vault = vault_of(
        "-- memories/a.md --\nid: mem-a\n"
        f"-- memories/b.md --\nid: mem-b\nstatus: candidate\nproposes: {{{what}: mem-a}}\n"
    )
    by_hand = completed(edited(vault, "mem-b", status="active"))
    by_verb = applied(vault, review.promote(vault, (record(vault, "mem-b"),), DEED))
    assert statuses(by_hand)["mem-a"] == status
    assert without_rulings(by_hand) == without_rulings(by_verb)
    assert complete(by_hand)


def test_restoring_by_hand_is_completed_on_both_sides() -> None:
    vault = vault_of(CLASH)
    superseded = vault.after(review.supersede(vault, record(vault, "mem-a"), record(vault, "mem-b"), DEED))
    now = completed(edited(superseded, "mem-a", status="active"))
    assert statuses(now) == {"mem-a": "active", "mem-b": "active"}
    assert (record(now, "mem-a").superseded_by, record(now, "mem-b").supersedes) == ("", ())
    assert complete(now)


def test_several_lacks_of_one_record_are_written_at_once() -> None:
    vault = vault_of(
        "-- memories/a.md --\nid: mem-a\nsupersedes: [mem-b]\nproposes: {supersede: mem-c}\n"
        "-- memories/b.md --\nid: mem-b\n-- memories/c.md --\nid: mem-c\n"
    )
    now = completed(vault)
    assert statuses(now) == {"mem-a": "active", "mem-b": "superseded", "mem-c": "superseded"}
    assert record(now, "mem-a").supersedes == (whole_id("mem-b"), whole_id("mem-c"))
    assert complete(now)


# -- what is not half a step: a person's later decision


def test_a_loser_that_a_person_restored_is_not_superseded_again() -> None:
    vault = conflicted()
    resolved = applied(
        vault, resolution.resolve(vault, record(vault, CONFLICT), record(vault, "mem-a"), DEED)
    )
    restored = applied(resolved, review.restore(resolved, (record(resolved, "mem-b"),), DEED))
    assert complete(restored)
    by_hand = completed(edited(resolved, "mem-b", status="active"))
    assert statuses(by_hand)["mem-b"] == "active"


def test_what_a_proposal_did_and_a_person_took_back_stays_taken_back() -> None:
    vault = vault_of(
        "-- memories/a.md --\nid: mem-a\n"
        "-- memories/b.md --\nid: mem-b\nstatus: candidate\nproposes: {supersede: mem-a}\n"
    )
    promoted = applied(vault, review.promote(vault, (record(vault, "mem-b"),), DEED))
    by_verb = applied(promoted, review.restore(promoted, (record(promoted, "mem-a"),), DEED))
    assert complete(by_verb)

    by_hand = completed(edited(vault, "mem-b", status="active"))
    assert statuses(by_hand)["mem-a"] == "superseded"
    restored = applied(by_hand, review.restore(by_hand, (record(by_hand, "mem-a"),), DEED))
    assert complete(restored)


def test_a_winner_that_was_demoted_later_supersedes_nobody() -> None:
    vault = edited(conflicted(), CONFLICT, status="resolved", winner=whole_id("mem-a"))
    vault = edited(vault, "mem-a", status="candidate")
    assert statuses(completed(vault))["mem-b"] == "active"


def test_a_conflict_resolved_in_favour_of_a_value_that_changed_is_not_completed() -> None:
    vault = edited(conflicted(), CONFLICT, status="resolved", winner=whole_id("mem-a"))
    vault = edited(vault, "mem-b", value="5 kg")
    assert statuses(completed(vault))["mem-b"] == "active"


def test_a_resolution_that_names_no_member_is_told_of_and_nothing_is_done() -> None:
    vault = edited(conflicted(), CONFLICT, status="resolved")
    assert told(vault) == [
        f"{CONFLICT} was resolved, and `winner` names none of its members, and {CONFLICT} does not say so yet"
    ]
    assert same_files(completed(vault), vault)


def test_verbs_leave_nothing_half_done() -> None:
    vault = vault_of(CLASH + GRADUATION.replace("mem-a", "mem-c").replace("memories/a", "memories/c"))
    steps = [
        review.promote(vault, (record(vault, "ent-a"),), DEED),
        review.reject(vault, (record(vault, "ent-a"),), DEED),
        graduation.ungraduate(vault, (record(vault, "mem-c"),), DEED),
        review.supersede(vault, record(vault, "mem-a"), record(vault, "mem-b"), DEED),
        review.retire(vault, (record(vault, "mem-a"),), DEED),
    ]
    for plan in steps:
        assert complete(applied(vault, plan)), plan.message


# -- the commit


def test_the_rest_is_one_commit_of_the_persons_that_says_why() -> None:
    vault = edited(conflicted(), CONFLICT, status="resolved", winner=whole_id("mem-a"))
    plan = rest_of_steps(vault, sorted(vault.files), DEED)
    assert plan.message is not None
    assert plan.message.subject == "complete 1 hand-made step"
    assert plan.message.actor is Actor.PERSON
    assert set(plan.message.records) == {whole_id("mem-a"), whole_id("mem-b")}
    because = f"{CONFLICT} was resolved in favour of {whole_id('mem-a')}"
    assert f"{whole_id('mem-b')}: {because}" in plan.message.reason
    assert record(vault.after(plan), "mem-b").ruling.why == because


def test_only_what_the_named_files_ask_for_is_done() -> None:
    vault = edited(conflicted(), CONFLICT, status="resolved", winner=whole_id("mem-a"))
    assert rest_of_steps(vault, ["memories/b.md", "memories/none.md"], DEED).changes == ()
    assert len(rest_of_steps(vault, [f"conflicts/{CONFLICT}.md"], DEED).changes) == 2


def test_a_copy_of_a_record_asks_for_nothing() -> None:
    """A second file with the id is a problem, and no step."""
    text = f"id: mem-b\n{ruling('add')}supersedes: [mem-a]\n"
    vault = vault_of(
        f"-- memories/a.md --\nid: mem-a\n-- memories/b.md --\nid: mem-b\n-- memories/copy.md --\n{text}"
    )
    assert rest_of_steps(vault, ["memories/copy.md"], DEED).changes == ()


def test_a_file_that_nobody_can_edit_line_by_line_waits_and_bars_nothing() -> None:
    head = f"{{id: {whole_id('mem-a')}, kind: memory, type: knowledge, status: active}}"
    vault = vault_of(
        f"-- memories/a.md --\n---\n{head}\n---\n-- memories/b.md --\nid: mem-b\nsupersedes: mem-a\n"
    )
    assert rest_of_steps(vault, sorted(vault.files), DEED).changes == ()
    assert told(vault) == [f"{whole_id('mem-b')} supersedes it, and {whole_id('mem-a')} is still active"]


def test_conflict_files_of_hand_made_commits_are_a_machines_commit() -> None:
    vault = vault_of(CLASH)
    plan = missing_conflict_files(vault, ["memories/a.md"])
    assert [change.path for change in plan.changes] == [f"conflicts/{CONFLICT}.md"]
    assert plan.message is not None
    assert (plan.message.subject, plan.message.actor) == (f"flag conflict {CONFLICT}", Actor.MACHINE)

    now = vault.after(plan)
    assert missing_conflict_files(now, sorted(now.files)).changes == ()
    settling = missing_conflict_files(edited(now, "mem-a", status="retired"), ["memories/a.md"])
    assert settling.message is not None
    assert settling.message.subject == f"update conflict {CONFLICT}"
    many = conflict_files(edited(now, "mem-a", value="7"), [SLOT, ("claim", "p", "tube", "mass")])
    assert len(many.changes) == 1


def test_a_vault_without_half_steps_lacks_nothing() -> None:
    vault = conflicted()
    assert list(lacks(vault, vault.select())) == []
    assert text_at(vault, "memories/a.md").count("status: active") == 1
