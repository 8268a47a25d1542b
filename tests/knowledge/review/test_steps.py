"""Every step of the lifecycle with its reverse: a vault, a step, and the text that it leaves."""

from __future__ import annotations

import pytest
from helpers import (
    DEED,
    applied,
    changed_lines,
    file_text,
    record,
    ruling,
    statuses,
    text_at,
    vault_of,
    whole,
    whole_id,
)

from atocore.errors import AtocoreError
from atocore.knowledge.review import deed
from atocore.knowledge.review import steps as review
from atocore.knowledge.review.deed import Deed
from atocore.records.plan import Actor, Plan
from atocore.records.record import Record
from atocore.records.snapshot import MemorySnapshot

LATER = Deed(by="Another <other@example.org>", at="2026-12-01T00:00:00Z")


def refused(code: str, vault: MemorySnapshot, step: str, *ids: str, **more: object) -> str:
    with pytest.raises(AtocoreError) as error:
        getattr(review, step)(vault, tuple(record(vault, one) for one in ids), DEED, **more)
    assert error.value.code == code
    return error.value.message


def after(vault: MemorySnapshot, step: str, *ids: str, **more: object) -> MemorySnapshot:
    records = tuple(record(vault, one) for one in ids)
    return applied(vault, getattr(review, step)(vault, records, DEED, **more))


def records(vault: MemorySnapshot, *ids: str) -> tuple[Record, ...]:
    return tuple(record(vault, one) for one in ids)


def effect(vault: MemorySnapshot, plan: Plan, path: str) -> tuple[list[str], list[str]]:
    """The lines of a file that go and come."""
    change = next(change for change in plan.changes if change.path == path)
    return changed_lines(change.old, change.new)


# -- one record


@pytest.mark.parametrize(
    ("step", "kind", "before", "now", "reverse"),
    [
        ("promote", "memories", "candidate", "active", "demote"),
        ("promote", "entities", "candidate", "active", "demote"),
        ("demote", "memories", "active", "candidate", "promote"),
        ("reject", "memories", "candidate", "rejected", "reopen"),
        ("reject", "entities", "candidate", "rejected", "reopen"),
        ("reopen", "memories", "rejected", "candidate", "reject"),
        ("retire", "memories", "active", "retired", "restore"),
        ("retire", "entities", "active", "retired", "restore"),
        ("retire", "state", "active", "retired", "restore"),
        ("restore", "state", "retired", "active", "retire"),
        ("restore", "memories", "superseded", "active", ""),
        ("confirm", "memories", "active", "active", ""),
        ("confirm", "entities", "active", "active", ""),
        ("confirm", "state", "active", "active", ""),
    ],
)
def test_a_step_changes_the_status_and_leaves_its_ruling_and_nothing_else(
    step: str, kind: str, before: str, now: str, reverse: str
) -> None:
    short = {"memories": "mem-a", "entities": "ent-a", "state": "sta-a"}[kind]
    path = f"{kind}/p/a.md"
    vault = vault_of(f"-- {path} --\nid: {short}\nstatus: {before}   # as it stands\nproject: p\nown: [x]\n")

    plan = getattr(review, step)(vault, records(vault, short), DEED)

    assert [change.path for change in plan.changes] == [path]
    came = [f"status: {now}   # as it stands"] * (now != before) + ruling(step).splitlines()
    assert effect(vault, plan, path) == ([f"status: {before}   # as it stands"] * (now != before), came)
    assert plan.message is not None
    assert (plan.message.action, plan.message.records) == (step, (whole_id(short),))
    assert plan.message.reason == DEED.why
    if reverse:
        back = after(vault.after(plan), reverse, short)
        assert statuses(back) == statuses(vault)


