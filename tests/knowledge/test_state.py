"""Trusted state: set, replaced and unset, each in one commit."""

from __future__ import annotations

import pytest
from helpers import DEED, applied, record, ruling, statuses, text_at, vault_of, whole_id

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.clash import sweep
from atocore.knowledge.review import steps as review
from atocore.knowledge.state import StateKey, present, set_state, unset_state
from atocore.records.snapshot import MemorySnapshot

KEY = StateKey.of("p04", "primary mirror.mass")
NEW = whole_id("sta-n")
OLD = """
-- state/p04/a.md --
id: sta-a
type: requirement
project: P04
subject: Primary-Mirror
attribute: mass
value: 4.2 kg
"""


def put(vault: MemorySnapshot, value: str, **more: object) -> MemorySnapshot:
    return applied(vault, set_state(vault, KEY, value, NEW, DEED, **more))  # type: ignore[arg-type]


def test_setting_bears_a_record_that_says_who_when_and_why() -> None:
    vault = vault_of("")
    now = put(vault, "4.2 kg")
    assert (
        text_at(now, "state/p04/primary-mirror-mass--000000.md")
        == f"""\
---
id: {NEW}
kind: state
type: fact
status: active
project: p04
title: "primary mirror.mass: 4.2 kg"
subject: primary mirror
attribute: mass
value: 4.2 kg
{ruling("set")}\
created: 2026-11-22T09:12:00Z
---
primary mirror.mass is 4.2 kg.
"""
    )
    message = set_state(vault, KEY, "4.2 kg", NEW, DEED).message
    assert message is not None
    assert (message.subject, message.action) == ("set state of p04: primary mirror.mass is 4.2 kg", "set")


def test_setting_again_supersedes_what_stood_there_in_the_same_commit() -> None:
    now = put(vault_of(OLD), "4.3 kg")
    assert statuses(now) == {"sta-a": "superseded", "sta-n": "active"}
    assert record(now, "sta-a").superseded_by == NEW
    assert record(now, "sta-a").ruling.step == "supersede"
    assert record(now, "sta-n").supersedes == (whole_id("sta-a"),)
    assert record(now, "sta-n").type == "requirement", "the category stays"
    assert sweep(now) == ()

    back = applied(now, review.restore(now, (record(now, "sta-a"),), DEED))
    assert statuses(back)["sta-a"] == statuses(back)["sta-n"] == "active"
    assert [len(clash.members) for clash in sweep(back)] == [2], "two trusted values are a conflict"


def test_two_that_people_committed_by_hand_are_both_superseded() -> None:
    two = vault_of(OLD + OLD.replace("sta-a", "sta-b").replace("/a.md", "/b.md").replace("4.2", "4.4"))
    assert statuses(put(two, "4.3 kg")) == {
        "sta-a": "superseded",
        "sta-b": "superseded",
        "sta-n": "active",
        **{clash.id: "resolved" for clash in sweep(two) if two.get(clash.id)},
    }


def test_where_a_value_comes_from_is_kept() -> None:
    vault = vault_of("-- memories/a.md --\nid: mem-a\n")
    now = put(vault, "4.2 kg", source=record(vault, "mem-a"), category="milestone")
    assert record(now, "sta-n").provenance.record == whole_id("mem-a")
    assert record(now, "sta-n").type == "milestone"


def test_unsetting_retires_and_restoring_sets_it_again() -> None:
    vault = vault_of(OLD)
    plan = unset_state(vault, KEY, DEED)
    now = applied(vault, plan)
    assert statuses(now) == {"sta-a": "retired"}
    assert record(now, "sta-a").ruling.step == "unset"
    assert plan.message is not None
    assert plan.message.subject == "unset state of p04: primary mirror.mass"
    assert statuses(applied(now, review.restore(now, (record(now, "sta-a"),), DEED))) == {"sta-a": "active"}


def test_unsetting_what_is_not_set_is_refused() -> None:
    with pytest.raises(AtocoreError) as error:
        unset_state(vault_of(OLD.replace("type:", "status: retired\ntype:")), KEY, DEED)
    assert error.value.code == "not-found"


@pytest.mark.parametrize(
    ("value", "category", "code"),
    [("  ", "", "bad-value"), ("x", "opinion", "bad-value"), ("a\x07", "", "bad-value")],
)
def test_what_is_no_state_is_refused(value: str, category: str, code: str) -> None:
    with pytest.raises(AtocoreError) as error:
        put(vault_of(""), value, category=category)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("key", "subject", "attribute"),
    [
        ("mirror.mass", "mirror", "mass"),
        ("phase", "", "phase"),
        ("rev 1.2.date", "rev 1.2", "date"),
        (" mirror . mass ", "mirror", "mass"),
    ],
)
def test_a_key_is_a_subject_and_an_attribute(key: str, subject: str, attribute: str) -> None:
    found = StateKey.of(" p ", key)
    assert (found.project, found.subject, found.attribute) == ("p", subject, attribute)


@pytest.mark.parametrize(("project", "key"), [("", "mass"), ("p", ""), ("p", "mirror."), ("p", "  ")])
def test_what_names_no_key_is_refused(project: str, key: str) -> None:
    with pytest.raises(AtocoreError) as error:
        StateKey.of(project, key)
    assert error.value.code == "usage"


def test_names_are_compared_as_slots_compare_them() -> None:
    vault = vault_of(OLD)
    found = [record(vault, "sta-a")]
    assert list(present(vault, StateKey.of("p-04".replace("-", ""), "The Primary_mirror.MASS"))) == found
    assert list(present(vault, StateKey.of("p04", "primary mirror.cost"))) == []
    assert list(present(vault, StateKey.of("p05", "primary mirror.mass"))) == []
