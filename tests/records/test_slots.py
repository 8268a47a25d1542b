"""Slots: what a record claims something about, and when two names or two values are the same."""

from __future__ import annotations

import pytest
from helpers import record_of

from atocore.records.kinds import KINDS, Kind
from atocore.records.slots import SLOTS, claimed_value, normal_name, slot_of, slot_text

CLAIM = "subject: Primary Mirror\nattribute: mass\nvalue: 4.2 kg\nproject: P04\n"
SLOT = ("claim", "p04", "primary mirror", "mass")


@pytest.mark.parametrize("type_", ["identity", "project", "knowledge", "adaptation"])
def test_a_memory_claims_project_subject_and_attribute(type_: str) -> None:
    assert slot_of(record_of(f"id: mem-a\ntype: {type_}\n{CLAIM}")) == SLOT


@pytest.mark.parametrize("type_", ["component", "requirement", "parameter", "constraint", "interface"])
def test_an_entity_claims_the_same_slot_as_a_memory(type_: str) -> None:
    assert slot_of(record_of(f"id: ent-a\ntype: {type_}\n{CLAIM}", "entities/a.md")) == SLOT


def test_state_claims_the_same_slot_and_may_be_about_the_project_itself() -> None:
    assert slot_of(record_of(f"id: sta-a\n{CLAIM}", "state/a.md")) == SLOT
    bare = record_of("id: sta-a\nproject: p04\nattribute: phase\nvalue: design", "state/a.md")
    assert slot_of(bare) == ("claim", "p04", "", "phase")


def test_a_preference_needs_a_subject_or_an_attribute_and_no_project() -> None:
    def slot(keys: str) -> tuple[str, ...] | None:
        return slot_of(record_of(f"id: mem-a\ntype: preference\nvalue: metric\n{keys}"))

    assert slot("subject: units") == ("preference", "", "units", "")
    assert slot("attribute: units\nproject: p04") == ("preference", "p04", "", "units")
    assert slot("project: p04") is None


def test_a_decision_claims_its_question_with_its_title_where_it_has_no_value() -> None:
    decision = record_of("id: ent-a\ntype: decision\nquestion: Which glass?\ntitle: Zerodur", "entities/a.md")
    assert slot_of(decision) == ("decision", "", "which glass?")
    assert claimed_value(decision) == "Zerodur"


@pytest.mark.parametrize("type_", ["material", "vendor"])
def test_material_and_vendor_claim_their_component_each_for_itself(type_: str) -> None:
    found = record_of(
        f"id: ent-a\ntype: {type_}\ncomponent: cell\ntitle: Al 6061\nproject: p04", "entities/a.md"
    )
    assert slot_of(found) == (type_, "p04", "cell")


@pytest.mark.parametrize(
    "keys",
    [
        "type: episodic\nsubject: mirror\nattribute: mass\nvalue: 4 kg",
        "subject: mirror\nvalue: 4 kg",
        "attribute: mass\nvalue: 4 kg",
        "subject: mirror\nattribute: mass",
        "subject: '-'\nattribute: mass\nvalue: 4 kg",
        "question: Which glass?\nvalue: Zerodur",
    ],
)
def test_without_all_that_a_slot_needs_nothing_is_claimed(keys: str) -> None:
    assert slot_of(record_of(f"id: mem-a\n{keys}")) is None


def test_the_table_says_it_for_every_type_that_claims() -> None:
    for kind in (Kind.MEMORY, Kind.ENTITY, Kind.STATE):
        assert {type_ for of, type_ in SLOTS if of is kind} == set(KINDS[kind].types)


@pytest.mark.parametrize(
    "same",
    [
        (
            "primary mirror",
            "Primary  Mirror",
            "primary-mirror",
            "primary_mirror",
            "PRIMARY‑MIRROR",
            "the primary mirror",
        ),
        ("ｍａｓｓ", "mass"),
        ("café", "cafe\u0301"),
        ("Straße", "STRASSE"),
    ],
)
def test_names_that_are_one(same: tuple[str, ...]) -> None:
    assert len({normal_name(name) for name in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("M1", "M2"), ("mirror", "mirrors"), ("M1", "M-1"), ("the", "a"), ("10⁶ test", "106 test")],
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert normal_name(one) != normal_name(other)


def test_a_slot_reads_as_people_say_it() -> None:
    assert slot_text(("claim", "p04", "mirror", "mass")) == "p04 / mirror / mass"
    assert slot_text(("claim", "", "mirror", "mass")) == "mirror / mass"