@pytest.mark.parametrize(
    ("step", "status"),
    [
        ("promote", "active"),
        ("promote", "rejected"),
        ("promote", "superseded"),
        ("demote", "candidate"),
        ("confirm", "retired"),
        ("confirm", "candidate"),
        ("reject", "active"),
        ("reject", "rejected"),
        ("reopen", "candidate"),
        ("retire", "superseded"),
        ("restore", "active"),
        ("restore", "rejected"),
    ],
)
def test_a_step_that_the_table_lacks_is_refused_and_says_what_the_record_is(step: str, status: str) -> None:
    vault = vault_of(f"-- memories/a.md --\nid: mem-a\nstatus: {status}\nsuperseded_by: mem-b\n")
    told = refused("impossible-step", vault, step, "mem-a")
    assert told == f"cannot {step} {whole_id('mem-a')}: memory is already {status} by {whole_id('mem-b')}"


def test_a_subject_is_what_a_person_would_write() -> None:
    vault = vault_of("""
-- memories/a.md --
id: mem-a
status: candidate
subject: primary mirror
attribute: mass
value: 4.2 kg
-- memories/b.md --
id: mem-b
status: candidate
""")
    one = review.promote(vault, records(vault, "mem-a"), DEED).message
    two = review.promote(vault, records(vault, "mem-a", "mem-b"), DEED).message
    assert one is not None
    assert two is not None
    assert one.subject == "promote memory: primary mirror mass is 4.2 kg"
    assert two.subject == "promote 2 records"
    assert len(two.records) == 2


def test_a_bulk_step_is_all_or_nothing() -> None:
    vault = vault_of("-- memories/a.md --\nid: mem-a\nstatus: candidate\n-- memories/b.md --\nid: mem-b\n")
    refused("impossible-step", vault, "promote", "mem-a", "mem-b")


def test_a_reason_of_many_lines_is_one_line_in_the_ruling() -> None:
    vault = vault_of("-- memories/a.md --\nid: mem-a\nstatus: candidate\n")
    deed = Deed(by="A", at="2026-11-22T09:12:00Z", why="weighed,\n  twice ")
    plan = review.reject(vault, records(vault, "mem-a"), deed)
    assert record(vault.after(plan), "mem-a").ruling.why == "weighed, twice"


def test_confirming_again_replaces_the_ruling() -> None:
    vault = vault_of(f"-- memories/a.md --\nid: mem-a\n{ruling('promote')}")
    now = vault.after(review.confirm(vault, records(vault, "mem-a"), LATER))
    found = record(now, "mem-a").ruling
    assert (found.step, found.by, found.at, found.why) == ("confirm", LATER.by, LATER.at, "")


@pytest.mark.parametrize(
    ("path", "status", "step"),
    [
        ("memories/a.md", "active", "promote"),
        ("memories/a.md", "rejected", "reject"),
        ("memories/a.md", "superseded", "supersede"),
        ("memories/a.md", "graduated", "graduate"),
        ("state/a.md", "active", "set"),
        ("state/a.md", "retired", "retire"),
        ("conflicts/a.md", "dismissed", "dismiss"),
    ],
)
def test_confirming_what_a_machine_did_takes_its_step_over(path: str, status: str, step: str) -> None:
    from dataclasses import replace

    short = {"memories": "mem-a", "state": "sta-a", "conflicts": "con-a"}[path.split("/")[0]]
    vault = vault_of(f"-- {path} --\nid: {short}\nstatus: {status}\n")
    distrusted = replace(record(vault, short), status="candidate", distrusted=True)
    plan = review.confirm(vault, (distrusted,), DEED)
    assert effect(vault, plan, path) == ([], ruling(step).splitlines())


def test_promoting_what_a_machine_superseded_leaves_no_pointer_behind() -> None:
    from dataclasses import replace

    vault = vault_of("-- memories/a.md --\nid: mem-a\nstatus: superseded\nsuperseded_by: mem-b\n")
    distrusted = replace(record(vault, "mem-a"), status="candidate", distrusted=True)
    now = vault.after(review.promote(vault, (distrusted,), DEED))
    assert record(now, "mem-a").status == "active"
    assert record(now, "mem-a").superseded_by == ""


