"""The table of relations: what may be linked to what, in which direction, and what was meant otherwise."""

from __future__ import annotations

import pytest

from atocore.records.kinds import ENTITY_TYPES, Kind
from atocore.records.relation_table import RELATION_TYPES, RELATIONS
from atocore.records.relations import End, allowed_targets, fits, following, held_by, meant

SENSIBLE = """
component part_of subsystem
component part_of component
subsystem part_of project
requirement part_of subsystem
parameter part_of component
process part_of process
interface part_of component
component interfaces_with component
component interfaces_with interface
component satisfies requirement
component satisfies interface
decision satisfies requirement
requirement satisfies requirement
constraint constrains component
constraint constrains parameter
requirement constrains interface
component constrains component
component depends_on component
decision depends_on assumption
decision based_on assumption
decision based_on result
requirement based_on requirement
analysis_model based_on assumption
result based_on analysis_model
component analyzed_by analysis_model
requirement analyzed_by analysis_model
result validates validation_claim
result validates requirement
result validates analysis_model
analysis_model validates requirement
validation_claim validates requirement
validation_claim evidenced_by result
requirement evidenced_by artifact
result evidenced_by artifact
component made_of material
material made_of material
component supplied_by vendor
material supplied_by vendor
component made_by process
component made_by vendor
component described_by artifact
parameter described_by component
component described_by interface
component decided_by decision
requirement decided_by decision
decision decided_by decision
"""
WRONG = """
project part_of component
subsystem part_of component
component part_of requirement
material part_of component
requirement satisfies component
assumption satisfies requirement
component constrains constraint
result constrains component
result based_on decision
analysis_model analyzed_by component
requirement validates result
component validates requirement
validation_claim validates result
requirement evidenced_by assumption
result evidenced_by validation_claim
material made_of component
subsystem made_of component
vendor supplied_by component
process made_by component
artifact described_by component
decision decided_by component
requirement interfaces_with component
"""


def link(text: str) -> tuple[str, End, End]:
    holder, name, target = text.split()
    return name, End(Kind.ENTITY, holder), End(Kind.ENTITY, target)


@pytest.mark.parametrize("text", SENSIBLE.strip().splitlines())
def test_what_engineers_write_fits(text: str) -> None:
    assert fits(*link(text))


@pytest.mark.parametrize("text", WRONG.strip().splitlines())
def test_what_is_plainly_wrong_does_not_fit(text: str) -> None:
    assert not fits(*link(text))


@pytest.mark.parametrize(
    "text, first",
    [
        ("project part_of component", ("part_of", True)),
        ("requirement satisfies component", ("satisfies", True)),
        ("component constrains constraint", ("constrains", True)),
        ("result based_on decision", ("based_on", True)),
        ("analysis_model analyzed_by component", ("analyzed_by", True)),
        ("requirement validates result", ("validates", True)),
        ("vendor supplied_by component", ("supplied_by", True)),
        ("decision decided_by component", ("decided_by", True)),
        ("subsystem made_of component", ("part_of", True)),
        ("material part_of component", ("made_of", True)),
        ("component validates requirement", ("satisfies", False)),
    ],
)
def test_a_link_that_does_not_fit_has_what_was_meant(text: str, first: tuple[str, bool]) -> None:
    assert meant(*link(text))[0] == first


def test_what_was_meant_always_fits() -> None:
    for name in RELATIONS:
        for holder in ENTITY_TYPES:
            for target in ENTITY_TYPES:
                ends = End(Kind.ENTITY, holder), End(Kind.ENTITY, target)
                if not fits(name, *ends):
                    assert all(
                        fits(other, *(ends[::-1] if back else ends)) for other, back in meant(name, *ends)
                    )


def test_evidence_may_be_a_document_or_a_memory_and_a_whole_may_not() -> None:
    claim = End(Kind.ENTITY, "validation_claim")
    for kind in (Kind.SOURCE, Kind.INTERACTION, Kind.MEMORY, Kind.STATE, Kind.NOTE):
        assert fits("evidenced_by", claim, End(kind, ""))
        assert not fits("part_of", claim, End(kind, ""))
    assert not fits("evidenced_by", claim, End(Kind.CONFLICT, "value"))
    assert meant("validates", claim, End(Kind.SOURCE, "")) == ()
    assert meant("decided_by", claim, End(Kind.SOURCE, "")) == (("based_on", False),)


def test_a_memory_or_state_may_hold_what_any_entity_may() -> None:
    memory = End(Kind.MEMORY, "project")
    assert fits("satisfies", memory, End(Kind.ENTITY, "requirement"))
    assert not fits("satisfies", memory, End(Kind.ENTITY, "vendor"))


def test_every_type_holds_something_and_every_relation_is_held_and_asked_for() -> None:
    assert all(held_by(type_) for type_ in ENTITY_TYPES)
    for name, rule in RELATIONS.items():
        assert any(name in held_by(type_) for type_ in ENTITY_TYPES)
        assert rule.asked_by and rule.meaning and rule.reverse
        assert {kin for kin, _ in rule.kin} <= set(RELATION_TYPES) - {name}
        assert {t for p in rule.pairings for t in (*p.holders, *p.targets) if ":" not in t} <= set(
            ENTITY_TYPES
        )


def test_a_symmetric_relation_fits_both_ways() -> None:
    for name, rule in RELATIONS.items():
        if rule.symmetric:
            for pairing in rule.pairings:
                assert set(pairing.holders) == set(pairing.targets)
            assert rule.reverse == name.replace("_", " ")


def test_allowed_targets_are_told_in_the_order_of_the_types() -> None:
    assert allowed_targets("satisfies", "component") == ("interface", "requirement", "constraint")
    assert allowed_targets("decided_by", "component") == ("decision", "state")
    assert allowed_targets("made_of", "decision") == ()


def test_a_query_follows_its_relations() -> None:
    assert following("bill-of-materials") == ("part_of", "made_of", "supplied_by", "made_by")
    assert following("shaky-decisions") == ("depends_on", "based_on")
    assert following("nothing") == ()
