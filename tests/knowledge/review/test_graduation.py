"""Graduation and its reverse: a vault, a step, and what the memory and its entity say then."""

from __future__ import annotations

import pytest
from helpers import (
    DEED,
    applied,
    record,
    record_of,
    short_id,
    statuses,
    text_at,
    vault_of,
    whole_id,
)

from atocore.errors import AtocoreError
from atocore.knowledge.review import graduation, merging
from atocore.knowledge.review import steps as review
from atocore.knowledge.review.deed import Deed
from atocore.knowledge.review.entity_types import fitting_type
from atocore.records.kinds import Kind
from atocore.records.snapshot import MemorySnapshot

BIRTH = whole_id("ent-n")


def after(vault: MemorySnapshot, step: str, one: str) -> MemorySnapshot:
    return applied(vault, getattr(review, step)(vault, (record(vault, one),), DEED))


MEMORY = """
-- memories/p/a.md --
id: mem-a
project: p
title: Mirror mass
aliases: [M1]
subject: mirror
attribute: mass
value: 4.2 kg
relations: [{type: based_on, target: ent-b}]
provenance: {quote: it weighs 4.2 kg, record: sta-x}
--
The mirror weighs 4.2 kg.
"""


def graduated(vault: MemorySnapshot, entity_type: str = "") -> MemorySnapshot:
    return vault.after(graduation.graduate(vault, record(vault, "mem-a"), BIRTH, DEED, entity_type))


def test_graduating_bears_a_candidate_entity_with_the_claim_and_the_memory_stays() -> None:
    now = graduated(vault_of(MEMORY))
    memory, entity = record(now, "mem-a"), record(now, "ent-n")
    assert (memory.status, memory.graduated_to) == ("active", entity.id)
    assert (entity.status, entity.type, entity.claim) == ("candidate", "parameter", "mirror mass is 4.2 kg")
    assert (entity.title, entity.aliases, entity.relations) == (
        memory.title,
        memory.aliases,
        memory.relations,
    )
    assert entity.body == memory.body
    assert (entity.provenance.record, entity.provenance.quote) == (memory.id, "it weighs 4.2 kg")
    assert entity.path == "entities/p/mirror-mass--000000.md"


def test_promoting_the_entity_makes_the_memory_a_pointer_and_demoting_gives_it_back() -> None:
    waiting = graduated(vault_of(MEMORY))
    now = after(waiting, "promote", "ent-n")
    assert statuses(now) == {"mem-a": "graduated", "ent-n": "active"}
    assert record(now, "mem-a").ruling.step == "graduate"
    assert statuses(after(now, "demote", "ent-n")) == statuses(waiting)


def test_rejecting_the_entity_gives_the_memory_back() -> None:
    vault = vault_of(MEMORY)
    now = after(graduated(vault), "reject", "ent-n")
    assert statuses(now) == {"mem-a": "active", "ent-n": "rejected"}
    assert text_at(now, "memories/p/a.md") == text_at(vault, "memories/p/a.md")


def test_ungraduating_before_or_after_the_entity_was_promoted() -> None:
    vault = vault_of(MEMORY)
    waiting = graduated(vault)
    early = waiting.after(graduation.ungraduate(waiting, (record(waiting, "mem-a"),), DEED))
    assert statuses(early) == {"mem-a": "active", "ent-n": "rejected"}
    assert text_at(early, "memories/p/a.md") == text_at(vault, "memories/p/a.md")

    pointer = after(waiting, "promote", "ent-n")
    late = pointer.after(graduation.ungraduate(pointer, (record(pointer, "mem-a"),), DEED))
    assert statuses(late) == {"mem-a": "active", "ent-n": "retired"}
    assert record(late, "mem-a").graduated_to == ""