# -- two records

TWO = """
-- memories/old.md --
id: mem-a
value: 4.2 kg
-- memories/new.md --
id: mem-b
value: 4.3 kg
"""
CANDIDATE = TWO.replace("value: 4.3 kg", "status: candidate\nvalue: 4.3 kg")


def test_superseding_tells_both_sides_and_restoring_takes_both_back() -> None:
    vault = vault_of(TWO)
    plan = review.supersede(vault, *records(vault, "mem-a", "mem-b"), DEED)

    now = vault.after(plan)
    assert statuses(now) == {"mem-a": "superseded", "mem-b": "active"}
    assert record(now, "mem-a").superseded_by == whole_id("mem-b")
    assert record(now, "mem-b").supersedes == (whole_id("mem-a"),)
    assert record(now, "mem-b").ruling.step == "", "the successor took no step"
    assert plan.message is not None
    assert plan.message.subject == "supersede memory: 4.2 kg by 4.3 kg"
    assert plan.message.records == (whole_id("mem-a"), whole_id("mem-b"))

    back = after(now, "restore", "mem-a")
    assert statuses(back) == statuses(vault)
    assert record(back, "mem-a").superseded_by == ""
    assert text_at(back, "memories/new.md") == text_at(vault, "memories/new.md")


def test_only_an_active_record_replaces_another_and_none_itself() -> None:
    vault = vault_of(CANDIDATE)
    with pytest.raises(AtocoreError) as candidate:
        review.supersede(vault, *records(vault, "mem-a", "mem-b"), DEED)
    assert candidate.value.hint == f"atocore promote {whole_id('mem-b')} --supersede {whole_id('mem-a')}"
    with pytest.raises(AtocoreError) as itself:
        review.supersede(vault, *records(vault, "mem-a", "mem-a"), DEED)
    assert (candidate.value.code, itself.value.code) == ("impossible-step", "impossible-step")


def test_superseding_back_and_forth_closes_no_circle() -> None:
    """The old one was restored by hand, and still names its successor."""
    vault = vault_of("""
-- memories/old.md --
id: mem-a
superseded_by: mem-b
-- memories/new.md --
id: mem-b
supersedes: [mem-a]
""")
    now = vault.after(review.supersede(vault, *records(vault, "mem-b", "mem-a"), DEED))
    assert record(now, "mem-b").superseded_by == whole_id("mem-a")
    assert record(now, "mem-a").superseded_by == ""


def test_restoring_several_that_one_record_replaced_leaves_none_behind() -> None:
    vault = vault_of("""
-- memories/a.md --
id: mem-a
status: superseded
superseded_by: mem-c
-- memories/b.md --
id: mem-b
status: superseded
superseded_by: mem-c
-- memories/c.md --
id: mem-c
supersedes: [mem-a, mem-b]
""")
    assert record(after(vault, "restore", "mem-a"), "mem-c").supersedes == (whole_id("mem-b"),)
    assert record(after(vault, "restore", "mem-a", "mem-b"), "mem-c").supersedes == ()


def test_restoring_takes_the_claim_from_everybody_who_makes_it() -> None:
    vault = vault_of("""
-- memories/a.md --
id: mem-a
status: retired
-- memories/b.md --
id: mem-b
supersedes: [mem-a]
""")
    assert record(after(vault, "restore", "mem-a"), "mem-b").supersedes == ()


def test_restoring_works_although_the_successor_is_gone() -> None:
    vault = vault_of("-- memories/a.md --\nid: mem-a\nstatus: superseded\nsuperseded_by: mem-z\n")
    assert statuses(after(vault, "restore", "mem-a")) == {"mem-a": "active"}


