"""Decisions alone and together: bound to what was seen, and the same bytes whichever way they come."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers import DEED, applied, record, statuses, vault_of, whole_id
from reviewed import C1, C2, C3, C4, C5, DOME, KEPT, RECORDS

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.files import with_conflicts
from atocore.knowledge.fingerprint import view_hash
from atocore.knowledge.review.decisions import VERBS, Decision, combined, decide, together
from atocore.records.plan import Plan
from atocore.records.snapshot import AfterSnapshot, MemorySnapshot, Snapshot

AT = "2026-11-29T10:00:00Z"
BORN = whole_id("ent-born".replace("o", "0"))


def decision(vault: Snapshot, verb: str, record_id: str, **said: object) -> Decision:
    return Decision(verb, record_id, view_hash(vault, record(vault, record_id)), AT, **said)  # type: ignore[arg-type]


def free(_snapshot: Snapshot, _plan: Plan) -> None:
    """A check that refuses nothing."""


def six(vault: MemorySnapshot) -> list[Decision]:
    edited = record(vault, C5).raw.decode().replace("its own", "a new")
    return [
        decision(vault, "promote", C1, supersede=(KEPT,), why="weighed again"),
        decision(vault, "merge", C2, into=DOME),
        decision(vault, "graduate", C3, type="material", born=BORN),
        decision(vault, "reject", C4, why="an attack"),
        decision(vault, "put-off", whole_id("mem-zater"), until="2999-06-01"),
        decision(vault, "edit", C5, text=edited),
    ]


def test_every_verb_is_tried() -> None:
    assert {one.verb for one in six(vault_of(RECORDS))} == set(VERBS)


def test_together_they_leave_what_they_leave_one_after_the_other() -> None:
    vault = vault_of(RECORDS)
    done = together(vault, six(vault), DEED, free)
    assert done.refused == ()
    alone = vault
    for one in six(vault):
        alone = alone.after(decide(alone, one, DEED))
    assert dict(vault.after(done.plan).files) == dict(alone.files)
    assert statuses(done.after) == statuses(alone)


def test_what_is_decided_later_is_decided_on_what_came_before() -> None:
    vault = vault_of(RECORDS)
    first = together(
        vault,
        [decision(vault, "edit", C5, text=record(vault, C5).raw.decode().replace("its", "no"))],
        DEED,
        free,
    )
    then = decision(first.after, "promote", C5)
    done = together(vault, [then], DEED, free, first)
    assert done.refused == ()
    now = vault.after(done.plan)
    assert (record(now, C5).status, record(now, C5).body) == (
        "active",
        "The pier stands on no own foundation.\n",
    )
    assert done.plan == together(vault, [*first.taken, then], DEED, free).plan, "the same whichever way"


def test_one_commit_tells_all_of_them() -> None:
    vault = vault_of(RECORDS)
    message = together(vault, six(vault), DEED, free).plan.message
    assert message is not None
    assert message.subject == "review: promote 1, merge 1, graduate 1, reject 1, put off 1, edit 1"
    assert f"promote {C1} (primary mirror mass is 4.3 kg): weighed again" in message.reason
    assert {C1, C2, C3, C4, C5, DOME, BORN} <= set(message.records)


def test_conflict_files_are_made_of_the_whole() -> None:
    vault = vault_of(RECORDS)
    done = together(vault, [decision(vault, "promote", C1)], DEED, free)
    plan, clashes = with_conflicts(vault, done.plan)
    assert len(clashes) == 1
    assert sum(change.path.startswith("conflicts/") for change in plan.changes) == 1


def test_what_changed_since_it_was_shown_is_refused_alone() -> None:
    vault = vault_of(RECORDS)
    decisions = six(vault)
    claim = "project: scope\nsubject: primary mirror\nattribute: mass\nvalue: 5 kg\n"
    rival = f"-- memories/r.md --\nid: mem-r\n{claim}"
    changed = vault_of(RECORDS + rival)
    done = together(changed, decisions, DEED, free)
    assert [(one.decision.record, one.error.code) for one in done.refused] == [(C1, "changed-meanwhile")]
    assert len(done.taken) == 5
    assert record(changed.after(done.plan), C1).status == "candidate"


def test_a_check_can_refuse_one() -> None:
    vault = vault_of(RECORDS)

    def check(_snapshot: Snapshot, plan: Plan) -> None:
        if plan.message is not None and plan.message.action == "promote":
            raise AtocoreError("secret", "no")

    done = together(vault, six(vault), DEED, check)
    assert [one.error.code for one in done.refused] == ["secret"]
    assert record(vault.after(done.plan), KEPT).status == "active"


@pytest.mark.parametrize(
    ("verb", "said", "code"),
    [
        ("reject", {}, "usage"),
        ("put-off", {"until": "yesterday"}, "bad-value"),
        ("merge", {"into": "mem-nowhere00000"}, "not-found"),
        ("merge", {"into": C1}, "impossible-step"),
        ("graduate", {"type": "poem", "born": BORN}, "bad-value"),
        ("promote", {"supersede": (C2,)}, "impossible-step"),
        ("edit", {"text": "no header"}, "has-problems"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_whole(
    verb: str, said: dict[str, object], code: str
) -> None:
    vault = vault_of(RECORDS)
    done = together(vault, [decision(vault, verb, C1, **said)], DEED, free)
    assert [one.error.code for one in done.refused] == [code]
    assert done.plan.changes == ()


def test_promoting_a_proposal_about_a_record_does_that_in_the_same_plan() -> None:
    vault = vault_of(RECORDS)
    plan = decide(vault, decision(vault, "promote", C4), DEED)
    now = applied(vault, plan)
    assert (record(now, C4).status, record(now, DOME).status) == ("active", "retired")


def test_the_time_of_a_decision_is_its_own() -> None:
    vault = vault_of(RECORDS)
    one = replace(decision(vault, "promote", C5), at="2026-01-02T03:04:05Z")
    assert record(applied(vault, decide(vault, one, DEED)), C5).ruling.at == "2026-01-02T03:04:05Z"


def test_a_plan_and_one_that_takes_it_back_are_nothing() -> None:
    vault = vault_of(RECORDS)
    plan = decide(vault, decision(vault, "promote", C5), DEED)
    (change,) = plan.changes
    back = Plan((replace(change, old=change.new, new=change.old),), plan.message)
    assert combined(plan, back).changes == ()


def test_a_snapshot_behind_two_plans_is_that_behind_both_at_once() -> None:
    vault = vault_of(RECORDS)
    one = decide(vault, decision(vault, "promote", C1, supersede=(KEPT,)), DEED)
    first = AfterSnapshot(vault, one)
    two = decide(first, decision(first, "merge", C2, into=DOME), DEED)
    both, at_once = first.then(two), AfterSnapshot(vault, combined(one, two))
    assert list(both.select()) == list(at_once.select())
    assert both.proposed() == at_once.proposed() == vault.after(one).after(two).proposed()
    for record_id in (C1, C2, KEPT, DOME):
        assert both.referring(record_id) == at_once.referring(record_id)