def test_a_candidate_memory_is_rejected_in_favour_of_the_entity_and_ungraduating_reopens_it() -> None:
    vault = vault_of(MEMORY.replace("project: p", "project: p\nstatus: candidate"))
    now = vault.after(graduation.graduate(vault, record(vault, "mem-a"), BIRTH, Deed(by="A", at=DEED.at)))
    memory = record(now, "mem-a")
    assert statuses(now) == {"mem-a": "rejected", "ent-n": "candidate"}
    assert (memory.ruling.step, memory.ruling.why) == ("reject", f"lives on as {BIRTH}")

    assert statuses(after(now, "promote", "ent-n")) == {"mem-a": "rejected", "ent-n": "active"}
    assert statuses(after(now, "reject", "ent-n")) == {"mem-a": "rejected", "ent-n": "rejected"}
    back = now.after(graduation.ungraduate(now, (memory,), DEED))
    assert statuses(back) == {"mem-a": "candidate", "ent-n": "rejected"}
    assert record(back, "mem-a").graduated_to == ""


def test_a_memory_that_waits_for_an_entity_does_not_graduate_twice_unless_that_was_rejected() -> None:
    waiting = graduated(vault_of(MEMORY))
    with pytest.raises(AtocoreError) as error:
        graduation.graduate(waiting, record(waiting, "mem-a"), whole_id("ent-m"), DEED)
    assert error.value.code == "impossible-step"

    candidate = vault_of(MEMORY.replace("project: p", "project: p\nstatus: candidate"))
    reopened = after(after(graduated(candidate), "reject", "ent-n"), "reopen", "mem-a")
    again = graduation.graduate(reopened, record(reopened, "mem-a"), "ent-222222222222", DEED)
    assert record(reopened.after(again), "mem-a").graduated_to == "ent-222222222222"


TOLD = [
    ("knowledge", "subject: mirror\nattribute: mass\nvalue: 4.2 kg", "It weighs 4.2 kg.", "parameter", True),
    ("project", "subject: mirror\nattribute: mass\nvalue: 4.2 kg", "It weighs 4.2 kg.", "parameter", True),
    ("project", "question: Which glass?\nvalue: Zerodur", "It is Zerodur.", "decision", True),
    ("project", "title: x", "We decided to use tantivy for full text search.", "decision", True),
    ("knowledge", "title: x", "The mirror must not exceed 4.5 kg.", "constraint", True),
    ("adaptation", "title: x", "We assume the dome opens in under two minutes.", "assumption", True),
    ("project", "title: x", "The truss frame carries the secondary.", "component", False),
    ("knowledge", "title: x", "The truss frame carries the secondary.", "parameter", False),
    ("adaptation", "title: x", "Oil the bearing before the polisher runs.", "process", False),
    # its slot would be a question that nobody stated: the claim would not be compared any more
    (
        "project",
        "subject: search\nattribute: engine\nvalue: tantivy",
        "We decided to use tantivy.",
        "parameter",
        True,
    ),
]


@pytest.mark.parametrize(("type_", "keys", "body", "born", "sure"), TOLD)
def test_the_entitys_type_is_what_the_memory_tells_or_the_usual_one(
    type_: str, keys: str, body: str, born: str, sure: bool
) -> None:
    memory = record_of(f"id: mem-a\nproject: p\ntype: {type_}\n{keys}\n--\n{body}\n")
    fitting = fitting_type(memory)
    assert (fitting.type, fitting.sure) == (born, sure), fitting.why


@pytest.mark.parametrize("asked", ["decision", "vendor", "project"])
def test_the_person_may_name_any_type(asked: str) -> None:
    vault = vault_of(MEMORY.replace("project: p", "project: p\ntype: identity"))
    assert record(graduated(vault, asked), "ent-n").type == asked


@pytest.mark.parametrize(
    ("type_", "asked"), [("identity", ""), ("preference", ""), ("episodic", ""), ("knowledge", "knowledge")]
)
def test_what_has_its_home_among_the_memories_stays_unless_a_type_is_named(type_: str, asked: str) -> None:
    vault = vault_of(MEMORY.replace("project: p", f"project: p\ntype: {type_}"))
    with pytest.raises(AtocoreError) as error:
        graduated(vault, asked)
    assert error.value.code == "bad-value"


# -- several at once

MANY = """
-- memories/p/a.md --
id: mem-a
project: p
subject: mirror
attribute: mass
value: 4.2 kg
--
The mirror weighs 4.2 kg.
-- memories/p/b.md --
id: mem-b
project: p
subject: The Mirror
attribute: mass
value: 4.2 KG
--
With its cell the mirror comes to 4.2 kg.
-- memories/p/c.md --
id: mem-c
project: p
subject: mirror
attribute: mass
value: 4.3 kg
--
The mirror weighs 4.3 kg.
"""