def test_promoting_with_supersede_is_one_step_and_demoting_gives_back_what_it_replaced() -> None:
    vault = vault_of(CANDIDATE)
    old = records(vault, "mem-a")
    now = after(vault, "promote", "mem-b", supersede=old)
    assert statuses(now) == {"mem-a": "superseded", "mem-b": "active"}
    assert record(now, "mem-a").ruling.step == "supersede"
    assert record(now, "mem-b").supersedes == (whole_id("mem-a"),)

    back = after(now, "demote", "mem-b")
    assert statuses(back) == statuses(vault)
    assert record(back, "mem-a").superseded_by == ""
    assert record(back, "mem-b").supersedes == ()


def test_supersede_goes_with_one_record() -> None:
    vault = vault_of(CANDIDATE + "-- memories/c.md --\nid: mem-c\nstatus: candidate\n")
    assert "one record" in refused(
        "usage", vault, "promote", "mem-b", "mem-c", supersede=records(vault, "mem-a")
    )


def test_what_is_named_to_be_superseded_has_to_be_active() -> None:
    vault = vault_of(CANDIDATE.replace("value: 4.2 kg", "status: retired"))
    refused("impossible-step", vault, "promote", "mem-b", supersede=records(vault, "mem-a"))


# -- candidates that propose something


@pytest.mark.parametrize(
    ("what", "status"), [("supersede", "superseded"), ("correct", "superseded"), ("retire", "retired")]
)
def test_promoting_a_proposal_about_a_record_carries_it_out(what: str, status: str) -> None:
    vault = vault_of(CANDIDATE + f"proposes: {{{what}: mem-a}}\n")
    now = after(vault, "promote", "mem-b")
    assert statuses(now) == {"mem-a": status, "mem-b": "active"}
    successor = "" if what == "retire" else whole_id("mem-b")
    assert record(now, "mem-a").superseded_by == successor
    assert record(now, "mem-b").supersedes == ((whole_id("mem-a"),) if successor else ())


def test_a_candidate_that_names_what_it_supersedes_does_so_when_it_is_promoted() -> None:
    now = after(vault_of(CANDIDATE + "supersedes: [mem-a]\n"), "promote", "mem-b")
    assert statuses(now) == {"mem-a": "superseded", "mem-b": "active"}
    assert record(now, "mem-b").supersedes == (whole_id("mem-a"),)


def test_what_is_proposed_and_named_at_once_is_done_once() -> None:
    vault = vault_of(CANDIDATE + "proposes: {supersede: mem-a}\nsupersedes: mem-a\n")
    now = after(vault, "promote", "mem-b", supersede=records(vault, "mem-a"))
    assert statuses(now) == {"mem-a": "superseded", "mem-b": "active"}
    assert record(now, "mem-b").supersedes == (whole_id("mem-a"),)


@pytest.mark.parametrize("ended", ["superseded", "retired", "rejected", "graduated"])
@pytest.mark.parametrize("what", ["supersede", "correct", "retire"])
def test_a_proposal_about_what_ended_meanwhile_leaves_that_alone(what: str, ended: str) -> None:
    vault = vault_of(
        CANDIDATE.replace("value: 4.2 kg", f"status: {ended}") + f"proposes: {{{what}: mem-a}}\n"
    )
    plan = review.promote(vault, records(vault, "mem-b"), DEED)
    assert [change.path for change in plan.changes] == ["memories/new.md"]


def test_a_proposal_about_a_record_that_is_gone_does_not_bar_its_promotion() -> None:
    vault = vault_of(CANDIDATE + "proposes: {supersede: mem-z}\n")
    assert statuses(after(vault, "promote", "mem-b"))["mem-b"] == "active"


def test_a_proposal_about_a_candidate_is_refused() -> None:
    vault = vault_of(
        CANDIDATE.replace("value: 4.2 kg", "status: candidate") + "proposes: {supersede: mem-a}\n"
    )
    refused("impossible-step", vault, "promote", "mem-b")


