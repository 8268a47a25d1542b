"""Graduation and its reverse: a vault, a step, and what the memory and its entity say then."""

from __future__ import annotations

import pytest
from helpers import (
    DEED,
    applied,
    record,
    statuses,
    text_at,
    vault_of,
    whole_id,
)

from atocore.errors import AtocoreError
from atocore.knowledge.review import graduation
from atocore.knowledge.review import steps as review
from atocore.knowledge.review.deed import Deed
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
    early = waiting.after(graduation.ungraduate(waiting, record(waiting, "mem-a"), DEED))
    assert statuses(early) == {"mem-a": "active", "ent-n": "rejected"}
    assert text_at(early, "memories/p/a.md") == text_at(vault, "memories/p/a.md")

    pointer = after(waiting, "promote", "ent-n")
    late = pointer.after(graduation.ungraduate(pointer, record(pointer, "mem-a"), DEED))
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
    back = now.after(graduation.ungraduate(now, memory, DEED))
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


@pytest.mark.parametrize(
    ("type_", "born", "asked"),
    [
        ("project", "component", ""),
        ("knowledge", "parameter", ""),
        ("adaptation", "process", ""),
        ("knowledge", "decision", "decision"),
        ("identity", "vendor", "vendor"),
    ],
)
def test_the_entity_has_the_type_asked_for_or_the_usual_one(type_: str, born: str, asked: str) -> None:
    vault = vault_of(MEMORY.replace("project: p", f"project: p\ntype: {type_}"))
    assert record(graduated(vault, asked), "ent-n").type == born


@pytest.mark.parametrize(("type_", "asked"), [("identity", ""), ("episodic", ""), ("knowledge", "knowledge")])
def test_without_a_type_that_entities_have_nothing_graduates(type_: str, asked: str) -> None:
    vault = vault_of(MEMORY.replace("project: p", f"project: p\ntype: {type_}"))
    with pytest.raises(AtocoreError) as error:
        graduated(vault, asked)
    assert error.value.code == "bad-value"


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
        graduation.ungraduate(vault, record(vault, "mem-a"), DEED)
    assert error.value.code == "impossible-step"