KNOWN = """
-- entities/p/e.md --
id: ent-e
project: p
subject: mirror
attribute: mass
value: 4.2 kg
"""


def found(vault: MemorySnapshot, *shorts: str, asked: str = "") -> tuple[graduation.Graduation, ...]:
    born = (f"ent-{number:012}" for number in range(9))
    return graduation.prepared(vault, [record(vault, one) for one in shorts], born, DEED, asked)


def after_all(vault: MemorySnapshot, *shorts: str) -> MemorySnapshot:
    return applied(vault, graduation.graduate_all(vault, found(vault, *shorts), DEED))


def test_memories_that_make_one_claim_become_one_entity() -> None:
    now = after_all(vault_of(MANY), "mem-a", "mem-b")
    (entity,) = now.select((Kind.ENTITY,))
    assert [record(now, one).graduated_to for one in ("mem-a", "mem-b")] == [entity.id, entity.id]
    promoted = applied(now, review.promote(now, (entity,), DEED))
    assert [record(promoted, one).status for one in ("mem-a", "mem-b")] == ["graduated", "graduated"]
    back = applied(promoted, review.demote(promoted, tuple(promoted.select((Kind.ENTITY,))), DEED))
    assert [record(back, one).status for one in ("mem-a", "mem-b")] == ["active", "active"]


def test_what_the_entity_would_contradict_is_told_before() -> None:
    (one,) = found(vault_of(MANY), "mem-a")
    assert [(side.id, side.value) for side in one.conflicts] == [(whole_id("mem-c"), "4.3 kg")]


def test_a_memory_whose_claim_an_entity_makes_already_lives_on_as_that_one() -> None:
    vault = vault_of(MANY + KNOWN)
    now = after_all(vault, "mem-a")
    assert (record(now, "mem-a").status, record(now, "mem-a").graduated_to) == (
        "graduated",
        whole_id("ent-e"),
    )
    assert record(now, "mem-a").ruling.step == "graduate"
    waiting = vault_of(MANY + KNOWN.replace("id: ent-e", "id: ent-e\nstatus: candidate"))
    now = after_all(waiting, "mem-a")
    assert (record(now, "mem-a").status, record(now, "mem-a").graduated_to) == ("active", whole_id("ent-e"))


def test_another_type_than_the_entitys_is_an_entity_of_its_own() -> None:
    vault = vault_of(MANY + KNOWN)
    (one,) = found(vault, "mem-a", asked="requirement")
    assert (one.joins, one.entity.type) == (False, "requirement")


def test_ungraduating_one_of_two_leaves_the_entity_to_the_other() -> None:
    now = after_all(vault_of(MANY), "mem-a", "mem-b")
    (entity,) = now.select((Kind.ENTITY,))
    now = applied(now, review.promote(now, (entity,), DEED))
    one = applied(now, graduation.ungraduate(now, (record(now, "mem-a"),), DEED))
    assert (record(one, "mem-a").status, record(one, "mem-b").status) == ("active", "graduated")
    assert [r.status for r in one.select((Kind.ENTITY,))] == ["active"]
    both = applied(one, graduation.ungraduate(one, (record(one, "mem-b"),), DEED))
    assert [r.status for r in both.select((Kind.ENTITY,))] == ["retired"]


def test_an_entity_that_was_there_before_stays_when_a_memory_leaves_it() -> None:
    vault = vault_of(MANY + KNOWN)
    now = after_all(vault, "mem-a")
    back = applied(now, graduation.ungraduate(now, (record(now, "mem-a"),), DEED))
    assert (record(back, "mem-a").status, record(back, "ent-e").status) == ("active", "active")


INTO = (
    MANY
    + """
-- entities/p/e.md --
id: ent-e
project: p
subject: mirror
attribute: mass
value: 4.2 kg
-- entities/p/m.md --
id: ent-m
type: component
project: p
title: Mirror
-- entities/q/f.md --
id: ent-f
project: q
-- entities/p/r.md --
id: ent-r
project: p
status: retired
"""
)