@pytest.mark.parametrize("what", ["supersede", "retire"])
def test_a_proposal_about_itself_is_refused(what: str) -> None:
    vault = vault_of(CANDIDATE + f"proposes: {{{what}: mem-b}}\n")
    assert f"proposes to {what} itself" in refused("impossible-step", vault, "promote", "mem-b")


def test_two_proposals_about_one_record_are_promoted_together() -> None:
    vault = vault_of(
        CANDIDATE + "proposes: {supersede: mem-a}\n"
        "-- memories/c.md --\nid: mem-c\nstatus: candidate\nproposes: {correct: mem-a}\n"
    )
    now = after(vault, "promote", "mem-b", "mem-c")
    assert statuses(now) == {"mem-a": "superseded", "mem-b": "active", "mem-c": "active"}
    assert record(now, "mem-a").superseded_by == whole_id("mem-b")


def test_a_claim_to_supersede_what_another_superseded_first_is_dropped() -> None:
    vault = vault_of("""
-- memories/a.md --
id: mem-a
status: superseded
superseded_by: mem-b
-- memories/b.md --
id: mem-b
supersedes: [mem-a]
-- memories/c.md --
id: mem-c
status: candidate
supersedes: [mem-a]
""")
    assert record(after(vault, "promote", "mem-c"), "mem-c").supersedes == ()


def test_no_record_takes_two_steps_in_one_commit() -> None:
    """From the commit's difference nobody could tell what happened: candidate to superseded is no step."""
    chain = vault_of(
        CANDIDATE.replace("value: 4.2 kg", "status: candidate") + "proposes: {supersede: mem-a}\n"
    )
    assert "two steps" in refused("impossible-step", chain, "promote", "mem-a", "mem-b")

    replaced = after(vault_of(CANDIDATE + "proposes: {supersede: mem-a}\n"), "promote", "mem-b")
    assert "two steps" in refused("impossible-step", replaced, "demote", "mem-b", "mem-a")


# -- around the steps


def test_a_record_that_nobody_committed_is_not_found() -> None:
    with pytest.raises(AtocoreError) as error:
        deed.find(vault_of(""), "mem-a")
    assert error.value.code == "not-found"


def test_a_step_on_a_file_with_windows_line_ends_keeps_them() -> None:
    raw = (
        b"\xef\xbb\xbf"
        + file_text("memories/a.md", "id: mem-a\nstatus: candidate\n").replace("\n", "\r\n").encode()
    )
    vault = MemorySnapshot({"memories/a.md": raw})
    now = after(vault, "promote", "mem-a").files["memories/a.md"]
    assert now.startswith(b"\xef\xbb\xbf---\r\n")
    assert now.count(b"\n") == now.count(b"\r\n") == raw.count(b"\n") + 5
    assert now.endswith(b"It is so.\r\n")


def test_a_header_in_one_line_of_braces_is_refused_with_the_way_out() -> None:
    text = whole("---\n{id: mem-a, kind: memory, type: knowledge, status: candidate}\n---\nx\n")
    vault = MemorySnapshot({"memories/a.md": text.encode()})
    refused("has-problems", vault, "promote", "mem-a")


def test_the_actor_of_the_deed_is_the_actor_of_the_commit() -> None:
    vault = vault_of("-- memories/a.md --\nid: mem-a\nstatus: candidate\n")
    machine = Deed(by="x", at=DEED.at, actor=Actor.MACHINE)
    message = review.promote(vault, records(vault, "mem-a"), machine).message
    assert message is not None
    assert message.actor is Actor.MACHINE


def test_a_long_claim_is_cut_in_the_subject() -> None:
    vault = vault_of(f"-- memories/a.md --\nid: mem-a\ntitle: {'long ' * 30}\n")
    assert deed.name_of(record(vault, "mem-a")) == ("long " * 12)[:57].rstrip() + "..."