def into(short: str, entity: str) -> graduation.Graduation:
    vault = vault_of(INTO)
    return graduation.joining(vault, [record(vault, short)], record(vault, entity))[0]


def test_a_memory_may_be_let_live_on_as_an_entity_that_is_named() -> None:
    assert (into("mem-a", "ent-e").joins, into("mem-a", "ent-e").notes) == (True, ())
    (note,) = into("mem-c", "ent-m").notes
    assert "does not state this" in note


@pytest.mark.parametrize(
    ("memory", "entity", "code"),
    [
        ("mem-c", "ent-e", "impossible-step"),  # it contradicts: that is for a person to decide, in the open
        ("mem-a", "ent-f", "bad-value"),  # another project's
        ("mem-a", "ent-r", "impossible-step"),
        ("mem-a", "mem-b", "impossible-step"),
    ],
)
def test_no_contradiction_is_buried_and_no_fact_leaves_its_project(
    memory: str, entity: str, code: str
) -> None:
    with pytest.raises(AtocoreError) as error:
        into(memory, entity)
    assert error.value.code == code


def test_a_memory_follows_its_entity_into_the_one_that_this_is_merged_into() -> None:
    vault = vault_of(INTO)
    now = applied(vault, graduation.graduate(vault, record(vault, "mem-a"), BIRTH, DEED, "requirement"))
    merged = applied(now, merging.merge(now, record(now, "ent-n"), record(now, "ent-e"), DEED))
    assert (record(merged, "mem-a").status, record(merged, "mem-a").graduated_to) == (
        "graduated",
        whole_id("ent-e"),
    )
    other = applied(vault, graduation.graduate(vault, record(vault, "mem-c"), BIRTH, DEED))
    apart = applied(other, merging.merge(other, record(other, "ent-n"), record(other, "ent-e"), DEED))
    assert (record(apart, "mem-c").status, record(apart, "mem-c").graduated_to) == ("active", "")


def test_of_many_those_that_wait_or_have_another_home_are_passed() -> None:
    extra = """
-- memories/p/d.md --
id: mem-d
type: preference
project: p
-- memories/p/e.md --
id: mem-e
project: p
graduated_to: ent-w
-- entities/p/w.md --
id: ent-w
status: candidate
project: p
"""
    vault = vault_of(MANY + extra)
    fit, passed = graduation.chosen(vault, vault.select((Kind.MEMORY,), ("active",)))
    assert [short_id(one.id) for one in fit] == ["mem-a", "mem-b", "mem-c"]
    assert [short_id(one.memory.id) for one in passed] == ["mem-d", "mem-e"]
    fit, _ = graduation.chosen(vault, vault.select((Kind.MEMORY,), ("active",)), "decision")
    assert [short_id(one.id) for one in fit] == ["mem-a", "mem-b", "mem-c", "mem-d"]


@pytest.mark.parametrize("status", ["rejected", "retired", "superseded", "graduated"])
def test_only_what_is_active_or_waits_can_graduate(status: str) -> None:
    vault = vault_of(MEMORY.replace("project: p", f"project: p\nstatus: {status}"))
    with pytest.raises(AtocoreError) as error:
        graduated(vault)
    assert error.value.code == "impossible-step"


def test_a_memory_that_is_restored_after_its_entity_was_promoted_holds_the_fact_itself() -> None:
    """It had left before the promotion, so it never became the pointer."""
    waiting = graduated(vault_of(MEMORY))
    retired = after(after(waiting, "retire", "mem-a"), "promote", "ent-n")
    assert statuses(retired) == {"mem-a": "retired", "ent-n": "active"}
    assert record(after(retired, "restore", "mem-a"), "mem-a").graduated_to == ""
    still = after(after(waiting, "retire", "mem-a"), "restore", "mem-a")
    assert record(still, "mem-a").graduated_to == BIRTH, "it waits again"


def test_what_has_not_graduated_cannot_be_ungraduated() -> None:
    vault = vault_of(MEMORY)
    with pytest.raises(AtocoreError) as error:
        graduation.ungraduate(vault, (record(vault, "mem-a"),), DEED)
    assert error.value.code == "impossible-step"
